/** Depths that one view of the sample scene is lifted with, as files. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { writeNpy } from '../../core/depth-files/npy.ts';
import type { ScalarImage } from '../../core/image.ts';
import type { DepthForm } from '../../core/photo-types.ts';
import { type Softness, softRelative } from './soft-depth.ts';

export interface DepthCase {
  name: string;
  path: string;
  depthForm: DepthForm;
  farOverNear?: number;
  /** The scene's unit over that of what is lifted with this depth. */
  unit: number;
}

/** 10 to 90 % of an edge lie within 6 and within 10 pixels. */
const SOFT: Record<string, Softness> = {
  soft: { size: 1 / 2, sigma: 1, warpPx: 1 },
  softer: { size: 1 / 4, sigma: 0.8, warpPx: 2 },
};

/** The ends that relative depth is spread between, as `depthOfRelative` takes them. */
function endsOf({ data }: ScalarImage): [number, number] {
  const sorted = data.slice().sort();
  const last = sorted.length - 1;
  return [sorted[Math.floor(0.01 * last)]!, sorted[Math.ceil(0.99 * last)]!];
}

/** @param depth along z, all known */
export async function writeCases(depth: ScalarImage, folder: string): Promise<DepthCase[]> {
  const { width, height, data } = depth;
  const path = join(folder, 'true.npy');
  await writeFile(path, writeNpy({ shape: [height, width], data }));
  const cases: DepthCase[] = [{ name: 'true', path, depthForm: 'depth', unit: 1 }];
  for (const [name, softness] of Object.entries(SOFT)) {
    const { relative, inverseOf } = softRelative(depth, softness);
    const path = join(folder, `${name}.png`);
    const bytes = Uint8Array.from(relative.data);
    await writeFile(path, encode({ width, height, data: bytes, channels: 1, depth: 8 }));
    const [far, near] = endsOf(relative).map(inverseOf) as [number, number];
    cases.push({
      ...{ name, path, depthForm: 'relative' },
      // What a user would have to guess.
      farOverNear: near / far,
      unit: 1 / near,
    });
  }
  return cases;
}
