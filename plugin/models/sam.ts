import type { Mask, RgbImage } from '../../core/image.ts';
import type { OnProgress } from '../../core/progress.ts';
import type { Segmenter, SegmentPrompts } from '../../core/segmenter.ts';
import type { ModelFile, ModelProvider, SamInfo, SamManifest } from '../../workers/models/api.ts';
import {
  MODEL_CLIENT_DEFAULTS,
  ModelClient,
  type ModelClientOptions,
  type OpenModels,
} from './model-client.ts';
import { type ModelSource, readModel } from './model-file.ts';

export interface SamOptions extends ModelClientOptions {
  encoder: ModelSource;
  decoder: ModelSource;
  /** How the models want their tensors; default: the known kind whose names fit (docs/models.md). */
  manifest?: SamManifest;
  /** Tried first, a GPU made of software too; default `webgpu` on a real GPU. */
  preferred?: ModelProvider;
  /** Most bytes of one model. */
  mostBytes?: number;
}
export const SAM_DEFAULTS = { mostBytes: 1_000_000_000, ...MODEL_CLIENT_DEFAULTS };

/** A segmenter of two models that the user gives. Nothing is loaded before the first `open` or `segment`. */
export interface SamSegmenter extends Segmenter {
  /** What runs; undefined before the models are read. */
  readonly info: SamInfo | undefined;
  /** Reads the models now. @throws SplatmendError as `segment` does for models that cannot be used */
  open(signal?: AbortSignal, onProgress?: OnProgress): Promise<SamInfo>;
}

export function createSamSegmenter(options: SamOptions): SamSegmenter {
  return new SamClient(options);
}

class SamClient implements SamSegmenter {
  readonly #client: ModelClient<SamInfo>;
  /** The picture that a worker looked at last. */
  readonly #pictures = new WeakMap<OpenModels, { image: RgbImage; key: number }>();
  #key = 0;

  constructor(options: SamOptions) {
    const { encoder, decoder, mostBytes, manifest, preferred } = { ...SAM_DEFAULTS, ...options };
    let files: { encoder: ModelFile; decoder: ModelFile } | undefined;
    this.#client = new ModelClient<SamInfo>('segmenter', options, async (signal) => {
      files ??= {
        encoder: await readModel(encoder, mostBytes, signal),
        decoder: await readModel(decoder, mostBytes, signal),
      };
      const request = { ...files, ...(manifest && { manifest }), ...(preferred && { preferred }) };
      return (to, job, port) => to.open(job, request, port);
    });
  }

  get id(): string {
    return this.info?.id ?? 'sam';
  }

  get info(): SamInfo | undefined {
    return this.#client.info;
  }

  open(signal?: AbortSignal, onProgress?: OnProgress): Promise<SamInfo> {
    return this.#client.open(signal, onProgress);
  }

  segment(
    image: RgbImage,
    prompts: SegmentPrompts,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Mask> {
    const look = async (models: OpenModels) => {
      const last = this.#pictures.get(models);
      const known = last?.image === image ? last : undefined;
      const picture = known ?? { image, key: ++this.#key };
      // Whether it saw this picture is not known again before it answers.
      this.#pictures.delete(models);
      const mask = await models.ask(
        (to, job, port) => to.segment(job, known ? { key: known.key } : picture, prompts, port),
        signal,
        onProgress,
      );
      this.#pictures.set(models, picture);
      return mask;
    };
    return this.#client.use(look, signal, onProgress);
  }

  dispose(): void {
    this.#client.dispose();
  }
}
