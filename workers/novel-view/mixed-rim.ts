import type { Mask } from '../../core/image.ts';
import type { Splatted } from './splat.ts';

/**
 * Target pixels beside what is not covered that show the far side of a depth edge's own pixels: a lens mixes the nearer side's colour into
 * these, which stood beside the nearer thing in the picture and would be copied into the hole as its outline.
 * @param far the farther sides of the source's edges
 * @returns pixel indices of the target
 */
export function mixedRim({ covered, from }: Splatted, far: Mask): number[] {
  const { width, height } = covered;
  const out: number[] = [];
  for (let p = 0; p < from.length; p++) {
    if (covered.data[p] === 0 || far.data[from[p]!] === 0) continue;
    const x = p % width;
    const y = (p - x) / width;
    let open = false;
    for (let dy = y > 0 ? -1 : 0; dy <= (y < height - 1 ? 1 : 0); dy++) {
      for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
        if (covered.data[p + dy * width + dx] === 0) open = true;
      }
    }
    if (open) out.push(p);
  }
  return out;
}
