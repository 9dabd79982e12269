// Accepts: the display table of an edit shows exactly the rows of the side asked for, each with its own values,
// and counts that do not fit are refused. Exact: only copies are made. Seed 5.
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../core/patch.ts';
import { createRandom } from '../../core/random.ts';
import { createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { hideOthers, pairClouds, rowsOf } from '../../plugin/hosts/cloud-pair.ts';
import { packColours, tintSelected } from '../../plugin/hosts/splat-buffer.ts';

function randomCloud(count: number, seed: number) {
  const random = createRandom(seed);
  const cloud = createSplatCloud(count, 1, [{ name: 'label', data: new Uint8Array(count) }]);
  for (const a of [cloud.positions, cloud.dc, cloud.shRest, cloud.logScales]) {
    for (let i = 0; i < a.length; i++) a[i] = random();
  }
  cloud.opacityLogits.fill(3);
  cloud.rotations.fill(0.5);
  return cloud;
}

describe('cloud pair', () => {
  const before = randomCloud(40, 5);
  const removed = Uint32Array.from([0, 7, 8, 39]);
  const added = createSplatCloud(3, 1);
  added.positions.set(randomCloud(3, 6).positions);
  const after = applyPatch(before, { removed, added });
  const pair = pairClouds(before, after, removed, 3)!;

  it('holds both sides row by row', () => {
    expect(pair.table.count).toBe(43);
    expect(takeSplats(pair.table, rowsOf(pair, after)!).positions).toEqual(after.positions);
    expect(takeSplats(pair.table, rowsOf(pair, after)!).shRest).toEqual(after.shRest);
    expect(rowsOf(pair, before)).toBeUndefined();
    expect(pair.table.positions.subarray(0, 120)).toEqual(before.positions);
  });

  it('hides exactly the other side', () => {
    const visible = (side: typeof before) => {
      const colours = packColours(pair.table);
      colours.fill(200, 40 * 4);
      hideOthers(pair, side, colours);
      return [...Array(43).keys()].filter((row) => colours[row * 4 + 3]! > 0);
    };
    expect(visible(before)).toEqual([...Array(40).keys()]);
    expect(visible(after)).toEqual([...pair.rowsOfAfter]);
  });

  it('tints a selection of the side after on its own rows', () => {
    const colours = new Uint8Array(43 * 4);
    const selection = new Uint8Array(after.count);
    selection[0] = 1;
    selection[after.count - 1] = 1;
    tintSelected(colours, selection, [200, 100, 50], 0.5, pair.rowsOfAfter);
    const touched = [...Array(43).keys()].filter((row) => colours[row * 4]! > 0);
    expect(touched).toEqual([1, 42]);
  });

  it('refuses what does not fit', () => {
    expect(pairClouds(before, after, removed, 2)).toBeUndefined();
    expect(pairClouds(before, after, Uint32Array.from([3, 2, 1, 0]), 3)).toBeUndefined();
    expect(pairClouds(createSplatCloud(40), after, removed, 3)).toBeUndefined();
  });
});
