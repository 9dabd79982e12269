/**
 * Accepts: what a new view makes of planes and steps that can be worked out by hand, 60 × 40 pixels. The source's own camera gives the
 * picture back to 1e-6; planes are exact to 1e-4 of a pixel (tents interpolate an affine colour exactly; the rest is 32-bit floats), and to half a
 * source pixel where they are seen smaller (what is tried: 0.39), in depth to 5e-4; outlines
 * are within a pixel; at other scales of the world at most 1 pixel in 1000 may fall on the other side of a threshold.
 */
import { describe, expect, it } from 'vitest';
import { type Camera, lookAt, projectPoint, unprojectPoint, type Vec3 } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import type { RgbImage, ScalarImage } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { splatView } from '../../workers/novel-view/splat.ts';
import { turned } from '../../workers/novel-view/turned.ts';
import { type NovelView, type NovelViewOptions, novelView } from '../../workers/novel-view.ts';

const W = 60;
const H = 40;
const N = W * H;
const F = 50;
const of = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: N }, (_, i) => value(i % W, Math.floor(i / W)));
const image = (data: Float32Array): ScalarImage => ({ width: W, height: H, data });
const lens = { width: W, height: H, fx: F, fy: F, cx: W / 2, cy: H / 2 };
const at = (eye: Vec3, target: Vec3): Camera => ({
  ...lens,
  worldToCamera: lookAt(eye, target, [0, -1, 0]),
});
/** Looks along z from a place beside the source. */
const moved = (x: number, y = 0, z = 0) => at([x, y, z], [x, y, z + 1]);
const source = moved(0);
const random = createRandom(3);
const noise: RgbImage = { width: W, height: H, data: Float32Array.from({ length: 3 * N }, random) };
/** A card of depth 2 in front of a wall at 4. */
const card = (x0: number, x1: number) =>
  of((x, y) => (x >= x0 && x < x1 && y >= 10 && y < 30 ? 2 : 4));

const tools = { kernels: createCpuKernels(), inpainter: createExemplarInpainter() };
const view = (
  depth: Float32Array,
  target: Camera,
  options: NovelViewOptions = {},
  rgb = noise,
): Promise<NovelView> => novelView({ rgb, depth: image(depth), source, target }, tools, options);

/** The largest difference. */
const most = (a: Float32Array, b: Float32Array) =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);

/** Columns of a row where a mask is set, as runs [from, to). */
function runs({ data }: { data: Uint8Array }, y: number): [number, number][] {
  const out: [number, number][] = [];
  for (let x = 0; x < W; x++) {
    if (data[y * W + x] === 0) continue;
    const last = out.at(-1);
    if (last !== undefined && last[1] === x) last[1] = x + 1;
    else out.push([x, x + 1]);
  }
  return out;
}

describe("the source's own camera", () => {
  it('gives the picture back, and nothing to fill', async () => {
    const depth = card(20, 40);
    const same = await view(depth, source);
    expect(same.figures).toMatchObject({ covered: 1, masked: 0, filled: 0, back: 0, openDepth: 0 });
    expect(same.mask.data.includes(1)).toBe(false);
    expect(most(same.rgb.data, noise.data)).toBeLessThan(1e-6);
    expect(most(same.depth.data, depth)).toBeLessThan(4e-6);
    expect(Math.max(...same.softMask.data)).toBeLessThan(1e-6);
  });
  it('whatever its pose', async () => {
    const posed = at([3, -2, 5], [4, 1, -2]);
    const same = await novelView(
      { rgb: noise, depth: image(card(20, 40)), source: posed, target: posed },
      tools,
    );
    expect(same.figures).toMatchObject({ covered: 1, masked: 0 });
    expect(most(same.rgb.data, noise.data)).toBeLessThan(1e-6);
  });
});

