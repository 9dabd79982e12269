import { breathe, throwIfCancelled } from '../progress.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { createSplatFrame, splatFrame } from './splat-frame.ts';

/** What a view needs of each splat and what no view changes. */
export interface SplatShapes {
  /** 6N: covariance in the world, xx xy xz yy yz zz, world units². A splat that cannot be drawn has NaN. */
  covariances: Float32Array;
  /** N: root of the covariance's trace, at least the largest standard deviation, world units. NaN likewise. */
  sigmas: Float32Array;
  /** N: opacity, 0..1. */
  opacities: Float32Array;
}

/** Splats between two breaths: about 30 ms. */
const SLICE = 1 << 17;

function fill(cloud: SplatCloud, shapes: SplatShapes, from: number, to: number): void {
  const { covariances, opacities } = shapes;
  const { rotations: q, positions: p } = cloud;
  const frame = createSplatFrame();
  const { axes, sigmas } = frame;
  for (let i = from; i < to; i++) {
    opacities[i] = 1 / (1 + Math.exp(-cloud.opacityLogits[i]!));
    splatFrame(cloud, i, frame);
    const [v0, v1, v2] = [sigmas[0]! ** 2, sigmas[1]! ** 2, sigmas[2]! ** 2];
    // A quaternion of no length says no direction.
    const turned = q[i * 4]! || q[i * 4 + 1]! || q[i * 4 + 2]! || q[i * 4 + 3]!;
    const drawn = turned && Number.isFinite(p[i * 3]! + p[i * 3 + 1]! + p[i * 3 + 2]! + v0);
    shapes.sigmas[i] = drawn ? Math.sqrt(v0 + v1 + v2) : Number.NaN;
    let at = i * 6;
    for (let r = 0; r < 3; r++) {
      for (let c = r; c < 3; c++) {
        covariances[at++] = drawn
          ? v0 * axes[r]! * axes[c]! +
            v1 * axes[3 + r]! * axes[3 + c]! +
            v2 * axes[6 + r]! * axes[6 + c]!
          : Number.NaN;
      }
    }
  }
}

/** The shapes are as long-lived as their cloud, which nobody changes in place. */
const built = new WeakMap<SplatCloud, SplatShapes>();

/** The cloud's shapes; made now, breathing, if it has none yet (some 32 bytes and 0.3 µs a splat). */
export async function splatShapes(cloud: SplatCloud, signal?: AbortSignal): Promise<SplatShapes> {
  const known = built.get(cloud);
  if (known) return known;
  const shapes = {
    covariances: new Float32Array(cloud.count * 6),
    sigmas: new Float32Array(cloud.count),
    opacities: new Float32Array(cloud.count),
  };
  for (let from = 0; from < cloud.count; from += SLICE) {
    if (from > 0) await breathe();
    throwIfCancelled(signal);
    fill(cloud, shapes, from, Math.min(cloud.count, from + SLICE));
  }
  built.set(cloud, shapes);
  return shapes;
}
