/** What is compared: the baselines and ours, each from a problem to depth. */
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import { nearestSet } from '../../core/cpu/complete-depth/nearest.ts';
import type { DepthCompletionOptions, DepthProblem } from '../../core/kernels.ts';
import { createGpuDepthCompleter } from '../../workers/gpu/complete-depth.ts';
import { requestGpuDevice } from '../../workers/gpu/device.ts';
import { harmonicDepth } from './harmonic.ts';
import { planeDepth } from './plane.ts';

export type Method = (problem: DepthProblem) => Promise<Float32Array> | Float32Array;

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

/** @param gpu also on WebGPU, in Node through Dawn */
export async function methods(
  options: DepthCompletionOptions,
  gpu: boolean,
): Promise<Record<string, Method>> {
  const all: Record<string, Method> = {
    ...baselines(),
    [OURS]: async (problem) => (await completeDepthCpu(problem, options)).depth.data,
  };
  if (!gpu) return all;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const instance = create([]);
  const { device, description } = await requestGpuDevice(instance);
  const completer = createGpuDepthCompleter(device);
  all[`${OURS} on ${description}`] = async (problem) => {
    // Dawn dies if its instance is collected.
    void instance;
    return (await completer.complete(problem, options)).depth.data;
  };
  return all;
}
