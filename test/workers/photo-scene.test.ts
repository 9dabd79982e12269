/**
 * Accepts: the session makes a scene of a photo of the generated floor, wall and box (96 × 72, exact depth): a splat a pixel and more behind,
 * from its own camera within 28 dB of the photo (an 8-bit picture of soft colours through flat splats), the very bits again; depth of another size
 * of the shape and relative depth from a file or a model come to the same surfaces (relative: a few percent, its ends are the 1st and 99th percentile).
 * The worker keeps the cloud that it made. Failures are named and leave the session's scene; a cancel stops it. CPU kernels.
 */
import { encode } from 'fast-png';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import { writeNpy } from '../../core/depth-files/npy.ts';
import { unwrap } from '../../core/errors.ts';
import type { RgbImage, ScalarImage } from '../../core/image.ts';
import type { Photo, PhotoScene } from '../../core/photo-types.ts';
import { cameraOfAngle } from '../../core/picture-depth.ts';
import type { MendWorker } from '../../workers/api.ts';
import { createSession } from '../../workers/session.ts';
import { castView, H, W } from '../cli/support/refine-scene.ts';
import { firstDifference } from '../support/clouds.ts';

const FOV = 60;
const cast = castView(cameraOfAngle({ width: W, height: H }, FOV));
const rgb: RgbImage = {
  width: W,
  height: H,
  data: Float32Array.from(cast.rgb, (v) => v / 255),
};
const depth: ScalarImage = { width: W, height: H, data: cast.depth };
/** Larger is nearer, some scale and shift. */
const relative: ScalarImage = { ...depth, data: depth.data.map((z) => 40 / z - 3) };
const sorted = depth.data.slice().sort();
const [near, far] = [0.01, 0.99].map((q) => sorted[Math.round(q * (sorted.length - 1))]!);

let session: MendWorker;
let job = 0;
beforeEach(async () => {
  session = createSession({ source: async () => createCpuKernels() });
  unwrap(await session.start({ preferred: 'cpu' }));
});

const made = async (photo: Photo, options = {}) =>
  unwrap(await session.photo(++job, { photo, options: { fovDeg: FOV, ...options } }));

async function psnr({ cloud, camera }: PhotoScene): Promise<number> {
  const view = await createCpuRenderer(cloud).render(camera);
  let sum = 0;
  for (const [i, v] of view.rgb.data.entries()) sum += (v - rgb.data[i]!) ** 2;
  return -10 * Math.log10(sum / rgb.data.length);
}

/** Median of |z/truth − 1| over the photo's own splats, in the depth's unit times `by`. */
function offBy({ cloud }: PhotoScene, by = 1): number {
  const off = Float64Array.from(cast.depth, (z, i) =>
    Math.abs((by * cloud.positions[3 * i + 2]!) / z - 1),
  ).sort();
  return off[off.length >> 1]!;
}

