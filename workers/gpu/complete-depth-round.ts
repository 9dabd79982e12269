import type { Bottom } from '../../core/cpu/complete-depth/bottom.ts';
import { FREE } from '../../core/cpu/complete-depth/classify.ts';
import { isTwice } from '../../core/cpu/complete-depth/cycle.ts';
import type { Hierarchy } from '../../core/cpu/complete-depth/hierarchy.ts';
import type { Level } from '../../core/cpu/complete-depth/level.ts';
import type { Quadratic } from '../../core/cpu/complete-depth/operator.ts';
import { type BufferSet, createBufferSet } from './buffer-set.ts';
import { type BufferNeed, fits } from './device.ts';

/** Nodes of a slice of couplings: a workgroup of complete-depth-level.wgsl. */
const SLICE = 64;

/** Buffers of one coarse level and of the way to it; layouts as in complete-depth-level.wgsl and -transfer.wgsl. */
export interface LevelMemory {
  count: number;
  /** Gone through twice a visit. */
  twice: boolean;
  params: GPUBuffer;
  rows: GPUBuffer;
  blocks: GPUBuffer;
  beside: GPUBuffer;
  b: GPUBuffer;
  x: GPUBuffer;
  /** The remainder, and at last the answer. */
  answer: GPUBuffer;
  transferParams: GPUBuffer;
  links: GPUBuffer;
  tree: GPUBuffer;
}

/** Buffers of one re-weighting: its coefficients and its hierarchy. */
export interface RoundMemory {
  weights: GPUBuffer;
  levels: LevelMemory[];
  bottom: GPUBuffer | undefined;
  destroy(): void;
}

/**
 * Uploads a re-weighting.
 * @param targets q of the edges to the right and down, or nothing
 * @throws SplatmendError `out-of-memory` before the first allocation when one would pass the device's limits
 */
