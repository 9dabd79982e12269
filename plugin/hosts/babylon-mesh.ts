/** A cloud out of a Babylon mesh that somebody else loaded: as exact as its display rows are. */
import type { GaussianSplattingMesh } from '@babylonjs/core/Meshes/GaussianSplatting/gaussianSplattingMesh.js';
import { SplatmendError } from '../../core/errors.ts';
import {
  createSplatCloud,
  SH_C0,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
} from '../../core/splat-cloud.ts';
import { DISPLAY_ROW_BYTES } from './splat-buffer.ts';

/**
 * Reads a mesh's splats in its own frame. Lossy: Babylon keeps 8 bits of colour, opacity, rotation and SH; give
 * the host your float table (`options.cloud`) where you have it.
 * @throws SplatmendError `bad-option` for a mesh that did not keep its data (`keepInRam`)
 */
export function readMeshCloud(mesh: GaussianSplattingMesh): SplatCloud {
  const data = mesh.splatsData;
  if (!data) {
    throw new SplatmendError(
      'bad-option',
      'Babylon: the mesh did not keep its splats; load it with keepInRam: true, or give the host your cloud',
    );
  }
  const count = Math.floor(data.byteLength / DISPLAY_ROW_BYTES);
  const sh = mesh.shData ?? [];
  const degree = (sh.length === 0 ? 0 : Math.min(3, mesh.maxShDegree)) as ShDegree;
  const cloud = createSplatCloud(count, degree);
  const floats = new Float32Array(data as ArrayBuffer, 0, count * 8);
  const bytes = new Uint8Array(data as ArrayBuffer, 0, count * DISPLAY_ROW_BYTES);
  for (let i = 0; i < count; i++) {
    const b = i * DISPLAY_ROW_BYTES;
    for (let c = 0; c < 3; c++) {
      cloud.positions[i * 3 + c] = floats[i * 8 + c]!;
      cloud.logScales[i * 3 + c] = Math.log(floats[i * 8 + 3 + c]!);
      cloud.dc[i * 3 + c] = (bytes[b + 24 + c]! / 255 - 0.5) / SH_C0;
    }
    const alpha = bytes[b + 27]! / 255;
    cloud.opacityLogits[i] = Math.log(alpha / (1 - alpha));
    for (let c = 0; c < 4; c++) cloud.rotations[i * 4 + c] = (bytes[b + 28 + c]! - 127.5) / 127.5;
  }
  const perChannel = SH_REST_COUNT[degree];
  for (let k = 0; k < perChannel * 3; k++) {
    const texture = sh[k >> 4]!;
    const to = (k % 3) * perChannel + Math.floor(k / 3);
    for (let i = 0; i < count; i++) {
      cloud.shRest[i * perChannel * 3 + to] = texture[i * 16 + (k & 15)]! / 127.5 - 1;
    }
  }
  return cloud;
}
