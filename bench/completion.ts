/**
 * `npm run bench -- completion --data DIR [--samples 60] [--seed 1] [--share 0.1] [--alpha A …] [--gpu]`
 * Depth completion on registered RGB-D frames: depth is hidden under random masks and completed from the rest; the
 * error counts inside the mask only, where there is truth. Baselines run in the same process on the same masks.
 * DIR: frames.json, ID.color.png (bench/completion-frames.py makes them from JPEG), ID.depth.png (uint16 mm).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decode } from 'fast-png';
import { completeDepthCpu } from '../core/cpu/complete-depth/index.ts';
import { nearestSet } from '../core/cpu/complete-depth/nearest.ts';
import type { DepthCompletionOptions, DepthProblem } from '../core/kernels.ts';
import { createRandom } from '../core/random.ts';
import { createGpuDepthCompleter } from '../workers/gpu/complete-depth.ts';
import { requestGpuDevice } from '../workers/gpu/device.ts';
import { harmonicDepth } from './completion-baselines.ts';
import { randomMask } from './completion-masks.ts';

interface Frame {
  id: string;
  width: number;
  height: number;
  rgb: Float32Array;
  depth: Float32Array;
}

async function readFrame(folder: string, id: string): Promise<Frame> {
  const depthPng = decode(await readFile(join(folder, `${id}.depth.png`)));
  const colourPath = join(folder, `${id}.color.png`);
  const colour = decode(
    await readFile(colourPath).catch(() => {
      throw new Error(`completion: no ${colourPath}; make it with bench/completion-frames.py`);
    }),
  );
  const rgb = new Float32Array(colour.width * colour.height * 3);
  for (let i = 0; i < colour.width * colour.height; i++) {
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = colour.data[colour.channels * i + c]! / 255;
  }
  const depth = Float32Array.from(depthPng.data, (mm) => mm / 1000);
  return { id, width: colour.width, height: colour.height, rgb, depth };
}

type Method = (problem: DepthProblem) => Promise<Float32Array> | Float32Array;

function nearestDepth(problem: DepthProblem): Float32Array {
  const { width, height, data } = problem.depth;
  const { index } = nearestSet(problem.known.data, width, height);
  return Float32Array.from(index, (i) => data[i] ?? 0);
}

interface Score {
  pixels: number;
  absRel: number;
  delta1: number;
  square: number;
  absolute: number;
  ms: number;
}
const emptyScore = (): Score => ({
  pixels: 0,
  absRel: 0,
  delta1: 0,
  square: 0,
  absolute: 0,
  ms: 0,
});

function addScore(into: Score, truth: Float32Array, mask: Uint8Array, found: Float32Array): void {
  for (let i = 0; i < truth.length; i++) {
    const t = truth[i]!;
    if (mask[i] === 0 || t <= 0) continue;
    const z = found[i]!;
    if (!(z > 0)) throw new Error(`completion: pixel ${i} has depth ${z}`);
    const e = Math.abs(z - t);
    into.pixels++;
    into.absRel += e / t;
    into.delta1 += Math.max(z / t, t / z) < 1.25 ? 1 : 0;
    into.square += e * e;
    into.absolute += e;
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      samples: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      share: { type: 'string', default: '0.1' },
      alpha: { type: 'string' },
      epsilon: { type: 'string' },
      edgeScale: { type: 'string' },
      reweightings: { type: 'string' },
      gpu: { type: 'boolean', default: false },
    },
  });
  if (values.data === undefined) throw new Error('completion: give --data DIR');
  const options: DepthCompletionOptions = {};
  for (const key of ['alpha', 'epsilon', 'edgeScale', 'reweightings'] as const) {
    if (values[key] !== undefined) options[key] = Number(values[key]);
  }
  const list: { cameraToWorld: Record<string, unknown> } = JSON.parse(
    await readFile(join(values.data, 'frames.json'), 'utf8'),
  );
  const ids = Object.keys(list.cameraToWorld).sort();
  const random = createRandom(Number(values.seed));
  const methods: Record<string, Method> = {
    nearest: nearestDepth,
    harmonic: ({ rgb: _, ...p }) => harmonicDepth(p, 0.06),
    'guided harmonic': (p) => harmonicDepth(p, 0.06),
    'second order': async (p) => (await completeDepthCpu(p, options)).depth.data,
  };
  if (values.gpu) {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const { device, description } = await requestGpuDevice(create([]));
    const gpu = createGpuDepthCompleter(device);
    methods[`on ${description}`] = async (p) => (await gpu.complete(p, options)).depth.data;
  }
  const scores = new Map(Object.keys(methods).map((name) => [name, emptyScore()]));
  const samples = Number(values.samples);
  /** Share of the masked pixels on which GPU and CPU agree to 1e-3, a sample. */
  const twins: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const frame = await readFrame(values.data, ids[sample % ids.length]!);
    const { width, height } = frame;
    const mask = randomMask(width, height, Number(values.share), random);
    const known = { width, height, data: new Uint8Array(width * height) };
    for (let i = 0; i < known.data.length; i++) {
      known.data[i] = mask[i] === 0 && frame.depth[i]! > 0 ? 1 : 0;
    }
    const hidden = frame.depth.map((z, i) => (known.data[i] !== 0 ? z : 0));
    const problem: DepthProblem = {
      depth: { width, height, data: hidden },
      known,
      wanted: { width, height, data: mask },
      rgb: { width, height, data: frame.rgb },
    };
    let reference: Float32Array | undefined;
    for (const [name, method] of Object.entries(methods)) {
      const score = scores.get(name)!;
      const before = performance.now();
      const found = await method(problem);
      score.ms += performance.now() - before;
      addScore(score, frame.depth, mask, found);
      if (name === 'second order') reference = found;
      else if (reference !== undefined) twins.push(shareWithin(found, reference, mask, 1e-3));
    }
  }
  console.log(`${samples} samples, seed ${values.seed}, share ${values.share}`, options);
  console.log('method            AbsRel %  delta1 %   RMSE m    MAE m  ms/sample');
  for (const [name, s] of scores) {
    const row = [
      ((100 * s.absRel) / s.pixels).toFixed(2),
      ((100 * s.delta1) / s.pixels).toFixed(2),
      Math.sqrt(s.square / s.pixels).toFixed(4),
      (s.absolute / s.pixels).toFixed(4),
      (s.ms / samples).toFixed(0),
    ];
    console.log(name.padEnd(16) + row.map((v) => v.padStart(10)).join(''));
  }
  if (twins.length > 0) {
    console.log(
      `twins agree to 1e-3 on ${(100 * Math.min(...twins)).toFixed(2)} % of the masked pixels at worst`,
    );
  }
}

function shareWithin(
  a: Float32Array,
  b: Float32Array,
  mask: Uint8Array,
  tolerance: number,
): number {
  let within = 0;
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    if (mask[i] === 0) continue;
    count++;
    if (Math.abs(a[i]! - b[i]!) <= tolerance * b[i]!) within++;
  }
  return within / count;
}
