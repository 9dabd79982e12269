/**
 * A relative prior brought to the known inverse depth: in every window the scale s of u ≈ s · prior + plane that the known
 * pixels ask for, and how much of what a plane leaves over the prior explains. Planes are free because the energy's
 * second order leaves them free; so a shift, and a warp that is smooth, cost nothing.
 *
 * Windows of all sizes, from the whole region down to CELL_SHARE, each shrunk to the next larger one: a window with few
 * known pixels (in a hole, of sparse ones) takes its parent's word.
 */

/** Known pixels that have a prior. */
export interface PriorSamples {
  /** Place in pixels from the region's corner. */
  x: Float64Array;
  y: Float64Array;
  prior: Float64Array;
  u: Float64Array;
}

/** Writes scale and explained share (0..1) at (x, y) of the region. */
export type Alignment = (x: number, y: number, out: Float64Array) => void;

/** A grid of cells, K numbers each. */
interface Grid {
  columns: number;
  rows: number;
  data: Float64Array;
}

/** Sums of w times 1 x y xx xy yy p u px py ux uy pp pu uu. */
const MOMENTS = 15;
/** What a parent's word weighs against a window's own pixels, in pixels. */
const PARENT_PX = 50;
/** Fits; all but the last give the weights of the next. */
const ROUNDS = 3;
/** A residual of this many medians counts half: edges that the prior has a few pixels off are many times that. */
const OUTLIER = 3;

/** @param cellPx side of the smallest windows; what is read between them is interpolated */
export function alignPrior(
  samples: PriorSamples,
  width: number,
  height: number,
  cellPx: number,
): Alignment {
  const weights = new Float64Array(samples.u.length).fill(1);
  const size = Math.max(width, height);
  const columns = Math.ceil(width / cellPx);
  const cellOf = Int32Array.from(
    samples.x,
    (x, k) => Math.floor(samples.y[k]! / cellPx) * columns + Math.floor(x / cellPx),
  );
  let fit: Grid;
  for (let round = 1; ; round++) {
    const moments: Grid = {
      columns,
      rows: Math.ceil(height / cellPx),
      data: new Float64Array(MOMENTS * columns * Math.ceil(height / cellPx)),
    };
    for (let k = 0; k < weights.length; k++) {
      addMoments(moments.data, MOMENTS * cellOf[k]!, weights[k]!, samples, k, size);
    }
    fit = explained(pyramid(moments));
    if (round === ROUNDS) break;
    weigh(weights, samples, cellOf, planesOf(moments, fit), size);
  }
  return (x, y, out) => {
    const at = between(fit, x / cellPx - 0.5, y / cellPx - 0.5);
    const [pp, pu, uu] = [at(0), at(1), at(2)];
    const agrees = pp > 0 && uu > 0 && pu > 0;
    out[0] = agrees ? pu / pp : 0;
    out[1] = agrees ? (pu * pu) / (pp * uu) : 0;
  };
}

function addMoments(
  m: Float64Array,
  o: number,
  w: number,
  samples: PriorSamples,
  k: number,
  size: number,
): void {
  const terms = [1, samples.x[k]! / size, samples.y[k]! / size] as const;
  const [, x, y] = terms;
  const p = samples.prior[k]!;
  const u = samples.u[k]!;
  m[o]! += w;
  m[o + 1]! += w * x;
  m[o + 2]! += w * y;
  m[o + 3]! += w * x * x;
  m[o + 4]! += w * x * y;
  m[o + 5]! += w * y * y;
  m[o + 6]! += w * p;
  m[o + 7]! += w * u;
  m[o + 8]! += w * p * x;
  m[o + 9]! += w * p * y;
  m[o + 10]! += w * u * x;
  m[o + 11]! += w * u * y;
  m[o + 12]! += w * p * p;
  m[o + 13]! += w * p * u;
  m[o + 14]! += w * u * u;
}

/** The grid and its sums over 2×2, 4×4 … cells, to one. */
function pyramid(finest: Grid): Grid[] {
  const levels = [finest];
  for (let fine = finest; fine.columns > 1 || fine.rows > 1; ) {
    const columns = Math.ceil(fine.columns / 2);
    const rows = Math.ceil(fine.rows / 2);
    const data = new Float64Array(MOMENTS * columns * rows);
    for (let y = 0; y < fine.rows; y++) {
      for (let x = 0; x < fine.columns; x++) {
        const from = MOMENTS * (y * fine.columns + x);
        const to = MOMENTS * ((y >> 1) * columns + (x >> 1));
        for (let k = 0; k < MOMENTS; k++) data[to + k]! += fine.data[from + k]!;
      }
    }
    fine = { columns, rows, data };
    levels.push(fine);
  }
  return levels;
}

/** Sums over the cell and its neighbours, those at half and a quarter: windows that overlap. */
function windowAt({ columns, rows, data }: Grid, x: number, y: number, out: Float64Array): void {
  out.fill(0);
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [cx, cy] = [x + dx, y + dy];
      if (cx < 0 || cy < 0 || cx >= columns || cy >= rows) continue;
      const share = (dx === 0 ? 1 : 0.5) * (dy === 0 ? 1 : 0.5);
      const from = MOMENTS * (cy * columns + cx);
      for (let k = 0; k < MOMENTS; k++) out[k]! += share * data[from + k]!;
    }
  }
}

