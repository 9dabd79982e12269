// Accepts: the dialog asks for what the choices say, in the mender's own filler's terms, and leaves alone what is another mender's or
// names its path already; what waits says its figures and sends what its buttons say. The mender only remembers.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExtendResult } from '../../core/extend-types.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { BUILT_IN_FILLER, createServerFiller, type Filler } from '../../plugin/filler.ts';
import type { MendHost } from '../../plugin/host.ts';
import type { Extension, Mender } from '../../plugin/mender-types.ts';
import { type EditorCommand, sendCommand } from '../../plugin/ui/command.ts';
import '../../plugin/ui/extend-dialog.ts';
import '../../plugin/ui/extension.ts';
import { eventually } from '../support/patience.ts';
import { camera, FakeMender, fakeHost } from '../support/remove-flow.ts';

let mender: FakeMender & { filler: Filler };
let dialog: HTMLElementTagNameMap['splatmend-extend-dialog'];
let commands: EditorCommand[];
beforeEach(async () => {
  mender = Object.assign(new FakeMender(), { filler: BUILT_IN_FILLER });
  dialog = document.createElement('splatmend-extend-dialog');
  Object.assign(dialog, { mender: mender as unknown as Mender });
  document.body.append(dialog);
  await dialog.updateComplete;
  commands = [];
  dialog.addEventListener('splatmend-command', (event) => commands.push(event.detail));
});
afterEach(() => dialog.remove());

const root = () => dialog.shadowRoot!;
const box = () => root().querySelector('dialog')!;
const field = (name: string) => root().querySelector<HTMLInputElement>(`[name=${name}]`);
const ways = () => [...root().querySelectorAll<HTMLInputElement>('[name=where]')];
async function choose(at: number): Promise<void> {
  ways()[at]!.click();
  await dialog.updateComplete;
}
function extend(): EditorCommand | undefined {
  root().querySelector<HTMLElement>('button.primary')!.click();
  return commands.at(-1);
}

test('each choice is a path with its options; what was chosen is kept', async () => {
  dialog.open();
  expect(root().activeElement).toBe(ways()[0]);
  expect(extend()).toEqual({ name: 'extend', path: { kind: 'view' }, options: { sky: 'fill' } });
  expect(box().open).toBe(false);
  dialog.open();
  await choose(1);
  field('angle')!.value = '12';
  field('sky')!.checked = true;
  const options = { angleDeg: 12, sky: 'leave' };
  expect(extend()).toEqual({ name: 'extend', path: { kind: 'orbit' }, options });
  dialog.open();
  expect([ways()[1]!.checked, field('angle')!.value, field('sky')!.checked]).toEqual([
    true,
    '12',
    true,
  ]);
  await choose(2);
  expect(extend()).toMatchObject({ path: { kind: 'ring' }, options: { sky: 'leave' } });
});

test('an angle that is none is asked for again; a click or a number chooses the orbit, passing through by Tab does not', async () => {
  dialog.open();
  field('angle')!.focus();
  await dialog.updateComplete;
  expect(ways()[0]!.checked).toBe(true);
  field('angle')!.click();
  await dialog.updateComplete;
  expect(ways()[1]!.checked).toBe(true);
  await choose(0);
  field('angle')!.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await dialog.updateComplete;
  expect(ways()[1]!.checked).toBe(true);
  for (const wrong of ['', '700', '-3']) {
    field('angle')!.value = wrong;
    extend();
    expect([box().open, commands.length]).toEqual([true, 0]);
  }
  // It is no matter where the camera does not orbit.
  await choose(0);
  expect(extend()).toMatchObject({ path: { kind: 'view' } });
});

test('words are asked for where the filler takes them; where pictures go is said', async () => {
  dialog.open();
  expect([field('prompt'), root().textContent]).toEqual([
    null,
    expect.stringContaining('Built-in'),
  ]);
  mender.filler = createServerFiller({ kind: 'iopaint', address: 'http://here:8080' });
  mender.tell('filler', { filler: mender.filler, depth: undefined });
  await dialog.updateComplete;
  expect(root().textContent).toContain('sent to http://here:8080');
  field('prompt')!.value = '  a brick wall ';
  expect(extend()).toMatchObject({ options: { prompt: 'a brick wall' } });
  dialog.open();
  field('prompt')!.value = ' ';
  expect(Reflect.get(extend()!, 'options')).not.toHaveProperty('prompt');
});

