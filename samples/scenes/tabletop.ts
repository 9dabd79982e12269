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
  type ShDegree,
  type SplatCloud,
  takeSplats,
} from '../../core/splat-cloud.ts';
import { type LightSetup, lightAt } from './light.ts';
import { type SceneObject, sceneObjects } from './objects.ts';
import { ROOM, roomSurfaces, TABLE } from './room.ts';
import { createSurfaceSplats } from './surface-splats.ts';
import type { Point } from './vectors.ts';

export interface TabletopOptions {
  /** The same seed gives the same scene, bit for bit. */
  seed?: number;
  /** About how many splats, at least 5,000. */
  splats?: number;
  /** World units a metre. */
  scale?: number;
  /** 1 to 3 add a mild highlight that moves with the viewer. */
  shDegree?: ShDegree;
  /** Names of objects that take no light from what they stand on: what is there when they are gone with their shadow. */
  shadeless?: readonly string[];
}
export const TABLETOP_DEFAULTS: Required<TabletopOptions> = {
  seed: 1,
  splats: 150_000,
  scale: 1,
  shDegree: 0,
  shadeless: [],
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
const FEWEST_SPLATS = 5000;
/** Objects' bases count as standing on a support within this height, metres (the rug is part of the floor). */
const SAME_SUPPORT = 0.03;

/** Label of a room splat that the object with this id hides; such splats are in the truth only. */
const hiddenUnder = (id: number) => -id;

/**
 * Makes the scene: about a second for the standard count.
 * Surfaces that an object covers where it stands are left out of `cloud`, as no camera of a capture sees
 * them, and so are the undersides of the table and of the objects.
 */
export function generateTabletop(options: TabletopOptions = {}): TabletopScene {
  const { seed, splats, scale, shDegree, shadeless } = { ...TABLETOP_DEFAULTS, ...options };
  const spacing = Math.sqrt(SPLATS_AT_FULL_GRAIN / Math.max(FEWEST_SPLATS, splats));
  const objects = sceneObjects();
  const light: LightSetup = {
    contacts: objects.flatMap((o) => (shadeless.includes(o.name) ? [] : [o.contact])),
    table: TABLE,
    leftX: ROOM.leftX,
    backZ: ROOM.backZ,
  };
  const splatsOf = createSurfaceSplats(createRandom(seed), spacing, scale, shDegree);
  for (const { surface, support } of roomSurfaces(seed)) {
    const standing =
      support === undefined
        ? []
        : objects.flatMap((object, k) =>
            Math.abs(-object.contact.base[1] - support) < SAME_SUPPORT ? [{ object, k }] : [],
          );
    splatsOf.add(
      surface,
      (p, n) => lightAt(light, p, n, support),
      (p) => {
        const over = standing.find(({ object }) => object.contact.distance(p[0], p[2]) < 0);
        return over === undefined ? 0 : hiddenUnder(over.k + 1);
      },
    );
  }
  for (const [k, object] of objects.entries()) {
    for (const surface of object.surfaces) {
      splatsOf.add(
        surface,
        (p, n) => lightAt(light, p, n),
        () => k + 1,
      );
    }
  }

  const all = splatsOf.toCloud();
  const { labels } = splatsOf;
  const rowsWhere = (keep: (label: number) => boolean) =>
    labels.flatMap((label, row) => (keep(label) ? [row] : []));
  const seen = rowsWhere((label) => label >= 0);
  return {
    cloud: takeSplats(all, seen),
    labels: Uint8Array.from(seen, (row) => labels[row]!),
    objects: objects.map((object, k) => describeObject(object, k + 1, scale)),
    up: [0, -1, 0],
    cameras: tabletopCameras(scale),
    truthWithout: (id) =>
      concatSplats(
        takeSplats(
          all,
          rowsWhere((label) => label >= 0 && label !== id),
        ),
        takeSplats(
          all,
          rowsWhere((label) => label === hiddenUnder(id)),
        ),
      ),
  };
}

function describeObject(object: SceneObject, id: number, scale: number): TabletopObject {
  const [w, h, d] = object.size.map((x) => x * scale) as Point;
  const [x, y, z] = object.contact.base.map((v) => v * scale) as Point;
  const [c, s] = [Math.cos(object.yaw), Math.sin(object.yaw)];
  const center: Point = [x, y - h / 2, z];
  return {
    id,
    name: object.name,
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
