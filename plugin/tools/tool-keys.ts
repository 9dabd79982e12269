import { toolForKey } from './tool-list.ts';
import type { ToolId } from './tool-types.ts';

/** What the keys do. Those that give a boolean say whether there was anything to do. */
export interface KeyTargets {
  /** The element that shows the picture. */
  picture: HTMLElement;
  escape(): boolean;
  enter(): boolean;
  backspace(): boolean;
  /** Wider (1) or narrower (−1). @returns false where the key is not the brush's now */
  resizeBrush(direction: 1 | -1): boolean;
  pickTool(tool: ToolId): void;
  /** Space went down (true: every press is the viewer's) or up. */
  holdSpace(held: boolean): void;
  /** Whether a press began since Space went down. */
  pressedSince(): boolean;
  /** Space was tapped on the picture. */
  tapSpace(event: KeyboardEvent): void;
}

export interface ToolKeys {
  /** A `keydown`. @returns true when it was a tool's */
  down(event: KeyboardEvent): boolean;
  up(event: KeyboardEvent): void;
  /** The window lost the keyboard: Space is not held any more. */
  blur(): void;
}

/** Space held for longer than this was no order to select, milliseconds. */
const TAP_MS = 500;

/** What the focused control does with a key itself: `text` takes all of them, `button` those that press it. */
function controlOf(event: KeyboardEvent): 'text' | 'button' | undefined {
  for (const t of event.composedPath()) {
    if (!(t instanceof HTMLElement)) continue;
    if (t instanceof HTMLInputElement) {
      return /^(range|checkbox|radio|button)$/.test(t.type) ? 'button' : 'text';
    }
    if (t.isContentEditable || /^(select|textarea)$/i.test(t.tagName)) return 'text';
    if (/^(button|a|summary)$/i.test(t.tagName)) return 'button';
  }
  return undefined;
}

export function createToolKeys(targets: KeyTargets): ToolKeys {
  let space: { at: number; onPicture: boolean } | undefined;

  const keys: ToolKeys = {
    down(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const control = controlOf(event);
      if (event.key === 'Escape') return targets.escape();
      if (control === 'text') return false;
      if (control === 'button' && /^(Enter| |Backspace)$/.test(event.key)) return false;
      switch (event.key) {
        case ' ':
          if (space === undefined) {
            const onPicture = event.composedPath().includes(targets.picture);
            space = { at: event.timeStamp, onPicture };
            targets.holdSpace(true);
          }
          return true;
        case 'Enter':
          return targets.enter();
        case 'Backspace':
          return targets.backspace();
        case '[':
          return targets.resizeBrush(-1);
        case ']':
          return targets.resizeBrush(1);
        default:
      }
      const tool = event.shiftKey || event.repeat ? undefined : toolForKey(event.key);
      if (tool === undefined) return false;
      targets.pickTool(tool);
      return true;
    },
    up(event) {
      if (event.key !== ' ' || space === undefined) return;
      const { at, onPicture } = space;
      const tapped = !targets.pressedSince() && event.timeStamp - at < TAP_MS;
      keys.blur();
      if (tapped && onPicture) targets.tapSpace(event);
    },
    blur() {
      if (space === undefined) return;
      space = undefined;
      targets.holdSpace(false);
    },
  };
  return keys;
}
