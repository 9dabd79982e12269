/** A monocular depth model: what it thinks of a whole picture, as inverse depth at the picture's size. */
import { SplatmendError } from '../../core/errors.ts';
import { createScalarImage, type RgbImage, type ScalarImage } from '../../core/image.ts';
import { sizeOfMultiple } from '../inpainters/crop.ts';
import { resizeRgb } from '../inpainters/resample.ts';
import type { ModelFacts, ModelFile, ModelProvider } from './api.ts';
import { type DepthManifest, fitDepthManifest } from './depth-manifest.ts';
import { checkFinite, pictureTensor } from './picture-tensors.ts';
import { readDepthManifest } from './read-manifest.ts';
import { openWithFallback } from './with-fallback.ts';

export interface DepthModelRequest {
  file: ModelFile;
  /** As a user may have written it: it is checked here. Default: the known kind whose tensors fit. */
  manifest?: DepthManifest;
  /** Tried first, a GPU made of software too; default `webgpu` on a real GPU. */
  preferred?: ModelProvider;
}

export interface DepthModelInfo {
  id: string;
  provider: ModelProvider;
  model: ModelFacts;
}

export interface DepthSession {
  readonly info: DepthModelInfo;
  /**
   * @param image 0..1, any size
   * @returns of that size: inverse depth up to scale and shift, NaN where the model says nothing
   * @throws SplatmendError `bad-answer`, `bad-file`, `out-of-memory`
   */
  estimate(image: RgbImage): Promise<ScalarImage>;
  release(): Promise<void>;
}

/** @throws SplatmendError `bad-file`, `bad-option`, `not-readable`, `out-of-memory` */
export async function openDepth(request: DepthModelRequest): Promise<DepthSession> {
  const manifest = request.manifest && readDepthManifest(request.manifest);
  const opened = await openWithFallback(request.file, request.preferred, (model) =>
    fitDepthManifest(model, manifest),
  );
  return {
    get info() {
      const { model } = opened;
      return { id: opened.manifest.id, provider: model.provider, model: model.facts };
    },
    estimate: (image) =>
      opened.run(async (model, { image: wants, output, size }) => {
        const { width, height } = 'width' in size ? size : sizeOfMultiple(image, size);
        const shown = resizeRgb(image, width, height);
        const given = await model.run({ [wants.name]: pictureTensor(shown, wants) }, [output.name]);
        const { data, dims } = given[output.name]!;
        const [h, w] = dims.filter((n) => n !== 1).length === 2 ? dims.filter((n) => n !== 1) : [];
        if (h === undefined || w === undefined || data.length !== h * w) {
          throw new SplatmendError(
            'bad-answer',
            `${model.file}: it gave ${dims.join(' × ')} numbers, which are no picture of depth; choose another export, or give a manifest`,
          );
        }
        checkFinite(data, model.file, 'bad-answer');
        const inverse =
          output.gives === 'inverse' ? data : data.map((z) => (z > 0 ? 1 / z : Number.NaN));
        return enlarge({ width: w, height: h, data: inverse }, image.width, image.height);
      }),
    release: () => opened.release(),
  };
}

/** Linear between pixel centres; the corners of both cover the same place. */
function enlarge(from: ScalarImage, width: number, height: number): ScalarImage {
  const out = createScalarImage(width, height);
  const place = (i: number, length: number, to: number) => {
    const at = Math.max(0, Math.min(length - 1, ((i + 0.5) * length) / to - 0.5));
    const first = Math.min(length - 1, Math.floor(at));
    return [first, Math.min(length - 1, first + 1), at - first] as const;
  };
  for (let y = 0; y < height; y++) {
    const [y0, y1, b] = place(y, from.height, height);
    for (let x = 0; x < width; x++) {
      const [x0, x1, a] = place(x, from.width, width);
      const value = (v: number, u: number) => from.data[v * from.width + u]!;
      out.data[y * width + x] =
        (value(y0, x0) * (1 - a) + value(y0, x1) * a) * (1 - b) +
        (value(y1, x0) * (1 - a) + value(y1, x1) * a) * b;
    }
  }
  return out;
}
