/**
 * Which pixels lie on one surface, from depth. A plane is affine in inverse depth ρ = 1/z over the picture:
 * two pixels are on one plane when each one's tangent plane, continued, meets the other's ρ.
 */
import type { Rect, ScalarImage } from '../../../core/image.ts';
import { HOLE, KNOWN } from '../harmonic.ts';

/** Tangent planes on a grid of every second pixel of a crop: ρ at the cell's centre and ∇ρ a pixel; ρ = 0: unknown. */
export interface SurfaceGrid {
  width: number;
  height: number;
  rho: Float32Array;
  slopeX: Float32Array;
  slopeY: Float32Array;
  /** 0..1: how far a cell's plane is to be followed; 1 unless `weighTrust` found no known surface on it. */
  trust: Float32Array;
}

const CELL_PX = 2;
/** Half side of the fitting window in cells, and its stride. */
const WINDOW = 8;
const STRIDE = 2;
const PASSES = 3;
/** Share of ρ at which a neighbour counts half for the plane. */
const SPREAD = 0.02;
/** Relative gap in ρ between a plane and a pixel at which they count as different surfaces. */
const SURFACE_GAP = 0.06;

/** @param depth depth along z of the whole picture; not finite or ≤ 0 = unknown. @param crop part that is needed */
export function fitSurfaces(depth: ScalarImage, crop: Rect): SurfaceGrid {
  const width = Math.ceil((crop.x1 - crop.x0) / CELL_PX);
  const height = Math.ceil((crop.y1 - crop.y0) / CELL_PX);
  const raw = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let n = 0;
      let first = 0;
      for (let k = 0; k < 4; k++) {
        const px = crop.x0 + x * CELL_PX + (k & 1);
        const py = crop.y0 + y * CELL_PX + (k >> 1);
        if (px >= crop.x1 || py >= crop.y1) continue;
        const rho = 1 / depth.data[py * depth.width + px]!;
        if (!(rho > 0) || !Number.isFinite(rho)) continue;
        if (n === 0) first = rho;
        // Pixels beyond a depth edge stay out of the cell's mean.
        if (Math.abs(rho - first) > SURFACE_GAP * first) continue;
        sum += rho;
        n++;
      }
      if (n > 0) raw[y * width + x] = sum / n;
    }
  }
  const grid: SurfaceGrid = {
    width,
    height,
    rho: new Float32Array(width * height),
    slopeX: new Float32Array(width * height),
    slopeY: new Float32Array(width * height),
    trust: new Float32Array(width * height).fill(1),
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) fitCell(raw, grid, x, y);
  return grid;
}

/** Plane through a window of cells, re-weighted so that cells off the plane fade out (Cauchy weights). */
function fitCell(raw: Float32Array, grid: SurfaceGrid, x: number, y: number): void {
  const { width, height } = grid;
  const o = y * width + x;
  const centre = raw[o]!;
  if (centre === 0) return;
  let c = centre;
  let a = 0;
  let b = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    // The first look has no slope yet and must let slanted surfaces in.
    const spread = 1 / (SPREAD * centre * (pass === 0 ? 2 : 1)) ** 2;
    let w0 = 0;
    let wx = 0;
    let wy = 0;
    let wxx = 0;
    let wxy = 0;
    let wyy = 0;
    let r0 = 0;
    let rx = 0;
    let ry = 0;
    for (let v = -WINDOW; v <= WINDOW; v += STRIDE) {
      if (y + v < 0 || y + v >= height) continue;
      for (let u = -WINDOW; u <= WINDOW; u += STRIDE) {
        if (x + u < 0 || x + u >= width) continue;
        const rho = raw[o + v * width + u]!;
        if (rho === 0) continue;
        const off = rho - (c + a * u + b * v);
        const w = 1 / (1 + off * off * spread);
        w0 += w;
        wx += w * u;
        wy += w * v;
        wxx += w * u * u;
        wxy += w * u * v;
        wyy += w * v * v;
        r0 += w * rho;
        rx += w * rho * u;
        ry += w * rho * v;
      }
    }
    // Normal equations of the 3-parameter plane, slightly damped so that a thin strip stays solvable.
    const mx = wx / w0;
    const my = wy / w0;
    const sxx = wxx - mx * wx + 1e-3 * w0;
    const sxy = wxy - mx * wy;
    const syy = wyy - my * wy + 1e-3 * w0;
    const tx = rx - mx * r0;
    const ty = ry - my * r0;
    const det = sxx * syy - sxy * sxy;
    if (!(det > 0)) break;
    a = (tx * syy - ty * sxy) / det;
    b = (ty * sxx - tx * sxy) / det;
    c = r0 / w0 - a * mx - b * my;
  }
  grid.rho[o] = c > 0 ? c : centre;
  grid.slopeX[o] = a / CELL_PX;
  grid.slopeY[o] = b / CELL_PX;
}

