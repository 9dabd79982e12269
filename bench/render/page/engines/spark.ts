import { SparkRenderer, SplatMesh } from '@sparkjsdev/spark';
import * as THREE from 'three';
import { FOCAL } from '../../views.ts';
import { addCanvas, type Engine, fieldOfView, readGl, type Size, until } from '../engine.ts';

export async function createSpark(url: string, size: Size): Promise<Engine> {
  const canvas = addCanvas(size);
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: false });
  renderer.setPixelRatio(1);
  renderer.setSize(size.width, size.height, false);
  const scene = new THREE.Scene();
  const spark = new SparkRenderer({
    renderer,
    autoUpdate: false,
    enableLod: false,
    minSortIntervalMs: 0,
  });
  scene.add(spark);
  const mesh = new SplatMesh({ url, fileName: 'cloud.ply' });
  await mesh.initialized;
  scene.add(mesh);
  const fov = (fieldOfView(size, FOCAL) * 180) / Math.PI;
  const camera = new THREE.PerspectiveCamera(fov, size.width / size.height, 0.01, 100);
  return {
    name: 'Spark 2.2.0, WebGL2',
    async draw({ eye, target, up }) {
      camera.position.set(...eye);
      camera.up.set(...up);
      camera.lookAt(...target);
      camera.updateMatrixWorld(true);
      scene.updateMatrixWorld(true);
      await spark.update({ scene, camera });
      await until(() => !spark.sorting && !spark.sortDirty);
      renderer.render(scene, camera);
      return readGl(renderer.getContext() as WebGL2RenderingContext, size);
    },
  };
}
