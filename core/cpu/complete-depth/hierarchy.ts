import { aggregate } from './aggregate.ts';
import { type Bottom, factorise, MAX_BOTTOM_NODES } from './bottom.ts';
import { FREE, OUT } from './classify.ts';
import type { Graph } from './graph.ts';
import { createLevel, type Level } from './level.ts';
import { addAcross, addDiagonal, addInside, invertDiagonals, moveBlock } from './level-blocks.ts';
import type { Quadratic } from './operator.ts';

/**
 * Multigrid preconditioner for a Quadratic. A coarse node is a handful of strongly tied finer ones (aggregate.ts) and
 * carries (u, w_x, w_y) at their centre; they take the plane u + w·(p − centre), w from it. Planes are the energy's
 * near-nullspace, so that the coarse space holds them exactly (as rigid bodies in elasticity). The coarse operator is
 * Galerkin's.
 *
 * Measured against 2×2 pixels merged whatever lies between them, the plan before: 9 to 20 steps a solve in place of
 * 50 to 200 on real frames with sharp guides, 9 to 15 in place of over 200 for a 300×300 hole over a corner.
 */
export interface Hierarchy {
  /** Crop pixel of every finest node. */
  pixels: Int32Array;
  /** Coarse levels, the coarsest last. Empty where there is nothing to merge. */
  levels: Level[];
  bottom: Bottom | undefined;
}

/** Levels end at this many nodes, whose inverse costs a twentieth of the largest one's, or where merging makes no headway. */
const ENOUGH_NODES = 48;
const HEADWAY = 0.9;
const MAX_LEVELS = 24;

/** The tree for a quadratic's present coefficients. */
export function createHierarchy(q: Quadratic): Hierarchy {
  const { graph, pixels, axis } = graphOf(q);
  const levels: Level[] = [];
  let finer = graph;
  let x: Float64Array = Float64Array.from(pixels, (i) => i % q.width);
  let y: Float64Array = Float64Array.from(pixels, (i) => Math.floor(i / q.width));
  while (finer.count > ENOUGH_NODES && levels.length < MAX_LEVELS) {
    const { graph: coarser, parent, edgeOf } = aggregate(finer);
    if (coarser.count > HEADWAY * finer.count) break;
    const level = createLevel(coarser, parent, edgeOf, x, y);
    levels.push(level);
    finer = coarser;
    x = level.x;
    y = level.y;
  }
  assemble(q, levels, pixels, graph, axis);
  const last = levels.at(-1);
  const bottom = last !== undefined && last.count <= MAX_BOTTOM_NODES ? factorise(last) : undefined;
  return { pixels, levels, bottom };
}

/** The pixels that take part, as a graph. */
function graphOf(q: Quadratic) {
  const { width, role, aX, aY, bX, bY } = q;
  const n = role.length;
  const nodeOf = new Int32Array(n).fill(-1);
  let count = 0;
  for (let i = 0; i < n; i++) if (role[i] !== OUT) nodeOf[i] = count++;
  const pixels = new Int32Array(count);
  const from = new Int32Array(2 * count);
  const to = new Int32Array(2 * count);
  const axis = new Uint8Array(2 * count);
  const valueTie = new Float64Array(2 * count);
  const slopeTie = new Float64Array(2 * count);
  let m = 0;
  for (let i = 0; i < n; i++) {
    const node = nodeOf[i]!;
    if (node < 0) continue;
    pixels[node] = i;
    for (let k = 0; k < 2; k++) {
      const a = k === 0 ? aX[i]! : aY[i]!;
      if (a === 0) continue;
      from[m] = node;
      to[m] = nodeOf[k === 0 ? i + 1 : i + width]!;
      axis[m] = k;
      valueTie[m] = a;
      slopeTie[m++] = k === 0 ? bX[i]! : bY[i]!;
    }
  }
  const graph: Graph = {
    count,
    from: from.slice(0, m),
    to: to.slice(0, m),
    valueTie: valueTie.slice(0, m),
    slopeTie: slopeTie.slice(0, m),
  };
  return { graph, pixels, axis };
}

/** Fills every level's blocks. */
function assemble(
  q: Quadratic,
  levels: Level[],
  pixels: Int32Array,
  graph: Graph,
  axis: Uint8Array,
): void {
  const [first] = levels;
  if (first === undefined) return;
  const own = new Float64Array(6);
  for (let node = 0; node < pixels.length; node++) {
    pixelDiagonal(q, pixels[node]!, own);
    addDiagonal(first, node, own, 0);
  }
  const block = new Float64Array(9);
  for (let e = 0; e < graph.from.length; e++) {
    pixelBlock(q, pixels[graph.from[e]!]!, pixels[graph.to[e]!]!, axis[e]!, block);
    addEdge(first, e, graph.from[e]!, graph.to[e]!, block, 0);
  }
  invertDiagonals(first);
  for (let l = 1; l < levels.length; l++) {
    const [finer, level] = [levels[l - 1]!, levels[l]!];
    for (let i = 0; i < finer.count; i++) addDiagonal(level, i, finer.diagonal, 6 * i);
    for (let e = 0; e < finer.from.length; e++) {
      addEdge(level, e, finer.from[e]!, finer.to[e]!, finer.across, 9 * e);
    }
    invertDiagonals(level);
  }
}

function addEdge(
  level: Level,
  e: number,
  from: number,
  to: number,
  block: Float64Array,
  at: number,
): void {
  const moved = moveBlock(level, from, to, block, at);
  const code = level.edgeOf[e]!;
  if (code < 0) addInside(level, -1 - code, moved);
  else addAcross(level, code >> 1, (code & 1) === 1, moved);
}

/** Diagonal of the finest level at pixel i: uu, ux, uy, xx, xy (0), yy. u of known pixels is fixed: its row is 0. */
function pixelDiagonal(q: Quadratic, i: number, out: Float64Array): void {
  const { width, role, aX, aY, bX, bY, lean } = q;
  const inRow = i % width > 0;
  const right = aX[i]!;
  const down = aY[i]!;
  const left = inRow ? aX[i - 1]! : 0;
  const up = i >= width ? aY[i - width]! : 0;
  const bend =
    bX[i]! + bY[i]! + (inRow ? bX[i - 1]! : 0) + (i >= width ? bY[i - width]! : 0) + lean[i]!;
  const free = role[i] === FREE;
  out[0] = free ? right + left + down + up : 0;
  out[1] = free ? 0.5 * (right - left) : 0;
  out[2] = free ? 0.5 * (down - up) : 0;
  out[3] = 0.25 * (right + left) + bend;
  out[5] = 0.25 * (down + up) + bend;
}

/** Coupling of pixel i (rows) to j, its right (axis 0) or lower (1) neighbour (columns). */
function pixelBlock(q: Quadratic, i: number, j: number, axis: number, out: Float64Array): void {
  const a = axis === 0 ? q.aX[i]! : q.aY[i]!;
  const b = axis === 0 ? q.bX[i]! : q.bY[i]!;
  const rowFree = q.role[i] === FREE;
  const columnFree = q.role[j] === FREE;
  out.fill(0);
  out[4] = axis === 0 ? 0.25 * a - b : -b;
  out[8] = axis === 1 ? 0.25 * a - b : -b;
  if (rowFree && columnFree) out[0] = -a;
  if (rowFree) out[1 + axis] = 0.5 * a;
  if (columnFree) out[3 + 3 * axis] = -0.5 * a;
}
