/** Either kind of GaussianSplats3D viewer as one thing: its camera, its canvas, and how a frame is drawn. */
import { mat4d, quatd } from 'wgpu-matrix';
import {
  type Camera,
  cameraAxes,
  cameraCenter,
  lensOf,
  unprojectPoint,
  type Vec3,
} from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import { engineCamera } from './engine-camera.ts';
import { sortNow } from './gaussian-splats-3d-load.ts';
import { lookThrough } from './gaussian-splats-3d-view.ts';
import type {
  DropInSplatViewer,
  SplatSceneOptions,
  SplatViewer,
  ThreeCamera,
  ThreeControls,
  ThreeObject,
  ThreeRenderer,
} from './gaussian-splats-3d-viewer.ts';

export interface StageOptions {
  /** For a DropInViewer: the renderer and the camera that draw your scene. */
  renderer?: ThreeRenderer;
  camera?: ThreeCamera;
  /** Draws one frame of your page into the renderer's canvas. Default: your scene as it is. */
  render?: () => void;
  /** The controls that move the camera, when they are not the viewer's own: framing and looking move their target. */
  controls?: ThreeControls;
  /** Where a viewer without a scene puts its first one; a scene that is there keeps its place. */
  place?: SplatSceneOptions;
}

export interface Stage {
  readonly viewer: SplatViewer;
  readonly canvas: HTMLCanvasElement;
  /** The cloud's frame to three.js's world, column-major. */
  cloudToWorld(): Float64Array;
  camera(): Camera;
  /** Takes the scene's place over after its splats were replaced. */
  replaced(): void;
  /** Draws a frame; the canvas can be read until the task ends. */
  draw(): void;
  /** The settled picture, on black where nothing is. */
  capture(): Promise<ImageBitmap>;
  /** Calls back in the frame after the view or the size changed. @returns stops it */
  watch(listener: () => void): () => void;
  frame(center: Vec3, radius: number): void;
  /** As `MendHost.look`. @throws SplatmendError `bad-camera` as `camera` does */
  look(camera: Camera, pivotDepth: number): void;
}

const NAME = 'GaussianSplats3D';
/** Room around a framed ball. */
const FRAME_MARGIN = 1.15;

const matrix = (m: ArrayLike<number>) => Float64Array.from(m);

/** A point (w 1) or a direction (w 0) through a matrix. */
function through(m: Float64Array, [x, y, z]: Vec3, w: 0 | 1): Vec3 {
  const at = (row: number) => m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]! * w;
  return [at(0), at(1), at(2)];
}

const scaleOf = (m: Float64Array) => Math.hypot(m[0]!, m[1]!, m[2]!);

const placed = ({ position, rotation, scale }: SplatSceneOptions): Float64Array => {
  const turned = mat4d.multiply(
    mat4d.translation([...(position ?? [0, 0, 0])]),
    mat4d.fromQuat(
      quatd.create(...((rotation ?? [0, 0, 0, 1]) as [number, number, number, number])),
    ),
  );
  return mat4d.scale(turned, [...(scale ?? [1, 1, 1])]) as Float64Array;
};