describe('a photo with depth', () => {
  it('is a scene that shows the photo from its own camera, the same again', async () => {
    const steps: { step: string; fraction: number }[] = [];
    const photo = { rgb, depth };
    const request = { photo, options: { fovDeg: FOV } };
    const scene = unwrap(await session.photo(++job, request, (p) => steps.push(p)));
    expect(scene.figures.pixels[0]).toBe(W * H);
    expect(scene.cloud.count).toBe(scene.figures.pixels.reduce((a, b) => a + b));
    expect(scene.cloud.count).toBeGreaterThan(W * H + 100);
    expect(scene.camera).toEqual(cameraOfAngle(rgb, FOV));
    expect(scene.pivotDepth).toBeCloseTo(sorted[sorted.length >> 1]!, 2);
    expect(await psnr(scene)).toBeGreaterThan(28);
    expect(offBy(scene)).toBeLessThan(1e-5);
    expect(steps.map((s) => s.step)).toContain('fill what is hidden');
    const fractions = steps.map((s) => s.fraction);
    expect(fractions).toEqual(fractions.slice().sort((a, b) => a - b));
    // The worker kept it: it writes it without having been sent it.
    expect(unwrap(await session.keepRead(job))).toBe(true);
    expect(unwrap(await session.writeScene(++job, 'ply')).length).toBeGreaterThan(1000);
    expect(firstDifference((await made(photo)).cloud, scene.cloud)).toBeUndefined();
    expect((await made(photo, { layers: 0 })).cloud.count).toBe(W * H);
  });
  it('takes depth at another size of its shape, and completes what is missing', async () => {
    const half = {
      width: W / 2,
      height: H / 2,
      data: Float32Array.from({ length: (W * H) / 4 }, (_, i) => {
        const [x, y] = [2 * (i % (W / 2)), 2 * Math.floor(i / (W / 2))];
        return (x + y) % 3 === 0 ? 0 : depth.data[y * W + x]!;
      }),
    };
    const scene = await made({ rgb, depth: half });
    expect(scene.figures.pixels[0]).toBe(W * H);
    expect(offBy(scene)).toBeLessThan(0.02);
  });
  it('takes relative depth, from the caller and from a model of the page', async () => {
    const farOverNear = far! / near!;
    const given = await made({ rgb, depth: relative, form: 'relative' }, { farOverNear });
    expect(offBy(given, near)).toBeLessThan(0.03);
    const seen = unwrap(
      await session.photo(
        ++job,
        { photo: { rgb }, options: { fovDeg: FOV, farOverNear }, models: { depth: 'test' } },
        undefined,
        { estimateDepth: async () => ({ ok: true, value: relative }) },
      ),
    );
    expect(firstDifference(seen.cloud, given.cloud)).toBeUndefined();
  });
});

describe('depth files', () => {
  const npy = writeNpy({ shape: [H, W], data: cast.depth });
  it('are read along z, or as stored, at the size asked for', async () => {
    const read = unwrap(await session.readDepth(++job, npy.slice(), 'd.npy', { size: rgb }));
    expect(read).toEqual({ depth, form: 'depth' });
    const mm = cast.depth.map((z) => Math.round(1000 * z));
    const grey = { width: W, height: H, channels: 1 } as const;
    const png = encode({ ...grey, data: Uint16Array.from(mm), depth: 16 });
    const size = { width: W / 2, height: H / 2 };
    const small = unwrap(await session.readDepth(++job, png, 'd.png', { size }));
    expect(small.depth.data.length).toBe((W * H) / 4);
    expect(small.depth.data[0]).toBeCloseTo(depth.data[W + 1]!, 2);
    const preview = encode({ ...grey, data: new Uint8Array(W * H).fill(51), depth: 8 });
    const numbers = unwrap(await session.readDepth(++job, preview.slice(), 'r.png'));
    expect(numbers.form).toBe('relative');
    expect(numbers.depth.data[0]).toBeCloseTo(0.2, 6);
    // No distance is below 0; whoever knows better says so.
    const below = writeNpy({ shape: [H, W], data: cast.depth.map((z) => 4 / z - 1.5) });
    const guessed = unwrap(await session.readDepth(++job, below.slice(), 'r.npy'));
    expect(guessed.form).toBe('relative');
    expect(guessed.depth.data[5]).toBeCloseTo(4 / cast.depth[5]! - 1.5, 5);
    const told = unwrap(await session.readDepth(++job, below, 'r.npy', { form: 'depth' }));
    expect(told.depth.data.every((z) => z >= 0)).toBe(true);
  });
  it('that do not fit are refused by name', async () => {
    const code = async (...[bytes, name, options]: [Uint8Array, string, object?]) => {
      const result = await session.readDepth(++job, bytes, name, options);
      return result.ok ? 'read' : `${result.code}: ${result.message}`;
    };
    expect(await code(npy.slice(), 'd.npy', { size: { width: W, height: W } })).toMatch(
      /^bad-option: d\.npy: the depth is 96 × 72, the picture 96 × 96/,
    );
    expect(await code(npy.slice(), 'd.txt')).toMatch(/^unknown-format/);
    expect(await code(npy.slice(0, 300), 'd.npy')).toMatch(/^bad-file/);
    const none = writeNpy({ shape: [H, W], data: new Float32Array(W * H) });
    expect(await code(none, 'd.npy')).toMatch(/^bad-file: d\.npy: has no known depth/);
    const preview = encode({ width: W, height: H, data: new Uint8Array(3 * W * H), channels: 3 });
    expect(await code(preview, 'd.png', { form: 'depth' })).toMatch(/^unsupported-file/);
  });
});

