/** Specks: what hangs on to the selection alone is taken, what goes on or stands by itself is not. Seed 3. */
import { describe, expect, it } from 'vitest';
import { HIDDEN } from '../../core/marks.ts';
import { createRandom } from '../../core/random.ts';
import { edgeRows } from '../../core/select/edge-rows.ts';
import { claimSpecks } from '../../core/select/specks.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';

interface Staged {
  cloud: SplatCloud;
  selection: Uint8Array;
  kinds: string[];
}

/** A table top, a ball that floats over it and is selected, specks beside the ball, and another thing away from both. */
function stage(scale = 1): Staged {
  const random = createRandom(3);
  const places: [string, number, number, number][] = [];
  for (let y = 0; y < 60; y++) {
    for (let x = 0; x < 60; x++) places.push(['table', x * 0.02, y * 0.02, 0]);
  }
  for (let k = 0; k < 1200; k++) {
    const z = 2 * random() - 1;
    const turn = 2 * Math.PI * random();
    const r = Math.sqrt(1 - z * z);
    places.push([
      'ball',
      0.6 + 0.15 * r * Math.cos(turn),
      0.6 + 0.15 * r * Math.sin(turn),
      0.3 + 0.15 * z,
    ]);
  }
  for (const [dx, dz] of [
    [0.158, 0],
    [0.164, 0.004],
    [-0.157, 0],
  ] as const) {
    places.push(['speck', 0.6 + dx, 0.6, 0.3 + dz]);
  }
  for (let k = 0; k < 5; k++) places.push(['other', 1.1 + 0.005 * k, 1.1, 0.5]);
  const cloud = createSplatCloud(places.length, 0);
  places.forEach(([, ...p], i) => {
    for (let k = 0; k < 3; k++) cloud.positions[3 * i + k] = scale * (p[k] as number);
    cloud.logScales.fill(Math.log(0.008 * scale), 3 * i, 3 * i + 3);
    cloud.rotations.set([1, 0, 0, 0], 4 * i);
    cloud.opacityLogits[i] = 4;
  });
  const kinds = places.map(([kind]) => kind);
  return { cloud, kinds, selection: Uint8Array.from(kinds, (kind) => (kind === 'ball' ? 1 : 0)) };
}

function claim({ cloud, selection, kinds }: Staged, edge: number[], marks?: Uint8Array): string[] {
  const taken: string[] = [];
  const count = selection.reduce((n, v) => n + v, 0);
  claimSpecks(cloud, selection, edge, count, marks, (row) => {
    selection[row] = 1;
    taken.push(kinds[row]!);
  });
  return taken;
}

const ballRows = ({ selection }: Staged) => [...selection.keys()].filter((i) => selection[i] !== 0);

describe('claimSpecks', () => {
  it.each([1, 0.01, 100])(
    'takes the specks, not the table nor another thing; scale × %s',
    (scale) => {
      const staged = stage(scale);
      expect(claim(staged, ballRows(staged))).toEqual(['speck', 'speck', 'speck']);
    },
  );

  it('leaves hidden ones', () => {
    const staged = stage();
    const marks = Uint8Array.from(staged.kinds, (kind) => (kind === 'speck' ? HIDDEN : 0));
    expect(claim(staged, ballRows(staged), marks)).toEqual([]);
  });

  it('takes none of what goes on: half a ball that is left stays', () => {
    const staged = stage();
    const { cloud, selection } = staged;
    for (const row of ballRows(staged)) if (cloud.positions[3 * row]! > 0.6) selection[row] = 0;
    const taken = claim(staged, ballRows(staged));
    expect(taken.filter((kind) => kind === 'ball').length).toBeLessThan(12);
    expect(taken.filter((kind) => kind === 'speck')).toHaveLength(1);
  });
});

describe('edgeRows', () => {
  it('finds the rows by the specks and no others, and they lead to the specks', () => {
    const staged = stage();
    const box = { low: [0.4, 0.4, 0.1], high: [0.8, 0.8, 0.5] } as const;
    const edge = edgeRows(staged.cloud, staged.selection, box, 0.03);
    expect(edge.length).toBeGreaterThan(0);
    expect(edge.length).toBeLessThan(100);
    expect(claim(staged, edge)).toHaveLength(3);
  });
});
