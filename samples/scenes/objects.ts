/** The objects of the sample room, each with the surfaces one sees, its base's outline and its size. Metres, y down. */
import { block, type Contact, disc } from './contact.ts';
import { fractalNoise, hash2, smoothstep, valueNoise } from './noise.ts';
import { TABLE } from './room.ts';
import { box, revolve, type Surface, smoothProfile, tube } from './surfaces.ts';
import { bookCover, mix, pages, type Rgb, stickers, type Texture } from './textures.ts';
import type { Point } from './vectors.ts';

export interface SceneObject {
  name: string;
  surfaces: Surface[];
  contact: Contact;
  /** Upright box around it, turned by `yaw`. */
  size: Point;
  yaw: number;
}

const onTable = (x: number, z: number): Point => [x, -TABLE.height, z];
const fine = { grain: 0.0038, levels: 1, gloss: 0.5 };

function mug(): SceneObject {
  const base = onTable(-0.14, -0.16);
  const white: Rgb = [0.93, 0.91, 0.86];
  const blue: Rgb = [0.16, 0.34, 0.52];
  const coffee: Rgb = [0.27, 0.16, 0.09];
  const outer = smoothProfile([
    [0.036, 0],
    [0.041, 0.006],
    [0.0425, 0.05],
    [0.0425, 0.094],
    [0.0405, 0.0975],
  ]);
  const inner: [number, number][] = [
    [0.0385, 0.0975],
    [0.038, 0.08],
  ];
  const toCoffee = 0.1045 + 0.0195;
  const glaze: Texture = (u, v) => {
    if (v > toCoffee - 0.001)
      return mix(coffee, [0.42, 0.27, 0.15], smoothstep(0.02, 0.036, 0.038 - (v - toCoffee)) * 0.6);
    if (v > 0.1045) return [0.8, 0.78, 0.74];
    const wave = 0.004 * Math.sin(2 * Math.PI * u * 6);
    const band = smoothstep(0.03, 0.032, v + wave) - smoothstep(0.066, 0.068, v + wave);
    const dots = Math.hypot((((u * 16) % 1) - 0.5) * 0.0167, v - 0.049) < 0.0042 ? 1 : 0;
    return mix(mix(white, blue, band), white, band * dots);
  };
  return {
    name: 'mug',
    surfaces: [
      revolve(base, [...outer, ...inner, [0, 0.08]], glaze, { ...fine, grain: 0.0036 }),
      tube(
        [base[0], base[1] - 0.052, base[2]].map((q, k) => q + [0.0395, 0, -0.006][k]!) as Point,
        -0.15,
        [0.032, 0.03],
        0.0062,
        -1.45,
        1.45,
        () => white,
        { ...fine, grain: 0.0045, levels: 0 },
      ),
    ],
    contact: disc(base, 0.037, 0.0975, 0.005),
    size: [0.165, 0.104, 0.095],
    yaw: 0,
  };
}

function books(): SceneObject {
  const base = onTable(-0.47, -0.2);
  const yaw = 0.32;
  const cloth: Rgb = [0.22, 0.4, 0.38];
  const cream: Rgb = [0.9, 0.82, 0.62];
  const wine: Rgb = [0.55, 0.18, 0.19];
  const spine =
    (c: Rgb): Texture =>
    (_u, v) =>
      v > 0.006 && v < 0.009 ? cream : c;
  const lower = box(
    base,
    [0.25, 0.028, 0.18],
    yaw,
    {
      top: (u, v) => mix(wine, [0.4, 0.1, 0.12], 0.3 * valueNoise(u * 300, v * 300, 3)),
      sides: [spine(wine), pages(1), pages(2), pages(3)],
    },
    fine,
  );
  const upper = box(
    [base[0] + 0.008, base[1] - 0.028, base[2] + 0.004],
    [0.21, 0.024, 0.155],
    yaw + 0.16,
    {
      top: bookCover(0.21, 0.155, cloth, cream, 5),
      sides: [spine(cloth), pages(4), pages(5), pages(6)],
    },
    fine,
  );
  return {
    name: 'books',
    surfaces: [...lower, ...upper],
    contact: block(base, [0.25, 0.052, 0.18], yaw),
    size: [0.26, 0.056, 0.2],
    yaw,
  };
}

