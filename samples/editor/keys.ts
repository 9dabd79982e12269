import type { Mender } from '../../plugin/mender.ts';
import type { EditorCommand } from '../../plugin/ui/command.ts';

export interface KeyActions {
  mender: Mender;
  run(command: EditorCommand): void;
  selectMiddle(event: KeyboardEvent): void;
  /** @returns false when no alert was open */
  dismissAlert(): boolean;
  helpIsOpen(): boolean;
  canvas: HTMLElement;
}

/** The page's shortcuts. Keys that a focused control uses itself are left to it. */
export function attachKeys(actions: KeyActions): void {
  const { mender, run } = actions;
  const inControl = (event: KeyboardEvent) =>
    event
      .composedPath()
      .some((t) => t instanceof HTMLElement && /^(button|input|select|textarea)$/i.test(t.tagName));

  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || actions.helpIsOpen()) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const command =
      event.ctrlKey || event.metaKey ? withControl(key, event.shiftKey) : plain(key, event);
    if (command === undefined) return;
    event.preventDefault();
    if (command !== 'done') run(command);
  });
  addEventListener('keyup', (event) => {
    if (event.key.toLowerCase() === 'b') run({ name: 'compare', before: false });
  });
  addEventListener('blur', () => run({ name: 'compare', before: false }));

  function withControl(key: string, shift: boolean): EditorCommand | 'done' | undefined {
    if (key === 'z') return { name: shift ? 'redo' : 'undo' };
    if (key === 'y') return { name: 'redo' };
    if (key === 'o') return { name: 'open' };
    const idle = mender.task === undefined && mender.cloud !== undefined && !mender.proposal;
    if (key === 'a' && idle) mender.selectAll();
    else if (key === 'i' && idle) mender.invertSelection();
    else return undefined;
    return 'done';
  }

  function plain(key: string, event: KeyboardEvent): EditorCommand | 'done' | undefined {
    switch (key) {
      case 'Delete':
      case 'Backspace':
        if (mender.selectedCount === 0 || mender.proposal) return undefined;
        return { name: event.shiftKey ? 'remove' : 'delete' };
      case 'Escape':
        if (mender.task !== undefined) return { name: 'cancel' };
        if (mender.proposal) return { name: 'discard' };
        if (actions.dismissAlert()) return 'done';
        return mender.selectedCount > 0 ? { name: 'clear' } : undefined;
      case 'Enter':
        return mender.proposal && !inControl(event) ? { name: 'accept' } : undefined;
      case ' ':
        if (event.composedPath()[0] !== actions.canvas) return undefined;
        actions.selectMiddle(event);
        return 'done';
      case 'b':
        return { name: 'compare', before: true };
      case 'f':
        return { name: 'frame' };
      case 'u':
        return { name: 'turn-up' };
      case 'o':
        return { name: 'open' };
      case '?':
        return { name: 'help' };
      default:
        return undefined;
    }
  }
}
