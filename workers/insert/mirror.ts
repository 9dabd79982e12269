/** A standing thing's back: its front mirrored at the upright plane through its middle. */
import { type Camera, projectPoint, type Vec3 } from '../../core/camera.ts';
import type { Mask } from '../../core/image.ts';
import { erode } from '../../core/morphology.ts';
import { copySplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';

/** An upright plane that a thing is mirrored at: normal · p = offset, the normal of unit length and away from the camera. */
export interface Mirror {
  normal: Vec3;
  offset: number;
  /** How far behind the plane what lies one before it comes to lie. */
  depth: number;
}

/**
 * Heights and colours are the front's. What would show beside the front from the camera is left out, and what lies on the plane.
 * @param mask the thing's pixels
 */
export function mirrored(
  front: SplatCloud,
  camera: Camera,
  mask: Mask,
  { normal: n, offset, depth }: Mirror,
): SplatCloud {
  // On the outline there are the front's alone.
  const inner = erode(mask, 1);
  const out = copySplats(front);
  const rows: number[] = [];
  const pixelAt = (p: Vec3): number => {
    const { u, v, depth } = projectPoint(camera, p);
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const inside = depth > 0 && x >= 0 && y >= 0 && x < mask.width && y < mask.height;
    return inside ? y * mask.width + x : -1;
  };
  const placeOf = (row: number): Vec3 => [
    out.positions[3 * row]!,
    out.positions[3 * row + 1]!,
    out.positions[3 * row + 2]!,
  ];
  for (let row = 0; row < front.count; row++) {
    const p = placeOf(row);
    const from = pixelAt(p);
    if (from < 0 || mask.data[from] === 0) continue;
    const before = offset - (n[0] * p[0] + n[1] * p[1] + n[2] * p[2]);
    if (!(before > 0)) continue;
    for (let k = 0; k < 3; k++) {
      out.positions[3 * row + k] = p[k]! + (1 + depth) * before * n[k]!;
    }
    const to = pixelAt(placeOf(row));
    if (to < 0 || inner.data[to] === 0) continue;
    // Half a turn about the normal: but for the axes' signs the mirror image.
    const [w, x, y, z] = out.rotations.subarray(4 * row, 4 * row + 4) as unknown as number[];
    out.rotations.set(
      [
        -n[0] * x! - n[1] * y! - n[2] * z!,
        n[0] * w! + n[1] * z! - n[2] * y!,
        n[1] * w! + n[2] * x! - n[0] * z!,
        n[2] * w! + n[0] * y! - n[1] * x!,
      ],
      4 * row,
    );
    rows.push(row);
  }
  return takeSplats(out, rows);
}
