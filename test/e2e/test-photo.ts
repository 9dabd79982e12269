/** A photo with its depth as files: the sample scene from its first camera, as the page could not know it. */
import { encode } from 'fast-png';
import { cameraOfSize } from '../../core/camera.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import { writeNpy } from '../../core/depth-files/npy.ts';
import { rgbPicture } from '../../core/pictures.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';

export interface TestPhoto {
  rgb: Uint8Array;
  fovDeg: number;
  png: Uint8Array;
  npy: Uint8Array;
}

export async function takePhoto(W: number, H: number, splats = 60_000): Promise<TestPhoto> {
  const { cloud, cameras } = generateTabletop({ splats, seed: 1 });
  const taken = cameras[0]!;
  const camera = { ...cameraOfSize(taken, { width: W, height: H }), cx: W / 2, cy: H / 2 };
  camera.fy = camera.fx;
  const view = await createCpuRenderer(cloud).render(camera);
  const rgb = rgbPicture(view.rgb).data;
  return {
    rgb,
    fovDeg: (360 / Math.PI) * Math.atan(W / 2 / camera.fx),
    png: encode({ width: W, height: H, data: rgb, channels: 3, depth: 8 }),
    npy: writeNpy({ shape: [H, W], data: view.depthMedian.data }),
  };
}
