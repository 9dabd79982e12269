import type { Level } from './level.ts';

/** The coarsest level's inverse, dense and symmetric: size × size, size = 3 × its nodes. */
export interface Bottom {
  size: number;
  inverse: Float64Array;
}

/** A dense inverse of 3 × this many rows takes some 30 ms. */
export const MAX_BOTTOM_NODES = 128;
/** A pivot under this share of its diagonal is rounding: the direction is left out. */
const LEAST_PIVOT = 1e-13;

/** Inverts the coarsest level's operator by Cholesky. Rows without a diagonal (u where all is known) stay 0. */
export function factorise(level: Level): Bottom {
  const size = 3 * level.count;
  const a = denseOf(level, size);
  // a = L Lᵀ in the lower triangle; a column whose pivot vanishes is emptied.
  for (let j = 0; j < size; j++) {
    const own = a[j * size + j]!;
    let pivot = own;
    for (let k = 0; k < j; k++) pivot -= a[j * size + k]! ** 2;
    const used = pivot > LEAST_PIVOT * own;
    const root = used ? Math.sqrt(pivot) : 0;
    a[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      if (!used) {
        a[i * size + j] = 0;
        continue;
      }
      let v = a[i * size + j]!;
      for (let k = 0; k < j; k++) v -= a[i * size + k]! * a[j * size + k]!;
      a[i * size + j] = v / root;
    }
  }
  return { size, inverse: inverseOf(a, size) };
}

function denseOf(level: Level, size: number): Float64Array {
  const a = new Float64Array(size * size);
  const { diagonal: d, across, from, to } = level;
  const places = [0, 0, 1, 0, 2, 0, 1, 1, 2, 1, 2, 2];
  for (let i = 0; i < level.count; i++) {
    for (let k = 0; k < 6; k++) {
      a[(3 * i + places[2 * k]!) * size + 3 * i + places[2 * k + 1]!] = d[6 * i + k]!;
    }
  }
  for (let e = 0; e < from.length; e++) {
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) {
        const row = 3 * from[e]! + r;
        const column = 3 * to[e]! + c;
        const [lower, upper] = row > column ? [row, column] : [column, row];
        a[lower * size + upper] = across[9 * e + 3 * r + c]!;
      }
    }
  }
  return a;
}

/** (L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹; rows whose pivot was left out stay 0. */
function inverseOf(l: Float64Array, size: number): Float64Array {
  // Column c of L⁻¹ as row c, so that the products below run along rows.
  const half = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    if (l[c * size + c] === 0) continue;
    half[c * size + c] = 1 / l[c * size + c]!;
    for (let i = c + 1; i < size; i++) {
      const pivot = l[i * size + i]!;
      if (pivot === 0) continue;
      let v = 0;
      for (let k = c; k < i; k++) v -= l[i * size + k]! * half[c * size + k]!;
      half[c * size + i] = v / pivot;
    }
  }
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let v = 0;
      for (let k = i; k < size; k++) v += half[i * size + k]! * half[j * size + k]!;
      out[i * size + j] = v;
      out[j * size + i] = v;
    }
  }
  return out;
}
