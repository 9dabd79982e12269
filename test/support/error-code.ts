import { SplatmendError } from '../../core/errors.ts';

/** The code of the named error that this ends in, or what else it ended in. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing thrown',
    (e: unknown) => (e instanceof SplatmendError ? e.code : String(e)),
  );
