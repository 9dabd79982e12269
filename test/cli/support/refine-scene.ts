/**
 * A floor, a back wall and a box, ray-cast exactly from five cameras on an arc, and written in each of the forms that `refine` reads.
 * The formats are written here from their own descriptions, not by the code under test.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import {
  type Camera,
  cameraCenter,
  cameraToJson,
  cameraToWorld,
  lookAt,
} from '../../../core/camera.ts';
import { writeNpy } from '../../../core/depth-files/npy.ts';

export const W = 96;
export const H = 72;

export interface TestView {
  id: string;
  camera: Camera;
  /** Bytes, interleaved. */
  rgb: Uint8Array;
  depth: Float32Array;
}

/** World: x right, y down, z away. Surfaces as [axis, value, bounds of the other two axes]. */
const FLOOR = 0.8;
const WALL = 4;
const BOX = { min: [-0.5, 0.1, 2.2], max: [0.3, FLOOR, 2.9] };

function hit(
  o: readonly number[],
  d: readonly number[],
): { t: number; p: number[]; colour: number[] } {
  let best = { t: Infinity, p: [0, 0, 0], colour: [0, 0, 0] };
  const offer = (
    t: number,
    colour: (p: number[]) => number[],
    inside: (p: number[]) => boolean,
  ) => {
    if (!(t > 1e-6 && t < best.t)) return;
    const p = [0, 1, 2].map((k) => o[k]! + t * d[k]!);
    if (inside(p)) best = { t, p, colour: colour(p) };
  };
  const soft = (a: number, b: number) => 12 * Math.sin(5 * a) * Math.cos(4 * b);
  offer(
    (FLOOR - o[1]!) / d[1]!,
    (p) => [150, 110, 70].map((v) => v + soft(p[0]!, p[2]!)),
    () => true,
  );
  offer(
    (WALL - o[2]!) / d[2]!,
    (p) => [110, 140, 170].map((v) => v + soft(p[0]!, p[1]!)),
    () => true,
  );
  for (let axis = 0; axis < 3; axis++) {
    for (const side of [BOX.min, BOX.max]) {
      const inside = (p: number[]) =>
        [0, 1, 2].every((k) => k === axis || (p[k]! >= BOX.min[k]! && p[k]! <= BOX.max[k]!));
      offer(
        (side[axis]! - o[axis]!) / d[axis]!,
        (p) => [190 - 30 * axis, 60, 50].map((v) => v + soft(p[1]!, p[2]! + p[0]!)),
        inside,
      );
    }
  }
  return best;
}

/** Distance from a point to the nearest of the scene's surfaces. */
export function distanceToScene(p: readonly number[]): number {
  const outside = [0, 1, 2].map((k) => Math.max(BOX.min[k]! - p[k]!, p[k]! - BOX.max[k]!));
  const toBox = outside.every((v) => v <= 0)
    ? -Math.max(...outside)
    : Math.hypot(...outside.map((v) => Math.max(0, v)));
  return Math.min(Math.abs(p[1]! - FLOOR), Math.abs(p[2]! - WALL), toBox);
}

/** The scene as a camera sees it: bytes of colour, and exact depth along z. */
export function castView(camera: Camera): { rgb: Uint8Array; depth: Float32Array } {
  const { width, height } = camera;
  const m = cameraToWorld(camera);
  const origin = cameraCenter(camera);
  const rgb = new Uint8Array(3 * width * height);
  const depth = new Float32Array(width * height);
  for (let i = 0; i < depth.length; i++) {
    const kx = ((i % width) + 0.5 - camera.cx) / camera.fx;
    const ky = (Math.floor(i / width) + 0.5 - camera.cy) / camera.fy;
    const d = [0, 1, 2].map((k) => m[k]! * kx + m[4 + k]! * ky + m[8 + k]!);
    const found = hit(origin, d);
    // The ray's step along the camera's z is 1, so t is depth along z.
    depth[i] = found.t;
    rgb.set(found.colour.map(Math.round), 3 * i);
  }
  return { rgb, depth };
}

/** @param scale of the whole world */
export function refineScene(scale = 1): TestView[] {
  return [-2, -1, 0, 1, 2].map((step) => {
    const eye = [0.5 * step, -0.15 + 0.05 * step, 0.1 * step * step] as const;
    const camera: Camera = {
      ...{ id: `v${step + 2}`, width: W, height: H, fx: 84, fy: 84, cx: 47, cy: 37 },
      worldToCamera: lookAt(eye, [0, 0.35, 2.8], [0, -1, 0]),
    };
    const { rgb, depth } = castView(camera);
    for (let k = 12; k < 15; k++) camera.worldToCamera[k]! *= scale;
    return { id: camera.id!, camera, rgb, depth: depth.map((z) => z * scale) };
  });
}

const png = (data: Uint8Array, channels: number) =>
  encode({ width: W, height: H, data, channels, depth: 8 });

