import { type Camera, cameraAxes, cameraCenter, lookAt, type Vec3 } from '../../core/camera.ts';

/** How a camera is to move around what it looks at. */
export interface Turn {
  /** Degrees to the right and upwards, around the point at `pivotDepth` on the camera's axis. */
  rightDeg: number;
  upDeg: number;
  /** Share of the way to that point; negative goes back. */
  forward: number;
}

/** The camera after a turn: the same lens, looking at the same point. @param pivotDepth along z, world units */
export function turned(
  camera: Camera,
  pivotDepth: number,
  { rightDeg, upDeg, forward }: Turn,
): Camera {
  const { right, down, forward: ahead } = cameraAxes(camera);
  const center = cameraCenter(camera);
  const [a, e] = [(rightDeg * Math.PI) / 180, (upDeg * Math.PI) / 180];
  const far = pivotDepth * (1 - forward);
  const along = (k: number, r: number, d: number, f: number) =>
    right[k]! * r + down[k]! * d + ahead[k]! * f;
  const each = (of: (k: number) => number): Vec3 => [of(0), of(1), of(2)];
  const pivot = each((k) => center[k]! + pivotDepth * ahead[k]!);
  const eye = each(
    (k) =>
      pivot[k]! +
      far * along(k, Math.sin(a) * Math.cos(e), -Math.sin(e), -Math.cos(a) * Math.cos(e)),
  );
  // Upwards along the circle that `upDeg` runs on: also beyond 90°.
  const up = each((k) =>
    along(k, -Math.sin(a) * Math.sin(e), -Math.cos(e), Math.cos(a) * Math.sin(e)),
  );
  const { id: _, ...lens } = camera;
  return { ...lens, worldToCamera: lookAt(eye, pivot, up) };
}
