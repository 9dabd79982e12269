import type { Mask, ScalarImage } from '../../core/image.ts';

/** A surface as creases need it. */
export interface CreaseLayer {
  /** Depth of its plane at every pixel, 0 where rays do not meet it; undefined: no plane. */
  plane: ScalarImage | undefined;
  /** Its depth continued over the hole, 0 elsewhere. */
  depth: ScalarImage;
}

/** Seen pixels of each surface that have to speak for a crease. */
const FEWEST = 20;
/** This share of each surface's pixels must lie on the crease's own side. */
const AGREED = 0.95;

/**
 * Two planes that meet, as a wall and a floor do, part where they cut: of an inner corner one sees the nearer plane, of
 * an outer one the farther. Which it is (or neither: a table's edge before a floor) the seen pixels on both sides say.
 * Sets the labels of the wanted pixels that either of such a pair holds; an outline drawn on as a line is less exact.
 * @param labels one layer a pixel; changed in place
 * @param wanted pixels whose label was continued, not seen
 * @param reach seen pixels count where the two planes are this near each other along the ray, world units
 */
export function cutAtCreases(
  labels: Uint8Array,
  wanted: Mask,
  layers: readonly CreaseLayer[],
  reach: number,
): void {
  const creases: { a: number; b: number; nearer: boolean }[] = [];
  for (let a = 0; a < layers.length; a++) {
    for (let b = a + 1; b < layers.length; b++) {
      const nearer = seenSide(labels, wanted, layers, a, b, reach);
      if (nearer !== undefined) creases.push({ a, b, nearer });
    }
  }
  // In a room's corner three planes cut each other: one crease's answer is the next one's question.
  for (let pass = 0; pass < creases.length; pass++) {
    let changed = false;
    for (const { a, b, nearer } of creases) {
      const da = layers[a]!.depth.data;
      const db = layers[b]!.depth.data;
      for (let i = 0; i < labels.length; i++) {
        if (wanted.data[i] === 0 || (labels[i] !== a && labels[i] !== b)) continue;
        if (!(da[i]! > 0 && db[i]! > 0)) continue;
        const label = da[i]! < db[i]! === nearer ? a : b;
        changed ||= label !== labels[i];
        labels[i] = label;
      }
    }
    if (!changed) return;
  }
}

/** Whether the nearer of two planes is the one that is seen, at every crease pixel; undefined where they make no crease. */
function seenSide(
  labels: Uint8Array,
  wanted: Mask,
  layers: readonly CreaseLayer[],
  a: number,
  b: number,
  reach: number,
): boolean | undefined {
  const pa = layers[a]!.plane?.data;
  const pb = layers[b]!.plane?.data;
  if (pa === undefined || pb === undefined) return undefined;
  const counts = { a: 0, b: 0 };
  const nearer = { a: 0, b: 0 };
  for (let i = 0; i < labels.length; i++) {
    if (wanted.data[i] !== 0 || (labels[i] !== a && labels[i] !== b)) continue;
    if (!(pa[i]! > 0 && pb[i]! > 0) || Math.abs(pa[i]! - pb[i]!) > reach) continue;
    const own = labels[i] === a ? 'a' : 'b';
    counts[own]++;
    if (pa[i]! < pb[i]! === (own === 'a')) nearer[own]++;
  }
  if (counts.a < FEWEST || counts.b < FEWEST) return undefined;
  const [sa, sb] = [nearer.a / counts.a, nearer.b / counts.b];
  if (sa >= AGREED && sb >= AGREED) return true;
  if (sa <= 1 - AGREED && sb <= 1 - AGREED) return false;
  return undefined;
}