describe('planes', () => {
  /** 1/z affine in the pixel is a plane; the colour affine in the pixel, so that interpolation has no error of its own. */
  const inverse = of((x, y) => 0.25 + 0.002 * x - 0.001 * y);
  const rgb: RgbImage = {
    width: W,
    height: H,
    data: Float32Array.from({ length: 3 * N }, (_, k) => {
      const i = Math.floor(k / 3);
      return [(i % W) / W, Math.floor(i / W) / H, 0.5][k % 3]!;
    }),
  };
  const truth = (target: Camera, x: number, y: number) => {
    // The plane in the world by three of its points, and where the target's ray meets it.
    const [p, q, r] = [
      [0.5, 0.5],
      [50.5, 0.5],
      [0.5, 30.5],
    ].map(([u, v]) =>
      unprojectPoint(source, u!, v!, 1 / (0.25 + 0.002 * (u! - 0.5) - 0.001 * (v! - 0.5))),
    ) as [Vec3, Vec3, Vec3];
    const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    const [a, b] = [minus(q, p), minus(r, p)];
    const normal: Vec3 = [
      a[1] * b[2] - a[2] * b[1],
      a[2] * b[0] - a[0] * b[2],
      a[0] * b[1] - a[1] * b[0],
    ];
    const eye = unprojectPoint(target, 0, 0, 0);
    const ray = minus(unprojectPoint(target, x + 0.5, y + 0.5, 1), eye);
    const z = dot(normal, minus(p, eye)) / dot(normal, ray);
    return { z, ...projectPoint(source, unprojectPoint(target, x + 0.5, y + 0.5, z)) };
  };
  for (const [name, target, slack] of [
    ['moved nearer', moved(0.1, 0.05, 1.5), 1e-4],
    // Some of it is seen smaller than in the source: a pixel is then a mean over its widened footprint.
    ['moved sideways', moved(0.13), 0.05],
    [
      'turned and rolled',
      { ...lens, worldToCamera: lookAt([1, -0.5, 0.5], [0, 0, 3], [0.4, -1, 0]) },
      0.5,
    ],
  ] as const) {
    it(`${name}: exact in place and depth, without cracks`, async () => {
      const seen = await splatView({ source, target, inverse, rgb, alpha: 100 });
      let [inside, open, offPx, offDepth] = [0, 0, 0, 0];
      for (let i = 0; i < N; i++) {
        const t = truth(target, i % W, Math.floor(i / W));
        // Inside the frame: at its border a tent has neighbours on one side alone.
        if (!(t.u > 4 && t.v > 4 && t.u < W - 4 && t.v < H - 4)) continue;
        inside++;
        open += 1 - seen.covered.data[i]!;
        offPx = Math.max(
          offPx,
          Math.abs(seen.rgb.data[3 * i]! * W - (t.u - 0.5)),
          Math.abs(seen.rgb.data[3 * i + 1]! * H - (t.v - 0.5)),
        );
        offDepth = Math.max(offDepth, Math.abs(seen.depth.data[i]! / t.z - 1));
      }
      expect(inside).toBeGreaterThan(500);
      expect(open).toBe(0);
      expect(offPx).toBeLessThan(slack);
      expect(offDepth).toBeLessThan(5e-4);
    });
  }
});