/** @throws SplatmendError `bad-option` for a viewer that the host cannot work on, saying what to change */
export function createStage(given: SplatViewer | DropInSplatViewer, options: StageOptions): Stage {
  const viewer = 'viewer' in given ? given.viewer : given;
  const bad = (why: string) => new SplatmendError('bad-option', `${NAME}: ${why}`);
  if (viewer.sharedMemoryForWorkers && !globalThis.crossOriginIsolated) {
    throw bad(
      'the page is not cross-origin isolated; make the viewer with sharedMemoryForWorkers: false',
    );
  }
  if (viewer.freeIntermediateSplatData) {
    throw bad(
      'marks need the data in memory; make the viewer with freeIntermediateSplatData: false',
    );
  }
  if (viewer.splatMesh.scenes.length > 1) {
    throw bad('the viewer shows several scenes; give the one to edit a viewer of its own');
  }
  if (viewer.dropInMode && (!options.renderer || !options.camera)) {
    throw bad('a DropInViewer does not know them: give the host your renderer and camera');
  }
  const renderer = () => (options.renderer ?? viewer.renderer)!;
  const threeCamera = () => (options.camera ?? viewer.camera)!;
  const controls = () => options.controls ?? viewer.controls ?? undefined;

  /** A static mesh has its scene's place baked into its splats, as it was then. */
  let baked = placed(options.place ?? {});

  const stage: Stage = {
    viewer,
    get canvas() {
      return renderer().domElement;
    },
    replaced() {
      const scene = viewer.splatMesh.scenes[0];
      if (!scene) return;
      scene.updateTransform(viewer.splatMesh.dynamicMode);
      baked = matrix(scene.transform.elements);
    },
    cloudToWorld() {
      const { splatMesh } = viewer;
      const scene = splatMesh.scenes[0];
      if (splatMesh.dynamicMode && scene) {
        scene.updateWorldMatrix(true, false);
        return matrix(scene.matrixWorld.elements);
      }
      splatMesh.updateWorldMatrix(true, false);
      return mat4d.multiply(
        matrix(splatMesh.matrixWorld.elements) as never,
        baked as never,
      ) as Float64Array;
    },
    camera() {
      const camera = threeCamera();
      camera.updateWorldMatrix(true, false);
      return engineCamera(
        {
          view: mat4d.inverse(matrix(camera.matrixWorld.elements) as never) as Float64Array,
          projection: camera.projectionMatrix.elements,
          cloudToWorld: stage.cloudToWorld(),
          rightHanded: true,
          width: stage.canvas.width,
          height: stage.canvas.height,
        },
        NAME,
        'take the negative scale out of their transform',
      );
    },
    draw() {
      if (options.render) options.render();
      else if (viewer.dropInMode) {
        let root: ThreeObject = given as DropInSplatViewer;
        while (root.parent) root = root.parent;
        renderer().render(root as never, threeCamera() as never);
      } else {
        viewer.updateForRendererSizeChanges();
        viewer.updateSplatMesh();
        viewer.render();
      }
    },
    async capture() {
      // A drop-in viewer learns of its camera and size as it draws.
      stage.draw();
      await sortNow(viewer);
      stage.draw();
      const { canvas } = stage;
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      copy.getContext('2d', { alpha: false })!.drawImage(canvas, 0, 0);
      return copy.transferToImageBitmap();
    },
    watch(listener) {
      const numbers = () => {
        const { elements } = threeCamera().matrixWorld;
        const { width, height } = stage.canvas;
        return [
          width,
          height,
          ...Array.from(elements),
          ...Array.from(threeCamera().projectionMatrix.elements),
          ...stage.cloudToWorld(),
        ];
      };
      let last = numbers();
      let request = requestAnimationFrame(function look() {
        request = requestAnimationFrame(look);
        if (viewer.isDisposingOrDisposed()) return;
        threeCamera().updateWorldMatrix(true, false);
        const now = numbers();
        if (now.every((v, i) => v === last[i])) return;
        last = now;
        listener();
      });
      return () => cancelAnimationFrame(request);
    },
    frame(center, radius) {
      const m = stage.cloudToWorld();
      const [x, y, z] = through(m, center, 1);
      const size = radius * scaleOf(m);
      const camera = threeCamera();
      camera.updateWorldMatrix(true, false);
      const p = camera.projectionMatrix.elements;
      const half = Math.atan(1 / Math.max(p[0]!, p[5]!));
      const distance = (FRAME_MARGIN * size) / Math.sin(half);
      const w = camera.matrixWorld.elements;
      // The third axis points back from what is looked at.
      const back = Math.hypot(w[8]!, w[9]!, w[10]!);
      const step = distance / back;
      camera.position.set(x + w[8]! * step, y + w[9]! * step, z + w[10]! * step);
      if (camera.near > distance - size || camera.far < distance + size) {
        camera.near = Math.min(camera.near, (distance - size) / 2);
        camera.far = Math.max(camera.far, (distance + size) * 2);
        camera.updateProjectionMatrix();
      }
      const moving = controls();
      moving?.target.set(x, y, z);
      moving?.update();
    },
    look(camera, pivotDepth) {
      // An orthographic view, or splats that are no cloud's, have no such look.
      stage.camera();
      const m = stage.cloudToWorld();
      const { right, down } = cameraAxes(camera);
      const along = (axis: Vec3, length: number) =>
        through(m, axis, 0).map((v) => (v * length) / scaleOf(m)) as unknown as Vec3;
      const target = unprojectPoint(camera, camera.cx, camera.cy, pivotDepth);
      const look = {
        eye: through(m, cameraCenter(camera), 1),
        target: through(m, target, 1),
        right: along(right, 1),
        up: along(down, -1),
      };
      lookThrough(threeCamera(), controls(), look, lensOf(camera));
    },
  };
  stage.replaced();
  return stage;
}
