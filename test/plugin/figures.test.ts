// Accepts: the sentence under a removal says the figures it is given, in words a user reads; sizes round sensibly.
import { expect, it } from 'vitest';
import type { RemoveResult } from '../../core/remove-types.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { byteSize, removalSentences } from '../../plugin/ui/figures.ts';

function result(figures: Partial<RemoveResult['figures']>): RemoveResult {
  return {
    patch: { removed: new Uint32Array(), added: createSplatCloud(0) },
    figures: {
      selected: 1200,
      added: 3456,
      coverage: 0.987,
      seamDepth: 0.004,
      seamColour: 0.01,
      views: 3,
      seconds: { render: 1.2, inpaint: 2.1 },
      notes: [],
      ...figures,
    },
    filledViews: [],
    backend: 'cpu',
  };
}
const said = (figures: Partial<RemoveResult['figures']>) =>
  removalSentences(result(figures)).join(' ').replaceAll('\u00a0', ' ');

it('says what a removal did', () => {
  expect(said({ notes: ['Filled 99 % of the hole from 3 views.'] })).toBe(
    'Removed 1,200 splats and added 3,456 in 3.3 s; the seam steps by 0.4 % of the depth. Filled 99 % of the hole from 3 views.',
  );
  expect(said({ selected: 1, seamDepth: 0.0002 })).toBe(
    'Removed 1 splat and added 3,456 in 3.3 s; the seam steps by under 0.1 % of the depth.',
  );
  expect(said({ added: 0, seconds: { render: 12.4 } })).toBe(
    'Removed 1,200 splats in 12 s; nothing was added.',
  );
  expect(said({ seamDepth: Number.NaN })).not.toMatch(/seam|NaN/);
});

it('writes sizes for people', () => {
  expect([0, 999, 1500, 25_000_000, 2_000_000_000, 3.2e12].map(byteSize)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.5 kB',
    '25 MB',
    '2.0 GB',
    '3.2 TB',
  ]);
});
