// Accepts: the same case × 0.01 and × 100 gives the same views, the same masks, and the same splats to 1e-3 of the
// object's radius (log scales to 1e-3, colours to 1e-3) once scaled back. 99.9 % of a mask's pixels and 99 % of the
// splats must agree, not all: 0.01 and 100 are no powers of two, so float32 positions round differently, and a
// pixel whose share of the object or whose depth lies on a threshold may flip, with the cell that stands on it.
import { beforeAll, describe, expect, test } from 'vitest';
import { cameraCenter } from '../../core/camera.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import { mend, nearest } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

const RADIUS = 0.5;
const run = (scale: number) =>
  mend(mendingScene({ scale, wallAt: 1 }), { options: { keepViews: true, views: 2 } });

let base: RemoveResult;
beforeAll(async () => {
  base = await run(1);
});

describe.each([0.01, 100])('× %d', (scale) => {
  let scaled: RemoveResult;
  beforeAll(async () => {
    scaled = await run(scale);
  });

  test('the same views and masks', () => {
    expect(base.filledViews.length).toBeGreaterThan(0);
    expect(scaled.filledViews.length).toBe(base.filledViews.length);
    scaled.filledViews.forEach((view, k) => {
      const other = base.filledViews[k]!;
      const [p, q] = [cameraCenter(view.camera), cameraCenter(other.camera)];
      for (const a of [0, 1, 2])
        expect(Math.abs(p[a]! / scale - q[a]!)).toBeLessThan(1e-3 * RADIUS);
      expect(view.mask.data.length).toBe(other.mask.data.length);
      let same = 0;
      view.mask.data.forEach((v, i) => {
        if (v === other.mask.data[i]) same++;
      });
      expect(same / view.mask.data.length).toBeGreaterThanOrEqual(0.999);
    });
  });

  test('the same splats', () => {
    const [a, b] = [scaled.patch.added, base.patch.added];
    expect(Math.abs(a.count - b.count)).toBeLessThanOrEqual(0.01 * b.count);
    let agree = 0;
    for (let i = 0; i < a.count; i++) {
      const p = [0, 1, 2].map((k) => a.positions[i * 3 + k]! / scale);
      const { row, d } = nearest(b, p);
      const close = (x: Float32Array, y: Float32Array, off: number) =>
        [0, 1, 2].every((k) => Math.abs(x[i * 3 + k]! - off - y[row * 3 + k]!) < 1e-3);
      const ok =
        d < 1e-3 * RADIUS &&
        close(a.logScales, b.logScales, Math.log(scale)) &&
        close(a.dc, b.dc, 0) &&
        Math.abs(a.opacityLogits[i]! - b.opacityLogits[row]!) < 1e-3;
      if (ok) agree++;
    }
    expect(agree / a.count).toBeGreaterThanOrEqual(0.99);
  });

  test('the same figures', () => {
    const { coverage, seamDepth, seamColour, views } = base.figures;
    expect(scaled.figures.views).toBe(views);
    expect(Math.abs(scaled.figures.coverage - coverage)).toBeLessThan(1e-2);
    expect(Math.abs(scaled.figures.seamDepth - seamDepth)).toBeLessThan(1e-3);
    expect(Math.abs(scaled.figures.seamColour - seamColour)).toBeLessThan(1e-2);
  });
});
