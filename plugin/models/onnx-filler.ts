import type { OnProgress } from '../../core/progress.ts';
import type {
  InpaintManifest,
  InpaintModelInfo,
  ModelFile,
  ModelProvider,
} from '../../workers/models/api.ts';
import type { Filler, KeptFiller } from '../filler.ts';
import { MODEL_CLIENT_DEFAULTS, ModelClient, type ModelClientOptions } from './model-client.ts';
import { type ModelSource, readModel } from './model-file.ts';

export interface OnnxFillerOptions extends ModelClientOptions {
  model: ModelSource;
  /** How the model wants its tensors; default: the known kind whose tensors fit (docs/models.md). */
  manifest?: InpaintManifest;
  /** Tried first, a GPU made of software too; default `webgpu` on a real GPU. */
  preferred?: ModelProvider;
  /** Most bytes of the model. */
  mostBytes?: number;
  /** What brings it back in another session. */
  kept?: KeptFiller;
  /** For people, while the model is not read; default `ONNX model`. */
  label?: string;
}
export const ONNX_FILLER_DEFAULTS = { mostBytes: 1_000_000_000, ...MODEL_CLIENT_DEFAULTS };

/** An inpainting model that the user gives, for `mender.filler`. Nothing is loaded before it is first used or opened. */
export interface OnnxFiller extends Filler {
  /** What runs; undefined before the model is read. */
  readonly info: InpaintModelInfo | undefined;
  kept?: KeptFiller;
  /** Reads the model now. @throws SplatmendError `bad-file`, `bad-option`, `not-readable`, `too-large`, `out-of-memory`, `cancelled` */
  open(signal?: AbortSignal, onProgress?: OnProgress): Promise<InpaintModelInfo>;
  dispose(): void;
}

export function createOnnxFiller(options: OnnxFillerOptions): OnnxFiller {
  const { model, manifest, preferred, mostBytes } = { ...ONNX_FILLER_DEFAULTS, ...options };
  let file: ModelFile | undefined;
  /** Where it ran last. */
  let provider: ModelProvider | undefined;
  const infoNow = () => client.info && { ...client.info, ...(provider && { provider }) };
  const client = new ModelClient<InpaintModelInfo>('inpainter', options, async (signal) => {
    file ??= await readModel(model, mostBytes, signal);
    const request = { file, ...(manifest && { manifest }), ...(preferred && { preferred }) };
    provider = undefined;
    return (to, job) => to.openInpainter(job, request);
  });
  return {
    get label() {
      const { id } = client.info ?? {};
      return id === undefined ? (options.label ?? 'ONNX model') : (LABELS[id] ?? id);
    },
    seeds: false,
    ...(options.kept && { kept: options.kept }),
    get note() {
      const info = infoNow();
      return info && factsOf(info);
    },
    get info() {
      return infoNow();
    },
    open: (signal, onProgress) => client.open(signal, onProgress),
    async ready(signal, onProgress) {
      const { id, model: facts, size } = await client.open(signal, onProgress);
      return {
        // A worker that does not stop in time is ended: a cancel stops the model itself.
        spec: { kind: 'model', model: { id, who: facts.name, size, cancel: true } },
        async paint(image, mask, stop) {
          const painted = await client.use(
            (models) => models.ask((to, job) => to.paint(job, image, mask), stop, undefined),
            stop,
          );
          provider = painted.provider;
          return painted;
        },
      };
    },
    dispose: () => client.dispose(),
  };
}

const LABELS: Readonly<Record<string, string>> = { lama: 'LaMa', 'mi-gan': 'MI-GAN' };

/** What runs, to compare with what its maker publishes. */
function factsOf({ provider, model }: InpaintModelInfo): string {
  const { name, bytes, sha256 } = model;
  const where = provider === 'webgpu' ? 'WebGPU' : 'WASM';
  const hash = sha256 ? `, SHA-256 ${sha256.slice(0, 16)}…` : '';
  return `Runs here, on ${where}: ${name} (${megabytes(bytes)} MB${hash}).`;
}

const megabytes = (bytes: number) =>
  (bytes / 1e6).toLocaleString('en', { maximumSignificantDigits: 3 });
