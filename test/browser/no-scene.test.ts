// Accepts: an editor without a scene says where one comes from, and each of the ways that it names opens one: the
// button by mouse and by key, Ctrl+O, a drop. It fits narrow editors, is gone while a file is read and once there is a
// scene, and a page can put something of its own in its place. The mender is a fake; keys are the browser's own.
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';
import type { Mender } from '../../plugin/mender-types.ts';
import type { EditorCommand } from '../../plugin/ui/command.ts';
import '../../plugin/ui/editor.ts';
import '../../plugin/ui/panel.ts';
import { FakeMender, fakeHost } from '../support/remove-flow.ts';

/** What Chromium has and TypeScript's library does not know. */
const picker = window as unknown as { showOpenFilePicker: () => Promise<unknown[]> };
const nothingPicked = () => Promise.reject(new DOMException('', 'AbortError'));

let mender: FakeMender;
let editor: HTMLElementTagNameMap['splatmend-editor'];
let pick: ReturnType<typeof vi.spyOn>;

beforeEach(async () => {
  pick = vi.spyOn(picker, 'showOpenFilePicker').mockImplementation(nothingPicked);
  mender = new FakeMender();
  setCloud(undefined);
  editor = document.createElement('splatmend-editor');
  editor.style.cssText = 'position: fixed; left: 0; top: 0; height: 560px;';
  const picture = document.createElement('canvas');
  picture.tabIndex = 0;
  editor.append(picture);
  editor.mender = mender as unknown as Mender;
  editor.host = fakeHost(mender, picture).host;
  document.body.append(editor);
  // As wide as the frame that tests run in.
  await sized(400);
});
afterEach(() => {
  editor.dispose();
  editor.remove();
  vi.restoreAllMocks();
});

function setCloud(cloud: SplatCloud | undefined): void {
  (mender as { cloud: SplatCloud | undefined }).cloud = cloud;
  mender.tell('cloud', { cloud, opened: true });
}
/** Gives the editor a width, and waits until it has laid itself out for it. */
async function sized(width: number): Promise<void> {
  editor.style.width = `${width}px`;
  await expect.poll(() => editor.wide).toBe(width >= 1000);
  await editor.updateComplete;
}
const offer = () => editor.renderRoot.querySelector('splatmend-no-scene');
/** The button that shows, if there is one. */
async function button(): Promise<HTMLButtonElement | undefined> {
  await editor.updateComplete;
  await offer()?.updateComplete;
  const found = offer()?.renderRoot.querySelector('button');
  return found?.checkVisibility() ? found : undefined;
}
const said = () => offer()!.renderRoot.querySelector('p')!.textContent!.replace(/\s+/g, ' ');

test('the button, its key and Ctrl+O ask for a file', async () => {
  const open = (await button())!;
  expect(open.textContent).toContain('Open a file');
  expect(said()).toBe('Drop a file here, or press Ctrl+O.');
  // What the tools would do is no help yet, and may lie over it.
  const options = editor.renderRoot.querySelector('splatmend-tool-options')!;
  expect(options.checkVisibility()).toBe(false);
  const { left, top, width, height } = open.getBoundingClientRect();
  const hit = offer()!.shadowRoot!.elementFromPoint(left + width / 2, top + height / 2);
  expect(hit).toBe(open);
  open.click();
  await expect.poll(() => pick.mock.calls.length).toBe(1);

  // From the picture, the next control is the offer's.
  editor.querySelector('canvas')!.focus();
  await userEvent.tab();
  expect(offer()!.shadowRoot!.activeElement).toBe(open);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => pick.mock.calls.length).toBe(2);
  await userEvent.keyboard('{Control>}o{/Control}');
  await expect.poll(() => pick.mock.calls.length).toBe(3);
});

test('a file that is dropped on it is opened, and a page says that it may be dropped anywhere', async () => {
  const sent: EditorCommand[] = [];
  editor.addEventListener('splatmend-command', (event) => {
    event.preventDefault();
    sent.push(event.detail);
  });
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['ply'], 'room.ply'));
  const init = { dataTransfer, bubbles: true, composed: true, cancelable: true };
  (await button())!.dispatchEvent(new DragEvent('drop', init));
  await expect.poll(() => sent.map(({ name }) => name)).toEqual(['open-files']);

  editor.page = true;
  await button();
  expect(said()).toBe('Drop a file anywhere on the page, or press Ctrl+O.');
});

test('it is gone while a file is read, back when that fails, and gone once there is a scene', async () => {
  expect(await button()).toBeDefined();
  mender.run('open');
  expect(await button()).toBeUndefined();
  mender.run(undefined);
  expect(await button()).toBeDefined();
  setCloud(createSplatCloud(10));
  expect(await button()).toBeUndefined();
  setCloud(undefined);
  expect(await button()).toBeDefined();
});

test('a page can put something of its own in its place, or nothing', async () => {
  const own = document.createElement('p');
  own.slot = 'no-scene';
  own.textContent = 'Loading';
  editor.append(own);
  expect(await button()).toBeUndefined();
  expect(own.checkVisibility()).toBe(true);
  setCloud(createSplatCloud(10));
  await editor.updateComplete;
  expect(own.checkVisibility()).toBe(false);
});

test('without a mender nothing is offered that cannot be done', async () => {
  editor.dispose();
  expect(await button()).toBeUndefined();
});

test.each([1200, 600, 390, 320])('it lies within an editor of %i pixels', async (width) => {
  await sized(width);
  await button();
  const box = offer()!.renderRoot.querySelector('[role=group]')!.getBoundingClientRect();
  const stage = editor.renderRoot.querySelector('.stage')!.getBoundingClientRect();
  expect(box.left).toBeGreaterThanOrEqual(stage.left);
  expect(box.right).toBeLessThanOrEqual(stage.right);
  expect(box.top).toBeGreaterThanOrEqual(stage.top);
  expect(box.bottom).toBeLessThanOrEqual(stage.bottom);
});

test('the selection asks for a scene before an object of it', async () => {
  const panel = document.createElement('splatmend-panel');
  onTestFinished(() => panel.remove());
  mender.selectedCount = 0;
  panel.mender = mender as unknown as Mender;
  document.body.append(panel);
  await panel.updateComplete;
  const selection = panel.renderRoot.querySelector('splatmend-selection')!;
  const text = async () => {
    await selection.updateComplete;
    return selection.renderRoot.textContent;
  };
  expect(await text()).toContain('Open a scene first.');
  setCloud(createSplatCloud(4));
  await expect.poll(text).toContain('Click an object in the picture.');
});
