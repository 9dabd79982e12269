import type { Camera as BabylonCamera } from '@babylonjs/core/Cameras/camera.js';
import '@babylonjs/core/Materials/GaussianSplatting/gaussianSplattingMaterial.js';
import type { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { GaussianSplattingMesh } from '@babylonjs/core/Meshes/GaussianSplatting/gaussianSplattingMesh.js';
import { GaussianSplattingMeshBase } from '@babylonjs/core/Meshes/GaussianSplatting/gaussianSplattingMeshBase.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { type Camera, cameraCenter, lensOf, unprojectPoint, type Vec3 } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { MendHost } from '../host.ts';
import { coreCameraOf, uprightRotation } from './babylon-camera.ts';
import { readMeshCloud } from './babylon-mesh.ts';
import { captureScene, frameBall, lookThrough, watchView } from './babylon-view.ts';
import { MARK_LOOKS, type MarkLooks } from './mark-colours.ts';
import { pixelWithin, ShownCloud } from './shown-cloud.ts';
import { packColours, packRows, packSh } from './splat-buffer.ts';

export interface BabylonHostOptions extends Partial<MarkLooks> {
  /** The cloud to begin with; with `mesh`, the float table that the mesh shows (row i is its splat i). */
  cloud?: SplatCloud;
  /**
   * A mesh of yours that shows splats already: it is edited where it is, keeps its transform, and stays
   * yours. Without `cloud` its 8-bit display data is what there is to edit (load it with `keepInRam: true`).
   */
  mesh?: GaussianSplattingMesh;
  /** Which way is up in the cloud's frame; it becomes Babylon's +y. Default (0, −1, 0), the usual of PLY captures. Not used with `mesh`. */
  up?: Vec3;
  /** Asks the viewer for a frame. Default: nothing, for viewers that draw all the time. */
  requestRender?: () => void;
}
export const BABYLON_HOST_DEFAULTS = { up: [0, -1, 0] as Vec3, ...MARK_LOOKS };

export interface BabylonHost extends MendHost {
  /** The mesh that shows the cloud; undefined before the first cloud. */
  readonly mesh: GaussianSplattingMesh | undefined;
  /** Turns the shown cloud so that this direction of its frame is up on screen; not for a mesh of yours. */
  setUp(up: Vec3): void;
  readonly up: Vec3;
  /** A point of the cloud's frame in Babylon's world. */
  toBabylon(p: Vec3): Vector3;
  /** Whether the shown order of the splats belongs to the current camera and cloud: the next frame is final. */
  readonly settled: boolean;
}

/**
 * Splats that Babylon takes in before it looks at the clock, a few milliseconds' worth. Its own number, 327,680,
 * holds the page for 100 ms and more at a time.
 */
const BABYLON_BATCH = 1 << 14;

/** The few fields behind Babylon's public face that say whether its sort worker is done. */
interface SortState {
  _isDepthSortSettled: boolean;
  _delayedTextureUpdate: unknown;
}

/**
 * Shows a SplatCloud in a Babylon scene through a GaussianSplattingMesh of its own, fed from the float table.
 * Left-handed scenes only (Babylon's default): in a right-handed one the flip would mirror the cloud.
 */
export function createBabylonHost(scene: Scene, options: BabylonHostOptions = {}): BabylonHost {
  if (scene.useRightHandedSystem) {
    throw new SplatmendError(
      'bad-camera',
      'Babylon: the scene is right-handed; use the default left-handed system',
    );
  }
  const adopted = options.mesh;
  /** A mesh keeps the SH degree that it was made with. */
  const adoptedDegree = adopted?.maxShDegree;
  let up = options.up ?? BABYLON_HOST_DEFAULTS.up;
  let mesh = adopted;
  const shown = new ShownCloud({ fill, repaint: refreshColours }, options);
  /** The marks have to be put on again once Babylon has swapped its textures. */
  let coloursStale = false;

  const requestRender = () => options.requestRender?.();

  function orient(): void {
    if (mesh === undefined || adopted !== undefined) return;
    mesh.scaling.set(1, -1, 1);
    mesh.rotationQuaternion = uprightRotation(up);
    mesh.computeWorldMatrix(true);
  }

  function activeCamera(): BabylonCamera {
    const camera = scene.activeCamera;
    if (camera === null) {
      throw new SplatmendError(
        'bad-camera',
        'Babylon: the scene has no active camera; set scene.activeCamera',
      );
    }
    return camera;
  }

  /** Writes the colour texture alone: a few milliseconds for a million splats. */
  function uploadColours(): void {
    const texture = mesh?.colorsTexture as RawTexture | null | undefined;
    if (!texture) return;
    const size = texture.getSize();
    const data = new Uint8Array(size.width * size.height * 4);
    data.set(shown.painted());
    texture.update(data);
  }

  function isSettled(): boolean {
    const state = mesh as unknown as SortState | undefined;
    if (shown.waiting > 0) return false;
    if (state === undefined) return true;
    return state._isDepthSortSettled && state._delayedTextureUpdate === null;
  }

  const beforeRender = scene.onBeforeRenderObservable.add(() => {
    if (!coloursStale || !isSettled() || shown.colours.length === 0) return;
    coloursStale = false;
    uploadColours();
  });

  /** Colours change at once, unless new splats are on their way into the textures: then once they are there. */
  function refreshColours(): void {
    if (isSettled() && shown.colours.length > 0) uploadColours();
    else coloursStale = true;
    requestRender();
  }

  /** Puts a table into the mesh, reusing what fits. */
  async function fill(table: SplatCloud, adopt: () => void): Promise<void> {
    coloursStale = false;
    // Babylon takes the colours with the rows.
    adopt();
    if (table.count === 0) {
      if (adopted) adopted.isVisible = false;
      else {
        mesh?.dispose();
        mesh = undefined;
      }
      return;
    }
    const rows = await packRows(table, shown.painted());
    const degree = adoptedDegree ?? table.shDegree;
    const sh = await packSh(table, degree);
    const into = meshFor(table);
    (GaussianSplattingMeshBase as unknown as { _SplatBatchSize: number })._SplatBatchSize =
      BABYLON_BATCH;
    await into.updateDataAsync(rows, sh, undefined, degree);
    if (adopted) adopted.isVisible = true;
  }

  function meshFor(table: SplatCloud): GaussianSplattingMesh {
    if (adopted) return adopted;
    // Babylon keeps its SH textures' number for a mesh's life; another degree needs another mesh.
    if (mesh !== undefined && mesh.maxShDegree !== table.shDegree) {
      mesh.dispose();
      mesh = undefined;
    }
    if (mesh === undefined) {
      mesh = new GaussianSplattingMesh('splatmend', null, scene, false);
      mesh.isPickable = false;
      mesh.alwaysSelectAsActiveMesh = true;
      orient();
    }
    return mesh;
  }

  function canvasOf(): HTMLCanvasElement {
    const canvas = scene.getEngine().getRenderingCanvas();
    if (canvas) return canvas;
    throw new SplatmendError('bad-option', 'Babylon: the engine has no canvas to work on');
  }

  function toBabylon(p: Vec3): Vector3 {
    const [x, y, z] = p;
    const m = mesh?.computeWorldMatrix(true).m ?? worldOf(up);
    return new Vector3(
      m[0]! * x + m[4]! * y + m[8]! * z + m[12]!,
      m[1]! * x + m[5]! * y + m[9]! * z + m[13]!,
      m[2]! * x + m[6]! * y + m[10]! * z + m[14]!,
    );
  }

  const host: BabylonHost = {
    name: 'Babylon',
    get mesh() {
      return mesh;
    },
    get element() {
      return canvasOf();
    },
    get settled() {
      return isSettled();
    },
    readCloud: () => shown.cloud,
    currentCamera(): Camera {
      const camera = activeCamera();
      const engine = scene.getEngine();
      const world = mesh?.computeWorldMatrix(true).m;
      return coreCameraOf({
        view: camera.getViewMatrix(true).m,
        projection: camera.getProjectionMatrix(true).m,
        meshWorld: world ?? worldOf(up),
        rightHanded: false,
        width: engine.getRenderWidth(),
        height: engine.getRenderHeight(),
      });
    },
    pixelAt(clientX, clientY) {
      const engine = scene.getEngine();
      const canvas = engine.getRenderingCanvas();
      const size = { width: engine.getRenderWidth(), height: engine.getRenderHeight() };
      return canvas ? pixelWithin(canvas, size, clientX, clientY) : undefined;
    },
    showCloud: (next, change) => shown.show(next, change).finally(requestRender),
    showMarks: (marks) => shown.mark(marks),
    capture: () => captureScene(scene, canvasOf(), isSettled),
    onViewChange: (listener) => watchView(scene, () => host.currentCamera(), listener),
    frame(center, radius) {
      const world = toBabylon(center);
      const edge = toBabylon([center[0] + radius, center[1], center[2]]);
      frameBall(activeCamera(), world, Vector3.Distance(world, edge));
      requestRender();
    },
    look(camera, pivotDepth) {
      const { cx, cy } = camera;
      const target = toBabylon(unprojectPoint(camera, cx, cy, pivotDepth));
      lookThrough(activeCamera(), { eye: toBabylon(cameraCenter(camera)), target }, lensOf(camera));
      requestRender();
    },
    requestRender,
    get up() {
      return up;
    },
    setUp(next) {
      up = next;
      orient();
      requestRender();
    },
    toBabylon,
    dispose() {
      scene.onBeforeRenderObservable.remove(beforeRender);
      if (adopted) {
        shown.mark({});
        // At once: nobody listens any more for when Babylon's sort is done.
        if (!adopted.isDisposed() && shown.waiting === 0 && shown.colours.length > 0)
          uploadColours();
        return;
      }
      mesh?.dispose();
      mesh = undefined;
    },
  };
  if (adopted) {
    const cloud = options.cloud ?? readMeshCloud(adopted);
    shown.begin(cloud);
    void packColours(cloud).then((packed) => {
      // Unless another cloud was shown meanwhile.
      if (shown.colours.length === 0) shown.colours = packed;
    });
  } else if (options.cloud !== undefined) {
    // A mender asks for it at once.
    shown.begin(options.cloud);
    void host.showCloud(options.cloud, { kind: 'open' });
  }
  return host;
}

/** The mesh's world matrix before there is a mesh: the flip, then the turn. */
function worldOf(up: Vec3): ArrayLike<number> {
  return Matrix.Compose(new Vector3(1, -1, 1), uprightRotation(up), Vector3.Zero()).m;
}
