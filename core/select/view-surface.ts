import { type Camera, resizeCamera } from '../camera.ts';
import { SplatmendError } from '../errors.ts';
import type { Marks } from '../marks.ts';
import { breathe, throwIfCancelled } from '../progress.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { blendSurface, createSurfaceImages, type SurfaceImages } from './blend-surface.ts';
import {
  createSeenSplats,
  lookAtSplats,
  orderFrontToBack,
  type SeenSplats,
} from './seen-splats.ts';
import { splatShapes } from './splat-shapes.ts';

/**
 * A cloud's visible surface from a camera, on a coarse picture: coarse, because a stroke must be answered
 * while the hand still moves. Splats are dimmed for the cells' size, so that the coverage is the full picture's.
 */
export interface ViewSurface extends SurfaceImages {
  /** The coarse picture's camera; its pixels are called cells. */
  camera: Camera;
  /** In cells. */
  seen: SeenSplats;
  /** N: largest standard deviation of each of the cloud's splats or a little more, world units. */
  sigmas: Float32Array;
}

/** About this many cells: 3.5 pixels a side for 960 × 640. */
const CELLS = 50_000;
/** Splats between two breaths: some 15 ms. */
const SLICE = 1 << 17;

interface Kept {
  key: number[];
  marks: Marks | undefined;
  view: ViewSurface;
}
/** One view a cloud: strokes come from the view that is looked through. */
const kept = new WeakMap<SplatCloud, Kept>();

function isSame(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** @throws SplatmendError `bad-camera` for a picture that cannot be made */
export function checkCamera(camera: Camera): void {
  const { width, height, fx, fy, cx, cy, worldToCamera } = camera;
  const fine =
    [width, height].every((v) => Number.isInteger(v) && v > 0 && v <= 8192) &&
    fx > 0 &&
    fy > 0 &&
    worldToCamera.length === 16 &&
    [fx, fy, cx, cy, ...worldToCamera].every(Number.isFinite);
  if (fine) return;
  throw new SplatmendError(
    'bad-camera',
    `select: camera ${width} × ${height}, fx ${fx}, fy ${fy} cannot be looked through; give whole pixels up to 8192, positive focal lengths and a finite pose`,
  );
}

/**
 * The visible surface, kept for the next stroke in the same view.
 * @param options.marks what is hidden is not there
 * @param options.colours makes `rgb` too
 * @throws SplatmendError `bad-camera`; `cancelled`
 */
export async function viewSurface(
  cloud: SplatCloud,
  camera: Camera,
  options: { marks?: Marks | undefined; colours?: boolean } = {},
  signal?: AbortSignal,
): Promise<ViewSurface> {
  checkCamera(camera);
  const { marks, colours = false } = options;
  const { width, height, fx, fy, cx, cy } = camera;
  const key = [width, height, fx, fy, cx, cy, ...camera.worldToCamera];
  const last = kept.get(cloud);
  if (last && (!colours || last.view.rgb) && isSame(last.key, key) && isSame(last.marks, marks)) {
    return last.view;
  }
  const shapes = await splatShapes(cloud, signal);
  const factor = Math.min(1, Math.sqrt(CELLS / (width * height)));
  const coarse = resizeCamera(camera, factor);
  const seen = createSeenSplats(cloud.count);
  for (let from = 0; from < cloud.count; from += SLICE) {
    lookAtSplats(cloud, shapes, coarse, marks, seen, from, Math.min(cloud.count, from + SLICE));
    await breathe();
    throwIfCancelled(signal);
  }
  const order = orderFrontToBack(seen);
  const images = createSurfaceImages(coarse, seen, colours);
  for (let from = 0; from < order.length; from += SLICE) {
    await breathe();
    throwIfCancelled(signal);
    const to = Math.min(order.length, from + SLICE);
    blendSurface(cloud, shapes, coarse, factor, seen, order, from, to, images);
  }
  const view = { ...images, camera: coarse, seen, sigmas: shapes.sigmas };
  kept.set(cloud, { key, marks: marks?.slice(), view });
  return view;
}
