// A white thing on black, whose rim is mixed as it says. Accepts: pixels of half and more are the thing's, in the colour inside; below, only at a foot
// that is mixed over more than a pixel and faces down, from a fifth on; nothing outside of the mask, and a thing that the
// picture's border cuts has no rim there.
import { describe, expect, test } from 'vitest';
import { createMask, createRgbImage } from '../../../core/image.ts';
import { cleanRim } from '../../../workers/insert/rim.ts';

const SIZE = 40;
const [FROM, TO] = [10, 29];
const DOWN = [0, 1] as const;

/** White from FROM to TO; beyond the bottom, or the right, rows of these shares. */
function thing(rows: readonly number[], side: 'bottom' | 'right', to = TO) {
  const mask = createMask(SIZE, SIZE);
  const edited = createRgbImage(SIZE, SIZE);
  const put = (x: number, y: number, share: number) => {
    if (x >= SIZE || y >= SIZE) return;
    mask.data[y * SIZE + x] = 1;
    edited.data.fill(share, 3 * (y * SIZE + x), 3 * (y * SIZE + x) + 3);
  };
  for (let a = FROM; a <= to; a++) {
    for (let b = FROM; b <= to; b++) put(a, b, 1);
    rows.forEach((share, k) => {
      if (side === 'bottom') put(a, to + 1 + k, share);
      else put(to + 1 + k, a, share);
    });
  }
  return { mask, edited };
}

/** Rows beyond TO that are kept in the thing's middle. */
async function kept(
  rows: readonly number[],
  side: 'bottom' | 'right',
  down?: readonly [number, number],
  to = TO,
) {
  const { mask, edited } = thing(rows, side, to);
  const out = await cleanRim(mask, edited, createRgbImage(SIZE, SIZE), down);
  let n = 0;
  const at = (k: number) => (side === 'bottom' ? (to + k) * SIZE + 20 : 20 * SIZE + to + k);
  while (to + n + 1 < SIZE && out.mask.data[at(n + 1)] !== 0) {
    // What is kept has the colour inside.
    expect(out.rgb.data[3 * at(n + 1)]).toBe(1);
    n++;
  }
  for (let i = 0; i < out.mask.data.length; i++) {
    if (mask.data[i] === 0) expect(out.mask.data[i]).toBe(0);
  }
  return n;
}

describe('a rim', () => {
  test('of a cut-out ends at half a pixel, wherever it faces', async () => {
    for (const down of [undefined, DOWN]) {
      for (const side of ['bottom', 'right'] as const) {
        expect(await kept([0.6], side, down)).toBe(1);
        expect(await kept([0.4], side, down)).toBe(0);
      }
    }
  });
  test('of a covered foot ends where the last of it shows', async () => {
    const foot = [0.6, 0.3];
    expect(await kept(foot, 'bottom', DOWN)).toBe(2);
    expect(await kept([0.6, 0.1], 'bottom', DOWN)).toBe(1);
    expect(await kept(foot, 'bottom')).toBe(1);
    expect(await kept(foot, 'right', DOWN)).toBe(1);
    expect(await kept(foot, 'bottom', [0, -1])).toBe(1);
  });
  test('where the picture ends is none: the thing goes on', async () => {
    const { mask, edited } = thing([], 'bottom', SIZE - 1);
    const out = await cleanRim(mask, edited, createRgbImage(SIZE, SIZE), DOWN);
    expect(out.mask.data).toEqual(mask.data);
    expect(out.rgb.data).toEqual(edited.data);
  });
});
