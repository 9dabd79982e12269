/**
 * `npm run bench -- polish [--objects mug,ball …] [--splats 150000] [--steps 200] [--pictures DIR]` removes objects of the sample
 * scene once and polishes the same fills: pictures from held cameras against the truth, with the built-in painter and with one that
 * paints the truth (what a polish is worth where the painted picture is right). `--data DIR [--cases NAME,…]` does the same for
 * removal cases in files, by their surface score. `--pictures` writes a PNG of unpolished, polished and truth a held camera.
 * Prints a table and writes bench/results/polish*.json and .md (not with --dry).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Camera } from '../core/camera.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import type { RgbImage } from '../core/image.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import { applyPatch } from '../core/patch.ts';
import type { PolishView } from '../core/polish-types.ts';
import type { SplatPatch } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { generateTabletop } from '../samples/scenes/tabletop.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { remove } from '../workers/remove.ts';
import { createHeldTruth } from './score/picture-score.ts';
import { pictureStrip } from './score/picture-strip.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';
import { listCases, readCase } from './score/remove-cases.ts';
import { meanOf, selectObject, userCamera } from './score/remove-known.ts';
import { scoreSurface } from './score/surface-score.ts';

const HELD_PX = 320;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      cases: { type: 'string' },
      objects: { type: 'string' },
      splats: { type: 'string', default: '150000' },
      steps: { type: 'string', default: '200' },
      dry: { type: 'boolean', default: false },
      pictures: { type: 'string' },
    },
  });
  const steps = values.steps.split(',').map(Number);
  const rows =
    values.data === undefined
      ? await objectRows(Number(values.splats), values.objects?.split(','), steps, values.pictures)
      : await caseRows(values.data, values.cases?.split(','), steps);
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const folders = [values.data, values.pictures];
  const shown = args.map((a) => (folders.includes(a) ? `…/${basename(a)}` : a)).join(' ');
  const origin = originOf(
    `npm run bench -- polish ${shown}`.trim(),
    createCpuKernels().description,
  );
  const [name, title] =
    values.data === undefined
      ? ['polish', 'Polish of the sample scene’s fills, held cameras']
      : ['polish-cases', 'Polish of removal cases with known surface'];
  console.log(`\nwritten: ${await record(name, title, origin, rows)}`);
}

/** A removal up to its polish: the fills, and what they are polished against. */
interface Filled {
  removed: Uint32Array;
  splats: SplatCloud;
  views: readonly PolishView[];
  /** Of the removal without its polish. */
  seconds: number;
}

/** @param painter gets the camera of the view that is being filled */
async function fill(
  scene: SplatCloud,
  selection: Selection,
  cameras: readonly Camera[],
  painter: (camera: () => Camera) => Inpainter,
): Promise<Filled> {
  const cpu = createCpuKernels();
  let camera: Camera | undefined;
  let filled: Pick<Filled, 'splats' | 'views'> | undefined;
  const kernels: Kernels = {
    ...cpu,
    async createRenderer(cloud) {
      const { render, destroy } = await cpu.createRenderer(cloud);
      return {
        destroy,
        render: (through, options, signal) => {
          camera = through;
          return render(through, options, signal);
        },
      };
    },
    async polish(splats, views) {
      filled = { splats, views };
      return { splats, before: 0, after: 0 };
    },
  };
  const start = performance.now();
  const inpainter = painter(() => camera!);
  const { patch } = await remove(scene, selection, cameras, kernels, { inpainter }, { polish: 1 });
  if (filled === undefined) throw new Error('nothing was filled');
  return { ...filled, removed: patch.removed, seconds: (performance.now() - start) / 1000 };
}

/** Paints what stands there in truth. */
function truthPainter(truth: SplatCloud, camera: () => Camera): Inpainter {
  const renderer = createCpuKernels().createRenderer(truth);
  return {
    ...createExemplarInpainter(),
    id: 'truth',
    async inpaint(image, mask) {
      const { rgb } = await (await renderer).render(camera());
      const data = image.data.map((v, i) =>
        mask.data[Math.floor(i / 3)] === 0 ? v : rgb.data[i]!,
      );
      return { ...image, data };
    },
  };
}

