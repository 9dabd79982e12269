/** Runs every method on every sample and writes the table, the figures and the sheet. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DepthProblem } from '../../core/kernels.ts';
import { OUT, RESULTS } from '../root.ts';
import { markdownTable, originOf, type Row, record } from '../score/record.ts';
import type { parseDepthArgs } from './args.ts';
import { type Answer, GUIDED, type Method, methods, OURS } from './methods.ts';
import { PRIOR_KINDS, withPriors } from './prior.ts';
import { addScore, type DepthFigures, emptyScore, figuresOf } from './score.ts';
import { type SheetSample, writeSheet } from './sheet.ts';

export interface Sample {
  /** The frame, or the pair of frames. */
  id: string;
  problem: DepthProblem;
  /** Width × height. */
  truth: Float32Array;
  /** 1 = counts. */
  counted: Uint8Array;
}

/** What the JSON says of a sample: enough to tell that another run had the same input. */
export interface SampleNote {
  id: string;
  /** Percent of the picture that counts, and a digest of which pixels. */
  countedPercent: number;
  mask: string;
  /** Percent, by method. */
  absRel: Record<string, number>;
}

export interface Comparison {
  figures: Record<string, DepthFigures>;
  notes: SampleNote[];
}

const depthIn = (answer: Answer) => (answer instanceof Float32Array ? answer : answer.depth);

export async function compare(
  samples: AsyncIterable<Sample>,
  all: Record<string, Method>,
): Promise<Comparison> {
  const scores = Object.fromEntries(Object.keys(all).map((name) => [name, emptyScore()]));
  const notes: SampleNote[] = [];
  for await (const { id, problem, truth, counted } of samples) {
    const absRel: Record<string, number> = {};
    for (const [name, method] of Object.entries(all)) {
      const before = performance.now();
      const found = await method(problem);
      const ms = found instanceof Float32Array ? performance.now() - before : 1000 * found.seconds;
      absRel[name] = 100 * addScore(scores[name]!, truth, counted, depthIn(found), ms);
    }
    const count = counted.reduce((sum, v) => sum + v, 0);
    notes.push({
      id,
      countedPercent: (100 * count) / counted.length,
      mask: createHash('sha256').update(counted).digest('hex').slice(0, 16),
      absRel,
    });
  }
  const figures = Object.fromEntries(
    Object.entries(scores).map(([name, score]) => [name, figuresOf(score)]),
  );
  return { figures, notes };
}

/** Where best, median and worst stand: each once, in this order. */
export function bestMedianWorst(errors: readonly number[]): number[] {
  const order = errors.map((_, i) => i).sort((a, b) => errors[a]! - errors[b]!);
  return [...new Set([order[0]!, order[order.length >> 1]!, order.at(-1)!])];
}

/**
 * The chosen samples anew, in the given order: all answers of a run would not fit in memory, and only at its end is
 * it known which ones the sheet shows.
 */
export async function sheetOf(
  samples: AsyncIterable<Sample>,
  all: Record<string, Method>,
  chosen: readonly number[],
): Promise<SheetSample[]> {
  const found = new Map<number, SheetSample>();
  let at = 0;
  for await (const { problem, truth, counted } of samples) {
    if (chosen.includes(at)) {
      const { width, height } = problem.depth;
      found.set(at, {
        width,
        height,
        rgb: problem.rgb!.data,
        truth,
        mask: counted,
        baseline: depthIn(await all[GUIDED]!(problem)),
        ours: depthIn(await all[OURS]!(problem)),
      });
    }
    at++;
    if (found.size === chosen.length) break;
  }
  return chosen.map((k) => found.get(k)!);
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

/** What a bench says of itself. */
export interface Measured {
  /** Of the files. */
  name: string;
  title: string;
  /** Seed, counts and frames, as the JSON keeps them. */
  inputs: object;
}

/**
 * Compares all methods that were asked for, prints the table, and records it: in bench/results, or with --dry in out/.
 * @param samples gives the same ones whenever it is called
 */
export async function measure(
  samples: () => AsyncIterable<Sample>,
  asked: ReturnType<typeof parseDepthArgs>,
  { name, title, inputs }: Measured,
): Promise<void> {
  const set = await methods(asked.options, asked);
  const { prior } = asked;
  const given = () => (prior === undefined ? samples() : withPriors(samples(), prior, asked.seed));
  // What a prior helped is another record than what stands without.
  const file = prior === undefined ? name : `${name}-prior-${prior}`;
  const heading =
    prior === undefined ? title : `${title}; prior simulated from the truth: ${PRIOR_KINDS[prior]}`;
  try {
    const { figures, notes } = await compare(given(), set.all);
    const rows = tableRows(figures);
    console.log(`\n${heading}\n${markdownTable(rows)}`);
    const chosen = bestMedianWorst(notes.map((note) => note.absRel[OURS]!));
    // Real frames may not be copied into the repository: the sheet goes beside the builds.
    const path = join(OUT, `${file}.png`);
    await writeSheet(path, await sheetOf(samples(), set.all, chosen));
    const sheet = chosen.map((k) => ({ sample: k, ...notes[k]! }));
    const ids = notes.map((note) => note.id);
    const details = {
      inputs: { ...inputs, ids, ...(prior && { prior }) },
      settings: asked.settings,
      figures,
      sheet,
      samples: notes,
    };
    const origin = originOf(asked.command, set.kernels);
    const folder = asked.dry ? OUT : RESULTS;
    const written = await record(file, heading, origin, rows, { details, folder });
    const shown = sheet.map((s) => `${s.id} (${s.absRel[OURS]!.toFixed(2)} %)`).join(', ');
    console.log(`\nwritten: ${written}, ${path}: best, median, worst are ${shown}`);
  } finally {
    set.close();
  }
}
