import type { Camera } from '../../core/camera.ts';
import type { Kernels, RenderedView } from '../../core/kernels.ts';
import { lookOnce } from '../../core/look-once.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import type { Selection } from '../../core/selection.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';

/** The scene as the line edits it: the input untouched, the fills beside it. */
export interface WorkingScene {
  scene: SplatCloud;
  selection: Selection;
  added: SplatCloud;
  /** Rows of the splats around the object, ascending: all that views of limited depth can hold. */
  nearRows: Uint32Array;
  /** The original scene as cameras saw it: no fill changes it. */
  originals: WeakMap<Camera, RenderedView>;
}

/** What the line's own cameras see lies within this many object radii of its centre (4.5 away, 6 on, a quarter beyond the picture: 9.5). */
const NEAR_RADII = 10;

export function createWorkingScene(
  scene: SplatCloud,
  selection: Selection,
  added: SplatCloud,
  shape: ObjectShape,
): WorkingScene {
  const [cx, cy, cz] = shape.center;
  const reach2 = (NEAR_RADII * shape.radius) ** 2;
  const p = scene.positions;
  const rows = new Uint32Array(scene.count);
  let n = 0;
  for (let i = 0; i < scene.count; i++) {
    const x = p[i * 3]! - cx;
    const y = p[i * 3 + 1]! - cy;
    const z = p[i * 3 + 2]! - cz;
    if (x * x + y * y + z * z <= reach2) rows[n++] = i;
  }
  return { scene, selection, added, nearRows: rows.slice(0, n), originals: new WeakMap() };
}

/** A scene of which nothing is taken away. */
export function wholeWorkingScene(scene: SplatCloud): WorkingScene {
  return {
    scene,
    selection: new Uint8Array(scene.count),
    added: takeSplats(scene, []),
    nearRows: new Uint32Array(0),
    originals: new WeakMap(),
  };
}

/** Splats whose centres project this far outside the picture may still reach into it, in picture widths. */
const CONE_MARGIN = 0.25;

/** Renders the survivors with the fills (marked), and the original scene with the removed object marked. */
export async function renderPair(
  working: WorkingScene,
  camera: Camera,
  maxDepth: number,
  kernels: Kernels,
  signal?: AbortSignal,
): Promise<{ view: RenderedView; withObject: RenderedView }> {
  const rows = rowsInView(working, camera, maxDepth);
  const cloud = concatSplats(takeSplats(working.scene, rows), working.added);
  const survivors = new Uint8Array(cloud.count).fill(1);
  const fills = new Uint8Array(cloud.count).fill(1, rows.length);
  const removed = new Uint8Array(cloud.count);
  const original = new Uint8Array(cloud.count).fill(1, 0, rows.length);
  rows.forEach((row, i) => {
    if (working.selection[row] === 0) return;
    survivors[i] = 0;
    removed[i] = 1;
  });
  const renderer = await kernels.createRenderer(cloud);
  try {
    const view = await renderer.render(camera, { visible: survivors, marked: fills }, signal);
    const withObject =
      working.originals.get(camera) ??
      (await renderer.render(camera, { visible: original, marked: removed }, signal));
    working.originals.set(camera, withObject);
    return { view, withObject };
  } finally {
    renderer.destroy();
  }
}

/** The survivors and earlier fills that a view can hold. */
export function survivorsInView(
  working: WorkingScene,
  camera: Camera,
  maxDepth: number,
): SplatCloud {
  const rows = rowsInView(working, camera, maxDepth).filter((row) => working.selection[row] === 0);
  return concatSplats(takeSplats(working.scene, rows), working.added);
}

/** Renders a view's survivors with the given new splats. */
export function renderMended(
  survivors: SplatCloud,
  splats: SplatCloud,
  camera: Camera,
  kernels: Kernels,
  signal?: AbortSignal,
): Promise<RenderedView> {
  return lookOnce(kernels, concatSplats(survivors, splats), camera, {}, signal);
}

/** Rows whose centres project into the picture or near it, so that a view uploads and sorts only its own splats. */
function rowsInView(
  { scene, nearRows }: WorkingScene,
  camera: Camera,
  maxDepth: number,
): Uint32Array {
  const near = Number.isFinite(maxDepth) ? nearRows : undefined;
  const count = near === undefined ? scene.count : near.length;
  const { worldToCamera: m, width, height, fx, fy, cx, cy } = camera;
  const p = scene.positions;
  const rows = new Uint32Array(count);
  const x0 = -CONE_MARGIN * width;
  const x1 = (1 + CONE_MARGIN) * width;
  const y0 = -CONE_MARGIN * height;
  const y1 = (1 + CONE_MARGIN) * height;
  let n = 0;
  for (let k = 0; k < count; k++) {
    const i = near === undefined ? k : near[k]!;
    const x = p[i * 3]!;
    const y = p[i * 3 + 1]!;
    const z = p[i * 3 + 2]!;
    const depth = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!;
    if (!(depth > 0 && depth < maxDepth)) continue;
    const u = (fx * (m[0]! * x + m[4]! * y + m[8]! * z + m[12]!)) / depth + cx;
    const v = (fy * (m[1]! * x + m[5]! * y + m[9]! * z + m[13]!)) / depth + cy;
    if (u >= x0 && u < x1 && v >= y0 && v < y1) rows[n++] = i;
  }
  return rows.slice(0, n);
}
