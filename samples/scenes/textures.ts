/**
 * Procedural albedos of the sample room. Every texture takes places in metres (or a turn of 0..1 around
 * an axis, where said) and gives display-referred colour 0..1 before light.
 */
import { fractalNoise, hash2, smoothstep, valueNoise } from './noise.ts';

export type Rgb = [number, number, number];
/** (u, v) → colour; what u and v mean is the surface's matter. */
export type Texture = (u: number, v: number) => Rgb;

export const mix = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const times = (c: Rgb, k: number): Rgb => [c[0] * k, c[1] * k, c[2] * k];

/** Whole number and rest of x / size, rest in metres. */
function tile(x: number, size: number): [number, number] {
  const i = Math.floor(x / size);
  return [i, x - i * size];
}

/** 1 inside a joint of `width` metres at the rim of a cell of `size`, softly. */
function joint(rest: number, size: number, width: number): number {
  const d = Math.min(rest, size - rest);
  return 1 - smoothstep(width * 0.35, width * 0.65, d);
}

/** Planks along u with long grain, each plank of its own tone. */
export function wood(light: Rgb, dark: Rgb, plank: number, seed: number): Texture {
  return (u, v) => {
    const [row, rest] = tile(v, plank);
    const shift = hash2(row, 7, seed) * 9;
    const warp = 0.012 * (valueNoise(u * 3 + shift, v * 6, seed + 3) - 0.5);
    const grain = fractalNoise(u * 2.2 + shift, (v + warp) * 62, seed + 11, 2);
    const ring =
      0.5 + 0.5 * Math.sin(55 * (v + warp * 4) + 5 * valueNoise(u * 1.3 + shift, v * 9, seed));
    const tone = 0.25 + 0.5 * grain + 0.22 * ring + 0.24 * (hash2(row, 3, seed) - 0.5);
    return times(mix(light, dark, tone), 1 - 0.42 * joint(rest, plank, 0.006));
  };
}

/** Square floor tiles with light joints and a small dark lozenge at every second corner. */
export function tiles(a: Rgb, b: Rgb, grout: Rgb, size: number, seed: number): Texture {
  return (u, v) => {
    const [i, ru] = tile(u, size);
    const [j, rv] = tile(v, size);
    const cloud = fractalNoise(u * 5, v * 5, seed + 5, 2);
    const own = hash2(i, j, seed);
    let c = mix(a, b, (((i + j) % 2) + 2) % 2);
    c = times(c, 0.9 + 0.1 * own + 0.14 * (cloud - 0.5));
    return mix(c, grout, Math.max(joint(ru, size, 0.02), joint(rv, size, 0.02)));
  };
}

/** Running bond of bricks, each of its own colour, with sandy mortar. */
export function bricks(warm: Rgb, pale: Rgb, mortar: Rgb, seed: number): Texture {
  const width = 0.24;
  const height = 0.085;
  return (u, v) => {
    const [row, rv] = tile(v, height);
    const [i, ru] = tile(u + (row % 2 === 0 ? 0 : width / 2), width);
    const own = hash2(i, row, seed);
    const rough = fractalNoise(u * 16, v * 20, seed + 2, 2);
    const c = times(mix(warm, pale, own * own), 0.88 + 0.24 * (rough - 0.3));
    const m = Math.max(joint(ru, width, 0.022), joint(rv, height, 0.022));
    return mix(c, times(mortar, 0.94 + 0.12 * rough), m);
  };
}

/** Wallpaper: broad soft stripes with a leaf between them. */
export function wallpaper(ground: Rgb, stripe: Rgb, leaf: Rgb, seed: number): Texture {
  const width = 0.16;
  return (u, v) => {
    const [i, ru] = tile(u, width);
    const band = smoothstep(0.052, 0.058, Math.abs(ru - width / 2));
    let c = mix(ground, stripe, band);
    const [, rv] = tile(v + (i % 2 === 0 ? 0 : 0.1), 0.2);
    const x = (ru - width / 2) / 0.026;
    const y = (rv - 0.1) / 0.062;
    // Two leaflets that lean apart, on a stalk.
    const lean = Math.abs(x) - 0.55 * (y + 0.6);
    const inLeaf = 1 - smoothstep(0.75, 0.95, Math.hypot(lean * 2.1, y));
    c = mix(c, leaf, 0.75 * inLeaf);
    return times(c, 0.97 + 0.06 * valueNoise(u * 30, v * 30, seed));
  };
}

