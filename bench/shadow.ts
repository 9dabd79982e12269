/**
 * `npm run bench -- shadow [--objects mug,ball …] [--splats 150000] [--out docs/images]` removes every object of the sample
 * scene with its cast shadow left, lifted, and painted over (`J`, --with-shadow), and compares pictures from held cameras
 * with the scene in which the object has no shadow. Writes bench/results/shadow.json and .md (not with --dry), and shadow.png to
 * the --out folder: before, mended, mended with the shadow lifted.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodePng } from '../cli/report/png.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import type { Kernels, RenderedView } from '../core/kernels.ts';
import { applyPatch } from '../core/patch.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import type { RemoveOptions } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import {
  generateTabletop,
  type TabletopObject,
  type TabletopScene,
} from '../samples/scenes/tabletop.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { remove } from '../workers/remove.ts';
import { selectHalo } from '../workers/steps/select-halo.ts';
import { ROOT } from './root.ts';
import { candidateCameras, renderAll } from './score/picture-score.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';
import { selectObject, userCamera } from './score/remove-known.ts';

const HELD_PX = 300;
/** Wide enough for a shadow beside the object. */
const FOCAL = 0.9 * HELD_PX;
const HELD = 3;
/** Mean |Δrgb| by which a pixel differs with the shadow that counts as in it, and up to which as beside it. */
const IN_SHADOW = 0.008;
const BESIDE = 0.001;
const LEAST_PIXELS = 40;
/** What the documentation shows. */
const PICTURED = ['mug', 'lamp', 'ball'];

const WAYS: Record<string, { halo: boolean; options: RemoveOptions }> = {
  'shadow left': { halo: false, options: {} },
  'painted over (J)': { halo: true, options: {} },
  lifted: { halo: false, options: { liftShadow: true } },
  'lifted and J': { halo: true, options: { liftShadow: true } },
};

/** One held camera: how the place should look, and which of its pixels the shadow takes light from. */
interface Held {
  truth: RenderedView;
  inShadow: Uint8Array;
  beside: Uint8Array;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      objects: { type: 'string' },
      splats: { type: 'string', default: '150000' },
      out: { type: 'string', default: 'docs/images' },
      dry: { type: 'boolean', default: false },
    },
  });
  const splats = Number(values.splats);
  const kernels = createCpuKernels();
  const scene = generateTabletop({ splats });
  const names = values.objects?.split(',') ?? scene.objects.map((o) => o.name);
  const rows: Row[] = [];
  const strips: Picture[][] = [];
  for (const object of scene.objects) {
    if (!names.includes(object.name)) continue;
    const unshaded = generateTabletop({ splats, shadeless: [object.name] });
    const held = await heldViews(kernels, scene, unshaded.truthWithout(object.id), object);
    if (held.length === 0) {
      console.log(`${object.name}: its shadow shows in no held camera`);
      continue;
    }
    const bare = selectObject(scene, object);
    const halo = await selectHalo(scene.cloud, bare);
    const pictures: Picture[] = [await firstPicture(kernels, scene.cloud, held)];
    for (const [way, { halo: withHalo, options }] of Object.entries(WAYS)) {
      const made = await removed(kernels, scene, object, withHalo ? halo : bare, options);
      rows.push({
        object: object.name,
        way,
        ...(await compared(kernels, made.mended, held)),
        ...made.row,
      });
      if (!withHalo) pictures.push(await firstPicture(kernels, made.mended, held));
    }
    if (PICTURED.includes(object.name)) strips.push(pictures);
  }
  for (const way of Object.keys(WAYS)) {
    const mine = rows.filter((row) => row.way === way);
    const mean = (key: string) =>
      mine.reduce((sum, row) => sum + (row[key] as number), 0) / mine.length;
    rows.push({
      object: 'mean',
      way,
      'in shadow dB': mean('in shadow dB'),
      'off there': mean('off there'),
      'off beside': mean('off beside'),
      lit: '',
      's to lift': '',
    });
  }
  console.log(`\n${markdownTable(rows)}`);
  if (strips.length > 0) {
    const path = join(ROOT, values.out, 'shadow.png');
    await writeFile(path, encodePng(picturesInRows(strips, 6)));
    console.log(`written: ${path}`);
  }
  if (values.dry) return;
  const origin = originOf(`npm run bench -- shadow ${args.join(' ')}`.trim(), kernels.description);
  const title =
    'Objects of the sample scene removed with their shadows, held cameras, beside the scene without those shadows';
  console.log(`written: ${await record('shadow', title, origin, rows)}`);
}

