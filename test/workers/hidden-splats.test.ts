// Accepts, exactly: splats that are hidden take no part in a removal (its new splats have the very bits of one in a
// scene that never had them), are not removed even where they are selected, and come out bit for bit. Generated scene
// with SH 1 and extras, through the worker's session, CPU kernels, 96 px, one view, seed 1.
import { beforeAll, expect, test } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { unwrap } from '../../core/errors.ts';
import { createMask, createRgbImage } from '../../core/image.ts';
import { HIDDEN, LOCKED } from '../../core/marks.ts';
import { applyPatch } from '../../core/patch.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import { selectedRows } from '../../core/selection.ts';
import { concatSplats, copySplats, takeSplats } from '../../core/splat-cloud.ts';
import type { MendWorker } from '../../workers/api.ts';
import { insert } from '../../workers/insert.ts';
import { createSession } from '../../workers/session.ts';
import { firstDifference } from '../support/clouds.ts';
import { mend } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

const scene = mendingScene({ shDegree: 1, extras: true });
const options = { resolution: 96, views: 1, seed: 1 };

/** The scene with an opaque copy of its object between the camera and the object, in front of its first row. */
const eye = scene.cameras[0]!;
const object = selectedRows(scene.selection);
const occluder = takeSplats(scene.cloud, object);
const m = eye.worldToCamera;
const back = [m[2]!, m[6]!, m[10]!];
for (let i = 0; i < occluder.count; i++) {
  for (let k = 0; k < 3; k++) occluder.positions[i * 3 + k]! -= 1.1 * back[k]!;
  occluder.opacityLogits[i] = 8;
}
const cloud = concatSplats(occluder, scene.cloud);
const marks = new Uint8Array(cloud.count).fill(HIDDEN, 0, occluder.count);
// Locked splats are drawn and mended from like all others.
marks.fill(LOCKED, occluder.count, occluder.count + 50);
const selection = new Uint8Array(cloud.count);
selection.set(scene.selection, occluder.count);
// Hidden splats may have been selected before they were hidden.
selection.fill(1, 0, 10);

let session: MendWorker;
let result: RemoveResult;
beforeAll(async () => {
  session = createSession();
  unwrap(await session.start({ preferred: 'cpu' }));
  unwrap(await session.setScene(copySplats(cloud)));
  const request = { selection, cameras: scene.cameras, options, marks };
  result = unwrap(await session.remove(1, request));
});

test('the fill is that of a scene without the hidden splats', async () => {
  const without = await mend(scene, { options });
  expect(without.patch.added.count).toBeGreaterThan(20);
  expect(firstDifference(result.patch.added, without.patch.added)).toBeUndefined();
  expect(result.figures.coverage).toBe(without.figures.coverage);
});

test('hidden splats in front change the fill when they are not hidden', async () => {
  const open = unwrap(
    await session.remove(2, {
      selection: selection.fill(0, 0, 10),
      cameras: scene.cameras,
      options,
    }),
  );
  expect(firstDifference(open.patch.added, result.patch.added)).toBeDefined();
});

test('they are not removed and keep every bit', () => {
  expect(result.patch.removed).toEqual(object.map((row) => row + occluder.count));
  const after = applyPatch(cloud, result.patch);
  const first = takeSplats(
    after,
    Uint32Array.from({ length: occluder.count }, (_, i) => i),
  );
  expect(firstDifference(first, occluder)).toBeUndefined();
});

test('the hole is looked for behind them', async () => {
  const request = { selection, camera: eye, options };
  const preview = unwrap(await session.previewHole(3, { ...request, marks }));
  expect(preview.mask.data.filter((v) => v !== 0).length).toBeGreaterThan(100);
  const covered = await session.previewHole(4, request);
  expect(covered).toMatchObject({ ok: false, code: 'camera-sees-nothing' });
});

test('an insertion is that of a scene without them, too, and removes none', async () => {
  const { width, height } = eye;
  const edited = createRgbImage(width, height);
  const mask = createMask(width, height);
  for (let y = 0.7 * height; y < 0.8 * height; y++) {
    const at = Math.floor(y) * width + 0.2 * width;
    mask.data.fill(1, at, at + 0.1 * width);
  }
  const reference = { camera: eye, edited, mask };
  const wanted = { attach: 'surface', resolution: 96 } as const;
  const inserted = unwrap(await session.insert(7, { reference, options: wanted, marks }));
  const without = await insert(scene.cloud, reference, createCpuKernels(), {}, wanted);
  expect(without.patch.added.count).toBeGreaterThan(50);
  expect(firstDifference(inserted.patch.added, without.patch.added)).toBeUndefined();
  expect(inserted.patch.removed).toHaveLength(0);
});

test('wrong-sized marks, and a selection of hidden splats alone, are refused by name', async () => {
  const request = { selection, cameras: scene.cameras, options };
  const short = await session.remove(5, { ...request, marks: marks.subarray(1) });
  expect(short).toMatchObject({ ok: false, code: 'bad-selection' });
  const all = new Uint8Array(cloud.count).fill(1, 0, 5);
  const none = await session.remove(6, { ...request, selection: all, marks });
  expect(none).toMatchObject({ ok: false, code: 'empty-selection' });
});
