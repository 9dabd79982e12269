// Accepts: while a job runs, a key whose command has to wait is answered in one status line for as long as the job
// runs, and is not done; keys that mean nothing, that the viewer uses, that still work or that only repeat are
// not answered. The mender is a fake and the host shows one colour; keys are the page's own events.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mender } from '../../plugin/mender-types.ts';
import type { EditorCommand } from '../../plugin/ui/command.ts';
import '../../plugin/ui/editor.ts';
import { FakeMender, fakeHost } from '../support/remove-flow.ts';

let mender: FakeMender;
let editor: HTMLElementTagNameMap['splatmend-editor'];
let picture: HTMLElement;
let sent: EditorCommand['name'][];

beforeEach(async () => {
  mender = new FakeMender();
  editor = document.createElement('splatmend-editor');
  editor.style.cssText = 'position: fixed; inset: 0;';
  picture = document.createElement('div');
  picture.tabIndex = 0;
  editor.append(picture);
  editor.mender = mender as unknown as Mender;
  editor.host = fakeHost(mender, picture).host;
  document.body.append(editor);
  sent = [];
  editor.addEventListener('splatmend-command', (event) => {
    event.preventDefault();
    sent.push(event.detail.name);
  });
  await editor.updateComplete;
});
afterEach(() => {
  editor.dispose();
  editor.remove();
});

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const init = { key, bubbles: true, composed: true, cancelable: true, ...more };
  const event = new KeyboardEvent('keydown', init);
  picture.dispatchEvent(event);
  window.dispatchEvent(new KeyboardEvent('keyup', init));
  return event;
}
/** What the status lines over the picture say. */
async function told(): Promise<string[]> {
  const alerts = editor.renderRoot.querySelector('splatmend-alerts')!;
  await alerts.updateComplete;
  const lines = alerts.renderRoot.querySelectorAll('[role=status]');
  return [...lines].map((line) => line.querySelector('.message')!.textContent!);
}

test.each([
  ['remove', 'Busy removing and mending: wait, or Esc to cancel.'],
  ['extend', 'Busy extending: wait, or Esc to cancel.'],
  ['open', 'Busy reading the file: wait, or Esc to cancel.'],
] as const)(
  'a key that has to wait for the job (%s) is told so, until the job ends',
  async (task, note) => {
    mender.run(task);
    expect(press('Delete').defaultPrevented).toBe(false);
    // The browser's own would surprise.
    expect(press('o', { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(await told()).toEqual([note]);
    expect(sent).toEqual([]);
    mender.run(undefined);
    expect(await told()).toEqual([]);
    press('Delete');
    expect(sent).toEqual(['delete']);
    expect(await told()).toEqual([]);
  },
);

test('keys that ask for nothing, or that still work, are not answered', async () => {
  mender.run('remove');
  const bare = ['Shift', 'Control', 'Alt', 'Meta', 'CapsLock'];
  const looking = ['ArrowLeft', 'ArrowUp', '+', '-', ' ', 'Tab', 'Home', 'PageDown', 'q', '7'];
  for (const key of [...bare, ...looking]) press(key);
  press('c', { ctrlKey: true });
  press('f');
  press('Escape');
  // A tool can be taken in hand.
  press('l');
  expect(editor.tools!.state.tool).toBe('lasso');
  expect(await told()).toEqual([]);
  expect(sent).toEqual(['frame', 'cancel']);
});

test('a key that is held down is answered once, and text is left alone', async () => {
  mender.run('remove');
  press('z', { ctrlKey: true, repeat: true });
  press('Delete', { repeat: true });
  expect(await told()).toEqual([]);
  const field = document.createElement('input');
  picture.append(field);
  field.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Delete', bubbles: true, composed: true }),
  );
  expect(await told()).toEqual([]);
  press('z', { ctrlKey: true });
  press('z', { ctrlKey: true, repeat: true });
  press('i');
  expect(await told()).toHaveLength(1);
});

test('nothing is said where nothing runs', async () => {
  press('Enter');
  press('[');
  expect(await told()).toEqual([]);
  expect(sent).toEqual([]);
});