/** Second moments pp, pu, uu a pixel of what a plane leaves over, in the finest windows. */
function explained(levels: Grid[]): Grid {
  const sums = new Float64Array(MOMENTS);
  const left = new Float64Array(3);
  let parent: Grid | undefined;
  for (const level of levels.toReversed()) {
    const { columns, rows } = level;
    const own: Grid = { columns, rows, data: new Float64Array(3 * columns * rows) };
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        windowAt(level, x, y, sums);
        leftOver(sums, left);
        const above: ((k: number) => number) | undefined =
          parent && between(parent, x / 2 - 0.25, y / 2 - 0.25);
        const n = sums[0]!;
        // A plane takes three numbers away.
        const degrees = above === undefined ? 1 : n > 4 ? (n - 3) / n : 0;
        const trust = above === undefined ? 0 : PARENT_PX;
        for (let k = 0; k < 3; k++) {
          own.data[3 * (y * columns + x) + k] =
            (degrees * left[k]! + trust * (above?.(k) ?? 0)) / (degrees * n + trust + 1e-12);
        }
      }
    }
    parent = own;
  }
  return parent!;
}

/** Second moments pp, pu, uu about the planes that fit best. */
function leftOver(m: Float64Array, out: Float64Array): void {
  const n = m[0]!;
  out.fill(0);
  if (n < 1e-9) return;
  const [x, y, p, u] = [m[1]! / n, m[2]! / n, m[6]! / n, m[7]! / n];
  const xy = m[4]! - n * x * y;
  const ridge = 1e-3 * (m[3]! + m[5]! - n * (x * x + y * y)) + 1e-12;
  const xx = m[3]! - n * x * x + ridge;
  const yy = m[5]! - n * y * y + ridge;
  const determinant = xx * yy - xy * xy;
  const [px, py] = [m[8]! - n * p * x, m[9]! - n * p * y];
  const [ux, uy] = [m[10]! - n * u * x, m[11]! - n * u * y];
  const pSlopeX = (yy * px - xy * py) / determinant;
  const pSlopeY = (xx * py - xy * px) / determinant;
  const uSlopeX = (yy * ux - xy * uy) / determinant;
  const uSlopeY = (xx * uy - xy * ux) / determinant;
  out[0] = Math.max(0, m[12]! - n * p * p - pSlopeX * px - pSlopeY * py);
  out[1] = m[13]! - n * p * u - pSlopeX * ux - pSlopeY * uy;
  out[2] = Math.max(0, m[14]! - n * u * u - uSlopeX * ux - uSlopeY * uy);
}

/** Reads a grid of three numbers a cell between its cells, (0, 0) being the first one's centre. */
function between({ columns, rows, data }: Grid, x: number, y: number): (k: number) => number {
  const fx = Math.min(columns - 1, Math.max(0, x));
  const fy = Math.min(rows - 1, Math.max(0, y));
  const [x0, y0] = [Math.floor(fx), Math.floor(fy)];
  const [x1, y1] = [Math.min(columns - 1, x0 + 1), Math.min(rows - 1, y0 + 1)];
  const [tx, ty] = [fx - x0, fy - y0];
  const at = (cx: number, cy: number, k: number) => data[3 * (cy * columns + cx) + k]!;
  return (k) =>
    (1 - ty) * ((1 - tx) * at(x0, y0, k) + tx * at(x1, y0, k)) +
    ty * ((1 - tx) * at(x0, y1, k) + tx * at(x1, y1, k));
}

/** Scale, and the plane of u − scale · prior (value at the region's corner, slopes), in every window. */
function planesOf(moments: Grid, fit: Grid): Float64Array {
  const { columns, rows } = moments;
  const out = new Float64Array(4 * columns * rows);
  const m = new Float64Array(MOMENTS);
  for (let c = 0; c < columns * rows; c++) {
    windowAt(moments, c % columns, Math.floor(c / columns), m);
    const n = m[0]!;
    if (n === 0) continue;
    const scale = fit.data[3 * c]! > 0 ? fit.data[3 * c + 1]! / fit.data[3 * c]! : 0;
    const [x, y, r] = [m[1]! / n, m[2]! / n, (m[7]! - scale * m[6]!) / n];
    const xy = m[4]! - n * x * y;
    // Few pixels, or all on a line: a flat plane.
    const ridge = 0.02 * (m[3]! + m[5]! - n * (x * x + y * y)) + 1e-9;
    const xx = m[3]! - n * x * x + ridge;
    const yy = m[5]! - n * y * y + ridge;
    const rx = m[10]! - scale * m[8]! - n * r * x;
    const ry = m[11]! - scale * m[9]! - n * r * y;
    const determinant = xx * yy - xy * xy;
    const slopeX = (yy * rx - xy * ry) / determinant;
    const slopeY = (xx * ry - xy * rx) / determinant;
    out.set([scale, r - slopeX * x - slopeY * y, slopeX, slopeY], 4 * c);
  }
  return out;
}

function weigh(
  weights: Float64Array,
  { x, y, prior, u }: PriorSamples,
  cellOf: Int32Array,
  planes: Float64Array,
  size: number,
): void {
  const residuals = weights.map((_, k) => {
    const c = 4 * cellOf[k]!;
    const plane = planes[c + 1]! + (planes[c + 2]! * x[k]! + planes[c + 3]! * y[k]!) / size;
    return Math.abs(u[k]! - planes[c]! * prior[k]! - plane);
  });
  const sorted = residuals.slice().sort();
  // 1e-6: float32 depths of an exact prior.
  const half = OUTLIER * Math.max(1e-6, sorted[sorted.length >> 1]!);
  for (let k = 0; k < weights.length; k++) weights[k] = 1 / (1 + (residuals[k]! / half) ** 2);
}
