import type { Rect } from '../../image.ts';
import type { DepthProblem } from '../../kernels.ts';
import { isKnown, OUT } from './classify.ts';

/** The crop that a field is brought into, as prepare.ts has it; the guides are changed. */
export interface FieldPlace {
  width: number;
  height: number;
  crop: Rect;
  role: Uint8Array;
  guideX: Float32Array;
  guideY: Float32Array;
  inverseDepthScale: number;
}

/** Target steps of normalised inverse depth, an edge of the crop each. */
export interface Targets {
  targetX: Float32Array;
  targetY: Float32Array;
}

/** What a field's q is a share of: the median 1/z of the known pixels of the whole picture; 1 where none is known. */
export function medianInverseDepth(problem: DepthProblem): number {
  const inverse: number[] = [];
  const { data } = problem.depth;
  for (let i = 0; i < data.length; i++) if (isKnown(problem, i)) inverse.push(1 / data[i]!);
  const sorted = Float64Array.from(inverse).sort();
  return sorted[sorted.length >> 1] ?? 1;
}

/** For what prior and field ask of n pixels, all 0; undefined without either. */
export function targetsFor({ prior, field }: DepthProblem, n: number): Targets | undefined {
  if (prior === undefined && field === undefined) return undefined;
  return { targetX: new Float32Array(n), targetY: new Float32Array(n) };
}

/**
 * Puts the problem's field over `into` and over the place's guides, edge by edge where it is finite.
 * @param floor lowest coupling of an edge that takes part
 */
export function putField(
  problem: DepthProblem,
  place: FieldPlace,
  floor: number,
  into: Targets,
): void {
  const { field } = problem;
  if (field === undefined) return;
  const { width, height, crop, role } = place;
  const unit = medianInverseDepth(problem) / place.inverseDepthScale;
  const put = (
    q: Float32Array,
    g: Float32Array | undefined,
    target: Float32Array,
    guide: Float32Array,
    step: number,
  ): void => {
    for (let y = 0; y < (step === 1 ? height : height - 1); y++) {
      for (let x = 0; x < (step === 1 ? width - 1 : width); x++) {
        const i = y * width + x;
        if (role[i] === OUT || role[i + step] === OUT) continue;
        const from = (y + crop.y0) * field.width + x + crop.x0;
        const wanted = q[from]! * unit;
        if (Number.isFinite(wanted)) target[i] = wanted;
        const coupling = g?.[from] ?? Number.NaN;
        if (Number.isFinite(coupling)) guide[i] = Math.min(1, Math.max(floor, coupling));
      }
    }
  };
  put(field.qX, field.gX, into.targetX, place.guideX, 1);
  put(field.qY, field.gY, into.targetY, place.guideY, width);
}
