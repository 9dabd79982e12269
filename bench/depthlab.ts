/**
 * `npm run bench -- depthlab --data DIR [--gpu] [--python python3] [--dry] [--alpha A …]`
 * Completes DepthLab's example (DIR: rgb.jpg, known_depth.npy, mask.npy; 1 in the mask = to fill, as its pictures show)
 * by every method, and looks at what came out: time, share of the mask that was filled, known pixels bit for bit, and
 * how the surface goes on across the rim. Under the mask known_depth.npy holds an estimate of another's; no method sees
 * it, and the difference from it is given for orientation, not as an error.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { DEPTH_MAP } from '../core/colour-map.ts';
import { readNpy } from '../core/depth-files/npy.ts';
import type { Mask, RgbImage, ScalarImage } from '../core/image.ts';
import type { DepthProblem } from '../core/kernels.ts';
import { mappedPicture, maskPicture, type Picture, rgbPicture } from '../core/pictures.ts';
import { parseDepthArgs } from './depth/args.ts';
import { methods, OURS } from './depth/methods.ts';
import { shadedRelief, sideView } from './depth/relief.ts';
import { rimFigures } from './depth/rim.ts';
import { addScore, emptyScore, figuresOf } from './depth/score.ts';
import { writePanels } from './depth/sheet.ts';
import { OUT, RESULTS } from './root.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

/** Nothing says what the example's camera was; a photograph's usual angle will do for the two views of the surface. */
const FOCAL_OF_WIDTH = 0.9;

interface Case {
  problem: DepthProblem;
  /** 1 = to fill. */
  mask: Mask;
  rgb: RgbImage;
  /** As the file has it, under the mask too. */
  given: ScalarImage;
}

export async function readCase(folder: string): Promise<Case> {
  const read = async (name: string) => readNpy(await readFile(join(folder, name)), name);
  const [known, mask] = [await read('known_depth.npy'), await read('mask.npy')];
  const picture = jpeg.decode(await readFile(join(folder, 'rgb.jpg')), { useTArray: true });
  const { width, height } = picture;
  for (const [name, { shape }] of Object.entries({ 'known_depth.npy': known, 'mask.npy': mask })) {
    if (shape.length !== 2 || shape[0] !== height || shape[1] !== width) {
      throw new Error(`depthlab: ${name} is ${shape.join(' × ')}; rgb.jpg is ${height} × ${width}`);
    }
  }
  const image = { width, height };
  const rgb = Float32Array.from(
    { length: 3 * width * height },
    (_, k) => picture.data[4 * Math.floor(k / 3) + (k % 3)]! / 255,
  );
  const given = Float32Array.from(known.data);
  const wanted = Uint8Array.from(mask.data, (m) => (m > 0.5 ? 1 : 0));
  const isKnown = Uint8Array.from(given, (z, i) =>
    wanted[i] === 0 && z > 0 && Number.isFinite(z) ? 1 : 0,
  );
  return {
    mask: { ...image, data: wanted },
    rgb: { ...image, data: rgb },
    given: { ...image, data: given },
    problem: {
      depth: { ...image, data: given.map((z, i) => (isKnown[i] ? z : 0)) },
      known: { ...image, data: isKnown },
      wanted: { ...image, data: wanted },
      rgb: { ...image, data: rgb },
    },
  };
}

/** Known pixels whose bits are not those of the file. */
export function changedKnown(known: Mask, given: Float32Array, found: Float32Array): number {
  const [a, b] = [given, found].map((d) => new Uint32Array(d.buffer, d.byteOffset, d.length));
  return known.data.reduce((sum, k, i) => sum + (k !== 0 && a![i] !== b![i] ? 1 : 0), 0);
}

export async function run(args: string[]): Promise<void> {
  const asked = parseDepthArgs('depthlab', args);
  const { problem, mask, rgb, given } = await readCase(asked.data);
  const { width, height } = mask;
  const maskCount = mask.data.reduce((a, b) => a + b, 0);
  const set = await methods(asked.options, asked);
  const rows: Row[] = [];
  const answers: Record<string, Float32Array> = {};
  // What the rest of the table is to be seen beside: how the known depth itself goes on.
  const untouched = rimFigures(problem.depth, undefined, problem.known);
  const rimColumns = (r: ReturnType<typeof rimFigures>): Row => ({
    'step at rim %, median': r.stepMedian,
    'step, 95th': r.step95,
    'bend at rim % a px, median': r.bendMedian,
    'bend, 95th': r.bend95,
  });
  try {
    for (const [name, method] of Object.entries(set.all)) {
      const before = performance.now();
      const answer = await method(problem);
      const ms = performance.now() - before;
      const [depth, seconds] =
        answer instanceof Float32Array ? [answer, ms / 1000] : [answer.depth, answer.seconds];
      const changed = changedKnown(problem.known, given.data, depth);
      if (name.startsWith(OURS) && changed > 0) {
        throw new Error(`depthlab: ${name} changed ${changed} known pixels`);
      }
      answers[name] = depth;
      const filled = depth.reduce(
        (sum, z, i) => sum + (mask.data[i] && z > 0 && Number.isFinite(z) ? 1 : 0),
        0,
      );
      const score = emptyScore();
      addScore(score, given.data, mask.data, depth, ms);
      const image = { width, height, data: depth };
      rows.push({
        method: name,
        s: seconds,
        'filled %': (100 * filled) / maskCount,
        'known changed': changed,
        ...rimColumns(rimFigures(image, mask, mask)),
        "differs from the file's estimate %": figuresOf(score).absRel,
      });
    }
  } finally {
    set.close();
  }
  rows.push({ method: '(known depth, away from the mask)', ...rimColumns(untouched) });
  const share = (100 * maskCount) / (width * height);
  const title = `DepthLab's example, ${width} × ${height}, ${share.toFixed(1)} % to fill`;
  console.log(`\n${title}\n${markdownTable(rows)}`);
  const path = join(OUT, 'depthlab.png');
  const ours = { width, height, data: answers[OURS]! };
  await writePanels(path, panels({ problem, mask, rgb, given }, ours));
  const details = { settings: asked.settings, maskPixels: maskCount };
  const written = await record('depthlab', title, originOf(asked.command, set.kernels), rows, {
    details,
    folder: asked.dry ? OUT : RESULTS,
  });
  console.log(`\nwritten: ${written}, ${path}`);
}

/** Colour, mask, known, completed; the completed surface lit and from the side; and the file's estimate likewise. */
function panels({ problem, mask, rgb, given }: Case, ours: ScalarImage): Picture[][] {
  const sorted = ours.data.filter((z) => z > 0).sort();
  const range = {
    low: sorted[Math.floor(0.01 * sorted.length)]!,
    high: sorted[Math.floor(0.99 * sorted.length)]!,
  };
  const depth = (image: ScalarImage) => mappedPicture(image, DEPTH_MAP, range, undefined, 0);
  const colour = rgbPicture(rgb);
  const focal = FOCAL_OF_WIDTH * mask.width;
  const none = { ...mask, data: new Uint8Array(mask.data.length) };
  return [
    [colour, maskPicture(rgb, mask, none), depth(problem.depth), depth(ours)],
    [
      shadedRelief(ours, focal),
      sideView(ours, focal, colour, mask.data),
      depth(given),
      sideView(given, focal, colour, mask.data),
    ],
  ];
}
