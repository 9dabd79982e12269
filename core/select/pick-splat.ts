import { type Camera, cameraCenter, unprojectPoint, type Vec3 } from '../camera.ts';
import { HIDDEN, type Marks } from '../marks.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { type SceneIndex, sceneIndex } from './scene-index.ts';
import { createSplatFrame, splatFrame } from './splat-frame.ts';

export interface SplatPick {
  row: number;
  /** Of the splat's centre along z, world units. */
  depth: number;
  /** Where the pixel's ray passes through the splat: its densest point on the ray, world units. */
  point: Vec3;
}

/** Added to a projected splat's variances, pixels², as the reference implementation does. */
const DILATION = 0.3;
const MIN_ALPHA = 1 / 255;
/** A pixel that lets more than this much light through shows nothing that one could mean. */
const MIN_COVERAGE = 0.2;

interface Hit {
  row: number;
  depth: number;
  alpha: number;
}

/** Opacity of splat i at pixel (x, y) by EWA projection (Zwicker et al. 2001), 0 where it cannot matter. */
function alphaAt(
  cloud: SplatCloud,
  i: number,
  camera: Camera,
  pixel: { x: number; y: number },
  view: readonly [number, number, number],
  frame: ReturnType<typeof createSplatFrame>,
): number {
  const [vx, vy, vz] = view;
  const m = camera.worldToCamera;
  // The linearisation is held within 1.3 × the field of view, as in the reference implementation.
  const limitX = (0.65 * camera.width) / camera.fx;
  const limitY = (0.65 * camera.height) / camera.fy;
  const slopeX = Math.min(limitX, Math.max(-limitX, vx / vz));
  const slopeY = Math.min(limitY, Math.max(-limitY, vy / vz));
  splatFrame(cloud, i, frame);
  let xx = DILATION;
  let xy = 0;
  let yy = DILATION;
  for (let k = 0; k < 3; k++) {
    const sigma = frame.sigmas[k]!;
    const [ax, ay, az] = [frame.axes[k * 3]!, frame.axes[k * 3 + 1]!, frame.axes[k * 3 + 2]!];
    const cx = m[0]! * ax + m[4]! * ay + m[8]! * az;
    const cy = m[1]! * ax + m[5]! * ay + m[9]! * az;
    const cz = m[2]! * ax + m[6]! * ay + m[10]! * az;
    const px = (sigma * camera.fx * (cx - slopeX * cz)) / vz;
    const py = (sigma * camera.fy * (cy - slopeY * cz)) / vz;
    xx += px * px;
    xy += px * py;
    yy += py * py;
  }
  const dx = pixel.x - ((camera.fx * vx) / vz + camera.cx);
  const dy = pixel.y - ((camera.fy * vy) / vz + camera.cy);
  const det = xx * yy - xy * xy;
  const power = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / (2 * det);
  if (!(power >= 0)) return 0;
  const opacity = 1 / (1 + Math.exp(-cloud.opacityLogits[i]!));
  return Math.min(0.99, opacity * Math.exp(-power));
}

/**
 * Can a splat of this cell cover the pixel? Bounds the test that `hitsAt` makes of each splat, over a
 * ball around the cell's centres.
 */
function mayCover(
  index: SceneIndex,
  cell: number,
  camera: Camera,
  pixel: { x: number; y: number },
): boolean {
  const b = index.boxes;
  const at = cell * 6;
  const x = (b[at]! + b[at + 3]!) / 2;
  const y = (b[at + 1]! + b[at + 4]!) / 2;
  const z = (b[at + 2]! + b[at + 5]!) / 2;
  const halfX = b[at + 3]! - x;
  const halfY = b[at + 4]! - y;
  const halfZ = b[at + 5]! - z;
  // A little more than the half diagonal: boxes are float32.
  const radius = 1.001 * Math.sqrt(halfX * halfX + halfY * halfY + halfZ * halfZ);
  const m = camera.worldToCamera;
  const vz = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!;
  if (vz + radius <= 0) return false;
  const sigma = index.largest[cell]!;
  // So near, a splat's stretch has no bound.
  if (!(vz - radius > 14 * sigma)) return true;
  const slopeX = (pixel.x - camera.cx) / camera.fx;
  const slopeY = (pixel.y - camera.cy) / camera.fy;
  const dx = m[0]! * x + m[4]! * y + m[8]! * z + m[12]! - slopeX * vz;
  const dy = m[1]! * x + m[5]! * y + m[9]! * z + m[13]! - slopeY * vz;
  const slant = 1 + Math.abs(slopeX) + Math.abs(slopeY);
  const wide = Math.max(camera.fx, camera.fy);
  const narrow = Math.min(camera.fx, camera.fy);
  const reach = slant * (radius + (7 * sigma * wide) / narrow) + (4 * (vz + radius)) / narrow;
  return dx * dx + dy * dy <= reach * reach;
}

