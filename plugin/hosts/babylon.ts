import type { Camera as BabylonCamera } from '@babylonjs/core/Cameras/camera.js';
import '@babylonjs/core/Materials/GaussianSplatting/gaussianSplattingMaterial.js';
import type { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { GaussianSplattingMesh } from '@babylonjs/core/Meshes/GaussianSplatting/gaussianSplattingMesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Camera, Vec3 } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { CloudChange, MendHost } from '../host.ts';
import { coreCameraOf, uprightRotation } from './babylon-camera.ts';
import { type CloudPair, hideOthers, pairClouds, rowsOf } from './cloud-pair.ts';
import { packColours, packRows, packSh, tintSelected } from './splat-buffer.ts';

export interface BabylonHostOptions {
  /** The cloud to begin with. */
  cloud?: SplatCloud;
  /** Which way is up in the cloud's frame; it becomes Babylon's +y. Default (0, −1, 0), the usual of PLY captures. */
  up?: Vec3;
  /** RGB 0..255 that selected splats are mixed with. */
  tint?: readonly [number, number, number];
  /** Share of the tint, 0..1. */
  tintAmount?: number;
  /** Asks the viewer for a frame. Default: nothing, for viewers that draw all the time. */
  requestRender?: () => void;
}
export const BABYLON_HOST_DEFAULTS = {
  up: [0, -1, 0] as Vec3,
  // Magenta: the colour that captured rooms and gardens hold least of.
  tint: [255, 40, 190] as const,
  tintAmount: 0.55,
};

export interface BabylonHost extends MendHost {
  /** The mesh that shows the cloud; undefined before the first cloud. */
  readonly mesh: GaussianSplattingMesh | undefined;
  /** Turns the shown cloud so that this direction of its frame is up on screen. */
  setUp(up: Vec3): void;
  /** A point of the cloud's frame in Babylon's world. */
  toBabylon(p: Vec3): Vector3;
  /** Whether the shown order of the splats belongs to the current camera and cloud: the next frame is final. */
  readonly settled: boolean;
}

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
  const tint = options.tint ?? BABYLON_HOST_DEFAULTS.tint;
  const tintAmount = options.tintAmount ?? BABYLON_HOST_DEFAULTS.tintAmount;
  let up = options.up ?? BABYLON_HOST_DEFAULTS.up;
  let cloud: SplatCloud | undefined;
  let mesh: GaussianSplattingMesh | undefined;
  /** While an edit is looked at from both sides: one table holds them, and `cloud` is the side that shows. */
  let pair: CloudPair | undefined;
  /** RGBA8 of the table in the mesh, without tint. */
  let colours: Uint8Array = new Uint8Array();
  let selection: Selection | undefined;
  /** The tint has to be put on again once Babylon has swapped its textures. */
  let coloursStale = false;

  const requestRender = () => options.requestRender?.();

  function orient(): void {
    if (mesh === undefined) return;
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

  function shownColours(): Uint8Array {
    if (cloud === undefined || (selection === undefined && pair === undefined)) return colours;
    const out = colours.slice();
    const rows = pair && rowsOf(pair, cloud);
    if (selection !== undefined) tintSelected(out, selection, tint, tintAmount, rows);
    if (pair !== undefined) hideOthers(pair, cloud, out);
    return out;
  }

  /** Writes the colour texture alone: a few milliseconds for a million splats. */
  function uploadColours(): void {
    const texture = mesh?.colorsTexture as RawTexture | null | undefined;
    if (!texture) return;
    const size = texture.getSize();
    const data = new Uint8Array(size.width * size.height * 4);
    data.set(shownColours());
    texture.update(data);
  }

  function isSettled(): boolean {
    const state = mesh as unknown as SortState | undefined;
    if (state === undefined) return true;
    return state._isDepthSortSettled && state._delayedTextureUpdate === null;
  }

  const beforeRender = scene.onBeforeRenderObservable.add(() => {
    if (!coloursStale || !isSettled()) return;
    coloursStale = false;
    uploadColours();
  });

  /** Colours change at once, unless new splats are on their way into the textures: then once they are there. */
  function refreshColours(): void {
    if (isSettled()) uploadColours();
    else coloursStale = true;
    requestRender();
  }

  function show(next: SplatCloud, change: CloudChange): void {
    const before = cloud;
    cloud = next;
    selection = undefined;
    if (pair !== undefined && (next === pair.before || next === pair.after)) {
      refreshColours();
      return;
    }
    pair = undefined;
    if (change.kind === 'proposal' && before !== undefined && change.removed !== undefined) {
      pair = pairClouds(before, next, change.removed, change.added ?? 0);
    }
    fill(pair?.table ?? next);
  }

  /** Puts a table into the mesh, reusing what fits. */
  function fill(table: SplatCloud): void {
    coloursStale = false;
    if (table.count === 0) {
      mesh?.dispose();
      mesh = undefined;
      requestRender();
      return;
    }
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
    colours = packColours(table);
    const rows = packRows(table, shownColours());
    mesh.updateData(rows, packSh(table), { flipY: false }, undefined, table.shDegree);
    requestRender();
  }

  const host: BabylonHost = {
    name: 'Babylon',
    get mesh() {
      return mesh;
    },
    get settled() {
      return isSettled();
    },
    readCloud: () => cloud,
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
      const canvas = scene.getEngine().getRenderingCanvas();
      if (canvas === null) return undefined;
      const box = canvas.getBoundingClientRect();
      const x = ((clientX - box.left) / box.width) * scene.getEngine().getRenderWidth();
      const y = ((clientY - box.top) / box.height) * scene.getEngine().getRenderHeight();
      const inside =
        x >= 0 &&
        y >= 0 &&
        x < scene.getEngine().getRenderWidth() &&
        y < scene.getEngine().getRenderHeight();
      return inside ? { x, y } : undefined;
    },
    showCloud: show,
    highlight(next) {
      const wanted = next?.some((v) => v !== 0) ? next.slice() : undefined;
      if (wanted === undefined && selection === undefined) return;
      selection = wanted;
      refreshColours();
    },
    requestRender,
    setUp(next) {
      up = next;
      orient();
      requestRender();
    },
    toBabylon(p) {
      const [x, y, z] = p;
      const m = mesh?.computeWorldMatrix(true).m ?? worldOf(up);
      return new Vector3(
        m[0]! * x + m[4]! * y + m[8]! * z + m[12]!,
        m[1]! * x + m[5]! * y + m[9]! * z + m[13]!,
        m[2]! * x + m[6]! * y + m[10]! * z + m[14]!,
      );
    },
    dispose() {
      scene.onBeforeRenderObservable.remove(beforeRender);
      mesh?.dispose();
      mesh = undefined;
    },
  };
  if (options.cloud !== undefined) show(options.cloud, { kind: 'open' });
  return host;
}

/** The mesh's world matrix before there is a mesh: the flip, then the turn. */
function worldOf(up: Vec3): ArrayLike<number> {
  return Matrix.Compose(new Vector3(1, -1, 1), uprightRotation(up), Vector3.Zero()).m;
}
