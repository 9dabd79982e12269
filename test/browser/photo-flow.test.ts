// Accepts: what the photo dialog hands to the mender is the photo, pixel for pixel at its own size (PNG and canvas are exact), its depth as it was
// read, and the options that show; what it says is text; the scene's name, note and first look are told to its page. Images dropped on the scene mean
// what docs/editor.md says. The mender and the target are fakes; images are drawn here, without a seed.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { decodeImage } from '../../plugin/images/decode-image.ts';
import { canvasFrom } from '../../plugin/images/rgb-image.ts';
import type { Mender } from '../../plugin/mender-types.ts';
import { type EditorCommand, sendCommand } from '../../plugin/ui/command.ts';
import type { CommandTarget, OpenedDetail } from '../../plugin/ui/command-target.ts';
import { imageMeaning } from '../../plugin/ui/dropped-image.ts';
import '../../plugin/ui/insert-dialog.ts';
import '../../plugin/ui/photo-dialog.ts';
import '../../plugin/ui/status.ts';
import { pictureView, saveView } from '../../plugin/ui/view-references.ts';
import { jpegWithExif } from '../support/exif.ts';
import { imageFile } from '../support/images.ts';
import { eventually, until } from '../support/patience.ts';
import { camera, FakeMender, fakeHost, floor, HEIGHT, WIDTH } from '../support/remove-flow.ts';

let mender: FakeMender;
let target: CommandTarget;
let notes: string[];
let opened: OpenedDetail[];
let dialog: HTMLElementTagNameMap['splatmend-photo-dialog'];
beforeEach(async () => {
  mender = new FakeMender();
  notes = [];
  opened = [];
  const element = document.createElement('div');
  target = Object.assign(element, {
    mender: mender as unknown as Mender,
    host: fakeHost(mender, element).host,
    fileName: '',
    removeOptions: undefined,
    say: (_kind: string, message: string) => void notes.push(message),
  });
  target.addEventListener('splatmend-opened', (event) => {
    event.preventDefault();
    opened.push(event.detail);
  });
  dialog = document.createElement('splatmend-photo-dialog');
  Object.assign(dialog, { mender: mender as unknown as Mender, target });
  target.append(dialog);
  document.body.append(target);
  await dialog.updateComplete;
});
afterEach(() => target.remove());

const root = () => dialog.shadowRoot!;
const box = () => root().querySelector('dialog')!;
const button = (label: string) =>
  [...root().querySelectorAll('button')].find((b) => b.textContent!.includes(label))!;
const said = () => root().querySelector('.told')!.textContent!;
const field = (label: string) =>
  [...root().querySelectorAll('label')]
    .find((l) => l.textContent!.trim().startsWith(label))!
    .querySelector<HTMLInputElement | HTMLSelectElement>('input, select')!;
const settled = async () => {
  await eventually(() => {
    if (dialog.running) throw new Error('not yet');
  });
  await dialog.updateComplete;
};
/** What was read shows, or was made. */
async function shows(photo: File, beside: Parameters<typeof dialog.open>[1] = {}) {
  await dialog.open(photo, beside);
  await settled();
}
const drawn = (name: string, [width, height] = [120, 80], type = 'image/png') =>
  imageFile(
    name,
    width!,
    height!,
    (context) => {
      context.fillStyle = '#3c78b4';
      context.fillRect(0, 0, width!, height!);
      context.fillStyle = '#c83200';
      context.fillRect(2, 1, 4, 3);
    },
    type,
  );
const depthFile = new File(['x'], 'd.npy');

