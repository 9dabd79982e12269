/** A surface's look without its texture: what is left is paint and light. */
import type { PlanePicture } from './plane-picture.ts';

/** Cells that are looked at to each side, and the standard deviation of their weights. */
const REACH = 6;
const SIGMA = 2.5;
/** Log brightness by which cells may differ and still count as one: below a shadow's step, above most texture. */
const RANGE = 0.12;

/** Bilateral filter (Tomasi and Manduchi 1998) of the log colours, guided by their own mean over 3 × 3 cells. 3 a cell. */
export function smoothLook({ side, weight, logColour }: PlanePicture): Float32Array {
  const guide = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let [sum, all] = [0, 0];
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= side || ny >= side) continue;
          const j = ny * side + nx;
          sum +=
            (weight[j]! * (logColour[3 * j]! + logColour[3 * j + 1]! + logColour[3 * j + 2]!)) / 3;
          all += weight[j]!;
        }
      }
      guide[y * side + x] = all > 0 ? sum / all : 0;
    }
  }
  const out = new Float32Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      if (weight[i] === 0) continue;
      let [r, g, b, all] = [0, 0, 0, 0];
      for (let dy = -REACH; dy <= REACH; dy++) {
        for (let dx = -REACH; dx <= REACH; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= side || ny >= side) continue;
          const j = ny * side + nx;
          if (weight[j] === 0) continue;
          const d = (guide[j]! - guide[i]!) / RANGE;
          const v = weight[j]! * Math.exp(-(dx * dx + dy * dy) / (2 * SIGMA * SIGMA) - 0.5 * d * d);
          r += v * logColour[3 * j]!;
          g += v * logColour[3 * j + 1]!;
          b += v * logColour[3 * j + 2]!;
          all += v;
        }
      }
      out[3 * i] = r / all;
      out[3 * i + 1] = g / all;
      out[3 * i + 2] = b / all;
    }
  }
  return out;
}
