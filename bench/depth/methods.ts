/** What is compared: the baselines and ours, each from a problem to depth. */
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import { nearestSet } from '../../core/cpu/complete-depth/nearest.ts';
import type { DepthCompletionOptions, DepthProblem } from '../../core/kernels.ts';
import { createGpuDepthCompleter } from '../../workers/gpu/complete-depth.ts';
import { requestGpuDevice } from '../../workers/gpu/device.ts';
import { harmonicDepth } from './harmonic.ts';
import { planeDepth } from './plane.ts';
import type { PriorKind } from './prior.ts';
import { openPythonBaselines, PYTHON_METHODS } from './python.ts';

/** Depth of every pixel; with seconds where those of the call would count what is not the method's own work. */
export type Answer = Float32Array | { depth: Float32Array; seconds: number };
export type Method = (problem: DepthProblem) => Promise<Answer> | Answer;

export interface MethodSet {
  all: Record<string, Method>;
  /** What ours ran on, for people. */
  kernels: string;
  /** Ends what was started for it. */
  close(): void;
}

export interface MethodChoice {
  /** Ours also on WebGPU, in Node through Dawn. */
  gpu: boolean;
  /** A Python 3 with numpy, scipy and cv2, for their baselines. */
  python?: string | undefined;
  /** Ours also with the samples' prior depths, which are of this kind. */
  prior?: PriorKind | undefined;
}

/** Colour difference at which the guided baseline weakens to 1/e: DESIGN.md's prototype. */
const BASELINE_EDGE_SCALE = 0.06;

export const OURS = 'splatmend';
export const GUIDED = 'guided harmonic';

function nearestDepth({ depth, known }: DepthProblem): Float32Array {
  const { index } = nearestSet(known.data, depth.width, depth.height);
  return Float32Array.from(index, (i) => depth.data[i] ?? 0);
}

export function baselines(): Record<string, Method> {
  return {
    nearest: nearestDepth,
    harmonic: ({ rgb: _, ...problem }) => harmonicDepth(problem, BASELINE_EDGE_SCALE),
    [GUIDED]: (problem) => harmonicDepth(problem, BASELINE_EDGE_SCALE),
    'plane fit': planeDepth,
  };
}

export async function methods(
  options: DepthCompletionOptions,
  { gpu, python, prior }: MethodChoice,
): Promise<MethodSet> {
  const all: Record<string, Method> = baselines();
  // First, because a Python that cannot be used should be heard of before anything long.
  const scripts = python === undefined ? undefined : openPythonBaselines(python);
  if (scripts !== undefined) {
    for (const [name, method] of Object.entries(PYTHON_METHODS)) {
      all[name] = (problem) => scripts.complete(method, problem);
    }
  }
  all[OURS] = async ({ prior: _, ...problem }) =>
    (await completeDepthCpu(problem, options)).depth.data;
  if (prior !== undefined) {
    all[`${OURS} with prior (${prior})`] = async (problem) =>
      (await completeDepthCpu(problem, options)).depth.data;
  }
  const close = () => scripts?.close();
  if (!gpu) return { all, kernels: 'CPU (1 thread)', close };
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const instance = create([]);
    const { device, description } = await requestGpuDevice(instance);
    const completer = createGpuDepthCompleter(device);
    all[`${OURS} on ${description}`] = async ({ prior: _, ...problem }) => {
      // Dawn dies if its instance is collected.
      void instance;
      return (await completer.complete(problem, options)).depth.data;
    };
    return { all, kernels: `CPU (1 thread) and WebGPU (${description})`, close };
  } catch (error) {
    close();
    throw error;
  }
}
