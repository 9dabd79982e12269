import { SplatmendError } from '../../errors.ts';
import type { DepthField, DepthProblem } from '../../kernels.ts';

/** What a pixel is to the solver. */
export const OUT = 0;
export const KNOWN = 1;
export const FREE = 2;

export interface Classes {
  /** OUT, KNOWN or FREE, one byte a pixel of the whole picture. */
  role: Uint8Array;
  /** Wanted pixels of islands that touch no known pixel: nothing can be integrated there. */
  island: Uint8Array;
  knownCount: number;
  freeCount: number;
  islandCount: number;
}

function checkSize(
  what: string,
  image: { width: number; height: number; data: ArrayLike<number> } | undefined,
  width: number,
  height: number,
  channels: number,
): void {
  if (image === undefined) return;
  if (
    image.width !== width ||
    image.height !== height ||
    image.data.length !== width * height * channels
  ) {
    throw new SplatmendError(
      'bad-option',
      `complete depth: ${what} is ${image.width}×${image.height} with ${image.data.length} values, depth is ${width}×${height}; give all images one size`,
    );
  }
}

/** Throws `bad-option` where an array has not one number an edge, or one coupling is given without the other. */
function checkField(field: DepthField, width: number, height: number): void {
  const { qX, qY, gX, gY } = field;
  for (const [name, data] of Object.entries({ qX, qY, gX, gY })) {
    if (data === undefined) continue;
    const of = { width: field.width, height: field.height, data };
    checkSize(`the field's ${name}`, of, width, height, 1);
  }
  if ((gX === undefined) !== (gY === undefined)) {
    throw new SplatmendError(
      'bad-option',
      'complete depth: the field has one of gX and gY; give both or none',
    );
  }
}

/**
 * Whether a pixel's depth is known and can be used. 1/z must be finite too: denormal depths would overflow it in float32.
 */
export function isKnown({ depth, known }: DepthProblem, i: number): boolean {
  const z = depth.data[i]!;
  return known.data[i] !== 0 && z > 1e-37 && z < Infinity;
}

/**
 * Decides each pixel's role. A known pixel whose depth is not finite and positive counts as unknown.
 * A wanted pixel is FREE when its 4-connected patch of wanted pixels touches a known pixel, else it is an island.
 * Throws `bad-option` when sizes differ.
 */
export function classify(problem: DepthProblem): Classes {
  const { width, height } = problem.depth;
  checkSize('depth', problem.depth, width, height, 1);
  checkSize('known', problem.known, width, height, 1);
  checkSize('wanted', problem.wanted, width, height, 1);
  checkSize('rgb', problem.rgb, width, height, 3);
  checkSize('prior', problem.prior, width, height, 1);
  if (problem.field !== undefined) checkField(problem.field, width, height);
  const n = width * height;
  const role = new Uint8Array(n);
  const island = new Uint8Array(n);
  let knownCount = 0;
  for (let i = 0; i < n; i++) {
    if (isKnown(problem, i)) {
      role[i] = KNOWN;
      knownCount++;
    } else if (problem.wanted === undefined || problem.wanted.data[i] !== 0) role[i] = FREE;
  }

  let freeCount = 0;
  let islandCount = 0;
  const seen = new Uint8Array(n);
  const stack = new Int32Array(n - knownCount);
  const patch = new Int32Array(n - knownCount);
  for (let start = 0; start < n; start++) {
    if (role[start] !== FREE || seen[start] !== 0) continue;
    let top = 0;
    let size = 0;
    let touches = false;
    stack[top++] = start;
    seen[start] = 1;
    while (top > 0) {
      const i = stack[--top]!;
      patch[size++] = i;
      const x = i % width;
      for (let side = 0; side < 4; side++) {
        let j = -1;
        if (side === 0 && x > 0) j = i - 1;
        else if (side === 1 && x < width - 1) j = i + 1;
        else if (side === 2 && i >= width) j = i - width;
        else if (side === 3 && i < n - width) j = i + width;
        if (j < 0) continue;
        if (role[j] === KNOWN) touches = true;
        else if (role[j] === FREE && seen[j] === 0) {
          seen[j] = 1;
          stack[top++] = j;
        }
      }
    }
    if (touches) freeCount += size;
    else {
      islandCount += size;
      for (let k = 0; k < size; k++) {
        role[patch[k]!] = OUT;
        island[patch[k]!] = 1;
      }
    }
  }
  return { role, island, knownCount, freeCount, islandCount };
}
