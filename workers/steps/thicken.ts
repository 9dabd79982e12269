import { type Camera, cameraToWorld, projectPoint } from '../../core/camera.ts';
import type { Mask, RgbImage, ScalarImage } from '../../core/image.ts';
import { quantile } from '../../core/quantile.ts';
import { createRandom } from '../../core/random.ts';
import { slantCosine } from '../../core/slant-cosine.ts';
import { dcOf, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';

/** How thick the captured surfaces around a hole are: noise of the capture lays their splats behind what is seen of them. */
export interface Thickness {
  /** Depths of splats behind the seen surface, along its normal, world units, ascending. */
  offsets: number[];
  /** Splats behind for each one at the surface. */
  share: number;
  /** How much darker they are than what is seen before them, as `dc`, at so many `spacing`s' depth. */
  darker: [number, number, number][];
  spacing: number;
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
/** A difference in colour within this share of its own interquartile range is a texture's. */
const SCATTER = 0.25;

/**
 * Measures survivors around the hole against the depth that is seen of them.
 * @param ring pixels around the hole that show its surfaces
 * @param view the survivors' colour and median depth, world units along z
 * @param limit splats farther behind than this are another surface's, world units
 */
export function measureThickness(
  survivors: SplatCloud,
  camera: Camera,
  { rgb, depth }: { rgb: RgbImage; depth: ScalarImage },
  ring: Mask,
  spacing: number,
  limit: number,
): Thickness {
  const p = survivors.positions;
  const behind: { row: number; pixel: number; offset: number }[] = [];
  let front = 0;
  for (let n = 0; n < survivors.count; n++) {
    const { u, v, depth: z } = projectPoint(camera, [p[n * 3]!, p[n * 3 + 1]!, p[n * 3 + 2]!]);
    if (!(z > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height)) continue;
    const i = Math.floor(v) * camera.width + Math.floor(u);
    if (ring.data[i] === 0 || !(depth.data[i]! > 0)) continue;
    const offset = (z - depth.data[i]!) * slantCosine(depth, camera, i);
    if (offset > FRONT_SPACINGS * spacing && offset <= limit)
      behind.push({ row: n, pixel: i, offset });
    else if (Math.abs(offset) <= FRONT_SPACINGS * spacing) front++;
  }
  behind.sort((a, b) => a.offset - b.offset);
  const bins = new Array<number>(Math.ceil(limit / spacing) + 1).fill(0);
  for (const { offset } of behind) bins[Math.floor(offset / spacing)]!++;
  let end = FRONT_SPACINGS;
  while (end < bins.length && bins[end]! > TAIL_SHARE * bins[FRONT_SPACINGS]!) end++;
  const body = behind.filter(({ offset }) => offset < end * spacing);
  const share = front < FEWEST ? 0 : body.length / front;
  if (share < LEAST_SHARE) return { offsets: [], share: 0, darker: [], spacing };
  const darker: Thickness['darker'] = [];
  for (let bin = 0; bin < end; bin++) {
    const here = body.filter(({ offset }) => Math.floor(offset / spacing) === bin);
    const sure = (c: number) => {
      const by = here.map(
        ({ row, pixel }) => dcOf(rgb.data[pixel * 3 + c]!) - survivors.dc[row * 3 + c]!,
      );
      const [low, middle, high] = [quantile(by, 0.25), quantile(by, 0.5), quantile(by, 0.75)];
      // What a texture scatters says nothing.
      return Math.sign(middle) * Math.max(0, Math.abs(middle) - SCATTER * (high - low));
    };
    darker.push(here.length === 0 ? [0, 0, 0] : [sure(0), sure(1), sure(2)]);
  }
  const offsets = body.map(({ offset }) => offset);
  return { offsets, share: Math.min(MOST_SHARE, share), darker, spacing };
}

/**
 * Splats behind a fill's front, as thick as the surfaces around it: seen from behind or from the side the mended place
 * has a body as its surroundings have. Each is one of the front's splats moved along its normal, away from the camera, as far
 * behind as a survivor, and as much darker as they are there: a table's side and underside are not its top's.
 * @param front flat splats as the lift makes them (the third axis is the normal)
 */
export function thicken(
  front: SplatCloud,
  camera: Camera,
  { offsets, share, darker, spacing }: Thickness,
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
    const offset = offsets[Math.floor(random() * offsets.length)]!;
    const shade = darker[Math.floor(offset / spacing)]!;
    for (let a = 0; a < 3; a++) {
      out.positions[k * 3 + a]! += Math.sign(away) * offset * normal[a]!;
      out.dc[k * 3 + a]! -= shade[a]!;
    }
  }
  return out;
}
