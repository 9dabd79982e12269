import { type Camera, cameraCenter, projectPoint, type Vec3 } from '../../core/camera.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import { add, cross, dot, minus, normalized, scaled } from './vectors.ts';
import { volumeAxes } from './volume-gizmo.ts';

const CIRCLE_STEPS = 64;
/** Lines end this close to the camera, as a share of the volume's distance. */
const NEAR = 1e-3;

/** A volume's edges as lines of world points: a box's twelve, a sphere's three great circles and its outline. */
export function wireframe(volume: SelectionVolume, eye: Vec3): Vec3[][] {
  const { center } = volume;
  const axes = volumeAxes(volume);
  if (volume.shape === 'box') {
    const corner = (signs: readonly number[]) =>
      axes.reduce<Vec3>(
        (p, axis, k) => add(p, scaled(axis, signs[k]! * volume.halfExtents[k]!)),
        center,
      );
    const lines: Vec3[][] = [];
    for (let k = 0; k < 3; k++) {
      for (const [a, b] of [
        [-1, -1],
        [-1, 1],
        [1, -1],
        [1, 1],
      ] as const) {
        const signs = [0, 0, 0];
        signs[(k + 1) % 3] = a;
        signs[(k + 2) % 3] = b;
        lines.push([-1, 1].map((s) => corner(signs.map((v, i) => (i === k ? s : v)))));
      }
    }
    return lines;
  }
  const lines = [0, 1, 2].map((k) =>
    circle(center, axes[(k + 1) % 3]!, axes[(k + 2) % 3]!, volume.radius),
  );
  const away = minus(center, eye);
  const distance = Math.hypot(...away);
  if (distance > volume.radius) {
    // What one sees of a sphere ends at the circle in which tangents from the eye touch it.
    const share = (volume.radius * volume.radius) / (distance * distance);
    const forward = normalized(away);
    const side = normalized(
      cross(forward, Math.abs(dot(forward, [1, 0, 0])) < 0.9 ? [1, 0, 0] : [0, 1, 0]),
    );
    const middle = minus(center, scaled(away, share));
    const radius = volume.radius * Math.sqrt(1 - share);
    lines.push(circle(middle, side, cross(forward, side), radius));
  }
  return lines;
}

function circle(center: Vec3, u: Vec3, v: Vec3, radius: number): Vec3[] {
  return Array.from({ length: CIRCLE_STEPS + 1 }, (_, k) => {
    const angle = (2 * Math.PI * k) / CIRCLE_STEPS;
    const along = add(scaled(u, Math.cos(angle)), scaled(v, Math.sin(angle)));
    return add(center, scaled(along, radius));
  });
}

/**
 * Lines of world points as runs of picture pixels, cut where they come to the camera.
 * @returns x, y, x, y … a run
 */
export function projectLines(camera: Camera, lines: readonly Vec3[][]): number[][] {
  const eye = cameraCenter(camera);
  const runs: number[][] = [];
  for (const line of lines) {
    let run: number[] = [];
    const near = NEAR * Math.max(...line.map((p) => Math.hypot(...minus(p, eye))));
    for (let k = 0; k + 1 < line.length; k++) {
      const piece = cut(camera, line[k]!, line[k + 1]!, near);
      if (piece === undefined) continue;
      const [a, b] = piece.map((p) => projectPoint(camera, p)) as [Projected, Projected];
      if (run.length === 0 || run.at(-2) !== a.u || run.at(-1) !== a.v) {
        run = [a.u, a.v];
        runs.push(run);
      }
      run.push(b.u, b.v);
    }
  }
  return runs;
}

type Projected = ReturnType<typeof projectPoint>;

/** The part of a line that lies at least `near` in front of the camera. */
function cut(camera: Camera, a: Vec3, b: Vec3, near: number): [Vec3, Vec3] | undefined {
  const [za, zb] = [projectPoint(camera, a).depth, projectPoint(camera, b).depth];
  if (za < near && zb < near) return undefined;
  const at = (z: number) => add(a, scaled(minus(b, a), (near - z) / (zb - za)));
  return [za < near ? at(za) : a, zb < near ? at(za) : b];
}
