/** Cast shadows: what lies in one gets its light back, its texture stays, and nothing else is touched. Seed 5. */
import { describe, expect, it } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { HIDDEN, LOCKED } from '../../core/marks.ts';
import { applyPatch, revertPatch } from '../../core/patch.ts';
import { createRandom } from '../../core/random.ts';
import { colourOf, createSplatCloud, dcOf, takeSplats } from '../../core/splat-cloud.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { remove } from '../../workers/remove.ts';
import { type LiftedShadow, liftShadow } from '../../workers/shadow/lift-shadow.ts';
import { firstDifference } from '../support/clouds.ts';
import { codeOf } from '../support/error-code.ts';
import { SMALL } from '../support/mending-run.ts';

type Kind = 'table' | 'print' | 'ball';

const WOOD = [0.66, 0.48, 0.32];
const PRINT = [0.2, 0.2, 0.22];
const DEPTH = 0.68;

/** How much light is left at a place: a ball's shadow, cast to +x, with a soft edge 4 cm wide. */
function lightAt(x: number, y: number): number {
  const along = Math.max(0, Math.min(0.2, x));
  const d = Math.hypot(x - along, y);
  const t = Math.max(0, Math.min(1, (d - 0.07) / 0.04));
  return DEPTH + (1 - DEPTH) * t * t * (3 - 2 * t);
}

/** A red ball on a striped table, its shadow, and a print as dark as it beside its foot. One light factor a splat. */
function stage({ scale = 1, shaded = true } = {}) {
  const random = createRandom(5);
  const splats: { kind: Kind; at: number[]; rgb: number[]; light: number }[] = [];
  for (let b = -62; b <= 62; b++) {
    for (let a = -62; a <= 62; a++) {
      const [x, y] = [a * 0.008, b * 0.008];
      // Nobody has seen what the ball stands on.
      if (Math.hypot(x, y) < 0.03) continue;
      const kind: Kind = x < -0.12 && x > -0.3 && Math.abs(y) < 0.1 ? 'print' : 'table';
      const stripe = a % 5 === 0 ? 0.86 : 1;
      const tone = stripe * (1 + 0.06 * (random() - 0.5));
      const light = shaded ? lightAt(x, y) : 1;
      const rgb = (kind === 'print' ? PRINT : WOOD).map((v) => v * tone);
      splats.push({ kind, at: [x, y, 0], rgb, light });
    }
  }
  for (let k = 0; k < 2500; k++) {
    const z = 2 * random() - 1;
    const turn = 2 * Math.PI * random();
    const r = 0.1 * Math.sqrt(1 - z * z);
    const at = [r * Math.cos(turn), r * Math.sin(turn), 0.102 + 0.1 * z];
    splats.push({ kind: 'ball', at, rgb: [0.8, 0.1, 0.1], light: 1 });
  }
  const cloud = createSplatCloud(splats.length, 1);
  splats.forEach(({ at, rgb, light }, i) => {
    for (let k = 0; k < 3; k++) {
      cloud.positions[3 * i + k] = scale * at[k]!;
      cloud.logScales[3 * i + k] = Math.log(scale * (k === 2 ? 0.0005 : 0.004));
      cloud.dc[3 * i + k] = dcOf(rgb[k]! * light);
      cloud.shRest[9 * i + 3 * k] = 0.01 * light;
    }
    cloud.rotations[4 * i] = 1;
    cloud.opacityLogits[i] = 4;
  });
  const selection = Uint8Array.from(splats, ({ kind }) => (kind === 'ball' ? 1 : 0));
  return { cloud, selection, splats };
}

const staged = stage();
const share = (values: boolean[]) => values.filter(Boolean).length / values.length;

/** |log| of what each table splat's colour is off by from its own, fully lit. */
function offBy({ cloud, splats }: typeof staged, { rows, splats: lit }: LiftedShadow) {
  const off = splats.map(({ rgb, light, kind }, i) =>
    kind === 'table' && light < 0.75 ? Math.abs(Math.log(colourOf(cloud.dc[3 * i]!) / rgb[0]!)) : 0,
  );
  const before = off.filter((v) => v > 0);
  rows.forEach((row, i) => {
    const { rgb } = splats[row]!;
    if (off[row]! > 0) off[row] = Math.abs(Math.log(colourOf(lit.dc[3 * i]!) / rgb[0]!));
  });
  const after = off.filter((v, i) => v > 0 || splats[i]!.light < 0.75);
  const median = (v: number[]) => v.sort((a, b) => a - b)[v.length >> 1]!;
  return { before: median(before), after: median(after) };
}

