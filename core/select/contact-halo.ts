import type { Vec3 } from '../camera.ts';
import { HIDDEN, LOCKED, type Marks } from '../marks.ts';
import { measureObject } from '../object-shape.ts';
import { breathe, throwIfCancelled } from '../progress.ts';
import { createRandom } from '../random.ts';
import type { Selection } from '../selection.ts';
import { colourOf, type SplatCloud, takeSplats } from '../splat-cloud.ts';
import { neighbourGrid } from './neighbour-grid.ts';
import { forEachRowInBox, sceneIndex } from './scene-index.ts';

/** How far around the object its halo is looked for, and from where to where what is beside it tells how it should look; in its radii. */
const REACH = 0.5;
const RING: readonly [number, number] = [0.6, 1.1];
/** At most so many splats of the ring are asked, and of them the nearest so many count. */
const MOST_ASKED = 800;
const NEAREST = 31;
/** A shadow is darker than what is beside it by this factor at least … */
const SHADOW = 0.86;
/** … in all channels alike: their factors differ by no more than this one. */
const SHADOW_HUE = 1.8;
/** Bleeding: a colour this far from what is beside it (Euclidean, 0..1 a channel), and nearer to the object's unless within it. */
const BLEED = 0.12;
/** A splat half of whose neighbours are the halo's is the halo's too. */
const MAJORITY = 0.5;
const DARK = 0.02;
/** Splats between two breaths: under 100 ms. */
const SLICE = 256;

/**
 * The contact shadow and the colour that a capture has spread from an object onto what it stands on: splats around a
 * selection that are darker than the same surface further out, or coloured half way to the object, and hang together
 * with it. What they look like further out is told by the nearest splats of a ring around.
 * @param marks hidden splats are not there, locked ones stay
 * @returns rows that are not selected, in no order
 * @throws SplatmendError `cancelled`
 */
export async function contactHalo(
  cloud: SplatCloud,
  selection: Selection,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<number[]> {
  const own: number[] = [];
  for (let i = 0; i < selection.length; i++) if (selection[i] !== 0) own.push(i);
  if (own.length === 0) return [];
  const shape = measureObject(takeSplats(cloud, Uint32Array.from(own)));
  const reach = REACH * shape.radius;
  const [from, to] = RING.map((r) => r * shape.radius) as [number, number];
  const p = cloud.positions;
  const corner = (sign: number) =>
    shape.center.map((c) => c + sign * (shape.radius + to)) as unknown as Vec3;
  const near: number[] = [];
  const within = new Set<number>();
  const ring: number[] = [];
  forEachRowInBox(sceneIndex(cloud), corner(-1), corner(1), (row) => {
    if (selection[row] !== 0 || ((marks?.[row] ?? 0) & (HIDDEN | LOCKED)) !== 0) return;
    const far = shape.outside(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
    if (far <= 0) within.add(row);
    if (far <= reach) near.push(row);
    else if (far >= from && far <= to) ring.push(row);
  });
  if (ring.length < NEAREST) return [];

  const suspect = new Set<number>();
  const asked = sampled(ring, MOST_ASKED);
  const objectLook = meanLook(cloud, own);
  for (const [k, row] of near.entries()) {
    if (k % SLICE === SLICE - 1) {
      await breathe();
      throwIfCancelled(signal);
    }
    const beside = lookBeside(cloud, asked, row);
    if (isHalo(lookOf(cloud, row), beside, objectLook, within.has(row))) suspect.add(row);
  }
  return hangTogether(cloud, selection, own, near, suspect);
}

type Look = [number, number, number];

const lookOf = ({ dc }: SplatCloud, i: number): Look => [
  colourOf(dc[3 * i]!),
  colourOf(dc[3 * i + 1]!),
  colourOf(dc[3 * i + 2]!),
];

function meanLook(cloud: SplatCloud, rows: readonly number[]): Look {
  const sum: Look = [0, 0, 0];
  for (const row of rows) {
    const look = lookOf(cloud, row);
    for (let k = 0; k < 3; k++) sum[k]! += look[k]! / rows.length;
  }
  return sum;
}

const apart = (a: Look, b: Look) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function isHalo(look: Look, beside: Look, object: Look, within: boolean): boolean {
  const shares = look.map((v, k) => (v + DARK) / (beside[k]! + DARK));
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  if (least > 0 && most < SHADOW && most < SHADOW_HUE * least) return true;
  const off = apart(look, beside);
  return off > BLEED && (within || apart(look, object) < off);
}

/** Evenly many of the rows, the same ones each time. */
function sampled(rows: number[], most: number): number[] {
  if (rows.length <= most) return rows;
  const random = createRandom(1);
  return rows.filter(() => random() < most / rows.length);
}

/** Median colour, a channel, of the nearest splats that are asked. */
function lookBeside(cloud: SplatCloud, asked: readonly number[], row: number): Look {
  const p = cloud.positions;
  const [x, y, z] = [p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!];
  const distances = new Float64Array(asked.length);
  for (let k = 0; k < asked.length; k++) {
    const i = 3 * asked[k]!;
    distances[k] = (p[i]! - x) ** 2 + (p[i + 1]! - y) ** 2 + (p[i + 2]! - z) ** 2;
  }
  const limit = distances.slice().sort()[Math.min(NEAREST, asked.length) - 1]!;
  const looks: Look[] = [];
  for (let k = 0; k < asked.length; k++) {
    if (distances[k]! <= limit) looks.push(lookOf(cloud, asked[k]!));
  }
  return [0, 1, 2].map(
    (k) => looks.map((l) => l[k]!).sort((a, b) => a - b)[looks.length >> 1]!,
  ) as Look;
}

/** Of the suspects those that hang on to the selection by each other, and what they surround. */
function hangTogether(
  cloud: SplatCloud,
  selection: Selection,
  own: readonly number[],
  near: readonly number[],
  suspect: Set<number>,
): number[] {
  const grid = neighbourGrid(cloud);
  const halo = new Set<number>();
  let edge = own;
  while (edge.length > 0) {
    const next: number[] = [];
    for (const row of edge) {
      grid.some(row, (other) => {
        if (suspect.has(other) && !halo.has(other)) {
          halo.add(other);
          next.push(other);
        }
        return false;
      });
    }
    edge = next;
  }
  const filled = near.filter((row) => {
    if (halo.has(row)) return false;
    let [all, ofHalo] = [0, 0];
    grid.some(row, (other) => {
      all++;
      if (halo.has(other) || selection[other] !== 0) ofHalo++;
      return false;
    });
    // One that is alone this near to the object is a speck of it.
    return ofHalo >= MAJORITY * all;
  });
  return [...halo, ...filled];
}
