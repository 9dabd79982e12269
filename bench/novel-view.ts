/**
 * `npm run bench -- novel-view [--data DIR] [--half] [--turns 10,20] [--samples 10] [--alpha 100] [--out DIR] [--dry]`
 * New views against the truth, which is rendered (the generated sample scene, turned to either side) or taken (pairs of a folder of RGB-D
 * frames, 10 and 40 apart: `scePairs` of frames.json). Beside ours the plain forward warp, the same completed and filled by the same
 * kernels and inpainter (counted on the pixels that ours carries over and fills), and ours without the fill. `--out docs/images` also writes the docs' picture, of the generated scene.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Camera, parseCamera, resizeCamera } from '../core/camera.ts';
import { CONFIDENCE_MAP } from '../core/colour-map.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import type { RgbImage } from '../core/image.ts';
import { medianDepth } from '../core/median-depth.ts';
import {
  fullRect,
  mappedPicture,
  maskPicture,
  picturesInRows,
  rgbPicture,
} from '../core/pictures.ts';
import { generateTabletop } from '../samples/scenes/tabletop.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { turned } from '../workers/novel-view/turned.ts';
import {
  NOVEL_VIEW_DEFAULTS,
  type NovelView,
  type NovelViewInput,
  novelView,
} from '../workers/novel-view.ts';
import { openFrames } from './depth/frames.ts';
import {
  addView,
  complement,
  emptyViewScore,
  type Truth,
  type View,
  viewRow,
} from './novel-view/score.ts';
import { hardWarp } from './novel-view/warp.ts';
import { OUT, RESULTS } from './root.ts';
import { encodeJpeg } from './score/jpeg.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

const SIZE = 1 / 2;
/** Of the docs' picture. */
const SHOWN_TURN = 20;
const QUALITY = 76;
const kernels = createCpuKernels();
const inpainter = createExemplarInpainter();

interface Sample extends NovelViewInput {
  truth: Truth;
}

/** The plain warp, with depth completed and colours inpainted where nothing fell. */
async function filledWarp(input: NovelViewInput): Promise<View> {
  const warp = hardWarp(input);
  const known = warp.covered;
  const { depth } = await kernels.complete({ depth: warp.depth, known }, {});
  const rgb = await inpainter.inpaint(warp.rgb, complement(known), { seed: 1, depth });
  return { rgb, depth, covered: known };
}

const METHODS = ['z-buffer warp', 'z-buffer warp, filled', 'softmax splat, not filled'] as const;
const OURS = 'splatmend novel-view';

/** All methods on the samples of one case. */
async function runCase(
  name: string,
  samples: AsyncIterable<Sample>,
  alpha: number,
): Promise<Row[]> {
  const scores = new Map([...METHODS, OURS].map((m) => [m as string, emptyViewScore()]));
  for await (const sample of samples) {
    const { truth, ...input } = sample;
    const timed = async <T>(work: () => T | Promise<T>) => {
      const start = performance.now();
      const done = await work();
      return { done, seconds: (performance.now() - start) / 1000 };
    };
    const add = (method: string, view: View, seconds: number) =>
      addView(scores.get(method)!, view, truth, seconds);
    const hard = await timed(() => hardWarp(input));
    const filled = await timed(() => filledWarp(input));
    const ours = await timed(() => novelView(input, { kernels, inpainter }, { alpha }));
    const { partial, figures } = ours.done;
    // Where ours is filled both are compared, or cracks, which are easy, would count for the warp.
    const { covered } = partial;
    add('z-buffer warp', hard.done, hard.seconds);
    add('z-buffer warp, filled', { ...filled.done, covered }, filled.seconds);
    add('softmax splat, not filled', partial, figures.seconds.splat);
    add(OURS, { ...ours.done, covered }, ours.seconds);
  }
  return [...scores].map(([method, score]) => ({
    case: name,
    method,
    ...viewRow(score, !['z-buffer warp', 'softmax splat, not filled'].includes(method)),
  }));
}

/** One view of the sample scene, and its truth from the side. */
async function generated() {
  const scene = generateTabletop({ splats: 150_000 });
  const source = resizeCamera(scene.cameras[0]!, SIZE);
  const renderer = await kernels.createRenderer(scene.cloud);
  const { rgb, depthMedian } = await renderer.render(source);
  const known = { ...depthMedian, data: Uint8Array.from(depthMedian.data, (z) => +(z > 0)) };
  const { depth } = await kernels.complete({ depth: depthMedian, known, rgb }, {});
  const pivotDepth = medianDepth(depth);
  return {
    size: `${source.width} × ${source.height}`,
    async sample(rightDeg: number): Promise<Sample> {
      const target = turned(source, pivotDepth, { rightDeg, upDeg: 0, forward: 0 });
      const truth = await renderer.render(target);
      return { rgb, depth, source, target, truth: { rgb: truth.rgb, depth: truth.depthMedian } };
    },
  };
}

