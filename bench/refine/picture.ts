/**
 * `npm run bench -- refine --picture docs/images`: the docs' pictures of `complete-depth` and `refine`, made by the two commands
 * on views of the generated sample scene whose depth is mostly taken out.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { completeDepthCommand } from '../../cli/complete-depth-command.ts';
import { refineCommand } from '../../cli/refine-command.ts';
import { encodePng } from '../../cli/report/png.ts';
import {
  type Camera,
  cameraCenter,
  cameraToJson,
  lookAt,
  resizeCamera,
  type Vec3,
} from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { readSplats } from '../../core/formats/index.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { lookOnce } from '../../core/look-once.ts';
import { type Picture, picturesInRows, rgbPicture } from '../../core/pictures.ts';
import { createRandom } from '../../core/random.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';

const SIZE = 1 / 3;
/** Azimuths of the views around the start view's, degrees; the last is nobody's and is looked from. */
const AZIMUTHS = [-30, -15, 0, 15, 30];
const NEW_AZIMUTH = -22;
const KEPT_SPARSE = 0.01;
const KEPT_OF_VIEWS = 0.02;
const QUIET = { update() {}, say() {}, stop() {} };

const render = (cloud: SplatCloud, camera: Camera): Promise<RenderedView> =>
  lookOnce(createCpuKernels(), cloud, camera);

/** Millimetres, 0 = unknown. */
const depthPng = (
  { depthMedian: { width, height, data } }: RenderedView,
  keep: (i: number) => boolean,
) =>
  encode({
    ...{ width, height, depth: 16, channels: 1 },
    data: Uint16Array.from(data, (z, i) => (keep(i) ? Math.round(1000 * z) : 0)),
  });

export async function makePictures(folder: string): Promise<void> {
  const scene = generateTabletop({ splats: 150_000 });
  const start = resizeCamera(scene.cameras[0]!, SIZE);
  const eye = cameraCenter(start);
  const target = [0, 1, 2].map(
    (k) => scene.objects.reduce((sum, o) => sum + o.center[k]!, 0) / scene.objects.length,
  ) as unknown as Vec3;
  const turned = (degrees: number): Camera => {
    const a = (degrees * Math.PI) / 180;
    const [x, y, z] = [eye[0] - target[0], eye[1], eye[2] - target[2]];
    const at: Vec3 = [
      target[0] + x * Math.cos(a) - z * Math.sin(a),
      y,
      target[2] + x * Math.sin(a) + z * Math.cos(a),
    ];
    return { ...start, worldToCamera: lookAt(at, target, scene.up) };
  };
  const work = await mkdtemp(join(tmpdir(), 'splatmend-pictures-'));
  await mkdir(folder, { recursive: true });
  const random = createRandom(1);
  try {
    const signal = new AbortController().signal;
    const frames = join(work, 'frames');
    await mkdir(frames);
    const poses: Record<string, number[][]> = {};
    for (const [k, azimuth] of AZIMUTHS.entries()) {
      const camera = turned(azimuth);
      const view = await render(scene.cloud, camera);
      poses[`v${k}`] = cameraToJson(camera).cameraToWorld;
      await writeFile(join(frames, `v${k}.color.png`), encodePng(rgbPicture(view.rgb)));
      await writeFile(
        join(frames, `v${k}.depth.png`),
        depthPng(view, () => random() < KEPT_OF_VIEWS),
      );
      if (azimuth !== 0) continue;
      const [rgb, depth] = [join(work, 'rgb.png'), join(work, 'depth.png')];
      await writeFile(rgb, encodePng(rgbPicture(view.rgb)));
      await writeFile(
        depth,
        depthPng(view, () => random() < KEPT_SPARSE),
      );
      const preview = join(folder, 'complete-depth.png');
      const flags = { rgb, depth, preview, backend: 'cpu', force: true } as const;
      const done = await completeDepthCommand(
        { ...flags, output: join(work, 'o.npy') },
        QUIET,
        signal,
      );
      console.log(`written: ${preview}`, JSON.stringify(done.figures));
    }
    const { cameraToWorld: _, id: __, ...lens } = cameraToJson(start);
    await writeFile(join(frames, 'frames.json'), JSON.stringify({ ...lens, cameraToWorld: poses }));
    const newView = turned(NEW_AZIMUTH);
    const seen: Picture[] = [];
    // The depth as given alone: what was not known has no confidence, and is not fused.
    for (const keep of [1, undefined]) {
      const output = join(work, `cloud-${keep}.ply`);
      const flags = { output, backend: 'cpu', neighbours: keep === 1 ? 0 : 8, spacing: 1 } as const;
      const done = await refineCommand(frames, { ...flags, ...(keep && { keep }) }, QUIET, signal);
      console.log(JSON.stringify(done.figures));
      const { cloud } = await readSplats(new Uint8Array(await readFile(output)), output);
      seen.push(rgbPicture((await render(cloud, newView)).rgb));
    }
    seen.push(rgbPicture((await render(scene.cloud, newView)).rgb));
    const path = join(folder, 'refine.png');
    await writeFile(path, encodePng(picturesInRows([seen])));
    console.log(`written: ${path}; ${decode(await readFile(path)).width} pixels wide`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
