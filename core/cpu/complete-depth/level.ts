import { type Adjacency, adjacencyOf, childrenOf, type Graph } from './graph.ts';

/** One coarse level. Blocks are row-major 3×3. */
export interface Level {
  count: number;
  /** Centre of each node, in pixels of the crop. */
  x: Float64Array;
  y: Float64Array;
  from: Int32Array;
  to: Int32Array;
  beside: Adjacency;
  /** Of each node of the finer level: its parent here, and its offset from the parent's centre, in pixels. */
  parent: Int32Array;
  offsetX: Float64Array;
  offsetY: Float64Array;
  /** Finer nodes of each node here. */
  children: { start: Int32Array; list: Int32Array };
  /** Where each of the finer level's edges went, as in Contraction. */
  edgeOf: Int32Array;
  /** Symmetric diagonal block: uu, ux, uy, xx, xy, yy; and its inverse. */
  diagonal: Float64Array;
  inverse: Float64Array;
  /** Coupling block of each edge: rows of its `from`, columns of its `to`. */
  across: Float64Array;
}

/** A level without its blocks yet. `finerX`, `finerY`: centres of the finer level's nodes. */
export function createLevel(
  { count, from, to }: Graph,
  parent: Int32Array,
  edgeOf: Int32Array,
  finerX: Float64Array,
  finerY: Float64Array,
): Level {
  const children = childrenOf(parent, count);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let i = 0; i < parent.length; i++) {
    const p = parent[i]!;
    const share = 1 / (children.start[p + 1]! - children.start[p]!);
    x[p]! += share * finerX[i]!;
    y[p]! += share * finerY[i]!;
  }
  return {
    count,
    x,
    y,
    from,
    to,
    beside: adjacencyOf(count, from, to),
    parent,
    offsetX: finerX.map((v, i) => v - x[parent[i]!]!),
    offsetY: finerY.map((v, i) => v - y[parent[i]!]!),
    children,
    edgeOf,
    diagonal: new Float64Array(6 * count),
    inverse: new Float64Array(6 * count),
    across: new Float64Array(9 * from.length),
  };
}
