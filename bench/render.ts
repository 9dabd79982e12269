/// <reference types="@webgpu/types" />
/**
 * `npm run bench -- render [--splats 100000,300000,1180000] [--data …/captures/kitchen.compressed.ply]
 * [--sizes 640x480,1280x720] [--runs 3] [--engines cpu,webgpu,playcanvas,babylon,gaussian-splats-3d,spark]
 * [--growth 100000,300000,1000000,4000000] [--quads] [--png FOLDER] [--dry]`: milliseconds a picture in Chromium, ours (with two depths)
 * beside the engines (colour alone), sort included, engines in turns; the memory of page and GPU process at the last
 * cloud and size; and how our CPU renderer grows (`--growth none` leaves that out). `--data` takes a capture in place of the largest
 * generated cloud. `--quads` adds, in Node, the method that was not taken on WebGPU.
 * Writes bench/results/render.json and .md (not with --dry).
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readSplats } from '../core/formats/index.ts';
import { benchGrowth } from './render/growth.ts';
import { type BenchCloud, benchPeers, ENGINES, type EngineName } from './render/peers.ts';
import { benchScene } from './render/scene.ts';
import { BENCH_VIEW } from './render/views.ts';
import { benchQuads } from './render/webgpu.ts';
import { MUG } from './score/kitchen-mug.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

/** From the kitchen's mug to the eye: beside the table and above it, as in `bench kitchen`. */
const BESIDE_MUG = [0.28, 0, -0.55] as const;
const ABOVE_MUG = 0.45;

async function capture(path: string): Promise<BenchCloud> {
  const { cloud } = await readSplats(new Uint8Array(await readFile(path)), basename(path));
  const [eyeX, eyeY, eyeZ] = MUG.center.map(
    (v, i) => v + BESIDE_MUG[i]! + ABOVE_MUG * MUG.up[i]!,
  ) as [number, number, number];
  const view = { eye: [eyeX, eyeY, eyeZ] as const, target: MUG.center, up: MUG.up };
  return { name: `${cloud.count} (${basename(path).split('.')[0]})`, cloud, view };
}

const wholes = (text: string) => text.split(',').map(Number);

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      splats: { type: 'string', default: '100000,300000,1180000' },
      data: { type: 'string' },
      sizes: { type: 'string', default: '640x480,1280x720' },
      runs: { type: 'string', default: '3' },
      engines: { type: 'string', default: ENGINES.join(',') },
      growth: { type: 'string', default: '100000,300000,1000000,4000000' },
      quads: { type: 'boolean', default: false },
      png: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  const counts = wholes(values.splats);
  const sizes = values.sizes.split(',').map((s) => s.split('x').map(Number)) as [number, number][];
  const growth = values.growth === 'none' ? [] : wholes(values.growth);
  if (![runs, ...counts, ...sizes.flat(), ...growth].every((n) => Number.isInteger(n) && n > 0)) {
    throw new Error('render: --splats, --sizes, --runs and --growth take positive whole numbers');
  }
  const engines = values.engines.split(',') as EngineName[];
  const unknown = engines.find((name) => !ENGINES.includes(name));
  if (unknown !== undefined) {
    throw new Error(`render: "${unknown}" is no engine; choose of ${ENGINES.join(', ')}`);
  }
  if (values.data !== undefined) counts.sort((a, b) => a - b).pop();
  const clouds: BenchCloud[] = counts.map((count) => ({
    name: String(count),
    cloud: benchScene(count),
    view: BENCH_VIEW,
  }));
  if (values.data !== undefined) clouds.push(await capture(values.data));

  const say = (line: string) => console.log(line);
  const grown =
    growth.length === 0 ? [] : await benchGrowth(growth, sizes.at(-1)!, Math.max(runs, 3), say);
  const { frames, memory } = await benchPeers({
    clouds,
    sizes,
    engines,
    runs,
    png: values.png,
    say,
  });
  const tables: Record<string, Row[]> = {
    'Memory: what the operating system counts as resident, at most, until the first picture':
      memory,
  };
  if (grown.length > 0) {
    tables['Growth: our CPU renderer in Node, harmonics of degree 3'] = grown;
  }
  if (values.quads) {
    tables['WebGPU in Node: tiles, and sorted quads (not taken)'] = await benchQuads(
      counts,
      sizes,
      runs,
    );
  }
  const shown = args
    .map((a) => (a === values.data ? `…/${basename(a)}` : a))
    .join(' ')
    .trim();
  const origin = originOf(
    `npm run bench -- render ${shown}`.trim(),
    'in Chromium, WebGL2 and WebGPU on SwiftShader (Vulkan in software)',
  );
  console.log(`\n${markdownTable(frames)}`);
  if (!values.dry) {
    const title = 'Renderer, ms a picture from a new view, sort included';
    console.log(await record('render', title, origin, frames, { tables }));
  }
}
