import { components } from '../../core/components.ts';
import { boundsOf, createMask, type Mask, type Rect } from '../../core/image.ts';
import { type Discontinuities, EDGE_SHARE, findDiscontinuities } from './discontinuities.ts';

/** What one depth edge hides. Lists of pixel indices. */
export interface Hidden {
  /** To be filled with what lies behind (the synthesis region). */
  synthesis: Int32Array;
  /** What it is continued and copied from (the context region). */
  context: Int32Array;
  /** Between the two: seen, but farther pixels of a ramp. Their depth is a guess, and is not continued. */
  rim: Int32Array;
  /** Around both. */
  bounds: Rect;
}

export interface BehindInput {
  /** 1/z of every pixel. */
  inverse: Float32Array;
  width: number;
  height: number;
  /**
   * How many pixels the two sides of an edge part by for one unit of inverse depth between them: focal length × how far the viewer
   * moves sideways.
   */
  partPx: number;
  /** Only what is hidden by these pixels is looked for; left out: by any. */
  within?: Mask;
  /** Pixels whose depth was a ramp's: which side they show is a guess. */
  unsure?: Mask;
}

/** Pixels of slack: splats are as wide as pixels. */
const MARGIN_PX = 3;
/** The context reaches this much farther than what is filled. */
const CONTEXT = 2;
const CONTEXT_PX = 16;
/** Of the picture's longer side. */
const MOST_REACH = 0.2;
/** A pixel this much nearer than an edge's far side belongs to what hides. */
const NEARER = 1 + EDGE_SHARE / 2;
const FEWEST_PIXELS = 6;
/** Unsure pixels this near an outline are not continued from: share of the picture's longer side, and pixels at least. */
const RIM = 1 / 80;
const LEAST_RIM_PX = 4;

/** The farthest of the far pixels beside each near one, −1 elsewhere. */
function farSides({ near, far }: Discontinuities, inverse: Float32Array): Int32Array {
  const { width } = near;
  const n = inverse.length;
  const out = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    if (near.data[i] === 0) continue;
    const x = i % width;
    for (const j of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
      if (j < 0 || j >= n || far.data[j] === 0 || inverse[j]! >= inverse[i]!) continue;
      if (out[i]! < 0 || inverse[j]! < inverse[out[i]!]!) out[i] = j;
    }
  }
  return out;
}

/**
 * Spreads from seeds over neighbours without crossing an edge. `takes(pixel, seed, distance)` decides; each pixel keeps the seed that
 * reached it first.
 * @returns pixels, with the distance to their seeds, pixels
 */
function spread(
  seeds: readonly number[],
  { width, height, cut, visited, mark }: Spreading,
  takes: (pixel: number, seed: number, distancePx: number) => boolean,
): { pixels: number[]; distancePx: number[] } {
  const pixels = [...seeds];
  const from = [...seeds];
  const distancePx = seeds.map(() => 0);
  for (const s of seeds) visited[s] = mark;
  for (let k = 0; k < pixels.length; k++) {
    const i = pixels[k]!;
    const seed = from[k]!;
    const x = i % width;
    const y = Math.floor(i / width);
    for (const j of [
      x > 0 ? i - 1 : -1,
      x < width - 1 ? i + 1 : -1,
      y > 0 ? i - width : -1,
      y < height - 1 ? i + width : -1,
    ]) {
      if (j < 0 || visited[j] === mark || cut(i, j)) continue;
      const distance = Math.hypot(
        (j % width) - (seed % width),
        Math.floor(j / width) - Math.floor(seed / width),
      );
      if (!takes(j, seed, distance)) continue;
      visited[j] = mark;
      pixels.push(j);
      from.push(seed);
      distancePx.push(distance);
    }
  }
  return { pixels, distancePx };
}

interface Spreading {
  width: number;
  height: number;
  cut(i: number, j: number): boolean;
  /** Last mark of each pixel, for all calls. */
  visited: Int32Array;
  mark: number;
}

