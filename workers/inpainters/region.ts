/** Splits a mask into holes that can be filled one by one, and finds how much around each is needed. */
import type { Rect } from '../../core/image.ts';
import { HOLE, KNOWN } from './harmonic.ts';

/** Hole pixels nearer to each other than this are filled together (their patches may overlap). */
const BLOCK_PX = 16;

/**
 * Groups hole pixels whose 16 px blocks touch.
 * @param state KNOWN, HOLE or OUT a pixel
 * @returns pixel indices of each group, ascending; groups in row-major order of their first block
 */
export function groupHoles(state: Uint8Array, width: number, height: number): Int32Array[] {
  const bw = Math.ceil(width / BLOCK_PX);
  const bh = Math.ceil(height / BLOCK_PX);
  const counts = new Int32Array(bw * bh);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (state[y * width + x] === HOLE)
        counts[((y / BLOCK_PX) | 0) * bw + ((x / BLOCK_PX) | 0)]!++;
    }
  }
  const seen = new Uint8Array(bw * bh);
  const groups: Int32Array[] = [];
  for (let start = 0; start < counts.length; start++) {
    if (counts[start] === 0 || seen[start]) continue;
    const blocks = [start];
    seen[start] = 1;
    let total = 0;
    for (let k = 0; k < blocks.length; k++) {
      const b = blocks[k]!;
      total += counts[b]!;
      const bx = b % bw;
      const by = (b / bw) | 0;
      for (let v = Math.max(0, by - 1); v <= Math.min(bh - 1, by + 1); v++) {
        for (let u = Math.max(0, bx - 1); u <= Math.min(bw - 1, bx + 1); u++) {
          const n = v * bw + u;
          if (counts[n] === 0 || seen[n]) continue;
          seen[n] = 1;
          blocks.push(n);
        }
      }
    }
    const pixels = new Int32Array(total);
    let at = 0;
    for (const b of blocks) {
      const x0 = (b % bw) * BLOCK_PX;
      const y0 = ((b / bw) | 0) * BLOCK_PX;
      for (let y = y0; y < Math.min(height, y0 + BLOCK_PX); y++) {
        for (let x = x0; x < Math.min(width, x0 + BLOCK_PX); x++) {
          if (state[y * width + x] === HOLE) pixels[at++] = y * width + x;
        }
      }
    }
    groups.push(pixels.sort());
  }
  return groups;
}

/** Chessboard distance of every pixel to the nearest KNOWN one; a large number where there is none. */
export function distanceToKnown(state: Uint8Array, width: number, height: number): Int32Array {
  const far = width + height;
  const distance = new Int32Array(width * height).fill(far);
  const visit = (x: number, y: number, dy: number, dx: number) => {
    const i = y * width + x;
    if (state[i] === KNOWN) {
      distance[i] = 0;
      return;
    }
    let best = distance[i]!;
    const row = y + dy;
    if (row >= 0 && row < height) {
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        best = Math.min(best, distance[row * width + u]! + 1);
      }
    }
    const side = x + dx;
    if (side >= 0 && side < width) best = Math.min(best, distance[y * width + side]! + 1);
    distance[i] = best;
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) visit(x, y, -1, -1);
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) visit(x, y, 1, 1);
  return distance;
}

/** A rectangle's part of one byte a pixel: states, or a mask's. */
export function cutBytes(data: Uint8Array, width: number, rect: Rect): Uint8Array<ArrayBuffer> {
  const w = rect.x1 - rect.x0;
  const part = new Uint8Array(w * (rect.y1 - rect.y0));
  for (let y = rect.y0; y < rect.y1; y++) {
    part.set(data.subarray(y * width + rect.x0, y * width + rect.x1), (y - rect.y0) * w);
  }
  return part;
}

/** The rectangle grown by `margin` and clipped to the picture. */
export function growRect(rect: Rect, margin: number, width: number, height: number): Rect {
  return {
    x0: Math.max(0, rect.x0 - margin),
    y0: Math.max(0, rect.y0 - margin),
    x1: Math.min(width, rect.x1 + margin),
    y1: Math.min(height, rect.y1 + margin),
  };
}
