import type { Runtime } from './onnx.ts';

/** The ONNX runtime for Node, for `useRuntime`: WASM, for the package that is made for Node would fetch a binary when installed. */
export async function nodeRuntime(threads: number): Promise<Runtime> {
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = threads;
  return ort;
}
