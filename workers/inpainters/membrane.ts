/**
 * Takes a filled hole's brightness step away: what the fill is wrong by at the hole's rim, smoothed along the rim, is
 * spread over the hole by a membrane. This equals Poisson cloning (Pérez, Gangnet, Blake, SIGGRAPH 2003) of the
 * filled picture into the known one.
 */
import { fillHarmonic, HOLE, KNOWN, OUT } from './harmonic.ts';

/** Rim pixels within this much are averaged: longer than texture, shorter than shading. */
const SMOOTH_PX = 8;

/** A hole and what is known of the fill's error around it. */
export interface RimErrors {
  width: number;
  height: number;
  /** Pixel indices of the hole. */
  hole: ArrayLike<number> & Iterable<number>;
  /** Pixel indices outside it whose error is known. */
  rim: ArrayLike<number> & Iterable<number>;
  /** What is to be added to the fill, three a rim pixel. */
  errors: Float32Array;
}

/**
 * The errors, averaged along the rim.
 * @param limit largest change a channel, and the scale from which on an error is thought to be another object and left out
 * @returns three a rim pixel
 */
export function smoothAlongRim(
  { width, height, rim, errors }: RimErrors,
  limit: number,
): Float32Array {
  // Sums of the error on a grid of cells: a rim pixel's mean is taken over its 3 × 3 cells.
  const cw = Math.ceil(width / SMOOTH_PX);
  const ch = Math.ceil(height / SMOOTH_PX);
  const sums = new Float64Array(cw * ch * 4);
  for (let k = 0; k < rim.length; k++) {
    const i = rim[k]!;
    const cell = (((i / width / SMOOTH_PX) | 0) * cw + (((i % width) / SMOOTH_PX) | 0)) * 4;
    const r = errors[k * 3]!;
    const g = errors[k * 3 + 1]!;
    const b = errors[k * 3 + 2]!;
    // A large error is another object at the rim, not shading: it must not bleed into the hole.
    const w = Math.exp(-(r * r + g * g + b * b) / (limit * limit));
    sums[cell]! += w * r;
    sums[cell + 1]! += w * g;
    sums[cell + 2]! += w * b;
    sums[cell + 3]! += 1;
  }
  const smooth = new Float32Array(rim.length * 3);
  for (let k = 0; k < rim.length; k++) {
    const i = rim[k]!;
    const x = i % width;
    const y = (i / width) | 0;
    const near = (v: number, n: number) => [
      Math.max(0, Math.floor(v / SMOOTH_PX) - 1),
      Math.min(n - 1, Math.floor(v / SMOOTH_PX) + 2),
    ];
    const [u0, u1] = near(x, cw) as [number, number];
    const [v0, v1] = near(y, ch) as [number, number];
    let total = 0;
    for (let v = v0; v <= v1; v++) {
      const fy = 1 - Math.abs(y / SMOOTH_PX - v - 0.5) / 1.5;
      if (fy <= 0) continue;
      for (let u = u0; u <= u1; u++) {
        const fx = 1 - Math.abs(x / SMOOTH_PX - u - 0.5) / 1.5;
        if (fx <= 0) continue;
        const cell = (v * cw + u) * 4;
        total += fx * fy * sums[cell + 3]!;
        for (let c = 0; c < 3; c++) smooth[k * 3 + c]! += fx * fy * sums[cell + c]!;
      }
    }
    for (let c = 0; c < 3; c++) {
      const mean = total > 0 ? smooth[k * 3 + c]! / total : 0;
      smooth[k * 3 + c] = Math.max(-limit, Math.min(limit, mean));
    }
  }
  return smooth;
}

/** The rim's errors carried over the hole by a membrane. @returns width × height × 3; of meaning at the hole and the rim */
export function spreadRimErrors({ width, height, hole, rim, errors }: RimErrors): Float32Array {
  const field = {
    width,
    height,
    channels: 3,
    values: new Float32Array(width * height * 3),
    state: new Uint8Array(width * height).fill(OUT),
  };
  for (const i of hole) field.state[i] = HOLE;
  for (let k = 0; k < rim.length; k++) {
    const i = rim[k]!;
    field.state[i] = KNOWN;
    for (let c = 0; c < 3; c++) field.values[i * 3 + c] = errors[k * 3 + c]!;
  }
  fillHarmonic(field, 0);
  return field.values;
}
