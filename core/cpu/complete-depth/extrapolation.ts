import { FREE, KNOWN, OUT } from './classify.ts';

/**
 * How far each free pixel lies outside what the known pixels enclose, in pixels; 0 on known pixels.
 *
 * The picture coordinates themselves are extended harmonically from the known pixels with free boundaries. A linear
 * function is harmonic, so inside an enclosed hole the extension equals the coordinate; where only one side is known
 * it stays behind, by just the length over which a slope would be extrapolated. Solved coarse to fine with few
 * Gauss–Seidel sweeps a level: it steers a weight, two digits are plenty.
 *
 * @param role OUT, KNOWN or FREE, width × height
 */
export function extrapolationPx(role: Uint8Array, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  if (!touchesOpenBoundary(role, width, height)) return out;
  const { x, y } = extend(startLevel(role, width, height));
  for (let i = 0; i < out.length; i++) {
    if (role[i] !== FREE) continue;
    const dx = x[i]! - (i % width);
    const dy = y[i]! - Math.floor(i / width);
    out[i] = Math.hypot(dx, dy);
  }
  return out;
}

/** False when every free pixel has four neighbours that take part: then nothing is extrapolated. */
function touchesOpenBoundary(role: Uint8Array, width: number, height: number): boolean {
  for (let i = 0; i < role.length; i++) {
    if (role[i] !== FREE) continue;
    const x = i % width;
    const y = Math.floor(i / width);
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return true;
    if (role[i - 1] === OUT || role[i + 1] === OUT) return true;
    if (role[i - width] === OUT || role[i + width] === OUT) return true;
  }
  return false;
}

interface Level {
  role: Uint8Array;
  width: number;
  height: number;
  x: Float32Array;
  y: Float32Array;
}

function startLevel(role: Uint8Array, width: number, height: number): Level {
  const x = new Float32Array(role.length);
  const y = new Float32Array(role.length);
  for (let i = 0; i < role.length; i++) {
    x[i] = i % width;
    y[i] = Math.floor(i / width);
  }
  return { role, width, height, x, y };
}

/** A coarse pixel is known where any child is, at the mean of its known children; free where any child is free. */
function coarsen(fine: Level): Level {
  const width = (fine.width + 1) >> 1;
  const height = (fine.height + 1) >> 1;
  const n = width * height;
  const role = new Uint8Array(n);
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  for (let cy = 0; cy < height; cy++) {
    for (let cx = 0; cx < width; cx++) {
      let best = OUT;
      let sumX = 0;
      let sumY = 0;
      let count = 0;
      for (let k = 0; k < 4; k++) {
        const px = 2 * cx + (k & 1);
        const py = 2 * cy + (k >> 1);
        if (px >= fine.width || py >= fine.height) continue;
        const i = py * fine.width + px;
        const r = fine.role[i]!;
        if (r === OUT) continue;
        if (r === KNOWN && best !== KNOWN) {
          best = KNOWN;
          sumX = 0;
          sumY = 0;
          count = 0;
        } else if (best === OUT) best = r;
        if (r !== best) continue;
        sumX += fine.x[i]!;
        sumY += fine.y[i]!;
        count++;
      }
      const c = cy * width + cx;
      role[c] = best;
      if (count > 0) {
        x[c] = sumX / count;
        y[c] = sumY / count;
      }
    }
  }
  return { role, width, height, x, y };
}

const SWEEPS = 12;

function extend(level: Level): { x: Float32Array; y: Float32Array } {
  const { role, width, height, x, y } = level;
  if (width > 2 || height > 2) {
    const coarse = coarsen(level);
    extend(coarse);
    for (let i = 0; i < role.length; i++) {
      if (role[i] !== FREE) continue;
      const c = (Math.floor(i / width) >> 1) * coarse.width + ((i % width) >> 1);
      x[i] = coarse.x[c]!;
      y[i] = coarse.y[c]!;
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = (sweep & 1) === 0;
    for (let k = 0; k < role.length; k++) {
      const i = forward ? k : role.length - 1 - k;
      if (role[i] !== FREE) continue;
      const px = i % width;
      let sumX = 0;
      let sumY = 0;
      let count = 0;
      if (px > 0 && role[i - 1] !== OUT) {
        sumX += x[i - 1]!;
        sumY += y[i - 1]!;
        count++;
      }
      if (px < width - 1 && role[i + 1] !== OUT) {
        sumX += x[i + 1]!;
        sumY += y[i + 1]!;
        count++;
      }
      if (i >= width && role[i - width] !== OUT) {
        sumX += x[i - width]!;
        sumY += y[i - width]!;
        count++;
      }
      if (i < width * (height - 1) && role[i + width] !== OUT) {
        sumX += x[i + width]!;
        sumY += y[i + width]!;
        count++;
      }
      if (count === 0) continue;
      x[i] = sumX / count;
      y[i] = sumY / count;
    }
  }
  return { x, y };
}
