import type { DepthProblem } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';

/**
 * Two walls and a floor that meet in a corner, with a box in front, under a blotchy texture: a picture whose depth is
 * known exactly, of any size, with a hole of any size over the corner and the box's edge.
 * @param hole width and height of the hole, pixels
 */
export function cornerScene(
  width: number,
  height: number,
  hole: { width: number; height: number },
  seed = 1,
): { problem: DepthProblem; truth: Float32Array; mask: Uint8Array } {
  const random = createRandom(seed);
  const n = width * height;
  const truth = new Float32Array(n);
  const rgb = new Float32Array(3 * n);
  const f = 0.9 * width;
  // Each surface: 1/z = a x + b y + c in normalised coordinates; the nearest one shows.
  const surfaces = [
    { plane: [0.16, 0.02, 0.3], colour: [0.7, 0.6, 0.5] },
    { plane: [-0.12, 0.02, 0.32], colour: [0.55, 0.6, 0.68] },
    { plane: [0, 0.62, 0.1], colour: [0.45, 0.35, 0.28] },
  ] as const;
  const box = { plane: [0.03, 0.01, 0.62], colour: [0.75, 0.3, 0.25] } as const;
  for (let i = 0; i < n; i++) {
    const x = ((i % width) + 0.5 - width / 2) / f;
    const y = (Math.floor(i / width) + 0.5 - height / 2) / f;
    const inverse = (s: { plane: readonly [number, number, number] }) =>
      s.plane[0] * x + s.plane[1] * y + s.plane[2];
    let shown: { plane: readonly [number, number, number]; colour: readonly number[] } =
      surfaces.reduce((a, b) => (inverse(b) > inverse(a) ? b : a));
    if (x > -0.04 && x < 0.3 && y > -0.02 && y < 0.22) shown = box;
    truth[i] = 1 / inverse(shown);
    const shade = 0.03 * Math.sin(37 * x + 11 * y) + 0.02 * (random() - 0.5);
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = shown.colour[c]! + shade;
  }
  const mask = new Uint8Array(n);
  const x0 = (width - hole.width) >> 1;
  const y0 = (height - hole.height) >> 1;
  for (let y = y0; y < y0 + hole.height; y++)
    mask.fill(1, y * width + x0, y * width + x0 + hole.width);
  return {
    truth,
    mask,
    problem: {
      depth: { width, height, data: truth.map((z, i) => (mask[i] ? 0 : z)) },
      known: { width, height, data: mask.map((m) => 1 - m) },
      wanted: { width, height, data: mask },
      rgb: { width, height, data: rgb },
    },
  };
}
