/**
 * Accepts: what photo's parts make of planes and steps that can be worked out by hand, 60 × 40 pixels.
 */
import { describe, expect, it } from 'vitest';
import { deband } from '../../core/depth-files/deband.ts';
import type { RgbImage, ScalarImage } from '../../core/image.ts';
import { relativeOfSize } from '../../core/picture-depth.ts';
import { type BehindInput, findBehind } from '../../workers/photo/behind.ts';
import { settleRims, shareOut } from '../../workers/photo/continue-depth.ts';
import { findDiscontinuities } from '../../workers/photo/discontinuities.ts';
import { liftLayers } from '../../workers/photo/lift-pixels.ts';
import { depthOfRelative } from '../../workers/photo/relative-depth.ts';
import { sharpenDepth } from '../../workers/photo/sharpen.ts';

const W = 60;
const H = 40;
const N = W * H;
const of = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: N }, (_, i) => value(i % W, Math.floor(i / W)));
const image = (data: Float32Array): ScalarImage => ({ width: W, height: H, data });
/** A picture that says nothing. */
const grey: RgbImage = { width: W, height: H, data: new Float32Array(3 * N).fill(0.5) };
/** A box of depth 2 in front of a wall at 4. */
const inBox = (x: number, y: number) => x >= 20 && x < 40 && y >= 10 && y < 30;
const box = of((x, y) => (inBox(x, y) ? 2 : 4));
/** A floor that runs to a horizon: grazing, its inverse depth affine in the row. */
const floor = of((_, y) => 1 / (0.01 + 0.02 * y));

describe('sharpening', () => {
  it('leaves sharp depth as it is, bit for bit, and a grazing floor', () => {
    expect(sharpenDepth(image(box), grey).depth.data).toEqual(box);
    expect(sharpenDepth(image(floor), grey).depth.data).toEqual(floor);
  });
  it('turns a ramp into a step where its middle was', () => {
    const ramp = of((x) => 1 / (0.25 + 0.25 * Math.min(1, Math.max(0, (x - 27.5) / 5))));
    const sharp = sharpenDepth(image(ramp), grey).depth.data;
    const row = [...sharp.subarray(20 * W, 21 * W)];
    const between = row.filter((z) => z > 2.1 && z < 3.9);
    expect(between.length).toBeLessThanOrEqual(1);
    const step = row.findIndex((z) => z < 3);
    expect(step).toBeGreaterThanOrEqual(28);
    expect(step).toBeLessThanOrEqual(32);
  });
  it('puts a wide ramp’s step where the picture has its edge, each side on its own surface', () => {
    // A slanted wall's inverse depth, a thing in front of it, and 6 pixels from one to the other: their middle is 1.5 off the picture's edge at 30.
    const wall = (x: number) => 0.2 + 0.0005 * x;
    const soft = of((x) => {
      const t = Math.min(1, Math.max(0, (x + 0.5 - 28.5) / 6));
      return 1 / (wall(x) + (0.5 - wall(x)) * t * t * (3 - 2 * t));
    });
    const rgb = {
      ...grey,
      data: Float32Array.from({ length: 3 * N }, (_, k) =>
        Math.floor(k / 3) % W < 30 ? 0.2 : 0.7,
      ),
    };
    const { depth, guessed } = sharpenDepth(image(soft), rgb);
    for (let i = 0; i < N; i++) {
      const x = i % W;
      const inverse = 1 / depth.data[i]!;
      expect(Math.abs(inverse / (x < 30 ? wall(x) : 0.5) - 1)).toBeLessThan(0.03);
      if (guessed.data[i] === 0) expect(depth.data[i]).toBe(soft[i]);
    }
    expect(guessed.data[20 * W + 30]).toBe(1);
    expect(guessed.data[20 * W + 10]).toBe(0);
  });
  it('leaves what bends gently, and a flight of sharp steps', () => {
    const hill = of((x) => 4 - 0.3 * Math.sin(x / 8));
    expect(sharpenDepth(image(hill), grey).depth.data).toEqual(hill);
    // Books on a table, and a thin pole: each step within a pixel.
    const stack = of((x, y) => (x === 12 ? 2 : y < 15 ? 5 : y < 19 ? 3.2 : y < 23 ? 3 : 2.8));
    expect(sharpenDepth(image(stack), grey).guessed.data).not.toContain(1);
  });
});

