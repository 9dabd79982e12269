/** What a grown scene is measured by: its seams where two ends meet, and the true scene all around. */
import { type Camera, cameraCenter, lookAt, type Vec3 } from '../../core/camera.ts';
import type { ExtendResult } from '../../core/extend-types.ts';
import { createMask } from '../../core/image.ts';
import type { Kernels, RenderedView } from '../../core/kernels.ts';
import { orbitCamera } from '../../core/orbit.ts';
import { applyPatch } from '../../core/patch.ts';
import { quantile } from '../../core/quantile.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { findAhead } from '../../workers/extend/survey.ts';
import { measureSeam } from '../../workers/steps/measure-seam.ts';

/** Held cameras stand beside the closing view by these turns, degrees, and moved by these shares of the depth to the side. */
const HELD: readonly [number, number][] = [
  [0, 0],
  [-9, 0],
  [9, 0],
  [4, 0.05],
  [-4, -0.05],
];
/** Light from the closing view's splats from which a pixel is its fill. */
const CLOSING_SHARE = 0.5;

/** The camera moved to its right, world units. */
export const moved = (camera: Camera, along: number): Camera => {
  const worldToCamera = camera.worldToCamera.slice();
  worldToCamera[12]! -= along;
  return { ...camera, worldToCamera };
};

const medianOf = (view: RenderedView) =>
  quantile(Array.from(view.depthMedian.data.filter((z) => z > 0)), 0.5);

/**
 * Relative depth steps across the rims of the last view's fill, where a ring's two ends meet: seen from its own camera and from held ones beside it.
 */
export async function closingSteps(
  scene: SplatCloud,
  { patch, views, figures }: ExtendResult,
  kernels: Kernels,
): Promise<{ depth: number[]; colour: number[] }> {
  const grown = applyPatch(scene, patch);
  const last = views.filter(({ count }) => count > 0).at(-1)!;
  const marked = new Uint8Array(grown.count);
  const from = scene.count + last.first;
  marked.fill(1, from, from + last.count);
  const out: { depth: number[]; colour: number[] } = { depth: [], colour: [] };
  const renderer = await kernels.createRenderer(grown);
  try {
    const depth = medianOf(await renderer.render(last.camera));
    for (const [degrees, aside] of HELD) {
      const eye = cameraCenter(last.camera);
      const camera = moved(orbitCamera(last.camera, eye, figures.up, -degrees), aside * depth);
      const view = await renderer.render(camera, { marked });
      const mask = createMask(camera.width, camera.height);
      for (let i = 0; i < mask.data.length; i++) {
        if (view.marked.data[i]! > CLOSING_SHARE * view.alpha.data[i]!) mask.data[i] = 1;
      }
      const steps = measureSeam(view, mask);
      out.depth.push(...steps.depth);
      out.colour.push(...steps.colour);
    }
  } finally {
    renderer.destroy();
  }
  return out;
}

export interface AroundScore {
  /** Of the pixels where the truth shows a surface, the share that the grown scene covers. */
  covered: number;
  /** Mean relative error of depth there: information, not a goal: nobody can know what was never seen. */
  absRel: number;
  /** Of the pixels where the truth shows nothing (sky), the share that is filled all the same. */
  overSky: number;
  /** Share of the covered pixels whose mean depth is off the median by over 5 %: two surfaces, or an outline. */
  twice: number;
}

/** The camera turned in place, degrees to the right. */
export const turnedBy = (camera: Camera, up: Vec3, angles: readonly number[]): Camera[] =>
  angles.map((degrees) => orbitCamera(camera, cameraCenter(camera), up, -degrees));

/** The grown scene against the true one, as held cameras see them. */
export async function scoreAround(
  truth: SplatCloud,
  grown: SplatCloud,
  cameras: readonly Camera[],
  kernels: Kernels,
): Promise<AroundScore> {
  const sums = { shown: 0, covered: 0, error: 0, sky: 0, over: 0, twice: 0 };
  const renderers = [await kernels.createRenderer(truth), await kernels.createRenderer(grown)];
  try {
    for (const camera of cameras) {
      const [a, b] = [await renderers[0]!.render(camera), await renderers[1]!.render(camera)];
      for (let i = 0; i < a.alpha.data.length; i++) {
        const [z, made] = [a.depthMedian.data[i]!, b.depthMedian.data[i]!];
        if (!(z > 0)) {
          sums.sky++;
          if (made > 0) sums.over++;
          continue;
        }
        sums.shown++;
        if (!(made > 0)) continue;
        sums.covered++;
        sums.error += Math.abs(made / z - 1);
        if (Math.abs(b.depthMean.data[i]! / made - 1) > 0.05) sums.twice++;
      }
    }
  } finally {
    for (const renderer of renderers) renderer.destroy();
  }
  return {
    covered: sums.covered / sums.shown,
    absRel: sums.error / sums.covered,
    overSky: sums.sky === 0 ? 0 : sums.over / sums.sky,
    twice: sums.twice / sums.covered,
  };
}

/** A level camera in the same place whose picture is one slice of a panorama, `degrees` wide, turned by `turn` to the right. */
export function sliceCamera(
  start: Camera,
  up: Vec3,
  turn: number,
  degrees: number,
  { width, height }: { width: number; height: number },
): Camera {
  const eye = cameraCenter(start);
  const ahead = findAhead(start, up);
  const level = lookAt(eye, [eye[0] + ahead[0], eye[1] + ahead[1], eye[2] + ahead[2]], up);
  const focal = width / 2 / Math.tan((degrees * Math.PI) / 360);
  const camera = { width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2 };
  return orbitCamera({ ...camera, worldToCamera: level }, eye, up, -turn);
}
