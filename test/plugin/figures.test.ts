// Accepts: the sentences and verdicts under a removal say the figures they are given, in words a user reads;
// sizes round sensibly.
import { expect, it } from 'vitest';
import type { RemoveFigures } from '../../core/remove-types.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { byteSize, judgeRemoval, removalSentences } from '../../plugin/ui/figures.ts';

const good: RemoveFigures = {
  selected: 1200,
  added: 3456,
  coverage: 0.987,
  unseen: 0,
  seamDepth: 0.004,
  seamDepth90: 0.009,
  seamPx: 0.44,
  seamColour: 0.01,
  seamDeltaE: 1.24,
  views: 3,
  perView: [],
  seconds: { render: 1.2, inpaint: 2.1 },
  notes: [],
};
const said = (figures: Partial<RemoveFigures>) =>
  removalSentences({
    patch: { removed: new Uint32Array(), added: createSplatCloud(0) },
    figures: { ...good, ...figures },
    filledViews: [],
    backend: 'cpu',
  })
    .join(' ')
    .replaceAll('\u00a0', ' ');
const judged = (figures: Partial<RemoveFigures>) =>
  judgeRemoval({ ...good, ...figures }).map((j) =>
    [j.name, j.value.replaceAll('\u00a0', ' '), j.verdict].join(' | '),
  );
const meaning = (figures: Partial<RemoveFigures>) =>
  judgeRemoval({ ...good, ...figures })[0]!.meaning;

it('says what a removal did, what was filled first', () => {
  expect(said({ notes: ['Filled 99 % of the hole from 3 views.'] })).toBe(
    'Filled 99 % of the hole from 3 views. Removed 1,200 splats and added 3,456 in 3.3 s.',
  );
  expect(said({ selected: 1 })).toBe('Removed 1 splat and added 3,456 in 3.3 s.');
  expect(said({ added: 0, seconds: { render: 12.4 } })).toBe(
    'Removed 1,200 splats in 12 s; nothing was added.',
  );
});

it('judges coverage and seam, and leaves out what was not measured', () => {
  expect(judged({})).toEqual([
    'Filled | 99 % | good',
    'Seam | 0.4 px (0.4 % of depth, 90 % under 0.9 %) | good',
    'Colour | ΔE 1.2 at the rim | good',
  ]);
  expect(judged({ coverage: 0.9996, seamPx: 2.3, seamDeltaE: 12 })).toEqual([
    'Filled | over 99.9 % | good',
    'Seam | 2.3 px (0.4 % of depth, 90 % under 0.9 %) | look',
    'Colour | ΔE 12.0 at the rim | look',
  ]);
  expect(judged({ added: 0, coverage: 1, seamPx: NaN, seamDepth: NaN, seamDeltaE: NaN })).toEqual([
    'Filled | 0 % | look',
  ]);
  expect(meaning({ coverage: 0.6 })).toBe('gaps may show from the sides');
  expect(meaning({ added: 0 })).toBe('what was removed is only gone');
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
