import { type Camera, projectPoint } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { type Surroundings, splatLooks } from '../../core/surroundings.ts';
import { SIGMA_PER_SPACING } from '../steps/lift.ts';

const THINNEST = 0.02;
const MOST_SAMPLES = 4000;

const median = (values: number[], none: number) =>
  values.sort((a, b) => a - b)[values.length >> 1] ?? none;

/** What the splats in a camera's picture look like: the lift matches its own to it. World units. */
export function measureSplats(scene: SplatCloud, camera: Camera): Surroundings {
  const rows: number[] = [];
  const p = scene.positions;
  for (let i = 0; i < scene.count; i++) {
    const { u, v, depth } = projectPoint(camera, [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!]);
    if (depth > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height) rows.push(i);
  }
  const step = Math.max(1, Math.floor(rows.length / MOST_SAMPLES));
  const samples = rows.filter((_, k) => k % step === 0);
  const { tangential, normal, opacities } = splatLooks(scene, samples);
  const tangentialSigma = median(tangential, 0);
  return {
    spacing: tangentialSigma / SIGMA_PER_SPACING,
    tangentialSigma,
    // Perfectly flat ones have no thickness to match.
    normalSigma: Math.max(median(normal, 0), THINNEST * tangentialSigma),
    opacity: median(opacities, 0.95),
  };
}
