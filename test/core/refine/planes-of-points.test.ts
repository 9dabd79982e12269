/**
 * Accepts: planes of scattered points. A slanted wall of 64 × 48 pixels, one pixel in eight a point, noise of 0.5 % (normal) and one
 * point in twenty off by anything to half or twice; seed 7. Where a picture is given, its colours say which of two surfaces a pixel is of. A plane of 20 points should leave about a third of the noise: half is asked for.
 */
import { describe, expect, it } from 'vitest';
import { throwIfCancelled } from '../../../core/progress.ts';
import { createRandom } from '../../../core/random.ts';
import { planesOfPoints } from '../../../core/refine/planes-of-points.ts';

const W = 64;
const H = 48;
const NOISE = 0.005;

/** A plane: inverse depth is affine in the pixel. */
const wallAt = (i: number, scale = 1) =>
  scale / (0.3 + 0.002 * (i % W) - 0.001 * Math.floor(i / W));

function points(of: (i: number) => number, { noise = 0, outliers = 0, share = 1 / 8 } = {}) {
  const random = createRandom(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Float32Array.from({ length: W * H }, (_, i) => {
    const [set, wild, much, error] = [random(), random(), random(), normal()];
    if (set >= share) return 0;
    return of(i) * (wild < outliers ? 0.5 + 1.5 * much : 1 + noise * error);
  });
}

const inside = (i: number) => {
  const [x, y] = [i % W, Math.floor(i / W)];
  return x >= 8 && y >= 8 && x < W - 8 && y < H - 8;
};
const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const pixels = [...new Float32Array(W * H).keys()].filter(inside);

describe('planes of points', () => {
  it('are the wall where the points are exact', async () => {
    const { depth, support, noise } = await planesOfPoints(points(wallAt), W, H);
    for (const i of pixels) {
      expect(Math.abs(depth[i]! / wallAt(i) - 1)).toBeLessThan(1e-3);
      expect(support[i]!).toBeGreaterThan(0.9);
    }
    expect(noise).toBeLessThan(1e-3);
  });
  it('leave half of the noise, and few of the outliers', async () => {
    const given = points(wallAt, { noise: NOISE, outliers: 0.05 });
    const { depth, noise } = await planesOfPoints(given, W, H);
    const errors = pixels.map((i) => Math.abs(depth[i]! / wallAt(i) - 1));
    // Mean |error| of a normal one is 0.8 σ.
    expect(mean(errors)).toBeLessThan(0.5 * 0.8 * NOISE);
    // 19 outliers on 384 points: what is off lies around them, and not all of them have their way.
    const off = errors.filter((e) => e > 4 * NOISE).length;
    expect(off).toBeLessThan(0.02 * pixels.length);
    // The median of |error| is 0.67 σ, and the plane has an error of its own.
    expect(noise).toBeGreaterThan(0.5 * NOISE);
    expect(noise).toBeLessThan(1.2 * NOISE);
  });
  it('keep a step between two walls a step', async () => {
    const step = (i: number) => (i % W < W / 2 ? 2 : 4);
    const { depth } = await planesOfPoints(points(step, { noise: NOISE }), W, H);
    const between = pixels.filter((i) => depth[i]! > 2.2 && depth[i]! < 3.8);
    expect(between.length).toBeLessThan(0.02 * pixels.length);
    const wrong = pixels.filter((i) => Math.abs(depth[i]! / step(i) - 1) > 0.1);
    for (const i of wrong) expect(Math.abs((i % W) + 0.5 - W / 2)).toBeLessThan(6);
  });
  describe('of a fence before a wall, where both show', () => {
    const isFence = (i: number) => i % 12 < 4;
    const fence = (i: number) => (isFence(i) ? 2 : 4);
    const given = points(fence, { noise: NOISE, share: 1 / 6 });
    // Two greys that differ by a little more than a picture's noise.
    const random = createRandom(3);
    const rgb = Uint8Array.from({ length: 3 * W * H }, (_, k) =>
      Math.round((isFence(Math.floor(k / 3)) ? 110 : 150) + 12 * random()),
    );
    const wrong = (depth: Float32Array) =>
      pixels.filter((i) => Math.abs(depth[i]! / fence(i) - 1) > 0.1).length / pixels.length;

    it('are of the surface whose colour the pixel has', async () => {
      const coloured = new Uint8Array(W * H).fill(1);
      const without = await planesOfPoints(given, W, H);
      const { depth } = await planesOfPoints(given, W, H, { rgb, coloured });
      expect(wrong(without.depth)).toBeGreaterThan(0.15);
      expect(wrong(depth)).toBeLessThan(0.03);
    });
    it('are as without colours where none has one, and where all have the same', async () => {
      const without = await planesOfPoints(given, W, H);
      const none = await planesOfPoints(given, W, H, { rgb, coloured: new Uint8Array(W * H) });
      const grey = { rgb: new Uint8Array(3 * W * H).fill(90), coloured: new Uint8Array(W * H) };
      grey.coloured.fill(1);
      expect(none.depth).toEqual(without.depth);
      expect((await planesOfPoints(given, W, H, grey)).depth).toEqual(without.depth);
    });
  });
  it('are the same at any scale', async () => {
    const given = points(wallAt, { noise: NOISE });
    const [a, b] = await Promise.all(
      [given, given.map((z) => 1024 * z)].map((z) => planesOfPoints(z, W, H)),
    );
    for (const i of pixels) expect(b!.depth[i]! / a!.depth[i]!).toBeCloseTo(1024, 2);
  });
  it('are left at once when they are cancelled', async () => {
    const stop = new AbortController();
    const work = planesOfPoints(points(wallAt), W, H, undefined, async () => {
      stop.abort();
      throwIfCancelled(stop.signal);
    });
    await expect(work).rejects.toThrow('cancelled');
  });
  it('are not where there are too few, and not beside all', async () => {
    const few = new Float32Array(W * H);
    for (let k = 0; k < 19; k++) few[k * 100 + 3] = 2;
    expect((await planesOfPoints(few, W, H)).depth.every((z) => z === 0)).toBe(true);
    expect((await planesOfPoints(new Float32Array(W * H), W, H)).depth.every((z) => z === 0)).toBe(
      true,
    );
    const left = points((i) => (i % W < 20 ? 2 : 0));
    const { depth } = await planesOfPoints(left, W, H);
    for (const i of pixels) if (i % W > 32) expect(depth[i]).toBe(0);
  });
});
