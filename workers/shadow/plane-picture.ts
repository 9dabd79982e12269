/** What lies in a flat surface, as a picture seen right from above: cells of the plane with their mean colour. */
import type { Vec3 } from '../../core/camera.ts';
import { REACH_SIGMAS } from '../../core/select/near-splats.ts';
import type { Slab } from '../../core/select/planes.ts';
import { slabDistance } from '../../core/select/planes.ts';
import { planeAxes } from '../../core/select/slab-raster.ts';
import { createSplatFrame, splatFrame } from '../../core/select/splat-frame.ts';
import { colourOf, type SplatCloud } from '../../core/splat-cloud.ts';

export interface PlanePicture {
  /** Cells a side. */
  side: number;
  /** A cell's side, world units. */
  cell: number;
  /** Opacity that lies in each cell, summed over samples; 0 = nothing known there. side². */
  weight: Float32Array;
  /** Mean natural log of the colour, 3 a cell; 0 where nothing is. */
  logColour: Float32Array;
  /** Cell coordinates of a place's foot on the plane, cell middles at whole numbers. */
  place(x: number, y: number, z: number): { a: number; b: number };
  /** The plane's point in a cell's middle, world units. */
  point(index: number): Vec3;
}

/** Colours are of no use below this: their log says nothing. */
const DARKEST = 0.02;
/** Samples along half an axis of a large splat. */
const MAX_STEPS = 8;

/** @param rows the splats that lie in the slab */
export function planePicture(
  cloud: SplatCloud,
  rows: readonly number[],
  slab: Slab,
  center: Vec3,
  reach: number,
  cell: number,
): PlanePicture {
  const { u, w } = planeAxes(slab.normal);
  const half = Math.ceil(reach / cell);
  const side = 2 * half + 1;
  const weight = new Float32Array(side * side);
  const logColour = new Float32Array(3 * side * side);
  const away = slabDistance(slab, ...center);
  const foot = center.map((c, k) => c - away * slab.normal[k]!) as unknown as Vec3;
  const place = (x: number, y: number, z: number) => {
    const [dx, dy, dz] = [x - foot[0], y - foot[1], z - foot[2]];
    return {
      a: (u[0] * dx + u[1] * dy + u[2] * dz) / cell + half,
      b: (w[0] * dx + w[1] * dy + w[2] * dz) / cell + half,
    };
  };
  const frame = createSplatFrame();
  const p = cloud.positions;
  for (const row of rows) {
    const opacity = 1 / (1 + Math.exp(-cloud.opacityLogits[row]!));
    const look = [0, 1, 2].map((k) =>
      Math.log(Math.max(DARKEST, colourOf(cloud.dc[3 * row + k]!))),
    );
    splatFrame(cloud, row, frame);
    // A splat of up to a cell is one sample; a larger one's samples lie on its two longer axes.
    const steps = [0, 1].map((k) =>
      Math.min(MAX_STEPS, Math.round((REACH_SIGMAS * frame.sigmas[k]!) / cell)),
    ) as [number, number];
    for (let i = -steps[0]; i <= steps[0]; i++) {
      for (let j = -steps[1]; j <= steps[1]; j++) {
        const s = steps[0] === 0 ? 0 : (REACH_SIGMAS * frame.sigmas[0]! * i) / steps[0];
        const t = steps[1] === 0 ? 0 : (REACH_SIGMAS * frame.sigmas[1]! * j) / steps[1];
        const at = [0, 1, 2].map(
          (k) => p[3 * row + k]! + s * frame.axes[k]! + t * frame.axes[3 + k]!,
        ) as [number, number, number];
        const { a, b } = place(...at);
        const [x, y] = [Math.round(a), Math.round(b)];
        if (!(x >= 0 && y >= 0 && x < side && y < side)) continue;
        const index = y * side + x;
        weight[index]! += opacity;
        for (let k = 0; k < 3; k++) logColour[3 * index + k]! += opacity * look[k]!;
      }
    }
  }
  for (let i = 0; i < weight.length; i++) {
    if (weight[i] === 0) continue;
    for (let k = 0; k < 3; k++) logColour[3 * i + k]! /= weight[i]!;
  }
  return {
    side,
    cell,
    weight,
    logColour,
    place,
    point(index) {
      const x = ((index % side) - half) * cell;
      const y = (Math.floor(index / side) - half) * cell;
      return [0, 1, 2].map((k) => foot[k]! + x * u[k]! + y * w[k]!) as unknown as Vec3;
    },
  };
}
