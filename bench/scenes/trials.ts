/**
 * Small generated scenes, each with one object on or before one kind of surface, and what the object hides. Metres, y down,
 * floor at y = 0; the viewer stands at −z.
 */
import { type Camera, lookAt, type Vec3 } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { createSurfaceSplats } from '../../samples/scenes/surface-splats.ts';
import { box, facing, rectangle, revolve, type Surface } from '../../samples/scenes/surfaces.ts';
import {
  bricks,
  landscape,
  type Rgb,
  stickers,
  type Texture,
  tiles,
  wallpaper,
  wood,
} from '../../samples/scenes/textures.ts';
import { dot, type Point } from '../../samples/scenes/vectors.ts';
import { asTrained } from './as-trained.ts';
import { boxSolid, cylinderSolid, type Solid } from './solids.ts';
import type { TruthScene } from './truth-scene.ts';

/** What touches the object's skin this near was never seen. */
const TOUCHES = 0.012;
const TO_LIGHT: Point = [-0.52, -0.72, -0.46];
const EYE: Vec3 = [0.35, -0.95, -1.5];

interface Trial {
  /** What stays. */
  rest: Surface[];
  object: Solid;
  trained?: boolean;
}

const style = { grain: 0.011, levels: 1, gloss: 0 };
const fine = { grain: 0.006, levels: 1, gloss: 0 };
const seen: Point = [0, -0.6, -1];

const tiled = tiles([0.74, 0.62, 0.5], [0.66, 0.5, 0.39], [0.86, 0.82, 0.75], 0.16, 21);
const oak = wood([0.83, 0.63, 0.43], [0.53, 0.34, 0.2], 0.12, 22);
const paper = wallpaper([0.97, 0.95, 0.85], [0.87, 0.92, 0.82], [0.5, 0.68, 0.55], 23);
const brick = bricks([0.62, 0.33, 0.25], [0.8, 0.58, 0.46], [0.84, 0.8, 0.73], 24);
const far = landscape(25);
const plain =
  (c: Rgb): Texture =>
  () =>
    c;
const skin = stickers(0.3, 1, 26);

/** Flat, facing the viewer; edges in metres. */
const flat = (origin: Point, u: Point, v: Point, albedo: Texture, as = style) =>
  facing(rectangle(origin, u, v, albedo, as), seen);
/** Ends at what stands on it, as a capture sees it. */
const floor = (albedo: Texture, back = 1.1, left = -1.1) =>
  flat([left, 0, back], [1.1 - left, 0, 0], [0, 0, -1.1 - back], albedo);
const wall = (z: number, albedo: Texture, half = 1.1) =>
  flat([-half, -1.2, z], [2 * half, 0, 0], [0, 1.2, 0], albedo);

/** A quarter of a drum around the viewer's side, standing on the floor. */
function curvedWall(radius: number, albedo: Texture): Surface {
  const drum = revolve(
    [0, 0, 0.45 - radius],
    [
      [radius, 0],
      [radius, 1.2],
    ],
    (u, v) => albedo(u * 2 * Math.PI * radius, v),
    style,
  );
  return {
    ...drum,
    // The part behind the object: a third of the way round, seen from inside.
    at: (u, v) => {
      const part = 1 / 3;
      const q = drum.at(1 / 4 - part / 2 + part * u, v);
      const [n, du] = [q.n.map((x) => -x), q.du.map((x) => x * part)];
      return { ...q, n: n as Point, du: du as Point };
    },
    albedo: (u, v) => albedo(((2 * Math.PI) / 3) * radius * u, v),
  };
}

