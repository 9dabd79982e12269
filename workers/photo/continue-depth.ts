import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import type { Hidden } from './behind.ts';

/** The part of a picture around one edge, with the depth of what the edge hides. All images have the part's size. */
export interface HiddenPart {
  width: number;
  height: number;
  /** What lies behind, and what it is continued from; 0 elsewhere. */
  depth: ScalarImage;
  /** Pixels to be filled. */
  hole: Mask;
  /** Neither those nor what they are continued from. */
  out: Mask;
  /** From a pixel of the whole to one of the part. */
  at(i: number): number;
}

function emptyPart(depth: ScalarImage, { bounds, context }: Hidden): HiddenPart {
  const { x0, y0, x1, y1 } = bounds;
  const [width, height] = [x1 - x0, y1 - y0];
  const at = (i: number) => (Math.floor(i / depth.width) - y0) * width + (i % depth.width) - x0;
  const part = { width, height, data: new Float32Array(width * height) };
  const out = createMask(width, height);
  out.data.fill(1);
  for (const i of context) {
    part.data[at(i)] = depth.data[i]!;
    out.data[at(i)] = 0;
  }
  return { width, height, depth: part, hole: createMask(width, height), out, at };
}

/** Depth along z of what one edge hides; 0 = none. */
export interface Continued {
  /** Of each of the `synthesis` pixels; none where the continued surface would lie in front of what hides it. */
  hidden: Float32Array;
  /** Of each of the `rim` pixels: where they lie if they are of the farther side. */
  rim: Float32Array;
}

/**
 * Depth of what one edge hides, continued from its farther side alone.
 * @throws SplatmendError as the kernels do
 */
export async function continueDepth(
  depth: ScalarImage,
  hidden: Hidden,
  kernels: Kernels,
  signal?: AbortSignal,
): Promise<Continued> {
  const { depth: part, at } = emptyPart(depth, hidden);
  const { width, height } = part;
  const known = { width, height, data: Uint8Array.from(part.data, (z) => (z > 0 ? 1 : 0)) };
  const wanted = createMask(width, height);
  for (const i of hidden.synthesis) wanted.data[at(i)] = 1;
  for (const i of hidden.rim) wanted.data[at(i)] = 1;
  // Without the picture: there it shows what hides, not what is hidden.
  const done = await kernels.complete({ depth: part, known, wanted }, {}, signal);
  const of = (i: number) => (done.confidence.data[at(i)]! > 0 ? done.depth.data[at(i)]! : 0);
  return {
    hidden: Float32Array.from(hidden.synthesis, (i) => (of(i) > depth.data[i]! ? of(i) : 0)),
    rim: Float32Array.from(hidden.rim, of),
  };
}

/**
 * Whose each pixel is that several edges hide: the nearest edge's whose surface goes on behind it.
 * @param continued of each edge what `continueDepth` gave
 * @returns of each edge the depth of its own pixels, 0 of the others
 */
export function shareOut(
  all: readonly Hidden[],
  continued: readonly Continued[],
  pixels: number,
): Float32Array[] {
  const owner = new Int32Array(pixels).fill(-1);
  const closest = new Float32Array(pixels).fill(Infinity);
  for (const [id, { synthesis, distancePx }] of all.entries()) {
    for (const [k, i] of synthesis.entries()) {
      if (!(continued[id]!.hidden[k]! > 0) || distancePx[k]! >= closest[i]!) continue;
      closest[i] = distancePx[k]!;
      owner[i] = id;
    }
  }
  return all.map(({ synthesis }, id) =>
    continued[id]!.hidden.map((z, k) => (owner[synthesis[k]!] === id ? z : 0)),
  );
}

/** How far a rim's depth is moved at most, a share of it: what is farther off is of another surface, and would stand out in splinters. */
const RIM_MOVES = 0.04;

/**
 * Depth with the rims where the farther sides go on: a ramp's farther half is a guess, and between it and what is filled from beyond it
 * a gap would open from the side. A rim of several edges moves least.
 */
export function settleRims(
  depth: ScalarImage,
  all: readonly Hidden[],
  continued: readonly Continued[],
): ScalarImage {
  const data = depth.data.slice();
  for (const [id, { rim }] of all.entries()) {
    for (const [k, i] of rim.entries()) {
      const [was, z] = [depth.data[i]!, continued[id]!.rim[k]!];
      const [moved, moves] = [data[i]!, z].map((v) => Math.abs(v / was - 1)) as [number, number];
      if (z > 0 && moves <= RIM_MOVES && (moved === 0 || moves < moved)) data[i] = z;
    }
  }
  return { ...depth, data };
}

/**
 * The part with an edge's own pixels as a hole.
 * @param own depth of the `synthesis` pixels, 0 = not its own
 */
export function partOf(depth: ScalarImage, hidden: Hidden, own: Float32Array): HiddenPart {
  const part = emptyPart(depth, hidden);
  for (const [k, i] of hidden.synthesis.entries()) {
    if (!(own[k]! > 0)) continue;
    const at = part.at(i);
    part.depth.data[at] = own[k]!;
    part.hole.data[at] = 1;
    part.out.data[at] = 0;
  }
  // What is seen of the rim keeps its place, and its colours are copied from.
  for (const i of hidden.rim) {
    part.depth.data[part.at(i)] = depth.data[i]!;
    part.out.data[part.at(i)] = 0;
  }
  return part;
}
