/** Makes an `Inpainter` of anything that paints: a model, a server, a person. */
import { createMask, type Mask, type RgbImage } from '../../core/image.ts';
import type { Inpainter, InpainterCapabilities, InpaintHints } from '../../core/inpainter.ts';
import { type OnProgress, throwIfCancelled } from '../../core/progress.ts';
import { checkInpaintSizes } from './check-sizes.ts';
import { type FinishOptions, finishInpainting } from './finish-inpainting.ts';
import { fillHarmonic, HOLE, KNOWN } from './harmonic.ts';
import { pixelStates } from './pixel-states.ts';

export interface ForeignPainter extends Omit<FinishOptions, 'ignore'> {
  id: string;
  capabilities: InpainterCapabilities;
  /**
   * Paints. The image is finite and 0..1, its holes and ignored pixels filled smoothly from around them, so that it can be
   * written as a PNG; the mask holds what is to be filled, at least one pixel. Neither need be kept.
   * @param report the share of the work that is done, 0..1
   * @returns a picture of the same size, float32 0..1; what is outside the mask is not used but for matching colours
   * @throws SplatmendError; `cancelled` when the signal was aborted
   */
  paint(
    image: RgbImage,
    mask: Mask,
    hints: InpaintHints,
    signal: AbortSignal | undefined,
    report: (fraction: number) => void,
  ): Promise<RgbImage>;
}

/** Sizes are checked before `paint`, its answer after (`finishInpainting`). Nothing masked: a copy, `paint` is not called. */
export function createForeignInpainter(painter: ForeignPainter): Inpainter {
  const { id, capabilities, who } = painter;
  return {
    id,
    capabilities,
    async inpaint(image, mask, hints = {}, signal?, onProgress?: OnProgress) {
      throwIfCancelled(signal);
      checkInpaintSizes(who, image, mask, hints);
      const state = pixelStates(image, mask, hints.ignore);
      const wanted = createMask(image.width, image.height);
      for (let i = 0; i < state.length; i++) wanted.data[i] = state[i] === HOLE ? 1 : 0;
      let done = 0;
      const report = (fraction: number) => {
        done = Math.min(1, Math.max(done, fraction));
        onProgress?.({ step: 'inpaint', fraction: done });
      };
      report(0);
      let result: RgbImage = { ...image, data: image.data.slice() };
      if (wanted.data.includes(1)) {
        const answer = await painter.paint(shown(image, state), wanted, hints, signal, report);
        throwIfCancelled(signal);
        const ignore = hints.ignore === undefined ? {} : { ignore: hints.ignore };
        result = finishInpainting(answer, image, mask, { ...painter, ...ignore });
      }
      report(1);
      return result;
    },
  };
}

/** A picture that anyone can read: no number that is no colour, and no rest of the removed object in the hole. */
function shown(image: RgbImage, state: Uint8Array): RgbImage {
  const { width, height } = image;
  const values = new Float32Array(image.data.length);
  for (let i = 0; i < state.length; i++) {
    if (state[i] !== KNOWN) continue;
    for (let c = 0; c < 3; c++)
      values[i * 3 + c] = Math.min(1, Math.max(0, image.data[i * 3 + c]!));
  }
  const holes = state.map((s) => (s === KNOWN ? KNOWN : HOLE));
  fillHarmonic({ width, height, channels: 3, values, state: holes });
  return { width, height, data: values };
}