describe('discontinuities', () => {
  const inverse = (depth: Float32Array) => depth.map((z) => 1 / z);
  it('are at outlines, each side on its own', () => {
    const { near, far, cut } = findDiscontinuities(inverse(box), W, H);
    const count = (m: { data: Uint8Array }) => m.data.reduce((a, b) => a + b, 0);
    expect(count(near)).toBe(4 * 20 - 4);
    expect(count(far)).toBe(4 * 20);
    expect(near.data[20 * W + 20]).toBe(1);
    expect(far.data[20 * W + 19]).toBe(1);
    expect(cut(20 * W + 19, 20 * W + 20)).toBe(true);
    expect(cut(20 * W + 20, 20 * W + 19)).toBe(true);
    expect(cut(20 * W + 20, 20 * W + 21)).toBe(false);
  });
  it('are not on a slanted floor, nor single specks', () => {
    expect(findDiscontinuities(inverse(floor), W, H).near.data.includes(1)).toBe(false);
    const speck = of((x, y) => (x === 30 && y === 20 ? 2 : 4));
    expect(findDiscontinuities(inverse(speck), W, H).near.data.includes(1)).toBe(false);
  });
});

describe('what is behind', () => {
  const inverse = box.map((z) => 1 / z);
  const edgesOf = (map: Float32Array) => findDiscontinuities(map, W, H);
  const behind = (input: Omit<BehindInput, 'edges' | 'width' | 'height'>) =>
    findBehind({ ...input, edges: edgesOf(input.inverse), width: W, height: H });
  it('reaches as far in as the view parts the sides, and is continued from the wall alone', () => {
    // Inverse depth differs by a quarter: 20 × 0.25 pixels and 3 of slack.
    const [hidden, ...more] = behind({ inverse, partPx: 20 });
    expect(more).toEqual([]);
    const inSynthesis = new Set(hidden!.synthesis);
    expect(inSynthesis.has(20 * W + 20)).toBe(true);
    expect(inSynthesis.has(20 * W + 28)).toBe(true);
    expect(inSynthesis.has(20 * W + 29)).toBe(false);
    for (const i of hidden!.synthesis) expect(inBox(i % W, Math.floor(i / W))).toBe(true);
    for (const i of hidden!.context) expect(inBox(i % W, Math.floor(i / W))).toBe(false);
    expect(hidden!.bounds).toMatchObject({ y0: 0, y1: H });
  });
  it('closes where a thing stands on its ground', () => {
    // A wall that the floor meets at the box's foot: below row 30 the box and the floor are one.
    const standing = of((x, y) => (inBox(x, y) ? 2 : y >= 30 ? 2 / (1 + 0.05 * (y - 29)) : 4));
    const all = behind({
      inverse: standing.map((z) => 1 / z),
      partPx: 20,
    });
    const pixels = all.flatMap((h) => [...h.synthesis]);
    expect(pixels.length).toBeGreaterThan(100);
    expect(pixels.some((i) => inBox(i % W, Math.floor(i / W)))).toBe(true);
  });
  it('does not turn around the end of an edge, onto the ground that is seen beside it', () => {
    // An arm that hangs before rising ground; its hand reaches back to the ground, and there its two edges end.
    const groundAt = (y: number) => 0.1 + 0.015 * y;
    const isArm = (x: number, y: number) => x >= 26 && x < 34 && y >= 4 && y < 24;
    const arm = of((x, y) => {
      const share = isArm(x, y) ? Math.min(1, (24 - y) / 4) : 0;
      return 1 / ((1 - share) * groundAt(y) + share);
    });
    const all = behind({
      inverse: arm.map((z) => 1 / z),
      partPx: 20,
    });
    const pixels = new Set(all.flatMap((h) => [...h.synthesis]));
    const at = (i: number) => [i % W, Math.floor(i / W)] as const;
    expect([...pixels].filter((i) => isArm(...at(i))).length).toBe(8 * 20);
    const beside = [...pixels].filter((i) => {
      const [x, y] = at(i);
      return y < 32 && (x < 20 || x >= 40);
    });
    expect(beside).toEqual([]);
  });
  it('is not continued from what was a ramp', () => {
    const unsure = { width: W, height: H, data: new Uint8Array(N) };
    for (let y = 0; y < H; y++) unsure.data.fill(1, y * W + 17, y * W + 20);
    const [hidden] = behind({ inverse, partPx: 20, unsure });
    const rim = new Set(hidden!.rim);
    for (const x of [17, 18, 19]) expect(rim.has(20 * W + x)).toBe(true);
    expect(hidden!.context.some((i) => rim.has(i))).toBe(false);
    expect(hidden!.context).toContain(20 * W + 16);
  });
  it('is looked for once more where filling has brought an edge to light', () => {
    // A post before the box before the wall, and behind the post's left part, as far as it may part from it, the wall.
    const isPost = (x: number, y: number) => x >= 30 && x < 36 && inBox(x, y);
    const nearest = of((x, y) => (isPost(x, y) ? 1 : inBox(x, y) ? 2 : 4));
    const first = nearest.map((z) => 1 / z);
    const front = {
      edges: edgesOf(first),
      filled: { width: W, height: H, data: new Uint8Array(N) },
    };
    const input = { inverse: first, partPx: 20, front };
    expect(behind(input)).toEqual([]);
    const filled = inverse.slice();
    for (let i = 0; i < N; i++) {
      if (!isPost(i % W, Math.floor(i / W)) || i % W >= 33) continue;
      front.filled.data[i] = 1;
      filled[i] = 1 / 4;
    }
    const [hidden, ...more] = behind({ ...input, inverse: filled });
    expect(more).toEqual([]);
    const found = new Set(hidden!.synthesis);
    // Left of the post the box has an edge now. The step where its filling ends, at column 33, is none.
    expect(found.has(20 * W + 29)).toBe(true);
    expect(found.has(20 * W + 33)).toBe(false);
    for (const i of hidden!.context) expect(filled[i]).toBe(1 / 4);
  });
});

