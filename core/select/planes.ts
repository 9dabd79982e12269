import { createRandom } from '../random.ts';
import { bodiedShare, partsOf, ringCover, takeBand, thickness } from './plane-band.ts';
import { bestPlane, type Plane } from './plane-search.ts';
import type { VoxelBall } from './voxels.ts';

/** A plane with the surface's matter about it: surfaces of scans have a thickness. */
export interface Slab extends Plane {
  /** Signed distances along the normal between which the surface's own matter lies, world units; low < 0 < high. */
  low: number;
  high: number;
  /** Share of the ring around the inner ball that it covers, 0..1. */
  spread: number;
}

const MAX_PLANES = 8;

/** Signed distance of a point from the slab's plane, world units. */
export function slabDistance({ normal: n, offset }: Slab, x: number, y: number, z: number): number {
  return n[0] * x + n[1] * y + n[2] * z - offset;
}

/** Slabs and whose each voxel is. */
export interface SlabFinding {
  slabs: Slab[];
  /** One byte a voxel: 1 + number of its slab, 0 = none. */
  barrier: Uint8Array;
}

/**
 * The big flat surfaces in a ball of the scene: those that go on well beyond the inner ball, covering
 * at least `minSpread` of the ring between it and the border. An object that ends within the inner
 * ball has no part in that ring, so its own flat sides never count; and where such a plane, carried
 * on, cuts through an object's body, that cut is no part of the surface.
 * @param inner radius of the inner ball, world units
 */
export function findSlabs(ball: VoxelBall, inner: number, minSpread: number): SlabFinding {
  const random = createRandom(7);
  const slabs: Slab[] = [];
  const barrier = new Uint8Array(ball.count);
  let rows: Int32Array = new Int32Array(ball.count);
  for (let v = 0; v < rows.length; v++) rows[v] = v;
  const room = new Int32Array(ball.count);
  const inBand = new Uint8Array(ball.count);
  const leastVoxels =
    (minSpread * Math.PI * (ball.radius ** 2 - inner ** 2)) / (1.5 * ball.size) ** 2;
  for (let k = 0; k < MAX_PLANES && rows.length >= leastVoxels; k++) {
    const plane = bestPlane(ball, rows, random);
    if (!plane) break;
    const band = thickness(ball, plane, inner);
    inBand.fill(0);
    const taken = band ?? { low: -ball.size, high: ball.size };
    const count = takeBand(ball, rows, plane, taken, room, inBand);
    if (count < leastVoxels) break;
    const inside = room.subarray(0, count);
    let left = rows.length - count;
    // What is covered by all that lies in it may be so by parts that have nothing to do with each other.
    const covers = band !== undefined && ringCover(ball, inside, plane, inner) >= minSpread;
    const found = covers ? partsOf(ball, inside) : [];
    const spread = covers ? ringCover(ball, found[0]!, plane, inner) : 0;
    if (band === undefined || spread < minSpread) {
      rows = rows.subarray(0, left);
      continue;
    }
    slabs.push({ ...plane, ...band, spread });
    for (const part of found) {
      const reachesRing = part.some((v) => ball.distances[v]! > inner);
      if (!reachesRing && bodiedShare(ball, part, inBand, barrier) > 0.5) {
        rows.set(part, left);
        left += part.length;
        continue;
      }
      for (let j = 0; j < part.length; j++) barrier[part[j]!] = slabs.length;
    }
    rows = rows.subarray(0, left);
  }
  return { slabs, barrier };
}
