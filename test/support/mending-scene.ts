/**
 * A small generated scene with a known truth for the removal line: an object of flat splats on a textured
 * support with no splats beneath it, as a capture leaves it. z is up; units are the scene's own.
 */
import { type Camera, lookAt, type Vec3 } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import {
  createSplatCloud,
  type ExtraProperty,
  SH_C0,
  type ShDegree,
  type SplatCloud,
} from '../../core/splat-cloud.ts';

export interface MendingSceneOptions {
  /** Every length is multiplied by this. */
  scale?: number;
  /** `floor`: the object stands on a wide floor. `table`: on a square top of half side 1, one unit above a complete floor. */
  support?: 'floor' | 'table';
  /** The object, an upright cylinder: where its axis meets the support. */
  at?: readonly [number, number];
  radius?: number;
  height?: number;
  /** A wall at this y, from the floor up; complete. */
  wallAt?: number;
  /** A ball that stands on the support beside the object; it stays. */
  ball?: { at: readonly [number, number]; radius: number };
  shDegree?: ShDegree;
  /** Adds nx, ny, nz (float) and label (uint8), filled with noise. */
  extras?: boolean;
}

/** What the object hid: where the support's splats would be. */
export interface HiddenSplat {
  position: Vec3;
  rgb: Vec3;
}

export interface MendingScene {
  cloud: SplatCloud;
  selection: Uint8Array;
  cameras: Camera[];
  hidden: HiddenSplat[];
  /** Distance between neighbouring splats, world units. */
  spacing: number;
  /** Height of the support, world units. */
  supportZ: number;
  /** Length of one unit in the scene. */
  scale: number;
}

interface Surfel {
  p: Vec3;
  normal: Vec3;
  rgb: Vec3;
  kind: 'object' | 'other' | 'hidden';
}

const SPACING = 0.06;
const TABLE_HALF = 1;
const FLOOR_HALF = 1.9;

const wave = (x: number, y: number): Vec3 => [
  0.55 + 0.08 * Math.sin(9 * x) * Math.cos(7 * y),
  0.45 + 0.06 * Math.sin(9 * x + 1),
  0.35 + 0.05 * Math.cos(8 * y),
];
const GREY: Vec3 = [0.25, 0.3, 0.4];

/** Grid points over a rectangle, half a spacing from its border. */
function* grid(x0: number, x1: number, y0: number, y1: number): Generator<[number, number]> {
  for (let y = y0 + SPACING / 2; y < y1; y += SPACING) {
    for (let x = x0 + SPACING / 2; x < x1; x += SPACING) yield [x, y];
  }
}

function surfelsOf(o: MendingSceneOptions): Surfel[] {
  const { support = 'floor', at = [0, 0], radius = 0.4, height = 0.7 } = o;
  const out: Surfel[] = [];
  const supportZ = support === 'table' ? TABLE_HALF : 0;
  const up: Vec3 = [0, 0, 1];
  const half = support === 'table' ? TABLE_HALF : FLOOR_HALF;
  for (const [x, y] of grid(-half, half, -half, half)) {
    const under = Math.hypot(x - at[0], y - at[1]) < radius;
    out.push({
      p: [x, y, supportZ],
      normal: up,
      rgb: wave(x, y),
      kind: under ? 'hidden' : 'other',
    });
  }
  if (support === 'table') {
    for (const [x, y] of grid(-FLOOR_HALF, FLOOR_HALF, -FLOOR_HALF, FLOOR_HALF)) {
      out.push({ p: [x, y, 0], normal: up, rgb: GREY, kind: 'other' });
    }
  }
  if (o.wallAt !== undefined) {
    for (const [x, z] of grid(-FLOOR_HALF, FLOOR_HALF, 0, 2)) {
      out.push({ p: [x, o.wallAt, z], normal: [0, -1, 0], rgb: wave(z, x), kind: 'other' });
    }
  }
  const around = Math.max(8, Math.round((2 * Math.PI * radius) / SPACING));
  const red: Vec3 = [0.8, 0.15, 0.1];
  for (let z = supportZ + SPACING / 2; z < supportZ + height; z += SPACING) {
    for (let k = 0; k < around; k++) {
      const n: Vec3 = [
        Math.cos((2 * Math.PI * k) / around),
        Math.sin((2 * Math.PI * k) / around),
        0,
      ];
      out.push({
        p: [at[0] + radius * n[0], at[1] + radius * n[1], z],
        normal: n,
        rgb: red,
        kind: 'object',
      });
    }
  }
  for (const [x, y] of grid(-radius, radius, -radius, radius)) {
    if (Math.hypot(x, y) > radius) continue;
    out.push({
      p: [at[0] + x, at[1] + y, supportZ + height],
      normal: up,
      rgb: red,
      kind: 'object',
    });
  }
  if (o.ball !== undefined) {
    const { at: foot, radius: r } = o.ball;
    const count = Math.round((4 * Math.PI * r * r) / (SPACING * SPACING));
    const golden = Math.PI * (3 - Math.sqrt(5));
    for (let i = 0; i < count; i++) {
      const z = 1 - (2 * (i + 0.5)) / count;
      const s = Math.sqrt(1 - z * z);
      const n: Vec3 = [Math.cos(golden * i) * s, Math.sin(golden * i) * s, z];
      out.push({
        p: [foot[0] + r * n[0], foot[1] + r * n[1], supportZ + r + r * n[2]],
        normal: n,
        rgb: [0.2, 0.6, 0.3],
        kind: 'other',
      });
    }
  }
  return out;
}

