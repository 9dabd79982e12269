/** Baselines that run in Python (bench/depth/baselines.py): one process for a whole bench, arrays through raw files. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DepthProblem } from '../../core/kernels.ts';
import { ROOT } from '../root.ts';

/** Module, and the package that brings it. */
const PACKAGES = { numpy: 'numpy', scipy: 'scipy', cv2: 'opencv-python-headless' } as const;
export type PythonModule = keyof typeof PACKAGES;

/** @returns what keeps this Python from being used, or undefined: it can be */
export function pythonProblem(
  python: string,
  modules: readonly PythonModule[],
): string | undefined {
  const find =
    'import importlib.util as u, sys; print(*[m for m in sys.argv[1:] if u.find_spec(m) is None])';
  const asked = spawnSync(python, ['-c', find, ...modules], { encoding: 'utf8' });
  if (asked.error || asked.status !== 0) {
    const why = asked.error?.message ?? (asked.stderr.trim() || `status ${asked.status}`);
    return `--python ${python}: does not run (${why}); give the name or path of a Python 3`;
  }
  const missing = asked.stdout.trim().split(/\s+/).filter(Boolean);
  if (missing.length === 0) return undefined;
  const packages = missing.map((m) => PACKAGES[m as PythonModule]).join(' ');
  return `--python ${python}: lacks ${missing.join(', ')}; ${python} -m pip install ${packages}`;
}

/** Rows of the tables, and what baselines.py calls them. */
export const PYTHON_METHODS = {
  'OpenCV NS': 'ns',
  'OpenCV Telea': 'telea',
  'scipy linear': 'linear',
  'scipy Laplace direct': 'laplace',
} as const;

export interface PythonBaselines {
  /** Depth of every pixel, and the seconds that the method itself took. One call at a time. */
  complete(
    method: string,
    problem: DepthProblem,
  ): Promise<{ depth: Float32Array; seconds: number }>;
  close(): void;
}

const bytesOf = (data: Float32Array | Uint8Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** @throws Error where this Python cannot be used, by `pythonProblem` */
export function openPythonBaselines(python: string): PythonBaselines {
  const problem = pythonProblem(python, ['numpy', 'scipy', 'cv2']);
  if (problem !== undefined) throw new Error(problem);
  const folder = mkdtempSync(join(tmpdir(), 'splatmend-baselines-'));
  const script = join(ROOT, 'bench/depth/baselines.py');
  const child = spawn(python, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  let waiting: ((line: string | undefined) => void) | undefined;
  const settle = (line: string | undefined) => {
    const answer = waiting;
    waiting = undefined;
    answer?.(line);
  };
  createInterface({ input: child.stdout }).on('line', settle);
  // A process that dies answers nothing more; its own words are on stderr.
  child.on('error', () => settle(undefined));
  child.on('close', () => settle(undefined));
  child.stdin.on('error', () => settle(undefined));

  async function ask(request: object): Promise<number> {
    if (waiting !== undefined) throw new Error('baselines.py: asked while it works');
    const line = await new Promise<string | undefined>((resolve) => {
      waiting = resolve;
      if (child.exitCode !== null || child.signalCode !== null) settle(undefined);
      else child.stdin.write(`${JSON.stringify(request)}\n`);
    });
    if (line === undefined) throw new Error(`${python} ended in bench/depth/baselines.py`);
    const { seconds, error } = JSON.parse(line) as { seconds?: number; error?: string };
    if (seconds === undefined) throw new Error(`bench/depth/baselines.py: ${error}`);
    return seconds;
  }

  return {
    async complete(method, { depth, known, wanted }) {
      const { width, height } = depth;
      const arrays = {
        depth: depth.data,
        known: known.data,
        wanted: wanted?.data ?? new Uint8Array(width * height).fill(1),
      };
      for (const [name, data] of Object.entries(arrays)) {
        await writeFile(join(folder, `${name}.bin`), bytesOf(data));
      }
      const seconds = await ask({ method, width, height });
      const bytes = await readFile(join(folder, 'answer.bin'));
      return { seconds, depth: new Float32Array(new Uint8Array(bytes).buffer) };
    },
    close() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
