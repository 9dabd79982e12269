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

/** Connections as they are found: two nodes, and two voxels of theirs. Lives over the calls, which never overlap. */
let found = createFound(0);

function createFound(capacity: number) {
  return {
    from: new Int32Array(capacity),
    to: new Int32Array(capacity),
    a: new Int32Array(capacity),
    b: new Int32Array(capacity),
  };
}

function enlarge(): void {
  const more = createFound(Math.max(1 << 15, 2 * found.from.length));
  more.from.set(found.from);
  more.to.set(found.to);
  more.a.set(found.a);
  more.b.set(found.b);
  found = more;
}

interface Graph {
  nodes: number;
  /** Arcs of node n: first[n] … first[n + 1]. */
  first: Int32Array;
  to: Int32Array;
  /** The arc back. */
  twin: Int32Array;
  /** NaN until it is asked for: a cut that costs too much shows long before all are. */
  capacity: Float64Array;
  /** Works out an arc's capacity, and that of the arc back. */
  measure(arc: number): number;
}

function buildGraph(
  ball: VoxelBall,
  nodeOf: Int32Array,
  nodes: number,
  coupling: (a: number, b: number) => number,
): Graph {
  const around = neighbourList(1);
  let { from, to, a: ones, b: others } = found;
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
        ({ from, to, a: ones, b: others } = found);
      }
      from[edges] = a;
      to[edges] = b;
      ones[edges] = v;
      others[edges++] = n;
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
  const ends = new Int32Array(arcs);
  const twin = new Int32Array(arcs);
  const edgeOf = new Int32Array(arcs);
  for (let e = 0; e < edges; e++) {
    const i = next[from[e]!]!++;
    const j = next[to[e]!]!++;
    ends[i] = to[e]!;
    ends[j] = from[e]!;
    twin[i] = j;
    twin[j] = i;
    edgeOf[i] = e;
    edgeOf[j] = e;
  }
  const capacity = new Float64Array(arcs).fill(Number.NaN);
  const measure = (arc: number): number => {
    const e = edgeOf[arc]!;
    const cost = coupling(ones[e]!, others[e]!);
    // A damaged splat's colour is no number: nothing holds on to it.
    const c = Number.isNaN(cost) ? 0 : cost;
    capacity[arc] = c;
    capacity[twin[arc]!] = c;
    return c;
  };
  return { nodes, first, to: ends, twin, capacity, measure };
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
      if (level[m]! >= 0) continue;
      const left = capacity[a]!;
      if ((Number.isNaN(left) ? graph.measure(a) : left) <= SPENT) continue;
      level[m] = further;
      if (m === until) return level;
      queue[tail++] = m;
    }
  }
  return level;
}

function maxFlow(graph: Graph, source: number, sink: number, limit: number): number | undefined {
  let flow = 0;
  for (;;) {
    // What is as far from the source as the sink is on no shortest way to it.
    const level = levels(graph, source, sink);
    if (level[sink]! < 0) return flow;
    flow = fillPaths(graph, level, source, sink, flow, limit);
    if (flow > limit) return undefined;
  }
}

/**
 * Fills paths along rising levels until there is none left, or the flow is over the limit: depth first without
 * recursion. What comes before the first spent arc of a path begins the next one.
 * @param flow what flows already
 * @returns what flows then
 */
function fillPaths(
  { first, nodes, to, twin, capacity, measure }: Graph,
  level: Int32Array,
  source: number,
  sink: number,
  flow: number,
  limit: number,
): number {
  const next = first.slice(0, nodes);
  const path = new Int32Array(nodes);
  let total = flow;
  let steps = 0;
  let n = source;
  for (;;) {
    while (n !== sink) {
      const end = first[n + 1]!;
      const further = level[n]! + 1;
      let a = next[n]!;
      for (; a < end; a++) {
        if (level[to[a]!] !== further) continue;
        const left = capacity[a]!;
        if ((Number.isNaN(left) ? measure(a) : left) > SPENT) break;
      }
      next[n] = a;
      if (a < end) {
        path[steps++] = a;
        n = to[a]!;
        continue;
      }
      if (steps === 0) return total;
      n = to[twin[path[--steps]!]!]!;
      next[n]!++;
    }
    let carried = Number.POSITIVE_INFINITY;
    for (let k = 0; k < steps; k++) carried = Math.min(carried, capacity[path[k]!]!);
    let spent = steps;
    for (let k = steps - 1; k >= 0; k--) {
      const a = path[k]!;
      capacity[a]! -= carried;
      capacity[twin[a]!]! += carried;
      if (capacity[a]! <= SPENT) spent = k;
    }
    total += carried;
    if (total > limit) return total;
    steps = spent;
    n = to[twin[path[spent]!]!]!;
  }
}
