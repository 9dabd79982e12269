/** What keys do in an editor: the tools hear them first, then they are commands. */
import type { Mender } from '../mender-types.ts';
import type { ToolController } from '../tools/controller-types.ts';
import { waits } from '../waits.ts';
import './alerts.ts';
import { type CommandName, canPerform, sendCommand } from './command.ts';
import type { Commands } from './commands.ts';
import './help.ts';
import { attachKeys } from './key-input.ts';
import { waitNote } from './not-now.ts';

/** What of an editor its keys need to know. */
export interface KeyedEditor extends EventTarget {
  readonly mender: Mender | undefined;
  readonly tools: ToolController | undefined;
  /** Has the help and the alerts, once it has drawn itself. */
  readonly renderRoot: ParentNode | undefined;
}

const helpOpen = ({ renderRoot }: KeyedEditor) =>
  renderRoot?.querySelector('splatmend-help')?.open === true;
const alertsOf = ({ renderRoot }: KeyedEditor) => renderRoot?.querySelector('splatmend-alerts');

/**
 * Listens for an editor's keys.
 * @param from where they are heard: the editor, or the whole window
 * @param commands what performs its commands
 * @returns a function that takes the listeners away
 */
export function attachEditorKeys(
  editor: KeyedEditor,
  from: EventTarget,
  commands: Pick<Commands, 'accepts'>,
): () => void {
  return attachKeys(from, {
    first: (event) => !helpOpen(editor) && editor.tools?.handleKey(event) === true,
    escape: () => stopNearest(editor),
    press: ({ command }, held) => {
      if (helpOpen(editor) && command.name !== 'help') return false;
      // A key that is held down asks for as many steps as there is time for, and is answered once.
      const able = held ? canPerform(command.name, editor.mender) : commands.accepts(command.name);
      if (!able) {
        if (!held) sayWhyNot(editor, command.name);
        return false;
      }
      sendCommand(editor, command);
      return true;
    },
    release: ({ release }) => release && sendCommand(editor, release),
  });
}

/** Stops the nearest thing that can be stopped. */
function stopNearest(editor: KeyedEditor): boolean {
  const { mender } = editor;
  // The dialog closes by itself.
  if (helpOpen(editor) || mender === undefined) return false;
  if (mender.task !== undefined) sendCommand(editor, { name: 'cancel' });
  else if (waits(mender)) sendCommand(editor, { name: 'discard' });
  else if (alertsOf(editor)?.dismissNewest()) return true;
  else if (mender.selectedCount > 0) sendCommand(editor, { name: 'clear' });
  else return false;
  return true;
}

/** Says that something runs or waits, if so, for as long as it does: Escape is something else afterwards. */
function sayWhyNot(editor: KeyedEditor, name: CommandName): void {
  const { mender } = editor;
  const alerts = alertsOf(editor);
  const note = mender && waitNote(name, mender);
  if (note === undefined) return;
  alerts?.show('note', note);
  // Keeping and discarding are jobs, too.
  mender?.addEventListener('busy', () => alerts?.withdraw(note), { once: true });
}
