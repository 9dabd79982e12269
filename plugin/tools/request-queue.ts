import { SplatmendError } from '../../core/errors.ts';
import type { Mender } from '../mender-types.ts';
import type { ToolRequest } from './tool-types.ts';

type MakeRequest = () => ToolRequest | undefined | Promise<ToolRequest | undefined>;

export interface RequestQueue {
  /** Requests that run or wait. */
  readonly waiting: number;
  /**
   * Asks for a selection once those before it are done: a stroke may be drawn while another is looked for.
   * Never rejects.
   * @param make called when its turn comes: a refinement starts from the selection there is then
   */
  ask(make: MakeRequest): Promise<void>;
  /** What waits is not asked for any more. */
  close(): void;
}

/**
 * @param onEnd a request was answered
 * @param onFailure it failed; a cancelled one did not
 */
export function createRequestQueue(
  mender: Mender,
  onEnd: () => void,
  onFailure: (error: unknown) => void,
): RequestQueue {
  let tail: Promise<void> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  async function run(before: Promise<void>, make: MakeRequest): Promise<void> {
    await before;
    try {
      const request = closed ? undefined : await make();
      if (request && !closed) await mender.select(request.shape, request.mode);
    } catch (error) {
      if (!(error instanceof SplatmendError && error.code === 'cancelled')) onFailure(error);
    } finally {
      waiting--;
      onEnd();
    }
  }

  return {
    get waiting() {
      return waiting;
    },
    ask(make) {
      waiting++;
      tail = run(tail, make);
      return tail;
    },
    close() {
      closed = true;
    },
  };
}