function ball(): SceneObject {
  const radius = 0.068;
  const base = onTable(0.5, 0.1);
  const profile: [number, number][] = [];
  for (let k = 0; k <= 40; k++) {
    const a = Math.PI * (0.035 + 0.965 * (k / 40));
    profile.push([radius * Math.sin(a), radius * (1 - Math.cos(a))]);
  }
  const colours: Rgb[] = [
    [0.9, 0.3, 0.2],
    [0.95, 0.92, 0.85],
    [0.97, 0.74, 0.2],
    [0.95, 0.92, 0.85],
    [0.2, 0.5, 0.66],
    [0.95, 0.92, 0.85],
  ];
  const end = radius * Math.PI;
  return {
    name: 'ball',
    surfaces: [
      revolve(
        base,
        profile,
        (u, v) => {
          if (v > end * 0.925) return [0.95, 0.92, 0.85];
          return colours[Math.floor(((((u + 0.04) % 1) + 1) % 1) * 6)]!;
        },
        { ...fine, gloss: 0.7 },
      ),
    ],
    contact: disc(base, 0.022, 2 * radius, 0.026),
    size: [2 * radius + 0.012, 2 * radius + 0.008, 2 * radius + 0.012],
    yaw: 0,
  };
}

function vase(): SceneObject {
  const base = onTable(0.1, 0.19);
  const profile = smoothProfile([
    [0.042, 0],
    [0.052, 0.012],
    [0.078, 0.075],
    [0.074, 0.13],
    [0.046, 0.19],
    [0.034, 0.225],
    [0.043, 0.262],
    [0.047, 0.268],
    [0.043, 0.266],
    [0.031, 0.228],
  ]);
  const glaze: Texture = (u, v) => {
    const drip = 0.025 * valueNoise(u * 18, 0.3, 5) + 0.012 * valueNoise(u * 47, 0.8, 6);
    const t = smoothstep(0.1, 0.115, v - drip);
    const speck = hash2(Math.floor(u * 110), Math.floor(v * 230), 9) > 0.95 ? 0.22 : 0;
    const clay = mix([0.76, 0.6, 0.45], [0.4, 0.28, 0.2], speck);
    const teal = mix([0.13, 0.42, 0.45], [0.24, 0.6, 0.58], fractalNoise(u * 14, v * 26, 4, 2));
    const line = Math.abs(v - 0.055) < 0.004 || Math.abs(v - 0.07) < 0.002 ? 0.5 : 0;
    const c = mix(mix(clay, [0.35, 0.2, 0.14], line), teal, t);
    return v > 0.315 ? mix(c, [0.1, 0.12, 0.12], 0.5) : c;
  };
  return {
    name: 'vase',
    surfaces: [
      revolve(base, profile, glaze, {
        ...fine,
        gloss: 0.8,
        openness: (_u, v) => (v > 0.318 ? 0.55 : 1),
      }),
    ],
    contact: disc(base, 0.044, 0.2, 0.02),
    size: [0.168, 0.278, 0.168],
    yaw: 0,
  };
}

function pear(): SceneObject {
  const base = onTable(0.2, -0.08);
  const profile = smoothProfile([
    [0.016, 0.002],
    [0.034, 0.012],
    [0.042, 0.036],
    [0.035, 0.062],
    [0.02, 0.086],
    [0.012, 0.099],
    [0.003, 0.103],
  ]);
  const skin: Texture = (u, v) => {
    const blush = smoothstep(
      0.35,
      0.8,
      fractalNoise(u * 3 + 2, v * 14, 8, 2) + 0.3 * Math.cos(2 * Math.PI * (u - 0.55)),
    );
    const speck = hash2(Math.floor(u * 60), Math.floor(v * 320), 2) > 0.93 ? 0.3 : 0;
    const green = mix([0.72, 0.75, 0.25], [0.88, 0.78, 0.3], valueNoise(u * 4, v * 20, 3));
    return mix(mix(green, [0.85, 0.42, 0.22], 0.75 * blush), [0.45, 0.35, 0.12], speck);
  };
  const stem = tube(
    [base[0] - 0.014, base[1] - 0.1, base[2]],
    0,
    [0.016, 0.026],
    0.0019,
    0,
    0.95,
    () => [0.3, 0.2, 0.1],
    { ...fine, grain: 0.003, levels: 0 },
  );
  return {
    name: 'pear',
    surfaces: [revolve(base, profile, skin, { ...fine, grain: 0.004 }), stem],
    contact: disc(base, 0.022, 0.08, 0.014),
    size: [0.092, 0.132, 0.092],
    yaw: 0,
  };
}