test('the photo goes out as it is, with its depth and the options that show', async () => {
  const read = vi.fn(mender.depthFile);
  mender.depthFile = read;
  await shows(await drawn('holiday.png'), { depth: depthFile });
  expect(box().open).toBe(true);
  expect(read).toHaveBeenCalledWith('d.npy', { size: { width: 120, height: 80 } });
  expect(said()).toContain('120 × 80 pixels: 9,600\u00a0splats');
  field('Field of view').value = '70';
  field('Field of view').dispatchEvent(new Event('input'));
  field('Layers').value = '1';
  field('Layers').dispatchEvent(new Event('change'));
  await dialog.updateComplete;
  // Enter, wherever one types.
  const key = { key: 'Enter', bubbles: true, composed: true, cancelable: true };
  field('Field of view').dispatchEvent(new KeyboardEvent('keydown', key));
  await settled();
  const [{ photo, options, name }] = mender.photos as [(typeof mender.photos)[0]];
  expect(name).toBe('holiday');
  expect(options).toEqual({ fovDeg: 70, farOverNear: 8, layers: 1 });
  expect(photo.form).toBe('depth');
  expect(photo.depth).toEqual((await read.mock.results[0]!.value).depth);
  expect([photo.rgb.width, photo.rgb.height]).toEqual([120, 80]);
  const pixel = (x: number, y: number) =>
    [0, 1, 2].map((c) => Math.round(255 * photo.rgb.data[3 * (y * 120 + x) + c]!));
  expect([pixel(1, 1), pixel(2, 1), pixel(5, 3), pixel(6, 4)]).toEqual([
    [60, 120, 180],
    [200, 50, 0],
    [200, 50, 0],
    [60, 120, 180],
  ]);
  expect(box().open).toBe(false);
  expect(target.fileName).toBe('holiday');
  expect(opened).toMatchObject([{ fileName: 'holiday', look: { camera, pivotDepth: 3 } }]);
  expect(opened[0]!.scene.report.count).toBe(9612);
  expect(notes.at(-1)).toContain('9,600\u00a0splats of the photo, 12 behind it');
});

test('the angle is what the photo says, until another one is typed or the next photo says none', async () => {
  const plain = await drawn('plain.jpg', [120, 80], 'image/jpeg');
  const bytes = jpegWithExif(new Uint8Array(await plain.arrayBuffer()), {
    focal35: 28,
    size: [6000, 4000],
  });
  const phone = new File([bytes as Uint8Array<ArrayBuffer>], 'phone.jpg', { type: 'image/jpeg' });
  const label = () => field('Field of view').closest('label')!.textContent;
  await shows(phone, { depth: depthFile });
  expect(field('Field of view').value).toBe('65.5');
  expect(label()).toContain('from the photo');
  button('Make the scene').click();
  await settled();
  expect(mender.photos[0]!.options.fovDeg).toBe(65.5);
  await shows(plain, { depth: depthFile });
  expect(field('Field of view').value).toBe('55');
  expect(label()).not.toContain('from the photo');
  field('Field of view').value = '40';
  field('Field of view').dispatchEvent(new Event('input'));
  box().close();
  await settled();
  await shows(plain, { depth: depthFile });
  expect(field('Field of view').value).toBe('40');
  await dialog.updateComplete;
  box().close();
  await settled();
  await shows(phone, { depth: depthFile });
  expect(field('Field of view').value).toBe('65.5');
  field('Field of view').value = '66';
  field('Field of view').dispatchEvent(new Event('input'));
  await dialog.updateComplete;
  expect(label()).not.toContain('from the photo');
});

test('a large photo is made smaller, and says how large; what its depth will not give is told', async () => {
  mender.photoNotes = ['The depth is the same all over.'];
  await shows(await drawn('large.jpg', [2400, 1200], 'image/jpeg'), { depth: depthFile });
  expect(said()).toContain('800 × 400 pixels');
  field('Longer side').value = '480';
  field('Longer side').dispatchEvent(new Event('change'));
  await dialog.updateComplete;
  expect(said()).toContain('480 × 240 pixels: 115,200\u00a0splats');
  button('Make the scene').click();
  await settled();
  expect(mender.photos[0]!.photo.rgb.width).toBe(480);
  expect(notes.at(-1)).toContain('12 behind it. The depth is the same all over. Look a little');
});

test('one splat is one splat', async () => {
  const status = document.createElement('splatmend-status');
  status.mender = mender as unknown as Mender;
  target.append(status);
  for (const [n, text] of [
    [1, '1\u00a0splat'],
    [1200, '1,200\u00a0splats'],
  ] as const) {
    mender.cloud = createSplatCloud(n);
    mender.tell('cloud', { cloud: mender.cloud, opened: true });
    await status.updateComplete;
    expect(status.shadowRoot!.querySelector('span')!.textContent).toBe(text);
  }
  await shows(await drawn('dot.png', [1, 1]));
  expect(said()).toContain('1 × 1 pixels: 1\u00a0splat,');
});

