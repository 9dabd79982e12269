import { SH_C0, type SplatCloud } from '../splat-cloud.ts';
import { type Slab, slabDistance } from './planes.ts';
import { createSplatFrame, splatFrame } from './splat-frame.ts';
import type { VoxelBall } from './voxels.ts';

type Vec = readonly [number, number, number];

/** Cells on a slab, a voxel wide, around the ball's centre. */
interface Raster {
  side: number;
  cellOf(x: number, y: number, z: number): number;
}

function createRaster(ball: VoxelBall, slab: Slab): Raster {
  const n = slab.normal;
  const other: Vec = Math.abs(n[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0];
  let u: Vec = [
    n[1] * other[2] - n[2] * other[1],
    n[2] * other[0] - n[0] * other[2],
    n[0] * other[1] - n[1] * other[0],
  ];
  const l = Math.hypot(...u);
  u = [u[0] / l, u[1] / l, u[2] / l];
  const w: Vec = [n[1] * u[2] - n[2] * u[1], n[2] * u[0] - n[0] * u[2], n[0] * u[1] - n[1] * u[0]];
  const { side } = ball;
  const [cx, cy, cz] = ball.center;
  return {
    side,
    cellOf(x, y, z) {
      const [dx, dy, dz] = [x - cx, y - cy, z - cz];
      const a = Math.floor((u[0] * dx + u[1] * dy + u[2] * dz) / ball.size) + side / 2;
      const b = Math.floor((w[0] * dx + w[1] * dy + w[2] * dz) / ball.size) + side / 2;
      return a < 1 || b < 1 || a >= side - 1 || b >= side - 1 ? -1 : b * side + a;
    },
  };
}

function dilate(cells: Uint8Array, side: number): Uint8Array {
  const out = cells.slice();
  for (let at = side + 1; at < cells.length - side - 1; at++) {
    if (cells[at] === 1) continue;
    for (const step of [-1, 1, -side, side, -side - 1, -side + 1, side - 1, side + 1]) {
      if (cells[at + step] === 1) {
        out[at] = 1;
        break;
      }
    }
  }
  return out;
}

/** Sets the cells that cannot reach the raster's border without crossing a set one. */
function fillHoles(cells: Uint8Array, side: number): Uint8Array {
  const outside = new Uint8Array(cells.length);
  const queue = [0];
  outside[0] = 1;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const x = at % side;
    for (const next of [x > 0 ? at - 1 : -1, x < side - 1 ? at + 1 : -1, at - side, at + side]) {
      if (next < 0 || next >= cells.length || outside[next] === 1 || cells[next] === 1) continue;
      outside[next] = 1;
      queue.push(next);
    }
  }
  return outside.map((o) => 1 - o);
}

/** Mean colours a raster cell, looked up with the cells around. */
function createColourField(side: number) {
  const sums = new Float64Array(side * side * 4);
  return {
    add(cell: number, c: Vec): void {
      for (let k = 0; k < 3; k++) sums[cell * 4 + k]! += c[k]!;
      sums[cell * 4 + 3]! += 1;
    },
    /** Mean of the nearest cells that have one, at most `reach` away. */
    near(cell: number, reach: number): Vec | undefined {
      for (let r = 1; r <= reach; r++) {
        const mean = [0, 0, 0, 0];
        for (let y = -r; y <= r; y++) {
          for (let x = -r; x <= r; x++) {
            const at = (cell + y * side + x) * 4;
            if (at < 0 || at >= sums.length) continue;
            for (let k = 0; k < 4; k++) mean[k]! += sums[at + k]!;
          }
        }
        if (mean[3]! >= 3) return [mean[0]! / mean[3]!, mean[1]! / mean[3]!, mean[2]! / mean[3]!];
      }
      return undefined;
    },
  };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

const distance = (a: Vec, b: Vec) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** A splat leaning this much out of the surface (1 − |cos|) belongs to what stands on it. */
const LEANING = 0.3;
const LYING = 0.12;

/**
 * Where an object stands on a surface, the surface's band of voxels swallows its foot. Decides for
 * each splat there, under and beside the object, whose it is: the object's when it rises out of the
 * surface's own noise, leans out of the surface, or is coloured like the object and not like the
 * surface around.
 * @param rows splats to decide on; `selection` is read and extended
 */
export function claimFoot(
  cloud: SplatCloud,
  rows: Uint32Array,
  selection: Uint8Array,
  ball: VoxelBall,
  slab: Slab,
): void {
  const { positions: p, dc } = cloud;
  const raster = createRaster(ball, slab);
  const { side } = raster;
  const colourOf = (i: number): Vec => [
    0.5 + SH_C0 * dc[i * 3]!,
    0.5 + SH_C0 * dc[i * 3 + 1]!,
    0.5 + SH_C0 * dc[i * 3 + 2]!,
  ];
  const height = (i: number) => slabDistance(slab, p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!);
  const cellOf = (i: number) => raster.cellOf(p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!);

  let sum = 0;
  for (const i of rows) if (selection[i] === 1) sum += height(i);
  const sign = sum < 0 ? -1 : 1;
  const top = sign > 0 ? slab.high : -slab.low;
  const bottom = sign > 0 ? slab.low : -slab.high;

  const base = new Uint8Array(side * side);
  const objectColours = createColourField(side);
  for (const i of rows) {
    if (selection[i] !== 1) continue;
    const cell = cellOf(i);
    if (cell < 0 || sign * height(i) > top + 4 * ball.size) continue;
    base[cell] = 1;
    objectColours.add(cell, colourOf(i));
  }
  const footprint = fillHoles(dilate(base, side), side);
  const beside = dilate(dilate(footprint, side), side);

  const surfaceColours = createColourField(side);
  const heights: number[] = [];
  const undecided: number[] = [];
  for (const i of rows) {
    if (selection[i] === 1) continue;
    const h = sign * height(i);
    if (h < bottom || h > top) continue;
    const cell = cellOf(i);
    if (cell < 0) continue;
    if (footprint[cell] === 1) undecided.push(i);
    else if (beside[cell] === 0) {
      heights.push(h);
      surfaceColours.add(cell, colourOf(i));
    }
  }
  const middle = median(heights.slice());
  const spread = Math.max(
    1.4826 * median(heights.map((h) => Math.abs(h - middle))),
    0.02 * ball.size,
  );

  const frame = createSplatFrame();
  const claimed: number[] = [];
  for (const i of undecided) {
    const rise = (sign * height(i) - middle) / spread;
    if (rise < -3) continue;
    splatFrame(cloud, i, frame);
    const flat = frame.sigmas[2]! < 0.5 * frame.sigmas[1]!;
    const [nx, ny, nz] = [frame.axes[6]!, frame.axes[7]!, frame.axes[8]!];
    const lean = 1 - Math.abs(nx * slab.normal[0] + ny * slab.normal[1] + nz * slab.normal[2]);
    const cell = cellOf(i);
    const ofObject = objectColours.near(cell, 4);
    const ofSurface = surfaceColours.near(cell, 8);
    const c = colourOf(i);
    // A splat that lies flat in the surface is the surface's, whatever shadow or reflection colours it.
    const looksLikeIt =
      !(flat && lean < LYING) &&
      ofObject !== undefined &&
      ofSurface !== undefined &&
      distance(c, ofSurface) > 0.1 &&
      distance(c, ofSurface) > 2 * distance(c, ofObject);
    if (rise > 3 || (flat && lean > LEANING) || looksLikeIt) claimed.push(i);
  }
  for (const i of claimed) selection[i] = 1;
}
