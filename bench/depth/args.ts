import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { DEPTH_COMPLETION_DEFAULTS } from '../../core/cpu/complete-depth/index.ts';
import type { DepthCompletionOptions } from '../../core/kernels.ts';
import { isPriorKind, PRIOR_KINDS } from './prior.ts';

/**
 * Flags that the depth benches share. A dry run writes to out/ what would else go to bench/results.
 * @param defaultShare of --share: what that is a share of is the bench's
 */
export function parseDepthArgs(bench: string, args: string[], defaultShare = 0.1) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      samples: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      share: { type: 'string' },
      apart: { type: 'string', default: '10' },
      half: { type: 'boolean', default: false },
      python: { type: 'string' },
      gpu: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
      prior: { type: 'string' },
      alpha: { type: 'string' },
      epsilon: { type: 'string' },
      edgeScale: { type: 'string' },
      reweightings: { type: 'string' },
    },
  });
  const { data } = values;
  if (data === undefined) throw new Error(`${bench}: give --data DIR`);
  const number = (name: string, text: string, ok: (v: number) => boolean): number => {
    const value = Number(text);
    if (!ok(value)) throw new Error(`${bench}: --${name} ${text} is out of range`);
    return value;
  };
  const numbers = {
    samples: number('samples', values.samples, (v) => Number.isInteger(v) && v > 0),
    seed: number('seed', values.seed, Number.isInteger),
    share: number('share', values.share ?? String(defaultShare), (v) => v > 0 && v < 1),
    apart: number('apart', values.apart, (v) => Number.isInteger(v) && v > 0),
  };
  const { prior } = values;
  if (prior !== undefined && !isPriorKind(prior)) {
    throw new Error(
      `${bench}: --prior ${prior}; give one of ${Object.keys(PRIOR_KINDS).join(', ')}`,
    );
  }
  const options: DepthCompletionOptions = {};
  for (const key of ['alpha', 'epsilon', 'edgeScale', 'reweightings'] as const) {
    if (values[key] !== undefined) options[key] = Number(values[key]);
  }
  const shown = args.map((a) => (a === data ? `…/${basename(a)}` : a)).join(' ');
  return {
    data,
    ...numbers,
    half: values.half,
    gpu: values.gpu,
    python: values.python,
    dry: values.dry,
    /** Ours also with a prior depth of this kind. */
    prior,
    options,
    /** What ours ran with, defaults and all. */
    settings: { ...DEPTH_COMPLETION_DEFAULTS, ...options },
    command: `npm run bench -- ${bench} ${shown}`,
  };
}
