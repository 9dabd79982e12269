/** Surface points for trainers: COLMAP's points3D as text or binary, or a PLY of points with normals and colours. */
import type { SurfacePoints } from './fuse.ts';

export const POINT_FORMATS = ['txt', 'bin', 'ply'] as const;
export type PointFormat = (typeof POINT_FORMATS)[number];

/** COLMAP's word for an error that was not computed. */
const NO_ERROR = -1;

function writeText({ count, positions, colours }: SurfacePoints): Uint8Array {
  const lines = [
    '# 3D point list with one line of data per point:',
    '#   POINT3D_ID, X, Y, Z, R, G, B, ERROR, TRACK[] as (IMAGE_ID, POINT2D_IDX)',
    `# Number of points: ${count}, mean track length: 0`,
  ];
  for (let i = 0; i < count; i++) {
    const p = positions.subarray(3 * i, 3 * i + 3);
    const c = colours.subarray(3 * i, 3 * i + 3);
    lines.push(`${i + 1} ${p.join(' ')} ${c.join(' ')} ${NO_ERROR}`);
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

function writeBinary({ count, positions, colours }: SurfacePoints): Uint8Array {
  // id u64, xyz f64, rgb u8, error f64, track length u64.
  const row = 8 + 24 + 3 + 8 + 8;
  const bytes = new Uint8Array(8 + row * count);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(count), true);
  for (let i = 0; i < count; i++) {
    const at = 8 + row * i;
    view.setBigUint64(at, BigInt(i + 1), true);
    for (let k = 0; k < 3; k++) view.setFloat64(at + 8 + 8 * k, positions[3 * i + k]!, true);
    bytes.set(colours.subarray(3 * i, 3 * i + 3), at + 32);
    view.setFloat64(at + 35, NO_ERROR, true);
  }
  return bytes;
}

/** As the reference implementation's `points3D.ply`: x y z nx ny nz red green blue. */
function writePly({ count, positions, normals, colours }: SurfacePoints): Uint8Array {
  const floats = ['x', 'y', 'z', 'nx', 'ny', 'nz'].map((name) => `property float ${name}`);
  const bytes = ['red', 'green', 'blue'].map((name) => `property uchar ${name}`);
  const header = new TextEncoder().encode(
    `${['ply', 'format binary_little_endian 1.0', `element vertex ${count}`, ...floats, ...bytes, 'end_header'].join('\n')}\n`,
  );
  const row = 27;
  const out = new Uint8Array(header.length + row * count);
  out.set(header);
  const view = new DataView(out.buffer, header.length);
  for (let i = 0; i < count; i++) {
    const at = row * i;
    for (let k = 0; k < 3; k++) {
      view.setFloat32(at + 4 * k, positions[3 * i + k]!, true);
      view.setFloat32(at + 12 + 4 * k, normals[3 * i + k]!, true);
      view.setUint8(at + 24 + k, colours[3 * i + k]!);
    }
  }
  return out;
}

export function writePoints(points: SurfacePoints, format: PointFormat): Uint8Array {
  return { txt: writeText, bin: writeBinary, ply: writePly }[format](points);
}