test('opens for its own mender’s plain command alone, and not while something runs or waits', () => {
  sendCommand(document.body, { name: 'extend' });
  expect(box().open).toBe(false);
  sendCommand(dialog, { name: 'extend', path: { kind: 'ring' } });
  expect(box().open).toBe(false);
  sendCommand(dialog, { name: 'extend' });
  expect(box().open).toBe(true);
  mender.run('open');
  expect(box().open).toBe(false);
  dialog.open();
  expect(box().open).toBe(false);
});

/** An extension that filled this share. */
const resultOf = (coverage: number): ExtendResult => ({
  patch: { removed: new Uint32Array(), added: createSplatCloud(10) },
  views: [{ camera, open: 0.4, filled: coverage, left: 0.2, first: 0, count: 10 }],
  figures: {
    ...{ added: 10, coverage, seamDepth: 0.001, seamDepth90: 0.004, seamColour: 0.004 },
    up: [0, -1, 0],
    planes: { seen: 2, closing: 3 },
    sky: true,
    seconds: { lift: 1.5 },
    notes: ['Filled 90 % of what was open in the view.'],
  },
  backend: 'cpu',
});
/** These wait, the last of them shows. */
function wait(results: readonly ExtendResult[]): void {
  const candidates = results.map((result, k) => ({ label: `Seed ${k + 1}`, options: {}, result }));
  const chosen = results.length - 1;
  const path = { kind: 'view' } as const;
  const waiting: Extension = { camera, path, ...candidates[chosen]!, candidates, chosen };
  mender.extension = waiting;
  mender.chosen = chosen;
  mender.tell('proposal', { result: undefined, extension: waiting });
}
async function showPanel(host?: MendHost) {
  const panel = document.createElement('splatmend-extension');
  Object.assign(panel, { mender: mender as unknown as Mender, host, slider: false });
  document.body.append(panel);
  await panel.updateComplete;
  panel.addEventListener('splatmend-command', (event) => commands.push(event.detail));
  return panel;
}

test('what waits says what was done and whether to trust it', async () => {
  wait([resultOf(0.9)]);
  const panel = await showPanel();
  const inner = panel.shadowRoot!;
  const text = inner.textContent!.replace(/\s+/g, ' ');
  for (const part of [
    'Filled 90 % of what was open in the view.',
    '20 % of the picture stays empty: sky',
    'Added 10 splats in 1.5 s; what was there stays as it is.',
    'Look closely: gaps stay',
    'Good: it meets the scene',
  ]) {
    expect(text).toContain(part);
  }
  for (const label of ['Slider', 'Try another', 'Keep', 'Discard']) {
    [...inner.querySelectorAll('button')].find((b) => b.textContent!.includes(label))!.click();
  }
  expect(commands.map(({ name }) => name)).toEqual([
    'compare-slider',
    'add-candidate',
    'accept',
    'discard',
  ]);
  panel.remove();
});

test('candidates stand side by side as the view showed them, and are chosen among', async () => {
  const fake = fakeHost(mender, document.createElement('div'));
  const panel = await showPanel(fake.host);
  const inside = () => panel.shadowRoot!.querySelector('splatmend-candidates')!.shadowRoot!;
  const results = [resultOf(0.9), resultOf(0.95)];
  wait(results.slice(0, 1));
  await eventually(() => expect(fake.state.captures).toBe(1));
  await panel.updateComplete;
  expect(inside().querySelectorAll('[role=radio]')).toHaveLength(0);
  wait(results);
  const middle = (canvas: HTMLCanvasElement) => [
    ...canvas.getContext('2d')!.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data,
  ];
  await eventually(() => {
    // The host's green tells which of them it showed.
    expect([...inside().querySelectorAll('canvas')].map(middle)).toEqual([
      [0, 100, 0, 255],
      [0, 101, 0, 255],
    ]);
  });
  const radios = [...inside().querySelectorAll<HTMLElement>('[role=radio]')];
  expect(radios.map((r) => [r.ariaChecked, r.ariaLabel?.replace('\u00a0', ' ')])).toEqual([
    ['false', 'Seed 1, filled 90 %'],
    ['true', 'Seed 2, filled 95 %'],
  ]);
  radios[0]!.click();
  expect(commands).toEqual([{ name: 'choose', index: 0 }]);
  panel.remove();
});
