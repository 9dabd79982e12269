/**
 * `npm run bench -- integrate [--python python3] [--small] [--dry]`
 * How long depth completion takes, on a generated corner with a box (bench/depth/corner-scene.ts): CPU, WebGPU, and,
 * where --python names one with numpy and scipy, a sparse direct solve of the same re-weightings in the same run.
 * --small leaves 1920 × 1080 out.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { classify } from '../core/cpu/complete-depth/classify.ts';
import { completeDepthCpu, DEPTH_COMPLETION_DEFAULTS } from '../core/cpu/complete-depth/index.ts';
import { type Integration, prepare } from '../core/cpu/complete-depth/prepare.ts';
import { integrate } from '../core/cpu/complete-depth/solve.ts';
import { createGpuDepthCompleter } from '../workers/gpu/complete-depth.ts';
import { requestGpuDevice } from '../workers/gpu/device.ts';
import { cornerScene } from './depth/corner-scene.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

interface Size {
  picture: [number, number];
  hole: [number, number];
}
const SIZES: Size[] = [
  { picture: [640, 480], hole: [160, 120] },
  { picture: [640, 480], hole: [300, 300] },
  { picture: [1920, 1080], hole: [600, 600] },
];
/** Ten times tighter than the default: what the answers are compared with. */
const CONVERGED = { between: 1e-4, last: 1e-5, floor: 1e-9 };

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

/** Crop values of u as depth over the whole picture. */
function depthOf(
  problem: Integration,
  u: (i: number) => number,
  n: number,
  width: number,
): Float32Array {
  const out = new Float32Array(n);
  for (let i = 0; i < problem.role.length; i++) {
    const x = (i % problem.width) + problem.crop.x0;
    const y = Math.floor(i / problem.width) + problem.crop.y0;
    out[y * width + x] = 1 / (u(i) * problem.inverseDepthScale);
  }
  return out;
}

function solveDirectly(python: string, problem: Integration): { seconds: number; u: Float64Array } {
  const folder = mkdtempSync(join(tmpdir(), 'splatmend-spsolve-'));
  try {
    const { width, height, epsilon, alpha, reweightings } = problem;
    writeFileSync(
      join(folder, 'problem.json'),
      JSON.stringify({ width, height, epsilon, alpha, reweightings }),
    );
    for (const name of ['role', 'u', 'guideX', 'guideY', 'lean'] as const) {
      writeFileSync(join(folder, `${name}.bin`), new Uint8Array(problem[name].buffer));
    }
    const script = fileURLToPath(new URL('../bench/depth/spsolve.py', import.meta.url));
    const { seconds } = JSON.parse(
      execFileSync(python, [script, folder], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const bytes = readFileSync(join(folder, 'answer.bin'));
    return { seconds, u: new Float64Array(new Uint8Array(bytes).buffer) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string' },
      small: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
    },
  });
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const instance = create([]);
  const { device, description } = await requestGpuDevice(instance);
  const gpu = createGpuDepthCompleter(device);
  const rows: Row[] = [];
  for (const { picture, hole } of values.small ? SIZES.slice(0, 2) : SIZES) {
    const [width, height] = picture;
    const { problem, truth, mask } = cornerScene(width, height, {
      width: hole[0],
      height: hole[1],
    });
    const timed = async (work: () => Promise<Float32Array>) => {
      const begun = performance.now();
      const found = await work();
      return { seconds: (performance.now() - begun) / 1000, error: absRel(truth, found, mask) };
    };
    const integration = prepare(problem, classify(problem), DEPTH_COMPLETION_DEFAULTS);
    const { x } = await integrate(integration, undefined, CONVERGED);
    const converged = absRel(
      truth,
      depthOf(integration, (i) => x[3 * i]!, truth.length, width),
      mask,
    );
    const onCpu = await timed(async () => (await completeDepthCpu(problem)).depth.data);
    // The first call compiles the pipelines.
    if (rows.length === 0) await gpu.complete(problem);
    const onGpu = await timed(async () => (await gpu.complete(problem)).depth.data);
    const row: Row = {
      picture: `${width} × ${height}`,
      hole: `${hole[0]} × ${hole[1]}`,
      'CPU s': onCpu.seconds,
      'WebGPU s': onGpu.seconds,
      'AbsRel % converged': converged,
      'CPU − converged': onCpu.error - converged,
      'WebGPU − converged': onGpu.error - converged,
    };
    // A direct solve of 600 × 600 needs more memory than machines of this size have.
    if (values.python !== undefined && hole[0] * hole[1] <= 100_000) {
      const direct = solveDirectly(values.python, integration);
      row['spsolve s'] = direct.seconds;
      row['spsolve − converged'] =
        absRel(
          truth,
          depthOf(integration, (i) => direct.u[i]!, truth.length, width),
          mask,
        ) - converged;
    }
    rows.push(row);
    console.log(JSON.stringify(row));
  }
  for (const kernels of ['CPU s', 'WebGPU s'] as const) {
    const growth = rows.slice(1).map((row, k) => {
      const [before, after] = [SIZES[k]!, SIZES[k + 1]!];
      const pixels = (after.hole[0] * after.hole[1]) / (before.hole[0] * before.hole[1]);
      return Math.log(Number(row[kernels]) / Number(rows[k]![kernels])) / Math.log(pixels);
    });
    rows.push({
      picture: `growth of ${kernels.slice(0, -2)}, exponent of the hole's pixels`,
      hole: growth.map((g) => g.toFixed(2)).join(', '),
    });
  }
  void instance;
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const origin = originOf(`npm run bench -- integrate ${args.join(' ')}`.trim(), description);
  console.log(`written: ${await record('integrate', 'Time of depth completion', origin, rows)}`);
}
