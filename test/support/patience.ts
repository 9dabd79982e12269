/** Vitest's waits with the patience of a machine where SwiftShader draws beside the test: their own second is too short. */
import { vi } from 'vitest';

const PATIENCE = { timeout: 30_000 };

/** Calls `check` until it throws no more, and returns what it gave. */
export const eventually: <T>(check: () => T | Promise<T>) => Promise<T> = (check) =>
  vi.waitFor(check, PATIENCE);

/** Calls `check` until what it gives is truthy, and returns that. */
export const until: <T>(check: () => T | Promise<T>) => ReturnType<typeof vi.waitUntil<T>> = (
  check,
) => vi.waitUntil(check, PATIENCE);
