import { TOOLS } from '../tools/tool-list.ts';
import type { EditorCommand } from './command.ts';

export interface Shortcut {
  /** `KeyboardEvent.key`; letters in lower case. */
  key: string;
  ctrl?: boolean;
  shift?: boolean;
  command: EditorCommand;
  /** For the help, lower case. */
  what: string;
  /** What happens on letting go, for a key that is held. */
  release?: EditorCommand;
  /** Holding the key does it again and again. */
  repeats?: boolean;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

/** Every key that is a command. They are SuperSplat's where it has the command; tools have theirs in TOOLS. */
export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = [
  {
    title: 'Selection',
    shortcuts: [
      { key: 'a', ctrl: true, command: { name: 'select-all' }, what: 'select everything' },
      { key: 'a', ctrl: true, shift: true, command: { name: 'clear' }, what: 'select nothing' },
      { key: 'i', ctrl: true, command: { name: 'invert' }, what: 'select the others instead' },
      { key: '.', command: { name: 'grow' }, what: 'grow', repeats: true },
      { key: ',', command: { name: 'shrink' }, what: 'shrink', repeats: true },
      { key: 'j', command: { name: 'add-shadow' }, what: 'add its contact shadow' },
      { key: 'h', command: { name: 'hide' }, what: 'hide' },
      { key: 'u', command: { name: 'show-all' }, what: 'show all that is hidden' },
      { key: 'h', shift: true, command: { name: 'lock' }, what: 'lock' },
      { key: 'u', shift: true, command: { name: 'unlock' }, what: 'unlock all' },
    ],
  },
  {
    title: 'Remove',
    shortcuts: [
      { key: 'Delete', shift: true, command: { name: 'remove' }, what: 'remove and mend the hole' },
      { key: 'Delete', command: { name: 'delete' }, what: 'delete and leave the hole' },
      { key: 'Enter', command: { name: 'accept' }, what: 'keep what waits' },
      {
        key: 'c',
        command: { name: 'compare', before: true },
        what: 'hold to see before',
        release: { name: 'compare', before: false },
      },
      { key: 'x', command: { name: 'compare-slider' }, what: 'before and after, side by side' },
    ],
  },
  {
    title: 'Insert',
    shortcuts: [
      {
        key: 'i',
        command: { name: 'insert' },
        what: 'insert an image into this view, or paste one',
      },
      { key: '[', command: { name: 'nearer' }, what: 'what was inserted nearer', repeats: true },
      { key: ']', command: { name: 'farther' }, what: 'and farther away', repeats: true },
    ],
  },
  {
    title: 'Scene',
    shortcuts: [
      { key: 'z', ctrl: true, command: { name: 'undo' }, what: 'undo', repeats: true },
      { key: 'z', ctrl: true, shift: true, command: { name: 'redo' }, what: 'redo', repeats: true },
      { key: 'o', ctrl: true, command: { name: 'open' }, what: 'open a file' },
      { key: 'g', command: { name: 'extend' }, what: 'extend the scene beyond its edge' },
      { key: 'f', command: { name: 'frame' }, what: 'frame the selection or the scene' },
      { key: 'y', command: { name: 'turn-up' }, what: 'turn the scene upright' },
      { key: '?', command: { name: 'help' }, what: 'this list' },
    ],
  },
];

/** Other keys for the same, left out of the help. */
const ALSO: readonly Shortcut[] = [
  { key: 'y', ctrl: true, command: { name: 'redo' }, what: 'redo', repeats: true },
  { key: 'Backspace', command: { name: 'delete' }, what: 'delete' },
  { key: 'Backspace', shift: true, command: { name: 'remove' }, what: 'remove and mend' },
];
const ALL = [...SHORTCUT_GROUPS.flatMap((group) => group.shortcuts), ...ALSO];

/** What of a KeyboardEvent says which key it is. */
export type Keystroke = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** The shortcut of a keystroke; Command counts as Ctrl. */
export function shortcutFor(stroke: Keystroke): Shortcut | undefined {
  if (stroke.altKey) return undefined;
  const key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key;
  const ctrl = stroke.ctrlKey || stroke.metaKey;
  return ALL.find(
    (s) =>
      s.key === key &&
      (s.ctrl ?? false) === ctrl &&
      // Where punctuation lies, and whether with Shift, is the keyboard layout's.
      ((s.shift ?? false) === stroke.shiftKey || /^[^a-z]$/.test(key)),
  );
}

/** The shortcut that a letting go ends, whatever else is held by then. */
export function releasedBy(key: string): Shortcut | undefined {
  return ALL.find((s) => s.release !== undefined && s.key === key.toLowerCase());
}

const NAMES: Record<string, string> = { Delete: 'Del' };

/** `['Ctrl', 'Shift', 'Z']`. */
export function keyNames(shortcut: Shortcut): string[] {
  const { key, ctrl, shift } = shortcut;
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return [...(ctrl ? ['Ctrl'] : []), ...(shift ? ['Shift'] : []), name];
}

/** The keys of a command, by name; none where it has none. */
export function keysOf(name: EditorCommand['name']): string[] {
  const shortcut = ALL.find((s) => s.command.name === name);
  return shortcut ? keyNames(shortcut) : [];
}

/** ` (Ctrl+Z)` for a button's title; empty where there is no key. */
export function keyHint(name: EditorCommand['name']): string {
  const keys = keysOf(name);
  return keys.length > 0 ? ` (${keys.join('+')})` : '';
}

/** Keys that do not change, and the tools', for the help. */
export const FIXED_GROUPS: readonly { title: string; rows: readonly [string[], string][] }[] = [
  {
    title: 'Look',
    rows: [
      [['Drag'], 'orbit, where the tool does not draw'],
      [['Right drag'], 'pan'],
      [['Wheel'], 'zoom'],
      [['Space'], 'hold: look around with any tool'],
      [['← ↑ → ↓', '+', '−'], 'the same by keys, on the picture'],
    ],
  },
  {
    title: 'Tools',
    rows: [
      ...TOOLS.map((tool): [string[], string] => [
        [tool.key.toUpperCase()],
        tool.title.toLowerCase() + (tool.needs ? ', with a model loaded' : ''),
      ]),
      [['[', ']'], 'brush size'],
    ],
  },
  {
    title: 'With any tool',
    rows: [
      [['Shift'], 'add to the selection'],
      [['Ctrl'], 'take out of it'],
      [['Ctrl', 'Shift'], 'keep only what is in both'],
      [['Space'], 'tap on the picture: select in the middle'],
      [['Esc'], 'stop, discard or clear'],
      [['Tab'], 'to the next control, as everywhere'],
    ],
  },
];
