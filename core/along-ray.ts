import { type Camera, cameraCenter } from './camera.ts';
import { SplatmendError } from './errors.ts';
import { copySplats, type SplatCloud } from './splat-cloud.ts';

/**
 * Splats moved along a camera's rays: scaled about its centre, positions and sizes alike, so that its picture of them keeps their
 * outline and colours. The input is not changed; a factor of 1 gives a copy, bit for bit.
 * @param factor new distance over old, > 0
 * @throws SplatmendError `bad-option` for a factor that is not a positive finite number
 */
export function alongRay(cloud: SplatCloud, camera: Camera, factor: number): SplatCloud {
  if (!(factor > 0 && Number.isFinite(factor))) {
    throw new SplatmendError(
      'bad-option',
      `distance: ${factor} is no factor on a distance; give a number over 0, 1 leaves all where it is`,
    );
  }
  const out = copySplats(cloud);
  if (factor === 1) return out;
  const centre = cameraCenter(camera);
  const larger = Math.log(factor);
  for (let i = 0; i < out.positions.length; i++) {
    const c = centre[i % 3]!;
    out.positions[i] = c + factor * (out.positions[i]! - c);
    out.logScales[i] = out.logScales[i]! + larger;
  }
  return out;
}
