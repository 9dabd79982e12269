import type { Camera } from '../../core/camera.ts';
import { distanceTo } from '../../core/distance.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../core/image.ts';
import type { CompletedDepth, DepthCompleter } from '../../core/kernels.ts';
import { dilate, minus } from '../../core/morphology.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { UNKNOWN } from '../steps/find-hole.ts';
import type { Plane } from '../steps/segment-surfaces.ts';

/**
 * The ratio to a plane has no edges to keep: one re-weighting is enough. Nearly first order: what is left of a capture's noise
 * at the rim must not be drawn on as a slope (at alpha 100 table tops sagged by a splat's spacing behind the object).
 */
const PLANE_OPTIONS = { reweightings: 1, alpha: 2, planeEdges: false };
/** A plane's pixels this near the hole, as a share of the picture's width, are not built on: a selection takes splats of the surface too. */
const RIM_SHARE = 0.02;
/** Outlines go on smoothly: a quadratic norm spreads the bend instead of making a corner somewhere. */
const OUTLINE_OPTIONS = { reweightings: 0, alpha: 1000, planeEdges: false };

/**
 * Continues one surface over `wanted`, from its own pixels alone. A plane's depth is completed as the
 * ratio to the plane, so that far from the rim the answer falls back to the plane itself.
 * @param known the surface's own pixels
 * @param plane its plane's depth (`planeDepth`); undefined: it is no plane
 */
export async function continueSurface(
  known: Mask,
  plane: ScalarImage | undefined,
  depth: ScalarImage,
  wanted: Mask,
  completer: DepthCompleter,
  signal?: AbortSignal,
): Promise<CompletedDepth> {
  if (plane === undefined) {
    const done = await completer.complete(
      { depth, known, wanted: minus(wanted, known) },
      undefined,
      signal,
    );
    // A patch says nothing farther away than it is wide.
    const reach = Math.sqrt(countMask(known));
    const away = distanceTo(known);
    for (let i = 0; i < depth.data.length; i++) {
      if (away.data[i]! > reach) done.depth.data[i] = 0;
    }
    return done;
  }
  const ratio = createScalarImage(depth.width, depth.height);
  const facing = createMask(depth.width, depth.height);
  const usable = createMask(depth.width, depth.height);
  const rim = dilate(wanted, Math.round(RIM_SHARE * depth.width));
  // A surface that is all rim is built on as it is.
  const inner = minus(known, rim);
  const trusted = countMask(inner) >= FEWEST_TRUSTED ? inner : known;
  for (let i = 0; i < ratio.data.length; i++) {
    // Rays that run past the plane's horizon do not meet it.
    if (!(plane.data[i]! > 0)) continue;
    if (wanted.data[i] !== 0 || rim.data[i] !== 0) facing.data[i] = trusted.data[i] === 0 ? 1 : 0;
    if (trusted.data[i] === 0) continue;
    usable.data[i] = 1;
    ratio.data[i] = depth.data[i]! / plane.data[i]!;
  }
  const done = await completer.complete(
    { depth: ratio, known: usable, wanted: facing },
    PLANE_OPTIONS,
    signal,
  );
  const out = createScalarImage(depth.width, depth.height);
  for (let i = 0; i < out.data.length; i++) {
    if (known.data[i] !== 0) out.data[i] = depth.data[i]!;
    else if (facing.data[i] !== 0) out.data[i] = done.depth.data[i]! * plane.data[i]!;
  }
  return { depth: out, confidence: done.confidence };
}

/** With fewer pixels than this a plane's depth beside the hole says nothing by itself. */
const FEWEST_TRUSTED = 30;

/** Depth at which each pixel's ray meets a plane; 0 where it does not. */
export function planeDepth(plane: Plane, camera: Camera): ScalarImage {
  const rays = pixelRays(camera);
  const out = createScalarImage(camera.width, camera.height);
  const [nx, ny, nz] = plane.normal;
  const [ox, oy, oz] = rays.origin;
  const rest = plane.offset - (nx * ox + ny * oy + nz * oz);
  for (let y = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      const d = rays.direction(x, y);
      const t = rest / (nx * d[0] + ny * d[1] + nz * d[2]);
      out.data[y * out.width + x] = t > 0 && Number.isFinite(t) ? t : 0;
    }
  }
  return out;
}

