/** Scenes for the polish's tests (CPU and GPU), all generated from a seed. */
import { type Camera, lookAt, type Vec3 } from '../../core/camera.ts';
import { createPolishScene, type PolishPlan, planPolish } from '../../core/cpu/polish/plan.ts';
import { createPolishState, type PolishState } from '../../core/cpu/polish/state.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import { createMask, createRgbImage, createScalarImage, type Mask } from '../../core/image.ts';
import type { PolishView } from '../../core/polish-types.ts';
import { createRandom } from '../../core/random.ts';
import {
  concatSplats,
  copySplats,
  createSplatCloud,
  SH_C0,
  type SplatCloud,
  takeSplats,
} from '../../core/splat-cloud.ts';
import { randomCloud, testCamera } from '../core/render-fixtures.ts';

/** New splats and frozen ones of all shapes, before a picture and depth of noise: every parameter has a gradient. */
export async function noisyProblem(
  newCount: number,
  frozenCount: number,
  size: readonly [number, number],
  seed: number,
): Promise<{ plan: PolishPlan; state: PolishState; splats: SplatCloud; view: PolishView }> {
  const [width, height] = size;
  const random = createRandom(seed);
  const splats = inFront(randomCloud(newCount, 0, seed));
  const frozen = randomCloud(frozenCount, 1, seed + 1);
  const rgb = createRgbImage(width, height);
  const depth = createScalarImage(width, height);
  const mask = createMask(width, height);
  for (let i = 0; i < mask.data.length; i++) {
    for (let c = 0; c < 3; c++) rgb.data[i * 3 + c] = random();
    // A corner is not compared, and a fifth of the pixels have no opinion on depth.
    mask.data[i] = i % width < 5 && i < 5 * width ? 0 : 1;
    depth.data[i] = random() < 0.2 ? 0 : 1 + 2 * random();
  }
  const view = { camera: testCamera(width, height, width * 0.9), frozen, rgb, depth, mask };
  const scene = (await createPolishScene(view, undefined))!;
  const state = createPolishState(splats);
  return { plan: planPolish(scene, splats, state), state, splats, view };
}

/** The same splats nearer to the picture's middle, where most of them show, half of them flat. */
function inFront(cloud: SplatCloud): SplatCloud {
  for (let i = 0; i < cloud.count; i++) {
    cloud.positions[i * 3] = cloud.positions[i * 3]! * 0.5;
    cloud.positions[i * 3 + 1] = cloud.positions[i * 3 + 1]! * 0.5;
    cloud.positions[i * 3 + 2] = 1 + Math.abs(cloud.positions[i * 3 + 2]!) * 0.4;
    for (let k = 0; k < 3; k++) {
      cloud.logScales[i * 3 + k] = Math.max(cloud.logScales[i * 3 + k]!, Math.log(0.03));
    }
    if (i % 2 === 0) cloud.logScales[i * 3 + 2] = Math.log(0.004);
    cloud.opacityLogits[i] = Math.min(cloud.opacityLogits[i]!, 6);
  }
  return cloud;
}

export interface PatchScene {
  /** What the new splats should be. */
  truth: SplatCloud;
  /** The same with wrong colours, and off their plane. */
  spoilt: SplatCloud;
  frozen: SplatCloud;
  views: PolishView[];
  /** A camera that no view has. */
  held: Camera;
  /** Where the patch is in the held picture. */
  heldMask: Mask;
}

const SPACING = 0.06;
const HALF = 0.3;

/** A textured floor of flat splats (z is up), of which a square is new; seen by three cameras. @param scale of every length */
export async function spoiltPatch(scale = 1, px = 64): Promise<PatchScene> {
  const random = createRandom(11);
  const spots: Vec3[] = [];
  for (let y = -0.9; y <= 0.9; y += SPACING) {
    for (let x = -0.9; x <= 0.9; x += SPACING) spots.push([x, y, 0]);
  }
  const floor = createSplatCloud(spots.length);
  spots.forEach(([x, y, z], i) => {
    floor.positions.set([x * scale, y * scale, z * scale], i * 3);
    const flat = Math.log(0.62 * SPACING * scale);
    floor.logScales.set([flat, flat, Math.log(0.05 * SPACING * scale)], i * 3);
    floor.rotations.set([1, 0, 0, 0], i * 4);
    floor.opacityLogits[i] = 2.5;
    const wave = 0.5 + 0.3 * Math.sin(9 * x) * Math.cos(7 * y);
    floor.dc.set(
      [wave, 0.6 * wave + 0.1, 0.8 - 0.5 * wave].map((v) => (v - 0.5) / SH_C0),
      i * 3,
    );
  });
  const isNew = spots.map(([x, y]) => Math.abs(x) < HALF && Math.abs(y) < HALF);
  const rows = (wanted: boolean) => spots.flatMap((_, i) => (isNew[i] === wanted ? [i] : []));
  const truth = takeSplats(floor, rows(true));
  const frozen = takeSplats(floor, rows(false));
  const spoilt = copySplats(truth);
  for (let i = 0; i < spoilt.count; i++) {
    for (let k = 0; k < 3; k++) spoilt.dc[i * 3 + k]! += 0.5 * (random() - 0.5);
    spoilt.positions[i * 3 + 2]! += 0.6 * SPACING * scale * (random() - 0.5);
  }
  const camera = (x: number, y: number, z: number): Camera => ({
    width: px,
    height: px,
    fx: px * 1.2,
    fy: px * 1.2,
    cx: px / 2,
    cy: px / 2,
    worldToCamera: lookAt([x * scale, y * scale, z * scale], [0, 0, 0], [0, 0, 1]),
  });
  const views: PolishView[] = [];
  const whole = createCpuRenderer(concatSplats(frozen, truth));
  for (const eye of [camera(0.1, -1.2, 0.9), camera(1.1, -0.3, 0.8), camera(-0.8, 0.6, 1.1)]) {
    const mask = await patchMask(frozen, truth, eye);
    const picture = await whole.render(eye);
    views.push({ camera: eye, frozen, rgb: picture.rgb, depth: picture.depthMedian, mask });
  }
  const held = camera(0.5, 0.9, 0.8);
  return { truth, spoilt, frozen, views, held, heldMask: await patchMask(frozen, truth, held) };
}

async function patchMask(frozen: SplatCloud, truth: SplatCloud, camera: Camera): Promise<Mask> {
  const cloud = concatSplats(frozen, truth);
  const marked = new Uint8Array(cloud.count).fill(1, frozen.count);
  const picture = await createCpuRenderer(cloud).render(camera, { marked });
  const mask = createMask(camera.width, camera.height);
  picture.marked.data.forEach((share, i) => {
    mask.data[i] = share > 0.05 ? 1 : 0;
  });
  return mask;
}
