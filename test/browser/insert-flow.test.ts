// Accepts: what the insert dialog hands to the mender is what was placed, pixel for pixel where the sizes agree (PNG
// and canvas are exact), with the image's alpha as the mask; an edited picture goes with the camera of the view that
// it was saved from; what cannot be used is said in the dialog, as text. The mender and the host are fakes; images are
// drawn here, without a seed.
import { decode } from 'fast-png';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { countMask, createMask } from '../../core/image.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { decodeImage } from '../../plugin/images/decode-image.ts';
import { likeness } from '../../plugin/images/likeness.ts';
import type { Extension, Insertion, Mender } from '../../plugin/mender-types.ts';
import { type EditorCommand, sendCommand } from '../../plugin/ui/command.ts';
import { performCommands } from '../../plugin/ui/commands.ts';
import '../../plugin/ui/insert-dialog.ts';
import '../../plugin/ui/insertion.ts';
import { looksLikeMask } from '../../plugin/ui/mask-image.ts';
import { imageFile } from '../support/images.ts';
import { eventually } from '../support/patience.ts';
import { camera, FakeMender, floor, HEIGHT, WIDTH } from '../support/remove-flow.ts';

let mender: FakeMender;
let dialog: HTMLElementTagNameMap['splatmend-insert-dialog'];
beforeEach(async () => {
  mender = new FakeMender();
  dialog = document.createElement('splatmend-insert-dialog');
  Object.assign(dialog, { mender: mender as unknown as Mender, area: window, fileName: 'a.ply' });
  document.body.append(dialog);
  await dialog.updateComplete;
});
afterEach(() => dialog.remove());

const root = () => dialog.shadowRoot!;
const box = () => root().querySelector('dialog')!;
const button = (label: string) =>
  [...root().querySelectorAll('button')].find((b) => b.textContent!.includes(label))!;
const said = () => root().querySelector('.told')!.textContent!;
const stage = () => root().querySelector('splatmend-image-placement')!;

async function opened(): Promise<void> {
  await dialog.open();
  await dialog.updateComplete;
}
/** Pastes as the browser would with this on the clipboard. */
async function paste(file: File): Promise<void> {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(file);
  document.body.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
  );
  await eventually(() => {
    if (!dialog.given && dialog.failure === undefined) throw new Error('not read yet');
  });
  await dialog.updateComplete;
}
const red = (width = 12, height = 8) =>
  imageFile('red.png', width, height, (context) => {
    context.fillStyle = '#c80000';
    context.fillRect(2, 1, width - 4, height - 2);
  });
