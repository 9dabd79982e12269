// Accepts: while a job runs, a key whose command has to wait is answered in one status line for as long as the job
// runs, and is not done, and one that has to wait for a removal to be kept likewise; keys that mean nothing, that the viewer uses, that still work or that only repeat are
// not answered. Undo and redo pressed while one of them runs are done after it, in their order; one that lasts shows the
// jobs' own progress within 0.3 s. The mender is a fake and the host shows one colour; keys are the page's own events.
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import type { Mender } from '../../plugin/mender-types.ts';
import type { EditorCommand } from '../../plugin/ui/command.ts';
import '../../plugin/ui/editor.ts';
import { FakeMender, fakeHost, removal } from '../support/remove-flow.ts';

let mender: SteppingMender;
let editor: HTMLElementTagNameMap['splatmend-editor'];
let picture: HTMLElement;
let sent: EditorCommand['name'][];
/** Commands that are not only noted. */
let performs: EditorCommand['name'][];

/** Has steps to go back and forth in, each of which ends when the test says so. */
class SteppingMender extends FakeMender {
  done = 3;
  undone = 0;
  ends: ((error?: Error) => void)[] = [];
  get canUndo() {
    return this.done > 0;
  }
  get canRedo() {
    return this.undone > 0;
  }
  undo() {
    return this.#step(-1);
  }
  redo() {
    return this.#step(1);
  }
  async #step(by: 1 | -1): Promise<boolean> {
    if (this.task) throw new Error('busy');
    this.run('edit');
    try {
      await new Promise<void>((resolve, reject) => {
        this.ends.push((error) => (error ? reject(error) : resolve()));
      });
      this.done += by;
      this.undone -= by;
      return true;
    } finally {
      this.run(undefined);
    }
  }
}

beforeEach(async () => {
  mender = new SteppingMender();
  editor = document.createElement('splatmend-editor');
  editor.style.cssText = 'position: fixed; inset: 0;';
  picture = document.createElement('div');
  picture.tabIndex = 0;
  editor.append(picture);
  editor.mender = mender as unknown as Mender;
  editor.host = fakeHost(mender, picture).host;
  document.body.append(editor);
  sent = [];
  performs = [];
  editor.addEventListener('splatmend-command', (event) => {
    if (!performs.includes(event.detail.name)) event.preventDefault();
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

test('a key that has to wait for a removal that waits itself is told so, and one that nothing comes of is not', async () => {
  mender.propose(removal());
  press('h');
  expect(await told()).toEqual(['A removal waits: Enter keeps it, Esc discards it.']);
  mender.run('edit');
  mender.run(undefined);
  expect(await told()).toEqual([]);
  // There is nothing to redo, waiting or not.
  press('z', { ctrlKey: true, shiftKey: true });
  expect(await told()).toEqual([]);
  expect(sent).toEqual([]);
});

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

describe('undo and redo that last', () => {
  const undo = () => press('z', { ctrlKey: true });
  const redo = () => press('z', { ctrlKey: true, shiftKey: true });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const where = () => [mender.done, mender.undone];
  /** Ends the step that runs. */
  async function end(error?: Error): Promise<void> {
    await expect.poll(() => mender.ends.length).toBe(1);
    mender.ends.pop()!(error);
    await pause(0);
  }
  beforeEach(() => {
    performs = ['undo', 'redo', 'cancel'];
  });

  test('what is pressed meanwhile is done afterwards, in its order', async () => {
    undo();
    await expect.poll(() => mender.task).toBe('edit');
    undo();
    redo();
    undo();
    expect(mender.ends).toHaveLength(1);
    expect(await told()).toEqual([]);
    for (const [done, undone] of [
      [2, 1],
      [1, 2],
      [2, 1],
      [1, 2],
    ]) {
      await end();
      expect(where()).toEqual([done, undone]);
    }
    expect(mender.task).toBeUndefined();
    // And all over again.
    undo();
    await end();
    expect(where()).toEqual([0, 3]);
  });

  test('what was the last step, and keys that only repeat, ask for nothing more', async () => {
    mender.done = 1;
    undo();
    await expect.poll(() => mender.task).toBe('edit');
    undo();
    undo();
    await end();
    expect(where()).toEqual([0, 1]);
    expect(mender.task).toBeUndefined();

    redo();
    await expect.poll(() => mender.task).toBe('edit');
    for (let k = 0; k < 5; k++) press('z', { ctrlKey: true, repeat: true });
    await end();
    expect(where()).toEqual([1, 0]);
    expect(mender.task).toBeUndefined();
    expect(await told()).toEqual([]);
  });

  test('Escape, or a step that fails, ends what waits; another job is no reason to wait', async () => {
    undo();
    await expect.poll(() => mender.task).toBe('edit');
    undo();
    press('Escape');
    await end();
    expect(where()).toEqual([2, 1]);
    expect(mender.task).toBeUndefined();
    expect(mender.cancelled).toBe(1);

    undo();
    await expect.poll(() => mender.task).toBe('edit');
    undo();
    await end(new SplatmendError('out-of-memory', 'undo: no room'));
    expect(where()).toEqual([2, 1]);
    expect(mender.task).toBeUndefined();
    const alerts = editor.renderRoot.querySelector('splatmend-alerts')!;
    expect(alerts.alerts.map(({ message }) => message)).toEqual(['undo: no room']);

    mender.run('remove');
    undo();
    mender.run(undefined);
    await pause(0);
    expect(mender.task).toBeUndefined();
    expect(where()).toEqual([2, 1]);
  });

  test('the jobs’ progress shows, without a share, and not for a step that is quick', async () => {
    const job = () =>
      editor.renderRoot
        .querySelector('splatmend-panel, splatmend-actions')!
        .shadowRoot!.querySelector('splatmend-job')!;
    const bar = () => job().renderRoot.querySelector('[role=progressbar]');
    // The panel, or the bar that stands in for it, is what it is at this width.
    await expect.poll(() => editor.wide).toBe(innerWidth >= 1000);
    await editor.updateComplete;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const passes = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      await job().updateComplete;
    };
    undo();
    await passes(100);
    expect(mender.task).toBe('edit');
    expect(bar()).toBeNull();
    mender.ends.pop()!();
    await passes(300);
    expect(where()).toEqual([2, 1]);
    expect(bar()).toBeNull();

    undo();
    await passes(300);
    expect(bar()!.checkVisibility()).toBe(true);
    expect(bar()!.getAttribute('aria-valuenow')).toBeNull();
    expect(job().renderRoot.querySelector('[role=status]')!.textContent).toBe('Changing the scene');
    mender.ends.pop()!();
    await passes(0);
    expect(bar()).toBeNull();
  });
});
