import { type Camera, projectPoint } from '../../core/camera.ts';
import { countMask, createMask, type Mask } from '../../core/image.ts';
import type { CompletedDepth, Kernels, RenderedView } from '../../core/kernels.ts';
import { dilate } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import type { Selection } from '../../core/selection.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { coveredPixels, findHole, footprintOf, nearPixels } from '../steps/find-hole.ts';

/** The scene as the line edits it: the input untouched, the fills beside it. */
export interface WorkingScene {
  scene: SplatCloud;
  selection: Selection;
  added: SplatCloud;
}

/** What one camera sees of the hole. */
export interface Look {
  camera: Camera;
  /** Survivors and fills. */
  view: RenderedView;
  footprint: Mask;
  /** Footprint depth completed from the surroundings, before anything in it is believed. */
  completed: CompletedDepth;
  /** Covered pixels whose surface passes near the object: what the hole's depth is continued from. */
  near: Mask;
  hole: Mask;
  /** Share of the footprint's outline along which a surface near the object is seen, 0..1: how well the hole is framed. */
  framed: number;
}

/** Splats whose centres project this far outside the picture may still reach into it, in picture widths. */
const CONE_MARGIN = 0.25;
/** Surfaces within this many object radii of its hull say how the hole continues; what is farther is another layer. */
const NEAR_RADII = 0.8;

/** Rows whose centres project into the picture or near it, so that a view uploads and sorts only its own splats. */
export function rowsInView(cloud: SplatCloud, camera: Camera): Uint32Array {
  const { worldToCamera: m, width, height, fx, fy, cx, cy } = camera;
  const p = cloud.positions;
  const rows = new Uint32Array(cloud.count);
  const x0 = -CONE_MARGIN * width;
  const x1 = (1 + CONE_MARGIN) * width;
  const y0 = -CONE_MARGIN * height;
  const y1 = (1 + CONE_MARGIN) * height;
  let n = 0;
  for (let i = 0; i < cloud.count; i++) {
    const x = p[i * 3]!;
    const y = p[i * 3 + 1]!;
    const z = p[i * 3 + 2]!;
    const depth = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!;
    if (!(depth > 0)) continue;
    const u = (fx * (m[0]! * x + m[4]! * y + m[8]! * z + m[12]!)) / depth + cx;
    const v = (fy * (m[1]! * x + m[5]! * y + m[9]! * z + m[13]!)) / depth + cy;
    if (u >= x0 && u < x1 && v >= y0 && v < y1) rows[n++] = i;
  }
  return rows.slice(0, n);
}

export interface LookOptions {
  seamPx: number;
}

/** Renders one camera's view of the scene without the object and finds the hole in it. */
export async function look(
  working: WorkingScene,
  camera: Camera,
  shape: ObjectShape,
  kernels: Kernels,
  options: LookOptions,
  signal?: AbortSignal,
): Promise<Look> {
  const rows = rowsInView(working.scene, camera);
  const cloud = concatSplats(takeSplats(working.scene, rows), working.added);
  const survivors = new Uint8Array(cloud.count).fill(1);
  const fills = new Uint8Array(cloud.count).fill(1, rows.length);
  const removed = new Uint8Array(cloud.count);
  const original = new Uint8Array(cloud.count).fill(1, 0, rows.length);
  rows.forEach((row, i) => {
    if (working.selection[row] !== 0) {
      survivors[i] = 0;
      removed[i] = 1;
    }
  });
  const renderer = await kernels.createRenderer(cloud);
  try {
    const view = await renderer.render(camera, { visible: survivors, marked: fills }, signal);
    const withObject = await renderer.render(
      camera,
      { visible: original, marked: removed },
      signal,
    );
    const footprint = footprintOf(withObject, options.seamPx);
    const covered = coveredPixels(view);
    const filled = filledPixels(view);
    const near = nearPixels(view.depthMedian, camera, shape, NEAR_RADII * shape.radius);
    const known = createMask(camera.width, camera.height);
    for (let i = 0; i < known.data.length; i++) {
      const believed = footprint.data[i] === 0 || filled.data[i] !== 0;
      if (covered.data[i] !== 0 && near.data[i] !== 0 && believed) known.data[i] = 1;
    }
    const completed = await kernels.complete(
      { depth: view.depthMedian, known, wanted: minus(footprint, known) },
      undefined,
      signal,
    );
    const depth = projectPoint(camera, shape.center).depth;
    const hole = findHole({
      view,
      footprint,
      completed: completed.depth,
      shape,
      filled,
      behind: Math.max(0.12 * shape.radius, (2 * depth) / camera.fx),
      reach: 0.15 * shape.radius + (2 * depth) / camera.fx,
      seamPx: options.seamPx,
    });
    return {
      camera,
      view,
      footprint,
      completed,
      near,
      hole,
      framed: framedShare(footprint, and(covered, near)),
    };
  } finally {
    renderer.destroy();
  }
}

/** Pixels that mostly show earlier fills. */
export function filledPixels(view: RenderedView): Mask {
  const mask = createMask(view.marked.width, view.marked.height);
  for (let i = 0; i < mask.data.length; i++) {
    if (view.marked.data[i]! > 0.5 * view.alpha.data[i]! && view.marked.data[i]! > 0.3)
      mask.data[i] = 1;
  }
  return mask;
}

export function minus(a: Mask, b: Mask): Mask {
  const out = createMask(a.width, a.height);
  for (let i = 0; i < out.data.length; i++)
    out.data[i] = a.data[i] !== 0 && b.data[i] === 0 ? 1 : 0;
  return out;
}

export function and(a: Mask, b: Mask): Mask {
  const out = createMask(a.width, a.height);
  for (let i = 0; i < out.data.length; i++)
    out.data[i] = a.data[i] !== 0 && b.data[i] !== 0 ? 1 : 0;
  return out;
}

/** Share of the outline (pixels just outside the mask) that is `known`. */
function framedShare(mask: Mask, known: Mask): number {
  const rim = minus(dilate(mask, 2), mask);
  const total = countMask(rim);
  return total === 0 ? 0 : countMask(and(rim, known)) / total;
}
