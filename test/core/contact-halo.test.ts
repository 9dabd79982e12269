/** The contact shadow: what the object has darkened and coloured around it, and nothing else. Seed 5. */
import { describe, expect, it } from 'vitest';
import { HIDDEN, LOCKED } from '../../core/marks.ts';
import { createRandom } from '../../core/random.ts';
import { contactHalo } from '../../core/select/contact-halo.ts';
import { createSplatCloud, SH_C0, type SplatCloud } from '../../core/splat-cloud.ts';

type Kind = 'table' | 'shadow' | 'bleed' | 'thing' | 'ball';
interface Staged {
  cloud: SplatCloud;
  selection: Uint8Array;
  kinds: Kind[];
}

const WOOD = [0.6, 0.45, 0.3];
const RED = [0.8, 0.1, 0.1];

/** A red ball on a noisy wooden table, its shadow and some red around its foot, and a dark blue thing beside it. */
function stage({ scale = 1, shaded = true } = {}): Staged {
  const random = createRandom(5);
  const splats: { kind: Kind; at: number[]; rgb: number[] }[] = [];
  const noisy = (rgb: number[], factor = 1) => {
    const tone = factor * (1 + 0.06 * (random() - 0.5));
    return rgb.map((v) => v * tone);
  };
  for (let y = -70; y <= 70; y++) {
    for (let x = -70; x <= 70; x++) {
      const at = [x * 0.006, y * 0.006, 0];
      const r = Math.hypot(at[0]!, at[1]!);
      if (x > 22 && x < 34 && Math.abs(y) < 8)
        splats.push({ kind: 'thing', at, rgb: noisy([0.05, 0.1, 0.5]) });
      else if (shaded && r < 0.07)
        splats.push({ kind: 'bleed', at, rgb: noisy([0.75, 0.25, 0.2]) });
      else if (shaded && r < 0.1) splats.push({ kind: 'shadow', at, rgb: noisy(WOOD, 0.55) });
      else splats.push({ kind: 'table', at, rgb: noisy(WOOD) });
    }
  }
  for (let k = 0; k < 3000; k++) {
    const z = 2 * random() - 1;
    const turn = 2 * Math.PI * random();
    const r = 0.1 * Math.sqrt(1 - z * z);
    const at = [r * Math.cos(turn), r * Math.sin(turn), 0.104 + 0.1 * z];
    splats.push({ kind: 'ball', at, rgb: noisy(RED) });
  }
  const cloud = createSplatCloud(splats.length, 0);
  splats.forEach(({ at, rgb }, i) => {
    for (let k = 0; k < 3; k++) {
      cloud.positions[3 * i + k] = scale * at[k]!;
      cloud.logScales[3 * i + k] = Math.log(0.003 * scale);
      cloud.dc[3 * i + k] = (rgb[k]! - 0.5) / SH_C0;
    }
    cloud.rotations.set([1, 0, 0, 0], 4 * i);
    cloud.opacityLogits[i] = 4;
  });
  const kinds = splats.map(({ kind }) => kind);
  return { cloud, kinds, selection: Uint8Array.from(kinds, (kind) => (kind === 'ball' ? 1 : 0)) };
}

const share = (rows: number[], { kinds }: Staged, kind: Kind) =>
  rows.filter((row) => kinds[row] === kind).length / kinds.filter((k) => k === kind).length;

describe('contactHalo', () => {
  it.each([1, 0.01, 100])(
    'is shadow and bleeding, not table nor neighbour; scale × %s',
    async (scale) => {
      const staged = stage({ scale });
      const rows = await contactHalo(staged.cloud, staged.selection);
      expect(share(rows, staged, 'shadow')).toBeGreaterThan(0.95);
      expect(share(rows, staged, 'bleed')).toBeGreaterThan(0.95);
      expect(share(rows, staged, 'table')).toBeLessThan(0.02);
      expect(share(rows, staged, 'thing')).toBeLessThan(0.02);
      expect(share(rows, staged, 'ball')).toBe(0);
      expect(new Set(rows).size).toBe(rows.length);
    },
  );

  it('is next to nothing where there is none', async () => {
    const staged = stage({ shaded: false });
    const rows = await contactHalo(staged.cloud, staged.selection);
    expect(share(rows, staged, 'table')).toBeLessThan(0.02);
  });

  it.each([HIDDEN, LOCKED])('leaves what is marked (%s)', async (mark) => {
    const staged = stage();
    const marks = Uint8Array.from(staged.kinds, (kind) => (kind === 'shadow' ? mark : 0));
    const rows = await contactHalo(staged.cloud, staged.selection, marks);
    expect(share(rows, staged, 'shadow')).toBe(0);
    expect(share(rows, staged, 'bleed')).toBeGreaterThan(0.9);
  });

  it('of nothing, and of everything, is nothing; a cancel is heard', async () => {
    const { cloud } = stage();
    expect(await contactHalo(cloud, new Uint8Array(cloud.count))).toEqual([]);
    expect(await contactHalo(cloud, new Uint8Array(cloud.count).fill(1))).toEqual([]);
    const staged = stage();
    await expect(
      contactHalo(staged.cloud, staged.selection, undefined, AbortSignal.abort()),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
