import type { SplatFormat } from '../../core/formats/index.ts';

/** What a panel asks the page to do. Panels show the mender's state; only the page acts on it. */
export type EditorCommand =
  | { name: 'open' }
  | { name: 'open-files'; files: readonly File[] }
  | { name: 'sample' }
  | { name: 'export'; format: SplatFormat }
  | { name: 'remove' }
  | { name: 'delete' }
  | { name: 'clear' }
  | { name: 'cancel' }
  | { name: 'accept' }
  | { name: 'discard' }
  | { name: 'compare'; before: boolean }
  | { name: 'undo' }
  | { name: 'redo' }
  | { name: 'frame' }
  | { name: 'turn-up' }
  | { name: 'help' };

declare global {
  interface HTMLElementEventMap {
    'splatmend-command': CustomEvent<EditorCommand>;
  }
}

/** Sends a command up through the page, out of any shadow root. */
export function sendCommand(from: EventTarget, command: EditorCommand): void {
  from.dispatchEvent(
    new CustomEvent('splatmend-command', { detail: command, bubbles: true, composed: true }),
  );
}