/**
 * Context and synthesis regions, an edge at a time (Shih et al. 2020): what hides is flooded from the edge's nearer side as far as the
 * view may part the two sides, what is behind it from the farther one, neither across another edge. What is still nearer than the edge's
 * far side belongs to what hides: where an object meets its ground the region closes by itself. Where two edges hide one pixel the
 * nearer edge has it.
 */
export function findBehind({
  inverse,
  width,
  height,
  partPx,
  within,
  unsure,
}: BehindInput): Hidden[] {
  const edges = findDiscontinuities(inverse, width, height);
  const farOf = farSides(edges, inverse);
  const n = width * height;
  const strips = createMask(width, height);
  for (let i = 0; i < n; i++) strips.data[i] = edges.near.data[i]! | edges.far.data[i]!;
  const most = MOST_REACH * Math.max(width, height);
  const visited = new Int32Array(n);
  const owner = new Int32Array(n).fill(-1);
  const closest = new Float32Array(n).fill(Infinity);
  const found: { synthesis: number[]; context: number[]; rim: number[] }[] = [];
  const rimPx = Math.max(LEAST_RIM_PX, RIM * Math.max(width, height));
  let mark = 0;
  for (const { pixels } of components(strips)) {
    const near: number[] = [];
    const far: number[] = [];
    let widest = 0;
    for (const i of pixels) {
      if (farOf[i]! < 0 || (within !== undefined && within.data[i] === 0)) continue;
      near.push(i);
      far.push(farOf[i]!);
      widest = Math.max(widest, inverse[i]! - inverse[farOf[i]!]!);
    }
    if (near.length < FEWEST_PIXELS) continue;
    const reachOf = (seed: number) =>
      Math.min(most, partPx * (inverse[seed]! - inverse[farOf[seed]!]!)) + MARGIN_PX;
    const base = { width, height, cut: edges.cut, visited };
    const hides = spread(
      near,
      { ...base, mark: ++mark },
      (j, seed, distance) =>
        inverse[j]! > inverse[farOf[seed]!]! * NEARER &&
        distance <= CONTEXT * reachOf(seed) + CONTEXT_PX,
    );
    const id = found.length;
    // A seed's own reach again: `spread` gives each pixel's distance to its seed, and near seeds reach alike.
    const reach = Math.min(most, partPx * widest) + MARGIN_PX;
    const synthesis = hides.pixels.filter((_, k) => hides.distancePx[k]! <= reach);
    // What hides keeps this mark: the context does not spread into it.
    const hiding = mark;
    const seeds = [...new Set(far)].filter((i) => visited[i] !== hiding);
    const context = spread(
      seeds,
      { ...base, mark: ++mark },
      (j, _, distance) => visited[j] !== hiding && distance <= CONTEXT * reach + CONTEXT_PX,
    );
    const inRim = context.pixels.map(
      (i, k) => unsure?.data[i] === 1 && context.distancePx[k]! <= rimPx,
    );
    const sure = context.pixels.filter((_, k) => !inRim[k]);
    if (sure.length < FEWEST_PIXELS) continue;
    for (const [k, i] of hides.pixels.entries()) {
      const distance = hides.distancePx[k]!;
      if (distance > reach || distance >= closest[i]!) continue;
      closest[i] = distance;
      owner[i] = id;
    }
    const rim = context.pixels.filter((_, k) => inRim[k]);
    found.push({ synthesis, context: sure, rim });
  }
  const out: Hidden[] = [];
  for (const [id, { synthesis, context, rim }] of found.entries()) {
    const own = synthesis.filter((i) => owner[i] === id);
    if (own.length < FEWEST_PIXELS) continue;
    out.push({
      synthesis: Int32Array.from(own),
      context: Int32Array.from(context),
      rim: Int32Array.from(rim),
      bounds: boundsOf(width, own, context, rim),
    });
  }
  return out;
}
