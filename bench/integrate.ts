/**
 * `npm run bench -- integrate [--python python3] [--small] [--cpu] [--rounds 3] [--dry]`
 * How long depth completion takes, on a generated corner with a box (bench/depth/corner-scene.ts): CPU, WebGPU, and,
 * where --python names one with numpy and scipy, a sparse direct solve of the same re-weightings in the same run.
 * Times are the best of some rounds, with the shipped tolerance and with the loosest whose AbsRel is within 0.02 points of
 * the converged answer's. --small leaves 1920 × 1080 out, --cpu WebGPU; a dry run writes to out/.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { classify } from '../core/cpu/complete-depth/classify.ts';
import { withoutIntegration, writeSolution } from '../core/cpu/complete-depth/finish.ts';
import { DEPTH_COMPLETION_DEFAULTS } from '../core/cpu/complete-depth/index.ts';
import { type Integration, prepare } from '../core/cpu/complete-depth/prepare.ts';
import { integrate, TOLERANCE, type Tolerance } from '../core/cpu/complete-depth/solve.ts';
import type { DepthCompleter, DepthProblem } from '../core/kernels.ts';
import { createGpuDepthCompleter } from '../workers/gpu/complete-depth.ts';
import { requestGpuDevice } from '../workers/gpu/device.ts';
import { cornerScene } from './depth/corner-scene.ts';
import { growthRows, loosestWithin, type Timed, type Tried } from './depth/growth.ts';
import { pythonProblem } from './depth/python.ts';
import { OUT, RESULTS, ROOT } from './root.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

interface Size {
  picture: [number, number];
  hole: [number, number];
}
/** Three holes in one picture, so that growth is of the hole alone; then a large picture. */
const SIZES: Size[] = [
  { picture: [640, 480], hole: [160, 120] },
  { picture: [640, 480], hole: [300, 300] },
  { picture: [640, 480], hole: [450, 450] },
  { picture: [1920, 1080], hole: [600, 600] },
];
/** Far tighter than what is shipped: what the answers are compared with. */
const CONVERGED: Tolerance = { between: 1e-4, last: 1e-5, floor: 1e-9 };
/** Tightest first. The shipped one stands among them; the others are the same by a factor. */
const FACTORS = [0.1, 0.3, 1, 3, 10, 30, 100, 300];
const SHIPPED = FACTORS.indexOf(1);
/** Points of AbsRel. */
const NEAR_ENOUGH = 0.02;
/** No more rounds of one size once they took this long together. */
const ENOUGH_SECONDS = 20;
/** A direct solve of more needs more memory than machines of this size have. */
const DIRECT_PIXELS = 100_000;

const loosened = (factor: number): Tolerance => ({
  between: factor * TOLERANCE.between,
  last: factor * TOLERANCE.last,
  floor: factor * TOLERANCE.floor,
});

/** Mean relative error inside the mask, percent. */
function absRel(truth: Float32Array, found: ArrayLike<number>, mask: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    sum += Math.abs(found[i]! - truth[i]!) / truth[i]!;
    count++;
  }
  return (100 * sum) / count;
}

type Complete = (problem: DepthProblem, tolerance: Tolerance) => Promise<Float32Array>;

/** completeDepthCpu, with a tolerance of the caller's. */
const completeOnCpu: Complete = async (problem, tolerance) => {
  const classes = classify(problem);
  const result = withoutIntegration(problem, classes);
  const integration = prepare(problem, classes, DEPTH_COMPLETION_DEFAULTS);
  const { x } = await integrate(integration, undefined, tolerance);
  writeSolution(integration, x, result);
  return result.depth.data;
};

