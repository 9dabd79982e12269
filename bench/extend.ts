/**
 * `npm run bench -- extend [--size 192] [--only CASE] [--out DIR] [--dry]`
 * A generated room and a generated open field, of which only the splats are kept that one camera sees, grown to a ring and along an orbit:
 * the seam where a ring's two ends meet, coverage, and depth against the true scene (information: nobody can know what was never
 * seen). `--out docs/images` also writes the docs' picture, panoramas of what was kept, grown and true.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Camera, cameraCenter, lookAt, type Vec3 } from '../core/camera.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import type { ExtendOptions, ExtendPath } from '../core/extend-types.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookFrom, lookOnce } from '../core/look-once.ts';
import { applyPatch } from '../core/patch.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import { quantile } from '../core/quantile.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import {
  type AroundScene,
  generateAroundField,
  generateAroundRoom,
} from '../samples/scenes/around.ts';
import { extend } from '../workers/extend.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { OUT, RESULTS } from './root.ts';
import { closingSteps, moved, scoreAround, sliceCamera, turnedBy } from './score/extend-score.ts';
import { encodeJpeg } from './score/jpeg.ts';
import { onlySeen } from './score/only-seen.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

/** Of a panorama: slices, and the size of each, pixels. */
const SLICES = 36;
const SLICE = { width: 26, height: 190 };
/** Turned by these the truth is compared, degrees: off the path's own cameras. */
const RING_ANGLES = [-160, -130, -100, -70, -40, 40, 70, 100, 130, 160];
/** An orbit's held cameras stand this far beside its own, metres. */
const ASIDE = 0.08;

interface Case {
  name: string;
  make: (size: { width: number; height: number }) => AroundScene;
  path: ExtendPath;
  options: ExtendOptions;
  /** Its pictures' name in the docs. */
  picture?: string;
}

const CASES: readonly Case[] = [
  {
    name: 'room, ring',
    make: generateAroundRoom,
    path: { kind: 'ring' },
    options: {},
    picture: 'extend-room',
  },
  {
    name: 'room, ring one way round',
    make: generateAroundRoom,
    path: { kind: 'ring', oneWay: true },
    options: {},
  },
  {
    name: 'field, ring',
    make: generateAroundField,
    path: { kind: 'ring' },
    options: {},
    picture: 'extend-field',
  },
  {
    name: 'room, orbit ± 30°',
    make: generateAroundRoom,
    path: { kind: 'orbit' },
    options: { angleDeg: 30 },
  },
];

async function panorama(
  cloud: SplatCloud,
  start: Camera,
  up: Vec3,
  kernels: Kernels,
): Promise<Picture> {
  const degrees = 360 / SLICES;
  const cameras = Array.from({ length: SLICES }, (_, k) =>
    sliceCamera(start, up, (k + 0.5) * degrees - 180, degrees, SLICE),
  );
  const slices = await lookFrom(kernels, cloud, cameras);
  return picturesInRows([slices.map(({ rgb }) => rgbPicture(rgb))]);
}

/** From above and behind, without what lies over the camera: the grown scene's own shape. */
async function fromAbove(
  cloud: SplatCloud,
  start: Camera,
  up: Vec3,
  kernels: Kernels,
  far: number,
) {
  const eye = cameraCenter(start);
  const at = (k: number, aside: number): Vec3 =>
    [0, 1, 2].map(
      (a) => eye[a]! + k * up[a]! + aside * start.worldToCamera[2 + 4 * a]!,
    ) as unknown as Vec3;
  const visible = new Uint8Array(cloud.count);
  for (let i = 0; i < cloud.count; i++) {
    let over = 0;
    for (let a = 0; a < 3; a++) over += (cloud.positions[3 * i + a]! - eye[a]!) * up[a]!;
    visible[i] = over < 0.25 * far ? 1 : 0;
  }
  const side = 420;
  const camera = {
    ...{ width: side, height: side, fx: side, fy: side, cx: side / 2, cy: side / 2 },
    worldToCamera: lookAt(at(2.2 * far, -1.4 * far), at(-0.3 * far, 0), up),
  };
  return rgbPicture((await lookOnce(kernels, cloud, camera, { visible })).rgb);
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '192' },
      only: { type: 'string' },
      out: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  const kernels = createCpuKernels();
  const width = Number(values.size);
  const size = { width, height: (3 * width) / 4 };
  const rows: Row[] = [];
  for (const { name, make, path, options, picture } of CASES) {
    if (values.only !== undefined && !name.includes(values.only)) continue;
    const { cloud: truth, camera, up } = make(size);
    const scene = await onlySeen(truth, camera, kernels);
    const start = performance.now();
    const result = await extend(
      scene,
      camera,
      path,
      kernels,
      { inpainter: createExemplarInpainter(), prior: undefined },
      options,
    );
    const seconds = (performance.now() - start) / 1000;
    const grown = applyPatch(scene, result.patch);
    const ring = path.kind === 'ring';
    const steps = ring ? await closingSteps(scene, result, kernels) : undefined;
    const closing = (share: number) =>
      steps === undefined ? '–' : 100 * quantile(steps.depth, share);
    const held = ring
      ? turnedBy(camera, up, RING_ANGLES)
      : result.views.slice(1).map((view, k) => moved(view.camera, k % 2 === 0 ? ASIDE : -ASIDE));
    const score = await scoreAround(truth, grown, held, kernels);
    const before = await scoreAround(truth, scene, held, kernels);
    const { figures } = result;
    rows.push({
      case: name,
      views: result.views.length,
      'closing seam in depth, median %': closing(0.5),
      '90th percentile %': closing(0.9),
      'in colour': steps === undefined ? '–' : quantile(steps.colour, 0.5),
      'all seams in depth, median %': 100 * figures.seamDepth,
      '90th, all %': 100 * figures.seamDepth90,
      'covered before %': 100 * before.covered,
      'covered %': 100 * score.covered,
      'depth error to truth %': 100 * score.absRel,
      'sky filled %': 100 * score.overSky,
      'two depths %': 100 * score.twice,
      'splats before': scene.count,
      added: figures.added,
      s: seconds,
    });
    console.log(
      markdownTable(rows.slice(-1)),
      '\n',
      JSON.stringify(figures.seconds),
      figures.notes,
    );
    if (values.out === undefined || picture === undefined) continue;
    await mkdir(values.out, { recursive: true });
    const far = name.startsWith('room') ? 2.4 : 12;
    const strips: Picture[][] = [];
    const above: Picture[] = [];
    for (const cloud of [scene, grown, truth]) {
      strips.push([await panorama(cloud, camera, up, kernels)]);
      above.push(await fromAbove(cloud, camera, up, kernels, far));
    }
    const write = (file: string, rows: readonly Picture[][]) =>
      writeFile(join(values.out!, `${file}.jpg`), encodeJpeg(picturesInRows(rows, 6)));
    await write(picture, strips);
    if (name.startsWith('room')) await write(`${picture}-above`, [above]);
  }
  const title = `What one camera sees of a generated scene (${size.width} × ${size.height}), grown`;
  console.log(`\n${title}\n${markdownTable(rows)}`);
  const origin = originOf(`npm run bench -- extend ${args.join(' ')}`.trim(), 'CPU (1 thread)');
  console.log(
    `written: ${await record('extend', title, origin, rows, { folder: values.dry ? OUT : RESULTS })}`,
  );
}