describe('a cast shadow', () => {
  it('is lifted to a tenth of its depth, and its texture stays', async () => {
    const lifted = await liftShadow(staged.cloud, staged.selection);
    const { before, after } = offBy(staged, lifted);
    expect(before).toBeGreaterThan(0.35);
    expect(after).toBeLessThan(0.04);
    const { rows, splats } = lifted;
    for (const [i, row] of rows.entries()) {
      // One factor for a splat's whole colour.
      const factor = colourOf(splats.dc[3 * i]!) / colourOf(staged.cloud.dc[3 * row]!);
      const sh = splats.shRest[9 * i]! / staged.cloud.shRest[9 * row]!;
      expect(Math.abs(sh / factor - 1)).toBeLessThan(1e-4);
    }
  });

  it('touches nothing beside it, and no print that is as dark', async () => {
    const { rows, splats } = await liftShadow(staged.cloud, staged.selection);
    expect(share([...rows].map((row) => staged.splats[row]!.light < 1))).toBeGreaterThan(0.9);
    expect([...rows].filter((row) => staged.splats[row]!.kind === 'ball')).toEqual([]);
    const prints = staged.splats.filter(({ kind, light }) => kind === 'print' && light === 1);
    const lit = [...rows].filter((row) => prints.includes(staged.splats[row]!));
    expect(lit.length / prints.length).toBeLessThan(0.03);
    expect([...rows].every((row, i) => i === 0 || row > rows[i - 1]!)).toBe(true);
    const { dc, shRest, ...rest } = takeSplats(staged.cloud, rows);
    expect(firstDifference({ dc, shRest, ...rest }, { ...splats, dc, shRest })).toBeUndefined();
  });

  it('is not seen where there is none', async () => {
    const { cloud, selection } = stage({ shaded: false });
    expect((await liftShadow(cloud, selection)).rows.length).toBe(0);
  });

  it('is the same at any scale', async () => {
    const [one, other] = [staged, stage({ scale: 200 })];
    const a = await liftShadow(one.cloud, one.selection);
    const b = await liftShadow(other.cloud, other.selection);
    const both = new Set(a.rows);
    expect(share([...b.rows].map((row) => both.has(row)))).toBeGreaterThan(0.99);
    expect(b.rows.length / a.rows.length).toBeCloseTo(1, 2);
  });

  it('stays on what is locked or hidden', async () => {
    const marks = Uint8Array.from(staged.splats, (_, i) => (i % 2 ? LOCKED : i % 3 ? 0 : HIDDEN));
    const { rows } = await liftShadow(staged.cloud, staged.selection, marks);
    expect(rows.length).toBeGreaterThan(100);
    expect([...rows].every((row) => marks[row] === 0)).toBe(true);
  });

  it('hears a cancel', async () => {
    const stopped = AbortSignal.abort();
    const wait = liftShadow(staged.cloud, staged.selection, undefined, stopped);
    expect(await codeOf(wait)).toBe('cancelled');
  });
});

describe('a removal that lifts the shadow', () => {
  it('hands back one patch: the selected gone, the shadow lit, the hole filled; reverting gives all back', async () => {
    const { cloud, selection } = staged;
    const before = structuredClone(cloud);
    const { patch, lit, figures } = await remove(
      cloud,
      selection,
      [],
      createCpuKernels(),
      { inpainter: createExemplarInpainter() },
      { ...SMALL, resolution: 64, views: 1, liftShadow: true },
    );
    expect(lit!.length).toBe(figures.lit);
    expect(figures.lit).toBeGreaterThan(500);
    expect(figures.notes.join(' ')).toContain('shadow was lifted');
    const gone = new Set(patch.removed);
    expect(gone.size).toBe(figures.selected + lit!.length);
    expect([...lit!].every((row) => gone.has(row) && selection[row] === 0)).toBe(true);
    expect(patch.added.count).toBe(lit!.length + figures.added);
    // The fill is as bright as the table is in the light: in the shadow it would take its shade.
    let sum = 0;
    for (let i = lit!.length; i < patch.added.count; i++) sum += colourOf(patch.added.dc[3 * i]!);
    expect(sum / figures.added).toBeGreaterThan(0.93 * WOOD[0]!);
    expect(firstDifference(cloud, before)).toBeUndefined();
    const after = applyPatch(cloud, patch);
    const back = revertPatch(after, patch, takeSplats(cloud, patch.removed));
    expect(firstDifference(back, before)).toBeUndefined();
  });
});
