/** Weighted graphs of unknowns, and what is left of one when nodes are merged. */

export interface Graph {
  count: number;
  /** An edge's two ends; each pair of nodes has one edge at most. */
  from: Int32Array;
  to: Int32Array;
  /** How strongly an edge ties the values of its ends (u), and their slopes (w). */
  valueTie: Float64Array;
  slopeTie: Float64Array;
}

/** Edges beside each node: `entries` from start[i] to start[i + 1], each 2 × edge, + 1 at the edge's far end. */
export interface Adjacency {
  start: Int32Array;
  entries: Int32Array;
}

export function adjacencyOf(count: number, from: Int32Array, to: Int32Array): Adjacency {
  const start = new Int32Array(count + 1);
  for (let e = 0; e < from.length; e++) {
    start[from[e]! + 1]!++;
    start[to[e]! + 1]!++;
  }
  for (let i = 0; i < count; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, count);
  const entries = new Int32Array(2 * from.length);
  for (let e = 0; e < from.length; e++) {
    entries[next[from[e]!]!++] = 2 * e;
    entries[next[to[e]!]!++] = 2 * e + 1;
  }
  return { start, entries };
}

/** Which nodes a parent has: `list` from start[p] to start[p + 1]. */
export function childrenOf(
  parent: Int32Array,
  count: number,
): { start: Int32Array; list: Int32Array } {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < parent.length; i++) start[parent[i]! + 1]!++;
  for (let p = 0; p < count; p++) start[p + 1]! += start[p]!;
  const next = start.slice(0, count);
  const list = new Int32Array(parent.length);
  for (let i = 0; i < parent.length; i++) list[next[parent[i]!]!++] = i;
  return { start, list };
}

export interface Contraction {
  graph: Graph;
  /**
   * Where an old edge went: 2 × new edge, + 1 where its direction is turned round; inside one parent,
   * −1 − parent.
   */
  edgeOf: Int32Array;
}

/** Merges nodes into their parents; parallel edges become one with their ties added. */
export function contract(
  graph: Graph,
  { start, entries }: Adjacency,
  parent: Int32Array,
  count: number,
): Contraction {
  const { from, to, valueTie, slopeTie } = graph;
  const children = childrenOf(parent, count);
  const edgeOf = new Int32Array(from.length);
  const newFrom = new Int32Array(from.length);
  const newTo = new Int32Array(from.length);
  const newValue = new Float64Array(from.length);
  const newSlope = new Float64Array(from.length);
  // The edge from the present parent to another one, if it is not older than the parent's own first edge.
  const latest = new Int32Array(count).fill(-1);
  let made = 0;
  for (let p = 0; p < count; p++) {
    const first = made;
    for (let c = children.start[p]!; c < children.start[p + 1]!; c++) {
      const i = children.list[c]!;
      for (let k = start[i]!; k < start[i + 1]!; k++) {
        const e = entries[k]! >> 1;
        const far = entries[k]! & 1;
        const other = parent[far === 1 ? from[e]! : to[e]!]!;
        if (other === p) edgeOf[e] = -1 - p;
        // Each edge once, from its lower parent.
        if (other <= p) continue;
        let at = latest[other]!;
        if (at < first) {
          at = made++;
          latest[other] = at;
          newFrom[at] = p;
          newTo[at] = other;
        }
        newValue[at]! += valueTie[e]!;
        newSlope[at]! += slopeTie[e]!;
        edgeOf[e] = 2 * at + far;
      }
    }
  }
  return {
    graph: {
      count,
      from: newFrom.slice(0, made),
      to: newTo.slice(0, made),
      valueTie: newValue.slice(0, made),
      slopeTie: newSlope.slice(0, made),
    },
    edgeOf,
  };
}
