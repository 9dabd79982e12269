// Accepts: a selection is the same whether the worker got ready for it, was stopped in the middle, or did not
// begin; what was made ahead is found again. Generated room, seed 1; exact.
import { expect, it } from 'vitest';
import { projectPoint } from '../../core/camera.ts';
import { prepareSelection } from '../../core/select/prepare.ts';
import { buildSceneIndex } from '../../core/select/scene-index.ts';
import { splatShapes } from '../../core/select/splat-shapes.ts';
import type { SelectRequest } from '../../core/select-types.ts';
import { copySplats } from '../../core/splat-cloud.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { createSession } from '../../workers/session.ts';

const scene = generateTabletop({ splats: 150_000, seed: 1 });
const camera = scene.cameras[0]!;
const { u: x, v: y } = projectPoint(camera, scene.objects[0]!.center);
const click: SelectRequest = { kind: 'object', camera, x, y };

async function selected(waitMs: number): Promise<Uint8Array> {
  const session = createSession();
  await session.setScene(copySplats(scene.cloud));
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  const answer = await session.select(1, click);
  if (!answer.ok) throw new Error(answer.message);
  expect(answer.value.count).toBeGreaterThan(20);
  return answer.value.selection;
}

it('gives the same selection at once and later', async () => {
  const atOnce = await selected(0);
  expect(Buffer.compare(await selected(600), atOnce)).toBe(0);
});

it('keeps what it made, and stops', async () => {
  const cloud = copySplats(scene.cloud);
  const stopped = new AbortController();
  const running = prepareSelection(cloud, stopped.signal);
  stopped.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  await prepareSelection(cloud);
  expect(await buildSceneIndex(cloud)).toBe(await buildSceneIndex(cloud));
  expect(await splatShapes(cloud)).toBe(await splatShapes(cloud));
});
