/**
 * Things of exact shape (an upright card, a cylinder, a label on the floor) painted into a picture of a scene by casting rays, and their exact
 * outlines from any camera: what an editor's picture would show, with its truth. z is up.
 */
import type { Camera, Vec3 } from '../../core/camera.ts';
import { distanceTo } from '../../core/distance.ts';
import { createMask, type Mask, type RgbImage } from '../../core/image.ts';
import { pixelRays } from '../../core/pixel-rays.ts';

export interface Thing {
  /** Depth along z at which a ray meets it, and its colour there. */
  hit(origin: Vec3, direction: Vec3): { t: number; rgb: Vec3 } | undefined;
}

const stripes = (u: number, v: number): Vec3 => [
  0.75 + 0.2 * Math.sin(14 * u),
  0.2 + 0.12 * Math.cos(11 * v),
  0.25 + 0.15 * Math.sin(9 * (u + v)),
];

/** Upright rectangle: the middle of its lower edge, turned about up from facing −y, degrees. */
export function card(foot: Vec3, width: number, height: number, turnedDeg: number): Thing {
  const a = (turnedDeg * Math.PI) / 180;
  const along = [Math.cos(a), Math.sin(a)] as const;
  const normal = [-along[1], along[0]] as const;
  return {
    hit(o, d) {
      const t =
        (normal[0] * (foot[0] - o[0]) + normal[1] * (foot[1] - o[1])) /
        (normal[0] * d[0] + normal[1] * d[1]);
      if (!(t > 0)) return undefined;
      const u = (o[0] + t * d[0] - foot[0]) * along[0] + (o[1] + t * d[1] - foot[1]) * along[1];
      const v = o[2] + t * d[2] - foot[2];
      if (Math.abs(u) > width / 2 || v < 0 || v > height) return undefined;
      return { t, rgb: stripes(u / width, v / height) };
    },
  };
}

/** Upright cylinder with a lid: the middle of its base. */
export function cylinder(foot: Vec3, radius: number, height: number): Thing {
  return {
    hit(o, d) {
      const [x, y] = [o[0] - foot[0], o[1] - foot[1]];
      const [a, b, c] = [
        d[0] * d[0] + d[1] * d[1],
        x * d[0] + y * d[1],
        x * x + y * y - radius * radius,
      ];
      const root = b * b - a * c;
      if (root > 0) {
        const t = (-b - Math.sqrt(root)) / a;
        const v = o[2] + t * d[2] - foot[2];
        if (t > 0 && v >= 0 && v <= height) {
          const angle = Math.atan2(y + t * d[1], x + t * d[0]);
          return { t, rgb: stripes(angle / 3, v / height) };
        }
      }
      const t = (foot[2] + height - o[2]) / d[2];
      const inside = (x + t * d[0]) ** 2 + (y + t * d[1]) ** 2 <= radius * radius;
      return t > 0 && inside ? { t, rgb: [0.9, 0.55, 0.3] } : undefined;
    },
  };
}

/** Turned about the vertical through its foot: corners (radius, height over the foot) of its profile from below to the top. */
export function turned(foot: Vec3, profile: readonly (readonly [number, number])[]): Thing {
  const widest = Math.max(...profile.map(([r]) => r));
  return {
    hit(o, d) {
      const [x, y, z] = [o[0] - foot[0], o[1] - foot[1], o[2] - foot[2]];
      if (Math.abs(x * d[1] - y * d[0]) > widest * Math.hypot(d[0], d[1])) return undefined;
      let nearest = Infinity;
      const met = (t: number, keep: (height: number, radius: number) => boolean) => {
        if (!(t > 0 && t < nearest)) return;
        if (keep(z + t * d[2], Math.hypot(x + t * d[0], y + t * d[1]))) nearest = t;
      };
      for (const [k, [r1, z1]] of profile.entries()) {
        if (k === 0) continue;
        const [r0, z0] = profile[k - 1]!;
        if (z1 === z0) {
          const [inner, outer] = [Math.min(r0, r1), Math.max(r0, r1)];
          met((z1 - z) / d[2], (_, r) => r >= inner && r <= outer);
          continue;
        }
        // radius = p + q t along the ray.
        const steep = (r1 - r0) / (z1 - z0);
        const [p, q] = [r0 + steep * (z - z0), steep * d[2]];
        const a = d[0] * d[0] + d[1] * d[1] - q * q;
        const b = x * d[0] + y * d[1] - p * q;
        const root = b * b - a * (x * x + y * y - p * p);
        if (!(root >= 0)) continue;
        for (const sign of [-1, 1]) {
          met((-b + sign * Math.sqrt(root)) / a, (h) => (h - z0) * (h - z1) <= 0);
        }
      }
      if (nearest === Infinity) return undefined;
      const angle = Math.atan2(y + nearest * d[1], x + nearest * d[0]);
      return { t: nearest, rgb: stripes(angle / 3, z + nearest * d[2]) };
    },
  };
}

/** Profile of a ball that lies on its foot. */
export const ballProfile = (radius: number): [number, number][] =>
  Array.from({ length: 41 }, (_, k) => {
    const a = (Math.PI * k) / 40;
    return [radius * Math.sin(a), radius * (1 - Math.cos(a))];
  });

