/**
 * How well a result restores the surface that an object hid, in space: the figures of the measuring
 * data's score-removal.py, computed the same way from the clouds alone.
 */
import { type Selection, selectedRows } from '../../core/selection.ts';
import { SH_C0, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { createKdTree } from './kd-tree.ts';

export interface SurfaceScore {
  selected: number;
  /** Selected splats that are still there; must be 0. */
  left: number;
  /** Other splats that are gone or moved; must be 0. */
  survivorsLost: number;
  /** New splats. */
  added: number;
  /** Distance of new splats (opacity over 0.1) to the true surface or a survivor, mm: mean and 90th percentile. */
  accuracyMm: number;
  accuracy90Mm: number;
  /** Share of the hidden surface with a result splat within the tolerance, 0..1. */
  completeness: number;
  /** Mean |Δrgb| there, 0..1. */
  colourL1: number;
}

/** A splat has moved when it has no twin this near (metres). */
const TWIN = 1e-4;

/**
 * @param truth the hidden surface alone
 * @param toleranceMm the case's own
 */
export function scoreSurface(
  scene: SplatCloud,
  selection: Selection,
  truth: SplatCloud,
  result: SplatCloud,
  toleranceMm: number,
): SurfaceScore {
  const survivors = takeSplats(scene, selectedRows(selection, 0));
  const selected = takeSplats(scene, selectedRows(selection));
  const ofResult = distancesTo(result);
  const gone = (cloud: SplatCloud) => ofResult(cloud).filter((d) => d > TWIN).length;
  const fromScene = distancesTo(scene)(result);
  const newRows = fromScene.flatMap((d, i) => (d > TWIN ? [i] : []));
  const solid = takeSplats(
    result,
    newRows.filter((i) => 1 / (1 + Math.exp(-result.opacityLogits[i]!)) > 0.1),
  );
  const score: SurfaceScore = {
    selected: selected.count,
    left: selected.count - gone(selected),
    survivorsLost: gone(survivors),
    added: newRows.length,
    accuracyMm: 0,
    accuracy90Mm: 0,
    completeness: 0,
    colourL1: 1,
  };
  if (solid.count === 0) return score;
  const toTruth = distancesTo(truth)(solid);
  const toSurvivors = distancesTo(survivors)(solid);
  const offMm = toTruth.map((d, i) => 1000 * Math.min(d, toSurvivors[i]!)).sort((a, b) => a - b);
  score.accuracyMm = offMm.reduce((a, b) => a + b, 0) / offMm.length;
  score.accuracy90Mm = quantile(offMm, 0.9);
  const tree = createKdTree(result.positions);
  let found = 0;
  let colour = 0;
  for (let i = 0; i < truth.count; i++) {
    const p = truth.positions.subarray(i * 3, i * 3 + 3);
    const { rows, distances } = tree.nearest(p[0]!, p[1]!, p[2]!);
    if (!(distances[0]! * 1000 < toleranceMm)) continue;
    found++;
    for (let c = 0; c < 3; c++) {
      colour += Math.abs(rgb(result, rows[0]!, c) - rgb(truth, i, c)) / 3;
    }
  }
  score.completeness = found / truth.count;
  if (found > 0) score.colourL1 = colour / found;
  return score;
}

function distancesTo(cloud: SplatCloud): (from: SplatCloud) => number[] {
  const tree = createKdTree(cloud.positions);
  return ({ positions: p, count }) =>
    Array.from({ length: count }, (_, i) => tree.distance(p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!));
}

const rgb = (cloud: SplatCloud, row: number, c: number) =>
  Math.min(1, Math.max(0, 0.5 + SH_C0 * cloud.dc[row * 3 + c]!));

/** Linear between the sorted values, as numpy's. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}