/** The floor's picture with a blue square in it. */
const edited = (name: string, type = 'image/png', factor = 1) =>
  imageFile(
    name,
    WIDTH * factor,
    HEIGHT * factor,
    (context) => {
      const { data } = floor();
      const pixels = context.createImageData(WIDTH, HEIGHT);
      for (let i = 0; i < WIDTH * HEIGHT; i++) {
        for (let c = 0; c < 3; c++) pixels.data[i * 4 + c] = Math.round(data[i * 3 + c]! * 255);
        pixels.data[i * 4 + 3] = 255;
      }
      const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
      canvas.getContext('2d')!.putImageData(pixels, 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(canvas, 0, 0, WIDTH * factor, HEIGHT * factor);
      context.fillStyle = '#0000ff';
      context.fillRect(30 * factor, 20 * factor, 6 * factor, 6 * factor);
    },
    type,
  );
const insertNow = async (press = () => button('Insert').click()) => {
  press();
  await eventually(() => {
    if (mender.task !== undefined || mender.inserted.length === 0) throw new Error('not yet');
  });
  await dialog.updateComplete;
  return mender.inserted.at(-1)!;
};

test('a pasted image opens the dialog, is placed and inserted by keys, and goes out with its alpha as the mask', async () => {
  const clipboard = red();
  await paste(await clipboard);
  expect(box().open).toBe(true);
  expect(dialog.given).toMatchObject({ kind: 'placed', name: 'red.png' });
  // Its rim is cut off: 8 × 6 pixels are there, in the middle of 64 × 40.
  expect(stage().placement).toEqual({ x: 32, y: 20, scale: 1 });
  const keys = ['ArrowRight', 'ArrowRight', 'ArrowDown'];
  const picture = stage().shadowRoot!.querySelector('.picture')!;
  expect(stage().shadowRoot!.activeElement).toBe(picture);
  const press = (key: string) =>
    picture.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
  keys.forEach(press);
  await dialog.updateComplete;
  const { reference, options } = await insertNow(() => press('Enter'));
  expect(box().open).toBe(false);
  expect(options).toEqual({ attach: 'auto' });
  expect(reference.camera).toBe(camera);
  const mask = createMask(WIDTH, HEIGHT);
  for (let y = 18; y < 24; y++) mask.data.fill(1, y * WIDTH + 30, y * WIDTH + 38);
  expect(reference.mask).toEqual(mask);
  const before = floor();
  for (let i = 0; i < mask.data.length; i++) {
    for (let c = 0; c < 3; c++) {
      const wanted = mask.data[i] ? [200 / 255, 0, 0][c]! : before.data[i * 3 + c]!;
      expect(Math.abs(reference.edited.data[i * 3 + c]! - wanted)).toBeLessThan(0.51 / 255);
    }
  }
});

test('wheel and corners change its size about what is held, a drag moves it', async () => {
  await opened();
  await paste(await red(20, 20));
  const inner = stage().shadowRoot!;
  const placed = inner.querySelector<HTMLElement>('.placed')!;
  const first = stage().placement!;
  placed.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, cancelable: true }));
  expect(stage().placement).toEqual({ ...first, scale: first.scale * 1.05 });
  await dialog.updateComplete;
  await stage().updateComplete;
  const picture = inner.querySelector('.picture')!.getBoundingClientRect();
  const perPx = picture.width / WIDTH;
  placed.setPointerCapture = () => undefined;
  const pointer = (type: string, on: Element, x: number, y: number) =>
    on.dispatchEvent(
      new PointerEvent(type, {
        clientX: picture.left + x * perPx,
        clientY: picture.top + y * perPx,
        bubbles: true,
        pointerId: 7,
      }),
    );
  pointer('pointerdown', placed, 32, 20);
  pointer('pointermove', placed, 36, 17);
  placed.dispatchEvent(new PointerEvent('lostpointercapture'));
  expect(stage().placement!.x).toBeCloseTo(36, 6);
  expect(stage().placement!.y).toBeCloseTo(17, 6);
  await stage().updateComplete;
  const { x, y, scale } = stage().placement!;
  // What is there of it is 16 × 18.
  const [halfX, halfY] = [8 * scale, 9 * scale];
  pointer('pointerdown', inner.querySelector('.se')!, x + halfX, y + halfY);
  pointer('pointermove', placed, x + 3 * halfX, y + 3 * halfY);
  // The corner across stays: twice the size.
  expect(stage().placement!.scale).toBeCloseTo(2 * scale, 6);
  expect(stage().placement!.x - 2 * halfX).toBeCloseTo(x - halfX, 6);
});

test('a see-through image goes with its alpha; a soft rim alone does not make one', async () => {
  const soft = (middle: string) =>
    imageFile('soft.png', 12, 8, (context) => {
      context.fillStyle = 'rgb(0 0 0 / 0.4)';
      context.fillRect(0, 0, 12, 8);
      context.fillStyle = middle;
      context.fillRect(1, 1, 10, 6);
    });
  await opened();
  await paste(await soft('transparent'));
  const stain = (await insertNow()).reference;
  const middle = 20 * WIDTH + 32;
  expect(countMask(stain.mask!)).toBe(12 * 8);
  expect(stain.alpha!.data[middle]).toBeCloseTo(0.4, 2);
  expect([stain.alpha!.data[0], stain.edited.data[middle * 3]]).toEqual([1, 0]);
  await opened();
  await paste(await soft('#c80000'));
  const solid = (await insertNow()).reference;
  expect(solid.alpha).toBeUndefined();
  expect(countMask(solid.mask!)).toBe(10 * 6);
});

