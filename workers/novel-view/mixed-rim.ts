import type { Camera } from '../../core/camera.ts';
import { findDiscontinuities } from '../photo/discontinuities.ts';
import type { Splatted } from './splat.ts';

/**
 * Target pixels beside what is not covered that show the far side of a depth edge's own pixels: a lens mixes the nearer side's colour into
 * these, which stood beside the nearer thing in the picture and would be copied into the hole as its outline.
 * @param inverse 1/z of the source's pixels
 * @returns pixel indices of the target
 */
export function mixedRim(
  { covered, from }: Splatted,
  inverse: Float32Array,
  source: Camera,
): number[] {
  const { width, height } = covered;
  const { far } = findDiscontinuities(inverse, source.width, source.height);
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
