import type { SplatCloud } from '../splat-cloud.ts';
import type { Box } from './in-voxels.ts';
import { forEachRowInBox, sceneIndex } from './scene-index.ts';

/**
 * The selected rows in a box beside which something is not selected, within `size` or a bit more: most of an object
 * borders on nothing, and need not be looked at one by one.
 * @param selection one byte a row
 * @param size world units
 */
export function edgeRows(
  cloud: SplatCloud,
  selection: Uint8Array,
  { low, high }: Box,
  size: number,
): number[] {
  const index = sceneIndex(cloud);
  const s = index.spheres;
  // One cell around, so that no neighbour needs a check.
  const [nx, ny, nz] = [0, 1, 2].map((k) => Math.ceil((high[k]! - low[k]!) / size) + 3) as [
    number,
    number,
    number,
  ];
  const cellOf = (place: number): number => {
    const x = Math.floor((s[place * 4]! - low[0]) / size) + 1;
    const y = Math.floor((s[place * 4 + 1]! - low[1]) / size) + 1;
    const z = Math.floor((s[place * 4 + 2]! - low[2]) / size) + 1;
    return (z * ny + y) * nx + x;
  };
  const near = new Uint8Array(nx * ny * nz);
  const own: number[] = [];
  const cells: number[] = [];
  forEachRowInBox(index, low, high, (row, place) => {
    const cell = cellOf(place);
    if (selection[row] !== 0) {
      own.push(row);
      cells.push(cell);
      return;
    }
    if (near[cell] === 2) return;
    near[cell] = 2;
    for (let z = -1; z <= 1; z++) {
      for (let y = -1; y <= 1; y++) {
        const at = cell + (z * ny + y) * nx;
        for (let k = at - 1; k <= at + 1; k++) if (near[k] === 0) near[k] = 1;
      }
    }
  });
  return own.filter((_, k) => near[cells[k]!] !== 0);
}
