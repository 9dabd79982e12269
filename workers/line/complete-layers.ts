import type { Camera } from '../../core/camera.ts';
import { distanceTo } from '../../core/distance.ts';
import { createMask, createScalarImage, type Mask, type ScalarImage } from '../../core/image.ts';
import type { CompletedDepth, DepthCompleter } from '../../core/kernels.ts';
import { minus } from '../../core/morphology.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { UNKNOWN } from '../steps/find-hole.ts';
import type { Plane, Surface } from '../steps/segment-surfaces.ts';

/** The ratio to a plane has no edges to keep: one re-weighting is enough. */
const PLANE_OPTIONS = { reweightings: 1 };
/** Outlines go on smoothly: a quadratic norm spreads the bend instead of making a corner somewhere. */
const OUTLINE_OPTIONS = { reweightings: 0, alpha: 1000 };

/**
 * Continues one surface over `wanted`, from its own pixels alone. A plane's depth is completed as the
 * ratio to the plane, so that far from the rim the answer falls back to the plane itself.
 */
export async function continueSurface(
  surface: Surface,
  depth: ScalarImage,
  wanted: Mask,
  camera: Camera,
  completer: DepthCompleter,
  signal?: AbortSignal,
): Promise<CompletedDepth> {
  const known = surface.pixels;
  if (surface.plane === undefined) {
    return completer.complete({ depth, known, wanted: minus(wanted, known) }, undefined, signal);
  }
  const plane = planeDepth(surface.plane, camera);
  const ratio = createScalarImage(depth.width, depth.height);
  const facing = createMask(depth.width, depth.height);
  const usable = createMask(depth.width, depth.height);
  for (let i = 0; i < ratio.data.length; i++) {
    // Rays that run past the plane's horizon do not meet it.
    if (!(plane.data[i]! > 0)) continue;
    if (wanted.data[i] !== 0 && known.data[i] === 0) facing.data[i] = 1;
    if (known.data[i] === 0) continue;
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

/** Depth at which each pixel's ray meets a plane; 0 where it does not. */
function planeDepth(plane: Plane, camera: Camera): ScalarImage {
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
  const limit = 0.4 * Math.max(width, height);
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
    for (let i = 0; i < depth.data.length; i++) {
      if (known.data[i] === 0) continue;
      const signed = Math.max(-limit, Math.min(limit, toOthers.data[i]! - toOwn.data[i]!));
      depth.data[i] = 1 / (signed + shift);
    }
    const done = await completer.complete({ depth, known, wanted }, OUTLINE_OPTIONS, signal);
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
