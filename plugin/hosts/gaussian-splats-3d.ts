import { SplatmendError } from '../../core/errors.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { CloudChange, MendHost, ShownMarks } from '../host.ts';
import { type CloudPair, markedColours, pairClouds } from './cloud-pair.ts';
import { packSplatBuffer, readMeshCloud, shownCount } from './gaussian-splats-3d-buffer.ts';
import { putColours, replaceSplats, shownColours } from './gaussian-splats-3d-load.ts';
import { createStage, type StageOptions } from './gaussian-splats-3d-stage.ts';
import type { DropInSplatViewer, SplatViewer } from './gaussian-splats-3d-viewer.ts';
import { MARK_LOOKS, type MarkLooks, ownMarks } from './mark-colours.ts';
import { packColours } from './splat-buffer.ts';

export interface GaussianSplats3DHostOptions extends Partial<MarkLooks>, StageOptions {
  /**
   * The cloud to begin with. Where the viewer shows a scene already: the float table of that scene, row i its
   * splat i (load it with `optimizeSplatData: false`, which keeps the file's order). Without it what the viewer
   * shows is what there is to edit, in 8-bit colours.
   */
  cloud?: SplatCloud;
  /** Asks your page for a frame. Default: the viewer's `forceRenderNextFrame`. */
  requestRender?: () => void;
}
export const GAUSSIAN_SPLATS_3D_HOST_DEFAULTS = { ...MARK_LOOKS };

/**
 * A host on a `Viewer` or `DropInViewer` of @mkkellogg/gaussian-splats-3d 0.4. It has the viewer for itself: one
 * scene, replaced at every edit, in the place where it stands. The viewer shows harmonics up to its own
 * `sphericalHarmonicsDegree` (2 at most; the cloud keeps 3). While the host lives a click no longer turns the
 * viewer towards what was clicked, since clicks select.
 * @throws SplatmendError `bad-option` for a viewer or options that it cannot work with
 */
export function createGaussianSplats3DHost(
  given: SplatViewer | DropInSplatViewer,
  options: GaussianSplats3DHostOptions = {},
): MendHost {
  const stage = createStage(given, options);
  const { viewer } = stage;
  const looks: MarkLooks = {
    tint: options.tint ?? MARK_LOOKS.tint,
    tintAmount: options.tintAmount ?? MARK_LOOKS.tintAmount,
  };
  let cloud: SplatCloud | undefined;
  /** While an edit is looked at from both sides: one table holds them, and `cloud` is the side that shows. */
  let pair: CloudPair | undefined;
  /** The cloud that `proposal` edits start from, whichever side shows. */
  let accepted: SplatCloud | undefined;
  /** RGBA8 of the table in the viewer, without marks. */
  let colours: Uint8Array = new Uint8Array();
  let marks: ShownMarks = {};
  /** The table is on its way into the viewer: colours are put there with it. */
  let filling = false;
  /** Clouds are shown one after another. */
  let tail: Promise<unknown> = Promise.resolve();

  const requestRender = () => {
    if (options.requestRender) options.requestRender();
    else viewer.forceRenderNextFrame();
  };

  function paint(): void {
    if (cloud === undefined) return;
    putColours(viewer.splatMesh, markedColours(colours, cloud, pair, marks, looks));
  }

  function repaint(): void {
    if (!filling) paint();
    requestRender();
  }

  async function show(next: SplatCloud, change: CloudChange): Promise<void> {
    if (pair !== undefined && (next === pair.before || next === pair.after)) {
      cloud = next;
      if (change.kind === 'accept') accepted = next;
      repaint();
      return;
    }
    filling = true;
    try {
      await fill(next, change);
    } finally {
      filling = false;
    }
    requestRender();
  }

  async function fill(next: SplatCloud, change: CloudChange): Promise<void> {
    let both: CloudPair | undefined;
    if (change.kind === 'proposal' && accepted !== undefined && change.removed !== undefined) {
      both = await pairClouds(accepted, next, change.removed, change.added ?? 0);
    }
    const table = both?.table ?? next;
    const packed = await packColours(table);
    const buffer = await packSplatBuffer(table, viewer.sphericalHarmonicsDegree);
    // A drop-in viewer has neither size nor camera before its first frame, and cannot sort.
    if (!viewer.initialized) stage.draw();
    const kept = viewer.splatMesh.sceneOptions?.[0] ?? options.place;
    await replaceSplats(viewer, buffer, { ...kept, splatAlphaRemovalThreshold: 1 }, () => {
      cloud = next;
      pair = both;
      if (both === undefined && change.kind !== 'compare') accepted = next;
      colours = packed;
      stage.replaced();
      paint();
    });
  }

  const clicked = viewer.onMouseClick;
  viewer.onMouseClick = () => {};

  if (viewer.splatMesh.scenes.length > 0) {
    const shown = shownCount(viewer.splatMesh);
    if (options.cloud && options.cloud.count !== shown) {
      throw new SplatmendError(
        'bad-option',
        `GaussianSplats3D: the viewer shows ${shown} splats, the cloud has ${options.cloud.count}; give the cloud of the scene it shows, or none`,
      );
    }
    cloud = options.cloud ?? readMeshCloud(viewer.splatMesh);
    accepted = cloud;
    colours = shownColours(viewer.splatMesh);
  }

  const host: MendHost = {
    name: 'GaussianSplats3D',
    get element() {
      return stage.canvas;
    },
    readCloud: () => cloud,
    currentCamera: () => stage.camera(),
    pixelAt(clientX, clientY) {
      const { canvas } = stage;
      const box = canvas.getBoundingClientRect();
      const x = ((clientX - box.left) / box.width) * canvas.width;
      const y = ((clientY - box.top) / box.height) * canvas.height;
      const inside = x >= 0 && y >= 0 && x < canvas.width && y < canvas.height;
      return inside ? { x, y } : undefined;
    },
    showCloud(next, change) {
      marks = {};
      const shown = tail.then(() => show(next, change));
      tail = shown.catch(() => undefined);
      return shown;
    },
    showMarks(next) {
      const had = Object.keys(marks).length > 0;
      marks = ownMarks(next);
      if (had || Object.keys(marks).length > 0) repaint();
    },
    requestRender,
    async capture() {
      await tail;
      return stage.capture();
    },
    onViewChange: (listener) => stage.watch(listener),
    frame(center, radius) {
      stage.frame(center, radius);
      requestRender();
    },
    dispose() {
      viewer.onMouseClick = clicked;
      marks = {};
      if (!viewer.isDisposingOrDisposed()) repaint();
    },
  };
  if (cloud === undefined && options.cloud !== undefined) {
    cloud = options.cloud;
    void host.showCloud(cloud, { kind: 'open' });
  }
  return host;
}