/** Known cells that a hole cell's plane is compared with, and the share of them that makes it trusted. */
const WITNESSES = 500;
const ENOUGH_WITNESSES = 0.01;

/**
 * Between two surfaces, completed depth is a slope that nothing known lies on; following it would only pick
 * sources by accident. Sets each hole cell's trust by how many known cells lie on its plane.
 * @param state KNOWN, HOLE or OUT a pixel of the crop
 */
export function weighTrust(grid: SurfaceGrid, state: Uint8Array, cropWidth: number): void {
  const { width, height, rho } = grid;
  const known: number[] = [];
  const holes: number[] = [];
  for (let cell = 0; cell < width * height; cell++) {
    if (rho[cell] === 0) continue;
    const i = ((cell / width) | 0) * CELL_PX * cropWidth + (cell % width) * CELL_PX;
    if (state[i] === KNOWN) known.push(cell);
    else if (state[i] === HOLE) holes.push(cell);
  }
  const stride = Math.max(1, Math.floor(known.length / WITNESSES));
  for (const cell of holes) {
    let on = 0;
    let asked = 0;
    for (let k = 0; k < known.length; k += stride) {
      const other = known[k]!;
      const dx = ((other % width) - (cell % width)) * CELL_PX;
      const dy = (((other / width) | 0) - ((cell / width) | 0)) * CELL_PX;
      asked++;
      if (planeGap(grid, cell, other, dx, dy) < SURFACE_GAP / 2) on++;
    }
    grid.trust[cell] = asked === 0 ? 0 : Math.min(1, on / (asked * ENOUGH_WITNESSES));
  }
}

/** Larger relative miss of the two planes, each continued to the other cell (dx, dy pixels away). */
function planeGap(grid: SurfaceGrid, from: number, to: number, dx: number, dy: number): number {
  const { rho, slopeX, slopeY } = grid;
  const a = rho[from]!;
  const b = rho[to]!;
  const there = Math.abs(a + slopeX[from]! * dx + slopeY[from]! * dy - b) / b;
  const back = Math.abs(b - slopeX[to]! * dx - slopeY[to]! * dy - a) / a;
  return Math.max(there, back);
}

/**
 * How foreign a source's surface is to a target's, 0..1, for pixels of a level: 0 where each plane meets the
 * other pixel within half of `SURFACE_GAP` (depth noise must not choose among sources of one surface), rising
 * to 1 at all of it; half where the source's depth is unknown. Times the target's trust.
 */
export function foreignnessOf(
  grid: SurfaceGrid,
  levelWidth: number,
  levelDepth: number,
): (target: number, source: number) => number {
  const scale = 2 ** levelDepth;
  const { width, height, rho, trust } = grid;
  const cellOf = (x: number, y: number) =>
    Math.min(height - 1, (((y + 0.5) * scale) / CELL_PX) | 0) * width +
    Math.min(width - 1, (((x + 0.5) * scale) / CELL_PX) | 0);
  return (target, source) => {
    const tx = target % levelWidth;
    const sx = source % levelWidth;
    const ty = (target / levelWidth) | 0;
    const sy = (source / levelWidth) | 0;
    const t = cellOf(tx, ty);
    if (rho[t] === 0) return 0;
    const most = trust[t]!;
    const s = cellOf(sx, sy);
    if (rho[s] === 0) return most / 2;
    const gap = planeGap(grid, t, s, (sx - tx) * scale, (sy - ty) * scale);
    const over = Math.max(0, (2 * gap) / SURFACE_GAP - 1);
    return over >= 1 ? most : most * over * over;
  };
}
