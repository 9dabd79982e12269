import type { Camera, Vec3 } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { TabletopObject } from '../scenes/tabletop.ts';

export interface SampleScene {
  cloud: SplatCloud;
  /** One byte a splat: 0 = room, k = the object with id k. */
  labels: Uint8Array;
  objects: TabletopObject[];
  up: Vec3;
  /** The start view. */
  camera: Camera;
}

/** The generated tabletop, made in a worker of its own that ends with it */
export function makeSample({
  splats,
  seed,
}: {
  splats: number;
  seed: number;
}): Promise<SampleScene> {
  const worker = new Worker(new URL('./sample-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<SampleScene>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<SampleScene>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(`sample scene: ${event.message || 'failed'}`));
    worker.postMessage({ splats, seed });
  }).finally(() => worker.terminate());
}