describe('depth that gives little', () => {
  const notes = async (photo: Photo) => (await made(photo, { layers: 1 })).figures.notes;
  it('is said: the same all over, known nearly nowhere; else nothing is', async () => {
    expect(await notes({ rgb, depth })).toEqual([]);
    expect(await notes({ rgb, depth: relative, form: 'relative' })).toEqual([]);
    const same = { ...depth, data: new Float32Array(W * H).fill(3) };
    const flat = [expect.stringMatching(/^The depth is the same all over: the scene is flat/)];
    expect(await notes({ rgb, depth: same })).toEqual(flat);
    expect(await notes({ rgb, depth: same, form: 'relative' })).toEqual(flat);
    // A wall a thousandth of its distance deep is flat; a book on it is not.
    const wall = { ...same, data: same.data.map((z, i) => z + (i % 2) * 2e-3) };
    expect(await notes({ rgb, depth: wall })).toEqual(flat);
    const book = { ...same, data: same.data.map((z, i) => (i < 800 ? z - 0.03 : z)) };
    expect(await notes({ rgb, depth: book })).toEqual([]);
    const one = { ...depth, data: new Float32Array(W * H) };
    one.data[1000] = 2;
    expect(await notes({ rgb, depth: one })).toEqual([
      'Depth is known at 1 of 6,912 pixels alone: all else is guessed from there.',
      ...flat,
    ]);
  });
});

describe('failures', () => {
  const refused = async (photo: Photo, options = {}) => {
    const result = await session.photo(++job, { photo, options });
    return result.ok ? 'made' : `${result.code}: ${result.message}`;
  };
  it('are named, and the scene stays', async () => {
    const before = (await made({ rgb, depth }, { layers: 0 })).cloud;
    const { count } = before;
    unwrap(await session.setScene(before));
    expect(await refused({ rgb })).toMatch(/^bad-option: .*depth map.*or choose a depth model/);
    const square = { width: W, height: W, data: new Float32Array(W * W).fill(1) };
    expect(await refused({ rgb, depth: square })).toMatch(/^bad-option: .*different things/);
    const none = { ...depth, data: new Float32Array(W * H) };
    expect(await refused({ rgb, depth: none })).toMatch(/^bad-file/);
    const large = { ...rgb, width: 5000 };
    expect(await refused({ rgb: large, depth })).toMatch(/^too-large: .*4096/);
    expect(await refused({ rgb: { ...rgb, width: W + 1 }, depth })).toMatch(/^bad-option/);
    for (const options of [
      { fovDeg: 180 },
      { fovDeg: Number.NaN },
      { farOverNear: 1 },
      { layers: 1.5 },
      { layers: 9 },
      { angleDeg: 90 },
    ]) {
      expect(await refused({ rgb, depth }, options)).toMatch(/^bad-option/);
    }
    const bytes = unwrap(await session.writeScene(++job, 'splat'));
    expect(bytes.length).toBe(32 * count);
  });
  it('a cancel stops it', async () => {
    const id = ++job;
    const run = session.photo(id, { photo: { rgb, depth } }, ({ step }) => {
      if (step === 'fill what is hidden') void session.cancel(id);
    });
    expect(await run).toMatchObject({ ok: false, code: 'cancelled' });
  });
});
