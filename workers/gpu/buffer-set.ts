/** Buffers that live and die together. */
export interface BufferSet {
  /** A storage buffer of at least 16 bytes (an empty binding is not allowed). */
  storage(label: string, bytes: number): GPUBuffer;
  /** A storage buffer with this in it. */
  filled(label: string, data: ArrayBufferView<ArrayBuffer>): GPUBuffer;
  /** A uniform buffer of 32 bytes: integers, then floats, in a struct's order. */
  uniform(label: string, integers: readonly number[], floats?: readonly number[]): GPUBuffer;
  destroy(): void;
}

const SMALLEST = 16;
const UNIFORM_BYTES = 32;

export function createBufferSet(device: GPUDevice, where: string): BufferSet {
  const made: GPUBuffer[] = [];
  const { STORAGE, COPY_SRC, COPY_DST, UNIFORM } = GPUBufferUsage;
  const buffer = (label: string, size: number, usage: number): GPUBuffer => {
    const one = device.createBuffer({ label: `${where} ${label}`, size, usage });
    made.push(one);
    return one;
  };
  const storage = (label: string, bytes: number) =>
    buffer(label, Math.max(SMALLEST, bytes), STORAGE | COPY_SRC | COPY_DST);
  return {
    storage,
    filled: (label, data) => {
      const one = storage(label, data.byteLength);
      device.queue.writeBuffer(one, 0, data);
      return one;
    },
    uniform: (label, integers, floats = []) => {
      const data = new ArrayBuffer(UNIFORM_BYTES);
      new Uint32Array(data).set(integers);
      new Float32Array(data).set(floats, integers.length);
      const one = buffer(label, UNIFORM_BYTES, UNIFORM | COPY_DST);
      device.queue.writeBuffer(one, 0, data);
      return one;
    },
    destroy: () => {
      for (const one of made.splice(0)) one.destroy();
    },
  };
}