test('depth is the model’s that the panel has, until a file comes', async () => {
  mender.depth = { label: 'depth-anything', ready: async () => Promise.reject(new Error()) };
  await shows(await drawn('a.png'));
  expect(root().querySelector('splatmend-photo-pictures')!.instead).toContain('depth-anything');
  button('Make the scene').click();
  await settled();
  expect(mender.photos[0]!.photo.depth).toBeUndefined();

  const { depth } = await mender.depthFile('', {});
  mender.depthFile = async () => ({ depth, form: 'relative' });
  await shows(await drawn('b.png'), { depth: depthFile });
  expect(field('Its numbers').value).toBe('relative');
  expect(field('Far ÷ near').value).toBe('8');
  button('Make the scene').click();
  await settled();
  expect(mender.photos[1]!.photo.form).toBe('relative');
});

test('a server is asked for in the dialog, and gets the photo', async () => {
  await shows(await drawn('a.png'));
  const ask = () => {
    field('Depth from').value = 'server';
    field('Depth from').dispatchEvent(new Event('change'));
    return until(() => document.querySelector('splatmend-depth-server-dialog'));
  };
  const first = await ask();
  await first.updateComplete;
  first.renderRoot.querySelector('dialog')!.close();
  await settled();
  expect(field('Depth from').value).toBe('file');

  const second = await ask();
  await second.updateComplete;
  const type = (name: string, text: string) => {
    second.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)!.value = text;
  };
  type('address', 'http://127.0.0.1:8000');
  type('model', 'depth-anything');
  second.renderRoot.querySelector<HTMLElement>('button.primary')!.click();
  await settled();
  expect(field('Depth from').value).toBe('model');
  expect(said()).toContain('The photo is sent to http://127.0.0.1:8000 for its depth.');
  expect(mender.depth!.server).toEqual({
    address: 'http://127.0.0.1:8000',
    model: 'depth-anything',
    gives: 'inverse-depth',
  });
  button('Make the scene').click();
  await settled();
  expect(mender.photos[0]!.photo.depth).toBeUndefined();
});

test('what is dropped while another file is read comes after it', async () => {
  const { depth } = await mender.depthFile('', {});
  const asked: string[] = [];
  let finish = () => {};
  mender.depthFile = async (name) => {
    asked.push(name);
    if (asked.length === 1) await new Promise<void>((resolve) => (finish = resolve));
    return { depth, form: asked.length === 1 ? 'depth' : 'relative' };
  };
  const opened = dialog.open(await drawn('a.png'), { depth: depthFile });
  await until(() => asked.length === 1);
  const transfer = new DataTransfer();
  transfer.items.add(new File(['x'], 'second.npy'));
  box().dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(asked.length).toBe(1);
  finish();
  await opened;
  await until(() => asked.length === 2);
  await settled();
  expect(asked[1]).toBe('second.npy');
  expect(field('Its numbers').value).toBe('relative');
});

test('no depth, a bad file and a failure are said, and nothing is lost', async () => {
  await shows(await drawn('<b>a</b>.png'));
  button('Make the scene').click();
  await dialog.updateComplete;
  expect(said()).toContain('There are two ways');
  expect(mender.photos).toEqual([]);
  mender.depthFile = async () => {
    throw new SplatmendError('bad-option', '<i>d.npy</i>: they show different things');
  };
  const drop = new DataTransfer();
  drop.items.add(depthFile);
  box().dispatchEvent(new DragEvent('drop', { dataTransfer: drop, bubbles: true }));
  await eventually(() => expect(said()).toContain('<i>d.npy</i>'));
  expect(root().querySelector('i, b')).toBeNull();
  const caption = root().querySelector('splatmend-photo-pictures')!.shadowRoot!;
  expect(caption.querySelector('figcaption')!.textContent).toBe('<b>a</b>.png');
  await settled();

  // A good one, a bad one, which does not leave the good one's depth to go on with, and a good one again.
  const [good, bad] = [new FakeMender().depthFile, mender.depthFile];
  for (const file of [good, bad, good]) {
    mender.depthFile = file;
    box().dispatchEvent(new DragEvent('drop', { dataTransfer: drop, bubbles: true }));
    await eventually(() => expect(dialog.depth !== undefined).toBe(file === good));
    await settled();
  }
  let stop = (_error: Error) => {};
  mender.photoOnce = () =>
    new Promise((_, reject) => {
      stop = reject;
    });
  button('Make the scene').click();
  await eventually(() => expect(mender.task).toBe('photo'));
  box().dispatchEvent(new DragEvent('drop', { dataTransfer: drop, bubbles: true }));
  await eventually(() => expect(said()).toContain('Wait for it or cancel it'));
  // Escape stops it and leaves the dialog.
  const pressed = new Event('cancel', { cancelable: true });
  box().dispatchEvent(pressed);
  expect(pressed.defaultPrevented).toBe(true);
  expect(mender.cancelled).toBe(1);
  stop(new SplatmendError('cancelled', 'cancelled'));
  await settled();
  expect(box().open).toBe(true);
  expect(root().querySelector('.error')).toBeNull();
  button('Make the scene').click();
  await eventually(() => expect(mender.task).toBe('photo'));
  stop(new SplatmendError('out-of-memory', 'no room'));
  await settled();
  expect(said()).toBe('no room');
  expect(opened).toEqual([]);
  await dialog.open(new File(['x'], 'other.png'));
  expect(dialog.photo!.file.name).toBe('<b>a</b>.png');
});

