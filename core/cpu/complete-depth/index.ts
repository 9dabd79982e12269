import type { CompletedDepth, DepthCompletionOptions, DepthProblem } from '../../kernels.ts';
import { throwIfCancelled } from '../../progress.ts';
import { classify } from './classify.ts';
import { withoutIntegration, writeSolution } from './finish.ts';
import { completionOptions } from './options.ts';
import { fractionOfParts, holeParts } from './parts.ts';
import { prepare } from './prepare.ts';
import { integrate } from './solve.ts';

export { DEPTH_COMPLETION_DEFAULTS } from './options.ts';

/**
 * Completes depth by guided second-order smoothness in inverse depth (see `Integration` for the energy), on the CPU:
 * the reference of workers/gpu/complete-depth.ts.
 *
 * Equivariant to scene scale. Defined answers:
 * - known depths come out bit for bit; a known depth that is not finite and positive counts as unknown;
 * - pixels neither known nor wanted: 0, confidence 0;
 * - no known pixel: all 0, confidence 0; nothing wanted: known pixels copied;
 * - a wanted island whose patch touches no known pixel: the nearest known depth, confidence 0;
 * - one known pixel: its depth everywhere it reaches.
 * Filled depth lies within 1/4 of the smallest and 4 times the largest known depth of the context.
 *
 * Throws SplatmendError `bad-option` (sizes differ, option out of range), `cancelled`.
 */
export async function completeDepthCpu(
  problem: DepthProblem,
  options?: DepthCompletionOptions,
  signal?: AbortSignal,
  onFraction?: (fraction: number) => void,
): Promise<CompletedDepth> {
  throwIfCancelled(signal);
  const all = completionOptions(options);
  const classes = classify(problem);
  const result = withoutIntegration(problem, classes);
  if (classes.freeCount === 0) return result;
  const parts = holeParts(problem, classes);
  const told = fractionOfParts(parts, onFraction);
  for (const [k, part] of parts.entries()) {
    const integration = prepare(problem, classes, all, part);
    const { x } = await integrate(integration, signal, undefined, told(k));
    writeSolution(integration, x, result);
  }
  return result;
}
