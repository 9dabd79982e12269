/** Makes the sample scene off the page's thread. */
import { splatCloudTransferables } from '../../core/splat-cloud.ts';
import { generateTabletop } from '../scenes/tabletop.ts';
import type { SampleScene } from './sample.ts';

addEventListener('message', (event: MessageEvent<{ splats: number; seed: number }>) => {
  const { cloud, labels, objects, up, cameras } = generateTabletop(event.data);
  const answer: SampleScene = { cloud, labels, objects, up, camera: cameras[0]! };
  (postMessage as (message: unknown, transfer: Transferable[]) => void)(
    answer,
    splatCloudTransferables(cloud),
  );
});
