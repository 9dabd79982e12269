// Accepts: the sentences and verdicts under an extension say the figures they are given, what stays empty among them, in words a user reads.
import { expect, it } from 'vitest';
import { lookAt } from '../../core/camera.ts';
import type { ExtendedView, ExtendFigures } from '../../core/extend-types.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { extensionSentences, judgeExtension } from '../../plugin/ui/extension-figures.ts';

const good: ExtendFigures = {
  added: 3456,
  coverage: 0.987,
  seamDepth: 0.002,
  seamDepth90: 0.006,
  seamColour: 0.004,
  up: [0, -1, 0],
  planes: { seen: 2, closing: 3 },
  sky: false,
  seconds: { render: 1.2, inpaint: 2.1 },
  notes: ['Filled 99 %.'],
};
const view: ExtendedView = {
  camera: {
    ...{ width: 4, height: 3, fx: 4, fy: 4, cx: 2, cy: 1.5 },
    worldToCamera: lookAt([0, 0, 0], [0, 0, 1], [0, -1, 0]),
  },
  ...{ open: 0.4, filled: 0.987, left: 0, first: 0, count: 3456 },
};
const said = (views: Partial<ExtendedView>[], figures: Partial<ExtendFigures> = {}) =>
  extensionSentences({
    patch: { removed: new Uint32Array(), added: createSplatCloud(0) },
    views: views.map((other) => ({ ...view, ...other })),
    figures: { ...good, ...figures },
    backend: 'cpu',
  })
    .join(' ')
    .replaceAll('\u00a0', ' ');
const judged = (figures: Partial<ExtendFigures>) =>
  judgeExtension({ ...good, ...figures }).map((j) =>
    [j.name, j.value.replaceAll('\u00a0', ' '), j.verdict].join(' | '),
  );

it('says what was filled, what stays empty, and what was added', () => {
  expect(said([{}])).toBe(
    'Filled 99 %. Added 3,456 splats in 3.3 s; what was there stays as it is.',
  );
  expect(said([{ left: 0.12 }], { sky: true })).toContain(
    '12 % of the picture stays empty: sky, or farther away than the scene reaches.',
  );
  expect(said([{ left: 0.5 }, {}])).toContain(
    '25 % of the 2 pictures stays empty: farther away than the scene reaches.',
  );
  expect(said([{ left: 0.001 }])).not.toContain('empty');
});

it('judges coverage and seam, and leaves out what was not measured', () => {
  expect(judged({})).toEqual([
    'Filled | 99 % | good',
    'Seam | 0.2 % of depth, 90 % under 0.6 % | good',
    'Colour | 1.0 of 255 at the rim | good',
  ]);
  expect(judged({ coverage: 0.8, seamDepth: 0.03, seamDepth90: 0.2, seamColour: 0.1 })).toEqual([
    'Filled | 80 % | look',
    'Seam | 3.0 % of depth, 90 % under 20 % | look',
    'Colour | 25.5 of 255 at the rim | look',
  ]);
  expect(judged({ seamDepth: 0.0001, seamDepth90: 0.0002 })[1]).toBe(
    'Seam | under 0.1 % of depth, 90 % under 0.1 % | good',
  );
  expect(judged({ seamDepth: NaN, seamDepth90: NaN, seamColour: NaN })).toHaveLength(1);
});
