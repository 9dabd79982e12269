import type { RgbImage } from '../../image.ts';

/** Colour difference (Σ |Δrgb|) at which a pixel's word fades. 0.06 to 0.25 come within 3 % of each other's AbsRel. */
const COLOUR = 0.12;
/** Where the prior bends this many times as much as at its median pixel there is an edge of it to be sharpened. */
const EDGE = 2;
/**
 * Fades over a difference of this many deviations from a plane: an edge's two sides are about three apart, so that a pixel
 * half way hears both and one on a side hears its own. Without it a prior whose edges are sharp loses them.
 */
const RANGE = 1.5;
/** Of the radius: standard deviation of the weights over distance. */
const SPREAD = 0.6;

/**
 * The prior's edges put where the image has its own: near them each pixel becomes the mean of the pixels around it of
 * its own colour, those on level ground before those on a slope's shoulder (a joint bilateral filter with the flat
 * parts preferred, for what 3D Photography, Shih et al. 2020, does by a bilateral median). Elsewhere nothing changes.
 *
 * @param prior width × height, finite
 * @param rgb of the same size
 */
export function sharpenPrior(
  prior: Float64Array,
  { width, height, data: rgb }: RgbImage,
  radius: number,
): Float64Array {
  const bend = bendOf(prior, width, height, Math.max(2, Math.round(radius / 4)));
  const around = bendOf(prior, width, height, radius);
  // Rounding of sums is no bend.
  const typical = Math.max(1e-6, medianOf(bend));
  const edge = EDGE * Math.max(1e-6, medianOf(around));
  const step = Math.ceil(radius / 8);
  const offsets: number[] = [];
  for (let d = -Math.floor(radius / step) * step; d <= radius; d += step) offsets.push(d);
  const nearness = offsets.map((d) => Math.exp(-(d * d) / (2 * (SPREAD * radius) ** 2)));
  const level = bend.map((b) => 1 / (1 + (b / typical) ** 2));
  const out = prior.slice();
  for (let i = 0; i < out.length; i++) {
    if (!(around[i]! > edge)) continue;
    const own = prior[i]!;
    const range = RANGE * around[i]!;
    const x = i % width;
    const y = Math.floor(i / width);
    let sum = 0;
    let total = 0;
    for (let a = 0; a < offsets.length; a++) {
      const row = y + offsets[a]!;
      if (row < 0 || row >= height) continue;
      for (let b = 0; b < offsets.length; b++) {
        const column = x + offsets[b]!;
        if (column < 0 || column >= width) continue;
        const j = row * width + column;
        const difference =
          (Math.abs(rgb[3 * i]! - rgb[3 * j]!) +
            Math.abs(rgb[3 * i + 1]! - rgb[3 * j + 1]!) +
            Math.abs(rgb[3 * i + 2]! - rgb[3 * j + 2]!)) /
          COLOUR;
        const apart = (prior[j]! - own) / range;
        const unlike = difference * difference + apart * apart;
        // Not so for a colour that is no number: it is kin to nobody.
        const kin = unlike < 16 ? Math.exp(-unlike) : 0;
        const weight = nearness[a]! * nearness[b]! * kin * level[j]! + 1e-9;
        sum += weight * prior[j]!;
        total += weight;
      }
    }
    out[i] = sum / total;
  }
  return out;
}

/** Standard deviation of p about the plane that fits best, in squares of half side `radius` as far as they lie in the picture. */
export function bendOf(
  p: Float64Array,
  width: number,
  height: number,
  radius: number,
): Float64Array {
  const stride = width + 1;
  const size = stride * (height + 1);
  const [ones, across, along, squares] = [0, 1, 2, 3].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let y = 0; y < height; y++) {
    let [v, vx, vy, vv] = [0, 0, 0, 0];
    for (let x = 0; x < width; x++) {
      const value = p[y * width + x]!;
      v += value;
      vx += value * x;
      vy += value * y;
      vv += value * value;
      const above = y * stride + x + 1;
      ones[above + stride] = ones[above]! + v;
      across[above + stride] = across[above]! + vx;
      along[above + stride] = along[above]! + vy;
      squares[above + stride] = squares[above]! + vv;
    }
  }
  return p.map((_, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    const [x0, x1] = [Math.max(0, x - radius), Math.min(width, x + radius + 1)];
    const [y0, y1] = [Math.max(0, y - radius), Math.min(height, y + radius + 1)];
    const within = (sums: Float64Array) =>
      sums[y1 * stride + x1]! -
      sums[y0 * stride + x1]! -
      sums[y1 * stride + x0]! +
      sums[y0 * stride + x0]!;
    const [w, h] = [x1 - x0, y1 - y0];
    const n = w * h;
    const mean = within(ones) / n;
    // A rectangle's own second moments; its axes do not mix.
    const xx = (n * (w * w - 1)) / 12;
    const yy = (n * (h * h - 1)) / 12;
    const px = within(across) - n * mean * (x0 + (w - 1) / 2);
    const py = within(along) - n * mean * (y0 + (h - 1) / 2);
    const pp = within(squares) - n * mean * mean;
    const left = pp - (xx > 0 ? (px * px) / xx : 0) - (yy > 0 ? (py * py) / yy : 0);
    return Math.sqrt(Math.max(0, left / n));
  });
}

function medianOf(a: Float64Array): number {
  return a.slice().sort()[a.length >> 1]!;
}
