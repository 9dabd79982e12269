// A brushed mask is taken as the hole: every splat made from it lies under the brush, and a mask of
// another size than its camera's picture is refused. Small generated scene, seed 1; one view, so that
// no other camera adds anything. 2 px of slack for splats whose cell reaches past the brush.
import { expect, test } from 'vitest';
import { cameraCenter, projectPoint } from '../../core/camera.ts';
import { createMask } from '../../core/image.ts';
import { mend } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

test('what is brushed is filled, and nothing else', async () => {
  const scene = mendingScene({});
  const camera = scene.cameras[0]!;
  const mask = createMask(camera.width, camera.height);
  const hidden = scene.hidden.map((h) => projectPoint(camera, h.position));
  const u = hidden.reduce((s, h) => s + h.u, 0) / hidden.length;
  const v = hidden.reduce((s, h) => s + h.v, 0) / hidden.length;
  const half = Math.round(camera.width / 24);
  for (let y = Math.floor(v) - half; y < v + half; y++) {
    for (let x = Math.floor(u) - half; x < u + half; x++) mask.data[y * camera.width + x] = 1;
  }
  const result = await mend(scene, { options: { views: 1, painted: { camera, mask } } });
  expect(result.patch.added.count).toBeGreaterThan(3);
  const p = result.patch.added.positions;
  for (let i = 0; i < result.patch.added.count; i++) {
    const at = projectPoint(camera, [p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!]);
    expect(Math.abs(at.u - u)).toBeLessThan(half + 2);
    expect(Math.abs(at.v - v)).toBeLessThan(half + 2);
    // On the support: brushing does not lift the fill off the surface.
    const eye = cameraCenter(camera);
    expect(Math.abs(p[i * 3 + 2]! - scene.supportZ)).toBeLessThan(
      0.02 * Math.hypot(eye[0] - p[i * 3]!, eye[1] - p[i * 3 + 1]!, eye[2] - p[i * 3 + 2]!),
    );
  }
});

test('a mask of another size is refused by name', async () => {
  const scene = mendingScene({});
  const camera = scene.cameras[0]!;
  const painted = { camera, mask: createMask(camera.width + 1, camera.height) };
  await expect(mend(scene, { options: { painted } })).rejects.toMatchObject({ code: 'bad-option' });
});
