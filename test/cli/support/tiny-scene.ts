import { type Camera, cameraToJson, lookAt } from '../../../core/camera.ts';
import { createRandom } from '../../../core/random.ts';
import { createSplatCloud, SH_C0, type SplatCloud } from '../../../core/splat-cloud.ts';

/** Where the ball is: on the table's top (y = 0, y downwards), scene units. */
export const BALL = { center: [0, -0.1, 0] as const, radius: 0.1 };
export const TABLE_SPLATS = 48 * 48;
export const BALL_SPLATS = 300;

/** A chequered table of flat splats with a red ball on it; no splat lies under the ball. Seed 5. */
export function tinyScene(): SplatCloud {
  const random = createRandom(5);
  const places: { p: number[]; rgb: number[]; flat: boolean }[] = [];
  const n = 48;
  for (let i = 0; i < n * n; i++) {
    const x = ((i % n) / (n - 1) - 0.5) * 1.2;
    const z = (Math.floor(i / n) / (n - 1) - 0.5) * 1.2;
    const dark = (Math.floor(x / 0.1) + Math.floor(z / 0.1)) % 2 === 0 ? 0.35 : 0.7;
    // Hidden from every camera: nobody ever saw the table there.
    if (Math.hypot(x, z) < 0.07) continue;
    places.push({ p: [x, 0, z], rgb: [dark, dark * 0.9, dark * 0.7], flat: true });
  }
  for (let i = 0; i < BALL_SPLATS; i++) {
    const y = 1 - 2 * random();
    const a = 2 * Math.PI * random();
    const s = Math.sqrt(1 - y * y);
    const r = BALL.radius * 0.95;
    places.push({
      p: [r * s * Math.cos(a), BALL.center[1] + r * y, r * s * Math.sin(a)],
      rgb: [0.8, 0.15, 0.1],
      flat: false,
    });
  }
  const cloud = createSplatCloud(places.length);
  for (const [i, { p, rgb, flat }] of places.entries()) {
    cloud.positions.set(p, i * 3);
    const s = Math.log(0.016);
    cloud.logScales.set(flat ? [s, Math.log(0.002), s] : [s, s, s], i * 3);
    cloud.rotations.set([1, 0, 0, 0], i * 4);
    cloud.opacityLogits[i] = 4;
    cloud.dc.set(
      rgb.map((c) => (c - 0.5) / SH_C0),
      i * 3,
    );
  }
  return cloud;
}

/** A camera in front of and above the table. */
export function tinyCamera(): Camera {
  return {
    id: 'front',
    width: 160,
    height: 120,
    fx: 150,
    fy: 150,
    cx: 80,
    cy: 60,
    worldToCamera: lookAt([0, -0.6, -0.9], [0, -0.05, 0], [0, -1, 0]),
  };
}

/** The ball as a case.json would say it. */
export function tinyCase() {
  return {
    name: 'tiny',
    select: {
      shape: 'box',
      center: BALL.center,
      axes: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      halfExtents: [0.11, 0.098, 0.11],
    },
    cameras: [cameraToJson(tinyCamera())],
  };
}
