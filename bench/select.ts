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
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { markdownTable, originOf, record } from './score/record.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Builds bench/select/measure.ts and loads what came out. */
async function loadBuilt(): Promise<typeof import('./select/measure.ts')> {
  // Inside node_modules, so that packages are found from there.
  const outDir = join(ROOT, 'node_modules/.splatmend-bench/select');
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: { ssr: 'bench/select/measure.ts', outDir, emptyOutDir: true, target: 'node20' },
  });
  return import(/* @vite-ignore */ pathToFileURL(join(outDir, 'measure.js')).href);
}

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
  const measure = await loadBuilt();
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