/** A woven rug of the given half size: border bands, and lozenges in the field. u, v from its centre. */
export function rug(halfU: number, halfV: number, seed: number): Texture {
  const field: Rgb = [0.2, 0.27, 0.4];
  const cream: Rgb = [0.85, 0.79, 0.66];
  const rust: Rgb = [0.66, 0.28, 0.2];
  return (u, v) => {
    const rim = Math.min(halfU - Math.abs(u), halfV - Math.abs(v));
    let c: Rgb;
    if (rim < 0.045) c = cream;
    else if (rim < 0.13) c = mix(rust, cream, Math.abs((((u + v) / 0.1) % 1) + 0) < 0.28 ? 0.8 : 0);
    else if (rim < 0.155) c = cream;
    else {
      const [i, ru] = tile(u, 0.26);
      const [j, rv] = tile(v, 0.26);
      const d = Math.abs(ru - 0.13) + Math.abs(rv - 0.13);
      const odd = (((i + j) % 2) + 2) % 2;
      if (d < 0.045) c = odd ? rust : cream;
      else if (d < 0.085) c = field;
      else if (d < 0.108) c = odd ? cream : rust;
      else c = field;
    }
    const weave = 0.9 + 0.2 * valueNoise(u * 170, v * 90, seed);
    return times(c, weave);
  };
}

/** A landscape in a frame: sky, sun, three ranges of hills. u, v 0..1 from the picture's top left. */
export function landscape(seed: number): Texture {
  const layers: { at: number; colour: Rgb }[] = [
    { at: 0.5, colour: [0.56, 0.62, 0.7] },
    { at: 0.63, colour: [0.36, 0.49, 0.5] },
    { at: 0.8, colour: [0.2, 0.33, 0.27] },
  ];
  return (u, v) => {
    let c = mix([0.52, 0.68, 0.84], [0.98, 0.83, 0.62], smoothstep(0, 0.6, v));
    c = mix([1, 0.95, 0.78], c, smoothstep(0.06, 0.085, Math.hypot((u - 0.7) * 1.4, v - 0.32)));
    for (const [k, layer] of layers.entries()) {
      const crest = layer.at - 0.16 * (fractalNoise(u * 4 + k * 9, 0.5, seed + k, 3) - 0.4);
      if (v > crest) c = times(layer.colour, 0.92 + 0.25 * valueNoise(u * 40, v * 40, seed + 9));
    }
    return c;
  };
}

/** Book cover: coloured cloth, a frame line, a title block. u, v in metres from a corner, of size w × h. */
export function bookCover(w: number, h: number, cloth: Rgb, ink: Rgb, seed: number): Texture {
  return (u, v) => {
    const rim = Math.min(u, w - u, v, h - v);
    let c = times(cloth, 0.93 + 0.14 * valueNoise(u * 420, v * 420, seed));
    if (rim > 0.012 && rim < 0.0165) c = ink;
    const x = (u - w / 2) / w;
    const y = v / h;
    const line = (at: number, half: number, tall: number) =>
      Math.abs(y - at) < tall && Math.abs(x) < half;
    if (line(0.26, 0.3, 0.04) || line(0.4, 0.22, 0.03) || line(0.8, 0.16, 0.016)) c = ink;
    if (Math.abs(Math.hypot(x * w, (y - 0.6) * h) - 0.018) < 0.0035) c = ink;
    return c;
  };
}

/** Page edges: fine lines across v. */
export function pages(seed: number): Texture {
  return (u, v) => {
    const line = 0.86 + 0.14 * valueNoise(u * 20, v * 900, seed);
    return [0.93 * line, 0.9 * line, 0.81 * line];
  };
}

/** One face of a puzzle cube with 3 × 3 stickers. u, v in metres over a side. */
export function stickers(side: number, face: number, seed: number): Texture {
  const palette: Rgb[] = [
    [0.86, 0.16, 0.14],
    [0.96, 0.8, 0.16],
    [0.14, 0.55, 0.28],
    [0.13, 0.33, 0.7],
    [0.95, 0.5, 0.12],
    [0.93, 0.93, 0.9],
  ];
  return (u, v) => {
    const [i, ru] = tile(u, side / 3);
    const [j, rv] = tile(v, side / 3);
    const pick = Math.floor(hash2(i + 10 * face, j, seed) * palette.length);
    const m = Math.max(joint(ru, side / 3, 0.005), joint(rv, side / 3, 0.005));
    return mix(palette[pick]!, [0.07, 0.07, 0.08], m);
  };
}