/** A folder of RGB-D frames, depth as float NPY. */
export function writeFrames(folder: string, views: readonly TestView[]): string {
  mkdirSync(folder, { recursive: true });
  const { cameraToWorld: _, id: __, ...lens } = cameraToJson(views[0]!.camera);
  const poses = Object.fromEntries(views.map((v) => [v.id, cameraToJson(v.camera).cameraToWorld]));
  writeFileSync(join(folder, 'frames.json'), JSON.stringify({ ...lens, cameraToWorld: poses }));
  for (const view of views) {
    writeFileSync(join(folder, `${view.id}.color.png`), png(view.rgb, 3));
    writeFileSync(
      join(folder, `${view.id}.depth.npy`),
      writeNpy({ shape: [H, W], data: view.depth }),
    );
  }
  return folder;
}

/** w x y z of a rotation by rows (trace form; the cameras here look forward). */
function quaternion(m: Float64Array): number[] {
  const r = (row: number, column: number) => m[4 * column + row]!;
  const w = Math.sqrt(1 + r(0, 0) + r(1, 1) + r(2, 2)) / 2;
  return [
    w,
    (r(2, 1) - r(1, 2)) / (4 * w),
    (r(0, 2) - r(2, 0)) / (4 * w),
    (r(1, 0) - r(0, 1)) / (4 * w),
  ];
}

export interface ColmapChoice {
  ending: 'txt' | 'bin';
  /** With dense depth maps; else a point every so many pixels, observed where it was made and in nothing else. */
  dense: boolean;
  every?: number;
}

/** A COLMAP workspace: sparse/0, images/, stereo/depth_maps/. */
export function writeColmap(
  folder: string,
  views: readonly TestView[],
  choice: ColmapChoice,
): string {
  const { ending, dense, every = 7 } = choice;
  const sparse = join(folder, 'sparse/0');
  const maps = join(folder, 'stereo/depth_maps');
  for (const path of [sparse, maps, join(folder, 'images')]) mkdirSync(path, { recursive: true });
  const points: { xyz: number[]; rgb: number[]; image: number; index: number }[] = [];
  const observed = views.map((view, n) => {
    const list: { u: number; v: number; id: number }[] = [];
    const m = cameraToWorld(view.camera);
    for (let i = n; i < view.depth.length; i += every) {
      const z = view.depth[i]!;
      if (!(z > 0)) continue;
      const [u, v] = [(i % W) + 0.5, Math.floor(i / W) + 0.5];
      const x = ((u - view.camera.cx) / view.camera.fx) * z;
      const y = ((v - view.camera.cy) / view.camera.fy) * z;
      const xyz = [0, 1, 2].map((k) => m[k]! * x + m[4 + k]! * y + m[8 + k]! * z + m[12 + k]!);
      points.push({
        xyz,
        rgb: [...view.rgb.subarray(3 * i, 3 * i + 3)],
        image: n + 1,
        index: list.length,
      });
      list.push({ u, v, id: points.length });
      // What was seen and matched nothing.
      if (list.length % 5 === 0) list.push({ u: 3, v: 4, id: -1 });
    }
    return list;
  });
  const { fx, fy, cx, cy } = views[0]!.camera;
  if (ending === 'txt') {
    writeFileSync(
      join(sparse, 'cameras.txt'),
      `# Camera list\n1 PINHOLE ${W} ${H} ${fx} ${fy} ${cx} ${cy}\n`,
    );
    const lines = views.flatMap((view, n) => [
      `${n + 1} ${[...quaternion(view.camera.worldToCamera), ...view.camera.worldToCamera.subarray(12, 15)].join(' ')} 1 ${view.id}.png`,
      observed[n]!.map((o) => `${o.u} ${o.v} ${o.id}`).join(' '),
    ]);
    writeFileSync(join(sparse, 'images.txt'), `# Image list\n${lines.join('\n')}\n`);
    writeFileSync(
      join(sparse, 'points3D.txt'),
      `# 3D points\n${points.map((p, k) => `${k + 1} ${p.xyz.join(' ')} ${p.rgb.join(' ')} 0.5 ${p.image} ${p.index}`).join('\n')}\n`,
    );
  } else {
    const out: Buffer[] = [];
    const u32 = (v: number) => {
      const b = Buffer.alloc(4);
      b.writeUInt32LE(v);
      out.push(b);
    };
    const i64 = (v: number) => {
      const b = Buffer.alloc(8);
      b.writeBigInt64LE(BigInt(v));
      out.push(b);
    };
    const f64 = (v: number) => {
      const b = Buffer.alloc(8);
      b.writeDoubleLE(v);
      out.push(b);
    };
    const save = (name: string) => writeFileSync(join(sparse, name), Buffer.concat(out.splice(0)));
    i64(1);
    u32(1);
    u32(1);
    i64(W);
    i64(H);
    for (const v of [fx, fy, cx, cy]) f64(v);
    save('cameras.bin');
    i64(views.length);
    for (const [n, view] of views.entries()) {
      u32(n + 1);
      for (const v of quaternion(view.camera.worldToCamera)) f64(v);
      for (const v of view.camera.worldToCamera.subarray(12, 15)) f64(v);
      u32(1);
      out.push(Buffer.from(`${view.id}.png\0`));
      i64(observed[n]!.length);
      for (const o of observed[n]!) {
        f64(o.u);
        f64(o.v);
        i64(o.id);
      }
    }
    save('images.bin');
    i64(points.length);
    for (const [k, p] of points.entries()) {
      i64(k + 1);
      for (const v of p.xyz) f64(v);
      out.push(Buffer.from(p.rgb));
      f64(0.5);
      i64(1);
      u32(p.image);
      u32(p.index);
    }
    save('points3D.bin');
  }
  for (const view of views) {
    writeFileSync(join(folder, 'images', `${view.id}.png`), png(view.rgb, 3));
    const map = Buffer.concat([
      Buffer.from(`${W}&${H}&1&`),
      Buffer.from(view.depth.buffer.slice(0)),
    ]);
    if (dense) writeFileSync(join(maps, `${view.id}.png.geometric.bin`), map);
  }
  return folder;
}

