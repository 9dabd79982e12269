import type { Camera } from '../camera.ts';
import { createMask, type Mask, maskBounds } from '../image.ts';
import type { Selection } from '../selection.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { SEEN_FLOATS } from './seen-splats.ts';
import type { ViewSurface } from './view-surface.ts';

/** All splats in front of the camera whose centres lie in a set pixel of the camera's mask. */
export function centresUnder(cloud: SplatCloud, camera: Camera, mask: Mask): Selection {
  const selection = new Uint8Array(cloud.count);
  const { positions: p, count } = cloud;
  const { fx, fy, cx, cy, width, height } = camera;
  const m = camera.worldToCamera;
  const [m0, m4, m8, m12] = [m[0]!, m[4]!, m[8]!, m[12]!];
  const [m1, m5, m9, m13] = [m[1]!, m[5]!, m[9]!, m[13]!];
  const [m2, m6, m10, m14] = [m[2]!, m[6]!, m[10]!, m[14]!];
  for (let i = 0; i < count; i++) {
    const x = p[i * 3]!;
    const y = p[i * 3 + 1]!;
    const z = p[i * 3 + 2]!;
    const depth = m2 * x + m6 * y + m10 * z + m14;
    if (!(depth > 0)) continue;
    const u = (fx * (m0 * x + m4 * y + m8 * z + m12)) / depth + cx;
    const v = (fy * (m1 * x + m5 * y + m9 * z + m13)) / depth + cy;
    if (!(u >= 0 && v >= 0 && u < width && v < height)) continue;
    selection[i] = mask.data[Math.floor(v) * width + Math.floor(u)]! !== 0 ? 1 : 0;
  }
  return selection;
}

/** A splat is seen when this share of light reaches it where it is seen best; … */
const SEEN = 0.08;
/** … but a surface is several splats thick, and less light reaches the inner ones: so much, if they are close under it, … */
const LEAST_SEEN = 0.02;
/** … that is within this many of their standard deviations. What shines through from the wall behind is further. */
const CLOSE_SIGMAS = 8;
/** A splat is at the surface, seen or not, when its centre is not deeper under it than this many of its standard deviations … */
const SURFACE_SIGMAS = 1;
/** … or this many cells' widths at its depth: across a cell, a slanted surface is not at one depth. */
const SURFACE_CELLS = 2;

/** The cells that are half under the mask, or, under one too small for that, all that it touches. */
export function cellsUnder(view: ViewSurface, mask: Mask): Mask {
  const cells = createMask(view.camera.width, view.camera.height);
  const covered = new Float32Array(cells.data.length);
  const scaleX = cells.width / mask.width;
  const scaleY = cells.height / mask.height;
  const bounds = maskBounds(mask);
  if (!bounds) return cells;
  for (let y = bounds.y0; y < bounds.y1; y++) {
    const row = Math.floor((y + 0.5) * scaleY) * cells.width;
    for (let x = bounds.x0; x < bounds.x1; x++) {
      if (mask.data[y * mask.width + x] === 0) continue;
      covered[row + Math.floor((x + 0.5) * scaleX)]! += scaleX * scaleY;
    }
  }
  const half = covered.some((share) => share >= 0.5) ? 0.5 : Number.MIN_VALUE;
  for (let c = 0; c < covered.length; c++) cells.data[c] = covered[c]! >= half ? 1 : 0;
  return cells;
}

/**
 * The splats that make the visible surface under a mask: those before it, in it, and, by about their own size, under
 * it (or the selection would have holes), with their centres under the mask; and large ones that are what one sees there.
 * @param mask of the size of the camera's picture or of the view's
 */
export function surfaceUnder(cloud: SplatCloud, view: ViewSurface, mask: Mask): Selection {
  const selection = new Uint8Array(cloud.count);
  const cells = cellsUnder(view, mask);
  const { width, height, fx, fy } = view.camera;
  const { seen, sigmas, dominant, visibility } = view;
  for (let c = 0; c < cells.data.length; c++) {
    if (cells.data[c] !== 0 && dominant[c]! >= 0) selection[dominant[c]!] = 1;
  }
  const scaleX = mask.width / width;
  const scaleY = mask.height / height;
  const cellSize = SURFACE_CELLS / Math.min(fx, fy);
  for (let k = 0; k < seen.count; k++) {
    const u = seen.centres[k * SEEN_FLOATS]!;
    const v = seen.centres[k * SEEN_FLOATS + 1]!;
    if (!(u >= 0 && v >= 0 && u < width && v < height)) continue;
    const x = Math.min(mask.width - 1, Math.floor(u * scaleX));
    const y = Math.min(mask.height - 1, Math.floor(v * scaleY));
    if (mask.data[y * mask.width + x] === 0) continue;
    const row = seen.rows[k]!;
    const depth = seen.centres[k * SEEN_FLOATS + 2]!;
    const under = depth - view.front.data[Math.floor(v) * width + Math.floor(u)]!;
    const best = visibility[k]!;
    if (
      best >= SEEN ||
      under <= Math.max(SURFACE_SIGMAS * sigmas[row]!, cellSize * depth) ||
      (best >= LEAST_SEEN && under <= CLOSE_SIGMAS * sigmas[row]!)
    ) {
      selection[row] = 1;
    }
  }
  return selection;
}