function hitsAt(
  cloud: SplatCloud,
  camera: Camera,
  pixel: { x: number; y: number },
  marks: Marks | undefined,
): Hit[] {
  const index = sceneIndex(cloud);
  const { starts, rows, spheres } = index;
  const m = camera.worldToCamera;
  const [m0, m4, m8, m12] = [m[0]!, m[4]!, m[8]!, m[12]!];
  const [m1, m5, m9, m13] = [m[1]!, m[5]!, m[9]!, m[13]!];
  const [m2, m6, m10, m14] = [m[2]!, m[6]!, m[10]!, m[14]!];
  const { fx, fy, cx, cy } = camera;
  const frame = createSplatFrame();
  const hits: Hit[] = [];
  const focal = Math.max(camera.fx, camera.fy);
  for (let c = 0; c < index.cells; c++) {
    if (!mayCover(index, c, camera, pixel)) continue;
    const end = starts[c + 1]!;
    for (let k = starts[c]!; k < end; k++) {
      const x = spheres[k * 4]!;
      const y = spheres[k * 4 + 1]!;
      const z = spheres[k * 4 + 2]!;
      const vz = m2 * x + m6 * y + m10 * z + m14;
      if (!(vz > 0)) continue;
      const vx = m0 * x + m4 * y + m8 * z + m12;
      const vy = m1 * x + m5 * y + m9 * z + m13;
      const dx = pixel.x - ((fx * vx) / vz + cx);
      const dy = pixel.y - ((fy * vy) / vz + cy);
      const largest = spheres[k * 4 + 3]!;
      // The camera is inside the splat: its projection means nothing.
      if (vz < largest) continue;
      // Off the middle a splat is stretched along the ray; 1 + |offset/focal| bounds that.
      const stretch = 1 + Math.abs(vx / vz) + Math.abs(vy / vz);
      const reach = (3.5 * stretch * largest * focal) / vz + 2;
      if (!(dx * dx + dy * dy < reach * reach) || !(reach < 1e9)) continue;
      const i = rows[k]!;
      if (marks && (marks[i]! & HIDDEN) !== 0) continue;
      const alpha = alphaAt(cloud, i, camera, pixel, [vx, vy, vz], frame);
      if (alpha >= MIN_ALPHA) hits.push({ row: i, depth: vz, alpha });
    }
  }
  return hits;
}

/** The point of a ray at which a Gaussian is densest: t = dᵀΣ⁻¹(c − o) / dᵀΣ⁻¹d. */
function densestPoint(
  cloud: SplatCloud,
  row: number,
  camera: Camera,
  pixel: { x: number; y: number },
): Vec3 {
  const frame = splatFrame(cloud, row, createSplatFrame());
  const o = cameraCenter(camera);
  const far = unprojectPoint(camera, pixel.x, pixel.y, 1);
  const d: Vec3 = [far[0] - o[0], far[1] - o[1], far[2] - o[2]];
  const p = cloud.positions;
  const c: Vec3 = [p[row * 3]! - o[0], p[row * 3 + 1]! - o[1], p[row * 3 + 2]! - o[2]];
  let across = 0;
  let along = 0;
  // A splat of no thickness still has a finite inverse here.
  const least = 1e-4 * frame.sigmas[0]!;
  for (let k = 0; k < 3; k++) {
    const [ax, ay, az] = [frame.axes[k * 3]!, frame.axes[k * 3 + 1]!, frame.axes[k * 3 + 2]!];
    const precision = 1 / Math.max(frame.sigmas[k]!, least) ** 2;
    const onAxis = ax * d[0] + ay * d[1] + az * d[2];
    across += precision * onAxis * (ax * c[0] + ay * c[1] + az * c[2]);
    along += precision * onAxis * onAxis;
  }
  const t = across / along;
  if (!(t > 0) || !Number.isFinite(t)) return [p[row * 3]!, p[row * 3 + 1]!, p[row * 3 + 2]!];
  return [o[0] + t * d[0], o[1] + t * d[1], o[2] + t * d[2]];
}

/**
 * The splat that one sees at a pixel: the one at which the transmittance, front to back, falls under a
 * half; where it never does, the heaviest one, provided that the pixel is covered at all.
 * @param pixel pixels of the camera's picture
 * @param marks what is hidden is not there
 * @returns undefined when the pixel shows (almost) nothing
 */
export function pickSplat(
  cloud: SplatCloud,
  camera: Camera,
  pixel: { x: number; y: number },
  marks?: Marks,
): SplatPick | undefined {
  const hits = hitsAt(cloud, camera, pixel, marks).sort(
    (a, b) => a.depth - b.depth || a.row - b.row,
  );
  const pickOf = ({ row, depth }: Hit): SplatPick => ({
    row,
    depth,
    point: densestPoint(cloud, row, camera, pixel),
  });
  let transmittance = 1;
  let heaviest: Hit | undefined;
  let most = 0;
  for (const hit of hits) {
    const weight = transmittance * hit.alpha;
    if (weight > most) {
      most = weight;
      heaviest = hit;
    }
    transmittance *= 1 - hit.alpha;
    if (transmittance < 0.5) return pickOf(hit);
  }
  if (!heaviest || 1 - transmittance < MIN_COVERAGE) return undefined;
  return pickOf(heaviest);
}