describe('a card in front of a wall', () => {
  // Moved by 0.4: the card goes 10 pixels to the left, the wall 5.
  it('uncovers the band beside it, and nothing is drawn between the two', async () => {
    const { partial, mask, figures } = await view(card(20, 40), moved(0.4));
    for (let y = 12; y < 28; y++) {
      const [band, border, ...more] = runs(mask, y);
      expect(more).toEqual([]);
      expect(Math.abs(band![0] - 30)).toBeLessThanOrEqual(1);
      expect(Math.abs(band![1] - 35)).toBeLessThanOrEqual(1);
      // What the frame did not hold.
      expect(border).toEqual([55, 60]);
    }
    expect(runs(mask, 5)).toEqual([[55, 60]]);
    const between = partial.depth.data.filter(
      (z) => z !== 0 && Math.abs(Math.abs(z - 3) - 1) > 0.01,
    );
    expect(between.length).toBe(0);
    expect(figures.back).toBe(0);
  });
  it('that is thin could reach back: what is seen past it is masked, and kept', async () => {
    // 20 and 10 pixels: the card at 8 to 12, the wall seen up to 18 and from 22 on.
    const { partial, mask, rgb } = await view(card(28, 32), moved(0.8));
    for (let y = 12; y < 28; y++) {
      const [band] = runs(mask, y);
      expect(Math.abs(band![0] - 12)).toBeLessThanOrEqual(1);
      expect(Math.abs(band![1] - 22)).toBeLessThanOrEqual(1);
      expect([...partial.covered.data.subarray(y * W + 13, y * W + 17)]).toEqual([1, 1, 1, 1]);
      for (let k = 3 * (y * W + 13); k < 3 * (y * W + 17); k++) {
        expect(rgb.data[k]).toBe(partial.rgb.data[k]);
      }
    }
  });
  it('is filled with the wall behind it, in depth, in the hole alone', async () => {
    const { partial, depth, filledMask, rgb } = await view(card(20, 40), moved(0.4));
    let [filled, off, changed] = [0, 0, 0];
    for (let i = 0; i < N; i++) {
      if (filledMask.data[i] !== 0) {
        filled++;
        off += +(Math.abs(depth.data[i]! / 4 - 1) > 0.01);
      } else if (rgb.data[3 * i] !== partial.rgb.data[3 * i]) changed++;
      else if (depth.data[i] !== partial.depth.data[i]) changed++;
    }
    expect(filled).toBeGreaterThan(20 * 5);
    expect([off, changed]).toEqual([0, 0]);
  });
  it('leaves no cracks from twice as near', async () => {
    const { figures, mask } = await view(
      of(() => 4),
      moved(0, 0, 2),
    );
    expect(figures.covered).toBe(1);
    expect(mask.data.includes(1)).toBe(false);
  });
  it('fills all of the mask when asked to', async () => {
    const { filledMask, mask, figures } = await view(card(28, 32), moved(0.8), { fill: 'mask' });
    expect(filledMask.data).toEqual(mask.data);
    expect(figures.filled).toBe(figures.masked);
  });
});

describe('ray angles', () => {
  it('are those of the triangle of two centres and the point', async () => {
    const target = at([1.5, -0.4, 0.3], [0.2, 0, 4]);
    const { softMask, partial } = await view(
      of(() => 4),
      target,
    );
    let tried = 0;
    for (let i = 0; i < N; i += 7) {
      const z = partial.depth.data[i]!;
      if (z === 0) continue;
      const p = unprojectPoint(target, (i % W) + 0.5, Math.floor(i / W) + 0.5, z);
      const [a, b] = [Math.hypot(...p), Math.hypot(p[0] - 1.5, p[1] + 0.4, p[2] - 0.3)];
      const c = Math.hypot(1.5, 0.4, 0.3);
      const angle = Math.acos((a * a + b * b - c * c) / (2 * a * b));
      expect(softMask.data[i]! * Math.PI).toBeCloseTo(angle, 5);
      tried++;
    }
    expect(tried).toBeGreaterThan(100);
  });
  it('a wall from its other side is not trusted, and its depth is', async () => {
    const { softMask, mask, depth, figures } = await view(
      of(() => 4),
      at([0, 0, 8], [0, 0, 4]),
    );
    expect(figures).toMatchObject({ covered: 0, back: 1, masked: 1 });
    expect(mask.data.every((v) => v === 1)).toBe(true);
    expect(softMask.data.every((v) => v === 1)).toBe(true);
    expect(most(depth.data, new Float32Array(N).fill(4))).toBeLessThan(1e-4);
  });
  it('turned around, nothing is seen: all is masked', async () => {
    const { softMask, mask, depth, figures } = await view(card(20, 40), at([0, 0, 0], [0, 0, -1]));
    expect(figures).toMatchObject({ covered: 0, back: 0, masked: 1, filled: 1, openDepth: N });
    expect(figures.notes).toEqual(['the new camera sees nothing of the picture']);
    for (const m of [mask.data, softMask.data]) expect(m.every((v) => v === 1)).toBe(true);
    expect(depth.data.every((z) => z === 0)).toBe(true);
  });
});

