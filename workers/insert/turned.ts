/** A solid turned about an upright axis that stands on a level surface. */
import type { Body, SurfacePiece } from './body.ts';
import type { Level } from './level-view.ts';
import type { Profile } from './turned-profile.ts';

/** Rays are followed by steps of this share of a pixel's footprint, and the crossing is found to a small part of that. */
const HALVINGS = 8;
/** Turns from the mirrored place towards the camera, where a piece looks for its colour. */
const LOOKS = 16;

interface Row {
  z: number;
  r: number;
}

/** Corners along the profile, from the foot up, at most `spacing` apart. */
function rowsOf(z: (k: number) => number, radii: Float64Array, spacing: number): Row[] {
  const out: Row[] = [];
  let left = 0;
  for (let k = 1; k < radii.length; k++) {
    const [r0, r1, z0, z1] = [radii[k - 1]!, radii[k]!, z(k - 1), z(k)];
    const length = Math.hypot(r1 - r0, z1 - z0);
    for (let way = left; way < length; way += spacing) {
      const t = way / length;
      out.push({ r: r0 + t * (r1 - r0), z: z0 + t * (z1 - z0) });
      left = way + spacing;
    }
    left -= length;
  }
  return out;
}

/**
 * @param bearing of the axis from ahead to the right, radians
 * @param distance of the axis, level, world units
 * @param stepShare steps along a ray, of the ray's level length at the axis
 */
export function turnedBody(
  profile: Profile,
  bearing: number,
  distance: number,
  stepShare: number,
): Body {
  const [base, top] = [profile.base * distance, profile.top * distance];
  const radii = profile.radii.map((r) => r * distance);
  const rows = radii.length - 1;
  const widest = Math.max(...radii);
  const [mx, my] = [Math.sin(bearing), Math.cos(bearing)];
  const at = [distance * mx, distance * my] as const;
  const radiusAt = (z: number): number => {
    const k = ((z - base) / (top - base)) * rows;
    if (!(k >= 0 && k <= rows)) return -1;
    const low = Math.min(rows - 1, Math.floor(k));
    return radii[low]! + (k - low) * (radii[low + 1]! - radii[low]!);
  };
  const enter = ([x, y, z]: Level): number | undefined => {
    // Between the crossings with the widest cylinder; the ray's nearest way to the axis is between them.
    const [a, b] = [x * x + y * y, x * at[0] + y * at[1]];
    const root = b * b - a * (distance * distance - widest * widest);
    if (!(root > 0)) return undefined;
    const [near, far] = [(b - Math.sqrt(root)) / a, (b + Math.sqrt(root)) / a];
    const inside = (t: number) => Math.hypot(t * x - at[0], t * y - at[1]) <= radiusAt(t * z);
    const step = (stepShare * distance) / Math.sqrt(a);
    let before = Math.max(0, near - step);
    for (let t = near; t <= far + step; t += step) {
      if (!inside(t)) {
        before = t;
        continue;
      }
      let [out, into] = [before, t];
      for (let k = 0; k < HALVINGS; k++) {
        const middle = (out + into) / 2;
        if (inside(middle)) into = middle;
        else out = middle;
      }
      return into;
    }
    return undefined;
  };
  /** By turn about the axis from what is nearest to the camera. */
  const place = (z: number, r: number, turn: number): Level => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    return [at[0] - r * (c * mx - s * my), at[1] - r * (c * my + s * mx), z];
  };
  function* pieces(spacing: number, inset = 0): Iterable<SurfacePiece> {
    const line = rowsOf((k) => base + ((top - base) * k) / rows, radii, spacing);
    for (const [k, { z, r }] of line.entries()) {
      const around = Math.max(3, Math.round((2 * Math.PI * r) / spacing));
      const below = line[Math.max(0, k - 1)]!;
      const above = line[Math.min(line.length - 1, k + 1)]!;
      const [dr, dz] = [above.r - below.r, above.z - below.z];
      const length = Math.hypot(dr, dz) || 1;
      // Under a sharp edge the wall ends as far below the lid.
      const zIn = Math.min(top - inset, z + (inset * dr) / length);
      const rIn = Math.max(0, r - (inset * dz) / length);
      for (let j = 0; j < around; j++) {
        const turn = (2 * Math.PI * (j + 0.5 * (k % 2))) / around;
        const out = place(0, 1, turn);
        const [ox, oy] = [out[0] - at[0], out[1] - at[1]];
        yield {
          at: place(z, r, turn),
          inside: place(zIn, rIn, turn),
          normal: [(ox * dz) / length, (oy * dz) / length, -dr / length],
          across: [(-oy * 2 * Math.PI * r) / around, (ox * 2 * Math.PI * r) / around, 0],
          along: [
            (ox * dr * spacing) / length,
            (oy * dr * spacing) / length,
            (dz * spacing) / length,
          ],
          *alike() {
            // The same place in front, then round to the side that faces the camera, then nearest heights there.
            const front = Math.PI - Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
            const side = Math.sin(turn) < 0 ? -1 : 1;
            const from = Math.min(front, Math.PI - front);
            for (let n = 0; n <= LOOKS; n++) yield place(z, r, side * from * (1 - n / LOOKS));
            for (let n = 1; n < line.length; n++) {
              for (const other of [line[k - n], line[k + n]]) {
                if (other !== undefined) yield place(other.z, other.r, side * from * 0.5);
              }
            }
          },
        };
      }
    }
  }
  return { kind: 'turned', enter, pieces, at, breadth: 2 * widest, height: top - base };
}
