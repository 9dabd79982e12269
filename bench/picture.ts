/**
 * `npm run bench -- picture [--object mug] [--splats 150000] [--out docs/images]`
 * makes the README's picture: one object of the sample scene as it is, only deleted, mended, and mended with its shadow lifted,
 * from two sides that the removal was not given. Rendered by the CPU kernels at twice the size and averaged. Writes OBJECT-1.png, OBJECT-2.png.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodePng } from '../cli/report/png.ts';
import { type Camera, lookAt, type Vec3 } from '../core/camera.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import { createRgbImage, type RgbImage } from '../core/image.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookOnce } from '../core/look-once.ts';
import { applyPatch } from '../core/patch.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { generateTabletop, type TabletopObject } from '../samples/scenes/tabletop.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { remove } from '../workers/remove.ts';
import { deleteOnly } from './score/baselines.ts';
import { selectObject, userCamera } from './score/remove-known.ts';

const PANEL = { width: 320, height: 260 };
const GAP_PX = 6;
const SAMPLES = 2;
/** Azimuth (0 = from the front, positive to the right), elevation, degrees. */
const SIDES: readonly [number, number][] = [
  [34, 34],
  [-38, 30],
];
/** Objects' radii from the eye to the object. */
const DISTANCE = 5.4;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      object: { type: 'string', default: 'mug' },
      splats: { type: 'string', default: '150000' },
      out: { type: 'string', default: 'docs/images' },
    },
  });
  const scene = generateTabletop({ splats: Number(values.splats) });
  const object = scene.objects.find((o) => o.name === values.object);
  if (object === undefined) {
    const names = scene.objects.map((o) => o.name).join(', ');
    throw new Error(`picture: no object "${values.object}"; choose one of ${names}`);
  }
  const kernels = createCpuKernels();
  const selection = selectObject(scene, object);
  const mended: SplatCloud[] = [];
  for (const liftShadow of [false, true]) {
    const { patch, figures } = await remove(
      scene.cloud,
      selection,
      [userCamera(scene, object)],
      kernels,
      { inpainter: createExemplarInpainter() },
      { liftShadow },
    );
    console.log(figures.notes.join(' '), JSON.stringify(figures));
    mended.push(applyPatch(scene.cloud, patch));
  }
  const clouds = [
    scene.cloud,
    applyPatch(scene.cloud, deleteOnly(scene.cloud, selection)),
    ...mended,
  ];
  await mkdir(values.out, { recursive: true });
  for (const [k, side] of SIDES.entries()) {
    const camera = cameraFrom(object, side);
    const panels: Picture[] = [];
    for (const cloud of clouds) panels.push(rgbPicture(await picture(kernels, cloud, camera)));
    const path = join(values.out, `${object.name}-${k + 1}.png`);
    await writeFile(path, encodePng(picturesInRows([panels], GAP_PX)));
    console.log(`written: ${path}`);
  }
}

function cameraFrom(
  object: TabletopObject,
  [azimuth, elevation]: readonly [number, number],
): Camera {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const away = DISTANCE * object.radius;
  const [x, y, z] = object.center;
  const eye: Vec3 = [
    x + away * Math.cos(e) * Math.sin(a),
    y - away * Math.sin(e),
    z - away * Math.cos(e) * Math.cos(a),
  ];
  const width = SAMPLES * PANEL.width;
  const height = SAMPLES * PANEL.height;
  const focal = 1.25 * width;
  return {
    width,
    height,
    fx: focal,
    fy: focal,
    cx: width / 2,
    cy: height / 2,
    worldToCamera: lookAt(eye, object.center, [0, -1, 0]),
  };
}

async function picture(kernels: Kernels, cloud: SplatCloud, camera: Camera): Promise<RgbImage> {
  return averaged((await lookOnce(kernels, cloud, camera)).rgb);
}

/** Mean of each SAMPLES × SAMPLES block. */
function averaged(image: RgbImage): RgbImage {
  const out = createRgbImage(image.width / SAMPLES, image.height / SAMPLES);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const to = 3 * (Math.floor(y / SAMPLES) * out.width + Math.floor(x / SAMPLES));
      const from = 3 * (y * image.width + x);
      for (let c = 0; c < 3; c++) out.data[to + c]! += image.data[from + c]! / SAMPLES ** 2;
    }
  }
  return out;
}
