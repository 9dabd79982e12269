import { releasedBy, type Shortcut, shortcutFor } from './keys.ts';

export interface KeyInput {
  /** Hears keys first: the tools. @returns true when it has used the key */
  first(event: KeyboardEvent): boolean;
  escape(): boolean;
  /** A shortcut was pressed, or is `held` down and repeats. @returns false when it does nothing now */
  press(shortcut: Shortcut, held: boolean): boolean;
  release(shortcut: Shortcut): void;
}

const TEXT_INPUT = /^(?!button|checkbox|color|file|image|radio|range|reset|submit)/;

/** What the control that has the focus takes itself: all keys, those that press it, or none. */
function taken(event: KeyboardEvent): 'text' | 'button' | 'none' {
  for (const t of event.composedPath()) {
    if (!(t instanceof HTMLElement)) continue;
    if (t.isContentEditable || /^(textarea|select)$/i.test(t.tagName)) return 'text';
    if (t instanceof HTMLInputElement) return TEXT_INPUT.test(t.type) ? 'text' : 'button';
    if (t instanceof HTMLButtonElement || t instanceof HTMLAnchorElement) return 'button';
  }
  return 'none';
}

/**
 * Listens for shortcuts. Keys that a focused control uses itself are left to it.
 * @param from where keys are heard: the editor, or the whole window
 * @returns a function that takes the listeners away
 */
export function attachKeys(from: EventTarget, input: KeyInput): () => void {
  const stop = new AbortController();
  const on = (target: EventTarget, type: string, run: (event: KeyboardEvent) => void) =>
    target.addEventListener(type, run as EventListener, { signal: stop.signal });
  let held: Shortcut | undefined;

  on(from, 'keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const control = taken(event);
    if (input.first(event) || used(event, control)) event.preventDefault();
  });
  function used(event: KeyboardEvent, control: ReturnType<typeof taken>): boolean {
    if (event.key === 'Escape') return input.escape();
    if (control === 'text') return false;
    if (control === 'button' && /^(Enter| |Backspace)$/.test(event.key)) return false;
    const shortcut = shortcutFor(event);
    if (shortcut === undefined) return false;
    // A held key has done its work; what the browser would do with it is still not wanted.
    if (event.repeat && !shortcut.repeats) return true;
    const done = input.press(shortcut, event.repeat);
    if (done && shortcut.release) held = shortcut;
    // The browser's own Ctrl+A, Ctrl+O … would surprise even where there is nothing to do.
    return done || shortcut.ctrl === true;
  }
  const letGo = () => {
    if (held) input.release(held);
    held = undefined;
  };
  on(window, 'keyup', (event) => {
    if (held && releasedBy(event.key) === held) letGo();
  });
  on(window, 'blur', letGo);
  return () => {
    letGo();
    stop.abort();
  };
}