export function uploadRound(
  device: GPUDevice,
  q: Quadratic,
  hierarchy: Hierarchy,
  targets: readonly Float32Array[],
): RoundMemory {
  const { levels, bottom, pixels } = hierarchy;
  const couplings = levels.map(slice);
  fits(device.limits, 'complete depth', [
    { name: 'weights', bytes: 4 * (6 + targets.length) * (q.role.length + q.width) },
    ...levels.flatMap((level, l) => levelNeeds(level, l, couplings[l]!.entries)),
  ]);
  const buffers = createBufferSet(device, 'depth');
  try {
    return {
      weights: buffers.filled('weights', packWeights(q, targets)),
      levels: levels.map((level, l) => {
        const finer =
          l === 0 ? pixelTree(q, pixels, level) : levelTree(level, levels[l - 1]!.count);
        return { ...uploadLevel(buffers, level, couplings[l]!, finer), twice: isTwice(levels, l) };
      }),
      bottom: bottom && buffers.filled('bottom', packBottom(bottom)),
      destroy: buffers.destroy,
    };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

function levelNeeds(level: Level, l: number, entries: number): BufferNeed[] {
  return [
    { name: `level ${l}'s rows`, bytes: 48 * level.count },
    { name: `level ${l}'s couplings`, bytes: 36 * entries },
  ];
}

/** Planes aX, aY, bX, bY, lean, role and the target steps where there are any, each after a row of zeros. */
function packWeights(q: Quadratic, targets: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const planes = [q.aX, q.aY, q.bX, q.bY, q.lean, q.role, ...targets];
  const size = q.role.length + q.width;
  const out = new Float32Array(planes.length * size);
  for (const [k, plane] of planes.entries()) out.set(plane, k * size + q.width);
  return out;
}

interface Couplings {
  /** Where each slice begins, and the end. */
  start: Uint32Array;
  entries: number;
}

/** How wide each slice is. */
function slice({ count, beside }: Level): Couplings {
  const slices = Math.ceil(count / SLICE);
  const start = new Uint32Array(slices + 1);
  for (let s = 0; s < slices; s++) {
    let widest = 0;
    for (let i = s * SLICE; i < Math.min(count, (s + 1) * SLICE); i++) {
      widest = Math.max(widest, beside.start[i + 1]! - beside.start[i]!);
    }
    start[s + 1] = start[s]! + SLICE * widest;
  }
  return { start, entries: start[slices]! };
}

function uploadLevel(
  buffers: BufferSet,
  level: Level,
  couplings: Couplings,
  finer: FinerTree,
): Omit<LevelMemory, 'twice'> {
  const { count } = level;
  const { blocks, beside } = packCouplings(level, couplings);
  return {
    count,
    params: buffers.uniform('level params', [count, couplings.entries]),
    rows: buffers.filled('rows', packRows(level)),
    blocks: buffers.filled('blocks', blocks),
    beside: buffers.filled('beside', beside),
    b: buffers.storage('level b', 12 * count),
    x: buffers.storage('level x', 12 * count),
    answer: buffers.storage('level answer', 12 * count),
    transferParams: buffers.uniform('transfer params', [finer.count, count]),
    links: buffers.filled('links', finer.links),
    tree: buffers.filled('tree', finer.tree),
  };
}

function packRows({ count, diagonal, inverse }: Level): Float32Array<ArrayBuffer> {
  const out = new Float32Array(12 * count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 6; k++) {
      out[k * count + i] = diagonal[6 * i + k]!;
      out[(6 + k) * count + i] = inverse[6 * i + k]!;
    }
  }
  return out;
}

/** Every node's couplings to its neighbours, seen from it; entries that are filled up name the node itself. */
function packCouplings(level: Level, { start, entries }: Couplings) {
  const { count, beside: graph, from, to, across } = level;
  const blocks = new Float32Array(9 * entries);
  const beside = new Uint32Array(start.length + entries);
  beside.set(start);
  for (let i = 0; i < count; i++) {
    const s = Math.floor(i / SLICE);
    let k = graph.start[i]!;
    for (let t = start[s]! + (i % SLICE); t < start[s + 1]!; t += SLICE, k++) {
      if (k >= graph.start[i + 1]!) {
        beside[start.length + t] = i;
        continue;
      }
      const code = graph.entries[k]!;
      const edge = code >> 1;
      const far = (code & 1) === 1;
      beside[start.length + t] = far ? from[edge]! : to[edge]!;
      for (let r = 0; r < 3; r++) {
        for (let c = 0; c < 3; c++) {
          blocks[(3 * r + c) * entries + t] = across[9 * edge + (far ? 3 * c + r : 3 * r + c)]!;
        }
      }
    }
  }
  return { blocks, beside };
}

/** What the transfers know of a finer level. */
interface FinerTree {
  count: number;
  links: Float32Array<ArrayBuffer>;
  tree: Uint32Array<ArrayBuffer>;
}

function levelTree(level: Level, count: number): FinerTree {
  const { parent, offsetX, offsetY, children } = level;
  const links = new Float32Array(3 * count);
  links.set(offsetX);
  links.set(offsetY, count);
  links.fill(1, 2 * count);
  const tree = new Uint32Array(count + level.count + 1 + children.list.length);
  tree.set(parent);
  tree.set(children.start, count);
  tree.set(children.list, count + level.count + 1);
  return { count, links, tree };
}

/** The same where the finer nodes are pixels of the crop. */
function pixelTree(q: Quadratic, pixels: Int32Array, level: Level): FinerTree {
  const { parent, offsetX, offsetY, children } = level;
  const count = q.role.length;
  const links = new Float32Array(3 * count);
  const tree = new Uint32Array(count + level.count + 1 + children.list.length);
  tree.fill(level.count, 0, count);
  for (let node = 0; node < pixels.length; node++) {
    const i = pixels[node]!;
    links[i] = offsetX[node]!;
    links[count + i] = offsetY[node]!;
    links[2 * count + i] = q.role[i] === FREE ? 1 : 0;
    tree[i] = parent[node]!;
  }
  tree.set(children.start, count);
  for (let k = 0; k < children.list.length; k++) {
    tree[count + level.count + 1 + k] = pixels[children.list[k]!]!;
  }
  return { count, links, tree };
}

/** From u, w_x, w_y a node to planes. */
function packBottom({ size, inverse }: Bottom): Float32Array<ArrayBuffer> {
  const count = size / 3;
  const place = (k: number) => (k % 3) * count + Math.floor(k / 3);
  const out = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) out[place(i) * size + place(j)] = inverse[i * size + j]!;
  }
  return out;
}