function solveDirectly(
  python: string,
  problem: DepthProblem,
): { seconds: number; depth: Float32Array } {
  const folder = mkdtempSync(join(tmpdir(), 'splatmend-spsolve-'));
  try {
    const classes = classify(problem);
    const integration: Integration = prepare(problem, classes, DEPTH_COMPLETION_DEFAULTS);
    const { width, height, epsilon, alpha, reweightings } = integration;
    writeFileSync(
      join(folder, 'problem.json'),
      JSON.stringify({ width, height, epsilon, alpha, reweightings }),
    );
    for (const name of ['role', 'u', 'guideX', 'guideY', 'lean', 'doubt'] as const) {
      writeFileSync(join(folder, `${name}.bin`), new Uint8Array(integration[name].buffer));
    }
    const script = join(ROOT, 'bench/depth/spsolve.py');
    const { seconds } = JSON.parse(
      execFileSync(python, [script, folder], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const u = new Float64Array(new Uint8Array(readFileSync(join(folder, 'answer.bin'))).buffer);
    const x = new Float64Array(3 * u.length);
    for (const [i, v] of u.entries()) x[3 * i] = v;
    const result = withoutIntegration(problem, classes);
    writeSolution(integration, x, result);
    return { seconds, depth: result.depth.data };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Maker {
  name: string;
  complete: Complete;
  /** Whether a looser tolerance changes anything: where not, only the shipped one is reported. */
  takesTolerance: boolean;
}

const small = () => cornerScene(64, 48, { width: 20, height: 20 }).problem;

async function gpuMaker(): Promise<Maker & { description: string }> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const instance = create([]);
  const { device, description } = await requestGpuDevice(instance);
  const make: (device: GPUDevice, tolerance?: Tolerance) => DepthCompleter =
    createGpuDepthCompleter;
  // One a tolerance, kept: each compiles its pipelines at its first call.
  const completers = new Map<string, DepthCompleter>();
  const complete: Complete = async (problem, tolerance) => {
    // Dawn dies if its instance is collected.
    void instance;
    const key = JSON.stringify(tolerance);
    let completer = completers.get(key);
    if (completer === undefined) {
      completer = make(device, tolerance);
      completers.set(key, completer);
      await completer.complete(small());
    }
    return (await completer.complete(problem)).depth.data;
  };
  // So loose that a maker that heeds it takes no step at all.
  const [shipped, loose] = [
    await complete(small(), TOLERANCE),
    await complete(small(), loosened(1e6)),
  ];
  const takesTolerance = shipped.some((z, i) => z !== loose[i]);
  return { name: 'WebGPU', complete, takesTolerance, description };
}

interface MakerFigures {
  seconds: number;
  error: number;
  near: Tried<number> | undefined;
  tried: Tried<number>[];
}

/** The shipped tolerance's time, and the time to an AbsRel that is near enough to the converged one. */
async function timeMaker(
  { complete, takesTolerance }: Maker,
  { problem, truth, mask }: ReturnType<typeof cornerScene>,
  converged: number,
  rounds: number,
): Promise<MakerFigures> {
  const best = async (factor: number) => {
    let seconds = Infinity;
    let spent = 0;
    let error = 0;
    // One round aside for what is compiled and made at first.
    await complete(small(), loosened(factor));
    for (let k = 0; k < rounds && spent < ENOUGH_SECONDS; k++) {
      const begun = performance.now();
      const found = await complete(problem, loosened(factor));
      const took = (performance.now() - begun) / 1000;
      spent += took;
      seconds = Math.min(seconds, took);
      error = absRel(truth, found, mask);
    }
    return { seconds, error };
  };
  const { best: near, tried } = await loosestWithin(
    takesTolerance ? FACTORS : [1],
    takesTolerance ? SHIPPED : 0,
    best,
    (error) => Math.abs(error - converged) < NEAR_ENOUGH,
  );
  const { seconds, error } = tried[0]!;
  return { seconds, error, near, tried };
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string' },
      small: { type: 'boolean', default: false },
      cpu: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      dry: { type: 'boolean', default: false },
    },
  });
  if (values.python !== undefined) {
    const problem = pythonProblem(values.python, ['numpy', 'scipy']);
    if (problem !== undefined) throw new Error(problem);
  }
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error(`integrate: --rounds ${values.rounds}; give a whole number`);
  }
  const makers: Maker[] = [{ name: 'CPU', complete: completeOnCpu, takesTolerance: true }];
  let kernels = 'CPU (1 thread)';
  if (!values.cpu) {
    const gpu = await gpuMaker();
    makers.push(gpu);
    kernels += ` and WebGPU (${gpu.description})`;
  }
  const rows: Row[] = [];
  const times: Record<string, Timed[]> = {};
  const ladders: Record<string, unknown>[] = [];
  const note = (what: string, size: Omit<Timed, 'seconds'>, seconds: number) => {
    times[what] ??= [];
    times[what].push({ ...size, seconds });
  };
  for (const { picture, hole } of values.small ? SIZES.slice(0, -1) : SIZES) {
    const scene = cornerScene(...picture, { width: hole[0], height: hole[1] });
    const { problem, truth, mask } = scene;
    const converged = absRel(truth, await completeOnCpu(problem, CONVERGED), mask);
    const row: Row = {
      picture: picture.join(' × '),
      hole: hole.join(' × '),
      'AbsRel % converged': converged,
    };
    const size = {
      size: `${hole.join(' × ')} of ${picture.join(' × ')}`,
      pixels: hole[0] * hole[1],
    };
    for (const maker of makers) {
      const { seconds, error, near, tried } = await timeMaker(maker, scene, converged, rounds);
      row[`${maker.name} s`] = seconds;
      row[`${maker.name} − converged`] = error - converged;
      row[`${maker.name} s to ${NEAR_ENOUGH} points`] = near?.seconds ?? 'not reached';
      row[`${maker.name} tolerance ×`] = near?.rung ?? '';
      note(`${maker.name}, shipped tolerance`, size, seconds);
      note(`${maker.name}, to ${NEAR_ENOUGH} points`, size, near?.seconds ?? Number.NaN);
      ladders.push({ ...size, maker: maker.name, tried });
    }
    if (values.python !== undefined && size.pixels <= DIRECT_PIXELS) {
      const direct = solveDirectly(values.python, problem);
      row['spsolve s'] = direct.seconds;
      row['spsolve − converged'] = absRel(truth, direct.depth, mask) - converged;
      const ours = Number(row['WebGPU s'] ?? row['CPU s']);
      row[`${values.cpu ? 'CPU' : 'WebGPU'} ÷ spsolve`] = ours / direct.seconds;
    }
    rows.push(row);
    console.log(JSON.stringify(row));
  }
  const growth = Object.entries(times).flatMap(([what, t]) => growthRows(what, t));
  console.log(`\n${markdownTable(rows)}\n\n${markdownTable(growth)}`);
  const written = await record(
    'integrate',
    'Time of depth completion',
    originOf(`npm run bench -- integrate ${args.join(' ')}`.trim(), kernels),
    rows,
    {
      tables: { 'Growth: seconds ~ (pixels of the hole) ^ exponent': growth },
      details: {
        rounds,
        shipped: TOLERANCE,
        converged: CONVERGED,
        nearEnough: NEAR_ENOUGH,
        ladders,
      },
      folder: values.dry ? OUT : RESULTS,
    },
  );
  console.log(`\nwritten: ${written}`);
}
