/** Our float table as GaussianSplats3D's splat buffer (the bytes of an uncompressed .ksplat file), and back. */
import { SplatBuffer } from '@mkkellogg/gaussian-splats-3d';
import {
  HEADER_BYTES,
  ksplatRowBytes,
  MAX_DEGREE,
  SECTION_HEADER_BYTES,
} from '../../core/formats/ksplat-layout.ts';
import { writeKsplat } from '../../core/formats/ksplat-write.ts';
import { inSlices } from '../../core/slices.ts';
import {
  createSplatCloud,
  SH_C0,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
} from '../../core/splat-cloud.ts';
import type { SplatBufferLike, SplatMesh } from './gaussian-splats-3d-viewer.ts';

/** Splats checked between two looks at the clock. */
const BLOCK = 8192;
/** Floats of a row: position 3, scale 3, quaternion 4; then four colour bytes. */
const ROW_FLOATS = 10;
/** No scene's; its square would overflow a float32. */
const TOO_LARGE = 1e17;

/** Splats of the clouds in buffers of ours, which end with a few points more. */
const counts = new WeakMap<SplatBufferLike, number>();
/** The library draws so many of its quad's six indices as there are splats. */
const FEWEST_ROWS = 6;

/** How many splats of a scene the mesh shows. */
export function shownCount(mesh: SplatMesh): number {
  const buffer = mesh.scenes[0]?.splatBuffer;
  if (!buffer) return 0;
  return counts.get(buffer) ?? buffer.getSplatCount();
}

/**
 * The rows of a cloud in their order and frame, fit to be drawn: broken splats become points in the place of a
 * sound one. Transparent points stand at the end: the library uploads only a sixth of the last splat's shape, and
 * does not draw fewer than six. Alpha is at least 1 of 255 here (what shows comes from `putColours`): its tree
 * builder leaves transparent splats out, but then counts them as so many copies of splat 0.
 * @param shDegree the viewer's degree of harmonics; more is not kept
 */
export async function packSplatBuffer(
  cloud: SplatCloud,
  shDegree: number,
): Promise<SplatBufferLike> {
  const maxDegree = Math.min(cloud.shDegree, shDegree, MAX_DEGREE) as ShDegree;
  const spareRows = Math.max(1, FEWEST_ROWS - cloud.count);
  const bytes = await writeKsplat(cloud, undefined, { maxDegree, spareRows });
  const rowFloats = ksplatRowBytes(0, maxDegree) / 4;
  const floats = new Float32Array(bytes.buffer);
  const start = (HEADER_BYTES + SECTION_HEADER_BYTES) / 4;
  const point = (at: number, place: readonly number[]) =>
    floats.set([...place, 0, 0, 0, 1, 0, 0, 0], at);
  let sound: readonly number[] = [0, 0, 0];
  let spread = 0;
  await inSlices(cloud.count, BLOCK, (first, end) => {
    for (let i = first; i < end; i++) {
      const at = start + i * rowFloats;
      if (isSound(floats, at)) {
        const [x, y, z] = [floats[at]!, floats[at + 1]!, floats[at + 2]!];
        if (i > 0)
          spread = Math.max(spread, Math.hypot(x - sound[0]!, y - sound[1]!, z - sound[2]!));
        sound = [x, y, z];
      } else point(at, sound);
      const alpha = (at + ROW_FLOATS) * 4 + 3;
      bytes[alpha] = Math.max(1, bytes[alpha]!);
    }
  });
  // Its sort divides by the range of depths: a lone splat needs points that are elsewhere.
  const apart = spread > 0 ? 0 : 1;
  for (let i = cloud.count; i < cloud.count + spareRows; i++) {
    const at = start + i * rowFloats;
    point(at, [sound[0]! + 0.61 * apart, sound[1]! + 0.37 * apart, sound[2]! + 0.71 * apart]);
    bytes[(at + ROW_FLOATS) * 4 + 3] = 1;
  }
  const buffer = new SplatBuffer(bytes.buffer);
  counts.set(buffer, cloud.count);
  return buffer;
}

function isSound(floats: Float32Array, at: number): boolean {
  for (let k = at; k < at + ROW_FLOATS; k++) if (!(Math.abs(floats[k]!) < TOO_LARGE)) return false;
  return true;
}

/**
 * Reads what a viewer shows, in the scene's own frame. Lossy: the library keeps 8 bits of colour and opacity, and
 * harmonics up to the viewer's degree; its `optimizeSplatData` has put the rows in another order than the file's.
 */
export function readMeshCloud(mesh: SplatMesh): SplatCloud {
  const count = shownCount(mesh);
  // Ours have some more.
  const rows = mesh.getSplatCount();
  const degree = Math.min(MAX_DEGREE, mesh.minSphericalHarmonicsDegree) as ShDegree;
  const cloud = createSplatCloud(count, degree);
  const perChannel = SH_REST_COUNT[degree];
  const harmonics = new Float32Array(rows * perChannel * 3);
  const centers = new Float32Array(rows * 3);
  const scales = new Float32Array(rows * 3);
  const rotations = new Float32Array(rows * 4);
  const colours = new Uint8Array(rows * 4);
  mesh.fillSplatDataArrays(
    null,
    scales,
    rotations,
    centers,
    colours,
    degree > 0 ? harmonics : null,
    false,
    0,
    0,
    0,
  );
  cloud.positions.set(centers.subarray(0, count * 3));
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      cloud.logScales[i * 3 + c] = Math.log(scales[i * 3 + c]!);
      cloud.dc[i * 3 + c] = (colours[i * 4 + c]! / 255 - 0.5) / SH_C0;
    }
    const alpha = colours[i * 4 + 3]! / 255;
    cloud.opacityLogits[i] = Math.log(alpha / (1 - alpha));
    // The library gives x y z w.
    for (let c = 0; c < 4; c++) cloud.rotations[i * 4 + c] = rotations[i * 4 + ((c + 3) & 3)]!;
  }
  const {
    compressionLevel,
    minSphericalHarmonicsCoeff: low,
    maxSphericalHarmonicsCoeff: high,
  } = mesh.scenes[0]!.splatBuffer;
  // Of 8-bit buffers the library gives the bare bytes.
  const [zero, unit] = compressionLevel === 2 ? [low, (high - low) / 255] : [0, 1];
  // The library has the three channels of a coefficient together.
  for (let k = 0; k < perChannel * 3; k++) {
    const to = (k % 3) * perChannel + Math.floor(k / 3);
    for (let i = 0; i < count; i++) {
      cloud.shRest[i * perChannel * 3 + to] = zero + unit * harmonics[i * perChannel * 3 + k]!;
    }
  }
  return cloud;
}