function lamp(): SceneObject {
  const base = onTable(-0.47, 0.2);
  const brass: Rgb = [0.72, 0.55, 0.3];
  const foot = smoothProfile([
    [0.078, 0],
    [0.077, 0.01],
    [0.05, 0.018],
    [0.014, 0.026],
    [0.0085, 0.05],
  ]);
  const stemTop = 0.3;
  const metal: Texture = (u, v) =>
    mix(
      brass,
      [0.9, 0.77, 0.5],
      0.5 * smoothstep(0.55, 1, Math.cos(2 * Math.PI * (u - 0.66))) * (v > 0.02 ? 1 : 0.4),
    );
  const shade: Texture = (u, v) => {
    if (v < 0.006 || (v > 0.181 && v < 0.187)) return [0.72, 0.6, 0.44];
    if (v > 0.187) return [1, 0.96, 0.8];
    const fold = 0.5 + 0.5 * Math.cos(2 * Math.PI * u * 20);
    return mix([0.93, 0.84, 0.66], [1, 0.94, 0.78], 0.55 * fold + 0.35 * smoothstep(0.19, 0, v));
  };
  return {
    name: 'lamp',
    surfaces: [
      revolve(base, [...foot, [0.0085, stemTop]], metal, { ...fine, gloss: 0.9 }),
      revolve(
        base,
        [
          [0.125, 0.225],
          [0.07, 0.4],
          [0.068, 0.4],
          [0.12, 0.228],
        ],
        shade,
        { grain: 0.0052, levels: 0, gloss: 0 },
      ),
    ],
    contact: disc(base, 0.079, 0.12, 0),
    size: [0.262, 0.412, 0.262],
    yaw: 0,
  };
}

function cube(): SceneObject {
  const side = 0.066;
  const yaw = 0.5;
  const base = onTable(0.56, -0.375);
  const faces = [0, 1, 2, 3, 4].map((k) => stickers(side, k, 77));
  return {
    name: 'cube',
    surfaces: box(
      base,
      [side, side, side],
      yaw,
      { top: faces[0]!, sides: [faces[1]!, faces[2]!, faces[3]!, faces[4]!] },
      { ...fine, grain: 0.0036 },
    ),
    contact: block(base, [side, side, side], yaw),
    size: [side + 0.008, side + 0.006, side + 0.008],
    yaw,
  };
}

function pouf(): SceneObject {
  const base: Point = [1.33, 0, 0.05];
  const profile = smoothProfile(
    [
      [0.17, 0],
      [0.215, 0.03],
      [0.235, 0.13],
      [0.235, 0.22],
      [0.21, 0.315],
      [0.13, 0.352],
      [0, 0.358],
    ],
    8,
  );
  const wool: Rgb = [0.86, 0.66, 0.3];
  const knit: Texture = (u, v) => {
    const rows = 0.5 + 0.5 * Math.sin((2 * Math.PI * v) / 0.034);
    const columns = 0.5 + 0.5 * Math.sin(2 * Math.PI * (u * 44 + 0.5 * Math.floor(v / 0.034)));
    const c = mix([0.62, 0.42, 0.16], wool, 0.25 + 0.75 * rows * (0.4 + 0.6 * columns));
    return v > 0.6 ? mix(c, [0.55, 0.36, 0.14], 0.5) : c;
  };
  return {
    name: 'pouf',
    surfaces: [revolve(base, profile, knit, { grain: 0.0085, levels: 1, gloss: 0 })],
    contact: disc(base, 0.18, 0.3, 0.045),
    size: [0.485, 0.372, 0.485],
    yaw: 0,
  };
}

/** All objects in label order: the first has label 1. */
export function sceneObjects(): SceneObject[] {
  return [mug(), books(), ball(), vase(), pear(), lamp(), cube(), pouf()];
}
