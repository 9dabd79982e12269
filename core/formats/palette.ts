import { breathe, throwIfCancelled } from '../progress.ts';

/** Rows of numbers replaced by entries of a palette. */
export interface Palette {
  /** Entries × width: the mean of the rows that an entry stands for. */
  entries: Float32Array;
  count: number;
  /** Entry of each row. */
  labels: Uint32Array;
}

interface Group {
  /** Range in the order array. */
  from: number;
  to: number;
  /** Most entries that it may become. */
  budget: number;
}

interface Spread {
  mean: Float64Array;
  /** Column of the largest variance. */
  widest: number;
  /** Sum over rows and columns of squared distance to the mean. */
  error: number;
}

function spreadOf(rows: Float32Array, width: number, order: Uint32Array, g: Group): Spread {
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let i = g.from; i < g.to; i++) {
    const at = order[i]! * width;
    for (let k = 0; k < width; k++) {
      const v = rows[at + k]!;
      mean[k]! += v;
      squares[k]! += v * v;
    }
  }
  const n = g.to - g.from;
  let [widest, most, error] = [0, 0, 0];
  for (let k = 0; k < width; k++) {
    mean[k]! /= n;
    const e = Math.max(0, squares[k]! - n * mean[k]! ** 2);
    error += e;
    if (e > most) [widest, most] = [k, e];
  }
  return { mean, widest, error };
}

/** Moves the rows below `cut` in one column to the front; gives where the others begin. */
function partition(
  rows: Float32Array,
  width: number,
  order: Uint32Array,
  g: Group,
  column: number,
  cut: number,
): number {
  let middle = g.from;
  for (let i = g.from; i < g.to; i++) {
    const row = order[i]!;
    if (rows[row * width + column]! >= cut) continue;
    order[i] = order[middle]!;
    order[middle++] = row;
  }
  return middle;
}

/**
 * A palette of at most `most` entries by splitting in two at the mean of the widest column, the entries
 * shared out by squared error (a tree-structured vector quantiser). Takes time in rows × log(entries),
 * where k-means takes rows × entries: for 150,000 splats a second instead of hours. With at least as
 * many entries as rows it is exact. Deterministic.
 * @param rows row-major, `width` numbers a row, all finite
 */
export async function buildPalette(
  rows: Float32Array,
  width: number,
  most: number,
  signal?: AbortSignal,
): Promise<Palette> {
  const total = rows.length / width;
  const order = Uint32Array.from({ length: total }, (_, i) => i);
  const labels = new Uint32Array(total);
  const entries = new Float32Array(Math.min(most, total) * width);
  let count = 0;
  const addEntry = (g: Group, mean: ArrayLike<number>) => {
    entries.set(mean, count * width);
    for (let i = g.from; i < g.to; i++) labels[order[i]!] = count;
    count++;
  };

  const open: Group[] = [{ from: 0, to: total, budget: most }];
  let worked = 0;
  for (let g = open.pop(); g !== undefined; g = open.pop()) {
    const n = g.to - g.from;
    worked += n * width;
    if (worked > 2e7) {
      worked = 0;
      await breathe();
      throwIfCancelled(signal);
    }
    if (g.budget >= n) {
      for (let i = g.from; i < g.to; i++) {
        const at = order[i]! * width;
        addEntry({ from: i, to: i + 1, budget: 1 }, rows.subarray(at, at + width));
      }
      continue;
    }
    const { mean, widest, error } = spreadOf(rows, width, order, g);
    const middle = g.budget > 1 ? partition(rows, width, order, g, widest, mean[widest]!) : g.from;
    if (error === 0 || middle === g.from || middle === g.to) {
      addEntry(g, mean);
      continue;
    }
    const left: Group = { from: g.from, to: middle, budget: 1 };
    const right: Group = { from: middle, to: g.to, budget: 1 };
    const errorLeft = spreadOf(rows, width, order, left).error;
    const errorRight = spreadOf(rows, width, order, right).error;
    const share = errorLeft / (errorLeft + errorRight || 1);
    left.budget = Math.max(1, Math.min(g.budget - 1, Math.round(g.budget * share)));
    // Never more than rows: what one side cannot use the other gets.
    left.budget = Math.min(middle - g.from, Math.max(left.budget, g.budget - (g.to - middle)));
    right.budget = g.budget - left.budget;
    open.push(right, left);
  }
  return { entries: entries.slice(0, count * width), count, labels };
}

const BINS = 4096;

/**
 * The 256 values that stand best for many: Lloyd's algorithm in one dimension on a histogram, from the
 * values' quantiles. Ascending.
 */
export function buildCodebook(values: Float32Array): Float32Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  const step = (high - low) / BINS;
  if (!(step > 0)) return new Float32Array(256).fill(values.length > 0 ? low : 0);
  const weights = new Float64Array(BINS);
  for (const v of values) weights[Math.min(BINS - 1, Math.floor((v - low) / step))]!++;
  // Half by share of the values, half evenly: rare large values keep an entry near them.
  const book = new Float32Array(256);
  for (let i = 0, bin = 0, seen = 0; i < 256; i++) {
    while (bin < BINS - 1 && seen + weights[bin]! < ((i + 0.5) / 256) * values.length) {
      seen += weights[bin++]!;
    }
    book[i] = (low + (bin + 0.5) * step + low + ((i + 0.5) / 256) * (high - low)) / 2;
  }
  for (let round = 0; round < 20; round++) {
    for (let i = 0, bin = 0; i < 256; i++) {
      const end = i < 255 ? (book[i]! + book[i + 1]!) / 2 : Number.POSITIVE_INFINITY;
      let [sum, weight] = [0, 0];
      for (; bin < BINS && low + (bin + 0.5) * step < end; bin++) {
        sum += weights[bin]! * (low + (bin + 0.5) * step);
        weight += weights[bin]!;
      }
      if (weight > 0) book[i] = sum / weight;
    }
  }
  return book.sort();
}

/** Index of the nearest value in an ascending codebook. */
export function nearestInCodebook(book: Float32Array, value: number): number {
  let [low, high] = [0, book.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (book[middle]! + book[middle + 1]!) / 2) low = middle + 1;
    else high = middle;
  }
  return low;
}