const stack = (views: readonly TestView[], of: (v: TestView) => ArrayLike<number>) =>
  Float32Array.from(views.flatMap((v) => Array.from(of(v))));
const rows = (m: Float64Array, count: number) =>
  Array.from({ length: 4 * count }, (_, i) => m[4 * (i % 4) + Math.floor(i / 4)]!);

const zip = (
  path: string,
  arrays: Record<string, { shape: number[]; data: Float32Array | Uint8Array }>,
) => {
  const files = Object.entries(arrays).map(([name, a]) => [`${name}.npy`, writeNpy(a)] as const);
  writeFileSync(path, zipSync(Object.fromEntries(files), { level: 1 }));
  return path;
};

/** As DUSt3R's scene holds it: camera-to-world poses, one focal a view, pixels counted from the first one's centre. */
export function writeDust3r(
  path: string,
  views: readonly TestView[],
  confidence: (view: number, i: number) => number,
  inverted = false,
): string {
  const n = views.length;
  const points = stack(views, ({ camera, depth }) => {
    const m = cameraToWorld(camera);
    return Array.from({ length: 3 * W * H }, (_, k) => {
      const i = Math.floor(k / 3);
      const z = depth[i]!;
      const x = (((i % W) + 0.5 - camera.cx) / camera.fx) * z;
      const y = ((Math.floor(i / W) + 0.5 - camera.cy) / camera.fy) * z;
      return m[k % 3]! * x + m[4 + (k % 3)]! * y + m[8 + (k % 3)]! * z + m[12 + (k % 3)]!;
    });
  });
  return zip(path, {
    pts3d: { shape: [n, H, W, 3], data: points },
    conf: {
      shape: [n, H, W],
      data: Float32Array.from({ length: n * W * H }, (_, i) =>
        confidence(Math.floor(i / (W * H)), i % (W * H)),
      ),
    },
    poses: {
      shape: [n, 4, 4],
      data: stack(views, (v) =>
        rows(inverted ? v.camera.worldToCamera : cameraToWorld(v.camera), 4),
      ),
    },
    focals: { shape: [n, 1], data: stack(views, (v) => [v.camera.fx]) },
    pp: { shape: [n, 2], data: stack(views, (v) => [v.camera.cx - 0.5, v.camera.cy - 0.5]) },
    imgs: { shape: [n, H, W, 3], data: stack(views, (v) => v.rgb).map((b) => b / 255) },
  });
}

/** As VGGT's predictions: depth and confidence, world-to-camera extrinsics of 3 × 4, intrinsics, pictures by planes. */
export function writeVggt(path: string, views: readonly TestView[]): string {
  const n = views.length;
  return zip(path, {
    depth: { shape: [1, n, H, W, 1], data: stack(views, (v) => v.depth) },
    depth_conf: {
      shape: [1, n, H, W],
      data: stack(views, (v) => v.depth.map((z) => (z > 0 ? 5 : 1))),
    },
    extrinsic: { shape: [1, n, 3, 4], data: stack(views, (v) => rows(v.camera.worldToCamera, 3)) },
    intrinsic: {
      shape: [1, n, 3, 3],
      data: stack(views, ({ camera: c }) => [c.fx, 0, c.cx - 0.5, 0, c.fy, c.cy - 0.5, 0, 0, 1]),
    },
    images: {
      shape: [1, n, 3, H, W],
      data: stack(views, (v) =>
        Array.from(
          { length: 3 * W * H },
          (_, k) => v.rgb[3 * (k % (W * H)) + Math.floor(k / (W * H))]! / 255,
        ),
      ),
    },
  });
}
