/** The mug of captures/kitchen.compressed.ply, as ../shared/data/SOURCES.md places it. */
import type { Vec3 } from '../../core/camera.ts';
import { type Selection, selectInVolume } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

export const MUG = {
  center: [-0.71, -0.16, 1.9] as Vec3,
  radius: 0.12,
  /** The table's up. */
  up: [0.004, -0.896, -0.445] as Vec3,
};
/** How far along up its splats begin to be the table's. */
const TABLE_TOP = -0.775;

/** All splats of the volume: the table's under the mug too. */
export const volumeSplats = (kitchen: SplatCloud): Selection =>
  selectInVolume(kitchen, { shape: 'sphere', center: [...MUG.center], radius: MUG.radius });

/** The volume's splats that stand above the table. */
export function mugSplats(kitchen: SplatCloud): Selection {
  const { positions: p } = kitchen;
  const [x, y, z] = MUG.up;
  return volumeSplats(kitchen).map((v, i) =>
    x * p[i * 3]! + y * p[i * 3 + 1]! + z * p[i * 3 + 2]! > TABLE_TOP ? v : 0,
  );
}
