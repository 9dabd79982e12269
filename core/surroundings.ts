import type { Vec3 } from './camera.ts';
import type { ObjectShape } from './object-shape.ts';
import type { Selection } from './selection.ts';
import type { SplatCloud } from './splat-cloud.ts';

/** What the survivors around the hole look like as splats: the lift matches its own to it. World units. */
export interface Surroundings {
  /** Typical distance between neighbouring splats on a surface. */
  spacing: number;
  /** Typical standard deviation within the surface (geometric mean of a splat's two larger ones). */
  tangentialSigma: number;
  /** Typical standard deviation along the normal (a splat's smallest). */
  normalSigma: number;
  /** Median opacity, 0..1. */
  opacity: number;
}

const NEIGHBOURS = 8;
const MAX_SAMPLES = 600;
/** A fill has at least and at most so many splats along the object's radius. */
const SPARSEST = 12;
const DENSEST = 90;
/** Neighbours are looked for within this many cells. */
const MOST_CELLS = 2;

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

/** Shapes of some splats, a number each in no order; those without a finite size have an opacity alone. */
export function splatLooks(scene: SplatCloud, rows: Iterable<number>) {
  const out = { tangential: [] as number[], normal: [] as number[], opacities: [] as number[] };
  for (const i of rows) {
    const sigmas = [0, 1, 2]
      .map((k) => Math.exp(scene.logScales[i * 3 + k]!))
      .sort((a, b) => a - b);
    if (sigmas.every(Number.isFinite)) {
      out.tangential.push(Math.sqrt(sigmas[1]! * sigmas[2]!));
      out.normal.push(sigmas[0]!);
    }
    out.opacities.push(1 / (1 + Math.exp(-scene.opacityLogits[i]!)));
  }
  return out;
}

/** Rows of the unselected splats whose centres lie within `reach` of a point. */
function survivorsNear(
  cloud: SplatCloud,
  selection: Selection,
  center: Vec3,
  reach: number,
): Uint32Array {
  const p = cloud.positions;
  const rows: number[] = [];
  for (let i = 0; i < cloud.count; i++) {
    if (selection[i] !== 0) continue;
    const x = p[i * 3]! - center[0];
    const y = p[i * 3 + 1]! - center[1];
    const z = p[i * 3 + 2]! - center[2];
    if (x * x + y * y + z * z <= reach * reach) rows.push(i);
  }
  return Uint32Array.from(rows);
}

/**
 * Measures the survivors near the object. The spacing comes from the distance to the eighth
 * neighbour, r₈: on a surface a disc of that radius holds eight splats, so each has πr₈²/8 to itself.
 * Bounded by the object's size, so that a fill is neither a few blobs nor millions of specks.
 */
export function measureSurroundings(
  scene: SplatCloud,
  selection: Selection,
  shape: ObjectShape,
): Surroundings {
  const rows = survivorsNear(scene, selection, shape.center, shape.radius * 1.8);
  // The sparsest that is told apart.
  const cell = shape.radius / SPARSEST;
  if (rows.length < NEIGHBOURS) {
    return { spacing: cell, tangentialSigma: 0.7 * cell, normalSigma: 0.1 * cell, opacity: 0.95 };
  }
  const p = scene.positions;
  const grid = new Map<string, number[]>();
  const cellOf = (i: number, k: number) => Math.floor((p[i * 3 + k]! - shape.center[k]!) / cell);
  for (const i of rows) {
    const key = `${cellOf(i, 0)},${cellOf(i, 1)},${cellOf(i, 2)}`;
    const list = grid.get(key);
    if (list === undefined) grid.set(key, [i]);
    else list.push(i);
  }
  const near = (i: number, cells: number): number[] => {
    const distances: number[] = [];
    for (let dx = -cells; dx <= cells; dx++) {
      for (let dy = -cells; dy <= cells; dy++) {
        for (let dz = -cells; dz <= cells; dz++) {
          const key = `${cellOf(i, 0) + dx},${cellOf(i, 1) + dy},${cellOf(i, 2) + dz}`;
          for (const j of grid.get(key) ?? []) {
            if (j === i) continue;
            distances.push(
              Math.hypot(
                p[i * 3]! - p[j * 3]!,
                p[i * 3 + 1]! - p[j * 3 + 1]!,
                p[i * 3 + 2]! - p[j * 3 + 2]!,
              ),
            );
          }
        }
      }
    }
    return distances.sort((a, b) => a - b);
  };
  const spacings: number[] = [];
  const step = Math.max(1, Math.floor(rows.length / MAX_SAMPLES));
  const samples = rows.filter((_, s) => s % step === 0);
  for (const i of samples) {
    let eighth = near(i, 1)[NEIGHBOURS - 1];
    // Beyond a cell's width others, of cells farther off, may be nearer.
    if (eighth === undefined || eighth > cell) eighth = near(i, MOST_CELLS)[NEIGHBOURS - 1];
    // None within two cells: sparser than the bound below.
    spacings.push((eighth ?? Number.POSITIVE_INFINITY) * Math.sqrt(Math.PI / NEIGHBOURS));
  }
  const { tangential, normal, opacities } = splatLooks(scene, samples);
  const spacing = Math.min(cell, Math.max(shape.radius / DENSEST, median(spacings)));
  return {
    spacing,
    tangentialSigma: tangential.length > 0 ? median(tangential) : 0.7 * spacing,
    normalSigma: normal.length > 0 ? median(normal) : 0.1 * spacing,
    opacity: median(opacities),
  };
}
