import type { Hierarchy } from '../../core/cpu/complete-depth/hierarchy.ts';
import type { Level } from '../../core/cpu/complete-depth/level.ts';
import type { Quadratic } from '../../core/cpu/complete-depth/operator.ts';
import { type BufferSet, createBufferSet } from './buffer-set.ts';
import { type BufferNeed, fits } from './device.ts';

/** Buffers of one coarse level; layouts as in complete-depth-level.wgsl. */
export interface LevelMemory {
  count: number;
  params: GPUBuffer;
  rows: GPUBuffer;
  across: GPUBuffer;
  beside: GPUBuffer;
  b: GPUBuffer;
  answer: GPUBuffer;
  /** Of the finer level's nodes (for the first: of the crop's pixels). */
  links: GPUBuffer;
  /** Lists of the finer level's nodes (for the first: pixels). */
  children: GPUBuffer;
}

/** Buffers of one re-weighting: its coefficients and its hierarchy. */
export interface RoundMemory {
  edges: GPUBuffer;
  pixels: GPUBuffer;
  /** Params of `fine` for states that take the correction, and of `downFine`. */
  fineParams: GPUBuffer;
  levels: LevelMemory[];
  bottom: GPUBuffer | undefined;
  destroy(): void;
}

/**
 * Uploads a re-weighting.
 * @throws SplatmendError `out-of-memory` before the first allocation when one would pass the device's limits
 */
export function uploadRound(device: GPUDevice, q: Quadratic, hierarchy: Hierarchy): RoundMemory {
  const { levels, bottom } = hierarchy;
  fits(device.limits, 'complete depth', [
    { name: 'coefficients', bytes: 16 * q.role.length },
    ...levels.flatMap(levelNeeds),
  ]);
  const buffers = createBufferSet(device, 'depth');
  try {
    const { edges, pixels } = packPixels(q);
    return {
      edges: buffers.filled('edges', edges),
      pixels: buffers.filled('pixels', pixels),
      fineParams: buffers.uniform('fine params', [
        q.width,
        q.height,
        levels.length > 0 ? 1 : 0,
        levels[0]?.count ?? 0,
      ]),
      levels: levels.map((level, l) => {
        const next = levels[l + 1];
        return uploadLevel(buffers, level, next, l === 0 ? hierarchy.pixels : undefined, q);
      }),
      bottom: bottom && buffers.filled('bottom', Float32Array.from(bottom.inverse)),
      destroy: buffers.destroy,
    };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

function levelNeeds(level: Level, l: number): BufferNeed[] {
  return [
    { name: `level ${l}'s rows`, bytes: 48 * level.count },
    { name: `level ${l}'s couplings`, bytes: 48 * level.from.length },
    { name: `level ${l}'s neighbours`, bytes: 4 * (level.count + 1 + 4 * level.from.length) },
  ];
}

function packPixels(q: Quadratic) {
  const n = q.role.length;
  const edges = new Float32Array(4 * n);
  const pixels = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    edges[4 * i] = q.aX[i]!;
    edges[4 * i + 1] = q.aY[i]!;
    edges[4 * i + 2] = q.bX[i]!;
    edges[4 * i + 3] = q.bY[i]!;
    pixels[2 * i] = q.lean[i]!;
    pixels[2 * i + 1] = q.role[i]!;
  }
  return { edges, pixels };
}

/** @param pixels crop pixels of the finest nodes, for the first level */
function uploadLevel(
  buffers: BufferSet,
  level: Level,
  next: Level | undefined,
  pixels: Int32Array | undefined,
  q: Quadratic,
): LevelMemory {
  const { count } = level;
  return {
    count,
    params: buffers.uniform('level params', [count, next?.count ?? 0]),
    rows: buffers.filled('rows', packRows(level)),
    across: buffers.filled('across', packAcross(level)),
    beside: buffers.filled('beside', packBeside(level)),
    b: buffers.storage('level b', 16 * count),
    answer: buffers.storage('level answer', 16 * count),
    links: buffers.filled('links', packLinks(level, pixels, q.role.length)),
    children: buffers.filled('children', packChildren(level, pixels)),
  };
}

function packRows({ count, diagonal, inverse }: Level): Float32Array<ArrayBuffer> {
  const out = new Float32Array(12 * count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 6; k++) {
      out[12 * i + k] = diagonal[6 * i + k]!;
      out[12 * i + 6 + k] = inverse[6 * i + k]!;
    }
  }
  return out;
}

function packAcross({ across }: Level): Float32Array<ArrayBuffer> {
  const rows = across.length / 3;
  const out = new Float32Array(4 * rows);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < 3; c++) out[4 * r + c] = across[3 * r + c]!;
  }
  return out;
}

function packBeside({ count, beside, from, to }: Level): Uint32Array<ArrayBuffer> {
  const { start, entries } = beside;
  const out = new Uint32Array(count + 1 + 2 * entries.length);
  out.set(start);
  for (let k = 0; k < entries.length; k++) {
    const code = entries[k]!;
    out[count + 1 + 2 * k] = code;
    out[count + 1 + 2 * k + 1] = (code & 1) === 0 ? to[code >> 1]! : from[code >> 1]!;
  }
  return out;
}

/** @param size pixels of the crop, where the finer nodes are pixels */
function packLinks(
  { parent, offsetX, offsetY }: Level,
  pixels: Int32Array | undefined,
  size: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(4 * (pixels === undefined ? parent.length : size));
  const bits = new Uint32Array(out.buffer);
  for (let i = 0; i < parent.length; i++) {
    const t = 4 * (pixels === undefined ? i : pixels[i]!);
    out[t] = offsetX[i]!;
    out[t + 1] = offsetY[i]!;
    bits[t + 2] = parent[i]!;
  }
  return out;
}

function packChildren(
  { count, children }: Level,
  pixels: Int32Array | undefined,
): Uint32Array<ArrayBuffer> {
  const { start, list } = children;
  const out = new Uint32Array(count + 1 + list.length);
  out.set(start);
  for (let k = 0; k < list.length; k++) {
    out[count + 1 + k] = pixels === undefined ? list[k]! : pixels[list[k]!]!;
  }
  return out;
}
