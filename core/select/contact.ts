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

/** What a raster cell holds on average: colour and height over the slab's middle. */
type Look = readonly [number, number, number, number];

/** Mean looks a cell, asked for with the cells around. */
function createLookField(side: number) {
  const sums = new Float64Array(side * side * 5);
  return {
    add(cell: number, look: Look): void {
      for (let k = 0; k < 4; k++) sums[cell * 5 + k]! += look[k]!;
      sums[cell * 5 + 4]! += 1;
    },
    /** Mean over the nearest cells that hold enough, at most `reach` away. */
    near(cell: number, reach: number): Look | undefined {
      for (let r = 1; r <= reach; r++) {
        const mean = [0, 0, 0, 0, 0];
        for (let y = -r; y <= r; y++) {
          for (let x = -r; x <= r; x++) {
            const at = (cell + y * side + x) * 5;
            if (at < 0 || at >= sums.length) continue;
            for (let k = 0; k < 5; k++) mean[k]! += sums[at + k]!;
          }
        }
        const n = mean[4]!;
        if (n >= 3) return [mean[0]! / n, mean[1]! / n, mean[2]! / n, mean[3]! / n];
      }
      return undefined;
    },
  };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

const distance = (a: Look, b: Look) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

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
  let sum = 0;
  for (const i of rows) {
    if (selection[i] === 1) sum += slabDistance(slab, p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!);
  }
  const sign = sum < 0 ? -1 : 1;
  const scene: Foot = {
    raster,
    top: sign > 0 ? slab.high : -slab.low,
    bottom: sign > 0 ? slab.low : -slab.high,
    slice: 4 * ball.size,
    leastSpread: 0.02 * ball.size,
    height: (i) => sign * slabDistance(slab, p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!),
    cell: (i) => raster.cellOf(p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!),
    look: (i) => [
      0.5 + SH_C0 * dc[i * 3]!,
      0.5 + SH_C0 * dc[i * 3 + 1]!,
      0.5 + SH_C0 * dc[i * 3 + 2]!,
      scene.height(i),
    ],
  };
  const frame = createSplatFrame();
  const leanOf = (i: number): number | undefined => {
    splatFrame(cloud, i, frame);
    if (frame.sigmas[2]! >= 0.5 * frame.sigmas[1]!) return undefined;
    const [nx, ny, nz] = [frame.axes[6]!, frame.axes[7]!, frame.axes[8]!];
    return 1 - Math.abs(nx * slab.normal[0] + ny * slab.normal[1] + nz * slab.normal[2]);
  };
  for (const i of claims(scene, rows, selection, leanOf)) selection[i] = 1;
}

/** The place where an object stands, with heights turned so that the object is above. */
interface Foot {
  raster: Raster;
  /** The surface's band, as heights. */
  top: number;
  bottom: number;
  /** The object this far above the band casts its footprint. */
  slice: number;
  /** The surface's noise is never taken to be smaller. */
  leastSpread: number;
  height(i: number): number;
  cell(i: number): number;
  look(i: number): Look;
}

/** @param leanOf 1 − |cos| between a splat's normal and the surface's; undefined for round splats */
function claims(
  foot: Foot,
  rows: Uint32Array,
  selection: Uint8Array,
  leanOf: (i: number) => number | undefined,
): number[] {
  const { side } = foot.raster;
  const base = new Uint8Array(side * side);
  const objectLooks = createLookField(side);
  for (const i of rows) {
    if (selection[i] !== 1) continue;
    const cell = foot.cell(i);
    if (cell < 0 || foot.height(i) > foot.top + foot.slice) continue;
    base[cell] = 1;
    objectLooks.add(cell, foot.look(i));
  }
  const footprint = fillHoles(dilate(base, side), side);
  const beside = dilate(dilate(footprint, side), side);

  const surfaceLooks = createLookField(side);
  const around: number[] = [];
  const undecided: number[] = [];
  for (const i of rows) {
    if (selection[i] === 1) continue;
    const h = foot.height(i);
    // A voxel of the band holds splats up to a voxel above it.
    if (h < foot.bottom || h > foot.top + foot.slice / 4) continue;
    const cell = foot.cell(i);
    if (cell < 0) continue;
    if (footprint[cell] === 1) undecided.push(i);
    else if (beside[cell] === 0 && h <= foot.top) {
      around.push(i);
      surfaceLooks.add(cell, foot.look(i));
    }
  }
  if (around.length === 0) return [];
  // Against the surface nearby, not against the plane: rugs have edges and tables sag.
  const rise = (i: number, reach: number) => {
    const local = surfaceLooks.near(foot.cell(i), reach);
    return local === undefined ? 0 : foot.height(i) - local[3];
  };
  const step = Math.max(1, Math.floor(around.length / 1000));
  const noise = median(around.filter((_, k) => k % step === 0).map((i) => Math.abs(rise(i, 2))));
  const spread = Math.max(1.4826 * noise, foot.leastSpread);

  return undecided.filter((i) => {
    const sigmas = rise(i, 8) / spread;
    if (sigmas < -3) return false;
    if (sigmas > 3) return true;
    const lean = leanOf(i);
    if (lean !== undefined && lean > LEANING) return true;
    // A splat that lies flat in the surface is the surface's, whatever shadow or reflection colours it.
    if (lean !== undefined && lean < LYING) return false;
    const ofObject = objectLooks.near(foot.cell(i), 4);
    const ofSurface = surfaceLooks.near(foot.cell(i), 8);
    if (ofObject === undefined || ofSurface === undefined) return false;
    const look = foot.look(i);
    const fromSurface = distance(look, ofSurface);
    return fromSurface > 0.1 && fromSurface > 2 * distance(look, ofObject);
  });
}
