// Accepts: the sentence under a removal says the figures it is given, in words a user reads; sizes round sensibly.
import { expect, it } from 'vitest';
import type { RemoveResult } from '../../core/remove-types.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { byteSize, removalSentence } from '../../plugin/ui/figures.ts';

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
const plain = (s: string) => s.replaceAll('\u00a0', ' ');

it('says what a removal did', () => {
  expect(plain(removalSentence(result({})))).toBe(
    'Removed 1,200 splats and filled 98.7 % of the hole with 3,456 new ones from 3 views, seam step 0.4 % of the depth, in 3.3 s.',
  );
  expect(plain(removalSentence(result({ selected: 1, added: 1, views: 1, coverage: 1 })))).toBe(
    'Removed 1 splat and filled 100 % of the hole with 1 new one from 1 view, seam step 0.4 % of the depth, in 3.3 s.',
  );
  expect(plain(removalSentence(result({ added: 0, seconds: { render: 12.4 } })))).toBe(
    'Removed 1,200 splats; nothing needed filling (12 s).',
  );
  expect(removalSentence(result({ seamDepth: Number.NaN }))).not.toMatch(/seam|NaN/);
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