test('an edited picture goes in where it was saved from, by its name or by its looks', async () => {
  const names: string[] = [];
  const blobs: Blob[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  const make = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return 'blob:none';
  });
  await opened();
  button('Save picture').click();
  await eventually(() => {
    if (names.length === 0) throw new Error('not saved yet');
  });
  click.mockRestore();
  make.mockRestore();
  expect(names).toEqual(['a-view.png']);
  const saved = decode(new Uint8Array(await blobs[0]!.arrayBuffer()));
  expect([saved.width, saved.height]).toEqual([WIDTH, HEIGHT]);
  for (const [i, v] of floor().data.entries()) {
    const at = Math.floor(i / 3) * saved.channels + (i % 3);
    expect(Math.abs(saved.data[at]! - 255 * v)).toBeLessThan(0.51);
  }
  await dialog.updateComplete;
  expect(said()).toContain('Saved a-view.png');
  box().close();

  // Looked at from elsewhere since: another picture, another camera.
  const other = { ...camera, fx: 61 };
  mender.takeReference = async () => ({ camera: other, rgb: floor([1, 1, 0]) });
  await opened();
  await paste(await edited('a-view edited.jpg', 'image/jpeg', 4));
  expect(dialog.given).toMatchObject({ kind: 'edited' });
  expect(said()).toContain('the view saved as a-view.png');
  const byName = await insertNow();
  expect(byName.reference.camera).toBe(camera);
  expect(byName.reference.mask).toBeUndefined();
  expect([byName.reference.edited.width, byName.reference.edited.height]).toEqual([256, 160]);
  const at = (22 * 4 * 256 + 32 * 4) * 3;
  expect(byName.reference.edited.data[at + 2]).toBeGreaterThan(0.9);

  await opened();
  await paste(await edited('export.png'));
  expect((await insertNow()).reference.camera).toBe(camera);

  // The user may know better.
  await opened();
  await paste(await edited('export.png'));
  root().querySelector<HTMLInputElement>('input[type=radio]')!.click();
  await dialog.updateComplete;
  const placed = await insertNow();
  expect(placed.reference.camera).toBe(other);
  expect(countMask(placed.reference.mask!)).toBeGreaterThan(100);
});

test('what cannot be used is said, as text, and a failure keeps what was placed', async () => {
  await opened();
  const name = '<img src=x onerror="window.hacked=1">.png';
  await paste(new File(['no image'], name, { type: 'image/png' }));
  expect(said()).toContain(name);
  expect(root().querySelector('img')).toBeNull();
  expect(button('Insert').disabled).toBe(true);
  await paste(
    new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'a.svg', { type: 'image/svg+xml' }),
  );
  expect(said()).toContain('not an image');
  dialog.failure = undefined;
  await paste(await imageFile('clear.png', 9, 9, () => undefined));
  expect(said()).toContain('transparent');
  dialog.failure = undefined;

  await paste(await red());
  mender.insertOnce = async () => {
    throw new SplatmendError('camera-sees-nothing', 'insert: nothing changed');
  };
  await insertNow();
  expect(said()).toContain('nothing changed');
  expect([box().open, dialog.given?.name]).toEqual([true, 'red.png']);
  // Escape stops what runs, and only then the dialog.
  mender.insertOnce = () => new Promise(() => undefined);
  button('Insert').click();
  await dialog.updateComplete;
  const stopped = new Event('cancel', { cancelable: true });
  box().dispatchEvent(stopped);
  expect([stopped.defaultPrevented, mender.cancelled, box().open]).toEqual([true, 1, true]);
});

