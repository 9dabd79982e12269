import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine as BabylonEngine } from '@babylonjs/core/Engines/engine.js';
import { SceneLoader } from '@babylonjs/core/Loading/sceneLoader.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/SPLAT/splatFileLoader.js';
import { FOCAL } from '../../views.ts';
import { addCanvas, type Engine, fieldOfView, readGl, type Size, until } from '../engine.ts';

/** What of the mesh's sorting is asked for: it sorts in a worker and tells nobody. */
interface Sorting {
  _postToWorker(forced: boolean): void;
  _isDepthSortSettled: boolean;
}

export async function createBabylon(url: string, size: Size): Promise<Engine> {
  const canvas = addCanvas(size);
  const engine = new BabylonEngine(canvas, false, { preserveDrawingBuffer: false });
  const scene = new Scene(engine);
  scene.useRightHandedSystem = true;
  scene.clearColor = new Color4(0, 0, 0, 1);
  const camera = new FreeCamera('camera', Vector3.Zero(), scene);
  camera.minZ = 0.01;
  camera.maxZ = 100;
  camera.fov = fieldOfView(size, FOCAL);
  const { meshes } = await SceneLoader.ImportMeshAsync('', '', url, scene, undefined, '.ply');
  const mesh = meshes.find((m) => '_postToWorker' in m)!;
  // The file's own frame, as all others show it.
  mesh.scaling.setAll(1);
  mesh.rotation.setAll(0);
  mesh.computeWorldMatrix(true);
  const sorting = mesh as unknown as Sorting;
  const gl = canvas.getContext('webgl2')!;
  return {
    name: `Babylon.js ${BabylonEngine.Version}, WebGL2`,
    async draw({ eye, target, up }) {
      camera.position.set(...eye);
      camera.upVector.set(...up);
      camera.setTarget(new Vector3(...target));
      camera.getViewMatrix(true);
      await until(() => scene.isReady());
      await until(() => (sorting as unknown as { _canPostToWorker: boolean })._canPostToWorker);
      sorting._postToWorker(true);
      await until(() => sorting._isDepthSortSettled);
      engine.beginFrame();
      scene.render();
      engine.endFrame();
      return readGl(gl, size);
    },
  };
}
