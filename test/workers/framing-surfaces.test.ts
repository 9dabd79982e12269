// Accepts: of a hole in a facade, the facade frames it; a ledge's band that is seen past the facade's lower end frames it, too, though it
// holds less of the rim than 4 %; the same band before the facade does not, nor one so thin that it is the outline's
// fray, nor one whose shore is not the facade's. 200 × 200 px, a facade 4 away, the hole a disc across its end.
import { expect, test } from 'vitest';
import { createMask, createScalarImage, type Mask } from '../../core/image.ts';
import { measureObject } from '../../core/object-shape.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { type Framing, framingSurfaces } from '../../workers/line/framing-surfaces.ts';
import { maskOf, straightCamera, viewOf } from './steps/support.ts';

const SIZE = 200;
const FACADE = 4;
const END = 100;
const camera = straightCamera(SIZE);
const hole = maskOf(SIZE, SIZE, (x, y) => Math.hypot(x - 100, y - 100) < 60);

const thing = createSplatCloud(8, 0, []);
for (let n = 0; n < 8; n++)
  thing.positions.set([n & 1, (n >> 1) & 1, FACADE - 1 + (n >> 2)], n * 3);

/** Facade above, a band of the height under its end on the left of the hole, at a depth; nothing elsewhere. */
function frames(height: number, depth: number, below = END): boolean {
  const facade = maskOf(SIZE, SIZE, (x, y) => y < END && hole.data[y * SIZE + x] === 0);
  const band = maskOf(
    SIZE,
    SIZE,
    (x, y) => x < 100 && y >= below && y < below + height && hole.data[y * SIZE + x] === 0,
  );
  const seen = createScalarImage(SIZE, SIZE);
  for (let i = 0; i < seen.data.length; i++) {
    if (facade.data[i] !== 0) seen.data[i] = FACADE;
    if (band.data[i] !== 0) seen.data[i] = depth;
  }
  const everywhere = createScalarImage(SIZE, SIZE);
  everywhere.data.fill(FACADE);
  const count = (mask: Mask) => mask.data.reduce((sum, v) => sum + v, 0);
  const plane = { normal: [0, 0, 1] as [number, number, number], offset: FACADE };
  const surfaces: Framing[] = [
    {
      surface: { pixels: facade, count: count(facade), plane, kin: createMask(SIZE, SIZE) },
      plane: everywhere,
    },
    { surface: { pixels: band, count: count(band) }, plane: undefined },
  ];
  const found = framingSurfaces(surfaces, {
    unseen: hole,
    footprint: hole,
    view: viewOf(camera, seen),
    withObject: viewOf(camera, createScalarImage(SIZE, SIZE)),
    shape: measureObject(thing),
  });
  expect(found).toContain(surfaces[0]);
  return found.includes(surfaces[1]!);
}

test('a band that is seen past a plane’s end frames the hole', () => {
  expect(frames(9, FACADE + 0.3)).toBe(true);
});

test.each<[string, number, number, number?]>([
  ['before the plane', 9, FACADE - 0.3],
  ['a sliver', 5, FACADE + 0.3],
  ['away from the plane’s end', 9, FACADE + 0.3, END + 10],
])('not what is %s', (_, height, depth, below) => {
  expect(frames(height, depth, below)).toBe(false);
});
