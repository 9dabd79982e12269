/**
 * Which pixels lie on one surface, from depth. A plane is affine in inverse depth ρ = 1/z over the picture:
 * two pixels are on one plane when each one's tangent plane, continued, meets the other's ρ.
 */
import type { Rect, ScalarImage } from '../../../core/image.ts';

/** Tangent planes on a grid of every second pixel of a crop: ρ at the cell's centre and ∇ρ a pixel; ρ = 0: unknown. */
export interface SurfaceGrid {
  width: number;
  height: number;
  rho: Float32Array;
  slopeX: Float32Array;
  slopeY: Float32Array;
}

const CELL_PX = 2;
/** Half side of the fitting window in cells, and its stride. */
const WINDOW = 8;
const STRIDE = 2;
const PASSES = 3;
/** Share of ρ at which a neighbour counts half for the plane. */
const SPREAD = 0.02;
/** Relative gap in ρ between a plane and a pixel at which they count as different surfaces. */
export const SURFACE_GAP = 0.04;

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

/**
 * Cost of copying between two pixels of a level: 0 on one plane, rising to `penalty` where each plane misses
 * the other pixel by `SURFACE_GAP` of its inverse depth; half where the source's depth is unknown.
 */
export function surfaceCostOf(
  grid: SurfaceGrid,
  levelWidth: number,
  levelDepth: number,
  penalty: number,
): (target: number, source: number) => number {
  const scale = 2 ** levelDepth;
  const { width, height, rho, slopeX, slopeY } = grid;
  const cellOf = (x: number, y: number) =>
    Math.min(height - 1, (((y + 0.5) * scale) / CELL_PX) | 0) * width +
    Math.min(width - 1, (((x + 0.5) * scale) / CELL_PX) | 0);
  return (target, source) => {
    const tx = target % levelWidth;
    const sx = source % levelWidth;
    const ty = (target / levelWidth) | 0;
    const sy = (source / levelWidth) | 0;
    const t = cellOf(tx, ty);
    const rt = rho[t]!;
    if (rt === 0) return 0;
    const s = cellOf(sx, sy);
    const rs = rho[s]!;
    if (rs === 0) return penalty / 2;
    const dx = (sx - tx) * scale;
    const dy = (sy - ty) * scale;
    const there = Math.abs(rt + slopeX[t]! * dx + slopeY[t]! * dy - rs) / rs;
    const back = Math.abs(rs - slopeX[s]! * dx - slopeY[s]! * dy - rt) / rt;
    const gap = Math.max(there, back) / SURFACE_GAP;
    return gap >= 1 ? penalty : penalty * gap * gap;
  };
}
