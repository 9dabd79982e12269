import { createRandom } from '../../core/random.ts';
import { createSplatCloud, SH_C0, type SplatCloud } from '../../core/splat-cloud.ts';

const SPHERES = 12;
/** Of all splats; the rest lie on walls and spheres. */
const FLOATERS = 0.1;

/**
 * A furnished box of surface splats whose size follows their density, as in a trained capture, with a tenth of
 * faint larger floaters: 6 × 3 × 6 units around the origin, y down. The same seed gives the same scene.
 */
export function benchScene(count: number, seed = 1): SplatCloud {
  const random = createRandom(seed);
  const cloud = createSplatCloud(count);
  const half = [3, 1.5, 3] as const;
  const spacing = Math.sqrt(150 / count);
  const spheres = Array.from({ length: SPHERES }, () => ({
    at: [0, 1, 2].map((k) => (random() * 2 - 1) * half[k]! * 0.7),
    radius: 0.2 + 0.3 * random(),
  }));
  for (let i = 0; i < count; i++) {
    const kind = random();
    let normal = [0, 0, 0];
    let position: number[];
    let size = spacing * (0.5 + 0.5 * random());
    let logit = 2 + 2 * random();
    if (kind < FLOATERS) {
      position = half.map((h) => (random() * 2 - 1) * h);
      normal = [random() - 0.5, random() - 0.5, random() - 0.5];
      size *= 3;
      logit = -3 + 3 * random();
    } else if (kind < 0.6) {
      const axis = Math.floor(random() * 3);
      const side = random() < 0.5 ? -1 : 1;
      position = half.map((h, k) => (k === axis ? side * h : (random() * 2 - 1) * h));
      normal[axis] = side;
    } else {
      const { at, radius } = spheres[i % SPHERES]!;
      const z = random() * 2 - 1;
      const turn = random() * 2 * Math.PI;
      const r = Math.sqrt(1 - z * z);
      normal = [r * Math.cos(turn), r * Math.sin(turn), z];
      position = normal.map((n, k) => at[k]! + radius * n);
    }
    cloud.positions.set(position, i * 3);
    cloud.logScales.set([size, size * (0.4 + 0.6 * random()), size * 0.1].map(Math.log), i * 3);
    // The shortest turn from the local z axis onto the normal.
    const length = Math.hypot(...normal) || 1;
    const [nx, ny, nz] = normal.map((n) => n / length) as [number, number, number];
    cloud.rotations.set(nz < -0.999 ? [0, 1, 0, 0] : [1 + nz, -ny, nx, 0], i * 4);
    cloud.opacityLogits[i] = logit;
    const wave = position.map((v) => 0.5 + 0.35 * Math.sin(7 * v) + 0.1 * (random() - 0.5));
    cloud.dc.set(
      wave.map((c) => (c - 0.5) / SH_C0),
      i * 3,
    );
  }
  return cloud;
}