/** Rotation that takes +z to `n`, w x y z. */
function facing(n: Vec3): [number, number, number, number] {
  if (n[2] < -0.999999) return [0, 1, 0, 0];
  const l = Math.hypot(1 + n[2], n[1], n[0]);
  return [(1 + n[2]) / l, -n[1] / l, n[0] / l, 0];
}

export function pinhole(eye: Vec3, target: Vec3, px = 320): Camera {
  return {
    width: px,
    height: px,
    fx: px,
    fy: px,
    cx: px / 2,
    cy: px / 2,
    worldToCamera: lookAt(eye, target, [0, 0, 1]),
  };
}

/** Deterministic: the same options give the same bytes. The object's rows are spread among the others (seed 5). */
export function mendingScene(options: MendingSceneOptions = {}): MendingScene {
  const { scale = 1, support = 'floor', at = [0, 0], height = 0.7, shDegree = 0 } = options;
  const random = createRandom(5);
  const all = surfelsOf(options);
  const hidden = all
    .filter((s) => s.kind === 'hidden')
    .map((s) => ({ position: s.p.map((v) => v * scale) as unknown as Vec3, rgb: s.rgb }));
  const kept = all
    .filter((s) => s.kind !== 'hidden')
    .map((s) => ({ s, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ s }) => s);
  const extras: ExtraProperty[] = [];
  if (options.extras) {
    for (const name of ['nx', 'ny', 'nz'])
      extras.push({ name, data: Float32Array.from(kept, () => random()) });
    extras.push({ name: 'label', data: Uint8Array.from(kept, () => 1 + random() * 200) });
  }
  const cloud = createSplatCloud(kept.length, shDegree, extras);
  const selection = new Uint8Array(kept.length);
  kept.forEach((s, i) => {
    cloud.positions.set(
      s.p.map((v) => v * scale),
      i * 3,
    );
    const flat = Math.log(0.62 * SPACING * scale);
    cloud.logScales.set([flat, flat, Math.log(0.05 * SPACING * scale)], i * 3);
    cloud.rotations.set(facing(s.normal), i * 4);
    cloud.opacityLogits[i] = 3.5;
    cloud.dc.set(
      s.rgb.map((v) => (v - 0.5) / SH_C0),
      i * 3,
    );
    if (s.kind === 'object') selection[i] = 1;
  });
  for (let i = 0; i < cloud.shRest.length; i++) cloud.shRest[i] = 0.02 * (random() - 0.5);
  const supportZ = support === 'table' ? TABLE_HALF : 0;
  const target: Vec3 = [at[0] * scale, at[1] * scale, (supportZ + height / 2) * scale];
  const from = (x: number, y: number, z: number) =>
    pinhole([target[0] + x * scale, target[1] + y * scale, target[2] + z * scale], target);
  return {
    cloud,
    selection,
    cameras: [from(0.3, -2.6, 1.9), from(2.2, -1.2, 1.8), from(-1.9, -1.5, 2.2)],
    hidden,
    spacing: SPACING * scale,
    supportZ: supportZ * scale,
    scale,
  };
}