/** Upright box: the middle of its base, turned about up, degrees. */
export function box(foot: Vec3, size: Vec3, turnedDeg: number): Thing {
  const a = (turnedDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(a), Math.sin(a)];
  const turn = (x: number, y: number, z: number) => [c * x + s * y, c * y - s * x, z] as const;
  return {
    hit(o, d) {
      const p = turn(o[0] - foot[0], o[1] - foot[1], o[2] - foot[2] - size[2] / 2);
      const q = turn(...d);
      let [near, far, side] = [-Infinity, Infinity, 0];
      for (let k = 0; k < 3; k++) {
        const half = size[k]! / 2;
        const [t0, t1] = [(-half - p[k]!) / q[k]!, (half - p[k]!) / q[k]!];
        if (Math.min(t0, t1) > near) [near, side] = [Math.min(t0, t1), k];
        far = Math.min(far, Math.max(t0, t1));
      }
      if (!(near > 0 && near < far)) return undefined;
      const at = [0, 1, 2].map((k) => (p[k]! + near * q[k]!) / size[k]!);
      const light = [0.7, 0.9, 1.15][side]!;
      const rgb = stripes(at[(side + 1) % 3]!, at[(side + 2) % 3]!).map((v) => light * v);
      return { t: near, rgb: rgb as unknown as Vec3 };
    },
  };
}

/** Rectangle lying on the floor. */
export function label(at: Vec3, width: number, depth: number): Thing {
  return {
    hit(o, d) {
      const t = (at[2] - o[2]) / d[2];
      const [u, v] = [o[0] + t * d[0] - at[0], o[1] + t * d[1] - at[1]];
      if (!(t > 0) || Math.abs(u) > width / 2 || Math.abs(v) > depth / 2) return undefined;
      return { t, rgb: stripes(u / width, v / depth) };
    },
  };
}

const SUB = 4;

/** Share of each pixel that shows the thing, 0..1, and the mean colour of that. */
function cast(thing: Thing, camera: Camera) {
  const fine = {
    ...camera,
    ...{ width: camera.width * SUB, height: camera.height * SUB },
    ...{ fx: camera.fx * SUB, fy: camera.fy * SUB, cx: camera.cx * SUB, cy: camera.cy * SUB },
  };
  const rays = pixelRays(fine);
  const share = new Float32Array(camera.width * camera.height);
  const rgb = new Float32Array(3 * share.length);
  for (let i = 0; i < fine.width * fine.height; i++) {
    const [x, y] = [i % fine.width, Math.floor(i / fine.width)];
    const found = thing.hit(rays.origin, rays.direction(x, y));
    if (found === undefined) continue;
    const at = Math.floor(y / SUB) * camera.width + Math.floor(x / SUB);
    share[at]! += 1 / SUB ** 2;
    for (let c = 0; c < 3; c++) rgb[3 * at + c]! += found.rgb[c]! / SUB ** 2;
  }
  return { share, rgb };
}

/** The picture with the thing in front of all that it shows, its outline mixed as a renderer would. */
export function pasted(picture: RgbImage, things: readonly Thing[], camera: Camera): RgbImage {
  const out = { ...picture, data: picture.data.map((v) => Math.min(1, v)) };
  for (const thing of things) {
    const { share, rgb } = cast(thing, camera);
    for (let k = 0; k < out.data.length; k++) {
      out.data[k] = out.data[k]! * (1 - share[Math.floor(k / 3)]!) + rgb[k]!;
    }
  }
  return out;
}

/** The pixels of which it covers half and more. */
export function silhouette(things: readonly Thing[], camera: Camera): Mask {
  const out = createMask(camera.width, camera.height);
  for (const thing of things) {
    const { share } = cast(thing, camera);
    for (let i = 0; i < share.length; i++) if (share[i]! >= 0.5) out.data[i] = 1;
  }
  return out;
}

export function overlap(a: Mask, b: Mask): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    both += a.data[i]! & b.data[i]!;
    either += a.data[i]! | b.data[i]!;
  }
  return both / either;
}

/** The set pixels beside which lies one that is not. */
function outlineOf({ width, height, data }: Mask): Mask {
  const out = createMask(width, height);
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    const x = i % width;
    const beside = [x > 0 ? i - 1 : i, x < width - 1 ? i + 1 : i, i - width, i + width];
    if (beside.some((j) => data[j] !== undefined && data[j] === 0)) out.data[i] = 1;
  }
  return out;
}

/** How far two outlines lie apart, pixels: each one's from the nearest of the other, 95 % of them and all. */
export function outlinesApart(a: Mask, b: Mask): { most: number; p95: number } {
  const [oa, ob] = [outlineOf(a), outlineOf(b)];
  const off: number[] = [];
  for (const [one, other] of [
    [oa, ob],
    [ob, oa],
  ] as const) {
    const away = distanceTo(other);
    for (let i = 0; i < away.data.length; i++) if (one.data[i] !== 0) off.push(away.data[i]!);
  }
  off.sort((p, q) => p - q);
  return { most: off.at(-1) ?? Infinity, p95: off[Math.floor(0.95 * off.length)] ?? Infinity };
}