/** Pairs of frames; unknown depth of the first is completed along its picture. */
async function* pairs(folder: string, half: boolean, apart: number, most: number) {
  const frames = await openFrames(folder, half);
  const all = frames.scePairs.filter(([a, b]) => Math.abs(Number(b) - Number(a)) === apart);
  if (all.length === 0) throw new Error(`novel-view: no pairs ${apart} apart in ${folder}`);
  for (const ids of all.slice(0, most)) {
    const [from, to] = await Promise.all(ids.map((id) => frames.read(id)));
    const { width, height, fx, fy, cx, cy } = frames;
    const views = [from!, to!].map(({ rgb, depth, cameraToWorld }) => ({
      camera: parseCamera({ width, height, fx, fy, cx, cy, cameraToWorld }) as Camera,
      rgb: { width, height, data: rgb } as RgbImage,
      depth: { width, height, data: depth },
    }));
    const [a, b] = views as [(typeof views)[0], (typeof views)[0]];
    const known = { width, height, data: Uint8Array.from(a.depth.data, (z) => +(z > 0)) };
    const { depth } = await kernels.complete({ depth: a.depth, known, rgb: a.rgb }, {});
    yield { rgb: a.rgb, depth, source: a.camera, target: b.camera, truth: b } satisfies Sample;
  }
}

/** Source, partial view, mask; soft mask, filled, truth. */
function sheet({ rgb, truth }: Sample, view: NovelView): Uint8Array {
  const { partial, mask, softMask, filledMask } = view;
  // Black where nothing is known, as the mask's own colour would hide it.
  const soft = mappedPicture(softMask, CONFIDENCE_MAP, { low: 0, high: 0.25 }, fullRect(softMask));
  return encodeJpeg(
    picturesInRows(
      [
        [rgbPicture(rgb), rgbPicture(partial.rgb), maskPicture(partial.rgb, mask, filledMask)],
        [soft, rgbPicture(view.rgb), rgbPicture(truth.rgb)],
      ],
      4,
    ),
    QUALITY,
  );
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      half: { type: 'boolean', default: false },
      turns: { type: 'string', default: '10,20' },
      samples: { type: 'string', default: '10' },
      alpha: { type: 'string', default: String(NOVEL_VIEW_DEFAULTS.alpha) },
      out: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  const alpha = Number(values.alpha);
  const rows: Row[] = [];
  const say = (more: Row[]) => {
    rows.push(...more);
    console.log(`\n${markdownTable(more)}`);
  };
  const scene = await generated();
  const of = (degrees: number[]) =>
    (async function* () {
      for (const d of degrees) yield await scene.sample(d);
    })();
  for (const turn of values.turns.split(',').filter(Boolean).map(Number)) {
    say(await runCase(`sample scene, ${turn}° to either side`, of([-turn, turn]), alpha));
  }
  if (values.data !== undefined) {
    for (const apart of [10, 40]) {
      const samples = pairs(values.data, values.half, apart, Number(values.samples));
      say(await runCase(`${basename(values.data)}, ${apart} frames apart`, samples, alpha));
    }
  }
  if (values.out !== undefined) {
    const sample = await scene.sample(SHOWN_TURN);
    const view = await novelView(sample, { kernels, inpainter }, { alpha });
    await mkdir(values.out, { recursive: true });
    const path = join(values.out, 'novel-view.jpg');
    await writeFile(path, sheet(sample, view));
    console.log(`written: ${path}`, JSON.stringify(view.figures));
  }
  const shown = args.map((a) => (a === values.data ? `…/${basename(a)}` : a)).join(' ');
  const origin = originOf(`npm run bench -- novel-view ${shown}`.trim(), 'CPU (1 thread)');
  const title = `New views of one picture with depth against the truth, sample scene ${scene.size}${values.data === undefined ? '' : `, frames ${values.half ? '320 × 240' : '640 × 480'}`}`;
  const folder = values.dry ? OUT : RESULTS;
  console.log(`written: ${await record('novel-view', title, origin, rows, { folder })}`);
}
