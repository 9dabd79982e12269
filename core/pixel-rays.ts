import { type Camera, cameraCenter, cameraToWorld, type Vec3 } from './camera.ts';
import type { ScalarImage } from './image.ts';

/** Rays through a camera's pixel centres, world frame; `direction` is scaled to 1 along z, so that t is depth. */
export interface PixelRays {
  origin: Vec3;
  direction(x: number, y: number): Vec3;
  /** World point of pixel (x, y) at depth z. */
  point(x: number, y: number, z: number): Vec3;
}

export function pixelRays(camera: Camera): PixelRays {
  const m = cameraToWorld(camera);
  const origin = cameraCenter(camera);
  const direction = (x: number, y: number): Vec3 => {
    const kx = (x + 0.5 - camera.cx) / camera.fx;
    const ky = (y + 0.5 - camera.cy) / camera.fy;
    return [
      m[0]! * kx + m[4]! * ky + m[8]!,
      m[1]! * kx + m[5]! * ky + m[9]!,
      m[2]! * kx + m[6]! * ky + m[10]!,
    ];
  };
  return {
    origin,
    direction,
    point(x, y, z) {
      const d = direction(x, y);
      return [origin[0] + d[0] * z, origin[1] + d[1] * z, origin[2] + d[2] * z];
    },
  };
}

/** World points of a depth image, 3 a pixel; NaN where depth is 0. */
export function unprojectImage(camera: Camera, depth: ScalarImage): Float64Array {
  const rays = pixelRays(camera);
  const out = new Float64Array(depth.data.length * 3).fill(Number.NaN);
  for (let y = 0; y < depth.height; y++) {
    for (let x = 0; x < depth.width; x++) {
      const i = y * depth.width + x;
      const z = depth.data[i]!;
      if (z > 0) out.set(rays.point(x, y, z), i * 3);
    }
  }
  return out;
}
