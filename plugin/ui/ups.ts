import type { Vec3 } from '../../core/camera.ts';

/** Ways up that `turn-up` goes through: PLY captures are y down, others follow glTF or CAD. */
export const UPS: readonly Vec3[] = [
  [0, -1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, -1],
  [1, 0, 0],
  [-1, 0, 0],
];
