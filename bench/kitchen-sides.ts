/**
 * `npm run bench -- kitchen-sides --data FILE [--views 4] [--resolution 960] [--objects mug,book,box] [--out docs/images]`
 * removes three things of captures/kitchen.compressed.ply (1.18 million splats), selected by a click or a lasso, with
 * its contact shadow, on the CPU kernels, and looks at the place from five sides before and after.
 * Writes bench/results/kitchen-sides.json and .md (not with --dry), and kitchen-sides.jpg to the --out folder.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { vec3d } from 'wgpu-matrix';
import { type Camera, lookAt, type Vec3 } from '../core/camera.ts';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import { readSplats } from '../core/formats/index.ts';
import type { RgbImage } from '../core/image.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookFrom } from '../core/look-once.ts';
import { applyPatch } from '../core/patch.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { launchChromium } from '../test/e2e/support.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { remove } from '../workers/remove.ts';
import { select } from '../workers/select.ts';
import { timed } from './render/timed.ts';
import { ROOT } from './root.ts';
import { MUG } from './score/kitchen-mug.ts';
import { pictureStrip } from './score/picture-strip.ts';
import { markdownTable, originOf, type Row, record, stepColumns } from './score/record.ts';

interface Thing {
  /** Where it stands in the capture's frame, metres. */
  at: Vec3;
  /** A lasso around it, seen from right above: shares of the picture's width and height. Without one: a click. */
  lasso?: readonly [x: number, y: number][];
}
export const THINGS: Record<string, Thing> = {
  mug: { at: MUG.center },
  // It lies as flat as paper, in the table's plane, where no click can tell it from the table.
  book: {
    at: [-0.29, 0.05, 1.7],
    lasso: [
      [0.43, 0.236],
      [0.646, 0.229],
      [0.78, 0.25],
      [0.88, 0.375],
      [0.87, 0.556],
      [0.873, 0.91],
      [0.542, 0.924],
      [0.521, 0.847],
      [0.458, 0.833],
    ],
  },
  box: { at: [0.59, -0.08, 1.74] },
};
/** Beside and above, metres: where the thing is clicked from, and where a lasso is drawn from. */
export const CLICKED_FROM = [0.62, 0.45] as const;
export const DRAWN_FROM = [0.1, 0.6] as const;
/** Turned about the table's up from where the capture was made, radians, and how far above, metres. */
export const SIDES: readonly [angle: number, above: number][] = [
  [-1.2, 0.4],
  [-0.6, 0.55],
  [0, 0.4],
  [0.6, 0.55],
  [1.2, 0.4],
];
export const BESIDE = 0.55;
export const TILE = { width: 300, height: 225 };
const JPEG_QUALITY = 82;

/** A camera that looks at a place on the table from beside and above it. */
export function seenFrom(
  at: Vec3,
  angle: number,
  beside: number,
  above: number,
  { width, height }: { width: number; height: number },
): Camera {
  const { up } = MUG;
  // The capture's cameras stand about the origin and look along z.
  const level = vec3d.cross([...up], vec3d.cross([-0.3 * at[0], 0, -1], [...up]));
  const back = vec3d.normalize(level);
  const side = vec3d.cross([...up], back);
  const eye = at.map(
    (v, k) =>
      v + beside * (Math.cos(angle) * back[k]! + Math.sin(angle) * side[k]!) + above * up[k]!,
  ) as unknown as Vec3;
  const f = 0.9 * width;
  return {
    width,
    height,
    fx: f,
    fy: f,
    cx: width / 2,
    cy: height / 2,
    worldToCamera: lookAt(eye, at, up),
  };
}

async function look(kernels: Kernels, cloud: SplatCloud, at: Vec3): Promise<RgbImage[]> {
  const cameras = SIDES.map(([angle, above]) => seenFrom(at, angle, BESIDE, above, TILE));
  return (await lookFrom(kernels, cloud, cameras)).map(({ rgb }) => rgb);
}

