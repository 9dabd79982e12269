import type { Mask } from './image.ts';

/** One connected region of a mask. */
export interface Component {
  /** Pixel indices. */
  pixels: Int32Array;
  touchesBorder: boolean;
}

/**
 * Connected regions of the set pixels.
 * @param joined optional further condition for two neighbouring pixels (indices) to be connected
 * @param corners whether pixels that touch by a corner alone are neighbours too (8-connected)
 */
export function components(
  mask: Mask,
  joined?: (i: number, j: number) => boolean,
  corners = false,
): Component[] {
  const { width, height, data } = mask;
  const seen = new Uint8Array(width * height);
  const queue = new Int32Array(width * height);
  const out: Component[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] !== 0 || data[start] === 0) continue;
    let head = 0;
    let tail = 0;
    let touchesBorder = false;
    queue[tail++] = start;
    seen[start] = 1;
    const visit = (i: number, j: number) => {
      if (seen[j] !== 0 || data[j] === 0 || (joined !== undefined && !joined(i, j))) return;
      seen[j] = 1;
      queue[tail++] = j;
    };
    while (head < tail) {
      const i = queue[head++]!;
      const x = i % width;
      const y = (i - x) / width;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) touchesBorder = true;
      if (x > 0) visit(i, i - 1);
      if (x < width - 1) visit(i, i + 1);
      if (y > 0) visit(i, i - width);
      if (y < height - 1) visit(i, i + width);
      if (!corners) continue;
      if (x > 0 && y > 0) visit(i, i - width - 1);
      if (x < width - 1 && y > 0) visit(i, i - width + 1);
      if (x > 0 && y < height - 1) visit(i, i + width - 1);
      if (x < width - 1 && y < height - 1) visit(i, i + width + 1);
    }
    out.push({ pixels: queue.slice(0, tail), touchesBorder });
  }
  return out;
}
