import type { Mask } from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';

/**
 * How much more, or less, depth steps across a fill's rim than it should: one number a pair of pixels, relative to depth.
 * A pair is the rim's pixel and the one outside it; outlines and creases of the truth take no part, as its own step is taken off.
 * @param fill where the new splats show, in `result`
 */
export function seamSteps(result: RenderedView, truth: RenderedView, fill: Mask): number[] {
  const { width, height, data } = fill;
  const [a, b] = [result.depthMedian.data, truth.depthMedian.data];
  const out: number[] = [];
  const pair = (inside: number, outside: number) => {
    if (data[outside] !== 0) return;
    const four = [a[inside]!, a[outside]!, b[inside]!, b[outside]!];
    if (!four.every((z) => z > 0)) return;
    const [zi, zo, ti, to] = four as [number, number, number, number];
    out.push(Math.abs(zi / zo - ti / to));
  };
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      for (const step of [1, -1, width, -width]) pair(i, i + step);
    }
  }
  return out;
}
