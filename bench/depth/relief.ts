/** Depth as a surface for the eye: what a depth map's colours hide, light and another point of view show. */
import type { ScalarImage } from '../../core/image.ts';
import type { Picture } from '../../core/pictures.ts';

/** A pinhole with the centre in the middle of the picture. */
function pointsOf(depth: ScalarImage, focalPx: number): Float64Array {
  const { width, height, data } = depth;
  const out = new Float64Array(3 * data.length);
  for (let i = 0; i < data.length; i++) {
    const z = data[i]!;
    out[3 * i] = (((i % width) + 0.5 - width / 2) * z) / focalPx;
    out[3 * i + 1] = ((Math.floor(i / width) + 0.5 - height / 2) * z) / focalPx;
    out[3 * i + 2] = z;
  }
  return out;
}

/** Light from the upper left, from the eye's side; grey where a neighbour has no depth. */
const LIGHT = [-0.45, -0.55, -0.7] as const;

/** The surface's normals under that light, without its colours. */
export function shadedRelief(depth: ScalarImage, focalPx: number): Picture {
  const { width, height, data } = depth;
  const points = pointsOf(depth, focalPx);
  const out = new Uint8Array(3 * data.length).fill(112);
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const i = y * width + x;
      if (!(data[i]! > 0 && data[i + 1]! > 0 && data[i + width]! > 0)) continue;
      const along = (j: number, c: number) => points[3 * j + c]! - points[3 * i + c]!;
      const [ax, ay, az] = [along(i + 1, 0), along(i + 1, 1), along(i + 1, 2)];
      const [bx, by, bz] = [along(i + width, 0), along(i + width, 1), along(i + width, 2)];
      // down × right points to the eye.
      const n = [by * az - bz * ay, bz * ax - bx * az, bx * ay - by * ax] as const;
      const lit = (n[0] * LIGHT[0] + n[1] * LIGHT[1] + n[2] * LIGHT[2]) / Math.hypot(...n);
      out.fill(Math.round(20 + 235 * Math.max(0, Math.min(1, lit))), 3 * i, 3 * i + 3);
    }
  }
  return { width, height, data: out };
}

const TURN = (35 * Math.PI) / 180;
const LIFT = (20 * Math.PI) / 180;

/**
 * The pixels as points, seen from the right and from above, turned about the scene's middle; the nearest wins.
 * Known pixels' colours are as they are, filled ones' half blue, so that a fill that leaves its surface shows.
 */
export function sideView(
  depth: ScalarImage,
  focalPx: number,
  colour: Picture,
  filled: Uint8Array,
): Picture {
  const { width, height, data } = depth;
  const points = pointsOf(depth, focalPx);
  const sorted = data.filter((z) => z > 0).sort();
  const middle = sorted[sorted.length >> 1]!;
  // Back far enough that the turned scene fits.
  const back = middle * 1.25;
  const out = new Uint8Array(3 * data.length).fill(255);
  const nearest = new Float64Array(data.length).fill(Infinity);
  const [cosT, sinT, cosL, sinL] = [Math.cos(TURN), Math.sin(TURN), Math.cos(LIFT), Math.sin(LIFT)];
  for (let i = 0; i < data.length; i++) {
    if (!(data[i]! > 0)) continue;
    const [x, y, z] = [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]! - middle];
    const turned = [cosT * x + sinT * z, -sinT * x + cosT * z] as const;
    const py = cosL * y - sinL * turned[1];
    const pz = sinL * y + cosL * turned[1] + back;
    if (!(pz > 0.1 * middle)) continue;
    const u = Math.floor((focalPx * turned[0]) / pz + width / 2);
    const v = Math.floor((focalPx * py) / pz + height / 2);
    // 2 × 2 pixels a point: no holes where the surface comes nearer than it was seen.
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const [px, row] = [u + dx, v + dy];
      if (px < 0 || row < 0 || px >= width || row >= height) continue;
      const k = row * width + px;
      if (pz >= nearest[k]!) continue;
      nearest[k] = pz;
      for (let c = 0; c < 3; c++) {
        const own = colour.data[3 * i + c]!;
        out[3 * k + c] = filled[i] ? 0.55 * own + 0.45 * [40, 90, 255][c]! : own;
      }
    }
  }
  return { width, height, data: out };
}
