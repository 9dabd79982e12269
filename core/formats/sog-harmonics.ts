import { SH_REST_COUNT, type SplatCloud } from '../splat-cloud.ts';
import { buildCodebook, buildPalette, nearestInCodebook } from './palette.ts';
import type { PixelSize } from './webp-size.ts';

/** Labels have 16 bits. */
const MAX_ENTRIES = 1 << 16;
const ENTRIES_A_ROW = 64;

export interface SogHarmonics {
  /** meta.json's `shN`, its files left out. */
  count: number;
  bands: number;
  codebook: number[];
  /** RGBA pictures. */
  centroids: PixelSize & { rgba: Uint8Array };
  labels: PixelSize & { rgba: Uint8Array };
}

/**
 * A SOG's harmonics: a palette of at most 65,536 sets of coefficients, each coefficient a byte into a
 * codebook, and a 16-bit label a splat. (splat-transform's own writer clusters by k-means, which
 * without a GPU takes minutes for 8,000 splats of degree 3.)
 * @param order rows in the order of the file's pixels
 * @param size of every picture with a pixel a splat
 */
export async function packHarmonics(
  cloud: SplatCloud,
  order: Uint32Array,
  size: PixelSize,
  signal?: AbortSignal,
): Promise<SogHarmonics> {
  const k = SH_REST_COUNT[cloud.shDegree];
  const palette = await buildPalette(cloud.shRest, 3 * k, MAX_ENTRIES, signal);
  const codebook = buildCodebook(palette.entries);

  const [width, height] = [ENTRIES_A_ROW * k, Math.ceil(palette.count / ENTRIES_A_ROW)];
  const centroids = new Uint8Array(width * height * 4);
  for (let e = 0; e < palette.count; e++) {
    for (let j = 0; j < k; j++) {
      // Entries run along the rows, so that this is the pixel of entry e % 64 in row e / 64.
      const pixel = (e * k + j) * 4;
      for (let c = 0; c < 3; c++) {
        const value = palette.entries[e * 3 * k + c * k + j]!;
        centroids[pixel + c] = nearestInCodebook(codebook, value);
      }
      centroids[pixel + 3] = 255;
    }
  }
  const labels = new Uint8Array(size.width * size.height * 4);
  for (const [i, row] of order.entries()) {
    const label = palette.labels[row]!;
    labels[i * 4] = label & 255;
    labels[i * 4 + 1] = label >> 8;
    labels[i * 4 + 3] = 255;
  }
  return {
    count: palette.count,
    bands: cloud.shDegree,
    codebook: [...codebook],
    centroids: { width, height, rgba: centroids },
    labels: { ...size, rgba: labels },
  };
}
