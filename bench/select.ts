/**
 * `npm run bench -- select [--splats 1250000] [--rounds 5]` times every selection tool on the sample scene, and
 * scores click and strokes against its labels.
 * `npm run bench -- select --data DIR` takes DIR/captures/kitchen.compressed.ply (its mug, from the cameras of
 * DIR/rgbd-kitchen/frames.json) and the volumes of DIR/removal-cases as well.
 * Times are of work on the thread, where the system tells it (Linux), so that a busy machine counts little.
 * Prints a table and writes bench/results/select.json and .md (not with --dry). The code that is measured is built first, as a page's
 * worker is: modules served one by one run hot loops more than twice as slowly.
 */
import { loadavg } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBuilt } from './build.ts';
import { markdownTable, originOf, record } from './score/record.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      splats: { type: 'string', default: '1250000' },
      rounds: { type: 'string', default: '5' },
      dry: { type: 'boolean', default: false },
    },
  });
  const measure = await loadBuilt<typeof import('./select/measure.ts')>('bench/select/measure.ts');
  const rounds = Number(values.rounds);
  const rows = await measure.sampleRows(Number(values.splats), rounds);
  if (values.data !== undefined) rows.push(...(await measure.captureRows(values.data, rounds)));
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const shown = args.map((a) => (a === values.data ? `…/${basename(a)}` : a)).join(' ');
  const load = `none; machine's load ${loadavg()[0]!.toFixed(1)}`;
  const origin = originOf(`npm run bench -- select ${shown}`.trim(), load);
  console.log(`\nwritten: ${await record('select', 'Selection: time and overlap', origin, rows)}`);
}
