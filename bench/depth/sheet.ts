import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encode } from 'fast-png';
import { DEPTH_MAP } from '../../core/colour-map.ts';
import { mappedPicture, type Picture, picturesInRows, rgbPicture } from '../../core/pictures.ts';

/** One sample as it goes on a sheet. All width × height. */
export interface SheetSample {
  width: number;
  height: number;
  rgb: Float32Array;
  truth: Float32Array;
  /** 1 = hidden. */
  mask: Uint8Array;
  baseline: Float32Array;
  ours: Float32Array;
}

const GAP = 4;

/** A PNG of one row a sample: colour, given depth, truth, baseline, ours, our error (white = 25 % or more). */
export async function writeSheet(path: string, samples: readonly SheetSample[]): Promise<void> {
  await writePanels(path, samples.map(panels));
}

/** A PNG of rows of pictures of one size. */
export async function writePanels(
  path: string,
  rows: readonly (readonly Picture[])[],
): Promise<void> {
  const { width, height, data } = picturesInRows(rows, GAP);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, encode({ width, height, data, channels: 3, depth: 8 }));
}

function panels(s: SheetSample): Picture[] {
  const { width, height, mask, truth } = s;
  const image = (data: Float32Array) => ({ width, height, data });
  const known = truth.filter((z) => z > 0).sort();
  const range = {
    low: known[Math.floor(known.length * 0.02)]!,
    high: known[Math.floor(known.length * 0.98)]!,
  };
  const depth = (data: Float32Array) => mappedPicture(image(data), DEPTH_MAP, range, undefined, 0);
  const error = truth.map((z, i) => (mask[i] && z > 0 ? Math.abs(s.ours[i]! - z) / z : 0));
  return [
    rgbPicture(image(s.rgb)),
    depth(truth.map((z, i) => (mask[i] ? 0 : z))),
    depth(truth),
    depth(s.baseline),
    depth(s.ours),
    rgbPicture(
      image(
        Float32Array.from({ length: 3 * error.length }, (_, k) => 4 * error[Math.floor(k / 3)]!),
      ),
    ),
  ];
}
