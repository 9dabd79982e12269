/** Nearest set pixel of every pixel, by two-pass vector propagation (Danielsson 1980, 8 neighbours). */

export interface NearestField {
  /** Index of the nearest set pixel, −1 where none is set. */
  index: Int32Array;
  /** Distance to it in pixels, Infinity where none is set. */
  distancePx: Float32Array;
}

/**
 * @param isSet one byte a pixel, non-zero = set, width × height
 * Distances are exact but for rare cases where they are too large by less than 0.1 px.
 */
export function nearestSet(isSet: Uint8Array, width: number, height: number): NearestField {
  const n = width * height;
  const index = new Int32Array(n).fill(-1);
  const best = new Float64Array(n).fill(Infinity);
  for (let i = 0; i < n; i++) {
    if (isSet[i] !== 0) {
      index[i] = i;
      best[i] = 0;
    }
  }
  const offer = (i: number, x: number, y: number, from: number): void => {
    const source = index[from]!;
    if (source < 0) return;
    const dx = (source % width) - x;
    const dy = Math.floor(source / width) - y;
    const d = dx * dx + dy * dy;
    if (d < best[i]!) {
      best[i] = d;
      index[i] = source;
    }
  };
  for (let pass = 0; pass < 2; pass++) {
    const down = pass === 0;
    const step = down ? -width : width;
    for (let row = 0; row < height; row++) {
      const y = down ? row : height - 1 - row;
      const inside = down ? y > 0 : y < height - 1;
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        if (inside) {
          offer(i, x, y, i + step);
          if (x > 0) offer(i, x, y, i + step - 1);
          if (x < width - 1) offer(i, x, y, i + step + 1);
        }
        if (x > 0) offer(i, x, y, i - 1);
      }
      for (let x = width - 2; x >= 0; x--) {
        const i = y * width + x;
        offer(i, x, y, i + 1);
      }
    }
  }
  const distancePx = new Float32Array(n);
  for (let i = 0; i < n; i++) distancePx[i] = Math.sqrt(best[i]!);
  return { index, distancePx };
}
