import { type Adjacency, adjacencyOf, contract, type Graph } from './graph.ts';

/**
 * Largest price of a pair. In a uniform grid a pixel and its neighbour cost 4; at 8 the integrator took half as many
 * steps again on real frames, at 4.1 the graph shrank too slowly.
 */
const MAX_PRICE = 5;
/** Graphs this small may be paired more boldly: otherwise regions that hang on weak ties alone stay over. */
const SMALL = 1500;
const SMALL_MAX_PRICE = 10;

export interface Aggregation {
  graph: Graph;
  /** Parent of each old node. */
  parent: Int32Array;
  /** As in Contraction. */
  edgeOf: Int32Array;
}

/**
 * Merges up to four strongly tied nodes into one, in two rounds of pairs (Notay, An aggregation-based algebraic
 * multigrid method, 2010). A pair's price is how loosely it holds together, 2 / (1/S_i + 1/S_j) over its tie, with
 * S the sum of a node's ties: a loose pair is one that the smoother cannot keep together, so that the coarse grid
 * would force it. Values and slopes both have to hold: after re-weighting an edge may tie the one and not the other.
 */
export function aggregate(graph: Graph): Aggregation {
  const first = pairUp(graph, adjacencyOf(graph.count, graph.from, graph.to));
  const beside = adjacencyOf(first.graph.count, first.graph.from, first.graph.to);
  const second = pairUp(first.graph, beside);
  const parent = first.parent.map((p) => second.parent[p]!);
  const edgeOf = first.edgeOf.map((code) => {
    if (code < 0) return -1 - second.parent[-1 - code]!;
    const next = second.edgeOf[code >> 1]!;
    return next < 0 ? next : next ^ (code & 1);
  });
  return { graph: second.graph, parent, edgeOf };
}

function pairUp(graph: Graph, beside: Adjacency): Aggregation {
  const { count, from, to, valueTie, slopeTie } = graph;
  const { start, entries } = beside;
  const values = new Float64Array(count);
  const slopes = new Float64Array(count);
  for (let e = 0; e < from.length; e++) {
    values[from[e]!]! += valueTie[e]!;
    values[to[e]!]! += valueTie[e]!;
    slopes[from[e]!]! += slopeTie[e]!;
    slopes[to[e]!]! += slopeTie[e]!;
  }
  const limit = count < SMALL ? SMALL_MAX_PRICE : MAX_PRICE;
  const parent = new Int32Array(count).fill(-1);
  let made = 0;
  for (let i = 0; i < count; i++) {
    if (parent[i]! >= 0) continue;
    let best = -1;
    let lowest = limit;
    for (let k = start[i]!; k < start[i + 1]!; k++) {
      const e = entries[k]! >> 1;
      const j = (entries[k]! & 1) === 1 ? from[e]! : to[e]!;
      if (parent[j]! >= 0) continue;
      const byValue = (2 * values[i]! * values[j]!) / ((values[i]! + values[j]!) * valueTie[e]!);
      const bySlope = (2 * slopes[i]! * slopes[j]!) / ((slopes[i]! + slopes[j]!) * slopeTie[e]!);
      const price = Math.max(byValue, bySlope);
      if (price < lowest) {
        lowest = price;
        best = j;
      }
    }
    parent[i] = made;
    if (best >= 0) parent[best] = made;
    made++;
  }
  return { parent, ...contract(graph, beside, parent, made) };
}
