/**
 * The sample scene: a corner of a room with a table and eight objects, as a Gaussian splat capture would
 * hold it, and its truth: what is there once an object is taken away.
 *
 * Frame: metres × `scale`, y down (up = (0, -1, 0)), floor at y = 0, the table's middle over the origin.
 */
import { type Camera, lookAt, type Vec3 } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import {
  concatSplats,
  createSplatCloud,
  SH_C0,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
  takeSplats,
} from '../../core/splat-cloud.ts';
import { type LightSetup, lightAt, TO_LIGHT } from './light.ts';
import { sceneObjects } from './objects.ts';
import { ROOM, roomSurfaces, TABLE } from './room.ts';
import { writeSheen } from './sheen.ts';
import { type Point, type Surface, sampleSurface } from './surfaces.ts';

export interface TabletopOptions {
  /** The same seed gives the same scene, bit for bit. */
  seed?: number;
  /** About how many splats, at least 5,000. */
  splats?: number;
  /** World units a metre. */
  scale?: number;
  /** 1 to 3 add a mild highlight that moves with the viewer. */
  shDegree?: ShDegree;
}
export const TABLETOP_DEFAULTS: Required<TabletopOptions> = {
  seed: 1,
  splats: 150_000,
  scale: 1,
  shDegree: 0,
};

export interface TabletopObject {
  /** Its value in `labels`. */
  id: number;
  name: string;
  /** Middle of its box, world units. */
  center: Vec3;
  /** Of the sphere around the box, world units. */
  radius: number;
  /** A box that holds every splat of the object. */
  box: Extract<SelectionVolume, { shape: 'box' }>;
}

export interface TabletopScene {
  cloud: SplatCloud;
  /** One byte a splat: 0 = room, k = the object with id k. */
  labels: Uint8Array;
  objects: TabletopObject[];
  up: Vec3;
  /** The first is the start view; the others are for judging. 960 × 640. */
  cameras: Camera[];
  /**
   * The scene with one object gone and the surface that it hid in place. Survivors keep their order and
   * bits and come first.
   */
  truthWithout(id: number): SplatCloud;
}

/** Grain factor 1 gives about this many splats. */
const SPLATS_AT_FULL_GRAIN = 150_000;

/** Flat splats: standard deviations in cells, and thickness as a share of the smaller one. */
const SIGMA_CELLS = 0.62;
const FLATNESS = 0.12;

/** Grows arrays of splats; `hidden` keeps what an object covers apart. */
interface Sink {
  rows: number[];
  labels: number[];
}

export function generateTabletop(options: TabletopOptions = {}): TabletopScene {
  const { seed, splats, scale, shDegree } = { ...TABLETOP_DEFAULTS, ...options };
  const random = createRandom(seed);
  const spacing = Math.sqrt(SPLATS_AT_FULL_GRAIN / Math.max(5000, splats));
  const objects = sceneObjects();
  const light: LightSetup = {
    contacts: objects.map((o) => o.contact),
    table: TABLE,
    leftX: ROOM.leftX,
    backZ: ROOM.backZ,
  };

  // One long table of all splats; label 255 - k marks a room splat hidden under object k.
  const values: number[] = [];
  const sheens: { n: Point; gloss: number }[] = [];
  const labels: number[] = [];
  const emit = (surface: Surface, label: number, support: number | undefined) => {
    sampleSurface(surface, spacing, (at, albedo, sizeU, sizeV, u, v) => {
      const { n } = at;
      const shiftU = (random() - 0.5) * 0.36;
      const shiftV = (random() - 0.5) * 0.36;
      const a = unit(at.du);
      const b: Point = cross(n, a);
      const along = Math.sign(dot(b, at.dv)) || 1;
      const p: Point = [0, 1, 2].map(
        (k) => at.p[k]! + a[k]! * shiftU * sizeU + b[k]! * along * shiftV * sizeV,
      ) as Point;
      const lit = lightAt(light, p, n, support);
      const open = surface.openness?.(u, v) ?? 1;
      const noise = (random() - 0.5) * 0.022;
      const sizeJitter = 0.88 + 0.24 * random();
      const su = SIGMA_CELLS * sizeU * sizeJitter;
      const sv = (SIGMA_CELLS * sizeV * (0.9 + 0.2 * random())) / 1;
      const opacity = 0.8 + 0.19 * random();
      const standsHere = objects.findIndex(
        (o) =>
          support !== undefined &&
          Math.abs(-o.contact.base[1] - support) < 0.03 &&
          o.contact.distance(p[0], p[2]) < 0,
      );
      labels.push(label === 0 && standsHere >= 0 ? 255 - standsHere : label);
      values.push(p[0], p[1], p[2], su, sv, FLATNESS * Math.min(su, sv), ...quaternion(a, b, n));
      values.push(opacity);
      for (let c = 0; c < 3; c++) {
        values.push(clamp01(albedo[c]! * lit[c]! * open + noise + (random() - 0.5) * 0.012));
      }
      sheens.push({ n, gloss: surface.gloss });
    });
  };
  for (const part of roomSurfaces(seed)) emit(part.surface, 0, part.support);
  for (const [k, object] of objects.entries()) {
    for (const surface of object.surfaces) emit(surface, k + 1, undefined);
  }
  const all = pack(values, labels.length, scale, shDegree, sheens);

  const seen = sink(labels, (l) => l < 128);
  const cloud = takeSplats(all, seen.rows);
  return {
    cloud,
    labels: Uint8Array.from(seen.labels),
    objects: objects.map((o, k) => {
      const [w, h, d] = o.size.map((x) => x * scale) as Point;
      const [bx, by, bz] = o.contact.base.map((x) => x * scale) as Point;
      const [c, s] = [Math.cos(o.yaw), Math.sin(o.yaw)];
      const center: [number, number, number] = [bx, by - h / 2, bz];
      return {
        id: k + 1,
        name: o.name,
        center,
        radius: Math.hypot(w, h, d) / 2,
        box: {
          shape: 'box',
          center,
          axes: [
            [c, 0, s],
            [0, -1, 0],
            [-s, 0, c],
          ],
          halfExtents: [w / 2, h / 2, d / 2],
        },
      };
    }),
    up: [0, -1, 0],
    cameras: tabletopCameras(scale),
    truthWithout: (id) => {
      const kept = sink(labels, (l) => l < 128 && l !== id);
      const under = sink(labels, (l) => l === 256 - id);
      return concatSplats(takeSplats(all, kept.rows), takeSplats(all, under.rows));
    },
  };
}

