import { type Camera, cameraCenter, projectPoint } from '../../core/camera.ts';
import type { Mask, RgbImage, ScalarImage } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';
import { createSplatFrame, splatFrame } from '../../core/select/splat-frame.ts';
import { slantCosine } from '../../core/slant-cosine.ts';
import { inSlices } from '../../core/slices.ts';
import { dcOf, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';

type Triple = readonly [number, number, number];

/** A survivor behind what is seen. */
export interface BodySample {
  /** Depth behind the seen surface, along its normal, world units. */
  offset: number;
  dc: Triple;
  /** Colour of what is seen before it, as `dc`. */
  front: Triple;
  /** World. */
  position: Triple;
}

/** What captured surfaces around a hole have behind what is seen of them: noise of the capture makes them thick. */
export interface Body {
  /** Some of the splats behind. */
  samples: readonly BodySample[];
  /** Splats behind each unit of area of the seen surface, 1 / world units². */
  density: number;
  spacing: number;
  /** Samples farther away than this say less of a place, world units. */
  reach: number;
}

/** Offsets within this many spacings are the seen surface itself. */
const FRONT_SPACINGS = 1;
/** Splats from this many spacings on are hidden by a front of flat splats, and part of the body that is copied. */
const HIDDEN_SPACINGS = 0.5;
/** A body ends where its density falls to this share of what it is right behind the front: then come strays and other surfaces. */
const TAIL_SHARE = 0.25;
/** A body this thin (share of splats behind) is none: clean scenes have flat surfaces. */
const LEAST_SHARE = 0.15;
const FEWEST = 40;
/** Splats of an opacity under a tenth are haze. */
const FAINT_LOGIT = Math.log(0.1 / 0.9);
const MOST_SAMPLES = 1500;
/** A body's colours are alike over so many times its greatest depth. */
const REACH_LIMITS = 1.5;
/** Slants beyond this say little of a pixel's area. */
const LEAST_COSINE = 0.2;

/**
 * Measures survivors around the hole against the depth that is seen of them.
 * @param ring pixels around the hole that show its surfaces
 * @param view the survivors' colour and median depth, world units along z
 * @param spacing typical distance between neighbouring splats, world units
 * @param limit splats farther behind than this are another surface's, world units
 * @returns the body; without samples where there is none
 */
export function measureBody(
  survivors: SplatCloud,
  camera: Camera,
  view: { rgb: RgbImage; depth: ScalarImage },
  ring: Mask,
  spacing: number,
  limit: number,
  seed: number,
): Body {
  const { depth } = view;
  const p = survivors.positions;
  const hidden: { row: number; pixel: number; offset: number }[] = [];
  const bins = new Array<number>(Math.ceil(limit / spacing) + 1).fill(0);
  let front = 0;
  for (let row = 0; row < survivors.count; row++) {
    const at = projectPoint(camera, [p[row * 3]!, p[row * 3 + 1]!, p[row * 3 + 2]!]);
    const { u, v, depth: z } = at;
    if (!(z > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height)) continue;
    const pixel = Math.floor(v) * camera.width + Math.floor(u);
    if (ring.data[pixel] === 0 || !(depth.data[pixel]! > 0)) continue;
    const offset = (z - depth.data[pixel]!) * slantCosine(depth, camera, pixel);
    if (!(offset <= limit) || !isSeen(survivors, row)) continue;
    if (Math.abs(offset) <= FRONT_SPACINGS * spacing) front++;
    else if (offset > 0) bins[Math.floor(offset / spacing)]!++;
    if (offset > HIDDEN_SPACINGS * spacing) hidden.push({ row, pixel, offset });
  }
  let end = FRONT_SPACINGS;
  let behind = 0;
  while (end < bins.length && bins[end]! > TAIL_SHARE * bins[FRONT_SPACINGS]!) {
    behind += bins[end]!;
    end++;
  }
  const body = hidden.filter(({ offset }) => offset < end * spacing);
  const reach = REACH_LIMITS * limit;
  if (front < FEWEST || behind < LEAST_SHARE * front)
    return { samples: [], density: 0, spacing, reach };
  const random = createRandom(seed);
  const kept = Math.min(1, MOST_SAMPLES / body.length);
  const samples = body
    .filter(() => random() < kept)
    .map(({ row, pixel, offset }) => ({
      offset,
      dc: triple((k) => survivors.dc[row * 3 + k]!),
      front: triple((k) => dcOf(view.rgb.data[pixel * 3 + k]!)),
      position: triple((k) => p[row * 3 + k]!),
    }));
  return { samples, density: body.length / areaOf(ring, depth, camera), spacing, reach };
}

/** Whether a splat has a colour, and not so little of it that it says nothing. */
const isSeen = ({ dc, opacityLogits }: SplatCloud, row: number): boolean =>
  opacityLogits[row]! >= FAINT_LOGIT &&
  Number.isFinite(dc[row * 3]! + dc[row * 3 + 1]! + dc[row * 3 + 2]!);

const triple = (of: (k: number) => number): Triple => [of(0), of(1), of(2)];

/** Area of the surface that some pixels show, world units². */
function areaOf(pixels: Mask, depth: ScalarImage, camera: Camera): number {
  let area = 0;
  for (let i = 0; i < pixels.data.length; i++) {
    const z = depth.data[i]!;
    if (pixels.data[i] === 0 || !(z > 0)) continue;
    const cosine = Math.max(LEAST_COSINE, slantCosine(depth, camera, i));
    area += z ** 2 / (camera.fx * camera.fy * cosine);
  }
  return area;
}

/** Splats behind each of the front's at most: what is hidden only has to be there. */
const MOST_BEHIND = 2;
/** Samples behind fronts whose colours differ by more than this (`dc`, over all channels) say less. */
const ALIKE_DC = 0.35;
const BLOCK_SPLATS = 64;

/**
 * Splats behind a fill's front, as thick, as dense and of the colours that the surfaces around it have inside: seen from behind or
 * from the side the mended place has a body as its surroundings have. Each stands behind one of the front's splats, away from
 * the camera, as far as a survivor does; its colour is the mean of the survivors as far behind, the nearer and the more alike
 * what is seen before them the more (Nadaraya 1964, Watson 1964): layers of a capture were seen from elsewhere and at
 * other exposures, and a table's side and underside are not its top's.
 * @param front flat splats as the lift makes them (the thinnest axis is the normal)
 * @param sigmaPerSpacing their standard deviations as a share of the surface that each stands for
 */
export async function thicken(
  front: SplatCloud,
  camera: Camera,
  body: Body,
  sigmaPerSpacing: number,
  seed: number,
  signal?: AbortSignal,
): Promise<SplatCloud> {
  if (body.samples.length === 0) return takeSplats(front, []);
  const random = createRandom(seed);
  const frame = createSplatFrame();
  const rows: number[] = [];
  for (let n = 0; n < front.count; n++) {
    const [major, minor] = splatFrame(front, n, frame).sigmas;
    const area = (major! / sigmaPerSpacing) * (minor! / sigmaPerSpacing);
    const wanted = Math.min(MOST_BEHIND, body.density * area);
    for (let k = Math.floor(wanted + random()); k > 0; k--) rows.push(n);
  }
  const out = takeSplats(front, rows);
  const eye = cameraCenter(camera);
  const samples = [...body.samples].sort((a, b) => a.offset - b.offset);
  const behind = (k: number) => {
    const { axes, sigmas } = splatFrame(out, k, frame);
    // Anywhere in the part of the surface that the front's splat stands for.
    const u = ((random() - 0.5) * sigmas[0]!) / sigmaPerSpacing;
    const v = ((random() - 0.5) * sigmas[1]!) / sigmaPerSpacing;
    const { offset } = samples[Math.floor(random() * samples.length)]!;
    const at = out.positions.subarray(k * 3, k * 3 + 3);
    const dc = out.dc.subarray(k * 3, k * 3 + 3);
    let away = 0;
    for (let a = 0; a < 3; a++) away += axes[6 + a]! * (at[a]! - eye[a]!);
    for (let a = 0; a < 3; a++) at[a]! += u * axes[a]! + v * axes[3 + a]!;
    dc.set(meanColour(samples, offset, dc, at, body));
    for (let a = 0; a < 3; a++) at[a]! += Math.sign(away) * offset * axes[6 + a]!;
  };
  await inSlices(
    out.count,
    BLOCK_SPLATS,
    (first, end) => {
      for (let k = first; k < end; k++) behind(k);
    },
    signal,
  );
  return out;
}

/** Samples are of one layer of the body within this many spacings' depth; three times as far they have no weight to speak of. */
const LAYER_SPACINGS = 0.5;

/** Mean colour of the samples about as far behind as `offset`, by Gaussian weights over depth, the front's colour and place. */
function meanColour(
  samples: readonly BodySample[],
  offset: number,
  front: ArrayLike<number>,
  place: ArrayLike<number>,
  { spacing, reach }: Body,
): [number, number, number] {
  let from = 0;
  let to = samples.length;
  const within = 3 * LAYER_SPACINGS * spacing;
  while (samples[from]!.offset < offset - within) from++;
  while (samples[to - 1]!.offset > offset + within) to--;
  const unlike = new Float64Array(to - from);
  let least = Number.POSITIVE_INFINITY;
  for (let s = from; s < to; s++) {
    const sample = samples[s]!;
    let colour = 0;
    let distance = 0;
    for (let k = 0; k < 3; k++) {
      colour += (sample.front[k]! - front[k]!) ** 2;
      distance += (sample.position[k]! - place[k]!) ** 2;
    }
    const depth = (sample.offset - offset) / (LAYER_SPACINGS * spacing);
    unlike[s - from] = depth * depth + colour / ALIKE_DC ** 2 + distance / reach ** 2;
    least = Math.min(least, unlike[s - from]!);
  }
  const mean: [number, number, number] = [0, 0, 0];
  let total = 0;
  for (let s = from; s < to; s++) {
    // The likest weighs 1 however unlike it is: there is always an answer.
    const weight = Math.exp((least - unlike[s - from]!) / 2);
    total += weight;
    for (let k = 0; k < 3; k++) mean[k]! += weight * samples[s]!.dc[k]!;
  }
  for (let k = 0; k < 3; k++) mean[k]! /= total;
  return mean;
}
