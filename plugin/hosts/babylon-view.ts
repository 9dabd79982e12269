/** A Babylon scene's picture and view: taking it, watching it, moving it. */
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Camera as BabylonCamera } from '@babylonjs/core/Cameras/camera.js';
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Camera } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';

const CAPTURE_DEADLINE_MS = 60_000;

/**
 * The settled picture. Draws frames of its own until it is final, and reads the canvas in the task that drew
 * it: afterwards it may be empty.
 * @throws SplatmendError `internal` when it does not settle in time
 */
export async function captureScene(
  scene: Scene,
  canvas: HTMLCanvasElement,
  isSettled: () => boolean,
): Promise<ImageBitmap> {
  const engine = scene.getEngine();
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext('2d')!;
  const final = () => isSettled() && scene.isReady();
  const deadline = performance.now() + CAPTURE_DEADLINE_MS;
  while (performance.now() < deadline) {
    const wasFinal = final();
    engine.beginFrame();
    scene.render();
    engine.endFrame();
    // Drawing may find that the camera moved, and ask for another order.
    if (wasFinal && final()) {
      context.drawImage(canvas, 0, 0);
      return copy.transferToImageBitmap();
    }
    while (!final() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  throw new SplatmendError(
    'internal',
    'Babylon: the picture did not become final within a minute; is the tab hidden?',
  );
}

/** Calls back after a frame that was seen from another place, or in another size, than the one before. */
export function watchView(scene: Scene, camera: () => Camera, listener: () => void): () => void {
  const numbers = () => {
    if (!scene.activeCamera) return [];
    const { width, height, fx, fy, cx, cy, worldToCamera } = camera();
    return [width, height, fx, fy, cx, cy, ...worldToCamera];
  };
  let last = numbers();
  const observer = scene.onAfterRenderObservable.add(() => {
    const now = numbers();
    if (now.length === last.length && now.every((v, i) => v === last[i])) return;
    last = now;
    listener();
  });
  return () => scene.onAfterRenderObservable.remove(observer);
}

/** Room around a framed ball. */
const FRAME_MARGIN = 1.15;

/** Moves a camera without a parent, along the way it looks, to where a ball of Babylon's world fills the picture. */
export function frameBall(camera: BabylonCamera, center: Vector3, radius: number): void {
  const { width, height } = {
    width: camera.getEngine().getRenderWidth(),
    height: camera.getEngine().getRenderHeight(),
  };
  const half = Math.atan(Math.tan(camera.fov / 2) * Math.min(1, width / height));
  const distance = (FRAME_MARGIN * radius) / Math.sin(half);
  if (camera instanceof ArcRotateCamera) {
    camera.setTarget(center.clone(), false, false, true);
    camera.radius = distance;
  } else {
    // Along the way it looks, so that it keeps its rotation, roll and all.
    const forward = Vector3.TransformNormal(Vector3.Forward(), camera.getWorldMatrix()).normalize();
    camera.position.copyFrom(center.subtract(forward.scale(distance)));
  }
  camera.minZ = Math.min(camera.minZ, Math.max(distance - radius, distance * 0.02) / 2);
  // 0 is Babylon's infinity.
  if (camera.maxZ !== 0) camera.maxZ = Math.max(camera.maxZ, (distance + radius) * 2);
}

/**
 * Puts a camera without a parent at an eye of Babylon's world and turns it to a target, upright, so that all of the given angles shows.
 * @param lens tangents of the half angles to see, to the sides and up and down
 */
export function lookThrough(
  camera: BabylonCamera,
  { eye, target }: { eye: Vector3; target: Vector3 },
  lens: { tanX: number; tanY: number },
): void {
  const engine = camera.getEngine();
  const aspect = engine.getRenderWidth() / Math.max(1, engine.getRenderHeight());
  const tanY = Math.max(lens.tanY, lens.tanX / aspect);
  const sideways = camera.fovMode === BabylonCamera.FOVMODE_HORIZONTAL_FIXED;
  camera.fov = 2 * Math.atan(sideways ? tanY * aspect : tanY);
  if (camera instanceof ArcRotateCamera) {
    camera.setTarget(target.clone(), false, false, true);
    camera.setPosition(eye);
  } else {
    camera.position.copyFrom(eye);
    if (camera instanceof TargetCamera) camera.setTarget(target);
  }
  const distance = Vector3.Distance(eye, target);
  camera.minZ = Math.min(camera.minZ, distance * 0.02);
  // 0 is Babylon's infinity.
  if (camera.maxZ !== 0) camera.maxZ = Math.max(camera.maxZ, distance * 100);
}