/** A PNG's chunk checksum. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

test('an image that comes while something runs or waits is refused in words', async () => {
  const notes: string[] = [];
  const target = Object.assign(document.createElement('div'), {
    mender: mender as unknown as Mender,
    host: undefined,
    fileName: '',
    removeOptions: undefined,
    say: (_kind: string, message: string) => void notes.push(message),
  });
  document.body.append(target);
  target.append(dialog);
  performCommands(target);
  const file = await red();
  const clipboardData = new DataTransfer();
  clipboardData.items.add(file);
  const pasted = () =>
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  const waits = [
    () => mender.run('extend'),
    () => {
      mender.run(undefined);
      mender.extension = {} as Extension;
    },
    () => {
      mender.extension = undefined;
      mender.cloud = createSplatCloud(0);
    },
  ];
  const expected = [
    'Something is running. Wait for it or cancel it, then paste again.',
    'Keep or discard what waits, then paste again.',
    'There is no scene to insert it into. Open one first.',
  ];
  for (const wait of waits) {
    wait();
    // Taken: nobody else is to make something of it.
    expect(pasted()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve));
  }
  expect(notes).toEqual(expected);
  expect(box().open).toBe(false);

  mender.cloud = createSplatCloud(10);
  mender.extension = {} as Extension;
  const mask = await imageFile('mask.json', 1, 1, () => undefined);
  for (const dropped of [file, mask]) {
    sendCommand(target, { name: 'open-files', files: [dropped] });
    await eventually(() => expect(notes.length).toBeGreaterThan(3));
    expect(notes.splice(3)).toEqual([
      expect.stringMatching(/^Keep or discard what waits, then (open|drop) again\.$/),
    ]);
  }
  target.remove();
});

test('an image that comes while the view is taken is placed once it is', async () => {
  let take = () => {};
  const taken = new Promise<void>((resolve) => {
    take = resolve;
  });
  const { takeReference } = mender;
  mender.takeReference = () => taken.then(() => takeReference());
  const open = dialog.open();
  const clipboardData = new DataTransfer();
  clipboardData.items.add(await red());
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  take();
  await open;
  expect(dialog.given?.name).toBe('red.png');
});

test('images are bounded before they are decoded, and drawn at the size asked for', async () => {
  const small = await decodeImage(await red(1200, 300), 400);
  expect([small.width, small.height]).toEqual([400, 100]);
  // A header that claims 20,000 × 20,000 pixels, over a few pixels' data.
  const bytes = new Uint8Array(await (await red()).arrayBuffer());
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 20_000);
  view.setUint32(20, 20_000);
  view.setUint32(29, crc32(bytes.subarray(12, 29)));
  const failed = await decodeImage(new File([bytes], 'huge.png')).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'too-large' });
});

test('a dropped picture is a mask where it is black and white, of the view’s shape', async () => {
  const view = { width: 64, height: 40 };
  const of = async (paint: (c: OffscreenCanvasRenderingContext2D) => void, width = 64) =>
    looksLikeMask(await decodeImage(await imageFile('m.png', width, 40, paint)), view);
  const black = (c: OffscreenCanvasRenderingContext2D) => {
    c.fillRect(0, 0, 64, 40);
    c.fillStyle = '#fff';
    c.arc(30, 20, 9, 0, 7);
    c.fill();
  };
  expect(await of(black)).toBe(true);
  expect(await of(black, 40)).toBe(false);
  expect(await of((c) => c.fillRect(3, 3, 9, 9))).toBe(false);
  const blue = (c: OffscreenCanvasRenderingContext2D) => {
    c.fillStyle = '#00f';
    c.fillRect(0, 0, 64, 40);
  };
  expect(await of(blue)).toBe(false);
  const picture = await decodeImage(await edited('e.png'));
  expect(
    likeness(picture, await decodeImage(await edited('e.jpg', 'image/jpeg', 5))),
  ).toBeGreaterThan(0.9);
  const all = await decodeImage(await imageFile('b.png', 64, 40, blue));
  expect(likeness(picture, all)).toBeLessThan(0.05);
});

test('the waiting insertion: the slider asks for what it is pulled to, the choice runs it again', async () => {
  const commands: EditorCommand[] = [];
  const panel = document.createElement('splatmend-insertion');
  Object.assign(panel, { mender: mender as unknown as Mender, slider: false });
  document.body.append(panel);
  panel.addEventListener('splatmend-command', (event) => commands.push(event.detail));
  const patch = { removed: new Uint32Array(), added: createSplatCloud(10) };
  const figures = {
    attach: 'standing' as const,
    added: 10,
    changed: 0.123,
    shift: [0, 0] as [number, number],
    depth: 2,
    seconds: { lift: 1.5 },
    notes: ['Stands on the floor.'],
  };
  mender.insertion = {
    reference: { camera, edited: floor() },
    options: {},
    result: { patch, figures, mask: createMask(4, 3), backend: 'cpu' },
    distance: 1,
    patch,
  } satisfies Insertion;
  mender.tell('proposal', { result: undefined, insertion: mender.insertion });
  await panel.updateComplete;
  const inner = panel.shadowRoot!;
  const text = inner.textContent!.replace(/\s+/g, ' ');
  expect(text).toContain('Stands on the floor.');
  expect(text).toContain('Added 10 splats for 12 % of the picture in 1.5 s.');
  expect(text).toContain('Automatic (standing)');
  const slider = inner.querySelector<HTMLInputElement>('input[type=range]')!;
  slider.value = '-1';
  slider.dispatchEvent(new Event('input'));
  await panel.updateComplete;
  // It stays where it is held until the picture has followed.
  expect([slider.value, inner.querySelector('output')!.textContent]).toEqual(['-1', '0.50\u00a0×']);
  const choice = inner.querySelector('select')!;
  choice.value = 'surface';
  choice.dispatchEvent(new Event('change'));
  expect(commands).toEqual([
    { name: 'move-inserted', distance: 0.5 },
    { name: 'insert-again', attach: 'surface' },
  ]);
  panel.remove();
});

test('a command for another mender leaves the dialog closed', async () => {
  sendCommand(document.body, { name: 'insert' });
  expect(box().open).toBe(false);
  mender.insertion = {} as Insertion;
  await dialog.open();
  expect(box().open).toBe(false);
});
