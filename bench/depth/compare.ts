/** Runs every method on every sample and writes the table, the figures and the sheet. */
import { join } from 'node:path';
import type { DepthProblem } from '../../core/kernels.ts';
import { markdownTable, originOf, RESULTS, type Row, record } from '../score/record.ts';
import { GUIDED, type Method, OURS } from './methods.ts';
import { addScore, type DepthFigures, emptyScore, figuresOf } from './score.ts';
import { type SheetSample, writeSheet } from './sheet.ts';

export interface Sample {
  problem: DepthProblem;
  /** Width × height. */
  truth: Float32Array;
  /** 1 = counts. */
  counted: Uint8Array;
}

export interface Comparison {
  figures: Record<string, DepthFigures>;
  sheet: SheetSample[];
}

export async function compare(
  samples: AsyncIterable<Sample>,
  methods: Record<string, Method>,
): Promise<Comparison> {
  const scores = Object.fromEntries(Object.keys(methods).map((name) => [name, emptyScore()]));
  const sheet: SheetSample[] = [];
  for await (const { problem, truth, counted } of samples) {
    const answers: Record<string, Float32Array> = {};
    let error = 0;
    for (const [name, method] of Object.entries(methods)) {
      const before = performance.now();
      const found = await method(problem);
      const own = addScore(scores[name]!, truth, counted, found, performance.now() - before);
      answers[name] = found;
      if (name === OURS) error = own;
    }
    const { width, height } = problem.depth;
    sheet.push({
      width,
      height,
      rgb: problem.rgb!.data,
      truth,
      mask: counted,
      baseline: answers[GUIDED]!,
      ours: answers[OURS]!,
      error,
    });
    // Best, median and worst are enough; a hundred large pictures are not needed in memory.
    if (sheet.length > 60) sheet.splice(1, 1);
  }
  const figures = Object.fromEntries(
    Object.entries(scores).map(([name, score]) => [name, figuresOf(score)]),
  );
  return { figures, sheet };
}

export function tableRows(figures: Record<string, DepthFigures>): Row[] {
  const guided = figures[GUIDED]!;
  return Object.entries(figures).map(([method, f]) => ({
    method,
    'AbsRel %': f.absRel,
    'δ1 %': f.delta1,
    'RMSE m': f.rmse,
    'MAE m': f.mae,
    'AbsRel ÷ guided harmonic': f.absRel / guided.absRel,
    's a sample': f.msPerSample / 1000,
  }));
}

/** Prints the table and, unless `dry`, records it with its sheet under bench/results. */
export async function report(
  name: string,
  title: string,
  command: string,
  comparison: Comparison,
  dry: boolean,
): Promise<void> {
  const rows = tableRows(comparison.figures);
  console.log(`\n${title}\n${markdownTable(rows)}`);
  if (dry) return;
  const written = await record(name, title, originOf(command, 'CPU (1 thread)'), rows);
  // Real frames may not be copied into the repository: the sheet goes beside the builds.
  const path = join(RESULTS, '../../out', `${name}.png`);
  await writeSheet(path, comparison.sheet);
  console.log(`written: ${written}, ${path}`);
}