test('what cannot be read as a photo is said; another can be chosen', async () => {
  await shows(new File([], 'none.jpg'));
  expect(said()).toBe('none.jpg: the file is empty; choose another');
  box().close();
  await settled();
  await shows(new File(['no picture'], 'broken.jpg'));
  expect(said()).toContain('broken.jpg: not an image');
  expect(button('Make the scene').disabled).toBe(true);
  const paste = new DataTransfer();
  paste.items.add(await drawn('good.png'));
  const event = new ClipboardEvent('paste', {
    clipboardData: paste,
    bubbles: true,
    cancelable: true,
  });
  const insert = document.createElement('splatmend-insert-dialog');
  Object.assign(insert, { mender: mender as unknown as Mender, area: window });
  document.body.append(insert);
  await insert.updateComplete;
  document.body.dispatchEvent(event);
  await eventually(() => expect(dialog.photo?.file.name).toBe('good.png'));
  await settled();
  expect(insert.shadowRoot!.querySelector('dialog')!.open).toBe(false);
  insert.remove();
});

test('what may be meant for inserting is asked about', async () => {
  const sent: EditorCommand[] = [];
  document.body.addEventListener('splatmend-command', (event) => sent.push(event.detail), {
    once: true,
  });
  const file = await drawn('a.png');
  await shows(file, { either: true });
  button('Insert into this view').click();
  await eventually(() => expect(sent).toEqual([{ name: 'insert', file }]));
  await eventually(() => expect(dialog.photo).toBeUndefined());
  await shows(file, { either: true });
  button('Make a scene of it').click();
  await dialog.updateComplete;
  expect(button('Make the scene')).toBeDefined();
  box().close();
  await eventually(() => expect(dialog.photo).toBeUndefined());
  await shows(file, { either: true });
  await dialog.updateComplete;
  sendCommand(dialog, { name: 'photo', file });
  expect(dialog.either).toBe(true);
});

test('a dropped image means what it looks like', async () => {
  const meaning = (file: File) => imageMeaning(target, mender as unknown as Mender, file);
  expect(await meaning(await drawn('a.jpg', [120, 80], 'image/jpeg'))).toBe('either');
  expect(await meaning(new File(['x'], 'a.ply'))).toBeUndefined();
  const cut = await imageFile('cut.png', 12, 8, (context) => context.fillRect(2, 2, 4, 4));
  expect(await meaning(cut)).toBe('insert');
  const mask = await imageFile('mask.png', WIDTH, HEIGHT, (context) => {
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = 'white';
    context.fillRect(8, 8, 20, 20);
  });
  expect(await meaning(mask)).toBe('mask');
  // A picture of a view that was saved here comes back edited, whatever it is called by then.
  const edited = await imageFile('renamed.png', WIDTH, HEIGHT, (context) => {
    context.drawImage(canvasFrom(floor()), 0, 0);
    context.fillStyle = 'blue';
    context.fillRect(30, 20, 6, 6);
  });
  expect(await meaning(edited)).toBe('either');
  const view = await pictureView(mender as unknown as Mender);
  await saveView(mender as unknown as Mender, view, 'scene.ply');
  expect(await meaning(edited)).toBe('insert');
  expect(await meaning(await drawn('scene-view.png'))).toBe('insert');
  mender.cloud = undefined as unknown as FakeMender['cloud'];
  expect(await meaning(edited)).toBe('photo');
  await expect(decodeImage(new File(['x'], 'a.png'))).rejects.toMatchObject({ code: 'bad-file' });
});
