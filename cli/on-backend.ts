/** The work of a command on the kernels it asked for, with a line that says which they are. */
import type { Kernels } from '../core/kernels.ts';
import { type BackendChoice, runOnKernels } from './kernels-node.ts';
import type { ProgressView } from './progress.ts';
import type { BackendJson } from './remove-json.ts';

/**
 * As `runOnKernels`; `work` may run again on other kernels.
 * @returns what the work gave, and the kernels that it ran on in the end
 */
export function onBackend<T>(
  choice: BackendChoice,
  work: (kernels: Kernels, backend: BackendJson) => Promise<T>,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<{ done: T; backend: BackendJson }> {
  return runOnKernels(
    choice,
    async (kernels, reason) => {
      const { kind, description } = kernels;
      progress.say(`Backend: ${kind}, ${description} (${reason})`);
      const backend = { kind, description, reason };
      return { done: await work(kernels, backend), backend };
    },
    (line) => progress.say(line),
    signal,
  );
}
