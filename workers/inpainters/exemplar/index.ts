/** The built-in RGB inpainter: copies patches from around the hole. No weights, no network, same seed same picture. */
import { boundsOf, type Mask, type Rect, type RgbImage } from '../../../core/image.ts';
import type { Inpainter, InpaintHints } from '../../../core/inpainter.ts';
import { type OnProgress, throwIfCancelled } from '../../../core/progress.ts';
import { createRandom } from '../../../core/random.ts';
import { checkInpaintSizes } from '../check-sizes.ts';
import { fillHarmonic, HOLE, KNOWN, OUT } from '../harmonic.ts';
import { pixelStates } from '../pixel-states.ts';
import { cutBytes, distanceToKnown, groupHoles, growRect } from '../region.ts';
import { withFarBackground } from './far-background.ts';
import { type FillJob, fillHoles } from './fill.ts';
import { sourceCount } from './level.ts';
import { type ExemplarOptions, resolveOptions } from './options.ts';
import { fitSurfaces, weighTrust } from './surface.ts';

export { EXEMPLAR_DEFAULTS, type ExemplarOptions } from './options.ts';

/** With fewer sources than this the hole is filled smoothly. */
const FEWEST_SOURCES = 16;

/**
 * Multi-scale PatchMatch with voting (Wexler et al. 2007, Barnes et al. 2009, Newson et al. 2014).
 * Cost goes with the hole's size, not the picture's.
 *
 * Defined answers: nothing masked → a copy; no source patch (all masked, picture smaller than a patch) →
 * a smooth fill from the known pixels; no known pixel at all → mid grey. Pixels that are NaN, infinite or
 * beyond ±64 count as `hints.ignore`; a pixel both masked and ignored stays as it is.
 * @throws bad-option for options out of range and images of different sizes; cancelled
 */
export function createExemplarInpainter(options: ExemplarOptions = {}): Inpainter {
  const all = resolveOptions(options);
  return {
    id: 'exemplar',
    capabilities: {
      prompt: false,
      negativePrompt: false,
      seed: true,
      strength: false,
      depth: true,
      runs: 'here',
      progress: true,
      cancel: true,
    },
    inpaint: (image, mask, hints = {}, signal, onProgress) =>
      inpaint(all, image, mask, hints, signal, onProgress),
  };
}

async function inpaint(
  options: Required<ExemplarOptions>,
  image: RgbImage,
  mask: Mask,
  hints: InpaintHints,
  signal: AbortSignal | undefined,
  onProgress: OnProgress | undefined,
): Promise<RgbImage> {
  throwIfCancelled(signal);
  const { width, height } = image;
  checkInpaintSizes('exemplar inpainter', image, mask, hints);
  const { ignore } = hints;
  const far = hints.ignoredIsFar && hints.depth && ignore;
  const seen = far ? withFarBackground(image, hints.depth!, far) : { image, depth: hints.depth };
  const state = pixelStates(seen.image, mask, ignore);
  if (far) for (const [i, v] of far.data.entries()) if (v && !mask.data[i]) state[i] = KNOWN;
  const result: RgbImage = { width, height, data: image.data.slice() };
  const groups = groupHoles(state, width, height);
  const total = groups.reduce((sum, g) => sum + g.length, 0);
  let done = 0;
  const report = (fraction: number) => onProgress?.({ step: 'inpaint', fraction });
  report(0);
  for (const [index, pixels] of groups.entries()) {
    const crop = cropFor(pixels, state, width, height, options);
    const part = cut(seen.image, state, crop, pixels);
    const base = done;
    const share = pixels.length;
    let filled: Float32Array;
    const sources = sourceCount(part.state, part.width, part.height, options.patchRadiusPx);
    if (sources < FEWEST_SOURCES) {
      fillHarmonic({ ...part, channels: 3, values: part.rgb });
      filled = part.rgb;
    } else {
      const surface =
        seen.depth && options.surfacePenalty > 0 ? fitSurfaces(seen.depth, crop) : undefined;
      if (surface !== undefined) weighTrust(surface, part.state, part.width);
      filled = await fillHoles({
        ...part,
        surface,
        options,
        random: createRandom((hints.seed ?? 1) + Math.imul(index, 0x9e3779b1)),
        signal,
        onFraction: (f) => report((base + f * share) / total),
      });
    }
    for (const i of pixels) {
      const j = (((i / width) | 0) - crop.y0) * part.width + ((i % width) - crop.x0);
      for (let c = 0; c < 3; c++) result.data[i * 3 + c] = Math.max(0, filled[j * 3 + c]!);
    }
    done += share;
    report(done / total);
  }
  report(1);
  return result;
}

/** The hole with its surroundings: wider where too little around it may be copied from. */
function cropFor(
  pixels: Int32Array,
  state: Uint8Array,
  width: number,
  height: number,
  options: Required<ExemplarOptions>,
): Rect {
  const bounds = boundsOf(width, pixels);
  const near = growRect(bounds, 1, width, height);
  let thickest = 0;
  const local = cutBytes(state, width, near);
  for (const d of distanceToKnown(local, near.x1 - near.x0, near.y1 - near.y0)) {
    thickest = Math.max(thickest, d);
  }
  const longest = Math.max(bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
  const thickness = Math.min(2 * thickest, longest);
  let margin = Math.max(options.minContextPx, Math.ceil(options.contextScale * thickness));
  for (;;) {
    const crop = growRect(bounds, margin, width, height);
    const cw = crop.x1 - crop.x0;
    const ch = crop.y1 - crop.y0;
    if (cw === width && ch === height) return crop;
    const part = cutBytes(state, width, crop);
    for (let i = 0; i < part.length; i++) if (part[i] === HOLE) part[i] = OUT;
    if (sourceCount(part, cw, ch, options.patchRadiusPx) >= Math.max(500, pixels.length)) {
      return crop;
    }
    margin *= 2;
  }
}

/** The crop's pixels; holes of other groups are OUT in it. */
function cut(
  image: RgbImage,
  state: Uint8Array,
  crop: Rect,
  pixels: Int32Array,
): Pick<FillJob, 'width' | 'height' | 'rgb' | 'state'> {
  const width = crop.x1 - crop.x0;
  const height = crop.y1 - crop.y0;
  const rgb = new Float32Array(width * height * 3);
  const part = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (crop.y0 + y) * image.width + crop.x0 + x;
      const j = y * width + x;
      if (state[i] !== KNOWN) {
        part[j] = OUT;
        continue;
      }
      for (let c = 0; c < 3; c++) rgb[j * 3 + c] = image.data[i * 3 + c]!;
    }
  }
  for (const i of pixels) {
    part[(((i / image.width) | 0) - crop.y0) * width + ((i % image.width) - crop.x0)] = HOLE;
  }
  return { width, height, rgb, state: part };
}