describe('what is continued behind edges', () => {
  const bounds = { x0: 0, y0: 0, x1: W, y1: H };
  const edge = (synthesis: number[], distancePx: number[], rim: number[] = []) => ({
    synthesis: Int32Array.from(synthesis),
    distancePx: Float32Array.from(distancePx),
    context: Int32Array.of(0),
    rim: Int32Array.from(rim),
    bounds,
  });
  const depths = (hidden: number[], rim: number[] = []) => ({
    hidden: Float32Array.from(hidden),
    rim: Float32Array.from(rim),
  });
  it('is the nearest edge’s that has it', () => {
    const all = [edge([1, 2, 3], [5, 1, 1]), edge([1, 2, 3], [2, 2, 2])];
    const own = shareOut(all, [depths([7, 7, 0]), depths([8, 8, 8])], N);
    expect(own.map((z) => [...z])).toEqual([
      [0, 7, 0],
      [8, 0, 8],
    ]);
  });
  it('moves rims a little, by the edge that moves them least, and not onto another surface', () => {
    const all = [edge([], [], [10, 11, 12]), edge([], [], [10, 13])];
    const given = image(new Float32Array(N).fill(4));
    const { data } = settleRims(given, all, [depths([], [4.12, 6, 3.9]), depths([], [4.04, 0])]);
    const moved = given.data.slice();
    moved[10] = 4.04;
    moved[12] = 3.9;
    expect(data).toEqual(moved);
  });
});

