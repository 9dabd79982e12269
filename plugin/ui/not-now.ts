/** What is said of files and keys that come while they cannot be taken. Buttons are grey meanwhile; these would vanish without a word. */
import type { Mender } from '../mender-types.ts';
import { waitingEdit, waits } from '../waits.ts';
import { type CommandName, canPerform, type EditorCommand } from './command.ts';
import { TASK_NAMES } from './task-names.ts';

/** @param then what to do once more; undefined: nothing runs and nothing waits */
export function notNow(mender: Mender, then: 'drop' | 'paste' | 'open'): string | undefined {
  if (mender.task !== undefined) {
    return `Something is running. Wait for it or cancel it, then ${then} again.`;
  }
  return waits(mender) ? `Keep or discard what waits, then ${then} again.` : undefined;
}

/** Why a command that cannot be performed now is not, where it brings files; undefined: nothing is to be said. */
export function refusalOf(command: EditorCommand, mender: Mender): string | undefined {
  if (command.name === 'open-files') return notNow(mender, 'drop');
  if (command.name !== 'insert' || command.file === undefined) return undefined;
  return notNow(mender, 'paste') ?? 'There is no scene to insert it into. Open one first.';
}

/**
 * What a key is answered whose command has to wait for the job that runs, or for the edit that waits itself; undefined: it is for
 * another reason that nothing comes of it.
 */
export function waitNote(name: CommandName, mender: Mender): string | undefined {
  const { task } = mender;
  if (task !== undefined) {
    const [first = '', ...rest] = TASK_NAMES[task];
    return `Busy ${first.toLowerCase()}${rest.join('')}: wait, or Esc to cancel.`;
  }
  const edit = waitingEdit(mender);
  if (edit === undefined || !canPerform(name, mender, false)) return undefined;
  return `${edit === 'removal' ? 'A' : 'An'} ${edit} waits: Enter keeps it, Esc discards it.`;
}
