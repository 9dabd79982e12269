/**
 * `npm run bench -- photo [--angles 5,10,15] [--out DIR] [--dry]`
 * One view of the generated sample scene with its depth, lifted by `splatmend photo`, and looked at from the side: what lies in the photo's
 * frame against the scene itself, beside the photo's own pixels alone (one layer). Once with the true depth, and with soft depth as a depth
 * model would give it (`photo/soft-depth.ts`). `--out docs/images` also writes the docs' pictures.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mat4d } from 'wgpu-matrix';
import { photoCommand } from '../cli/photo-command.ts';
import { encodePng } from '../cli/report/png.ts';
import { type Camera, projectPoint, resizeCamera, unprojectPoint } from '../core/camera.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { readSplats } from '../core/formats/index.ts';
import type { RenderedView, SplatRenderer } from '../core/kernels.ts';
import { orbitCamera } from '../core/orbit.ts';
import { PHOTO_DEFAULTS } from '../core/photo-types.ts';
import { rgbPicture } from '../core/pictures.ts';
import { generateTabletop } from '../samples/scenes/tabletop.ts';
import { type DepthCase, writeCases } from './photo/cases.ts';
import { OUT, RESULTS } from './root.ts';
import { encodeJpeg } from './score/jpeg.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

const SIZE = 1 / 2;
const METHODS = [
  ['one layer', 0],
  ['splatmend photo', PHOTO_DEFAULTS.layers],
] as const;
/** Previews that the docs show. */
const PICTURES = {
  [`true-${PHOTO_DEFAULTS.layers}.png`]: 'photo.jpg',
  [`softer-${PHOTO_DEFAULTS.layers}.png`]: 'photo-soft.jpg',
};
const QUIET = { update() {}, say() {}, stop() {} };
/** Of the frame's border: splats there are cut. */
const BORDER_PX = 3;

/** A photo lifted with one depth. */
interface Lifted {
  depth: DepthCase;
  method: string;
  renderer: SplatRenderer;
  /** Its own units. */
  pivot: number;
  seconds: number;
  splats: number;
}

/** Where the photo's frame holds what the truth shows: share covered, PSNR, share of the pixels whose depth is off by over 5 %. */
function compared(
  photo: Camera,
  side: Camera,
  truth: RenderedView,
  view: RenderedView,
  unit: number,
) {
  const { width, height } = side;
  const sums = { pixels: 0, covered: 0, off: 0, square: 0 };
  for (let i = 0; i < width * height; i++) {
    const z = truth.depthMedian.data[i]!;
    if (!(z > 0)) continue;
    const [u, v] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const p = projectPoint(photo, unprojectPoint(side, u, v, z));
    if (!(p.depth > 0 && p.u > BORDER_PX && p.v > BORDER_PX)) continue;
    if (p.u > width - BORDER_PX || p.v > height - BORDER_PX) continue;
    sums.pixels++;
    for (let c = 0; c < 3; c++) {
      const [a, b] = [view.rgb.data[3 * i + c]!, truth.rgb.data[3 * i + c]!];
      sums.square += (Math.min(1, a) - Math.min(1, b)) ** 2 / 3;
    }
    if (view.alpha.data[i]! < 0.5) continue;
    sums.covered++;
    if (Math.abs((view.depthMedian.data[i]! * unit) / z - 1) > 0.05) sums.off++;
  }
  return {
    covered: (100 * sums.covered) / sums.pixels,
    db: -10 * Math.log10(sums.square / sums.pixels),
    off: (100 * sums.off) / sums.covered,
  };
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      angles: { type: 'string', default: '5,10,15' },
      out: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  const kernels = createCpuKernels();
  const scene = generateTabletop({ splats: 150_000 });
  const camera = resizeCamera(scene.cameras[0]!, SIZE);
  const truth = await kernels.createRenderer(scene.cloud);
  const photo = await truth.render(camera);
  const work = await mkdtemp(join(tmpdir(), 'splatmend-photo-'));
  const rows: Row[] = [];
  try {
    const image = join(work, 'photo.png');
    await writeFile(image, encodePng(rgbPicture(photo.rgb)));
    const fov = (360 / Math.PI) * Math.atan(camera.width / 2 / camera.fx);
    const signal = new AbortController().signal;
    const clouds: Lifted[] = [];
    for (const depth of await writeCases(photo.depthMedian, work)) {
      for (const [method, layers] of METHODS) {
        const output = join(work, `${depth.name}-${layers}.ply`);
        const preview = join(work, `${depth.name}-${layers}.png`);
        const { depthForm, farOverNear } = depth;
        const of = { depth: depth.path, depthForm, ...(farOverNear && { farOverNear }), fov };
        const flags = { ...of, layers, output, preview, backend: 'cpu', sharpen: true } as const;
        const done = await photoCommand(image, flags, QUIET, signal);
        const { cloud } = await readSplats(new Uint8Array(await readFile(output)), output);
        clouds.push({
          ...{ depth, method, pivot: done.camera.pivotDepth },
          renderer: await kernels.createRenderer(cloud),
          ...{ seconds: done.seconds.photo, splats: cloud.count },
        });
      }
    }
    for (const angle of values.angles.split(',').map(Number)) {
      for (const { depth, method, renderer, pivot, seconds, splats } of clouds) {
        const sums = { covered: 0, db: 0, off: 0 };
        for (const degrees of [-angle, angle]) {
          // The clouds are in the photo's own frame and their depth's unit, the scene in its.
          const own = orbitCamera(
            { ...camera, worldToCamera: mat4d.identity() as Float64Array },
            [0, 0, pivot],
            [0, -1, 0],
            degrees,
          );
          const moved = own.worldToCamera.map((v, k) => (k >= 12 && k < 15 ? v * depth.unit : v));
          const worldToCamera = mat4d.multiply(moved, camera.worldToCamera) as Float64Array;
          const side = { ...camera, worldToCamera };
          const [wanted, shown] = [await truth.render(side), await renderer.render(own)];
          const c = compared(camera, side, wanted, shown, depth.unit);
          for (const key of ['covered', 'db', 'off'] as const) sums[key] += c[key] / 2;
        }
        rows.push({
          'degrees to the side': angle,
          depth: depth.name,
          method,
          'covered %': sums.covered,
          'PSNR dB': sums.db,
          'depth off by over 5 %, % of the pixels': sums.off,
          splats,
          s: seconds,
        });
      }
    }
    if (values.out !== undefined) {
      await mkdir(values.out, { recursive: true });
      for (const [name, picture] of Object.entries(PICTURES)) {
        const shown = readPicture(new Uint8Array(await readFile(join(work, name))), name);
        await writeFile(join(values.out, picture), encodeJpeg(rgbPicture(shown)));
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const title = `One view of the sample scene (${camera.width} × ${camera.height}, its depth, true and soft) from the side, mean of left and right`;
  console.log(`\n${title}\n${markdownTable(rows)}`);
  const origin = originOf(`npm run bench -- photo ${args.join(' ')}`.trim(), 'CPU (1 thread)');
  console.log(
    `written: ${await record('photo', title, origin, rows, { folder: values.dry ? OUT : RESULTS })}`,
  );
}
