// Accepts: keys are SuperSplat's where it has the command, none means two things, none is a tool's as well, and
// what a title or the help says is the key that works; a command is refused where the mender would refuse it.
import { describe, expect, it } from 'vitest';
import type { Mender } from '../../plugin/mender-types.ts';
import { toolForKey } from '../../plugin/tools/tool-list.ts';
import { type CommandName, canPerform } from '../../plugin/ui/command.ts';
import { type Keystroke, keyHint, SHORTCUT_GROUPS, shortcutFor } from '../../plugin/ui/keys.ts';

/** `Ctrl+Shift+Z` as a browser reports it. */
function stroke(text: string, command = false): Keystroke {
  const parts = text.split('+');
  const key = parts.at(-1)!;
  const [ctrl, shiftKey] = [parts.includes('Ctrl'), parts.includes('Shift')];
  return {
    key: key.length === 1 && shiftKey ? key.toUpperCase() : key,
    ctrlKey: ctrl && !command,
    metaKey: ctrl && command,
    shiftKey,
    altKey: parts.includes('Alt'),
  };
}
const named = (text: string) => shortcutFor(stroke(text))?.command.name;

describe('shortcuts', () => {
  it.each([
    ['Ctrl+a', 'select-all'],
    ['Ctrl+Shift+a', 'clear'],
    ['Ctrl+i', 'invert'],
    ['Ctrl+z', 'undo'],
    ['Ctrl+Shift+z', 'redo'],
    ['Delete', 'delete'],
    ['h', 'hide'],
    ['u', 'show-all'],
    ['f', 'frame'],
  ])('%s as in SuperSplat: %s', (keys, name) => {
    expect(named(keys)).toBe(name);
    expect(shortcutFor(stroke(keys, true))?.command.name).toBe(name);
  });
  it.each([
    ['Shift+Delete', 'remove'],
    ['Shift+h', 'lock'],
    ['Shift+u', 'unlock'],
    ['c', 'compare'],
    ['x', 'compare-slider'],
    ['y', 'turn-up'],
    ['i', 'insert'],
    ['g', 'extend'],
    ['[', 'nearer'],
    [']', 'farther'],
    ['Ctrl+o', 'open'],
    ['Shift+?', 'help'],
    ['?', 'help'],
  ])('%s: %s', (keys, name) => expect(named(keys)).toBe(name));
  it('leaves the browser its own', () => {
    for (const keys of ['Tab', 'Ctrl+r', 'Ctrl+f', 'Ctrl+h', 'Alt+f', 'Shift+f', 'F5', 'Ctrl+c']) {
      expect(named(keys), keys).toBeUndefined();
    }
  });
  it('no key means two things', () => {
    const all = SHORTCUT_GROUPS.flatMap((group) => group.shortcuts);
    const texts = all.map((s) => `${s.ctrl ?? false} ${s.shift ?? false} ${s.key}`);
    expect(new Set(texts).size).toBe(texts.length);
    for (const s of all) {
      if (!s.ctrl && !s.shift) expect(toolForKey(s.key), s.key).toBeUndefined();
    }
  });
  it('titles say the keys', () => {
    expect(keyHint('redo')).toBe(' (Ctrl+Shift+Z)');
    expect(keyHint('remove')).toBe(' (Shift+Del)');
    expect(keyHint('export')).toBe('');
  });
});

describe('commands', () => {
  type State = Partial<{ -readonly [K in keyof Mender]: Mender[K] }>;
  const mender = (state: State) =>
    ({ task: undefined, proposal: undefined, selectedCount: 0, ...state }) as unknown as Mender;
  const cloud = { count: 10 } as NonNullable<Mender['cloud']>;
  const proposal = {} as NonNullable<Mender['proposal']>;
  const can = (state: State, ...names: CommandName[]) =>
    names.filter((name) => canPerform(name, mender(state)));
  const edits: CommandName[] = [
    'remove',
    'delete',
    'hide',
    'lock',
    'grow',
    'add-shadow',
    'save-selection',
  ];
  const reads: CommandName[] = ['export', 'select-all', 'invert', 'load-selection'];

  it('need a scene, and a selection where they work on one', () => {
    expect(can({}, ...edits, ...reads, 'frame', 'save-picture')).toEqual([]);
    expect(can({ cloud }, ...edits)).toEqual([]);
    expect(can({ cloud }, ...reads, 'frame', 'save-picture')).toHaveLength(reads.length + 2);
    expect(can({ cloud, selectedCount: 1 }, ...edits)).toEqual(edits);
    expect(canPerform('open', undefined)).toBe(false);
    expect(canPerform('help', undefined)).toBe(true);
  });
  it('wait while something runs, but for stopping it', () => {
    const busy: State = { cloud, selectedCount: 1, canUndo: true, task: 'remove' };
    expect(can(busy, ...edits, ...reads, 'open', 'undo', 'redo', 'accept')).toEqual([]);
    expect(can(busy, 'cancel', 'frame')).toEqual(['cancel', 'frame']);
    expect(can({ cloud }, 'cancel')).toEqual([]);
  });
  it('keep or discard first while a removal waits', () => {
    const waits: State = { cloud, selectedCount: 1, proposal, canUndo: false };
    expect(can(waits, ...edits, ...reads, 'redo')).toEqual([]);
    const flow: CommandName[] = ['accept', 'discard', 'compare', 'add-candidate', 'choose', 'undo'];
    expect(can(waits, ...flow)).toEqual(flow);
    expect(can({ cloud }, ...flow)).toEqual([]);
  });
  it('while an extension waits it has candidates, but no mask', () => {
    const extension = {} as NonNullable<Mender['extension']>;
    const waits: State = { cloud, selectedCount: 1, extension, canUndo: false };
    const flow: CommandName[] = ['accept', 'discard', 'compare', 'add-candidate', 'choose', 'undo'];
    expect(can(waits, ...flow)).toEqual(flow);
    expect(can(waits, ...edits, ...reads, 'correct-mask', 'extend', 'redo')).toEqual([]);
  });
  it('while an insertion waits it can be moved, run again, kept or discarded, and has no candidates', () => {
    const insertion = {} as NonNullable<Mender['insertion']>;
    const waits: State = { cloud, selectedCount: 1, insertion, canUndo: false };
    const flow: CommandName[] = [
      'accept',
      'discard',
      'compare',
      'compare-slider',
      'undo',
      'insert-again',
      'move-inserted',
      'nearer',
      'farther',
    ];
    const removal: CommandName[] = ['add-candidate', 'choose', 'correct-mask', 'save-reference'];
    expect(can(waits, ...flow)).toEqual(flow);
    expect(can(waits, ...edits, ...reads, ...removal, 'insert', 'redo')).toEqual([]);
    expect(can({ cloud }, ...flow, ...removal, 'insert')).toEqual(['insert']);
    expect(can({}, 'insert')).toEqual([]);
  });
});
