import type { Camera } from '../camera.ts';
import { createRgbImage, createScalarImage, type RgbImage, type ScalarImage } from '../image.ts';
import { SH_C0, type SplatCloud } from '../splat-cloud.ts';
import { REACH_SIGMAS, SEEN_FLOATS, type SeenSplats } from './seen-splats.ts';
import type { SplatShapes } from './splat-shapes.ts';

/** What one sees in each cell of a coarse picture. All of the picture's size. */
export interface SurfaceImages {
  /** Depth along z of the splat at which the transmittance falls under a half; +Infinity where it never does. */
  front: ScalarImage;
  /** Light that passes everything, 0..1. */
  through: ScalarImage;
  /** Row of the splat that gives half of the cell's light or more, −1 where none does. */
  dominant: Int32Array;
  /**
   * By place in the list of seen splats: how well the splat is seen where it is seen best, 0..1. The light that reaches
   * it in a cell, times its Gaussian there.
   */
  visibility: Float32Array;
  /** Blended zeroth-order colour over black. */
  rgb?: RgbImage;
}

export function createSurfaceImages(
  { width, height }: Camera,
  seen: SeenSplats,
  colours: boolean,
): SurfaceImages {
  const front = createScalarImage(width, height);
  const through = createScalarImage(width, height);
  front.data.fill(Number.POSITIVE_INFINITY);
  through.data.fill(1);
  const images = {
    front,
    through,
    dominant: new Int32Array(width * height).fill(-1),
    visibility: new Float32Array(seen.count),
  };
  return colours ? { ...images, rgb: createRgbImage(width, height) } : images;
}

/** Added to a projected splat's variances, px² of the camera's own picture, as the reference implementation does. */
const DILATION_PX2 = 0.3;
/** The same for the cells, with the opacity lowered to match (the mip filter of Mip-Splatting, Yu et al. 2024). */
const DILATION_CELLS2 = 0.2;
/** Fainter splats are not there (3DGS reference). */
const MIN_OPACITY = 1 / 255;
/** In a cell, a splat ends where its alpha falls under this. */
const MIN_ALPHA = 0.02;
const MAX_ALPHA = 0.99;
/** A cell that lets less light than this through is full. */
const FULL = 0.02;
/** Up to this many cells of reach, a splat with nothing but full cells at its middle and corners is taken for hidden. */
const SMALL_REACH = 8;

/** exp(−x / 2) for x = 0 … EXP_END in steps of 1 / EXP_STEPS: the exponential itself is half the blend's time. */
const EXP_STEPS = 64;
const EXP_END = 14;
const EXP = Float32Array.from({ length: EXP_STEPS * EXP_END + 1 }, (_, k) =>
  Math.exp(-0.5 * (k / EXP_STEPS)),
);

/**
 * Blends splats [from, to) of an order into the images, front to back: EWA projection (Zwicker et al. 2001)
 * onto the cells.
 * @param camera of the coarse picture
 * @param pixel side of a pixel of the camera's own picture, cells
 */
