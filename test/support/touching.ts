import type { Camera } from '../../core/camera.ts';
import { lookAt } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import { createSplatCloud, SH_C0, type SplatCloud } from '../../core/splat-cloud.ts';

export type Rgb = readonly [number, number, number];

export interface TouchingScene {
  cloud: SplatCloud;
  /** One byte a splat: 0 = table, 1 = left box, 2 = right box. */
  labels: Uint8Array;
  camera: Camera;
}

/**
 * Two cubes of side 1, face to face at x = 0, on a table of side 12 at y = 0; y is down, the camera looks at
 * (0, −0.5, 0) from the front and above. Flat splats 0.05 apart, with a little noise in place and colour.
 */
export function touchingBoxes(left: Rgb, right: Rgb): TouchingScene {
  const random = createRandom(5);
  const centers: number[][] = [];
  const colours: Rgb[] = [];
  const normals: number[] = [];
  const labels: number[] = [];
  const add = (p: number[], axis: number, colour: Rgb, label: number) => {
    centers.push(p.map((v, k) => v + (k === axis ? 0.004 : 0.02) * (random() - 0.5)));
    colours.push(colour.map((c) => c + 0.04 * (random() - 0.5)) as unknown as Rgb);
    normals.push(axis);
    labels.push(label);
  };
  const step = 0.05;
  for (let x = -6; x < 6; x += 2 * step) {
    for (let z = -6; z < 6; z += 2 * step) add([x, 0, z], 1, [0.55, 0.45, 0.35], 0);
  }
  for (const [label, colour, x0] of [
    [1, left, -1],
    [2, right, 0],
  ] as const) {
    for (let a = step / 2; a < 1; a += step) {
      for (let b = step / 2; b < 1; b += step) {
        add([x0 + a, -1, b - 0.5], 1, colour, label);
        for (const z of [-0.5, 0.5]) add([x0 + a, -b, z], 2, colour, label);
        // No capture sees the faces that touch.
        add([label === 1 ? -1 : 1, -b, a - 0.5], 0, colour, label);
      }
    }
  }
  const cloud = createSplatCloud(centers.length);
  for (const [i, p] of centers.entries()) {
    cloud.positions.set(p, i * 3);
    const wide = labels[i] === 0 ? 0.06 : 0.03;
    for (let k = 0; k < 3; k++) {
      cloud.logScales[i * 3 + k] = Math.log(k === normals[i] ? 0.002 : wide);
      cloud.dc[i * 3 + k] = (colours[i]![k]! - 0.5) / SH_C0;
    }
    cloud.rotations[i * 4] = 1;
    cloud.opacityLogits[i] = 5;
  }
  return {
    cloud,
    labels: Uint8Array.from(labels),
    camera: {
      width: 640,
      height: 480,
      fx: 600,
      fy: 600,
      cx: 320,
      cy: 240,
      worldToCamera: lookAt([0.6, -3.2, -5], [0, -0.5, 0], [0, -1, 0]),
    },
  };
}
