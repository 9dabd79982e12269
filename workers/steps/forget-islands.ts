import { components } from '../../core/components.ts';
import { createMask } from '../../core/image.ts';
import { neighbours } from '../../core/neighbours.ts';

/** An island is at most this share of its surface's largest part, and this much of its shore is another surface's. */
const ISLAND_SHARE = 0.1;
const ISLAND_SHORE = 0.6;

/**
 * A small part of one surface in the midst of another is noise where planes cut, as a wall's plane cuts the floor that
 * goes on under the wall: it is either's, and draws no outline.
 * @param labels one surface a pixel; from `beyond` on no surface; islands become `unknown`
 */
export function forgetIslands(
  labels: Uint8Array,
  beyond: number,
  unknown: number,
  width: number,
): void {
  const height = labels.length / width;
  const labelled = createMask(width, height);
  for (let i = 0; i < labels.length; i++) if (labels[i]! < beyond) labelled.data[i] = 1;
  const parts = components(labelled, (i, j) => labels[i] === labels[j]).map(({ pixels }) => ({
    label: labels[pixels[0]!]!,
    pixels,
  }));
  const largest = new Float64Array(beyond);
  for (const { label, pixels } of parts) largest[label] = Math.max(largest[label]!, pixels.length);
  const seen = labels.slice();
  for (const { label, pixels } of parts) {
    if (pixels.length > ISLAND_SHARE * largest[label]!) continue;
    const shore = new Map<number, number>();
    let total = 0;
    for (const i of pixels) {
      for (const j of neighbours(i, width, seen.length)) {
        const other = seen[j]!;
        if (other === label || other === unknown) continue;
        total++;
        if (other < beyond) shore.set(other, (shore.get(other) ?? 0) + 1);
      }
    }
    if (Math.max(0, ...shore.values()) >= ISLAND_SHORE * total && total > 0)
      for (const i of pixels) labels[i] = unknown;
  }
}
