import type { ErrorCode } from '../core/errors.ts';

/** What the process answers with, by the kind of failure; docs/cli.md lists the same table. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  internal: 1,
  'worker-died': 1,
  // The editor's own: a command line never meets them.
  busy: 1,
  'no-scene': 1,
  'bad-option': 2,
  'bad-file': 3,
  'bad-camera': 3,
  'unknown-format': 3,
  'unsupported-file': 3,
  'too-large': 3,
  'not-readable': 3,
  'bad-selection': 4,
  'empty-selection': 4,
  'everything-selected': 4,
  'camera-sees-nothing': 4,
  'not-writable': 5,
  cancelled: 6,
  'out-of-memory': 7,
  'device-lost': 7,
  'no-webgpu': 7,
  // A model or a server that fills holes.
  'bad-answer': 8,
  'server-unreachable': 8,
  'server-timeout': 8,
  'server-refused': 8,
  'server-failed': 8,
};

/** A second Ctrl-C does not wait for the work to stop. */
export const EXIT_FORCED = 130;
