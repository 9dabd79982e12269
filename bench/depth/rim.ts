import type { Mask, ScalarImage } from '../../core/image.ts';

/** Pixels on either side of the rim over which a slope is taken. */
const REACH = 4;

export interface RimFigures {
  /** Step from the last known to the first filled pixel, beyond what the known side's slope says; percent of the inverse depth. */
  stepMedian: number;
  step95: number;
  /** Change of slope across the rim, each over 4 px; percent of the inverse depth a pixel. */
  bendMedian: number;
  bend95: number;
  /** Places looked at. */
  count: number;
}

/**
 * How a picture of depth goes on across a boundary: along rows and columns, wherever 4 pixels of one side are followed
 * by 4 of the other. In inverse depth, where a plane gives 0 for both.
 * @param side 1 = filled; with `undefined`, every place whose 8 pixels are all in `among`: what the known depth itself has
 */
export function rimFigures(depth: ScalarImage, side: Mask | undefined, among: Mask): RimFigures {
  const { width, height, data } = depth;
  const steps: number[] = [];
  const bends: number[] = [];
  const look = (first: number, stride: number): void => {
    // Of the 8 pixels first, first + stride, …: 0 to 3 lie on one side, 4 to 7 on the other.
    const at = (k: number) => first + k * stride;
    const filled = (k: number) => side !== undefined && side.data[at(k)] !== 0;
    for (let k = 0; k < 2 * REACH; k++) {
      if (!(data[at(k)]! > 0)) return;
      if (
        side === undefined ? among.data[at(k)] === 0 : filled(k) !== filled(k < REACH ? 0 : REACH)
      )
        return;
    }
    if (side !== undefined && filled(0) === filled(REACH)) return;
    const value = (k: number) => 1 / data[at(k)]!;
    const slope = (from: number) => (value(from + REACH - 1) - value(from)) / (REACH - 1);
    // The known side's slope goes on into the filled.
    const known = filled(0) ? REACH : 0;
    const edge = value(filled(0) ? REACH : REACH - 1);
    const step = value(REACH) - value(REACH - 1) - slope(known);
    steps.push((100 * Math.abs(step)) / edge);
    bends.push((100 * Math.abs(slope(REACH) - slope(0))) / edge);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x + 2 * REACH <= width) look(y * width + x, 1);
      if (y + 2 * REACH <= height) look(y * width + x, width);
    }
  }
  const sortedSteps = Float64Array.from(steps).sort();
  const sortedBends = Float64Array.from(bends).sort();
  const share = (sorted: Float64Array, q: number) =>
    sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  return {
    stepMedian: share(sortedSteps, 0.5),
    step95: share(sortedSteps, 0.95),
    bendMedian: share(sortedBends, 0.5),
    bend95: share(sortedBends, 0.95),
    count: steps.length,
  };
}
