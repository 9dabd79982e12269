import { neighbourList, neighboursOf, type VoxelBall } from './voxels.ts';

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

/** Connections between two nodes as they are found; lives over the calls, which never overlap. */
let found = { from: new Int32Array(0), to: new Int32Array(0), weight: new Float64Array(0) };

function enlarge(): void {
  const capacity = Math.max(1 << 15, 2 * found.from.length);
  const more = {
    from: new Int32Array(capacity),
    to: new Int32Array(capacity),
    weight: new Float64Array(capacity),
  };
  more.from.set(found.from);
  more.to.set(found.to);
  more.weight.set(found.weight);
  found = more;
}

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
  const around = neighbourList(1);
  let { from, to, weight } = found;
  let edges = 0;
  for (let v = 0; v < ball.count; v++) {
    const a = nodeOf[v]!;
    // Connections among the sinks, often most of them, count for nothing; those to them are seen from the other end.
    if (a < 0 || a === SINK) continue;
    const neighbours = neighboursOf(ball, v, 1, around);
    for (let k = 0; k < neighbours; k++) {
      const n = around[k]!;
      const b = nodeOf[n]!;
      if (b < 0 || a === b || (n <= v && b !== SINK)) continue;
      if (edges === from.length) {
        enlarge();
        ({ from, to, weight } = found);
      }
      from[edges] = a;
      to[edges] = b;
      weight[edges++] = coupling(v, n);
    }
  }
  const first = new Int32Array(nodes + 1);
  for (let e = 0; e < edges; e++) {
    first[from[e]! + 1]!++;
    first[to[e]! + 1]!++;
  }
  for (let n = 0; n < nodes; n++) first[n + 1]! += first[n]!;
  const next = first.slice();
  const arcs = edges * 2;
  const graph: Graph = {
    nodes,
    first,
    to: new Int32Array(arcs),
    twin: new Int32Array(arcs),
    capacity: new Float64Array(arcs),
  };
  for (let e = 0; e < edges; e++) {
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

/**
 * Steps from the source over arcs with capacity left; −1 = not reached.
 * @param until what is as far as this node is not asked for
 */
function levels(graph: Graph, source: number, until = -1): Int32Array {
  const { first, to, capacity } = graph;
  const level = new Int32Array(graph.nodes).fill(-1);
  const queue = new Int32Array(graph.nodes);
  let head = 0;
  let tail = 0;
  level[source] = 0;
  queue[tail++] = source;
  while (head < tail) {
    const n = queue[head++]!;
    const end = first[n + 1]!;
    const further = level[n]! + 1;
    for (let a = first[n]!; a < end; a++) {
      const m = to[a]!;
      if (level[m]! >= 0 || capacity[a]! <= SPENT) continue;
      level[m] = further;
      if (m === until) return level;
      queue[tail++] = m;
    }
  }
  return level;
}

function maxFlow(graph: Graph, source: number, sink: number, limit: number): number | undefined {
  let flow = 0;
  const path = new Int32Array(graph.nodes);
  for (;;) {
    // What is as far from the source as the sink is on no shortest way to it.
    const level = levels(graph, source, sink);
    if (level[sink]! < 0) return flow;
    const next = graph.first.slice(0, graph.nodes);
    for (;;) {
      const pushed = augment(graph, level, next, source, sink, path);
      if (pushed === 0) break;
      flow += pushed;
      if (flow > limit) return undefined;
    }
  }
}

/**
 * One path along rising levels, depth first without recursion.
 * @param path room for its arcs
 * @returns what it carries, 0 = none left
 */
function augment(
  { first, to, twin, capacity }: Graph,
  level: Int32Array,
  next: Int32Array,
  source: number,
  sink: number,
  path: Int32Array,
): number {
  let steps = 0;
  let n = source;
  while (n !== sink) {
    const end = first[n + 1]!;
    const further = level[n]! + 1;
    let a = next[n]!;
    while (a < end && (level[to[a]!] !== further || capacity[a]! <= SPENT)) a++;
    next[n] = a;
    if (a < end) {
      path[steps++] = a;
      n = to[a]!;
      continue;
    }
    if (steps === 0) return 0;
    n = to[twin[path[--steps]!]!]!;
    next[n]!++;
  }
  let carried = Number.POSITIVE_INFINITY;
  for (let k = 0; k < steps; k++) carried = Math.min(carried, capacity[path[k]!]!);
  for (let k = 0; k < steps; k++) {
    capacity[path[k]!]! -= carried;
    capacity[twin[path[k]!]!]! += carried;
  }
  return carried;
}
