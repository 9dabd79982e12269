import { type Camera, projectPoint } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { Surroundings } from '../../core/surroundings.ts';

/** Standard deviation within the surface over the distance of neighbours, as lifts make it and captures have it. */
const SIGMA_PER_SPACING = 0.68;
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
  const tangential: number[] = [];
  const normal: number[] = [];
  const opacities: number[] = [];
  for (let k = 0; k < rows.length; k += step) {
    const i = rows[k]!;
    const sigmas = [0, 1, 2]
      .map((a) => Math.exp(scene.logScales[3 * i + a]!))
      .sort((a, b) => a - b);
    if (sigmas.every(Number.isFinite)) {
      tangential.push(Math.sqrt(sigmas[1]! * sigmas[2]!));
      normal.push(sigmas[0]!);
    }
    opacities.push(1 / (1 + Math.exp(-scene.opacityLogits[i]!)));
  }
  const tangentialSigma = median(tangential, 0);
  return {
    spacing: tangentialSigma / SIGMA_PER_SPACING,
    tangentialSigma,
    // Perfectly flat ones have no thickness to match.
    normalSigma: Math.max(median(normal, 0), THINNEST * tangentialSigma),
    opacity: median(opacities, 0.95),
  };
}
