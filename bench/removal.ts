/**
 * `npm run bench -- removal [--objects mug,ball …] [--splats 150000] [--views N] [--resolution PX] [--backend cpu|webgpu|auto]`
 * removes every object of the sample scene and compares pictures and depth from held cameras with its truth.
 * `npm run bench -- removal --trials [--objects edge,corner …]` does the same on bench/scenes/trials.ts: one object a scene.
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
import { percentile } from '../workers/steps/measure-seam.ts';
import { TRIAL_NAMES, trialScene } from './scenes/trials.ts';
import type { TruthObject, TruthScene } from './scenes/truth-scene.ts';
import { pictureStrip } from './score/picture-strip.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';
import { meanOf, type ObjectResult, removeKnown } from './score/remove-known.ts';

const HELD_PX = 320;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      cases: { type: 'string' },
      trials: { type: 'boolean', default: false },
      objects: { type: 'string' },
      splats: { type: 'string', default: '150000' },
      views: { type: 'string' },
      resolution: { type: 'string' },
      seed: { type: 'string' },
      backend: { type: 'string', default: 'cpu' },
      dry: { type: 'boolean', default: false },
      pictures: { type: 'string' },
    },
  });
  const options: RemoveOptions = {};
  for (const key of ['views', 'resolution', 'seed'] as const) {
    if (values[key] !== undefined) options[key] = Number(values[key]);
  }
  const work = (kernels: Kernels) =>
    values.data === undefined
      ? knownRows(kernels, options, values)
      : caseRows(kernels, options, values.data, values.cases?.split(','));
  const { rows, description } = await withKernels(values.backend as BackendChoice, work);
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const folders = [values.data, values.pictures];
  const shown = args.map((a) => (folders.includes(a) ? `…/${basename(a)}` : a)).join(' ');
  const origin = originOf(`npm run bench -- removal ${shown}`.trim(), description);
  const [name, title] =
    values.data !== undefined
      ? ['removal-cases', 'Removal cases with known surface']
      : values.trials
        ? ['removal-trials', 'Removal from one-object scenes against their truth, held cameras']
        : ['removal-tabletop', 'Removal from the sample scene against its truth, held cameras'];
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

interface KnownValues {
  splats: string;
  trials: boolean;
  objects?: string;
  pictures?: string;
}

/** Every scene with the object of it that is to go. */
function* knownScenes({
  splats,
  trials,
  objects,
}: KnownValues): Generator<[TruthScene, TruthObject]> {
  const wanted = (name: string) => objects === undefined || objects.split(',').includes(name);
  if (trials) {
    for (const name of TRIAL_NAMES.filter(wanted)) {
      const scene = trialScene(name);
      yield [scene, scene.objects[0]!];
    }
    return;
  }
  const scene = generateTabletop({ splats: Number(splats) });
  for (const object of scene.objects) if (wanted(object.name)) yield [scene, object];
}

async function knownRows(
  kernels: Kernels,
  options: RemoveOptions,
  values: KnownValues,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [scene, object] of knownScenes(values)) {
    const results = await removeKnown(scene, object, { kernels, options, heldPx: HELD_PX });
    for (const result of results) {
      const { method, patch, scores, seconds, steps, maskIou } = result;
      const seam = percentile(
        scores.flatMap((s) => s.seam),
        0.9,
      );
      const row: Row = {
        [values.trials ? 'scene' : 'object']: object.name,
        method,
        'box PSNR dB': hundredth(meanOf(scores, 'boxDb')),
        'hidden PSNR dB': hundredth(meanOf(scores, 'hiddenDb')),
        'worst hidden dB': hundredth(Math.min(...scores.map((s) => s.hiddenDb))),
        'covered %': tenth(100 * meanOf(scores, 'covered')),
        'depth off, 90 %, %': percentOrNone(Math.max(...scores.map((s) => s.depth90))),
        'seam, 90 %, %': percentOrNone(seam),
        'mask IoU': maskIou === undefined ? '' : hundredth(maskIou),
        added: patch.added.count,
        ...timing(method, seconds, steps),
      };
      rows.push(row);
      console.log(JSON.stringify(row));
      if (values.pictures !== undefined) await writePictures(values.pictures, result);
    }
  }
  return rows;
}

async function writePictures(folder: string, { object, method, scores }: ObjectResult) {
  await mkdir(folder, { recursive: true });
  const strip = pictureStrip(
    scores.map(({ pictures: { before, result, truth } }) => [before, result, truth]),
  );
  await writeFile(join(folder, `${object.name} ${method}.png`), strip);
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
const hundredth = (v: number) => Math.round(v * 100) / 100;
const percentOrNone = (share: number) => (Number.isNaN(share) ? '' : hundredth(100 * share));

function timing(method: string, seconds: number, steps: Record<string, number>): Row {
  if (method !== 'splatmend') return {};
  const rounded = Object.entries(steps).map(([step, s]) => [`${step} s`, tenth(s)]);
  return { s: tenth(seconds), ...Object.fromEntries(rounded) };
}
