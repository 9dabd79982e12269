// Accepts: the mean of the nearest cells that hold three looks or more, as by summing each square around the cell, also
// when asked again, nearer or further than before. Seeded; means to 1e-12, where the order of the sums may differ.
import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { createLookField } from '../../core/select/look-field.ts';

const SIDE = 24;

test('finds the nearest looks, whatever was asked before', () => {
  const random = createRandom(3);
  const field = createLookField(SIDE);
  const looks: { x: number; y: number; look: [number, number, number, number] }[] = [];
  for (let k = 0; k < 40; k++) {
    const [x, y] = [10 + Math.floor(random() * 5), 10 + Math.floor(random() * 5)];
    const look: [number, number, number, number] = [random(), random(), random(), random()];
    looks.push({ x, y, look });
    field.add(y * SIDE + x, ...look);
  }
  const expected = (cx: number, cy: number, reach: number) => {
    for (let r = 1; r <= reach; r++) {
      const near = looks.filter((l) => Math.max(Math.abs(l.x - cx), Math.abs(l.y - cy)) <= r);
      if (near.length < 3) continue;
      return [0, 1, 2, 3].map((c) => near.reduce((sum, l) => sum + l.look[c]!, 0) / near.length);
    }
    return undefined;
  };
  let found = 0;
  for (const reach of [2, 8, 1, 4]) {
    for (let y = 8; y < 16; y++) {
      for (let x = 4; x < 20; x++) {
        const cell = y * SIDE + x;
        const wanted = expected(x, y, reach);
        expect(field.near(cell, reach), `${x} ${y} ${reach}`).toBe(wanted !== undefined);
        if (!wanted) continue;
        found++;
        for (let c = 0; c < 4; c++) expect(field.means[cell * 4 + c]).toBeCloseTo(wanted[c]!, 12);
      }
    }
  }
  expect(found).toBeGreaterThan(100);
});
