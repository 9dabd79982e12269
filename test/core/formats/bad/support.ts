import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSplats, type SplatFormat, writeSplats } from '../../../../core/formats/index.ts';
import { randomCloud } from '../support.ts';

export type Bytes = Uint8Array;
/** What is wrong, the file's name, the file, the error's code. */
export type Case = [what: string, fileName: string, make: () => Bytes, code: string];

/** Splats in every good file; SH degree 1, seed 7. */
export const N = 300;
/** Peak memory that a whole table may add, MB: the files that are made, the library, no bomb. */
const MEMORY_MB = 400;
const DEADLINE_MS = 10_000;

export const text = (s: string) => new TextEncoder().encode(s);
export const cut = (bytes: Bytes, length: number) => bytes.slice(0, length);
export const edited = (bytes: Bytes, edit: (view: DataView, bytes: Bytes) => void): Bytes => {
  const copy = bytes.slice();
  edit(new DataView(copy.buffer), copy);
  return copy;
};

/** A good file to damage. */
export const goodFile = (format: SplatFormat): Promise<Bytes> =>
  writeSplats(randomCloud(N, 1), format);

/**
 * A test a case: reading ends in the named error, which names the file, within the deadline, and does
 * not write into its input; the whole table adds no more than MEMORY_MB to the process's peak memory.
 */
export function refuses(name: string, cases: Case[]): void {
  describe(name, () => {
    let peakKb = 0;
    beforeAll(() => {
      peakKb = process.resourceUsage().maxRSS;
    });
    test.each(cases)('%s', async (_what, fileName, make, code) => {
      const bytes = make();
      const before = bytes.slice(0, 1 << 20);
      const start = performance.now();
      const outcome = await readSplats(bytes, fileName).then(
        ({ cloud }) => `a cloud of ${cloud.count}`,
        (error: { code?: string; message: string }) => {
          expect(error.message).toContain(fileName);
          return error.code ?? `${error}`;
        },
      );
      expect(performance.now() - start, 'ms to refuse').toBeLessThan(DEADLINE_MS);
      expect(outcome).toBe(code);
      expect(Buffer.compare(bytes.subarray(0, 1 << 20), before), 'input untouched').toBe(0);
    });
    afterAll(() => {
      expect((process.resourceUsage().maxRSS - peakKb) / 1024).toBeLessThan(MEMORY_MB);
    });
  });
}