async function polished({ splats, views }: Filled, steps: number) {
  const start = performance.now();
  const done = await createCpuKernels().polish(splats, views, { steps });
  return { ...done, seconds: (performance.now() - start) / 1000 };
}

async function objectRows(
  splats: number,
  only: string[] | undefined,
  counts: readonly number[],
  pictures: string | undefined,
): Promise<Row[]> {
  const scene = generateTabletop({ splats });
  const rows: Row[] = [];
  for (const object of scene.objects) {
    if (only !== undefined && !only.includes(object.name)) continue;
    const held = await createHeldTruth(scene, object, createCpuKernels(), HELD_PX);
    const truth = scene.truthWithout(object.id);
    for (const painter of ['built-in', 'truth'] as const) {
      const filled = await fill(
        scene.cloud,
        selectObject(scene, object),
        [userCamera(scene, object)],
        (camera) => (painter === 'truth' ? truthPainter(truth, camera) : createExemplarInpainter()),
      );
      const scored = async (added: SplatCloud) => {
        const patch: SplatPatch = { removed: filled.removed, added };
        const scores = await held.score(patch);
        return { scores, box: meanOf(scores, 'boxDb'), hidden: meanOf(scores, 'hiddenDb') };
      };
      const before = await scored(filled.splats);
      for (const steps of counts) {
        const done = await polished(filled, steps);
        const after = await scored(done.splats);
        const row: Row = {
          object: object.name,
          painter,
          'new splats': filled.splats.count,
          views: filled.views.length,
          steps,
          'box dB before': db(before.box),
          'box dB after': db(after.box),
          'hidden dB before': db(before.hidden),
          'hidden dB after': db(after.hidden),
          'loss before': done.before,
          'loss after': done.after,
          'removal s': tenth(filled.seconds),
          'polish s': tenth(done.seconds),
        };
        rows.push(row);
        console.log(JSON.stringify(row));
        if (pictures === undefined) continue;
        const strip: RgbImage[][] = before.scores.map((s, k) => [
          s.pictures.result,
          after.scores[k]!.pictures.result,
          s.pictures.truth,
        ]);
        await mkdir(pictures, { recursive: true });
        await writeFile(
          join(pictures, `${object.name} ${painter} ${steps}.png`),
          pictureStrip(strip),
        );
      }
    }
  }
  return rows;
}

async function caseRows(
  folder: string,
  only: string[] | undefined,
  counts: readonly number[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of await listCases(folder)) {
    if (only !== undefined && !only.includes(name)) continue;
    const { scene, selection, truth, cameras, toleranceMm } = await readCase(join(folder, name));
    const filled = await fill(scene, selection, cameras, () => createExemplarInpainter());
    const add = (steps: number, added: SplatCloud, loss: Row) => {
      const after = applyPatch(scene, { removed: filled.removed, added });
      const score = scoreSurface(scene, selection, truth, after, toleranceMm);
      const row: Row = {
        case: name,
        steps,
        views: filled.views.length,
        new: added.count,
        accuracyMm: tenth(score.accuracyMm),
        accuracy90Mm: tenth(score.accuracy90Mm),
        completeness: score.completeness,
        colourL1: score.colourL1,
        ...loss,
      };
      rows.push(row);
      console.log(JSON.stringify(row));
    };
    add(0, filled.splats, { 'removal s': tenth(filled.seconds) });
    for (const steps of counts) {
      const { splats, before, after, seconds } = await polished(filled, steps);
      add(steps, splats, {
        'loss before': before,
        'loss after': after,
        'polish s': tenth(seconds),
      });
    }
  }
  return rows;
}

const tenth = (v: number) => Math.round(v * 10) / 10;
const db = (v: number) => Math.round(v * 100) / 100;
