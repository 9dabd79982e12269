import { createSplatCloud, dcOf, type SplatCloud } from '../splat-cloud.ts';
import type { SurfacePoints } from './fuse.ts';

/** Standard deviation as a share of the spacing, as removal's fills have it: at less the gaps between discs show as a grid. */
const SIGMA_PER_SPACING = 0.78;
/** A disc's thickness over its spacing. */
const THIN = 0.1;
const OPACITY = 0.95;

/**
 * Surface points as flat splats that cover their cells: a scene that can be looked at and edited, and a start for a trainer.
 * Degree 0; opacity 0.95.
 */
export function cloudOf(points: SurfacePoints): SplatCloud {
  const { count, positions, normals, colours, sizes } = points;
  const cloud = createSplatCloud(count);
  cloud.positions.set(positions);
  cloud.opacityLogits.fill(Math.log(OPACITY / (1 - OPACITY)));
  for (let i = 0; i < count; i++) {
    const [nx, ny, nz] = [normals[3 * i]!, normals[3 * i + 1]!, normals[3 * i + 2]!];
    // A plane through a grid of cells of side s meets (|nx| + |ny| + |nz|) / s² of them an area.
    const spacing = sizes[i]! / Math.sqrt(Math.abs(nx) + Math.abs(ny) + Math.abs(nz));
    const wide = Math.log(SIGMA_PER_SPACING * spacing);
    cloud.logScales.set([wide, wide, Math.log(THIN * spacing)], 3 * i);
    // The shortest turn from z to the normal.
    const turn = nz > -0.999999 ? [1 + nz, -ny, nx, 0] : [0, 1, 0, 0];
    const length = Math.hypot(...turn);
    cloud.rotations.set(
      turn.map((v) => v / length),
      4 * i,
    );
    for (let k = 0; k < 3; k++) cloud.dc[3 * i + k] = dcOf(colours[3 * i + k]! / 255);
  }
  return cloud;
}
