/**
 * `npm run bench -- insert [--splats 150000] [--out DIR] [--dry]`
 * The sample scene's own objects, taken out, and put back from one picture that shows them (480 × 360): how far their outlines lie
 * from the true ones from 10 and 20 degrees to either side around the foot, alone and unoccluded. `--out docs/images` also writes the docs' picture: three drawn
 * things, one an attachment.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Camera, lookAt, resizeCamera, type Vec3 } from '../core/camera.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import { resizeRgb } from '../core/depth-files/resize.ts';
import type { Mask } from '../core/image.ts';
import type { Attachment } from '../core/insert-types.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookOnce } from '../core/look-once.ts';
import { orbitCamera } from '../core/orbit.ts';
import { applyPatch } from '../core/patch.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import { type SplatCloud, takeSplats } from '../core/splat-cloud.ts';
import {
  generateTabletop,
  type TabletopObject,
  type TabletopScene,
} from '../samples/scenes/tabletop.ts';
import { outlinesApart } from '../test/support/pasted-things.ts';
import { insert } from '../workers/insert.ts';
import { OUT, RESULTS } from './root.ts';
import { drawn, mat, medallion, plant, priorOf } from './score/insert-drawings.ts';
import { encodeJpeg } from './score/jpeg.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

const SIZE = { width: 480, height: 360, focal: 620 };
/** Object radii from the eye to the object. */
const DISTANCE = 7;
const DEGREES = [-20, -10, 0, 10, 20];
const JPEG_QUALITY = 76;
/** Of the docs' picture. */
const PANEL = 1 / 3;
const GAP_PX = 4;
const SAMPLES = 2;

/** From in front of the table and above. */
function cameraOn({ center, radius }: TabletopObject): Camera {
  const away = DISTANCE * radius;
  const eye: Vec3 = [center[0] + 0.25 * away, center[1] - 0.5 * away, center[2] - 0.83 * away];
  const { width, height, focal } = SIZE;
  return {
    ...{ width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2 },
    worldToCamera: lookAt(eye, center, [0, -1, 0]),
  };
}

async function outline(cloud: SplatCloud, camera: Camera, kernels: Kernels): Promise<Mask> {
  const { alpha } = await lookOnce(kernels, cloud, camera);
  return { ...alpha, data: Uint8Array.from(alpha.data, (a) => (a >= 0.5 ? 1 : 0)) };
}

async function putBack(scene: TabletopScene, object: TabletopObject, kernels: Kernels) {
  const camera = cameraOn(object);
  const own = takeSplats(
    scene.cloud,
    [...scene.labels.keys()].filter((row) => scene.labels[row] === object.id),
  );
  const edited = (await lookOnce(kernels, scene.cloud, camera)).rgb;
  const start = performance.now();
  const { patch, figures } = await insert(
    scene.truthWithout(object.id),
    { camera, edited },
    kernels,
    {},
    { attach: 'standing' },
  );
  const seconds = (performance.now() - start) / 1000;
  const foot: Vec3 = [object.center[0], 0, object.center[2]];
  const off = new Map<number, { most: number; p95: number }>();
  for (const degrees of DEGREES) {
    const view = orbitCamera(camera, foot, [0, -1, 0], degrees);
    off.set(
      degrees,
      outlinesApart(await outline(patch.added, view, kernels), await outline(own, view, kernels)),
    );
  }
  const worst = (deg: number) => Math.max(off.get(deg)!.p95, off.get(-deg)!.p95);
  return {
    object: object.name,
    'off at 0°, px': off.get(0)!.p95,
    'at ±10°': worst(10),
    'at ±20°': worst(20),
    'most at ±20°': Math.max(off.get(20)!.most, off.get(-20)!.most),
    'splats added': figures.added,
    s: seconds,
  };
}

/** Rendered at twice the size and averaged. */
async function panel(cloud: SplatCloud, camera: Camera, kernels: Kernels): Promise<Picture> {
  const { rgb } = await lookOnce(kernels, cloud, resizeCamera(camera, PANEL * SAMPLES));
  const { width, height } = resizeCamera(camera, PANEL);
  return rgbPicture(resizeRgb(rgb, width, height));
}

async function drawPicture(scene: TabletopScene, kernels: Kernels): Promise<Picture> {
  // Each: the attachment, the scene's camera, and what is drawn at half its size.
  const medal = medallion([370, 92], 34);
  const plan: {
    attach: Attachment;
    camera: number;
    draw: (c: Camera) => Parameters<typeof drawn>[1];
  }[] = [
    { attach: 'standing', camera: 2, draw: () => plant([243, 194], 104) },
    { attach: 'surface', camera: 1, draw: (c) => mat(c, [0.1, -0.74, -0.25], 0.11) },
    { attach: 'relief', camera: 0, draw: () => medal.drawing },
  ];
  const rows: Picture[][] = [];
  for (const { attach, camera: index, draw } of plan) {
    const full = scene.cameras[index]!;
    const camera = resizeCamera(full, 0.5);
    const view = await lookOnce(kernels, scene.cloud, camera);
    const edited = drawn(view.rgb, draw(camera));
    const prior = priorOf(view.depthMedian, (x, y) => 0.025 * medal.heightAt(x, y));
    const models =
      attach === 'relief' ? { prior: { id: 'drawn', estimate: async () => prior } } : {};
    const { patch, figures } = await insert(scene.cloud, { camera, edited }, kernels, models);
    console.log(`${figures.attach} (${attach} was drawn): ${figures.notes.join(' ')}`);
    const after = applyPatch(scene.cloud, patch);
    const pivot = middleOf(patch.added);
    const { width, height } = resizeCamera(full, PANEL);
    const row = [rgbPicture(resizeRgb(edited, width, height))];
    for (const degrees of [-20, 0, 20]) {
      row.push(await panel(after, orbitCamera(full, pivot, [0, -1, 0], degrees), kernels));
    }
    rows.push(row);
  }
  return picturesInRows(rows, GAP_PX);
}

function middleOf({ positions, count }: SplatCloud): Vec3 {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < positions.length; i++) sum[i % 3]! += positions[i]! / count;
  return sum;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      splats: { type: 'string', default: '150000' },
      out: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  const kernels = createCpuKernels();
  const scene = generateTabletop({ splats: Number(values.splats) });
  if (values.out !== undefined) {
    await mkdir(values.out, { recursive: true });
    const picture = await drawPicture(scene, kernels);
    await writeFile(join(values.out, 'insert.jpg'), encodeJpeg(picture, JPEG_QUALITY));
  }
  const rows: Row[] = [];
  // The pouf is so large that its camera would stand outside the room.
  for (const object of scene.objects.filter(({ name }) => name !== 'pouf')) {
    rows.push(await putBack(scene, object, kernels));
  }
  const title = `The sample scene's objects put back from one picture (${SIZE.width} × ${SIZE.height}) as standing things: 95 % of their outlines lie within`;
  console.log(`\n${title}\n${markdownTable(rows)}`);
  const origin = originOf(`npm run bench -- insert ${args.join(' ')}`.trim(), 'CPU (1 thread)');
  console.log(
    `written: ${await record('insert', title, origin, rows, { folder: values.dry ? OUT : RESULTS })}`,
  );
}