describe('lifting', () => {
  const camera = {
    ...{ width: W, height: H, fx: 50, fy: 50, cx: 30, cy: 20 },
    worldToCamera: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  };
  const rgb = { width: W, height: H, data: new Float32Array(3 * N).fill(0.5) };
  it('a splat a pixel and layer, at the pixel, in the surface, none across an edge', () => {
    const behind = of((x, y) => (inBox(x, y) && x < 25 ? 4 : 0));
    const cloud = liftLayers(camera, [
      { rgb, depth: box },
      { rgb, depth: behind },
    ]);
    expect(cloud.count).toBe(N + 5 * 20);
    expect([...cloud.positions.subarray(0, 3)]).toEqual(
      [(-29.5 / 50) * 4, (-19.5 / 50) * 4, 4].map(Math.fround),
    );
    for (let i = 0; i < N; i++) {
      const widest = Math.exp(Math.max(...cloud.logScales.subarray(3 * i, 3 * i + 3)));
      expect(widest).toBeCloseTo((0.6 * box[i]!) / 50, 6);
    }
  });
  it('a grazing pixel is long, and not endless', () => {
    const cloud = liftLayers(camera, [{ rgb, depth: floor }]);
    const scales = (i: number) => [...cloud.logScales.subarray(3 * i, 3 * i + 3)].map(Math.exp);
    // Half way down: one row's step of depth against one column's width.
    const i = 20 * W + 30;
    const [long, wide, thin] = scales(i);
    expect(long! / wide!).toBeGreaterThan(1.5);
    expect(thin).toBeLessThan(0.2 * wide!);
    expect(scales(W + 30)[0]).toBeLessThan((13 * 0.6 * floor[W]!) / 50);
  });
});

describe('relative depth', () => {
  it('of 8 bits loses its terraces within half a level, and keeps its outlines', () => {
    // A level in 7 pixels across and in 9 down, and a box 45 levels nearer.
    const slope = of((x, y) => x / 7 + y / 9 + (inBox(x, y) ? 45 : 0));
    const stored = slope.map(Math.round);
    const even = deband(image(stored)).data;
    let [rough, smooth] = [0, 0];
    for (let i = 0; i < N; i++) {
      expect(Math.abs(even[i]! - stored[i]!)).toBeLessThanOrEqual(0.5);
      rough += (stored[i]! - slope[i]!) ** 2;
      smooth += (even[i]! - slope[i]!) ** 2;
    }
    expect(smooth).toBeLessThan(0.3 * rough);
    const drawn = image(of((x, y) => (inBox(x, y) ? 200 : 50)));
    expect(deband(drawn)).toBe(drawn);
    const fine = image(slope.map((v, i) => v + 1e-4 * Math.sin(i)));
    expect(deband(fine)).toBe(fine);
  });
  it('grows to its picture without a step in it', () => {
    const small = { width: 30, height: 20, data: new Float32Array(600) };
    for (let i = 0; i < 600; i++) small.data[i] = 10 * (i % 30);
    const { data } = relativeOfSize(small, { width: W, height: H }, 'photo');
    for (let x = 1; x < W - 1; x++) expect(data[x + 1]! - data[x]!).toBeLessThanOrEqual(5.001);
    expect(() => relativeOfSize(small, { width: H, height: W }, 'photo')).toThrow(
      /different things/,
    );
  });
  it('is spread from 1 to as far as was said; strays are held, gaps unknown', () => {
    const data = of((x) => -3 + 0.1 * x);
    data[0] = Number.NaN;
    data[1] = 1000;
    const { data: z } = depthOfRelative(image(data), 8);
    expect(z[0]).toBe(0);
    expect(z[1]).toBe(1);
    const known = z.filter((v) => v > 0);
    expect(Math.max(...known)).toBeCloseTo(8, 5);
    expect(Math.min(...known)).toBe(1);
  });
});
