/** Models on WebGPU where it works, else on WASM: operators that WebGPU lacks, or a driver of its own mind. */
import { SplatmendError } from '../../core/errors.ts';
import type { ModelFile, ModelProvider } from './api.ts';
import { chooseProvider, type OnnxModel, openOnnx } from './onnx.ts';

export interface FallbackModel<M> {
  readonly model: OnnxModel;
  readonly manifest: M;
  /** Runs; once more on WASM when WebGPU fails. */
  run<T>(work: (model: OnnxModel, manifest: M) => Promise<T>): Promise<T>;
  release(): Promise<void>;
}

/**
 * @param chooseManifest says how the model wants its tensors, or throws
 * @throws SplatmendError `bad-file`, `bad-option`, `not-readable`, `out-of-memory`
 */
export async function openWithFallback<M>(
  file: ModelFile,
  preferred: ModelProvider | undefined,
  chooseManifest: (model: OnnxModel) => M,
): Promise<FallbackModel<M>> {
  const open = async (provider: ModelProvider) => {
    const model = await openOnnx(file, provider);
    try {
      return { model, manifest: chooseManifest(model) };
    } catch (error) {
      await model.release();
      throw error;
    }
  };
  const provider = await chooseProvider(preferred);
  let opened = await open(provider).catch((error: unknown) => {
    if (provider === 'wasm') throw error;
    return open('wasm');
  });
  return {
    get model() {
      return opened.model;
    },
    get manifest() {
      return opened.manifest;
    },
    async run(work) {
      try {
        return await work(opened.model, opened.manifest);
      } catch (error) {
        const failed = error instanceof SplatmendError && error.code !== 'cancelled';
        if (!failed || opened.model.provider === 'wasm') throw error;
        await opened.model.release().catch(() => undefined);
        opened = await open('wasm');
        return work(opened.model, opened.manifest);
      }
    },
    release: () => opened.model.release(),
  };
}
