// Accepts, through the worker's session on CPU kernels: one view alone is filled, 97 % of what it leaves open and no pixel of the splats that
// were there changes; a camera of another shape keeps it; hidden splats take no part and stay; a cancel in the middle leaves nothing.
// A generated room of which one camera's splats are kept (96 × 72, seed 1, SH 1).
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { turnedBy } from '../../bench/score/extend-score.ts';
import { onlySeen } from '../../bench/score/only-seen.ts';
import { type Camera, cameraOfSize } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { unwrap } from '../../core/errors.ts';
import { lookOnce } from '../../core/look-once.ts';
import { HIDDEN } from '../../core/marks.ts';
import { applyPatch } from '../../core/patch.ts';
import { concatSplats, copySplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { generateAroundRoom } from '../../samples/scenes/around.ts';
import type { MendWorker } from '../../workers/api.ts';
import { createSession } from '../../workers/session.ts';
import { firstDifference } from '../support/clouds.ts';

const kernels = createCpuKernels();
const room = generateAroundRoom({ width: 96, height: 72, shDegree: 1 });
/** A third of its picture lies beyond the scene's edge. */
const aside = turnedBy(room.camera, room.up, [25])[0]!;
const view = { kind: 'view' } as const;
/** Its walls end above in nothing: no sky. */
const sky = 'fill' as const;

let scene: SplatCloud;
let session: MendWorker;
beforeAll(async () => {
  scene = await onlySeen(room.cloud, room.camera, kernels);
});
beforeEach(async () => {
  session = createSession({ source: async () => createCpuKernels() });
  unwrap(await session.start({ preferred: 'cpu' }));
  unwrap(await session.setScene(copySplats(scene)));
});

/** Share of a picture that shows a surface. */
async function covered(cloud: SplatCloud, camera: Camera): Promise<number> {
  const { alpha } = await lookOnce(kernels, cloud, camera);
  return alpha.data.filter((a) => a > 0.5).length / alpha.data.length;
}

test('one view alone: what it leaves open is filled, what is there stays', async () => {
  const said: (number | undefined)[] = [];
  const onProgress = (p: { view?: number; views?: number }) => void said.push(p.views);
  const result = unwrap(
    await session.extend(1, { camera: aside, path: view, options: { sky } }, onProgress),
  );
  expect(result.views).toHaveLength(1);
  expect(said.filter((n) => n !== undefined).every((n) => n === 1)).toBe(true);
  const [one] = result.views;
  expect(one!.open).toBeGreaterThan(0.2);
  expect(one!.filled).toBeGreaterThan(0.97);
  expect(result.figures.coverage).toBe(one!.filled);
  const grown = applyPatch(scene, result.patch);
  expect(await covered(scene, aside)).toBeLessThan(0.8);
  expect(await covered(grown, aside)).toBeGreaterThan(0.97);
  const rows = Uint32Array.from({ length: scene.count }, (_, k) => k);
  expect(firstDifference(scene, takeSplats(grown, rows))).toBeUndefined();
});

test('a tall view is filled in its own shape, at the size asked for', async () => {
  const tall = cameraOfSize(aside, { width: 36, height: 96 });
  const stretched = { ...tall, fx: aside.fx, fy: aside.fy };
  const request = { camera: stretched, path: view, options: { maxSidePx: 64, sky } };
  const { views } = unwrap(await session.extend(1, request));
  expect([views[0]!.camera.width, views[0]!.camera.height]).toEqual([24, 64]);
});

test('hidden splats take no part, and stay', async () => {
  // A sheet of the room's own splats moved in front of the eye.
  const veil = takeSplats(scene, Uint32Array.of(0, 1, 2));
  const m = aside.worldToCamera;
  for (let i = 0; i < veil.count; i++) {
    for (let k = 0; k < 3; k++) {
      const eye = -(m[k * 4]! * m[12]! + m[k * 4 + 1]! * m[13]! + m[k * 4 + 2]! * m[14]!);
      veil.positions[3 * i + k] = eye + 0.5 * m[k * 4 + 2]!;
    }
    veil.logScales.fill(0, 3 * i, 3 * i + 3);
    veil.opacityLogits[i] = 9;
  }
  const cloud = concatSplats(veil, scene);
  unwrap(await session.setScene(copySplats(cloud)));
  const marks = new Uint8Array(cloud.count).fill(HIDDEN, 0, veil.count);
  const options = { maxSidePx: 48, sky };
  const request = { camera: aside, path: view, options };
  const without = unwrap(await session.extend(1, { ...request, marks }));
  expect(without.patch.removed).toHaveLength(0);
  unwrap(await session.setScene(copySplats(scene)));
  const plain = unwrap(await session.extend(2, request));
  expect(firstDifference(without.patch.added, plain.patch.added)).toBeUndefined();
});

test('a cancel in the middle', async () => {
  const result = await session.extend(7, { camera: aside, path: { kind: 'ring' } }, (p) => {
    if (p.step === 'lift') void session.cancel(7);
  });
  expect(result).toMatchObject({ ok: false, code: 'cancelled' });
});
