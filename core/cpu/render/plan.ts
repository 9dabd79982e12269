import type { Camera } from '../../camera.ts';
import { SplatmendError } from '../../errors.ts';
import type { Rect } from '../../image.ts';
import type { RenderOptions } from '../../kernels.ts';
import type { SplatCloud } from '../../splat-cloud.ts';
import { cullRows } from './cull.ts';
import type { CloudMeasure } from './measure.ts';
import { createPacer } from './pacer.ts';
import { createProjected, createProjector } from './project.ts';
import { RECORD_FLOATS } from './records.ts';
import { freshScratch, type Scratch } from './scratch.ts';
import { sortByDepth } from './sort.ts';

/** Splats between two pauses. */
const PIECE = 16384;
const CULL_PIECE = 131072;
const MAX_PIXELS = 8192 * 8192;

/** One picture's splats, projected, culled and sorted: what both twins composite. */
export interface ViewPlan {
  camera: Camera;
  /** Pixels to render, within the picture; may be empty. */
  region: Rect;
  background: readonly [number, number, number];
  /** Projected splats; RECORD_FLOATS each, in the cloud's order. */
  records: Float32Array;
  /** 4 a record: the pixels its ellipse's box reaches, see Projected. */
  boxes: Uint16Array;
  /** Records from front to back. */
  order: Uint32Array;
}

function clipRegion(camera: Camera, region: Rect | undefined): Rect {
  const whole = { x0: 0, y0: 0, x1: camera.width, y1: camera.height };
  if (region === undefined) return whole;
  const x0 = Math.max(0, Math.floor(region.x0));
  const y0 = Math.max(0, Math.floor(region.y0));
  return {
    x0,
    y0,
    x1: Math.max(x0, Math.min(camera.width, Math.ceil(region.x1))),
    y1: Math.max(y0, Math.min(camera.height, Math.ceil(region.y1))),
  };
}

function check(cloud: SplatCloud, camera: Camera, options: RenderOptions): void {
  const { width, height, fx, fy, cx, cy } = camera;
  if (
    ![width, height].every((v) => Number.isInteger(v) && v > 0) ||
    width * height > MAX_PIXELS ||
    ![cx, cy, ...camera.worldToCamera].every(Number.isFinite) ||
    !(fx > 0 && fy > 0 && Number.isFinite(fx + fy))
  ) {
    throw new SplatmendError(
      'bad-camera',
      `render: camera ${width} × ${height}, fx ${fx}, fy ${fy} cannot be drawn; give whole pixels, positive focal lengths and a finite pose`,
    );
  }
  for (const key of ['visible', 'marked'] as const) {
    const mask = options[key];
    if (mask !== undefined && mask.length !== cloud.count) {
      throw new SplatmendError(
        'internal',
        `render: ${key} has ${mask.length} entries for ${cloud.count} splats; give one byte a splat`,
      );
    }
  }
}

/**
 * Projects, culls and sorts a cloud for one picture.
 * @param scratch where the plan's arrays come from: it is good until they are given back
 * @throws SplatmendError `bad-camera`; `internal` when a mask's length is wrong; `cancelled`
 */
export async function planView(
  cloud: SplatCloud,
  measure: CloudMeasure,
  camera: Camera,
  options: RenderOptions = {},
  signal?: AbortSignal,
  scratch: Scratch = freshScratch,
): Promise<ViewPlan> {
  check(cloud, camera, options);
  const pause = createPacer(signal);
  const region = clipRegion(camera, options.region);
  let rows = new Uint32Array(0);
  if (region.x1 > region.x0 && region.y1 > region.y0) {
    rows = scratch.uint32('rows', cloud.count);
    let found = 0;
    for (let from = 0; from < cloud.count; from += CULL_PIECE) {
      const to = Math.min(cloud.count, from + CULL_PIECE);
      found = cullRows(cloud, measure, camera, region, options.visible, from, to, rows, found);
      await pause();
    }
    rows = rows.subarray(0, found);
  }
  const projected = createProjected(rows.length, scratch);
  const { near, usable } = measure;
  const { visible, marked } = options;
  const project = createProjector(
    { cloud, rows, camera, region, near, usable, visible, marked },
    projected,
  );
  for (let from = 0; from < rows.length; from += PIECE) {
    project(from, Math.min(rows.length, from + PIECE));
    await pause();
  }
  return {
    camera,
    region,
    background: options.background ?? [0, 0, 0],
    records: projected.records.subarray(0, projected.count * RECORD_FLOATS),
    boxes: projected.boxes.subarray(0, projected.count * 4),
    order: sortByDepth(projected.depths.subarray(0, projected.count), scratch),
  };
}
