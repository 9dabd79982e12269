// Accepts: the hole that is shown first is the one a removal from that camera alone would fill (same frame and depth bit for
// bit, the mask pixel for pixel), and brushing it unchanged is accepted as it is. Generated scene, CPU kernels,
// 96 px, seed 1.
import { expect, test } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { countMask } from '../../core/image.ts';
import type { Progress } from '../../core/progress.ts';
import type { RemoveOptions } from '../../core/remove-types.ts';
import { previewHole } from '../../workers/preview-hole.ts';
import { firstDifference } from '../support/clouds.ts';
import { mend, SMALL } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

const scene = mendingScene();
const untouched = structuredClone(scene);
const camera = scene.cameras[0]!;

function look(
  over: Partial<typeof scene> & {
    options?: RemoveOptions;
    onProgress?: (p: Progress) => void;
    signal?: AbortSignal;
  } = {},
) {
  const { cloud, selection, cameras } = { ...scene, ...over };
  const options = { ...SMALL, ...over.options };
  const kernels = createCpuKernels();
  const { onProgress, signal } = over;
  return previewHole(cloud, selection, cameras[0]!, kernels, options, onProgress, signal);
}

test('shows the hole that a removal fills, in the very same frame', async () => {
  const preview = await look();
  expect(countMask(preview.mask)).toBeGreaterThan(100);
  expect(countMask(preview.footprint)).toBeGreaterThan(100);
  const found = { camera: preview.camera, mask: preview.mask };
  const options = { views: 1, keepViews: true, painted: found };
  const { filledViews } = await mend({ ...scene, cameras: [camera] }, { options });
  const view = filledViews[0]!;
  expect(view.camera).toEqual(preview.camera);
  expect(view.rgbBefore.data).toEqual(preview.rgb.data);
  expect(view.depthBefore.data).toEqual(preview.depth.data);
  expect(view.mask.data).toEqual(preview.mask.data);
  expect(firstDifference(scene.cloud, untouched.cloud)).toBeUndefined();
});

test('shows what the line finds by itself', async () => {
  // A wall close behind: the user's own camera shows most of what is open, and is filled first.
  const room = mendingScene({ wallAt: 0.6 });
  const cameras = [room.cameras[0]!];
  const options = { views: 1, keepViews: true };
  const { filledViews } = await mend({ ...room, cameras }, { options });
  const preview = await look({ ...room, cameras });
  const own = filledViews[0]!;
  expect(own.camera).toEqual(preview.camera);
  expect(own.mask.data).toEqual(preview.mask.data);
  expect(own.footprint.data).toEqual(preview.footprint.data);
});

test('refuses a camera that looks away, by name', async () => {
  const away = { ...camera, worldToCamera: camera.worldToCamera.slice() };
  // Turned about its y axis by half a circle: x and z change sign.
  for (const row of [0, 2]) for (let k = 0; k < 4; k++) away.worldToCamera[k * 4 + row]! *= -1;
  await expect(look({ cameras: [away] })).rejects.toMatchObject({ code: 'camera-sees-nothing' });
});

test.each(['choose cameras', 'find hole'])('cancelled during "%s"', async (step) => {
  const abort = new AbortController();
  const onProgress = (p: Progress) => {
    if (p.step === step) abort.abort();
  };
  const run = look({ onProgress, signal: abort.signal });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  expect(firstDifference(scene.cloud, untouched.cloud)).toBeUndefined();
});
