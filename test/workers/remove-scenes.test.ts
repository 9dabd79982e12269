// Accepts, on generated scenes (CPU kernels, 96 px, three views, seed 1): what the object hid is covered to 95 %,
// every new splat lies within half a spacing of the support and beside no other surface (a wrong sheet on the floor
// below, the wall behind or the ball beside it would lie many spacings off). See-through: IoU ≥ 0.9 with the truth
// in the reference view, the truth grown by the seam as the mask is.
import { describe, expect, test } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { countMask } from '../../core/image.ts';
import { dilate } from '../../core/morphology.ts';
import { measureObject } from '../../core/object-shape.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import type { FilledView, RemoveResult } from '../../core/remove-types.ts';
import { selectedRows } from '../../core/selection.ts';
import { createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { look } from '../../workers/line/look.ts';
import { createWorkingScene } from '../../workers/line/render-view.ts';
import { StepClock } from '../../workers/line/step-clock.ts';
import { frameObject } from '../../workers/steps/choose-cameras.ts';
import { againstTruth, mend } from '../support/mending-run.ts';
import { type MendingScene, mendingScene } from '../support/mending-scene.ts';
import { maskOf } from './steps/support.ts';

const RADIUS = 0.4;
/** Half side of the table. */
const TABLE = 1;

async function mended(scene: MendingScene): Promise<RemoveResult> {
  const result = await mend(scene, { options: { keepViews: true } });
  const truth = againstTruth(scene, result.patch.added);
  expect(truth.covered).toBeGreaterThanOrEqual(0.95);
  expect(truth.offSupport).toBeLessThan(0.5);
  expect(truth.colour).toBeLessThan(0.06);
  return result;
}

/** The mask pixels of a view that lie beyond the table's top, as seen through it. */
function beyondTable(view: FilledView, scene: MendingScene): number {
  const rays = pixelRays(view.camera);
  let beyond = 0;
  for (let y = 0; y < view.mask.height; y++) {
    for (let x = 0; x < view.mask.width; x++) {
      if (view.mask.data[y * view.mask.width + x] === 0) continue;
      const d = rays.direction(x, y);
      const t = (scene.supportZ - rays.origin[2]) / d[2];
      const p = [rays.origin[0] + d[0] * t, rays.origin[1] + d[1] * t];
      if (Math.max(Math.abs(p[0]!), Math.abs(p[1]!)) > TABLE + 2 * scene.spacing) beyond++;
    }
  }
  return beyond;
}

describe('a see-through: a table above a floor', () => {
  const scene = mendingScene({ support: 'table' });

  test('the mask is the table’s hole, and not the floor’s', async () => {
    const shape = measureObject(takeSplats(scene.cloud, selectedRows(scene.selection)));
    const camera = frameObject(scene.cameras[0]!, shape, 128)!;
    const { hole } = await look(
      createWorkingScene(scene.cloud, scene.selection, createSplatCloud(0), shape),
      camera,
      shape,
      createCpuKernels(),
      new StepClock(),
      { seamPx: 1, seed: 1, localOnly: false, hidden: () => undefined },
    );
    const rays = pixelRays(camera);
    // The table alone, without the floor under it: the hole is where it does not cover a pixel under the object.
    const table = Array.from(selectedRows(scene.selection, 0)).filter(
      (row) => scene.cloud.positions[row * 3 + 2]! > 0.5 * scene.supportZ,
    );
    const renderer = await createCpuKernels().createRenderer(takeSplats(scene.cloud, table));
    const { alpha } = await renderer.render(camera);
    renderer.destroy();
    const gone = maskOf(camera.width, camera.height, (x, y) => {
      const d = rays.direction(x, y);
      const t = (scene.supportZ - rays.origin[2]) / d[2];
      const r = Math.hypot(rays.origin[0] + d[0] * t, rays.origin[1] + d[1] * t);
      return r < RADIUS + scene.spacing && alpha.data[y * camera.width + x]! < 0.5;
    });
    const truth = dilate(gone, 1);
    const both = hole.mask.data.filter((v, i) => v !== 0 && truth.data[i] !== 0).length;
    const either = countMask(hole.mask) + countMask(truth) - both;
    expect(countMask(truth)).toBeGreaterThan(500);
    expect(both / either).toBeGreaterThanOrEqual(0.9); // measured 1.0
    // Its depth is the table's.
    for (let i = 0; i < gone.data.length; i++) {
      if (gone.data[i] === 0 || hole.mask.data[i] === 0) continue;
      const d = rays.direction(i % camera.width, Math.floor(i / camera.width));
      const t = (scene.supportZ - rays.origin[2]) / d[2];
      expect(Math.abs(hole.depth.data[i]! / t - 1)).toBeLessThan(2e-3);
    }
  });

  test('the table is mended and the floor left alone', async () => {
    const { filledViews } = await mended(scene);
    for (const view of filledViews) expect(beyondTable(view, scene)).toBe(0);
  });
});

test('at the table’s edge: nothing beyond it', async () => {
  const scene = mendingScene({ support: 'table', at: [0.55, 0] });
  const { patch, filledViews } = await mended(scene);
  const p = patch.added.positions;
  for (let i = 0; i < patch.added.count; i++) {
    expect(p[i * 3]!).toBeLessThan(TABLE + 2 * scene.spacing);
  }
  for (const view of filledViews) expect(beyondTable(view, scene)).toBe(0);
});

test('before a wall: the floor is mended, the wall behind left alone', async () => {
  const scene = mendingScene({ wallAt: 1 });
  await mended(scene);
});

test('a thin pole', async () => {
  const scene = mendingScene({ radius: 0.16, height: 1.1 });
  const { patch } = await mended(scene);
  const p = patch.added.positions;
  for (let i = 0; i < patch.added.count; i++) {
    expect(Math.hypot(p[i * 3]!, p[i * 3 + 1]!)).toBeLessThan(0.5);
  }
});

test('a ball beside it gets no sheet', async () => {
  const ball = { at: [0.85, 0.2] as const, radius: 0.35 };
  const scene = mendingScene({ ball });
  const { patch, filledViews } = await mended(scene);
  // The ball stood beside the hole all along: no fill inside or on it.
  const p = patch.added.positions;
  expect(filledViews.length).toBeGreaterThan(0);
  for (let i = 0; i < patch.added.count; i++) {
    const off = Math.hypot(
      p[i * 3]! - ball.at[0],
      p[i * 3 + 1]! - ball.at[1],
      p[i * 3 + 2]! - ball.radius,
    );
    expect(off).toBeGreaterThan(ball.radius - 0.5 * scene.spacing);
  }
});
