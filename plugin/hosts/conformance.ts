/**
 * Tries a host of your own in a real browser: `checkHost(() => makeMyHost())` shows it small clouds and reads the
 * pictures back. Needs no test framework; docs/hosts.md says how to run it.
 */
import { SplatmendError } from '../../core/errors.ts';
import type { ShDegree } from '../../core/splat-cloud.ts';
import type { MendHost } from '../host.ts';
import { EDIT_CHECKS } from './conformance-edits.ts';
import { PICTURE_CHECKS } from './conformance-picture.ts';
import { VIEW_CHECKS } from './conformance-view.ts';

export interface HostCheckOptions {
  /**
   * Where the checks put their splats: distance in front of the current camera, in the cloud's units. Between half
   * and twice of it must lie within the viewer's near and far planes.
   */
  depth?: number;
  /** Highest SH degree that the viewer draws. */
  maxShDegree?: ShDegree;
  /** Moves the view a little (not the picture's size); without it and without `frame` view changes go unchecked. */
  moveView?: ((host: MendHost) => void) | null;
  /** Names of checks to leave out. */
  skip?: readonly string[];
  /** Milliseconds a check may take. */
  timeoutMs?: number;
}
export const HOST_CHECK_DEFAULTS: Required<HostCheckOptions> = {
  depth: 3,
  maxShDegree: 3,
  moveView: null,
  skip: [],
  timeoutMs: 60_000,
};

/** One thing a host must do. */
export interface HostCheck {
  readonly name: string;
  /** Throws with a sentence on what is wrong. @returns why it could not be tried, where it could not */
  run(host: MendHost, options: Required<HostCheckOptions>): Promise<string | undefined>;
}

export interface HostFinding {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** What is wrong, or why it was left out. */
  message?: string;
}

/** In the order they run. */
export const HOST_CHECKS: readonly HostCheck[] = [
  ...PICTURE_CHECKS,
  ...EDIT_CHECKS,
  ...VIEW_CHECKS,
];

/**
 * Runs all checks, one after another, on one host; the last one disposes it.
 * The viewer's picture must be on the page, at least 160×120 pixels, and over a plain ground.
 * @returns one finding a check; the host conforms when none failed
 */
export async function checkHost(
  makeHost: () => Promise<MendHost> | MendHost,
  options: HostCheckOptions = {},
): Promise<HostFinding[]> {
  const all = { ...HOST_CHECK_DEFAULTS, ...options };
  const host = await makeHost();
  const findings: HostFinding[] = [];
  for (const check of HOST_CHECKS) {
    if (all.skip.includes(check.name)) {
      findings.push({ name: check.name, outcome: 'skipped', message: 'left out by options.skip' });
      continue;
    }
    try {
      const untried = await within(all.timeoutMs, check.run(host, all));
      findings.push(
        untried === undefined
          ? { name: check.name, outcome: 'passed' }
          : { name: check.name, outcome: 'skipped', message: untried },
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      findings.push({ name: check.name, outcome: 'failed', message });
    }
  }
  return findings;
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new SplatmendError(
            'internal',
            `no answer within ${timeoutMs} ms; does a promise settle?`,
          ),
        ),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
