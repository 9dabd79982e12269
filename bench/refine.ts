/**
 * `npm run bench -- refine --data DIR [--half] [--every 1] [--seed 1] [--cases a,b] [--dry]`
 * Refinement of a folder of RGB-D frames (as bench/depth/frames.ts reads it) with depth withheld by seed: 0.5 % of the pixels at
 * random, 10 % and 50 % in masks, and all but 0.5 %. Errors are of the withheld pixels of all frames; agreement is between frames.
 * Beside it what each view gives alone: nearest, guided harmonic, ours without the other views.
 * `--picture DIR` makes the docs' pictures instead (bench/refine/picture.ts). With an .npz of points and poses as --data (no pictures): 0.5, 10, 20 and 50 % of the points withheld from all views.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import { writeSplats } from '../core/formats/index.ts';
import { type Agreement, agreementOf } from '../core/refine/agree.ts';
import { cloudOf } from '../core/refine/cloud.ts';
import { chooseNeighbours } from '../core/refine/neighbours.ts';
import { REFINE_DEFAULTS, type RefineResult } from '../core/refine/refine-types.ts';
import { refine } from '../workers/refine.ts';
import { GUIDED, OURS } from './depth/methods.ts';
import { addScore, emptyScore, figuresOf } from './depth/score.ts';
import { alone, type Case, casesOf, type Truth } from './refine/cases.ts';
import { makePictures } from './refine/picture.ts';
import { withheldPoints } from './refine/points.ts';
import { OUT, RESULTS } from './root.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

export const REFINED = 'splatmend refine';

const agreementRow = (a: Agreement): Row => ({
  'covered %': 100 * a.covered,
  'confirmed by another view %': 100 * a.confirmed,
  'of what others check: agree %': 100 * a.agree,
  'seen through %': 100 * a.through,
});

/** Error of the withheld pixels of every view, by an answer a view. */
function scoreOf(truth: readonly Truth[], answer: (view: number) => Float32Array, ms: number) {
  const score = emptyScore();
  for (const [i, { depth, withheld }] of truth.entries()) {
    addScore(score, depth, withheld, answer(i), ms / truth.length);
  }
  return figuresOf(score);
}

interface Outcome {
  rows: Row[];
  agreement: Row[];
  result: RefineResult;
}

async function runCase({ name, source, truth }: Case): Promise<Outcome> {
  const kernels = createCpuKernels();
  const began = performance.now();
  const { width, height } = truth[0]!.view.camera;
  const result = await refine(source, kernels, { maxSidePx: Math.max(width, height) });
  const ms = performance.now() - began;
  const neighbours = chooseNeighbours(
    result.views.map(({ camera }, i) => ({ camera, depth: truth[i]!.given })),
    REFINE_DEFAULTS.neighbours,
  );
  const rows: Row[] = [];
  const agreement: Row[] = [
    { case: name, depth: 'as given', ...agreementRow(result.figures.agreement.before) },
  ];
  for (const [method, complete] of Object.entries(alone())) {
    const start = performance.now();
    const answers: Float32Array[] = [];
    for (const t of truth) answers.push(await complete(t));
    const f = scoreOf(truth, (i) => answers[i]!, performance.now() - start);
    rows.push({
      case: name,
      method,
      'AbsRel %': f.absRel,
      'δ1 %': f.delta1,
      's a view': f.msPerSample / 1000,
    });
    const views = answers.map((depth, i) => ({ camera: result.views[i]!.camera, depth }));
    agreement.push({ case: name, depth: method, ...agreementRow(agreementOf(views, neighbours)) });
  }
  const f = scoreOf(truth, (i) => result.views[i]!.depth, ms);
  rows.push({
    case: name,
    method: REFINED,
    'AbsRel %': f.absRel,
    'δ1 %': f.delta1,
    's a view': f.msPerSample / 1000,
  });
  const of = (method: string) => rows.find((r) => r.method === method)!['AbsRel %'] as number;
  for (const row of rows) {
    row['÷ nearest'] = (row['AbsRel %'] as number) / of('nearest');
    row['÷ guided harmonic'] = (row['AbsRel %'] as number) / of(GUIDED);
  }
  const { completed, after } = result.figures.agreement;
  agreement.push({ case: name, depth: `${REFINED}, completed`, ...agreementRow(completed) });
  agreement.push({ case: name, depth: `${REFINED}, rejected taken out`, ...agreementRow(after) });
  return { rows, agreement, result };
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      half: { type: 'boolean', default: false },
      every: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      cases: { type: 'string' },
      dry: { type: 'boolean', default: false },
      picture: { type: 'string' },
    },
  });
  const { data } = values;
  if (values.picture !== undefined) return makePictures(values.picture);
  if (data === undefined) throw new Error('refine: give --data DIR, or an .npz');
  const seed = Number(values.seed);
  const points = data.endsWith('.npz');
  const cases = points
    ? await withheldPoints(data, seed)
    : await casesOf(data, { half: values.half, every: Number(values.every), seed });
  const chosen = values.cases?.split(',');
  const rows: Row[] = [];
  const agreement: Row[] = [];
  const details: Record<string, unknown> = {};
  for (const c of cases) {
    if (chosen && !chosen.includes(c.key)) continue;
    const done = await runCase(c);
    rows.push(...done.rows);
    agreement.push(...done.agreement);
    details[c.key] = done.result.figures;
    console.log(`\n${markdownTable(done.rows)}\n\n${markdownTable(done.agreement)}`);
    console.log(JSON.stringify(done.result.figures));
    await mkdir(OUT, { recursive: true });
    const cloud = await writeSplats(cloudOf(done.result.points), 'ply');
    await writeFile(join(OUT, `refine-${c.key}.ply`), cloud);
  }
  const shown = args.map((a) => (a === data ? `…/${basename(a)}` : a)).join(' ');
  const origin = originOf(`npm run bench -- refine ${shown}`, 'CPU (1 thread)');
  const name = points ? 'refine-points' : 'refine';
  const title = `Refinement with depth withheld, ${cases[0]!.title}, seed ${seed}`;
  const folder = values.dry ? OUT : RESULTS;
  const tables = { 'Agreement between views': agreement };
  const written = await record(name, title, origin, rows, { tables, details, folder });
  console.log(`\nwritten: ${written}; clouds in ${OUT}. Ours alone is "${OURS}".`);
}
