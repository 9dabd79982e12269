import type { Mender } from './mender-types.ts';

/** Whether an edit waits to be kept or discarded. */
export const waits = ({ proposal, insertion }: Pick<Mender, 'proposal' | 'insertion'>): boolean =>
  proposal !== undefined || insertion !== undefined;
