/** What the selection tools take, and how well click and strokes find things. Runs built, see bench/select.ts. */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Camera, parseCamera, projectPoint, type Vec3 } from '../../core/camera.ts';
import { readSplats } from '../../core/formats/index.ts';
import { createMask } from '../../core/image.ts';
import { prepareSelection } from '../../core/select/prepare.ts';
import { buildSceneIndex } from '../../core/select/scene-index.ts';
import type { SelectRequest } from '../../core/select-types.ts';
import { parseSelectionVolume, type Selection, selectInVolume } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { generateTabletop, type TabletopObject } from '../../samples/scenes/tabletop.ts';
import { select } from '../../workers/select.ts';
import { MUG, mugSplats } from '../score/kitchen-mug.ts';
import type { Row } from '../score/record.ts';
import { nextStroke, overlapWith } from '../score/stroke-user.ts';

const whole = (ms: number) => Math.round(ms);
const hundredth = (v: number) => Math.round(v * 100) / 100;
const median = (values: number[]) =>
  values.length === 0 ? 0 : [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Milliseconds that this thread has run; of the clock where the system does not tell. */
function workMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

/** Times a tool: the first call, then `rounds` more. */
async function timed(
  cloud: SplatCloud,
  request: SelectRequest,
  rounds: number,
): Promise<{ times: Row; selection: Selection }> {
  const once = async () => {
    const start = workMs();
    const { selection } = await select(cloud, request);
    return { ms: workMs() - start, selection };
  };
  const first = await once();
  const warm: number[] = [];
  for (let k = 0; k < rounds; k++) warm.push((await once()).ms);
  return {
    times: {
      'first ms': whole(first.ms),
      'warm ms': whole(median(warm)),
      'best ms': whole(Math.min(...warm)),
    },
    selection: first.selection,
  };
}

/** What a click stands on, and all that the worker makes ahead while the user looks. */
async function readyRows(scene: string, cloud: SplatCloud): Promise<Row[]> {
  const start = workMs();
  const index = await buildSceneIndex(cloud);
  const indexed = workMs();
  await prepareSelection(cloud);
  const prepared = workMs();
  let bytes = 0;
  for (const part of Object.values(index)) if (ArrayBuffer.isView(part)) bytes += part.byteLength;
  return [
    { scene, tool: `index (${whole(bytes / 1e6)} MB)`, 'first ms': whole(indexed - start) },
    { scene, tool: 'the rest made ahead', 'first ms': whole(prepared - indexed) },
  ];
}

/** x y … around an object's ball in the picture. */
function outlineOf(camera: Camera, object: TabletopObject): Float32Array {
  const { u, v, depth } = projectPoint(camera, object.center);
  const r = (0.7 * object.radius * camera.fx) / depth;
  const out = new Float32Array(32);
  for (let k = 0; k < 16; k++) {
    out[2 * k] = u + r * Math.cos((k * Math.PI) / 8);
    out[2 * k + 1] = v + r * Math.sin((k * Math.PI) / 8);
  }
  return out;
}

/** Every tool but click and refine, over one object. */
function otherTools(
  camera: Camera,
  object: TabletopObject,
  base: Selection,
): [string, SelectRequest][] {
  const { u: x, v: y } = projectPoint(camera, object.center);
  const points = outlineOf(camera, object);
  const x1 = points[0]!;
  const half = x1 - x;
  const box = { camera, x0: x - half, y0: y - half, x1, y1: y + half };
  const strokes = [{ points: points.subarray(0, 16), radiusPx: 12 }];
  const mask = createMask(camera.width, camera.height);
  for (let j = Math.max(0, Math.floor(box.y0)); j < box.y1; j++) {
    for (let i = Math.max(0, Math.floor(box.x0)); i < box.x1; i++)
      mask.data[j * mask.width + i] = 1;
  }
  const both = (kind: 'visible' | 'through'): [string, SelectRequest][] => [
    [`rectangle, ${kind}`, { kind: 'rectangle', ...box, depth: kind }],
    [`lasso, ${kind}`, { kind: 'polygon', camera, points, depth: kind }],
    [`brush, ${kind}`, { kind: 'brush', camera, strokes, depth: kind }],
  ];
  return [
    ...both('visible'),
    ...both('through'),
    ['mask', { kind: 'mask', camera, mask }],
    ['flood', { kind: 'flood', camera, x, y, tolerance: 0.1 }],
    ['colour', { kind: 'colour', camera, x, y, tolerance: 0.1 }],
    ['volume', { kind: 'volume', volume: object.box }],
    ['grow', { kind: 'grow', base }],
    ['shrink', { kind: 'shrink', base }],
  ];
}

/** The generated room: clicks and strokes on each object, every other tool on the vase. */
export async function sampleRows(splats: number, rounds: number): Promise<Row[]> {
  const room = generateTabletop({ splats });
  const { cloud, labels, objects } = room;
  const camera = room.cameras[0]!;
  const scene = `sample, ${cloud.count} splats`;
  const rows: Row[] = await readyRows(scene, cloud);
  const say = (row: Row) => {
    rows.push(row);
    console.log(JSON.stringify(row));
  };
  const wantedOf = (id: number) => labels.map((label) => (label === id ? 1 : 0));
  const pixelOf = (center: Vec3) => {
    const { u, v } = projectPoint(camera, center);
    return { x: u, y: v };
  };
  for (const { name, id, center } of objects) {
    const { times, selection } = await timed(
      cloud,
      { kind: 'object', camera, ...pixelOf(center) },
      rounds,
    );
    say({
      scene,
      tool: `click, ${name}`,
      ...times,
      IoU: hundredth(overlapWith(selection, wantedOf(id))),
    });
  }
  const vase = objects.find((o) => o.name === 'vase')!;
  const { x, y } = pixelOf(vase.center);
  for (const { name, id } of objects.filter((o) => ['mug', 'cube', 'books'].includes(o.name))) {
    const base = labels.map((label) => (label === id || label === vase.id ? 1 : 0));
    const strokes = [{ points: Float32Array.of(x - 6, y, x + 6, y), radiusPx: 5 }];
    const { times, selection } = await timed(
      cloud,
      { kind: 'refine', camera, base, strokes, sign: 'remove' },
      rounds,
    );
    const IoU = hundredth(overlapWith(selection, wantedOf(id)));
    say({ scene, tool: `stroke, vase out of ${name} and vase`, ...times, IoU });
  }
  // From a view that no tool has seen yet: what is kept for a view is made in the first call.
  for (const [tool, request] of otherTools(room.cameras[1]!, vase, wantedOf(vase.id))) {
    say({ scene, tool, ...(await timed(cloud, request, rounds)).times });
  }
  return rows;
}

/** One click, then up to two strokes where it is most wrong. */
async function clickAndStrokes(
  scene: string,
  tool: string,
  cloud: SplatCloud,
  wanted: Selection,
  views: { camera: Camera; center: Vec3 }[],
  rounds: number,
): Promise<Row> {
  const [clicks, strokes]: [number[], number[]] = [[], []];
  const overlaps: number[][] = [[], [], []];
  let first = 0;
  for (const { camera, center } of views) {
    const { u: x, v: y } = projectPoint(camera, center);
    const click = await timed(cloud, { kind: 'object', camera, x, y }, rounds);
    if (first === 0) first = Number(click.times['first ms']);
    clicks.push(Number(click.times['warm ms']));
    let { selection } = click;
    let best = overlapWith(selection, wanted);
    overlaps[0]!.push(best);
    for (const n of [1, 2]) {
      const next = nextStroke(cloud, camera, selection, wanted, 4);
      if (next) {
        const start = workMs();
        const { stroke, sign } = next;
        const request: SelectRequest = {
          kind: 'refine',
          camera,
          base: selection,
          strokes: [stroke],
          sign,
        };
        selection = (await select(cloud, request)).selection;
        strokes.push(workMs() - start);
      }
      // A stroke that makes it worse is undone.
      best = Math.max(best, overlapWith(selection, wanted));
      overlaps[n]!.push(best);
    }
  }
  return {
    scene,
    tool,
    'first ms': first,
    'warm ms': whole(median(clicks)),
    'best ms': whole(Math.min(...clicks)),
    'slowest click ms': whole(Math.max(...clicks)),
    'stroke ms': whole(median(strokes)),
    'slowest stroke ms': whole(Math.max(0, ...strokes)),
    views: views.length,
    IoU: hundredth(median(overlaps[0]!)),
    'worst IoU': hundredth(Math.min(...overlaps[0]!)),
    'IoU, 1 stroke': hundredth(median(overlaps[1]!)),
    'IoU, 2 strokes': hundredth(median(overlaps[2]!)),
    'worst, 2 strokes': hundredth(Math.min(...overlaps[2]!)),
  };
}

const inPicture = (camera: Camera, center: Vec3) => {
  const { u, v, depth } = projectPoint(camera, center);
  return depth > 0 && u > 5 && v > 5 && u < camera.width - 5 && v < camera.height - 5;
};

/** The captured kitchen's mug, and the solid objects of the removal cases. */
export async function captureRows(folder: string, rounds: number): Promise<Row[]> {
  const read = async (file: string) =>
    (await readSplats(await readFile(join(folder, file)), file)).cloud;
  const kitchen = await read('captures/kitchen.compressed.ply');
  const scene = `kitchen, ${kitchen.count} splats`;
  const rows: Row[] = await readyRows(scene, kitchen);
  const wanted = mugSplats(kitchen);
  const frames = JSON.parse(await readFile(join(folder, 'rgbd-kitchen/frames.json'), 'utf8'));
  const cameras = Object.entries(frames.cameraToWorld).map(([id, cameraToWorld]) =>
    parseCamera({ ...frames, id, cameraToWorld }),
  );
  const views = cameras
    .filter((camera) => inPicture(camera, MUG.center))
    .map((camera) => ({ camera, center: MUG.center }));
  rows.push(await clickAndStrokes(scene, 'click, mug', kitchen, wanted, views, rounds));
  console.log(JSON.stringify(rows.at(-1)));
  for (const name of (await readdir(join(folder, 'removal-cases'))).sort()) {
    const cloud = await read(`removal-cases/${name}/scene.ply`);
    const item = JSON.parse(
      await readFile(join(folder, `removal-cases/${name}/case.json`), 'utf8'),
    );
    const volume = parseSelectionVolume(item.select);
    const truth = selectInVolume(cloud, volume);
    const seen = (item.cameras as unknown[])
      .map(parseCamera)
      .filter((camera) => inPicture(camera, volume.center))
      .map((camera) => ({ camera, center: volume.center }));
    await prepareSelection(cloud);
    const label = `${name}, ${cloud.count} splats`;
    rows.push(await clickAndStrokes(label, 'click', cloud, truth, seen, rounds));
    console.log(JSON.stringify(rows.at(-1)));
  }
  return rows;
}
