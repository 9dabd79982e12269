import type { Slab } from './planes.ts';
import type { VoxelBall } from './voxels.ts';

type Vec = readonly [number, number, number];

/** Cells on a slab, a voxel wide, around the ball's centre. */
export interface SlabRaster {
  /** Cells a side. */
  side: number;
  /** The cell that a place (world units) lies over; −1 for the outermost cells and beyond. */
  cellOf(x: number, y: number, z: number): number;
}

/** Two unit vectors that span the plane of a normal. */
export function planeAxes(n: Vec): { u: Vec; w: Vec } {
  const other: Vec = Math.abs(n[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0];
  let u: Vec = [
    n[1] * other[2] - n[2] * other[1],
    n[2] * other[0] - n[0] * other[2],
    n[0] * other[1] - n[1] * other[0],
  ];
  const l = Math.hypot(...u);
  u = [u[0] / l, u[1] / l, u[2] / l];
  const w: Vec = [n[1] * u[2] - n[2] * u[1], n[2] * u[0] - n[0] * u[2], n[0] * u[1] - n[1] * u[0]];
  return { u, w };
}

export function createSlabRaster(ball: VoxelBall, slab: Slab): SlabRaster {
  const { u, w } = planeAxes(slab.normal);
  const { side, size } = ball;
  const [cx, cy, cz] = ball.center;
  const [ux, uy, uz] = u;
  const [wx, wy, wz] = w;
  return {
    side,
    cellOf(x, y, z) {
      const dx = x - cx;
      const dy = y - cy;
      const dz = z - cz;
      const a = Math.floor((ux * dx + uy * dy + uz * dz) / size) + side / 2;
      const b = Math.floor((wx * dx + wy * dy + wz * dz) / size) + side / 2;
      return a < 1 || b < 1 || a >= side - 1 || b >= side - 1 ? -1 : b * side + a;
    },
  };
}

/** The set cells and the eight around each; those of the raster's rim stay as they are. */
export function dilateCells(cells: Uint8Array, side: number): Uint8Array {
  const out = cells.slice();
  const steps = [-1, 1, -side, side, -side - 1, -side + 1, side - 1, side + 1];
  for (let at = side + 1; at < cells.length - side - 1; at++) {
    if (cells[at] === 1) continue;
    for (let k = 0; k < steps.length; k++) {
      if (cells[at + steps[k]!] !== 1) continue;
      out[at] = 1;
      break;
    }
  }
  return out;
}

/** Sets the cells that cannot reach the raster's border without crossing a set one. */
export function fillCellHoles(cells: Uint8Array, side: number): Uint8Array {
  const outside = new Uint8Array(cells.length);
  // Each cell comes in once at most.
  const stack = new Int32Array(cells.length);
  let open = 1;
  outside[0] = 1;
  const visit = (next: number) => {
    if (next < 0 || next >= cells.length || outside[next] === 1 || cells[next] === 1) return;
    outside[next] = 1;
    stack[open++] = next;
  };
  while (open > 0) {
    const at = stack[--open]!;
    const x = at % side;
    if (x > 0) visit(at - 1);
    if (x < side - 1) visit(at + 1);
    visit(at - side);
    visit(at + side);
  }
  return outside.map((o) => 1 - o);
}
