/** What a job takes along of the mender's filler and depth model. */
import type { ModelsSpec } from '../core/inpainter-spec.ts';
import type { OnProgress } from '../core/progress.ts';
import { REMOVE_DEFAULTS, type RemoveOptions } from '../core/remove-types.ts';
import type { RunningModels } from './client-types.ts';
import { BUILT_IN_FILLER, type DepthModel, type Filler } from './filler.ts';

/** Reading a model takes this share of the job, where there is something to read. */
const READING = 0.2;

export interface ModelsForJob {
  spec: ModelsSpec;
  running: RunningModels;
  /** For what follows: goes on where reading ended. */
  onProgress: OnProgress;
}

/** Reads what is not read yet. @param filler undefined: the job paints nothing. @throws SplatmendError as the filler and the depth model do */
export async function readyModels(
  filler: Filler | undefined,
  depth: DepthModel | undefined,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ModelsForJob> {
  let read = 0;
  const reading =
    (from: number): OnProgress =>
    (p) => {
      read = from + (p.fraction * READING) / 2;
      onProgress({ ...p, fraction: read });
    };
  const { spec, paint } = filler
    ? await filler.ready(signal, reading(0))
    : { spec: undefined, paint: undefined };
  const prior = await depth?.ready?.(signal, reading(READING / 2));
  const chosen = depth?.server ?? prior?.id;
  return {
    spec: { ...(spec && { inpainter: spec }), ...(chosen && { depth: chosen }) },
    running: { ...(paint && { paint }), ...(prior && { estimateDepth: prior.estimate }) },
    onProgress: (p) => onProgress({ ...p, fraction: read + (1 - read) * p.fraction }),
  };
}

/** How a candidate, a removal's or an extension's, differs from the others: by its filler, its seed, and whether its mask was painted. */
export function candidateLabel(
  filler: Filler,
  options: Pick<RemoveOptions, 'painted' | 'liftShadow' | 'seed'> = {},
): string {
  const { painted, liftShadow, seed = REMOVE_DEFAULTS.seed } = options;
  const parts = [
    ...(filler === BUILT_IN_FILLER ? [] : [filler.label]),
    ...(painted ? ['painted'] : []),
    ...(liftShadow ? ['shadow lifted'] : []),
    ...(filler.seeds ? [`seed ${seed}`] : []),
  ];
  const label = parts.join(', ');
  return label.charAt(0).toUpperCase() + label.slice(1);
}
