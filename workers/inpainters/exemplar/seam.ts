/**
 * Takes the brightness step out of the hole's rim. The patches that overlap the rim also predict the known
 * pixels outside it; their error there, smoothed along the rim, is spread over the hole by a membrane.
 * This equals Poisson cloning (Pérez, Gangnet, Blake, SIGGRAPH 2003) of the filled picture into the known one.
 */
import { fillHarmonic, HOLE, KNOWN, OUT } from './harmonic.ts';
import { CHANNELS, type Level } from './level.ts';
import type { Matcher } from './matcher.ts';
import { vote } from './vote.ts';

/** Rim pixels within this much are averaged: longer than texture, shorter than shading. */
const SMOOTH_PX = 8;

/** Adds the correction to the hole's colours in `level.data`. @param limit largest change a channel */
export function correctSeam(level: Level, matcher: Matcher, limit: number): void {
  const { width, height, data, state, targets } = level;
  const rim = targets.filter((t) => state[t] === KNOWN);
  if (rim.length === 0) return;
  const predicted = new Float32Array(data.length);
  vote(level, matcher, rim, predicted, 0);

  // Sums of the error on a grid of cells: a rim pixel's mean is taken over its 3 × 3 cells.
  const cw = Math.ceil(width / SMOOTH_PX);
  const ch = Math.ceil(height / SMOOTH_PX);
  const sums = new Float64Array(cw * ch * 4);
  for (const i of rim) {
    const cell = (((i / width / SMOOTH_PX) | 0) * cw + (((i % width) / SMOOTH_PX) | 0)) * 4;
    const r = data[i * CHANNELS]! - predicted[i * CHANNELS]!;
    const g = data[i * CHANNELS + 1]! - predicted[i * CHANNELS + 1]!;
    const b = data[i * CHANNELS + 2]! - predicted[i * CHANNELS + 2]!;
    // A large error is another object at the rim, not shading: it must not bleed into the hole.
    const w = Math.exp(-(r * r + g * g + b * b) / (limit * limit));
    sums[cell]! += w * r;
    sums[cell + 1]! += w * g;
    sums[cell + 2]! += w * b;
    sums[cell + 3]! += 1;
  }
  const field = {
    width,
    height,
    channels: 3,
    values: new Float32Array(width * height * 3),
    state: new Uint8Array(width * height).fill(OUT),
  };
  for (const i of level.holePixels) field.state[i] = HOLE;
  for (const i of rim) {
    const x = i % width;
    const y = (i / width) | 0;
    field.state[i] = KNOWN;
    let total = 0;
    for (let v = 0; v < ch; v++) {
      const fy = 1 - Math.abs(y / SMOOTH_PX - v - 0.5) / 1.5;
      if (fy <= 0) continue;
      for (let u = 0; u < cw; u++) {
        const fx = 1 - Math.abs(x / SMOOTH_PX - u - 0.5) / 1.5;
        if (fx <= 0) continue;
        const cell = (v * cw + u) * 4;
        total += fx * fy * sums[cell + 3]!;
        for (let c = 0; c < 3; c++) field.values[i * 3 + c]! += fx * fy * sums[cell + c]!;
      }
    }
    for (let c = 0; c < 3; c++) {
      const mean = total > 0 ? field.values[i * 3 + c]! / total : 0;
      field.values[i * 3 + c] = Math.max(-limit, Math.min(limit, mean));
    }
  }
  fillHarmonic(field, 0);
  for (const i of level.holePixels) {
    for (let c = 0; c < 3; c++) data[i * CHANNELS + c]! += field.values[i * 3 + c]!;
  }
}
