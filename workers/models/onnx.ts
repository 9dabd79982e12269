/** ONNX models as functions of plain arrays. The only place that knows the runtime, which loads on first use. */
import type { InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { SplatmendError } from '../../core/errors.ts';
import { fromHalf } from '../../core/half.ts';
import { sha256Of } from '../../core/sha256.ts';
import type { ModelFacts, ModelFile, ModelProvider } from './api.ts';
import type { TensorNames } from './sam-manifest.ts';

export interface PlainTensor {
  /** Uint16Array: half floats, as bits. */
  data: Float32Array | BigInt64Array | Uint8Array | Uint16Array;
  dims: readonly number[];
}
export interface FloatTensor {
  data: Float32Array;
  dims: readonly number[];
}

/** What a model file says of one of its inputs or outputs. */
export interface TensorFacts {
  /** As in ONNX: `float32`, `uint8` … */
  type: string;
  /** Names stand for lengths that are free. */
  shape: readonly (number | string)[];
}

export interface OnnxModel extends TensorNames {
  readonly provider: ModelProvider;
  readonly facts: ModelFacts;
  /** By name, inputs and outputs. */
  readonly tensors: Readonly<Record<string, TensorFacts>>;
  /**
   * @param wanted outputs to give back; all as 32-bit floats
   * @throws SplatmendError `bad-file` when the model refuses its inputs or gives other than floats and uint8; `out-of-memory`
   */
  run(
    feeds: Readonly<Record<string, PlainTensor>>,
    wanted: readonly string[],
  ): Promise<Record<string, FloatTensor>>;
  release(): Promise<void>;
}

/** The part of the runtime that is used: its builds for pages and for Node have it alike. */
export type Runtime = Pick<
  typeof import('onnxruntime-web/webgpu'),
  'InferenceSession' | 'Tensor' | 'env'
>;
/** More gain little on one picture, and the page wants some too. */
const MOST_THREADS = 8;

let load: () => Promise<Runtime> = async () => {
  const ort = await import('onnxruntime-web/webgpu');
  // More threads need shared memory, which only an isolated page has. The runtime's own choice is half the cores.
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
  ort.env.wasm.numThreads = globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, cores) : 1;
  return ort;
};
let loaded: Promise<Runtime> | undefined;

/** Another build of the runtime; the page's is the default. Before the first model. */
export function useRuntime(loader: () => Promise<Runtime>): void {
  load = loader;
  loaded = undefined;
}

async function runtime(): Promise<Runtime> {
  loaded ??= load();
  try {
    const ort = await loaded;
    ort.env.logLevel = 'error';
    return ort;
  } catch (error) {
    loaded = undefined;
    throw new SplatmendError(
      'not-readable',
      'model: the ONNX runtime could not be loaded; check the connection and try again',
      { cause: error },
    );
  }
}

/**
 * WebGPU where it is a real GPU: a software one takes minutes for what WASM does in seconds. It is taken only when asked for.
 */
export async function chooseProvider(preferred?: ModelProvider): Promise<ModelProvider> {
  if (preferred === 'wasm') return 'wasm';
  const adapter = await globalThis.navigator?.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return 'wasm';
  if (preferred === 'webgpu') return 'webgpu';
  const { isFallbackAdapter, architecture } = adapter.info;
  return isFallbackAdapter || /swiftshader|llvmpipe/i.test(architecture) ? 'wasm' : 'webgpu';
}

const OUT_OF_MEMORY = /bad_alloc|out of memory|failed to allocate|allocation failed/i;

function named(file: string, what: string, error: unknown): SplatmendError {
  const why = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  if (OUT_OF_MEMORY.test(why) || error instanceof RangeError) {
    const next = 'close other tabs, or choose a smaller model';
    return new SplatmendError('out-of-memory', `${file}: not enough memory; ${next}`, {
      cause: error,
    });
  }
  return new SplatmendError('bad-file', `${file}: ${what} (${why}); choose another export`, {
    cause: error,
  });
}

/** The numbers of a tensor; undefined for types that no answer has. */
function floatsOf({ type, data }: Tensor): Float32Array | undefined {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint8Array && type === 'uint8') return Float32Array.from(data);
  if (type !== 'float16') return undefined;
  // Where the platform has Float16Array the runtime gives one; else the bits.
  if (data instanceof Uint16Array) return Float32Array.from(data, fromHalf);
  return Float32Array.from(data as unknown as ArrayLike<number>);
}

/** @throws SplatmendError `not-readable`, `bad-file`, `out-of-memory` */
export async function openOnnx(
  { name, blob }: ModelFile,
  provider: ModelProvider,
): Promise<OnnxModel> {
  const ort = await runtime();
  let bytes: ArrayBuffer;
  try {
    bytes = await blob.arrayBuffer();
  } catch (error) {
    throw new SplatmendError(
      'not-readable',
      `${name}: could not be read; has it moved? choose it again`,
      { cause: error },
    );
  }
  const hash = await sha256Of(bytes);
  const facts: ModelFacts = { name, bytes: bytes.byteLength, ...(hash ? { sha256: hash } : {}) };
  let session: InferenceSession;
  try {
    session = await ort.InferenceSession.create(new Uint8Array(bytes), {
      executionProviders: [provider],
      // Errors only: what it warns of is the export's own.
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw named(name, 'not an ONNX model that can be run', error);
  }

  function tensorOf({ data, dims }: PlainTensor): Tensor {
    if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims);
    if (data instanceof Uint8Array) return new ort.Tensor('uint8', data, dims);
    if (data instanceof Uint16Array) return new ort.Tensor('float16', data, dims);
    return new ort.Tensor('int64', data, dims);
  }

  const tensors: Record<string, TensorFacts> = {};
  for (const value of [...session.inputMetadata, ...session.outputMetadata]) {
    if (value.isTensor) tensors[value.name] = { type: value.type, shape: value.shape };
  }

  return {
    file: name,
    tensors,
    inputs: session.inputNames,
    outputs: session.outputNames,
    provider,
    facts,
    async run(feeds, wanted) {
      const inputs = Object.entries(feeds).map(([key, value]) => [key, tensorOf(value)] as const);
      let given: InferenceSession.OnnxValueMapType;
      try {
        given = await session.run(Object.fromEntries(inputs), wanted);
      } catch (error) {
        throw named(name, 'the model failed', error);
      }
      const out: Record<string, FloatTensor> = {};
      for (const key of wanted) {
        const tensor = given[key]!;
        const data = floatsOf(tensor);
        if (data === undefined) {
          throw new SplatmendError(
            'bad-file',
            `${name}: ${key} is ${tensor.type}, not float32, float16 or uint8; choose another export`,
          );
        }
        out[key] = { data, dims: tensor.dims };
      }
      return out;
    },
    release: () => session.release(),
  };
}
