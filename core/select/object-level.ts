import { colourCoupling } from './coupling.ts';
import { connected } from './grow.ts';
import { addLooseParts, isSupported } from './loose-parts.ts';
import { type Cut, minCut } from './min-cut.ts';
import { findSlabs, type Slab } from './planes.ts';
import { centerVoxel, neighbourList, neighboursOf, type VoxelBall } from './voxels.ts';

/** How readily growth stops; see `selectObject` for what `strength` means. */
export interface GrowthLimits {
  /** A cut may cost this much: couplings of 1 a face between like-coloured voxels. */
  cutCost: number;
  /** Colour difference (Euclidean, 0..1 a channel) at which a coupling falls to 1/e. */
  colourScale: number;
  /** Voxels that growth steps over; 1 = touching ones only. */
  steps: number;
}

/** What the clicked place looks like at one level of detail. */
export type LevelFinding =
  /** An object that ends within the inner ball. */
  | {
      kind: 'object';
      ball: VoxelBall;
      slabs: Slab[];
      /** One byte a voxel: slab number + 1. */
      barrier: Uint8Array;
      /** One byte a voxel: the object's. */
      member: Uint8Array;
      /** How it ends: by itself, at a clear break in colour, or where something like it was cut through. */
      end: 'closed' | 'crisp' | 'cut';
    }
  /** The clicked place lies on a surface that goes on beyond the ball. */
  | { kind: 'surface'; ball: VoxelBall; slab: Slab }
  /** It belongs to something larger than this level. */
  | { kind: 'larger' };

/** A flat surface is a big one when it covers this share of the ring around the inner ball. */
const MIN_SPREAD = 0.2;
/** An object that fills less of the inner ball than this belongs to a finer level: here it is noise. */
const MIN_EXTENT = 0.4;
const MIN_VOXELS = 12;
/** Gaps of one voxel less than this are bridged where a part hangs in the air. */
const MAX_STEPS = 3;
/** Mean coupling a cut connection under which a cut is crisp. */
const CRISP_COUPLING = 0.015;
/** Voxels this near the click (in inner radii) are the object's in any cut. */
const SOURCE_RADIUS = 0.3;

/** Does the cut follow a clear break in colour, so that one sees two things there? */
function isCrisp(ball: VoxelBall, member: Uint8Array, cut: Cut): boolean {
  const around = neighbourList(1);
  let connections = 0;
  for (let v = 0; v < ball.count; v++) {
    if (cut.inside[v] === 0) continue;
    const neighbours = neighboursOf(ball, v, 1, around);
    for (let k = 0; k < neighbours; k++) {
      const n = around[k]!;
      if (member[n] === 1 && cut.inside[n] === 0) connections++;
    }
  }
  return cut.cost <= CRISP_COUPLING * connections;
}

/**
 * Looks for an object around the ball's centre that ends within half the ball's radius: what stays
 * connected with the centre once the big flat surfaces are taken out, cut loose where it hangs on to
 * more by little.
 */
export function findObjectAtLevel(ball: VoxelBall, limits: GrowthLimits): LevelFinding {
  const inner = ball.radius / 2;
  const seed = centerVoxel(ball);
  if (seed < 0) return { kind: 'larger' };
  const { slabs, barrier } = findSlabs(ball, inner, MIN_SPREAD);
  if (barrier[seed] !== 0) return { kind: 'surface', ball, slab: slabs[barrier[seed]! - 1]! };
  // Where it goes on beyond the inner ball it matters only that it does.
  const border = inner + 2 * ball.size * limits.steps;
  const open = (from: number, to: number) => barrier[to] === 0 && ball.distances[from]! <= border;
  let whole = connected(ball, seed, limits.steps, open);
  // What hangs in the air is held up by something across a small gap.
  for (let steps = limits.steps + 1; steps <= MAX_STEPS && whole.extent <= inner; steps++) {
    if (slabs.length === 0 || isSupported(ball, whole.voxels, barrier)) break;
    const wider = connected(ball, seed, steps, open);
    if (wider.extent <= inner) whole = wider;
  }
  let { member, extent, count } = whole;
  let end: 'closed' | 'crisp' | 'cut' = 'closed';
  if (extent > inner) {
    const far = ball.distances;
    const coupling = colourCoupling(ball, limits.colourScale);
    const cut = minCut(
      ball,
      member,
      (v) => (far[v]! <= SOURCE_RADIUS * inner ? 1 : far[v]! > inner ? 2 : 0),
      coupling,
      limits.cutCost,
    );
    if (!cut) return { kind: 'larger' };
    end = isCrisp(ball, member, cut) ? 'crisp' : 'cut';
    member = cut.inside;
    extent = 0;
    count = 0;
    for (let v = 0; v < ball.count; v++) {
      if (member[v] === 0) continue;
      count++;
      extent = Math.max(extent, far[v]!);
    }
  }
  if (count < MIN_VOXELS || extent < MIN_EXTENT * inner) return { kind: 'larger' };
  addLooseParts(ball, member, barrier, inner);
  return { kind: 'object', ball, slabs, barrier, member, end };
}