/** PNG to JPEG, by Chromium. */
async function toJpeg(png: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  const browser = await launchChromium(false);
  try {
    const page = await browser.newPage({ viewport: { width, height } });
    const url = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
    await page.setContent(`<body style="margin:0"><img style="display:block" src="${url}"></body>`);
    await page.waitForFunction('document.images[0].complete');
    return await page.screenshot({ type: 'jpeg', quality: JPEG_QUALITY });
  } finally {
    await browser.close();
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      views: { type: 'string', default: '4' },
      resolution: { type: 'string', default: '960' },
      objects: { type: 'string', default: Object.keys(THINGS).join(',') },
      out: { type: 'string', default: 'docs/images' },
      dry: { type: 'boolean', default: false },
    },
  });
  const { data } = values;
  if (data === undefined) {
    throw new Error(
      'kitchen-sides: give the capture with --data …/captures/kitchen.compressed.ply',
    );
  }
  const { cloud } = await readSplats(new Uint8Array(await readFile(data)), basename(data));
  const kernels = createCpuKernels();
  const longer = Number(values.resolution);
  const size = { width: longer, height: Math.round(0.75 * longer) };
  const rows: Row[] = [];
  const tiles: RgbImage[][] = [];
  for (const name of values.objects.split(',')) {
    const thing = THINGS[name];
    if (thing === undefined)
      throw new Error(`kitchen-sides: no ${name} among ${Object.keys(THINGS)}`);
    const { at, lasso } = thing;
    const [beside, above] = lasso ? DRAWN_FROM : CLICKED_FROM;
    const camera = seenFrom(at, 0, beside, above, size);
    const points = lasso?.flatMap(([x, y]) => [x * size.width, y * size.height]);
    const object = await select(
      cloud,
      points
        ? { kind: 'polygon', camera, points: Float32Array.from(points), depth: 'visible' }
        : { kind: 'object', camera, x: size.width / 2, y: size.height / 2 },
    );
    const { selection, count } = await select(cloud, { kind: 'halo', base: object.selection });
    let result!: Awaited<ReturnType<typeof remove>>;
    const { wall, cpu } = await timed(async () => {
      result = await remove(
        cloud,
        selection,
        [camera],
        kernels,
        { inpainter: createExemplarInpainter() },
        { views: Number(values.views), resolution: longer, liftShadow: true },
      );
    });
    const { figures, patch } = result;
    rows.push({
      object: name,
      'splats selected': object.count,
      'with its shadow': count,
      added: figures.added,
      views: figures.views,
      'filled %': 100 * figures.coverage,
      'seam px': figures.seamPx,
      seconds: wall / 1000,
      'cpu s': cpu / 1000,
      ...stepColumns(figures.seconds),
      'process peak MB': Math.round(process.resourceUsage().maxRSS / 1024),
    });
    console.log(`${name}: ${figures.notes.join(' ')} ${(wall / 1000).toFixed(1)} s`);
    tiles.push(await look(kernels, cloud, at), await look(kernels, applyPatch(cloud, patch), at));
  }
  console.log(`\n${markdownTable(rows)}`);
  const picture = join(ROOT, values.out, 'kitchen-sides.jpg');
  const png = pictureStrip(tiles);
  await writeFile(
    picture,
    await toJpeg(png, SIDES.length * TILE.width, tiles.length * TILE.height),
  );
  console.log(`\nwritten: ${picture}`);
  if (values.dry) return;
  const shown = args.map((a) => (a === data ? `…/${basename(a)}` : a)).join(' ');
  const origin = originOf(`npm run bench -- kitchen-sides ${shown}`, 'CPU (1 thread)');
  const title = `Things removed from a captured kitchen of ${cloud.count.toLocaleString('en')} splats, ${size.width} × ${size.height}`;
  console.log(`written: ${await record('kitchen-sides', title, origin, rows)}`);
}
