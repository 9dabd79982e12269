// Which of our own cameras look at backs. Accepts: with a wall seen from the front, cameras on that side do not and those behind
// it do, and one that sees nothing of what the given camera saw says nothing; cut out of a corner of two sheets, a hole is
// filled only from within the corner, as one surface (before, cameras outside put a second one behind it).
import { describe, expect, test } from 'vitest';
import { trialScene } from '../../bench/scenes/trials.ts';
import { type Camera, cameraCenter, lookAt, type Vec3 } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { createMask } from '../../core/image.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import type { Look } from '../../workers/line/look.ts';
import { backsFinder } from '../../workers/line/sees-backs.ts';
import { remove } from '../../workers/remove.ts';
import { depthOfPlane, straightCamera, viewOf } from './steps/support.ts';

const shape: ObjectShape = {
  center: [0, 0, 2],
  radius: 0.5,
  outside: () => 0,
  exit: () => undefined,
};

/** What a camera at `eye` sees of a wall across z = 2. */
function lookFrom(eye: Vec3, target: Vec3 = [0, 0, 2]): Look {
  const camera = { ...straightCamera(48), worldToCamera: lookAt(eye, target, [0, -1, 0]) };
  const view = viewOf(camera, depthOfPlane(camera, { normal: [0, 0, 1], offset: 2 }));
  const covered = createMask(48, 48);
  covered.data.fill(1);
  return { camera, view, covered } as Look;
}

test('a wall’s front and back', () => {
  const seesBacks = backsFinder([lookFrom([0, 0, 0])], shape);
  expect(seesBacks(lookFrom([1.5, -0.5, 0.5]))).toBe(false);
  expect(seesBacks(lookFrom([0.3, 0, 4]))).toBe(true);
  expect(seesBacks(lookFrom([-1.5, 0, 3]))).toBe(true);
  expect(seesBacks(lookFrom([40, 0, 4], [40, 0, 2]))).toBe(false);
  // Seen from both sides, it has none.
  const both = backsFinder([lookFrom([0, 0, 0]), lookFrom([0, 0, 4])], shape);
  expect(both(lookFrom([0.3, 0, 4]))).toBe(false);
});

describe('a hole in a corner of two sheets', () => {
  test('is filled from within it, once', async () => {
    const { cloud } = trialScene('corner');
    const middle: Vec3 = [0.3, -0.7, 0.4];
    const selection = new Uint8Array(cloud.count);
    for (let i = 0; i < cloud.count; i++) {
      const off = middle.map((m, k) => cloud.positions[3 * i + k]! - m);
      selection[i] = Math.hypot(...off) < 0.2 ? 1 : 0;
    }
    // Slantwise: straight ahead of the hole, also from behind the wall, more of it would show.
    const worldToCamera = lookAt([1.1, -0.75, -0.1], middle, [0, -1, 0]);
    const user: Camera = { ...straightCamera(200), worldToCamera };
    const inpainter = createExemplarInpainter();
    const { patch, figures, filledViews } = await remove(
      cloud,
      selection,
      [user],
      createCpuKernels(),
      { inpainter },
      { views: 4, resolution: 96, keepViews: true },
    );
    for (const { camera } of filledViews) {
      const [x, , z] = cameraCenter(camera);
      expect(x > -0.5 && z < 0.4).toBe(true);
    }
    expect(figures.coverage).toBeGreaterThan(0.97);
    let outside = 0;
    for (let i = 0; i < patch.added.count; i++) {
      const [x, , z] = patch.added.positions.subarray(3 * i);
      outside = Math.max(outside, -0.5 - x!, z! - 0.4);
    }
    expect(outside).toBeLessThan(0.02);
  });
});