it('is the same at every scale of the world', async () => {
  const base = await view(card(20, 40), moved(0.41, 0.1, 0.3));
  expect(base.figures.covered).toBeGreaterThan(0.7);
  for (const scale of [0.01, 100]) {
    const other = await view(
      card(20, 40).map((z) => z * scale),
      moved(0.41 * scale, 0.1 * scale, 0.3 * scale),
    );
    let off = 0;
    for (let i = 0; i < N; i++) {
      const same =
        other.mask.data[i] === base.mask.data[i] &&
        other.filledMask.data[i] === base.filledMask.data[i] &&
        Math.abs(other.softMask.data[i]! - base.softMask.data[i]!) < 1e-4 &&
        Math.abs(other.depth.data[i]! / (scale * base.depth.data[i]!) - 1) < 1e-3 &&
        [0, 1, 2].every(
          (c) =>
            Math.abs(other.partial.rgb.data[3 * i + c]! - base.partial.rgb.data[3 * i + c]!) < 1e-3,
        );
      if (!same) off++;
    }
    expect(off).toBeLessThanOrEqual(N / 1000);
  }
});

it('turns around what is in the middle', () => {
  const posed = at([3, -2, 5], [4, 1, -2]);
  for (const [rightDeg, upDeg, forward] of [
    [30, 0, 0],
    [-20, 15, 0.3],
    [0, 120, -0.5],
    [180, 0, 0],
  ] as const) {
    const there = turned(posed, 2.5, { rightDeg, upDeg, forward });
    const pivot = unprojectPoint(posed, lens.cx, lens.cy, 2.5);
    const seen = projectPoint(there, pivot);
    expect([seen.u, seen.v, seen.depth]).toEqual(
      [lens.cx, lens.cy, 2.5 * (1 - forward)].map((v) => expect.closeTo(v, 6)),
    );
  }
  // To the right and upwards: the old eye lies to the left and below.
  const old = projectPoint(
    turned(posed, 2.5, { rightDeg: 20, upDeg: 20, forward: -1 }),
    [3, -2, 5],
  );
  expect(old.u).toBeLessThan(lens.cx);
  expect(old.v).toBeGreaterThan(lens.cy);
});

describe('failures', () => {
  it('sizes and unknown depth are refused', async () => {
    const depth = card(20, 40);
    const wrong = { width: W, height: H - 1, data: depth.subarray(W) };
    await expect(
      novelView({ rgb: noise, depth: wrong, source, target: source }, tools),
    ).rejects.toMatchObject({ code: 'bad-option' });
    depth[7] = 0;
    await expect(view(depth, source)).rejects.toMatchObject({ code: 'bad-option' });
  });
  it('cancelled in each step', async () => {
    const steps = new Set<string>();
    const input = { rgb: noise, depth: image(card(20, 40)), source, target: moved(0.4) };
    await novelView(input, tools, {}, ({ step }) => steps.add(step));
    expect([...steps]).toEqual(['carry over', 'mask', 'depth of what is hidden', 'inpaint']);
    for (const step of steps) {
      const abort = new AbortController();
      const done = novelView(
        input,
        tools,
        {},
        (p) => {
          if (p.step === step) abort.abort();
        },
        abort.signal,
      );
      await expect(done, step).rejects.toMatchObject({ code: 'cancelled' });
    }
  });
});
