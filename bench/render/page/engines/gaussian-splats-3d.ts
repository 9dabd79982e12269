import { Viewer } from '@mkkellogg/gaussian-splats-3d';
import * as THREE from 'three';
import { FOCAL } from '../../views.ts';
import { type Engine, fieldOfView, readGl, type Size, until } from '../engine.ts';

/** The library's SceneFormat.Ply and SceneRevealMode.Instant. */
const PLY = 2;
const AT_ONCE = 2;

/** What is used of the viewer. */
interface Sorting {
  addSplatScene(url: string, options: object): Promise<void>;
  update(): void;
  render(): void;
  runSplatSort(force: boolean, all: boolean): Promise<boolean>;
  sortRunning: boolean;
  splatRenderReady: boolean;
  renderer: THREE.WebGLRenderer;
}

export async function createGaussianSplats3D(url: string, size: Size): Promise<Engine> {
  const root = document.createElement('div');
  root.style.cssText = `width: ${size.width}px; height: ${size.height}px`;
  document.body.append(root);
  const fov = (fieldOfView(size, FOCAL) * 180) / Math.PI;
  const camera = new THREE.PerspectiveCamera(fov, size.width / size.height, 0.01, 100);
  const viewer = new Viewer({
    rootElement: root,
    camera,
    selfDrivenMode: false,
    useBuiltInControls: false,
    ignoreDevicePixelRatio: true,
    sharedMemoryForWorkers: crossOriginIsolated,
    gpuAcceleratedSort: false,
    sceneRevealMode: AT_ONCE,
    sphericalHarmonicsDegree: 0,
  }) as unknown as Sorting;
  await viewer.addSplatScene(url, {
    format: PLY,
    showLoadingUI: false,
    splatAlphaRemovalThreshold: 1,
  });
  const gl = viewer.renderer.getContext() as WebGL2RenderingContext;
  return {
    name: 'GaussianSplats3D 0.4.7, WebGL2',
    async draw({ eye, target, up }) {
      camera.position.set(...eye);
      camera.up.set(...up);
      camera.lookAt(...target);
      camera.updateMatrixWorld(true);
      await until(() => viewer.splatRenderReady && !viewer.sortRunning);
      await viewer.runSplatSort(true, true);
      await until(() => !viewer.sortRunning);
      viewer.update();
      viewer.render();
      return readGl(gl, size);
    },
  };
}
