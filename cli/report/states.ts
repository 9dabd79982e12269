/** One renderer for the scene before, with the object only deleted, and mended. */
import type { Camera } from '../../core/camera.ts';
import type { Kernels, RenderedView } from '../../core/kernels.ts';
import { deletedRows } from '../../core/patch.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import { concatSplats, type SplatCloud } from '../../core/splat-cloud.ts';

export const STATES = ['before', 'deleted', 'mended'] as const;
export type State = (typeof STATES)[number];

/** Grey, so that a black object and a hole differ. */
const BACKGROUND = [0.35, 0.35, 0.35] as const;

export interface StateRenderer {
  render(camera: Camera, state: State, signal?: AbortSignal): Promise<RenderedView>;
  /** How much of the fill (of the removed object, when nothing was added) a camera shows, in pixels of a picture with a longer side of 160. */
  seen(camera: Camera, signal?: AbortSignal): Promise<number>;
  destroy(): void;
}

/** Uploads scene and fill as one cloud and shows or hides rows: three states for one upload. */
export async function createStateRenderer(
  kernels: Kernels,
  scene: SplatCloud,
  { patch, lit = new Uint32Array() }: Pick<RemoveResult, 'patch' | 'lit'>,
): Promise<StateRenderer> {
  const all = concatSplats(scene, patch.added);
  const before = new Uint8Array(all.count).fill(1, 0, scene.count);
  const deleted = before.slice();
  const gone = deletedRows({ patch, lit });
  for (const row of gone) deleted[row] = 0;
  const mended = deleted.slice().fill(1, scene.count);
  for (const row of lit) mended[row] = 0;
  const visible: Record<State, Uint8Array> = { before, deleted, mended };
  const marked = new Uint8Array(all.count);
  const fill = scene.count + lit.length;
  if (fill < all.count) marked.fill(1, fill);
  else for (const row of gone) marked[row] = 1;

  const renderer = await kernels.createRenderer(all);
  return {
    render: (camera, state, signal) =>
      renderer.render(camera, { visible: visible[state], background: BACKGROUND }, signal),
    async seen(camera, signal) {
      const factor = 160 / Math.max(camera.width, camera.height);
      const small: Camera = {
        ...camera,
        width: Math.max(1, Math.round(camera.width * factor)),
        height: Math.max(1, Math.round(camera.height * factor)),
        fx: camera.fx * factor,
        fy: camera.fy * factor,
        cx: camera.cx * factor,
        cy: camera.cy * factor,
      };
      const state = fill < all.count ? mended : before;
      const view = await renderer.render(small, { visible: state, marked }, signal);
      return view.marked.data.reduce((sum, v) => sum + v, 0);
    },
    destroy: () => renderer.destroy(),
  };
}
