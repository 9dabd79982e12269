import type { SplatCloud } from '../splat-cloud.ts';
import { sceneIndex } from './scene-index.ts';
import { createSplatFrame, splatFrame } from './splat-frame.ts';
import { type VoxelBall, voxelAt } from './voxels.ts';

/** How much two neighbouring voxels look like one thing, 0..1: the cost of cutting between them. */
export type Coupling = (a: number, b: number) => number;

/**
 * By colour and distance.
 * @param colourScale colour difference (Euclidean, 0..1 a channel) at which it falls to 1/e
 */
export function colourCoupling(ball: VoxelBall, colourScale: number): Coupling {
  const { colours: c, means: p, size } = ball;
  return (a, b) => {
    const i = a * 3;
    const j = b * 3;
    const red = c[i]! - c[j]!;
    const green = c[i + 1]! - c[j + 1]!;
    const blue = c[i + 2]! - c[j + 2]!;
    const d2 = red * red + green * green + blue * blue;
    const dx = p[i]! - p[j]!;
    const dy = p[i + 1]! - p[j + 1]!;
    const dz = p[i + 2]! - p[j + 2]!;
    const apart2 = dx * dx + dy * dy + dz * dz;
    return Math.exp(-d2 / (colourScale * colourScale)) / Math.max(1, Math.sqrt(apart2) / size);
  };
}

/** What the splats in each voxel look like, besides their colour. */
interface Traits {
  /** 3 a voxel: unit normal of either sign; 0 0 0 where the splats are round or do not agree. */
  normals: Float32Array;
  /** Mean logarithm of the splats' largest standard deviation; NaN where no centre lies. */
  sizes: Float32Array;
}

/** A normal counts when this share of a voxel's splats lie in its direction (trace share of Σ n nᵀ). */
const AGREEING = 0.6;

/** The direction that most of the normals share: power iteration on Σ n nᵀ [xx xy xz yy yz zz]. */
function mainDirection(m: Float64Array, at: number, out: Float32Array, to: number): void {
  const [xx, xy, xz] = [m[at]!, m[at + 1]!, m[at + 2]!];
  const [yy, yz, zz] = [m[at + 3]!, m[at + 4]!, m[at + 5]!];
  const trace = xx + yy + zz;
  if (!(trace > 0)) return;
  let [x, y, z] = xx >= yy && xx >= zz ? [xx, xy, xz] : yy >= zz ? [xy, yy, yz] : [xz, yz, zz];
  let length = 0;
  for (let k = 0; k < 5; k++) {
    const [u, v, w] = [
      xx * x + xy * y + xz * z,
      xy * x + yy * y + yz * z,
      xz * x + yz * y + zz * z,
    ];
    length = Math.sqrt(u * u + v * v + w * w);
    if (!(length > 0)) return;
    [x, y, z] = [u / length, v / length, w / length];
  }
  if (length < AGREEING * trace) return;
  out[to] = x;
  out[to + 1] = y;
  out[to + 2] = z;
}

function traitsOf(cloud: SplatCloud, places: Uint32Array, ball: VoxelBall): Traits {
  const { rows, spheres } = sceneIndex(cloud);
  const tensors = new Float64Array(ball.count * 6);
  const sums = new Float32Array(ball.count);
  const counts = new Uint32Array(ball.count);
  const frame = createSplatFrame();
  for (let k = 0; k < places.length; k++) {
    const at = places[k]!;
    const v = voxelAt(ball, spheres[at * 4]!, spheres[at * 4 + 1]!, spheres[at * 4 + 2]!);
    if (v < 0) continue;
    sums[v]! += Math.log(spheres[at * 4 + 3]!);
    counts[v]!++;
    splatFrame(cloud, rows[at]!, frame);
    if (frame.sigmas[2]! > 0.5 * frame.sigmas[1]!) continue;
    const x = frame.axes[6]!;
    const y = frame.axes[7]!;
    const z = frame.axes[8]!;
    tensors[v * 6]! += x * x;
    tensors[v * 6 + 1]! += x * y;
    tensors[v * 6 + 2]! += x * z;
    tensors[v * 6 + 3]! += y * y;
    tensors[v * 6 + 4]! += y * z;
    tensors[v * 6 + 5]! += z * z;
  }
  const normals = new Float32Array(ball.count * 3);
  for (let v = 0; v < ball.count; v++) mainDirection(tensors, v * 6, normals, v * 3);
  return { normals, sizes: sums.map((sum, v) => sum / counts[v]!) };
}

/** 1 − |cos| between normals at which the coupling falls to 1/e: about 45°. */
const CREASE = 0.3;
/** Difference of log sizes at which it does. */
const SIZE_SCALE = 1.2;

/**
 * By colour, distance, the surface's direction and the splats' size: low over edges, creases and where
 * one fabric of splats meets another.
 * @param places the splats that the ball's voxels were made of, as places in the scene index
 */
export function lookCoupling(
  cloud: SplatCloud,
  places: Uint32Array,
  ball: VoxelBall,
  colourScale: number,
): Coupling {
  const byColour = colourCoupling(ball, colourScale);
  const { normals: n, sizes } = traitsOf(cloud, places, ball);
  return (a, b) => {
    const cos = Math.abs(
      n[a * 3]! * n[b * 3]! + n[a * 3 + 1]! * n[b * 3 + 1]! + n[a * 3 + 2]! * n[b * 3 + 2]!,
    );
    // Where a normal is not known all its parts are 0.
    const bend = cos === 0 ? 0 : (1 - cos) / CREASE;
    const change = (sizes[a]! - sizes[b]!) / SIZE_SCALE;
    const loss = bend * bend + (Number.isFinite(change) ? change * change : 0);
    return byColour(a, b) * Math.exp(-loss);
  };
}
