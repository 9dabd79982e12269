import { type Camera, resizeCamera } from '../camera.ts';
import { nearestSet } from '../cpu/complete-depth/nearest.ts';
import { resizeRgb } from '../depth-files/resize.ts';
import type { Mask } from '../image.ts';
import type { ConfidenceLimit } from './refine-types.ts';
import type { PosedView } from './view.ts';

/** A view at its working size, with what is known of it. */
export interface PreparedView {
  id: string;
  camera: Camera;
  /** Interleaved, 0..255. */
  rgb?: Uint8Array;
  /** Whether `rgb` is a picture, which says where edges are; colours spread from single pixels are none. */
  guide: boolean;
  /** Of colours spread from single pixels: 1 = the pixel's own. */
  coloured?: Uint8Array;
  /** World units along z; 0 = unknown or not sure enough. */
  depth: Float32Array;
}

/** What a view's least sure share is where nothing else is said. DUSt3R's line keeps what is over 3 of a scale without end; shares need no scale. */
const LEAST_SURE = 0.2;

/** The confidence under which a view's depth is unknown. */
function limitOf(
  confidence: Float32Array,
  depth: Float32Array,
  limit: ConfidenceLimit = { share: LEAST_SURE },
): number {
  if ('value' in limit) return limit.value;
  const values = confidence.filter((c, i) => depth[i]! > 0 && Number.isFinite(c)).sort();
  return values[Math.min(values.length - 1, Math.floor(limit.share * values.length))] ?? 0;
}

/** Depth at a smaller size: of each pixel's area the median of what is known, never a mean across an edge. Of a mask what has a set pixel. */
function shrinkDepth(
  depth: ArrayLike<number>,
  from: { width: number; height: number },
  to: { width: number; height: number },
): Float32Array {
  const out = new Float32Array(to.width * to.height);
  const values: number[] = [];
  for (let y = 0; y < to.height; y++) {
    const y0 = Math.floor((y * from.height) / to.height);
    const y1 = Math.max(y0 + 1, Math.floor(((y + 1) * from.height) / to.height));
    for (let x = 0; x < to.width; x++) {
      const x0 = Math.floor((x * from.width) / to.width);
      const x1 = Math.max(x0 + 1, Math.floor(((x + 1) * from.width) / to.width));
      values.length = 0;
      for (let yy = y0; yy < y1; yy++) {
        for (let xx = x0; xx < x1; xx++) {
          const z = depth[yy * from.width + xx]!;
          if (z > 0) values.push(z);
        }
      }
      if (values.length === 0) continue;
      values.sort((a, b) => a - b);
      out[y * to.width + x] = values[values.length >> 1]!;
    }
  }
  return out;
}

/** Colour of every pixel from those that have one: the nearest's. */
export function spreadColours(rgb: Float32Array, coloured: Mask): Float32Array {
  const { index } = nearestSet(coloured.data, coloured.width, coloured.height);
  return Float32Array.from(rgb, (_, k) => {
    const from = index[Math.floor(k / 3)]!;
    return from < 0 ? 0.5 : rgb[3 * from + (k % 3)]!;
  });
}

/**
 * Applies the limit of confidence, and makes a view that is larger than `maxSidePx` smaller.
 * Depth that is not finite and positive is unknown.
 */
export function prepareView(
  view: PosedView,
  { maxSidePx, minConfidence }: { maxSidePx: number; minConfidence?: ConfidenceLimit | undefined },
): PreparedView {
  const { id, confidence, rgb, coloured } = view;
  const given = view.depth.data;
  const limit = confidence ? limitOf(confidence.data, given, minConfidence) : 0;
  const known = given.map((z, i) => {
    const sure = confidence === undefined || confidence.data[i]! >= limit;
    return sure && z > 0 && Number.isFinite(z) ? z : 0;
  });
  const factor = Math.min(1, maxSidePx / Math.max(view.camera.width, view.camera.height));
  const camera = factor < 1 ? resizeCamera(view.camera, factor) : view.camera;
  const depth = factor < 1 ? shrinkDepth(known, view.camera, camera) : known;
  const out: PreparedView = {
    ...{ id, camera, depth },
    guide: rgb !== undefined && coloured === undefined,
  };
  if (coloured !== undefined) {
    const { data } = coloured;
    out.coloured = factor < 1 ? Uint8Array.from(shrinkDepth(data, view.camera, camera)) : data;
  }
  if (rgb !== undefined) {
    const full = coloured ? spreadColours(rgb.data, coloured) : rgb.data;
    const small = resizeRgb({ ...view.camera, data: full }, camera.width, camera.height);
    out.rgb = Uint8Array.from(small.data, (v) => Math.round(255 * Math.min(1, Math.max(0, v))));
  }
  return out;
}