/** The pixels whose label nobody knows. */
function unknownOf(labels: Uint8Array, width: number, height: number): Mask {
  const out = createMask(width, height);
  for (let i = 0; i < labels.length; i++) if (labels[i] === UNKNOWN) out.data[i] = 1;
  return out;
}

/** Distances run from pixel to pixel, outlines between them. */
const OUTLINE_SLACK_PX = 1.5;

/**
 * Continues the outlines between labelled regions into the unknown ones. Each class's signed distance to
 * the others (positive inside) is affine in pixel coordinates beside a straight outline, so the
 * second-order completer carries a straight outline on as a straight line; the class with the largest
 * continued distance wins.
 * @param labels one class number a pixel, UNKNOWN where it is asked for
 * @param possible whether a class can be at a pixel (index) at all
 * @param wanted pixels to label
 * @returns labels with the wanted pixels set (where any class is known at all)
 */
export async function continueLabels(
  labels: Uint8Array,
  classes: number,
  wanted: Mask,
  completer: DepthCompleter,
  signal?: AbortSignal,
  possible: (k: number, i: number) => boolean = () => true,
): Promise<Uint8Array> {
  const { width, height } = wanted;
  const present = new Set<number>();
  for (const l of labels) if (l !== UNKNOWN) present.add(l);
  const out = labels.slice();
  const [only] = present;
  if (only === undefined || countMask(wanted) === 0) return out;
  if (present.size === 1) {
    for (let i = 0; i < out.length; i++) {
      if (wanted.data[i] !== 0 && possible(only, i)) out[i] = only;
    }
    return out;
  }
  const limit = 0.4 * Math.max(width, height);
  const toUnknown = distanceTo(unknownOf(labels, width, height));
  const toWanted = distanceTo(wanted);
  const best = new Float64Array(width * height).fill(Number.NEGATIVE_INFINITY);
  for (let k = 0; k < classes; k++) {
    if (!present.has(k)) continue;
    const own = createMask(width, height);
    const others = createMask(width, height);
    const known = createMask(width, height);
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] === UNKNOWN) continue;
      known.data[i] = 1;
      (labels[i] === k ? own : others).data[i] = 1;
    }
    const toOwn = distanceTo(own);
    const toOthers = distanceTo(others);
    // The completer works on inverse depth, which is what must be affine: give it 1 / (distance + shift).
    const shift = 3 * limit;
    const depth = createScalarImage(width, height);
    const sure = createMask(width, height);
    const asked = createMask(width, height);
    for (let i = 0; i < depth.data.length; i++) {
      if (wanted.data[i] !== 0) asked.data[i] = 1;
      if (known.data[i] === 0) continue;
      const signed = Math.max(-limit, Math.min(limit, toOthers.data[i]! - toOwn.data[i]!));
      depth.data[i] = 1 / (signed + shift);
      // Where the unknown lies nearer than the other side, an outline may run there: the distance is only a bound.
      if (Math.abs(signed) <= toUnknown.data[i]! + OUTLINE_SLACK_PX) sure.data[i] = 1;
      else if (toWanted.data[i]! <= limit / 2) asked.data[i] = 1;
    }
    // Regions that only the unknown parts have no seen outline: their bounds are all there is.
    const problem =
      countMask(sure) > 0 ? { depth, known: sure, wanted: asked } : { depth, known, wanted };
    const done = await completer.complete(problem, OUTLINE_OPTIONS, signal);
    for (let i = 0; i < best.length; i++) {
      if (wanted.data[i] === 0 || !(done.depth.data[i]! > 0)) continue;
      const signed = 1 / done.depth.data[i]! - shift;
      if (signed > best[i]! && possible(k, i)) {
        best[i] = signed;
        out[i] = k;
      }
    }
  }
  return out;
}
