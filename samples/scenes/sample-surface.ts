import type { Surface, SurfacePoint } from './surfaces.ts';
import { length } from './vectors.ts';

/** A cell of a surface: its middle, and its size along u and v in metres. */
export type CellVisitor = (
  at: SurfacePoint,
  albedo: [number, number, number],
  sizeU: number,
  sizeV: number,
  u: number,
  v: number,
) => void;

/** Colour difference (mean |Δrgb|) inside a cell from which on it is split. */
const SPLIT_AT = 0.035;

/**
 * Cuts a surface into cells: coarse where its colour is even, down to `grain × spacing` where it changes,
 * much as a trained scene spends its splats.
 * @param spacing factor on every surface's grain; 1 = the standard splat count
 */
export function sampleSurface(surface: Surface, spacing: number, visit: CellVisitor): void {
  const coarse = surface.grain * spacing * 2 ** surface.levels;
  const rows = Math.max(1, Math.round(surface.vEnd / coarse));
  for (let j = 0; j < rows; j++) {
    const v0 = (surface.vEnd * j) / rows;
    const v1 = (surface.vEnd * (j + 1)) / rows;
    const around = length(surface.at(0.25, (v0 + v1) / 2).du);
    const columns = Math.max(1, Math.round(around / coarse));
    for (let i = 0; i < columns; i++) {
      split(surface, i / columns, (i + 1) / columns, v0, v1, surface.levels, visit);
    }
  }
}

function split(
  surface: Surface,
  u0: number,
  u1: number,
  v0: number,
  v1: number,
  levels: number,
  visit: CellVisitor,
): void {
  const um = (u0 + u1) / 2;
  const vm = (v0 + v1) / 2;
  if (levels > 0) {
    // Three a side in big cells, so that no joint or line slips between the samples.
    const side = levels > 1 ? 3 : 2;
    const corners: [number, number, number][] = [];
    for (let k = 0; k < side * side; k++) {
      const su = ((k % side) + 0.5) / side;
      const sv = (Math.floor(k / side) + 0.5) / side;
      corners.push(surface.albedo(u0 + (u1 - u0) * su, v0 + (v1 - v0) * sv));
    }
    let difference = 0;
    for (let c = 0; c < 3; c++) {
      let low = 9;
      let high = -9;
      for (const k of corners) {
        low = Math.min(low, k[c]!);
        high = Math.max(high, k[c]!);
      }
      difference += (high - low) / 3;
    }
    if (difference > SPLIT_AT) {
      split(surface, u0, um, v0, vm, levels - 1, visit);
      split(surface, um, u1, v0, vm, levels - 1, visit);
      split(surface, u0, um, vm, v1, levels - 1, visit);
      split(surface, um, u1, vm, v1, levels - 1, visit);
      return;
    }
  }
  const at = surface.at(um, vm);
  visit(at, surface.albedo(um, vm), length(at.du) * (u1 - u0), length(at.dv) * (v1 - v0), um, vm);
}
