import { type Camera, cameraToWorld, projectPoint } from '../../core/camera.ts';
import type { Mask, ScalarImage } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';
import { slantCosine } from '../../core/slant-cosine.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';

/** How thick the captured surfaces around a hole are: noise of the capture lays their splats behind what is seen of them. */
export interface Thickness {
  /** Depths of splats behind the seen surface, along its normal, world units, ascending. */
  offsets: number[];
  /** Splats behind for each one at the surface. */
  share: number;
}

/** Offsets within this many spacings are the seen surface itself. */
const FRONT_SPACINGS = 1;
/** A body ends where its density falls to this share of what it is right behind the front: then come strays and other surfaces. */
const TAIL_SHARE = 0.25;
/** A body this thin (share of splats behind) is none: clean scenes have flat surfaces. */
const LEAST_SHARE = 0.15;
/** What is hidden behind the fill's front only has to be there, not to be dense. */
const MOST_SHARE = 0.5;
const FEWEST = 40;

/**
 * Measures survivors around the hole against the depth that is seen of them.
 * @param ring pixels around the hole that show its surfaces
 * @param depth median depth of the survivors, world units along z
 * @param limit splats farther behind than this are another surface's, world units
 */
export function measureThickness(
  survivors: SplatCloud,
  camera: Camera,
  depth: ScalarImage,
  ring: Mask,
  spacing: number,
  limit: number,
): Thickness {
  const p = survivors.positions;
  const behind: number[] = [];
  let front = 0;
  for (let n = 0; n < survivors.count; n++) {
    const { u, v, depth: z } = projectPoint(camera, [p[n * 3]!, p[n * 3 + 1]!, p[n * 3 + 2]!]);
    if (!(z > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height)) continue;
    const i = Math.floor(v) * camera.width + Math.floor(u);
    if (ring.data[i] === 0 || !(depth.data[i]! > 0)) continue;
    const offset = (z - depth.data[i]!) * slantCosine(depth, camera, i);
    if (offset > FRONT_SPACINGS * spacing && offset <= limit) behind.push(offset);
    else if (Math.abs(offset) <= FRONT_SPACINGS * spacing) front++;
  }
  behind.sort((a, b) => a - b);
  const bins = new Array<number>(Math.ceil(limit / spacing) + 1).fill(0);
  for (const offset of behind) bins[Math.floor(offset / spacing)]!++;
  let end = FRONT_SPACINGS;
  while (end < bins.length && bins[end]! > TAIL_SHARE * bins[FRONT_SPACINGS]!) end++;
  const offsets = behind.filter((offset) => offset < end * spacing);
  const share = front < FEWEST ? 0 : offsets.length / front;
  return share < LEAST_SHARE
    ? { offsets: [], share: 0 }
    : { offsets, share: Math.min(MOST_SHARE, share) };
}

/**
 * Splats behind a fill's front, as thick as the surfaces around it: seen from behind or from the side the mended place
 * has a body as its surroundings have. Each is one of the front's splats moved along its normal, away from the camera.
 * @param front flat splats as the lift makes them (the third axis is the normal)
 */
export function thicken(
  front: SplatCloud,
  camera: Camera,
  { offsets, share }: Thickness,
  seed: number,
): SplatCloud {
  if (offsets.length === 0) return takeSplats(front, []);
  const random = createRandom(seed);
  const rows: number[] = [];
  for (let n = 0; n < front.count; n++) if (random() < share) rows.push(n);
  const out = takeSplats(front, rows);
  const m = cameraToWorld(camera);
  for (let k = 0; k < out.count; k++) {
    const [w, x, y, z] = out.rotations.subarray(k * 4, k * 4 + 4) as unknown as number[];
    const normal = [
      2 * (x! * z! + w! * y!),
      2 * (y! * z! - w! * x!),
      w! * w! - x! * x! - y! * y! + z! * z!,
    ];
    let away = 0;
    for (let a = 0; a < 3; a++) away += normal[a]! * (out.positions[k * 3 + a]! - m[12 + a]!);
    const step = Math.sign(away) * offsets[Math.floor(random() * offsets.length)]!;
    for (let a = 0; a < 3; a++) out.positions[k * 3 + a]! += step * normal[a]!;
  }
  return out;
}