function sink(labels: readonly number[], keep: (label: number) => boolean): Sink {
  const out: Sink = { rows: [], labels: [] };
  for (const [row, label] of labels.entries()) {
    if (!keep(label)) continue;
    out.rows.push(row);
    out.labels.push(label);
  }
  return out;
}

/** Numbers a splat in `values`: position, three standard deviations, quaternion, opacity, colour. */
const STRIDE = 14;

function pack(
  values: readonly number[],
  count: number,
  scale: number,
  shDegree: ShDegree,
  sheens: readonly { n: Point; gloss: number }[],
): SplatCloud {
  const cloud = createSplatCloud(count, shDegree);
  const perSplat = 3 * SH_REST_COUNT[shDegree];
  for (let i = 0; i < count; i++) {
    const from = i * STRIDE;
    for (let k = 0; k < 3; k++) {
      cloud.positions[i * 3 + k] = values[from + k]! * scale;
      cloud.logScales[i * 3 + k] = Math.log(values[from + 3 + k]! * scale);
      cloud.dc[i * 3 + k] = (values[from + 11 + k]! - 0.5) / SH_C0;
    }
    for (let k = 0; k < 4; k++) cloud.rotations[i * 4 + k] = values[from + 6 + k]!;
    const opacity = values[from + 10]!;
    cloud.opacityLogits[i] = Math.log(opacity / (1 - opacity));
    const { n, gloss } = sheens[i]!;
    writeSheen(cloud.shRest, i * perSplat, shDegree, gloss, n, TO_LIGHT);
  }
  return cloud;
}

function tabletopCameras(scale: number): Camera[] {
  const views: [string, Vec3, Vec3][] = [
    ['start', [0.66, -1.4, -1.74], [0.25, -0.8, 0.06]],
    ['left', [-0.95, -1.3, -1.15], [0.05, -0.75, 0.05]],
    ['front', [0.05, -1.18, -1.55], [0.05, -0.72, 0.1]],
    ['right', [1.3, -1.35, -0.75], [0.05, -0.74, 0.05]],
    ['above', [0.2, -1.95, -0.8], [0.05, -0.74, 0.02]],
    ['floor', [0.95, -1.35, -1.75], [1.25, -0.1, -0.1]],
  ];
  const focal = 800;
  return views.map(([id, eye, target]) => ({
    id,
    width: 960,
    height: 640,
    fx: focal,
    fy: focal,
    cx: 480,
    cy: 320,
    worldToCamera: lookAt(
      eye.map((x) => x * scale) as unknown as Vec3,
      target.map((x) => x * scale) as unknown as Vec3,
      [0, -1, 0],
    ),
  }));
}

const clamp01 = (x: number) => Math.min(1, Math.max(0, x));
const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
function unit(a: Point): Point {
  const l = Math.sqrt(dot(a, a)) || 1;
  return [a[0] / l, a[1] / l, a[2] / l];
}

/** Quaternion w x y z of the rotation whose columns are a, b, n (right-handed: b = n × a). */
function quaternion(a: Point, b: Point, n: Point): [number, number, number, number] {
  const trace = a[0] + b[1] + n[2];
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return [s / 4, (b[2] - n[1]) / s, (n[0] - a[2]) / s, (a[1] - b[0]) / s];
  }
  if (a[0] > b[1] && a[0] > n[2]) {
    const s = 2 * Math.sqrt(1 + a[0] - b[1] - n[2]);
    return [(b[2] - n[1]) / s, s / 4, (b[0] + a[1]) / s, (n[0] + a[2]) / s];
  }
  if (b[1] > n[2]) {
    const s = 2 * Math.sqrt(1 + b[1] - a[0] - n[2]);
    return [(n[0] - a[2]) / s, (b[0] + a[1]) / s, s / 4, (n[1] + b[2]) / s];
  }
  const s = 2 * Math.sqrt(1 + n[2] - a[0] - b[1]);
  return [(a[1] - b[0]) / s, (n[0] + a[2]) / s, (n[1] + b[2]) / s, s / 4];
}
