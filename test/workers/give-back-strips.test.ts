// Accepts: a cabinet's front that ends above a floor cuts the floor that goes on under it; the strip of floor pixels within
// the front's tolerance (and its rims, twice as far off) is the floor's afterwards, at two resolutions and scales;
// a wall that stands on the floor keeps its pixels, and the floor its own, to the crease within a few pixels.
import { expect, test } from 'vitest';
import { type Camera, lookAt } from '../../core/camera.ts';
import { createMask, createScalarImage } from '../../core/image.ts';
import { or } from '../../core/morphology.ts';
import { unprojectImage } from '../../core/pixel-rays.ts';
import { createRandom } from '../../core/random.ts';
import { giveBackStrips } from '../../workers/line/give-back-strips.ts';
import { type Plane, planeDistance, type Surface } from '../../workers/steps/segment-surfaces.ts';
import { depthOfPlane, maskOf, straightCamera } from './steps/support.ts';

const TOLERANCE = 0.02;

/** The floor z = 0 and a front y = 0 that begins at height `foot`, each pixel with the first plane that it lies on. */
function cabinet(size: number, scale: number, foot: number) {
  const camera: Camera = {
    ...straightCamera(size),
    worldToCamera: lookAt([0.2 * scale, -1.4 * scale, 1.1 * scale], [0, 0, 0.1 * scale], [0, 0, 1]),
  };
  const tolerance = TOLERANCE * scale;
  const planes: Plane[] = [
    { normal: [0, 1, 0], offset: 0 },
    { normal: [0, 0, 1], offset: 0 },
  ];
  const [front, floor] = planes.map((plane) => depthOfPlane(camera, plane));
  const onFront = unprojectImage(camera, front!);
  const depth = createScalarImage(size, size);
  const seen = new Uint8Array(size * size);
  const random = createRandom(2);
  for (let i = 0; i < depth.data.length; i++) {
    const before = front!.data[i]! > 0 && onFront[i * 3 + 2]! >= foot * scale;
    seen[i] = before ? 0 : 1;
    const z = (before ? front! : floor!).data[i]!;
    if (z > 0) depth.data[i] = z + 0.3 * tolerance * (random() - 0.5);
  }
  const points = unprojectImage(camera, depth);
  const known = maskOf(size, size, (x, y) => depth.data[y * size + x]! > 0);
  const taken = createMask(size, size);
  const surfaces: Surface[] = planes.map((plane) => {
    const pixels = createMask(size, size);
    const kin = createMask(size, size);
    let count = 0;
    for (let i = 0; i < known.data.length; i++) {
      const off = planeDistance(plane, points, i);
      if (known.data[i] === 0 || taken.data[i] !== 0 || !(off <= 2 * tolerance)) continue;
      taken.data[i] = 1;
      if (off <= tolerance) count++;
      (off <= tolerance ? pixels : kin).data[i] = 1;
    }
    return { pixels, kin, count, plane };
  });
  const wrong = () => {
    const [a, b] = surfaces.map(({ pixels, kin }) => or(pixels, kin!));
    let n = 0;
    for (let i = 0; i < seen.length; i++) {
      if ((seen[i] === 0 && b!.data[i] !== 0) || (seen[i] === 1 && a!.data[i] !== 0)) n++;
    }
    return n;
  };
  const giveBack = () => giveBackStrips(surfaces, known, points, tolerance, camera, depth);
  return { surfaces, wrong, giveBack };
}

test.each([
  [80, 1],
  [200, 1],
  [80, 0.01],
  [80, 100],
])('the floor under a cabinet is the floor: %d px, scale × %d', (size, scale) => {
  const { surfaces, wrong, giveBack } = cabinet(size, scale, 0.35);
  const before = wrong();
  expect(before).toBeGreaterThan(size);
  giveBack();
  expect(wrong()).toBeLessThan(0.03 * before);
  for (const { pixels, count } of surfaces)
    expect(pixels.data.reduce((sum, v) => sum + v, 0)).toBe(count);
});

test.each([80, 200])('a wall on the floor keeps its own: %d px', (size) => {
  const { wrong, giveBack } = cabinet(size, 1, 0);
  const before = wrong();
  giveBack();
  expect(wrong()).toBeLessThanOrEqual(before);
});
