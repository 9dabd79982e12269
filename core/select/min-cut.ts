import { forEachNeighbour, type VoxelBall } from './voxels.ts';

export interface Cut {
  /** One byte a voxel: 1 = on the source's side. */
  inside: Uint8Array;
  /** Summed coupling of the connections that were cut. */
  cost: number;
}

/**
 * The cheapest cut between two sets of voxels in a component: where an object hangs on to its
 * neighbour by little. Maximum flow by level graphs (Dinic 1970).
 * @param member one byte a voxel: only these take part
 * @param role 1 = source, 2 = sink, 0 = to be decided
 * @param coupling cost of cutting between two neighbours
 * @param limit gives up when the cut costs more
 * @returns undefined when it does, or when one of the sets is empty
 */
export function minCut(
  ball: VoxelBall,
  member: Uint8Array,
  role: (v: number) => 0 | 1 | 2,
  coupling: (a: number, b: number) => number,
  limit: number,
): Cut | undefined {
  const nodeOf = new Int32Array(ball.count).fill(-1);
  const voxelOf: number[] = [];
  let sources = 0;
  let sinks = 0;
  for (let v = 0; v < ball.count; v++) {
    if (member[v] === 0) continue;
    const r = role(v);
    if (r === 1) {
      nodeOf[v] = SOURCE;
      sources++;
    } else if (r === 2) {
      nodeOf[v] = SINK;
      sinks++;
    } else {
      nodeOf[v] = voxelOf.length + 2;
      voxelOf.push(v);
    }
  }
  if (sources === 0 || sinks === 0) return undefined;
  const graph = buildGraph(ball, nodeOf, voxelOf.length + 2, coupling);
  const flow = maxFlow(graph, SOURCE, SINK, limit);
  if (flow === undefined) return undefined;
  const reached = levels(graph, SOURCE);
  const inside = new Uint8Array(ball.count);
  for (let v = 0; v < ball.count; v++) {
    const node = nodeOf[v]!;
    if (node >= 0 && reached[node]! >= 0) inside[v] = 1;
  }
  return { inside, cost: flow };
}

const SOURCE = 0;
const SINK = 1;

interface Graph {
  nodes: number;
  /** Arcs of node n: first[n] … first[n + 1]. */
  first: Int32Array;
  to: Int32Array;
  /** The arc back. */
  twin: Int32Array;
  capacity: Float64Array;
}

function buildGraph(
  ball: VoxelBall,
  nodeOf: Int32Array,
  nodes: number,
  coupling: (a: number, b: number) => number,
): Graph {
  const from: number[] = [];
  const to: number[] = [];
  const weight: number[] = [];
  for (let v = 0; v < ball.count; v++) {
    const a = nodeOf[v]!;
    // Connections among the sinks, often most of them, count for nothing; those to them are seen from the other end.
    if (a < 0 || a === SINK) continue;
    forEachNeighbour(ball, v, 1, (n) => {
      const b = nodeOf[n]!;
      if (b < 0 || a === b || (n <= v && b !== SINK)) return;
      from.push(a);
      to.push(b);
      weight.push(coupling(v, n));
    });
  }
  const first = new Int32Array(nodes + 1);
  for (let e = 0; e < from.length; e++) {
    first[from[e]! + 1]!++;
    first[to[e]! + 1]!++;
  }
  for (let n = 0; n < nodes; n++) first[n + 1]! += first[n]!;
  const next = first.slice();
  const arcs = from.length * 2;
  const graph: Graph = {
    nodes,
    first,
    to: new Int32Array(arcs),
    twin: new Int32Array(arcs),
    capacity: new Float64Array(arcs),
  };
  for (let e = 0; e < from.length; e++) {
    const i = next[from[e]!]!++;
    const j = next[to[e]!]!++;
    graph.to[i] = to[e]!;
    graph.to[j] = from[e]!;
    graph.twin[i] = j;
    graph.twin[j] = i;
    graph.capacity[i] = weight[e]!;
    graph.capacity[j] = weight[e]!;
  }
  return graph;
}

const SPENT = 1e-9;

/** Steps from the source over arcs with capacity left; −1 = not reached. */
function levels(graph: Graph, source: number): Int32Array {
  const level = new Int32Array(graph.nodes).fill(-1);
  const queue = new Int32Array(graph.nodes);
  let head = 0;
  let tail = 0;
  level[source] = 0;
  queue[tail++] = source;
  while (head < tail) {
    const n = queue[head++]!;
    for (let a = graph.first[n]!; a < graph.first[n + 1]!; a++) {
      const m = graph.to[a]!;
      if (level[m]! >= 0 || graph.capacity[a]! <= SPENT) continue;
      level[m] = level[n]! + 1;
      queue[tail++] = m;
    }
  }
  return level;
}

function maxFlow(graph: Graph, source: number, sink: number, limit: number): number | undefined {
  let flow = 0;
  for (;;) {
    const level = levels(graph, source);
    if (level[sink]! < 0) return flow;
    const next = graph.first.slice(0, graph.nodes);
    for (;;) {
      const pushed = augment(graph, level, next, source, sink);
      if (pushed === 0) break;
      flow += pushed;
      if (flow > limit) return undefined;
    }
  }
}

/** One path along rising levels, depth first without recursion. @returns what it carries, 0 = none left */
function augment(
  graph: Graph,
  level: Int32Array,
  next: Int32Array,
  source: number,
  sink: number,
): number {
  const path: number[] = [];
  let n = source;
  while (n !== sink) {
    let stepped = false;
    for (; next[n]! < graph.first[n + 1]!; next[n]!++) {
      const a = next[n]!;
      const m = graph.to[a]!;
      if (graph.capacity[a]! <= SPENT || level[m] !== level[n]! + 1) continue;
      path.push(a);
      n = m;
      stepped = true;
      break;
    }
    if (stepped) continue;
    const back = path.pop();
    if (back === undefined) return 0;
    n = graph.to[graph.twin[back]!]!;
    next[n]!++;
  }
  let carried = Number.POSITIVE_INFINITY;
  for (const a of path) carried = Math.min(carried, graph.capacity[a]!);
  for (const a of path) {
    graph.capacity[a]! -= carried;
    graph.capacity[graph.twin[a]!]! += carried;
  }
  return carried;
}
