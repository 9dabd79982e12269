/**
 * Accepts: every object of the sample scene (60,000 splats, seed 1), removed on the CPU kernels from the camera
 * where a user would stand, then seen from three cameras that the removal was not given, against the truth.
 * Counted are the pixels where truth shows the surface that the object hid. FLOOR_DB is what was measured
 * (2026-11-29, commit a08548e) less 1.5 dB, room for changes of the fill that are as good; the same run gives the same figures.
 * Before, with twice the splats that the surroundings have, the mug had 32.8 dB and the books 24.9.
 * Delete-only is the baseline: the fill must be nearer to the truth by CLEARLY_DB.
 */
import { describe, expect, it } from 'vitest';
import { trialScene } from '../../bench/scenes/trials.ts';
import { meanOf, removeKnown, selectObject } from '../../bench/score/remove-known.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { selectedRows } from '../../core/selection.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';

const FLOOR_DB: Record<string, number> = {
  mug: 28.5,
  books: 26.3,
  ball: 26.3,
  vase: 26.6,
  pear: 36.0,
  lamp: 28.9,
  cube: 28.3,
  pouf: 24.8,
};
const CLEARLY_DB = 2;
/** Its hole is 4 cm across, a few splats at this density: the neighbours' splats all but close it unaided. */
const NEARLY_CLOSED = ['ball'];

/** A box that fills a room's corner: its floor shows below the object alone, and three planes meet behind it. Measured 24.2 dB, all covered; less 1.5 dB as above. */
const CORNER_DB = 22.7;

const scene = generateTabletop({ splats: 60_000, seed: 1 });
const run = {
  kernels: createCpuKernels(),
  options: { views: 3, resolution: 192, seed: 1 },
  heldPx: 160,
  methods: ['splatmend', 'delete only'] as const,
};

describe('removal against truth', () => {
  it.each(scene.objects.map((object) => [object.name, object] as const))(
    '%s',
    async (name, object) => {
      const results = await removeKnown(scene, object, run);
      const db = (method: string) => {
        const { scores } = results.find((r) => r.method === method)!;
        expect(scores.length).toBeGreaterThanOrEqual(3);
        for (const score of scores) expect(score.hiddenPixels, score.camera).toBeGreaterThan(60);
        return meanOf(scores, 'hiddenDb');
      };
      const ours = db('splatmend');
      const hole = db('delete only');
      console.log(`${name}: ${ours.toFixed(2)} dB, delete only ${hole.toFixed(2)} dB`);
      expect(ours).toBeGreaterThan(FLOOR_DB[name]!);
      if (!NEARLY_CLOSED.includes(name)) expect(ours).toBeGreaterThan(hole + CLEARLY_DB);
      const { patch } = results.find((r) => r.method === 'splatmend')!;
      expect(Array.from(patch.removed)).toEqual(
        Array.from(selectedRows(selectObject(scene, object))),
      );
    },
  );

  it('a box in a room’s corner', async () => {
    const corner = trialScene('corner');
    const [ours] = await removeKnown(corner, corner.objects[0]!, {
      ...run,
      methods: ['splatmend'],
    });
    console.log(`corner: ${meanOf(ours!.scores, 'hiddenDb').toFixed(2)} dB`);
    expect(meanOf(ours!.scores, 'covered')).toBeGreaterThan(0.97);
    expect(meanOf(ours!.scores, 'hiddenDb')).toBeGreaterThan(CORNER_DB);
  });
});
