import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { DepthCompletionOptions } from '../../core/kernels.ts';

/** Flags that the depth benches share. */
export function parseDepthArgs(bench: string, args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      samples: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      share: { type: 'string' },
      apart: { type: 'string', default: '10' },
      half: { type: 'boolean', default: false },
      gpu: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
      alpha: { type: 'string' },
      epsilon: { type: 'string' },
      edgeScale: { type: 'string' },
      reweightings: { type: 'string' },
    },
  });
  const { data } = values;
  if (data === undefined) throw new Error(`${bench}: give --data DIR`);
  const options: DepthCompletionOptions = {};
  for (const key of ['alpha', 'epsilon', 'edgeScale', 'reweightings'] as const) {
    if (values[key] !== undefined) options[key] = Number(values[key]);
  }
  const shown = args.map((a) => (a === data ? `…/${basename(a)}` : a)).join(' ');
  return { values: { ...values, data }, options, command: `npm run bench -- ${bench} ${shown}` };
}
