/** A new view of one picture with depth: carry over what it shows, mark what it cannot know, fill that. */
import { mat4d } from 'wgpu-matrix';
import { type Camera, cameraToWorld } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import {
  countMask,
  createMask,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../core/image.ts';
import type { Inpainter, InpaintHints } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import { or } from '../core/morphology.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import { occludable } from './novel-view/epipolar-mask.ts';
import { hiddenDepth } from './novel-view/hidden-depth.ts';
import { mixedRim } from './novel-view/mixed-rim.ts';
import { rayAngles } from './novel-view/ray-angle.ts';
import { type Splatted, splatView } from './novel-view/splat.ts';
import { findDiscontinuities } from './photo/discontinuities.ts';
import { sharpenDepth } from './photo/sharpen.ts';

/** What is painted anew: what the picture does not show, or all of the mask, as iNVS's inpainter is trained to. */
export type NovelViewFill = 'hole' | 'mask';

export interface NovelViewOptions {
  /** Of the softmax: how much a surface behind the front one counts; see `SplatInput`. */
  alpha?: number;
  /** Turn blurred outlines of depth into steps first. */
  sharpen?: boolean;
  fill?: NovelViewFill;
  seed?: number;
}

export const NOVEL_VIEW_DEFAULTS: Required<NovelViewOptions> = {
  alpha: 100,
  sharpen: true,
  fill: 'hole',
  seed: 1,
};

/** All images have the target camera's size. */
export interface NovelView {
  camera: Camera;
  partial: {
    /** Black where nothing is covered. */
    rgb: RgbImage;
    /** World units along the target's z; 0 where not covered. */
    depth: ScalarImage;
    /** 1 = shows the picture. */
    covered: Mask;
  };
  /** 1 = what the picture does not show here, or may be hidden by what it does not show. Holds the hole. */
  mask: Mask;
  /** Share of 180° between the rays of source and target; 1 where nothing of the picture is seen. */
  softMask: ScalarImage;
  /** 1 = was filled. */
  filledMask: Mask;
  rgb: RgbImage;
  /** Completed; 0 where nothing could be said. */
  depth: ScalarImage;
  figures: {
    /** Shares of the target's pixels: covered, in the mask, of the mask what is covered, surfaces seen from the back, filled. */
    covered: number;
    masked: number;
    occludable: number;
    back: number;
    filled: number;
    /** Mean angle between the two rays of the covered pixels, degrees; 0 where there is none. */
    meanAngleDeg: number;
    /** Pixels whose depth stays unknown. */
    openDepth: number;
    seconds: Record<'splat' | 'mask' | 'depth' | 'inpaint', number>;
    /** Plain sentences. */
    notes: string[];
  };
}

export interface NovelViewInput {
  rgb: RgbImage;
  /** Along z, world units, known everywhere. */
  depth: ScalarImage;
  source: Camera;
  target: Camera;
}

function check({ rgb, depth, source }: NovelViewInput): void {
  for (const [what, image] of Object.entries({ picture: rgb, depth })) {
    if (image.width === source.width && image.height === source.height) continue;
    throw new SplatmendError(
      'bad-option',
      `novel-view: the ${what} is ${image.width} × ${image.height}, its camera ${source.width} × ${source.height}`,
    );
  }
  if (!depth.data.every((z) => z > 0 && Number.isFinite(z))) {
    throw new SplatmendError(
      'bad-option',
      'novel-view: depth is not known everywhere; complete it first',
    );
  }
}

/** Pixels of the source by which the target parts two surfaces, for one unit of inverse depth between them: as far as any pixel goes. */
function partingPx(source: Camera, target: Camera): number {
  const m = mat4d.multiply(source.worldToCamera, cameraToWorld(target)) as Float64Array;
  const { fx, fy, width, height } = source;
  return Math.hypot(fx * m[12]!, fy * m[13]!) + (Math.max(width, height) / 2) * Math.abs(m[14]!);
}

/**
 * Depth of every target pixel: what was carried over, behind it the surfaces that the source's edges hide, and the rest completed.
 */
async function wholeDepth(
  depth: ScalarImage,
  seen: Splatted,
  { source, target, alpha }: { source: Camera; target: Camera; alpha: number },
  kernels: Kernels,
  onPart: (share: number) => void,
  signal?: AbortSignal,
): Promise<ScalarImage> {
  const out = { ...seen.depth, data: seen.depth.data.slice() };
  const known = createMask(out.width, out.height);
  const open = { ...known, data: Uint8Array.from(out.data, (z) => +(z === 0)) };
  const behind = { source, target, open, partPx: partingPx(source, target) };
  const layers = open.data.includes(1)
    ? await hiddenDepth(depth, behind, kernels, onPart, signal)
    : [];
  for (const layer of layers) {
    const inverse = layer.data.map((z) => (z > 0 ? 1 / z : 0));
    const shown = await splatView({ source, target, inverse, alpha }, signal);
    for (const [i, z] of shown.depth.data.entries()) if (out.data[i] === 0) out.data[i] = z;
  }
  for (const [i, z] of out.data.entries()) if (z > 0) known.data[i] = 1;
  const count = countMask(known);
  if (count === 0 || count === known.data.length) return out;
  return (await kernels.complete({ depth: out, known }, {}, signal)).depth;
}

/**
 * Carries a picture over into another camera, marks what it cannot know there, and fills it in depth and colour. Equivariant to the world's
 * scale. The source's own camera gives the picture back, and nothing to fill.
 * @throws SplatmendError `bad-option` (sizes differ, depth not known everywhere), `cancelled`, and as kernels and inpainter do
 */
export async function novelView(
  input: NovelViewInput,
  tools: { kernels: Kernels; inpainter: Inpainter },
  asked: NovelViewOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<NovelView> {
  check(input);
  const options = { ...NOVEL_VIEW_DEFAULTS, ...asked };
  const { rgb, source, target } = input;
  const { alpha } = options;
  const seconds = { splat: 0, mask: 0, depth: 0, inpaint: 0 };
  const timed = async <T>(what: keyof typeof seconds, work: () => Promise<T>): Promise<T> => {
    throwIfCancelled(signal);
    const start = performance.now();
    const done = await work();
    seconds[what] = (performance.now() - start) / 1000;
    return done;
  };

  onProgress({ step: 'carry over', fraction: 0 });
  const depth = options.sharpen ? sharpenDepth(input.depth, rgb).depth : input.depth;
  const inverse = depth.data.map((z) => 1 / z);
  const seen = await timed('splat', async () => {
    const { near, far } = findDiscontinuities(inverse, source.width, source.height);
    const input = { source, target, inverse, rgb, outline: near, alpha };
    const splatted = await splatView(input, signal);
    for (const i of mixedRim(splatted, far)) {
      splatted.covered.data[i] = 0;
      splatted.rgb.data.fill(0, 3 * i, 3 * i + 3);
    }
    return splatted;
  });
  const { covered } = seen;
  const hole: Mask = { ...covered, data: covered.data.map((v) => 1 - v) };

  onProgress({ step: 'mask', fraction: 0.15 });
  const partial = { ...seen.depth, data: seen.depth.data.map((z, i) => z * covered.data[i]!) };
  const hideable = await timed('mask', () =>
    occludable({ source, target, inverse, depth: partial }, signal),
  );
  const mask = or(hole, hideable);
  const softMask = rayAngles(source, target, seen.depth, covered);

  const report = (share: number) =>
    onProgress({ step: 'depth of what is hidden', fraction: 0.3 + 0.3 * share });
  report(0);
  const whole = await timed('depth', () =>
    wholeDepth(depth, seen, { source, target, alpha }, tools.kernels, report, signal),
  );

  onProgress({ step: 'inpaint', fraction: 0.6 });
  const filledMask = options.fill === 'mask' ? mask : hole;
  const hints: InpaintHints = { seed: options.seed, depth: whole };
  const filled =
    countMask(filledMask) === 0
      ? seen.rgb
      : await timed('inpaint', () =>
          tools.inpainter.inpaint(seen.rgb, filledMask, hints, signal, ({ fraction }) =>
            onProgress({ step: 'inpaint', fraction: 0.6 + 0.4 * fraction }),
          ),
        );

  const pixels = hole.data.length;
  const coveredCount = countMask(covered);
  const shares = {
    covered: coveredCount / pixels,
    masked: countMask(mask) / pixels,
    occludable: countMask(hideable) / pixels,
    back: countMask(seen.back) / pixels,
    filled: countMask(filledMask) / pixels,
  };
  const angles = softMask.data.reduce((sum, v, i) => sum + 180 * v * covered.data[i]!, 0);
  const openDepth = whole.data.reduce((n, z) => n + +!(z > 0), 0);
  const notes: string[] = [];
  if (coveredCount === 0) notes.push('the new camera sees nothing of the picture');
  return {
    camera: target,
    partial: { rgb: seen.rgb, depth: partial, covered },
    mask,
    softMask,
    filledMask,
    rgb: filled,
    depth: whole,
    figures: {
      ...shares,
      meanAngleDeg: coveredCount === 0 ? 0 : angles / coveredCount,
      openDepth,
      seconds,
      notes,
    },
  };
}
