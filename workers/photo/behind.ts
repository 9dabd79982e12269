import { components } from '../../core/components.ts';
import { boundsOf, createMask, type Mask, type Rect } from '../../core/image.ts';
import { type Discontinuities, EDGE_SHARE } from './discontinuities.ts';

/** What one depth edge hides. Lists of pixel indices. */
export interface Hidden {
  /** To be filled with what lies behind (the synthesis region). Other edges may hide the same pixels. */
  synthesis: Int32Array;
  /** How far the edge is from each of them, pixels. */
  distancePx: Float32Array;
  /** What it is continued and copied from (the context region). */
  context: Int32Array;
  /** Between the two: seen, but farther pixels of a ramp. Their depth is a guess, and is not continued. */
  rim: Int32Array;
  /** Around both. */
  bounds: Rect;
}

/** A layer that lies before another. */
export interface Front {
  /** Its edges, before. */
  edges: Discontinuities;
  /** What has been filled since. */
  filled: Mask;
}

export interface BehindInput {
  /** 1/z of every pixel. */
  inverse: Float32Array;
  /** Of `inverse`, by `findDiscontinuities`. */
  edges: Discontinuities;
  width: number;
  height: number;
  /**
   * How many pixels the two sides of an edge part by for one unit of inverse depth between them: focal length × how far the viewer
   * moves sideways.
   */
  partPx: number;
  /** The layer in front. Only what its filling has brought to light is looked behind; left out: all. */
  front?: Front;
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
/**
 * The way to a pixel within the surface, in steps to the four neighbours, over its distance: √2 at most along a straight line. What is reached only
 * around a corner (the ground beside an arm, by way of the feet) does not lie behind the edge.
 */
const DETOUR = 1.5;
/** How far past the square to the way in what lies behind an edge may be, sine: where an edge ends, the flood does not turn around it. */
const BESIDE = 0.3;
/** The way in is a mean over this far along the edge: pixels know four directions. */
const SMOOTH_PX = 4;
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

/** Writes of each near pixel the way in, from the far pixels beside it; smoothed along the edge, unit length or 0. x and y interleaved. */
function waysIn(
  farOf: Int32Array,
  width: number,
  pixels: readonly number[],
  out: Float32Array,
): void {
  const height = farOf.length / width;
  for (const i of pixels) {
    const [px, py] = [i % width, Math.floor(i / width)];
    let [sx, sy] = [0, 0];
    for (let y = Math.max(0, py - SMOOTH_PX); y <= Math.min(height - 1, py + SMOOTH_PX); y++) {
      for (let x = Math.max(0, px - SMOOTH_PX); x <= Math.min(width - 1, px + SMOOTH_PX); x++) {
        const far = farOf[y * width + x]!;
        if (far < 0) continue;
        sx += x - (far % width);
        sy += y - Math.floor(far / width);
      }
    }
    const length = Math.hypot(sx, sy);
    if (length > 0) out.set([sx / length, sy / length], 2 * i);
  }
}

/**
 * Spreads from seeds over neighbours without crossing an edge. `takes(pixel, seed, distance, way)` decides, `way` in steps; each pixel keeps the seed that
 * reached it first.
 * @returns pixels, with the distance to their seeds, pixels
 */
function spread(
  seeds: readonly number[],
  { width, height, cut, visited, mark }: Spreading,
  takes: (pixel: number, seed: number, distancePx: number, wayPx: number) => boolean,
): { pixels: number[]; distancePx: number[] } {
  const pixels = [...seeds];
  const from = [...seeds];
  const distancePx = seeds.map(() => 0);
  const steps = seeds.map(() => 0);
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
      const way = steps[k]! + 1;
      if (!takes(j, seed, distance, way)) continue;
      visited[j] = mark;
      pixels.push(j);
      from.push(seed);
      distancePx.push(distance);
      steps.push(way);
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
 * far side belongs to what hides: where an object meets its ground the region closes by itself.
 */
export function findBehind({
  inverse,
  edges,
  width,
  height,
  partPx,
  front,
  unsure,
}: BehindInput): Hidden[] {
  const farOf = farSides(edges, inverse);
  // Where filling ended within one surface there is a step, too: no view sees it.
  const isNew = (i: number, far: number) =>
    front === undefined ||
    front.filled.data[i] === 1 ||
    (front.filled.data[far] === 1 && front.edges.cut(i, far));
  const n = width * height;
  const strips = createMask(width, height);
  for (let i = 0; i < n; i++) strips.data[i] = edges.near.data[i]! | edges.far.data[i]!;
  const most = MOST_REACH * Math.max(width, height);
  const visited = new Int32Array(n);
  const out: Hidden[] = [];
  // Each near pixel is of one edge.
  const ways = new Float32Array(2 * n);
  const rimPx = Math.max(LEAST_RIM_PX, RIM * Math.max(width, height));
  let mark = 0;
  for (const { pixels } of components(strips)) {
    const near: number[] = [];
    const far: number[] = [];
    let widest = 0;
    for (const i of pixels) {
      if (farOf[i]! < 0 || !isNew(i, farOf[i]!)) continue;
      near.push(i);
      far.push(farOf[i]!);
      widest = Math.max(widest, inverse[i]! - inverse[farOf[i]!]!);
    }
    if (near.length < FEWEST_PIXELS) continue;
    const reachOf = (seed: number) =>
      Math.min(most, partPx * (inverse[seed]! - inverse[farOf[seed]!]!)) + MARGIN_PX;
    const base = { width, height, cut: edges.cut, visited };
    waysIn(farOf, width, near, ways);
    const liesBehind = (j: number, seed: number, distance: number) => {
      const x = (j % width) - (seed % width);
      const y = Math.floor(j / width) - Math.floor(seed / width);
      const inwards = x * ways[2 * seed]! + y * ways[2 * seed + 1]!;
      return inwards >= -BESIDE * distance - MARGIN_PX;
    };
    const hides = spread(
      near,
      { ...base, mark: ++mark },
      (j, seed, distance, way) =>
        way <= DETOUR * distance + MARGIN_PX &&
        inverse[j]! > inverse[farOf[seed]!]! * NEARER &&
        distance <= CONTEXT * reachOf(seed) + CONTEXT_PX &&
        liesBehind(j, seed, distance),
    );
    const reach = Math.min(most, partPx * widest) + MARGIN_PX;
    // Not each seed's own reach: where the edge is lower its neighbours part more, and what they hide is open too.
    const isHidden = hides.distancePx.map((distance) => distance <= reach);
    const synthesis = hides.pixels.filter((_, k) => isHidden[k]);
    if (synthesis.length < FEWEST_PIXELS) continue;
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
    const rim = context.pixels.filter((_, k) => inRim[k]);
    out.push({
      synthesis: Int32Array.from(synthesis),
      distancePx: Float32Array.from(hides.distancePx.filter((_, k) => isHidden[k])),
      context: Int32Array.from(sure),
      rim: Int32Array.from(rim),
      bounds: boundsOf(width, synthesis, sure, rim),
    });
  }
  return out;
}
