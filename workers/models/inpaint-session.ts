/** An inpainting model: fills the hole of a picture of the size that it works at. */
import { SplatmendError } from '../../core/errors.ts';
import type { Mask, RgbImage } from '../../core/image.ts';
import type { ModelFacts, ModelFile, ModelProvider } from './api.ts';
import { fitInpaintManifest, type InpaintManifest } from './inpaint-manifest.ts';
import { checkFinite, maskTensor, pictureTensor, pixelsOf } from './picture-tensors.ts';
import { readInpaintManifest } from './read-manifest.ts';
import { openWithFallback } from './with-fallback.ts';

export interface InpaintModelRequest {
  file: ModelFile;
  /** As a user may have written it: it is checked here. Default: the known kind whose tensors fit. */
  manifest?: InpaintManifest;
  /** Tried first, a GPU made of software too; default `webgpu` on a real GPU. */
  preferred?: ModelProvider;
}

export interface InpaintModelInfo {
  /** The manifest's. */
  id: string;
  provider: ModelProvider;
  model: ModelFacts;
  size: InpaintManifest['size'];
}

export interface InpaintSession {
  readonly info: InpaintModelInfo;
  /**
   * @param image 0..1, of a size that `info.size` allows
   * @returns what the model makes of the whole picture, 0..1 but for overshoots
   * @throws SplatmendError `bad-answer` when it gives what is no picture, `bad-file` when it fails, `out-of-memory`
   */
  paint(image: RgbImage, mask: Mask): Promise<RgbImage>;
  release(): Promise<void>;
}

/** @throws SplatmendError `bad-file`, `bad-option`, `not-readable`, `out-of-memory` */
export async function openInpaint(request: InpaintModelRequest): Promise<InpaintSession> {
  const manifest = request.manifest && readInpaintManifest(request.manifest);
  const opened = await openWithFallback(request.file, request.preferred, (model) =>
    fitInpaintManifest(model, manifest),
  );
  return {
    get info() {
      const { model, manifest } = opened;
      const { id, size } = manifest;
      return { id, provider: model.provider, model: model.facts, size };
    },
    paint(image, mask) {
      const { width, height } = image;
      if (
        mask.width !== width ||
        mask.height !== height ||
        image.data.length !== width * height * 3
      ) {
        throw new SplatmendError(
          'bad-option',
          `inpainter: picture and mask are not both ${width} × ${height}`,
        );
      }
      return opened.run(async (model, manifest) => {
        const { output, holeColour } = manifest;
        const shown = holeColour === undefined ? image : withHole(image, mask, holeColour);
        const given = await model.run(
          {
            [manifest.image.name]: pictureTensor(shown, manifest.image),
            [manifest.mask.name]: maskTensor(mask, manifest.mask),
          },
          [output.name],
        );
        const data = pixelsOf(given[output.name]!, output.layout, 3, width, height, model.file);
        checkFinite(data, model.file, 'bad-answer');
        const [low, high] = output.range === 'either' ? nearer(data, image, mask) : output.range;
        for (let i = 0; i < data.length; i++) data[i] = (data[i]! - low) / (high - low);
        return { width, height, data };
      });
    },
    release: () => opened.release(),
  };
}

function withHole(image: RgbImage, mask: Mask, colour: number): RgbImage {
  const data = image.data.slice();
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0) data.fill(colour, i * 3, i * 3 + 3);
  }
  return { ...image, data };
}

/** 0..1 or 0..255: in the one that is meant, the known pixels look like the picture. */
function nearer(data: Float32Array, image: RgbImage, mask: Mask): readonly [number, number] {
  let asOne = 0;
  let asBytes = 0;
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    largest = Math.max(largest, data[i]!);
    if (mask.data[(i / 3) | 0] !== 0) continue;
    asOne += Math.abs(data[i]! - image.data[i]!);
    asBytes += Math.abs(data[i]! / 255 - image.data[i]!);
  }
  // A model that answers nothing outside the hole says nothing there.
  const bytes = asOne === asBytes ? largest > 2 : asBytes < asOne;
  return bytes && largest > 2 ? [0, 255] : [0, 1];
}
