/**
 * `npm run bench -- removal [--objects mug,ball …] [--splats 150000] [--views N] [--resolution PX] [--polish STEPS] [--backend cpu|webgpu|auto]`
 * removes every object of the sample scene and compares pictures from held cameras with its truth.
 * `npm run bench -- removal --data DIR [--cases NAME,…]` scores removal cases in files instead.
 * `--pictures DIR` writes, an object and method, a PNG of before, result and truth a held camera.
 * Both print a table with the baselines in it and write bench/results/removal-*.json and .md (not with --dry).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendChoice } from '../cli/kernels-node.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import type { Kernels } from '../core/kernels.ts';
import type { RemoveOptions } from '../core/remove-types.ts';
import { generateTabletop } from '../samples/scenes/tabletop.ts';
import { pictureStrip } from './score/picture-strip.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';
import { meanDb, removeFromTabletop } from './score/remove-tabletop.ts';

const HELD_PX = 320;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      cases: { type: 'string' },
      objects: { type: 'string' },
      splats: { type: 'string', default: '150000' },
      views: { type: 'string' },
      resolution: { type: 'string' },
      seed: { type: 'string' },
      polish: { type: 'string' },
      backend: { type: 'string', default: 'cpu' },
      dry: { type: 'boolean', default: false },
      pictures: { type: 'string' },
    },
  });
  const options: RemoveOptions = {};
  for (const key of ['views', 'resolution', 'seed', 'polish'] as const) {
    if (values[key] !== undefined) options[key] = Number(values[key]);
  }
  const work = (kernels: Kernels) =>
    values.data === undefined
      ? tabletopRows(kernels, options, values)
      : caseRows(kernels, options, values.data, values.cases?.split(','));
  const { rows, description } = await withKernels(values.backend as BackendChoice, work);
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const folders = [values.data, values.pictures];
  const shown = args.map((a) => (folders.includes(a) ? `…/${basename(a)}` : a)).join(' ');
  const origin = originOf(`npm run bench -- removal ${shown}`.trim(), description);
  const [name, title] =
    values.data === undefined
      ? ['removal-tabletop', 'Removal from the sample scene against its truth, held cameras']
      : ['removal-cases', 'Removal cases with known surface'];
  console.log(`\nwritten: ${await record(name, title, origin, rows)}`);
}

async function withKernels(
  backend: BackendChoice,
  work: (kernels: Kernels) => Promise<Row[]>,
): Promise<{ rows: Row[]; description: string }> {
  if (backend === 'cpu') {
    const kernels = createCpuKernels();
    return { rows: await work(kernels), description: kernels.description };
  }
  // Loaded only here: a CPU run needs no Dawn.
  const { chooseKernels } = await import('../cli/kernels-node.ts');
  const { keeper } = await chooseKernels(backend);
  return { rows: await keeper.use(work), description: keeper.info?.description ?? '' };
}

async function tabletopRows(
  kernels: Kernels,
  options: RemoveOptions,
  { splats, objects, pictures }: { splats: string; objects?: string; pictures?: string },
): Promise<Row[]> {
  const only = objects?.split(',');
  const scene = generateTabletop({ splats: Number(splats) });
  const rows: Row[] = [];
  for (const object of scene.objects) {
    if (only !== undefined && !only.includes(object.name)) continue;
    const results = await removeFromTabletop(scene, object, { kernels, options, heldPx: HELD_PX });
    for (const { method, patch, scores, seconds, steps } of results) {
      const row: Row = {
        object: object.name,
        method,
        'box PSNR dB': db(meanDb(scores, 'boxDb')),
        'hidden PSNR dB': db(meanDb(scores, 'hiddenDb')),
        'worst hidden dB': db(Math.min(...scores.map((s) => s.hiddenDb))),
        added: patch.added.count,
        ...timing(method, seconds, steps),
      };
      rows.push(row);
      console.log(JSON.stringify(row));
      if (pictures === undefined) continue;
      await mkdir(pictures, { recursive: true });
      const strip = pictureStrip(
        scores.map(({ pictures: { before, result, truth } }) => [before, result, truth]),
      );
      await writeFile(join(pictures, `${object.name} ${method}.png`), strip);
    }
  }
  return rows;
}

async function caseRows(
  kernels: Kernels,
  options: RemoveOptions,
  folder: string,
  only: string[] | undefined,
): Promise<Row[]> {
  const { listCases, readCase, runCase } = await import('./score/remove-cases.ts');
  const rows: Row[] = [];
  for (const name of await listCases(folder)) {
    if (only !== undefined && !only.includes(name)) continue;
    const results = await runCase(await readCase(`${folder}/${name}`), kernels, options);
    for (const { method, score, toleranceMm, seconds, steps } of results) {
      const row: Row = {
        case: name,
        method,
        selected: score.selected,
        left: score.left,
        survivorsLost: score.survivorsLost,
        new: score.added,
        // Nothing was added: nothing can be off the surface.
        accuracyMm: score.added === 0 ? '' : tenth(score.accuracyMm),
        accuracy90Mm: score.added === 0 ? '' : tenth(score.accuracy90Mm),
        completeness: tenThousandth(score.completeness),
        toleranceMm,
        colourL1: score.added === 0 ? '' : tenThousandth(score.colourL1),
        ...timing(method, seconds, steps),
      };
      rows.push(row);
      console.log(JSON.stringify(row));
    }
  }
  return rows;
}

const tenThousandth = (v: number) => Math.round(v * 1e4) / 1e4;
const tenth = (v: number) => Math.round(v * 10) / 10;
const db = (v: number) => Math.round(v * 100) / 100;

function timing(method: string, seconds: number, steps: Record<string, number>): Row {
  if (method !== 'splatmend') return {};
  const rounded = Object.entries(steps).map(([step, s]) => [`${step} s`, tenth(s)]);
  return { s: tenth(seconds), ...Object.fromEntries(rounded) };
}
