import type { OnProgress } from '../../core/progress.ts';
import type {
  DepthManifest,
  DepthModelInfo,
  ModelFile,
  ModelProvider,
} from '../../workers/models/api.ts';
import type { DepthModel } from '../filler.ts';
import { ModelClient, type ModelClientOptions } from './model-client.ts';
import { type ModelSource, readModel } from './model-file.ts';
import { ONNX_FILLER_DEFAULTS } from './onnx-filler.ts';

export interface OnnxDepthOptions extends ModelClientOptions {
  model: ModelSource;
  /** How the model wants its picture; default: the known kind whose tensors fit (docs/models.md). */
  manifest?: DepthManifest;
  /** Tried first, a GPU made of software too; default `webgpu` on a real GPU. */
  preferred?: ModelProvider;
  /** Most bytes of the model. */
  mostBytes?: number;
}

/** A monocular depth model that the user gives, for `mender.depth`. Nothing is loaded before it is first used or opened. */
export interface OnnxDepth extends DepthModel {
  /** What runs; undefined before the model is read. */
  readonly info: DepthModelInfo | undefined;
  /** Reads the model now. @throws SplatmendError `bad-file`, `bad-option`, `not-readable`, `too-large`, `out-of-memory`, `cancelled` */
  open(signal?: AbortSignal, onProgress?: OnProgress): Promise<DepthModelInfo>;
  ready: NonNullable<DepthModel['ready']>;
  dispose(): void;
}

export function createOnnxDepth(options: OnnxDepthOptions): OnnxDepth {
  const { model, manifest, preferred, mostBytes } = { ...ONNX_FILLER_DEFAULTS, ...options };
  let file: ModelFile | undefined;
  const client = new ModelClient<DepthModelInfo>('depth', options, async (signal) => {
    file ??= await readModel(model, mostBytes, signal);
    const request = { file, ...(manifest && { manifest }), ...(preferred && { preferred }) };
    return (to, job) => to.openDepth(job, request);
  });
  return {
    get label() {
      return client.info?.id ?? 'ONNX depth';
    },
    get info() {
      return client.info;
    },
    open: (signal, onProgress) => client.open(signal, onProgress),
    async ready(signal, onProgress) {
      const { id } = await client.open(signal, onProgress);
      return {
        id,
        estimate: (image, stop) =>
          client.use(
            (models) => models.ask((to, job) => to.estimateDepth(job, image), stop, undefined),
            stop,
          ),
      };
    },
    dispose: () => client.dispose(),
  };
}