async function heldViews(
  kernels: Kernels,
  scene: TabletopScene,
  truth: SplatCloud,
  object: TabletopObject,
): Promise<Held[]> {
  const cameras = candidateCameras(object, HELD_PX, FOCAL);
  const shaded = await renderAll(kernels, scene.truthWithout(object.id), cameras);
  const clean = await renderAll(kernels, truth, cameras);
  return clean
    .map((view, k) => {
      const off = difference(view, shaded[k]!);
      return {
        truth: view,
        inShadow: Uint8Array.from(off, (v) => (v > IN_SHADOW ? 1 : 0)),
        beside: Uint8Array.from(off, (v) => (v < BESIDE ? 1 : 0)),
      };
    })
    .filter(({ inShadow }) => inShadow.reduce((n, v) => n + v, 0) >= LEAST_PIXELS)
    .slice(0, HELD);
}

async function removed(
  kernels: Kernels,
  scene: TabletopScene,
  object: TabletopObject,
  selection: Selection,
  options: RemoveOptions,
): Promise<{ mended: SplatCloud; row: Row }> {
  const { patch, figures } = await remove(
    scene.cloud,
    selection,
    [userCamera(scene, object)],
    kernels,
    { inpainter: createExemplarInpainter() },
    options,
  );
  return {
    mended: applyPatch(scene.cloud, patch),
    row: { lit: figures.lit ?? '', 's to lift': figures.seconds['lift shadow'] ?? '' },
  };
}

/** PSNR and mean |Δrgb| × 255 in the shadow, and the latter of what it does not touch. */
async function compared(kernels: Kernels, mended: SplatCloud, held: readonly Held[]): Promise<Row> {
  const views = await renderAll(
    kernels,
    mended,
    held.map(({ truth }) => truth.camera),
  );
  let [square, off, count, besideOff, besideCount] = [0, 0, 0, 0, 0];
  for (const [k, { truth, inShadow, beside }] of held.entries()) {
    const mean = difference(views[k]!, truth);
    const [a, b] = [views[k]!.rgb.data, truth.rgb.data];
    for (let i = 0; i < mean.length; i++) {
      if (inShadow[i] !== 0) {
        for (let c = 0; c < 3; c++) square += (a[3 * i + c]! - b[3 * i + c]!) ** 2 / 3;
        off += mean[i]!;
        count++;
      } else if (beside[i] !== 0) {
        besideOff += mean[i]!;
        besideCount++;
      }
    }
  }
  return {
    'in shadow dB': -10 * Math.log10(square / count),
    'off there': (255 * off) / count,
    'off beside': (255 * besideOff) / besideCount,
  };
}

/** Mean |Δrgb| a pixel. */
function difference(a: RenderedView, b: RenderedView): Float32Array {
  const [p, q] = [a.rgb.data, b.rgb.data];
  return Float32Array.from({ length: p.length / 3 }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < 3; c++) sum += Math.abs(p[3 * i + c]! - q[3 * i + c]!);
    return sum / 3;
  });
}

async function firstPicture(
  kernels: Kernels,
  cloud: SplatCloud,
  held: readonly Held[],
): Promise<Picture> {
  const [view] = await renderAll(kernels, cloud, [held[0]!.truth.camera]);
  return rgbPicture(view!.rgb);
}
