/** The cameras of a ring and of an orbit, in the order in which they are filled. */
import { type Camera, resizeCamera } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';

/** The share of a view's angle that is new in the next one: 60 % are seen in both. */
const NEW_SHARE = 0.4;
/** Asked for fewer steps, no less than this must be seen in both. */
const LEAST_OVERLAP = 0.1;
/** An orbit's steps are no wider: what near things hide shows in slices that their surroundings can fill. */
const MOST_ORBIT_STEP_DEG = 10;
const MOST_STEPS = 720;

/** The same view in a picture whose longer side is at most this, pixels. */
export const atMost = (camera: Camera, sidePx: number): Camera =>
  resizeCamera(camera, Math.min(1, sidePx / Math.max(camera.width, camera.height)));

function tooFew(steps: number, fovDeg: number, stepDeg: number): SplatmendError {
  const gap = `each ${stepDeg.toFixed(0)}° on, with a camera that sees ${fovDeg.toFixed(0)}°`;
  return new SplatmendError(
    'bad-option',
    `extend: ${steps} steps, ${gap}: neighbours hardly overlap; give more steps`,
  );
}

/**
 * Angles of a ring, degrees to the right, without the start's. Right and left alternate: each end is half as many steps from the scene, and
 * the last view, at the back of a full ring, sees both.
 * @param angleDeg from end to end; 360 closes
 * @param steps 0: as many as overlap by 60 %
 * @throws SplatmendError `bad-option` for too few or too many
 */
export function ringAngles(fovDeg: number, angleDeg = 360, steps = 0, oneWay = false): number[] {
  const closed = angleDeg >= 360;
  const wanted = Math.ceil(angleDeg / (NEW_SHARE * fovDeg) - 1e-9);
  // A closed ring of n stops has the start among them; an open one has its ends.
  const count = steps > 0 ? steps : closed ? wanted - 1 : 2 * Math.ceil(wanted / 2);
  const step = closed ? 360 / (count + 1) : angleDeg / count;
  if (step > (1 - LEAST_OVERLAP) * fovDeg) throw tooFew(count, fovDeg, step);
  checkCount(count);
  if (oneWay) return Array.from({ length: count }, (_, k) => (k + 1) * step);
  return Array.from({ length: count }, (_, k) => (k % 2 === 0 ? 1 : -1) * ((k >> 1) + 1) * step);
}

/**
 * Angles of an orbit, degrees to the right, without the start's: to ± the angle, right and left alternating.
 * @param steps 0: as many as overlap by 60 %, none over 10°
 * @throws SplatmendError `bad-option`
 */
export function orbitAngles(fovDeg: number, angleDeg = 30, steps = 0): number[] {
  const widest = Math.min(NEW_SHARE * fovDeg, MOST_ORBIT_STEP_DEG);
  const side = steps > 0 ? Math.ceil(steps / 2) : Math.ceil(angleDeg / widest - 1e-9);
  const step = angleDeg / side;
  if (step > (1 - LEAST_OVERLAP) * fovDeg) throw tooFew(2 * side, fovDeg, step);
  checkCount(2 * side);
  return Array.from({ length: 2 * side }, (_, k) => (k % 2 === 0 ? 1 : -1) * ((k >> 1) + 1) * step);
}

function checkCount(count: number): void {
  if (count <= MOST_STEPS) return;
  throw new SplatmendError(
    'bad-option',
    `extend: ${count} steps; give a camera that sees more, or at most ${MOST_STEPS} steps`,
  );
}
