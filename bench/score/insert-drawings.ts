/** Things drawn into pictures of the sample scene, as somebody with an image editor would: a plant, a mat, a medallion. */
import type { Camera } from '../../core/camera.ts';
import type { RgbImage, ScalarImage } from '../../core/image.ts';
import { pixelRays } from '../../core/pixel-rays.ts';

type Rgb = readonly [number, number, number];
/** Colour at a place of the picture, pixels; undefined: nothing drawn. */
type Drawing = (x: number, y: number) => Rgb | undefined;

const SUB = 4;

/** The picture with the drawing over it, its outline mixed as an editor does. */
export function drawn(picture: RgbImage, drawing: Drawing): RgbImage {
  const { width, height } = picture;
  const out = { ...picture, data: picture.data.map((v) => Math.min(1, v)) };
  for (let i = 0; i < width * height; i++) {
    let share = 0;
    const sum = [0, 0, 0];
    for (let s = 0; s < SUB * SUB; s++) {
      const x = (i % width) + ((s % SUB) + 0.5) / SUB;
      const y = Math.floor(i / width) + (Math.floor(s / SUB) + 0.5) / SUB;
      const rgb = drawing(x, y);
      if (rgb === undefined) continue;
      share += 1 / SUB ** 2;
      for (let c = 0; c < 3; c++) sum[c]! += rgb[c]! / SUB ** 2;
    }
    for (let c = 0; c < 3; c++) {
      out.data[3 * i + c] = (1 - share) * out.data[3 * i + c]! + sum[c]!;
    }
  }
  return out;
}

/** A pot with leaves: `foot` is the middle of its lower end, `tall` its height, pixels. */
export function plant(foot: readonly [number, number], tall: number): Drawing {
  const leaves = [-66, -44, -24, -8, 9, 27, 45, 64].map((deg, k) => ({
    angle: (deg * Math.PI) / 180,
    long: (0.66 - 0.12 * Math.abs(Math.sin((deg * Math.PI) / 180)) - 0.05 * (k % 2)) * tall,
    green: 0.5 + 0.12 * (k % 3),
  }));
  return (px, py) => {
    const x = (px - foot[0]) / tall;
    const y = (foot[1] - py) / tall;
    // The pot: wider at its top, its foot's front round as seen from above.
    const wide = 0.13 + 0.14 * y;
    const low = 0.035 * (1 - Math.sqrt(Math.max(0, 1 - (x / 0.13) ** 2)));
    if (y < 0.34 && Math.abs(x) < wide && (y >= low || Math.abs(x) > 0.13) && y > 0.0) {
      const shade = 0.75 + 0.3 * Math.cos(((x / wide) * Math.PI) / 2) - 0.18 * (x / wide);
      const rim = y > 0.28 ? 1.12 : 1;
      return [0.72 * shade * rim, 0.36 * shade * rim, 0.24 * shade * rim];
    }
    let best: Rgb | undefined;
    for (const { angle, long, green } of leaves) {
      const [dx, dy] = [Math.sin(angle), Math.cos(angle)];
      const along = (x * dx + (y - 0.3) * dy) / (long / tall);
      const across = (-x * dy + (y - 0.3) * dx) / (long / tall) + 0.12 * along * along * dx;
      if (along < 0 || along > 1) continue;
      const half = 0.17 * Math.sin(Math.PI * along ** 0.8);
      if (Math.abs(across) > half) continue;
      const vein = Math.abs(across) < 0.014 ? 1.25 : 1;
      const light = (0.65 + 0.35 * along) * vein * (across > 0 ? 1 : 0.86);
      best = [0.18 * light, green * light, 0.16 * light];
    }
    return best;
  };
}

/** A round mat lying level at a height: checked, with a border. */
export function mat(
  camera: Camera,
  at: readonly [number, number, number],
  radius: number,
): Drawing {
  const rays = pixelRays(camera);
  return (px, py) => {
    const d = rays.direction(px - 0.5, py - 0.5);
    const t = (at[1] - rays.origin[1]) / d[1];
    if (!(t > 0)) return undefined;
    const u = (rays.origin[0] + t * d[0] - at[0]) / radius;
    const v = (rays.origin[2] + t * d[2] - at[2]) / radius;
    const r = Math.hypot(u, v);
    if (r > 1) return undefined;
    if (r > 0.86) return [0.86, 0.83, 0.74];
    const dark = (Math.floor(4 * (u + v)) + Math.floor(4 * (u - v))) % 2 === 0;
    return dark ? [0.16, 0.3, 0.55] : [0.9, 0.9, 0.86];
  };
}

/** A round medallion, lit from the upper left; and its height over the wall, 0..1, for the depth that a model would see. */
export function medallion(middle: readonly [number, number], radius: number) {
  const heightAt = (x: number, y: number): number => {
    const r = Math.hypot(x - middle[0], y - middle[1]) / radius;
    if (r >= 1) return 0;
    const ring = Math.exp(-(((r - 0.8) / 0.1) ** 2));
    const star = 0.5 + 0.5 * Math.cos(6 * Math.atan2(y - middle[1], x - middle[0]));
    return Math.min(1, (1 - r ** 4) * (0.45 + 0.4 * ring + 0.55 * star * Math.max(0, 1 - r / 0.7)));
  };
  const drawing: Drawing = (x, y) => {
    if (Math.hypot(x - middle[0], y - middle[1]) >= radius) return undefined;
    const slope = (heightAt(x + 1, y + 1) - heightAt(x - 1, y - 1)) * radius;
    const light = Math.min(1.35, Math.max(0.35, 0.85 + 0.05 * slope));
    return [0.85 * light, 0.68 * light, 0.3 * light];
  };
  return { drawing, heightAt };
}

/** What a depth model would say of a picture whose scene is raised by `raised` of its depth at places: any scale and shift. */
export function priorOf(depth: ScalarImage, raised: (x: number, y: number) => number): ScalarImage {
  const data = depth.data.map((z, i) => {
    if (!(z > 0)) return 0;
    const x = (i % depth.width) + 0.5;
    const y = Math.floor(i / depth.width) + 0.5;
    return 40 / (z * (1 - raised(x, y))) - 7;
  });
  return { ...depth, data };
}
