import { throwIfCancelled } from '../progress.ts';
import { inSlices } from '../slices.ts';
import { SH_REST_COUNT, type ShDegree, type SplatCloud } from '../splat-cloud.ts';
import { HEADER_BYTES, ksplatRowBytes, MAX_DEGREE, SECTION_HEADER_BYTES } from './ksplat-layout.ts';
import { writeColourBytes } from './splat.ts';

/** Splats written between two looks at the clock. */
const BLOCK = 2048;

/** Column of our channel-major harmonics for .ksplat's i-th: degree 1 (channel by channel), then degree 2. */
function harmonicColumn(i: number, perChannel: number): number {
  const [first, width, before] = i < 9 ? [0, 3, 0] : [9, 5, 3];
  const inDegree = i - first;
  const channel = Math.floor(inDegree / width);
  return channel * perChannel + before + (inDegree % width);
}

/**
 * Writes .ksplat 0.1, level 0 (uncompressed), one section, rows in order: float32 position, scale,
 * quaternion and harmonics (degree 2 at most), bytes for colour and opacity. Written here because
 * GaussianSplats3D's own generator brings three.js, boxes every number and shuffles the rows.
 * @param options.maxDegree leaves out harmonics above this degree
 * @param options.spareRows as many rows of zeros at the end, for the caller to fill
 */
export async function writeKsplat(
  cloud: SplatCloud,
  signal?: AbortSignal,
  { maxDegree = MAX_DEGREE, spareRows = 0 } = {},
): Promise<Uint8Array> {
  throwIfCancelled(signal);
  const degree = Math.min(cloud.shDegree, MAX_DEGREE, maxDegree) as ShDegree;
  const harmonics = 3 * SH_REST_COUNT[degree];
  const splatBytes = ksplatRowBytes(0, degree);
  const rows = cloud.count + spareRows;
  const dataAt = HEADER_BYTES + SECTION_HEADER_BYTES;
  const bytes = new Uint8Array(dataAt + rows * splatBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(1, 1); // version 0.1
  view.setUint32(4, 1, true); // sections: room for, and present
  view.setUint32(8, 1, true);
  view.setUint32(12, rows, true);
  view.setUint32(16, rows, true);
  view.setFloat32(36, -1.5, true); // range of 8-bit harmonics, its default; level 0 has none
  view.setFloat32(40, 1.5, true);
  view.setUint32(HEADER_BYTES, rows, true);
  view.setUint32(HEADER_BYTES + 4, rows, true);
  view.setUint32(HEADER_BYTES + 28, rows * splatBytes, true);
  view.setUint16(HEADER_BYTES + 40, degree, true);

  const floats = new Float32Array(bytes.buffer);
  const clamped = new Uint8ClampedArray(bytes.buffer);
  const perChannel = SH_REST_COUNT[cloud.shDegree];
  const columns = Array.from({ length: harmonics }, (_, i) => harmonicColumn(i, perChannel));
  const writeRow = (i: number) => {
    const at = dataAt + i * splatBytes;
    const f = at / 4;
    for (let k = 0; k < 3; k++) {
      floats[f + k] = cloud.positions[i * 3 + k]!;
      floats[f + 3 + k] = Math.exp(cloud.logScales[i * 3 + k]!);
    }
    // The format's readers expect unit quaternions.
    const q = cloud.rotations.subarray(i * 4, i * 4 + 4);
    const length = Math.hypot(q[0]!, q[1]!, q[2]!, q[3]!) || 1;
    for (let k = 0; k < 4; k++) floats[f + 6 + k] = q[k]! / length;
    writeColourBytes(cloud, i, clamped.subarray(at + 40, at + 44));
    for (const [k, column] of columns.entries()) {
      floats[f + 11 + k] = cloud.shRest[i * 3 * perChannel + column]!;
    }
  };
  await inSlices(
    cloud.count,
    BLOCK,
    (first, end) => {
      for (let i = first; i < end; i++) writeRow(i);
    },
    signal,
  );
  throwIfCancelled(signal);
  return bytes;
}
