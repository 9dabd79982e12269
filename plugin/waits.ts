import type { Mender } from './mender-types.ts';

/** Whether an edit waits to be kept or discarded. */
export const waits = (mender: Pick<Mender, 'proposal' | 'insertion' | 'extension'>): boolean =>
  waitingEdit(mender) !== undefined;

/** Which edit waits, as people call it. */
export function waitingEdit({
  proposal,
  insertion,
  extension,
}: Pick<Mender, 'proposal' | 'insertion' | 'extension'>):
  | 'removal'
  | 'insertion'
  | 'extension'
  | undefined {
  if (proposal !== undefined) return 'removal';
  if (insertion !== undefined) return 'insertion';
  return extension === undefined ? undefined : 'extension';
}