export function blendSurface(
  cloud: SplatCloud,
  shapes: SplatShapes,
  camera: Camera,
  pixel: number,
  seen: SeenSplats,
  order: Uint32Array,
  from: number,
  to: number,
  images: SurfaceImages,
): void {
  const { dc } = cloud;
  const { covariances, opacities, sigmas } = shapes;
  const { rows, centres } = seen;
  const { fx, fy, cx, cy, width, height } = camera;
  const [front, through, dominant] = [images.front.data, images.through.data, images.dominant];
  const { visibility } = images;
  const rgb = images.rgb?.data;
  // Copies of constants: unbundled, an outer name is looked up at every use.
  const [exp, steps, end, full, minAlpha] = [EXP, EXP_STEPS, EXP_END, FULL, MIN_ALPHA];
  const m = camera.worldToCamera;
  const [m0, m4, m8] = [m[0]!, m[4]!, m[8]!];
  const [m1, m5, m9] = [m[1]!, m[5]!, m[9]!];
  const [m2, m6, m10] = [m[2]!, m[6]!, m[10]!];
  // The linearisation is held within 1.3 × the field of view, as in the reference implementation.
  const minX = (-cx - 0.15 * width) / fx;
  const maxX = (1.15 * width - cx) / fx;
  const minY = (-cy - 0.15 * height) / fy;
  const maxY = (1.15 * height - cy) / fy;
  const focal = Math.max(fx, fy);
  const dilation = DILATION_PX2 * pixel * pixel;
  const isFull = (x: number, y: number) => {
    const column = Math.max(0, Math.min(width - 1, x | 0));
    const row = Math.max(0, Math.min(height - 1, y | 0));
    return through[row * width + column]! < full;
  };

  for (let at = from; at < to; at++) {
    const k = order[at]!;
    const u = centres[k * SEEN_FLOATS]!;
    const v = centres[k * SEEN_FLOATS + 1]!;
    const depth = centres[k * SEEN_FLOATS + 2]!;
    const i = rows[k]!;
    const reach = 0.8 + (REACH_SIGMAS * sigmas[i]! * focal) / depth;
    if (
      reach < SMALL_REACH &&
      isFull(u, v) &&
      isFull(u - reach, v - reach) &&
      isFull(u + reach, v - reach) &&
      isFull(u - reach, v + reach) &&
      isFull(u + reach, v + reach)
    ) {
      continue;
    }
    const c = i * 6;
    const xx = covariances[c]!;
    const xy = covariances[c + 1]!;
    const xz = covariances[c + 2]!;
    const yy = covariances[c + 3]!;
    const yz = covariances[c + 4]!;
    const zz = covariances[c + 5]!;
    const jx = Math.max(minX, Math.min(maxX, (u - cx) / fx));
    const jy = Math.max(minY, Math.min(maxY, (v - cy) / fy));
    // Rows of the projection's Jacobian, in the world.
    const scaleX = fx / depth;
    const scaleY = fy / depth;
    const a0 = scaleX * (m0 - jx * m2);
    const a1 = scaleX * (m4 - jx * m6);
    const a2 = scaleX * (m8 - jx * m10);
    const b0 = scaleY * (m1 - jy * m2);
    const b1 = scaleY * (m5 - jy * m6);
    const b2 = scaleY * (m9 - jy * m10);
    const t0 = xx * a0 + xy * a1 + xz * a2;
    const t1 = xy * a0 + yy * a1 + yz * a2;
    const t2 = xz * a0 + yz * a1 + zz * a2;
    const uu = a0 * t0 + a1 * t1 + a2 * t2 + dilation;
    const uv = b0 * t0 + b1 * t1 + b2 * t2;
    const vv =
      b0 * (xx * b0 + xy * b1 + xz * b2) +
      b1 * (xy * b0 + yy * b1 + yz * b2) +
      b2 * (xz * b0 + yz * b1 + zz * b2) +
      dilation;
    const wideU = uu + DILATION_CELLS2;
    const wideV = vv + DILATION_CELLS2;
    const det = wideU * wideV - uv * uv;
    if (!(opacities[i]! >= MIN_OPACITY && det > 0)) continue;
    const opacity = opacities[i]! * Math.sqrt(Math.max(0, uu * vv - uv * uv) / det);
    if (!(opacity > minAlpha)) continue;
    const cutoff = 2 * Math.log(opacity / minAlpha);
    const halfX = Math.sqrt(cutoff * wideU);
    const halfY = Math.sqrt(cutoff * wideV);
    const xa = Math.max(0, Math.ceil(u - halfX - 0.5));
    const xb = Math.min(width - 1, Math.floor(u + halfX - 0.5));
    const ya = Math.max(0, Math.ceil(v - halfY - 0.5));
    const yb = Math.min(height - 1, Math.floor(v + halfY - 0.5));
    const ixx = wideV / det;
    const ixy = (-2 * uv) / det;
    const iyy = wideU / det;
    let best = 0;
    for (let y = ya; y <= yb; y++) {
      const dy = y + 0.5 - v;
      for (let x = xa; x <= xb; x++) {
        const cell = y * width + x;
        const light = through[cell]!;
        if (light < full) continue;
        const dx = x + 0.5 - u;
        const distance2 = ixx * dx * dx + ixy * dx * dy + iyy * dy * dy;
        if (!(distance2 < end)) continue;
        let alpha = opacity * exp[(distance2 * steps + 0.5) | 0]!;
        if (alpha < minAlpha) continue;
        if (alpha > MAX_ALPHA) alpha = MAX_ALPHA;
        const weight = light * alpha;
        const left = light - weight;
        through[cell] = left;
        if (light > 0.5 && left <= 0.5) front[cell] = depth;
        if (weight > best) best = weight;
        if (weight >= 0.5) dominant[cell] = i;
        if (rgb !== undefined) {
          for (let f = 0; f < 3; f++) {
            rgb[cell * 3 + f] =
              rgb[cell * 3 + f]! + weight * Math.max(0, 0.5 + SH_C0 * dc[i * 3 + f]!);
          }
        }
      }
    }
    visibility[k] = Math.min(1, best / opacity);
  }
}
