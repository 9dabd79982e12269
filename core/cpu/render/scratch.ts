/**
 * Arrays that a picture needs while it is made. They are kept from picture to picture: fresh ones cost their page faults and
 * the collector's work, a sixth of a picture of 300,000 splats.
 */
export interface Scratch {
  /** At least `length` values, whatever they were before. The same name gives the same memory. */
  float32(name: string, length: number): Float32Array<ArrayBuffer>;
  uint32(name: string, length: number): Uint32Array<ArrayBuffer>;
  uint16(name: string, length: number): Uint16Array<ArrayBuffer>;
  /** Gives the arrays back: whoever still holds one must not use it any more. */
  release(): void;
}

/** Kept between pictures, in all; what is more goes to the collector. */
const KEPT_BYTES = 192 * 2 ** 20;

/** One entry in most programs, since pictures come one at a time. */
const idle: Map<string, ArrayBuffer>[] = [];

/** Scratch for one picture; another that is made meanwhile gets its own. */
export function leaseScratch(): Scratch {
  const buffers = idle.pop() ?? new Map<string, ArrayBuffer>();
  const room = (name: string, bytes: number): ArrayBuffer => {
    const kept = buffers.get(name);
    if (kept !== undefined && kept.byteLength >= bytes) return kept;
    // A little more than asked for: the next view of the same scene holds a few splats more.
    const fresh = new ArrayBuffer(Math.ceil((bytes * 1.25) / 8) * 8);
    buffers.set(name, fresh);
    return fresh;
  };
  return {
    float32: (name, length) => new Float32Array(room(name, length * 4), 0, length),
    uint32: (name, length) => new Uint32Array(room(name, length * 4), 0, length),
    uint16: (name, length) => new Uint16Array(room(name, length * 2), 0, length),
    release() {
      const bytes = [...idle, buffers]
        .flatMap((one) => [...one.values()])
        .reduce((sum, buffer) => sum + buffer.byteLength, 0);
      if (bytes <= KEPT_BYTES) idle.push(buffers);
    },
  };
}

/** Arrays of one's own, for what outlives the picture. */
export const freshScratch: Scratch = {
  float32: (_, length) => new Float32Array(length),
  uint32: (_, length) => new Uint32Array(length),
  uint16: (_, length) => new Uint16Array(length),
  release: () => undefined,
};
