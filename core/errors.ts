/**
 * Every failure a user can meet has a code. Errors cross the worker as values
 * (`Result`), because structured clone drops an Error's own properties.
 */
export const ERROR_CODES = [
  'no-scene',
  'busy',
  'empty-selection',
  'everything-selected',
  'camera-sees-nothing',
  'bad-camera',
  'bad-selection',
  'bad-file',
  'unknown-format',
  'unsupported-file',
  'too-large',
  'not-readable',
  'not-writable',
  'no-webgpu',
  'device-lost',
  'out-of-memory',
  'worker-died',
  'cancelled',
  'bad-option',
  'bad-answer',
  'server-unreachable',
  'server-timeout',
  'server-refused',
  'server-failed',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error that says where, what, and what to do next: `remove: 0 splats selected; select some first`. */
export class SplatmendError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SplatmendError';
    this.code = code;
  }
}

export interface Failure {
  ok: false;
  code: ErrorCode;
  message: string;
}
export type Result<T> = { ok: true; value: T } | Failure;

/** Turns anything thrown into a Failure; unknown errors become `internal`, with their message kept. */
export function toFailure(error: unknown): Failure {
  if (error instanceof SplatmendError) {
    return { ok: false, code: error.code, message: error.message };
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return { ok: false, code: 'cancelled', message: 'cancelled; the scene is as it was' };
  }
  if (error instanceof RangeError && /allocat|array length|buffer/i.test(error.message)) {
    return { ok: false, code: 'out-of-memory', message: `out of memory: ${error.message}` };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, code: 'internal', message };
}

/** Runs `work` and returns its value or its failure; never throws. */
export async function toResult<T>(work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return toFailure(error);
  }
}

/** The value of a Result, or its failure thrown as a SplatmendError. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new SplatmendError(result.code, result.message);
}
