// Accepts: the display table of an edit shows exactly the rows of the side asked for, each with its own values,
// and counts that do not fit are refused. Exact: only copies are made. Seed 5.
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../core/patch.ts';
import { createRandom } from '../../core/random.ts';
import { createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { foreignRows, pairClouds, rowsOf } from '../../plugin/hosts/cloud-pair.ts';
import { ownMarks, paintMarks } from '../../plugin/hosts/mark-colours.ts';

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

describe('cloud pair', async () => {
  const before = randomCloud(40, 5);
  const removed = Uint32Array.from([0, 7, 8, 39]);
  const added = createSplatCloud(3, 1);
  added.positions.set(randomCloud(3, 6).positions);
  const after = applyPatch(before, { removed, added });
  const pair = (await pairClouds(before, after, removed, 3))!;

  it('holds both sides row by row', () => {
    expect(pair.table.count).toBe(43);
    expect(takeSplats(pair.table, rowsOf(pair, after)!).positions).toEqual(after.positions);
    expect(takeSplats(pair.table, rowsOf(pair, after)!).shRest).toEqual(after.shRest);
    expect(rowsOf(pair, before)).toBeUndefined();
    expect(pair.table.positions.subarray(0, 120)).toEqual(before.positions);
  });

  it('knows which rows are the other side’s', () => {
    const visible = (side: typeof before) => {
      const foreign = new Set(foreignRows(pair, side));
      return [...Array(43).keys()].filter((row) => !foreign.has(row));
    };
    expect(visible(before)).toEqual([...Array(40).keys()]);
    expect(visible(after)).toEqual([...pair.rowsOfAfter].sort((a, b) => a - b));
  });

  it('marks splats of the side after on its own rows: tinted, greyed, gone', () => {
    const colours = new Uint8Array(43 * 4).fill(100);
    for (let row = 0; row < 43; row++) colours[row * 4] = 200;
    const at = (row: number) => {
      const bytes = new Uint8Array(after.count);
      bytes[row] = 1;
      return bytes;
    };
    const marks = { selected: at(0), hidden: at(2), locked: at(after.count - 1) };
    paintMarks(colours, marks, { tint: [0, 100, 50], tintAmount: 0.5 }, pair.rowsOfAfter);
    const rgba = (row: number) => [...colours.subarray(row * 4, row * 4 + 4)];
    const rows = pair.rowsOfAfter;
    expect(rgba(rows[0]!)).toEqual([100, 100, 75, 100]);
    expect(rgba(rows[2]!)).toEqual([200, 100, 100, 0]);
    const [r, g, b, a] = rgba(rows[after.count - 1]!);
    // Nearly grey, and darker than the mean of 133.
    expect(r! - g!).toBeLessThan(25);
    expect([g! === b!, r! < 133, a]).toEqual([true, true, 100]);
    const touched = [...Array(43).keys()].filter(
      (row) => rgba(row).join() !== [200, 100, 100, 100].join(),
    );
    expect(touched.sort()).toEqual([rows[0], rows[2], rows[after.count - 1]].sort());
  });

  it('keeps marks of its own, and none that mark nothing', () => {
    const selected = Uint8Array.of(0, 1);
    const own = ownMarks({ selected, hidden: new Uint8Array(2) });
    selected[1] = 0;
    expect(own).toEqual({ selected: Uint8Array.of(0, 1) });
  });

  it('refuses what does not fit', async () => {
    expect(await pairClouds(before, after, removed, 2)).toBeUndefined();
    expect(await pairClouds(before, after, Uint32Array.from([3, 2, 1, 0]), 3)).toBeUndefined();
    expect(await pairClouds(createSplatCloud(40), after, removed, 3)).toBeUndefined();
  });
});
