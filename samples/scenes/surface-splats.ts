/** Turns cells of lit surfaces into flat, surface-aligned Gaussians with a trained scene's small irregularities. */
import {
  createSplatCloud,
  dcOf,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
} from '../../core/splat-cloud.ts';
import { TO_LIGHT } from './light.ts';
import { sampleSurface } from './sample-surface.ts';
import { writeSheen } from './sheen.ts';
import type { Surface } from './surfaces.ts';
import { cross, dot, frameQuaternion, normalize, type Point } from './vectors.ts';

/** Standard deviation along the surface, in cells: neighbours at this overlap blend without gaps. */
const SIGMA_CELLS = 0.62;
/** Thickness as a share of the smaller of the other two. */
const FLATNESS = 0.12;
/** How far a splat may be from its cell's middle, in cells. */
const PLACE_JITTER = 0.18;

/** Light at a place of a surface: a factor a colour channel. */
export type LightOn = (p: Point, n: Point) => Point;

export interface SurfaceSplats {
  readonly count: number;
  /** Appends a surface's splats. `labelAt` says what each belongs to, from its place. */
  add(surface: Surface, light: LightOn, labelAt: (p: Point) => number): void;
  /** One label a splat, in the order they were added. */
  readonly labels: readonly number[];
  toCloud(): SplatCloud;
}

/** Numbers a splat: position, three standard deviations, quaternion, opacity, colour, normal, gloss. */
const STRIDE = 18;

/**
 * @param spacing factor on the surfaces' grain
 * @param scale world units a metre
 */
export function createSurfaceSplats(
  random: () => number,
  spacing: number,
  scale: number,
  shDegree: ShDegree,
): SurfaceSplats {
  const values: number[] = [];
  const labels: number[] = [];
  /** Even between −size and size. */
  const jitter = (size: number) => (2 * random() - 1) * size;

  return {
    labels,
    get count() {
      return labels.length;
    },
    add(surface, light, labelAt) {
      sampleSurface(surface, spacing, (at, albedo, sizeU, sizeV, u, v) => {
        const { n } = at;
        const a = normalize(at.du);
        const b = cross(n, a);
        const onU = jitter(PLACE_JITTER) * sizeU;
        const onV = jitter(PLACE_JITTER) * sizeV * (dot(b, at.dv) < 0 ? -1 : 1);
        const p: Point = [
          at.p[0] + a[0] * onU + b[0] * onV,
          at.p[1] + a[1] * onU + b[1] * onV,
          at.p[2] + a[2] * onU + b[2] * onV,
        ];
        const lit = light(p, n);
        const open = surface.openness?.(u, v) ?? 1;
        const sigmaU = SIGMA_CELLS * sizeU * (1 + jitter(0.12));
        const sigmaV = SIGMA_CELLS * sizeV * (1 + jitter(0.12));
        labels.push(labelAt(p));
        values.push(p[0], p[1], p[2], sigmaU, sigmaV, FLATNESS * Math.min(sigmaU, sigmaV));
        values.push(...frameQuaternion(a, b, n), 0.8 + 0.19 * random());
        const noise = jitter(0.011);
        for (let c = 0; c < 3; c++) {
          const colour = albedo[c]! * lit[c]! * open + noise + jitter(0.006);
          values.push(Math.min(1, Math.max(0, colour)));
        }
        values.push(n[0], n[1], n[2], surface.gloss);
      });
    },
    toCloud() {
      const cloud = createSplatCloud(labels.length, shDegree);
      const restPerSplat = 3 * SH_REST_COUNT[shDegree];
      for (let i = 0; i < cloud.count; i++) {
        const at = i * STRIDE;
        for (let k = 0; k < 3; k++) {
          cloud.positions[i * 3 + k] = values[at + k]! * scale;
          cloud.logScales[i * 3 + k] = Math.log(values[at + 3 + k]! * scale);
          cloud.dc[i * 3 + k] = dcOf(values[at + 11 + k]!);
        }
        for (let k = 0; k < 4; k++) cloud.rotations[i * 4 + k] = values[at + 6 + k]!;
        const opacity = values[at + 10]!;
        cloud.opacityLogits[i] = Math.log(opacity / (1 - opacity));
        const n: Point = [values[at + 14]!, values[at + 15]!, values[at + 16]!];
        writeSheen(cloud.shRest, i * restPerSplat, shDegree, values[at + 17]!, n, TO_LIGHT);
      }
      return cloud;
    },
  };
}
