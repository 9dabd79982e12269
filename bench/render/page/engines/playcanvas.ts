import * as pc from 'playcanvas';
import { FOCAL } from '../../views.ts';
import { addCanvas, type Engine, fieldOfView, readGl, type Size } from '../engine.ts';

/** The sorter of a splat component that draws on its own; its order arrives with an event. */
interface SplatInstance {
  sort(camera: pc.GraphNode): void;
  update(): void;
  sorter: { once(name: 'updated', heard: () => void): void };
}

export async function createPlayCanvas(url: string, size: Size): Promise<Engine> {
  const canvas = addCanvas(size);
  const app = new pc.Application(canvas, {
    graphicsDeviceOptions: { antialias: false, alpha: false, preserveDrawingBuffer: false },
  });
  app.setCanvasFillMode(pc.FILLMODE_NONE);
  app.setCanvasResolution(pc.RESOLUTION_FIXED, size.width, size.height);
  app.autoRender = false;
  app.start();
  const asset = new pc.Asset('cloud', 'gsplat', { url, filename: 'cloud.ply' });
  await new Promise<void>((resolve, reject) => {
    asset.once('load', () => resolve());
    asset.once('error', (error: unknown) => reject(new Error(String(error))));
    app.assets.add(asset);
    app.assets.load(asset);
  });
  const camera = new pc.Entity('camera');
  camera.addComponent('camera', {
    clearColor: new pc.Color(0, 0, 0),
    fov: (fieldOfView(size, FOCAL) * 180) / Math.PI,
    nearClip: 0.01,
    farClip: 100,
    toneMapping: pc.TONEMAP_NONE,
  });
  app.root.addChild(camera);
  const splats = new pc.Entity('splats');
  // The way that sorts and draws one scene directly, without a copy of the visible splats in between.
  splats.addComponent('gsplat', { asset, unified: false });
  app.root.addChild(splats);
  const instance = (splats.gsplat as unknown as { instance: SplatInstance }).instance;
  const gl = canvas.getContext('webgl2')!;
  return {
    name: `PlayCanvas ${pc.version}, WebGL2`,
    async draw({ eye, target, up }) {
      camera.setPosition(...eye);
      camera.lookAt(new pc.Vec3(...target), new pc.Vec3(...up));
      const sorted = new Promise<void>((resolve) => {
        instance.sorter.once('updated', resolve);
      });
      instance.sort(camera);
      await sorted;
      instance.update();
      app.render();
      return readGl(gl, size);
    },
  };
}