const TRIALS: Record<string, () => Trial> = {
  plane: () => ({
    rest: [floor(plain([0.62, 0.58, 0.5]))],
    object: cylinderSolid([0, 0, 0], 0.12, 0.2, skin, fine),
  }),
  'textured floor': () => ({
    rest: [floor(tiled)],
    object: boxSolid([0, 0, 0], [0.34, 0.2, 0.3], skin, fine),
  }),
  corner: () => ({
    rest: [
      floor(oak, 0.4, -0.5),
      flat([-0.5, -1.2, 0.4], [1.6, 0, 0], [0, 1.2, 0], paper),
      flat([-0.5, -1.2, 0.4], [0, 0, -1.5], [0, 1.2, 0], paper),
    ],
    object: boxSolid([-0.34, 0, 0.26], [0.3, 0.28, 0.26], skin, fine),
  }),
  edge: () => ({
    rest: [floor(tiled), ...box([0, -0.5, 0.3], [1.2, 0.04, 0.8], 0, faces(oak), style)],
    object: boxSolid([0.1, -0.54, 0.01], [0.22, 0.16, 0.2], skin, fine),
  }),
  'curved wall': () => ({
    rest: [floor(plain([0.6, 0.6, 0.62]), 0.45), curvedWall(0.8, brick)],
    object: cylinderSolid([0, 0, 0.3], 0.13, 0.5, skin, fine),
  }),
  clutter: () => ({
    rest: [floor(oak, 0.5), wall(0.5, paper), ...clutterAround()],
    object: boxSolid([0, 0, 0], [0.2, 0.2, 0.2], skin, fine),
  }),
  thin: () => ({
    rest: [floor(tiled, 0.35), wall(0.35, brick)],
    object: cylinderSolid([0, 0, 0.1], 0.018, 0.7, plain([0.75, 0.2, 0.2]), fine),
  }),
  'far background': () => ({
    rest: [
      ...box([0, -0.5, 0.1], [0.9, 0.5, 0.4], 0, faces(oak), style).map((s) => lowered(s, 0.5)),
      flat([-9, -7, 8], [18, 0, 0], [0, 9, 0], (u, v) => far(u / 18, v / 9), {
        ...style,
        grain: 0.12,
      }),
    ],
    object: boxSolid([0, -0.5, 0.05], [0.24, 0.3, 0.2], skin, fine),
  }),
  'as trained': () => ({
    rest: [floor(tiled, 0.5), wall(0.5, paper)],
    object: boxSolid([0, 0, 0.1], [0.3, 0.26, 0.26], skin, fine),
    trained: true,
  }),
};

function faces(albedo: Texture) {
  return {
    top: albedo,
    sides: [albedo, albedo, albedo, albedo] as [Texture, Texture, Texture, Texture],
  };
}

function lowered(surface: Surface, by: number): Surface {
  return {
    ...surface,
    at: (u, v) => {
      const q = surface.at(u, v);
      return { ...q, p: [q.p[0], q.p[1] + by, q.p[2]] };
    },
  };
}

function clutterAround(): Surface[] {
  const places: [number, number, number, Rgb][] = [
    [-0.3, 0.05, 0.11, [0.2, 0.42, 0.6]],
    [0.27, -0.02, 0.09, [0.75, 0.6, 0.2]],
    [0.1, 0.3, 0.12, [0.4, 0.55, 0.35]],
    [-0.15, -0.27, 0.07, [0.65, 0.3, 0.4]],
    [0.22, -0.3, 0.06, [0.85, 0.8, 0.75]],
  ];
  return places.flatMap(
    ([x, z, r, c]) => cylinderSolid([x, 0, z], r, 2 * r, plain(c), fine).surfaces,
  );
}

export const TRIAL_NAMES = Object.keys(TRIALS);

/** @param name one of TRIAL_NAMES */
export function trialScene(name: string, seed = 1): TruthScene {
  const make = TRIALS[name];
  if (make === undefined) throw new Error(`no trial ${name}; there are ${TRIAL_NAMES.join(', ')}`);
  const { rest, object, trained } = make();
  const splats = createSurfaceSplats(createRandom(seed), 1, 1, 0);
  const light = (_p: Point, n: Point): Point => {
    const k = 0.72 + 0.28 * Math.max(0, dot(n, TO_LIGHT));
    return [k, k, k];
  };
  for (const surface of rest) {
    splats.add(surface, light, (p) => (object.distance(p) < TOUCHES ? -1 : 0));
  }
  for (const surface of object.surfaces) splats.add(surface, light, () => 1);
  let all = splats.toCloud();
  let labels = Int8Array.from(splats.labels);
  if (trained === true) {
    const made = asTrained(all, labels, EYE, seed);
    all = made.cloud;
    labels = Int8Array.from(made.labels);
  }
  const rows = (keep: (label: number) => boolean): SplatCloud =>
    takeSplats(
      all,
      [...labels].flatMap((label, row) => (keep(label) ? [row] : [])),
    );
  return {
    cloud: rows((label) => label >= 0),
    labels: Uint8Array.from(labels.filter((label) => label >= 0)),
    objects: [{ id: 1, name, center: object.center as Vec3, radius: object.radius }],
    cameras: [userCamera(object)],
    truthWithout: () =>
      concatSplats(
        rows((label) => label === 0),
        rows((label) => label === -1),
      ),
  };
}

/** Where a person would stand who looks at the object. */
function userCamera({ center, radius }: Solid): Camera {
  const away = [0, 1, 2].map((k) => EYE[k]! - center[k]!);
  const distance = Math.hypot(...away);
  const wanted = Math.max(1.2, 4.5 * radius);
  const eye = [0, 1, 2].map((k) => center[k]! + (away[k]! * wanted) / distance);
  return {
    id: 'user',
    width: 960,
    height: 640,
    fx: 800,
    fy: 800,
    cx: 480,
    cy: 320,
    worldToCamera: lookAt(eye as unknown as Vec3, center as Vec3, [0, -1, 0]),
  };
}
