import { SplatmendError } from '../../core/errors.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { MendHost } from '../host.ts';
import { packSplatBuffer, readMeshCloud, shownCount } from './gaussian-splats-3d-buffer.ts';
import { putColours, replaceSplats, shownColours } from './gaussian-splats-3d-load.ts';
import { createStage, type StageOptions } from './gaussian-splats-3d-stage.ts';
import type { DropInSplatViewer, SplatViewer } from './gaussian-splats-3d-viewer.ts';
import { MARK_LOOKS, type MarkLooks } from './mark-colours.ts';
import { pixelWithin, ShownCloud } from './shown-cloud.ts';

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
  const shown = new ShownCloud({ fill, repaint }, options);

  const requestRender = () => {
    if (options.requestRender) options.requestRender();
    else viewer.forceRenderNextFrame();
  };

  function paint(): void {
    if (shown.cloud !== undefined) putColours(viewer.splatMesh, shown.painted());
  }

  function repaint(): void {
    // A table on its way into the viewer brings its colours with it.
    if (!shown.filling) paint();
    requestRender();
  }

  async function fill(table: SplatCloud, adopt: () => void): Promise<void> {
    const buffer = await packSplatBuffer(table, viewer.sphericalHarmonicsDegree);
    // A drop-in viewer has neither size nor camera before its first frame, and cannot sort.
    if (!viewer.initialized) stage.draw();
    const kept = viewer.splatMesh.sceneOptions?.[0] ?? options.place;
    await replaceSplats(viewer, buffer, { ...kept, splatAlphaRemovalThreshold: 1 }, () => {
      adopt();
      stage.replaced();
      paint();
    });
  }

  const clicked = viewer.onMouseClick;
  viewer.onMouseClick = () => {};

  if (viewer.splatMesh.scenes.length > 0) {
    const count = shownCount(viewer.splatMesh);
    if (options.cloud && options.cloud.count !== count) {
      throw new SplatmendError(
        'bad-option',
        `GaussianSplats3D: the viewer shows ${count} splats, the cloud has ${options.cloud.count}; give the cloud of the scene it shows, or none`,
      );
    }
    shown.begin(options.cloud ?? readMeshCloud(viewer.splatMesh));
    shown.colours = shownColours(viewer.splatMesh);
  }

  const host: MendHost = {
    name: 'GaussianSplats3D',
    get element() {
      return stage.canvas;
    },
    readCloud: () => shown.cloud,
    currentCamera: () => stage.camera(),
    pixelAt: (clientX, clientY) => pixelWithin(stage.canvas, stage.canvas, clientX, clientY),
    showCloud: (next, change) => shown.show(next, change).finally(requestRender),
    showMarks: (marks) => shown.mark(marks),
    requestRender,
    async capture() {
      await shown.settled();
      return stage.capture();
    },
    onViewChange: (listener) => stage.watch(listener),
    frame(center, radius) {
      stage.frame(center, radius);
      requestRender();
    },
    look(camera, pivotDepth) {
      stage.look(camera, pivotDepth);
      requestRender();
    },
    dispose() {
      viewer.onMouseClick = clicked;
      if (!viewer.isDisposingOrDisposed()) shown.mark({});
    },
  };
  if (shown.cloud === undefined && options.cloud !== undefined) {
    // A mender asks for it at once.
    shown.begin(options.cloud);
    void host.showCloud(options.cloud, { kind: 'open' });
  }
  return host;
}
