// Accepts: the panels of a waiting removal show what the mender has and ask for exactly what the user did; the
// slider leaves the mender on the right side, whatever happens meanwhile; what is painted is what is sent. The
// mender and the host are fakes whose picture is of one colour a side (read back exactly); mouse events are the
// browser's own. Pictures are generated, without a seed.
import { decode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { SplatmendError } from '../../core/errors.ts';
import { countMask } from '../../core/image.ts';
import type { HolePreview } from '../../core/remove-types.ts';
import type { Mender } from '../../plugin/mender-types.ts';
import { type EditorCommand, sendCommand } from '../../plugin/ui/command.ts';
import '../../plugin/ui/compare-slider.ts';
import '../../plugin/ui/mask-dialog.ts';
import '../../plugin/ui/mask-first.ts';
import '../../plugin/ui/proposal.ts';
import '../../plugin/ui/views.ts';
import { eventually } from '../support/patience.ts';
import { discMask, FakeMender, fakeHost, HEIGHT, removal, WIDTH } from '../support/remove-flow.ts';

const STAGE = { left: 40, top: 30, width: 480, height: 300 };
const asMender = (m: FakeMender) => m as unknown as Mender;

let mender: FakeMender;
let stage: HTMLElement;
let fake: ReturnType<typeof fakeHost>;
let commands: EditorCommand[];
const note = (event: Event) => {
  if (!event.defaultPrevented) commands.push((event as CustomEvent<EditorCommand>).detail);
};

beforeEach(() => {
  stage = document.createElement('div');
  stage.style.cssText = `position:fixed;left:${STAGE.left}px;top:${STAGE.top}px;width:${STAGE.width}px;height:${STAGE.height}px;background:#345;`;
  document.body.append(stage);
  mender = new FakeMender();
  fake = fakeHost(mender, stage);
  commands = [];
});
afterEach(() => {
  stage.remove();
  window.removeEventListener('splatmend-command', note);
  localStorage.clear();
  expect(fake.listeners.size).toBe(0);
});

async function mount<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: object,
): Promise<HTMLElementTagNameMap[K]> {
  const element = Object.assign(document.createElement(tag), props);
  stage.append(element);
  // After the element's own listeners at the window: it sees what they left.
  window.addEventListener('splatmend-command', note);
  await settled(element);
  return element;
}
async function settled(element: HTMLElement): Promise<void> {
  await (element as HTMLElement & { updateComplete?: Promise<unknown> }).updateComplete;
}
const all = (root: Element, selector: string) => [
  ...root.shadowRoot!.querySelectorAll<HTMLElement>(selector),
];
const one = (root: Element, selector: string) => all(root, selector)[0]!;
const button = (root: Element, label: string) =>
  all(root, 'button').find((b) => b.textContent!.includes(label) || b.ariaLabel === label)!;
const plain = (element: Element) => element.textContent!.replace(/\s+/g, ' ').trim();
const press = (on: Element, key: string, more: KeyboardEventInit = {}) =>
  on.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more }),
  );
const middle = (canvas: Element) => {
  const { width, height } = canvas as HTMLCanvasElement;
  const context = (canvas as HTMLCanvasElement).getContext('2d')!;
  return [...context.getImageData(width >> 1, height >> 1, 1, 1).data];
};
async function mouse(type: string, clientX: number, clientY: number): Promise<void> {
  // Tests run in a frame that may be scaled.
  const frame = window.frameElement?.getBoundingClientRect();
  const scale = frame ? frame.width / innerWidth : 1;
  const x = (frame?.left ?? 0) + clientX * scale;
  const y = (frame?.top ?? 0) + clientY * scale;
  const session = cdp() as unknown as { send(name: string, params: object): Promise<unknown> };
  const down = type !== 'mouseReleased';
  await session.send('Input.dispatchMouseEvent', {
    type,
    x,
    y,
    button: 'left',
    buttons: down ? 1 : 0,
    clickCount: 1,
  });
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('proposal', () => {
  test('says what was done and how far to trust it, and asks for what is pressed', async () => {
    const proposal = await mount('splatmend-proposal', { mender, host: fake.host, slider: false });
    expect(plain(proposal.shadowRoot as unknown as Element)).toBe('');
    mender.propose(removal({ seamPx: 3.2 }));
    await settled(proposal);
    const text = plain(one(proposal, 'section'));
    expect(text).toContain('Filled 98 % of the hole from 2 views');
    expect(text).toContain('Good: the hole is closed');
    expect(text).toContain('3.2 px (0.4 % of depth, 90 % under 0.4 %) Look closely');
    for (const label of [
      'Try another',
      'Lift its shadow',
      'Correct the mask',
      'Slider',
      'Discard',
      'Keep',
    ]) {
      button(proposal, label).click();
    }
    const hold = button(proposal, 'Hold for before');
    press(hold, ' ');
    hold.dispatchEvent(new KeyboardEvent('keyup', { key: ' ' }));
    expect(commands).toEqual([
      { name: 'add-candidate' },
      { name: 'add-candidate', liftShadow: true },
      { name: 'correct-mask' },
      { name: 'compare-slider' },
      { name: 'discard' },
      { name: 'accept' },
      { name: 'compare', before: true },
      { name: 'compare', before: false },
    ]);
    mender.run('remove');
    await settled(proposal);
    expect((button(proposal, 'Keep') as HTMLButtonElement).disabled).toBe(true);
    proposal.remove();
  });

  test('candidates show what the host showed of them, and are a radio group', async () => {
    const panel = await mount('splatmend-candidates', { mender, host: fake.host });
    const first = removal();
    mender.propose(first);
    await eventually(() => expect(fake.state.captures).toBe(1));
    await pause(50);
    expect(all(panel, 'button')).toEqual([]);
    mender.propose(first, removal({ coverage: 0.9 }));
    await eventually(() => {
      expect(all(panel, 'canvas').map(middle)).toEqual([
        [0, 100, 0, 255],
        [0, 101, 0, 255],
      ]);
    });
    const radios = all(panel, '[role=radio]');
    expect(radios.map((r) => [r.ariaChecked, r.tabIndex])).toEqual([
      ['false', -1],
      ['true', 0],
    ]);
    press(radios[1]!, 'ArrowRight');
    press(radios[1]!, 'ArrowLeft');
    radios[0]!.click();
    expect(commands).toEqual([0, 0, 0].map((index) => ({ name: 'choose', index })));
    panel.remove();
  });

  test('a picture that another candidate overtook is not taken for the first', async () => {
    const panel = await mount('splatmend-candidates', { mender, host: fake.host });
    let release = () => {};
    fake.state.beforeCapture = () => new Promise((resolve) => (release = resolve));
    const [a, b] = [removal(), removal()];
    mender.propose(a, b);
    await eventually(() => expect(fake.state.captures).toBe(1));
    mender.show(0);
    fake.state.beforeCapture = undefined;
    release();
    await eventually(() => expect(middle(all(panel, 'canvas')[0]!)).toEqual([0, 100, 0, 255]));
    // The second has no picture of its own yet: its fill shows.
    expect(middle(all(panel, 'canvas')[1]!)).toEqual([153, 128, 102, 255]);
    panel.remove();
  });
});

describe('slider', () => {
  const canvas = (slider: Element) => one(slider, 'canvas');
  const shown = (slider: HTMLElement) =>
    eventually(() => expect(one(slider, '.divider').ariaBusy).toBe('false'));

  test('shows before left of the divider, and takes it anew when the view is still', async () => {
    mender.propose(removal());
    const slider = await mount('splatmend-compare-slider', { mender, host: fake.host });
    await pause(350);
    expect([fake.state.captures, all(slider, '*').length]).toEqual([0, 0]);
    slider.active = true;
    await shown(slider);
    expect(mender.showsBefore).toBe(false);
    expect(middle(canvas(slider))).toEqual([200, 0, 0, 255]);
    expect(canvas(slider).style.clipPath).toBe('inset(0px 50% 0px 0px)');
    const captures = fake.state.captures;
    for (let i = 0; i < 6; i++) {
      fake.moveView();
      await pause(60);
      expect(canvas(slider).hidden).toBe(true);
    }
    expect(fake.state.captures).toBe(captures);
    await shown(slider);
    expect(canvas(slider).hidden).toBe(false);
    mender.candidates = [];
    mender.show(0);
    await settled(slider);
    expect(all(slider, '.box')).toEqual([]);
    slider.remove();
  });

  test('the divider moves by mouse and keys, within the picture', async () => {
    mender.propose(removal());
    const slider = await mount('splatmend-compare-slider', {
      mender,
      host: fake.host,
      active: true,
    });
    const value = async () => {
      await settled(slider);
      return Number(one(slider, '.divider').ariaValueNow);
    };
    await mouse('mousePressed', STAGE.left + 240, STAGE.top + 60);
    await mouse('mouseMoved', STAGE.left + 120, STAGE.top + 90);
    expect(await value()).toBe(25);
    await mouse('mouseMoved', STAGE.left - 30, STAGE.top + 90);
    expect(await value()).toBe(0);
    await mouse('mouseMoved', STAGE.left + 240, STAGE.top + 90);
    await mouse('mouseReleased', STAGE.left + 240, STAGE.top + 90);
    await mouse('mouseMoved', STAGE.left + 400, STAGE.top + 90);
    const divider = one(slider, '.divider');
    press(divider, 'ArrowRight');
    expect(await value()).toBe(52);
    press(divider, 'ArrowLeft', { shiftKey: true });
    expect(await value()).toBe(42);
    press(divider, 'End');
    press(divider, 'ArrowRight');
    expect(await value()).toBe(100);
    slider.remove();
  });

  test('the mender ends on the right side: a move, a job, a discard or a removal meanwhile', async () => {
    const slider = await mount('splatmend-compare-slider', { mender, host: fake.host });
    const whileBefore = async (happens: () => void) => {
      mender.propose(removal());
      let done = false;
      fake.state.beforeCapture = async () => {
        if (!mender.showsBefore || done) return;
        done = true;
        happens();
      };
      slider.active = true;
      await eventually(() => expect(done).toBe(true));
    };
    await whileBefore(() => fake.moveView());
    await eventually(() => expect(mender.showsBefore).toBe(false));
    await shown(slider);

    slider.active = false;
    await whileBefore(() => mender.run('remove'));
    await pause(50);
    expect(mender.showsBefore).toBe(true);
    mender.run(undefined);
    await eventually(() => expect(mender.showsBefore).toBe(false));

    slider.active = false;
    await whileBefore(() => {
      mender.candidates = [];
      mender.show(0);
    });
    await pause(400);
    expect(all(slider, '.box')).toEqual([]);

    slider.active = false;
    await whileBefore(() => slider.remove());
    await eventually(() => expect(mender.showsBefore).toBe(false));
  });

  test('who holds "before" is not disturbed', async () => {
    const slider = await mount('splatmend-compare-slider', {
      mender,
      host: fake.host,
      active: true,
    });
    mender.propose(removal());
    await shown(slider);
    await mender.compare(true);
    await pause(400);
    expect([mender.showsBefore, canvas(slider).hidden]).toEqual([true, true]);
    await mender.compare(false);
    await shown(slider);
    slider.remove();
  });
});

describe('views', () => {
  test('tabs and steps; depth is read to the pixel by keys', async () => {
    mender.propose(removal());
    const views = await mount('splatmend-views', { mender });
    expect(middle(one(views, 'canvas'))).toEqual([153, 128, 102, 255]);
    press(one(views, '#filled'), 'ArrowLeft');
    await settled(views);
    expect(middle(one(views, 'canvas'))).toEqual([13, 13, 20, 255]);
    button(views, 'Next view').click();
    await settled(views);
    expect(plain(one(views, '.step [role=status]'))).toBe('2 of 2');
    button(views, 'Depth').click();
    await settled(views);
    const depth = one(views, 'splatmend-depth-image');
    const picture = one(depth, '.picture');
    press(picture, 'ArrowRight', { shiftKey: true });
    await settled(depth);
    expect(plain(one(depth, 'output'))).toBe('Depth 5.3 scene units, confidence 75 %');
    for (let i = 0; i < 40; i++) press(picture, 'ArrowLeft');
    await settled(depth);
    expect(plain(one(depth, 'output'))).toContain('Depth unknown');
    mender.propose(removal({}, [0, 0, 1], 1));
    await settled(views);
    expect(plain(one(views, '.step [role=status]'))).toBe('1 of 1');
    views.remove();
  });

  test('saves the picture, with the mask as alpha where wanted', async () => {
    mender.propose(removal());
    const views = await mount('splatmend-views', { mender });
    const saved: Blob[] = [];
    const url = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved.push(blob as Blob);
      return 'blob:none';
    });
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    button(views, 'Save PNG').click();
    await eventually(() => expect(saved.length).toBe(1));
    one(views, 'input').click();
    button(views, 'Save PNG').click();
    await eventually(() => expect(saved.length).toBe(2));
    url.mockRestore();
    click.mockRestore();
    const [whole, cut] = await Promise.all(saved.map(async (b) => decode(await b.arrayBuffer())));
    const i = (HEIGHT / 2) * WIDTH + WIDTH / 2;
    expect([whole!.channels, ...whole!.data.slice(i * 3, i * 3 + 3)]).toEqual([3, 153, 128, 102]);
    expect([...cut!.data.slice(i * 4, i * 4 + 4)]).toEqual([153, 128, 102, 0]);
    const clear = Array.from({ length: WIDTH * HEIGHT }, (_, k) => (cut!.data[k * 4 + 3] ? 0 : 1));
    expect(clear).toEqual([...discMask(9).data]);
    views.remove();
  });
});

describe('mask', () => {
  const dialogOf = (element: Element) => one(element, 'dialog') as HTMLDialogElement;
  const brushOf = (element: Element) =>
    one(element, 'splatmend-mask-brush') as HTMLElementTagNameMap['splatmend-mask-brush'];
  async function opened(element: HTMLElementTagNameMap['splatmend-mask-dialog']) {
    await eventually(() =>
      expect(brushOf(element)?.shadowRoot?.querySelector('.layer')).toBeTruthy(),
    );
    await settled(brushOf(element));
    return brushOf(element);
  }
  /** A mouse stroke over the brush's picture, pixels of the picture. */
  async function stroke(brush: HTMLElement, points: [number, number][]) {
    const box = one(brush, '.picture').getBoundingClientRect();
    const at = ([x, y]: [number, number]): [number, number] => [
      box.left + (x / WIDTH) * box.width,
      box.top + (y / HEIGHT) * box.height,
    ];
    await mouse('mousePressed', ...at(points[0]!));
    for (const point of points.slice(1)) await mouse('mouseMoved', ...at(point));
    await mouse('mouseReleased', ...at(points.at(-1)!));
    await settled(brush);
  }
  async function setFirst(wanted: boolean) {
    const first = await mount('splatmend-mask-first', {});
    const box = one(first, 'input') as HTMLInputElement;
    if (box.checked !== wanted) box.click();
    first.remove();
  }

  test('the switch puts the mask before the mending, for its own mender only', async () => {
    const dialog = await mount('splatmend-mask-dialog', { mender });
    sendCommand(dialog, { name: 'remove' });
    expect(commands).toEqual([{ name: 'remove' }]);
    await setFirst(true);
    const other = Object.assign(document.createElement('div'), {
      mender: asMender(new FakeMender()),
    });
    stage.append(other);
    sendCommand(other, { name: 'remove' });
    expect([commands.length, dialogOf(dialog).open]).toEqual([2, false]);

    sendCommand(dialog, { name: 'remove' });
    const brush = await opened(dialog);
    expect([commands.length, mender.previews]).toEqual([2, 1]);
    const found = countMask(brush.mask!);
    expect(found).toBe(countMask(discMask(9)));
    button(dialog, 'Mend').click();
    const last = commands.at(-1) as Extract<EditorCommand, { name: 'remove' }>;
    expect([last.name, last.painted!.camera.width]).toEqual(['remove', WIDTH]);
    expect([...last.painted!.mask.data]).toEqual([...discMask(9).data]);
    expect([dialogOf(dialog).open, mender.previews]).toEqual([false, 1]);
    await setFirst(false);
    dialog.remove();
  });

  test('strokes add and erase, are taken back, and what is painted is sent beside a waiting removal', async () => {
    mender.propose(removal());
    const dialog = await mount('splatmend-mask-dialog', { mender });
    sendCommand(dialog, { name: 'correct-mask' });
    const brush = await opened(dialog);
    brush.radius = 3;
    await stroke(brush, [
      [6.5, 6.5],
      [20.5, 6.5],
    ]);
    const at = (x: number, y: number) => brush.mask!.data[y * WIDTH + x];
    expect([at(13, 6), at(13, 9), at(13, 10), at(3, 6), at(2, 6)]).toEqual([1, 1, 0, 1, 0]);
    press(one(brush, '.picture'), 'e');
    await stroke(brush, [[32, 20]]);
    expect([at(32, 20), at(36, 20), at(13, 6)]).toEqual([0, 1, 1]);
    press(one(brush, '.picture'), 'z', { ctrlKey: true });
    expect(at(32, 20)).toBe(1);
    press(one(brush, '.picture'), ']');
    await settled(brush);
    expect(brush.radius).toBe(4);
    press(one(brush, '.picture'), 'b');
    const before = countMask(brush.mask!);
    // From the middle, where no hole is, Shift and Space erase.
    for (let i = 0; i < 3; i++) press(one(brush, '.picture'), 'ArrowDown');
    press(one(brush, '.picture'), ' ', { shiftKey: true });
    expect(countMask(brush.mask!)).toBeLessThan(before);
    const mask = brush.mask!;
    button(dialog, 'Mend').click();
    expect(commands).toEqual([
      { name: 'add-candidate', painted: { camera: expect.anything(), mask } },
    ]);
    dialog.remove();
  });

  test('where this view shows no hole, the mending looks for itself; a correction has to be painted', async () => {
    const found = await mender.preview();
    mender.preview = async () => ({ ...found, mask: discMask(0) });
    const dialog = await mount('splatmend-mask-dialog', { mender });
    await setFirst(true);
    sendCommand(dialog, { name: 'remove' });
    await opened(dialog);
    expect(plain(one(dialog, 'p'))).toMatch(/^No hole shows in this view/);
    button(dialog, 'Mend').click();
    // Not taken for a wish to see the mask, which would open it again.
    expect(commands).toEqual([{ name: 'remove', painted: null }]);
    expect([dialogOf(dialog).open, mender.previews]).toEqual([false, 1]);

    mender.propose(removal());
    await eventually(() => expect(brushOf(dialog)).toBeUndefined());
    sendCommand(dialog, { name: 'correct-mask' });
    const brush = await opened(dialog);
    expect((button(dialog, 'Mend') as HTMLButtonElement).disabled).toBe(true);
    press(one(brush, '.picture'), ' ');
    await settled(dialog);
    expect((button(dialog, 'Mend') as HTMLButtonElement).disabled).toBe(false);
    // Another scene: there is no such hole.
    mender.tell('cloud', { cloud: undefined, opened: true });
    expect(dialogOf(dialog).open).toBe(false);
    await setFirst(false);
    dialog.remove();
  });

  test('cancel asks for nothing and stops the look; nothing painted cannot be mended; a failure is said', async () => {
    const dialog = await mount('splatmend-mask-dialog', { mender });
    sendCommand(dialog, { name: 'correct-mask' });
    const brush = await opened(dialog);
    expect(brush.empty).toBe(false);
    button(brush, 'Invert').click();
    button(brush, 'Reset').click();
    expect([...brush.mask!.data]).toEqual([...discMask(9).data]);
    brush.radius = 12;
    press(one(brush, '.picture'), 'e');
    await stroke(brush, [[32, 20]]);
    await settled(dialog);
    expect((button(dialog, 'Mend') as HTMLButtonElement).disabled).toBe(true);
    button(dialog, 'Cancel').click();
    expect([commands, mender.cancelled]).toEqual([[], 0]);

    let fail = (_: Error) => {};
    mender.preview = () => new Promise<HolePreview>((_, reject) => (fail = reject));
    await pause(0);
    sendCommand(dialog, { name: 'correct-mask' });
    await settled(dialog);
    button(dialog, 'Cancel').click();
    await eventually(() => expect(mender.cancelled).toBe(1));
    fail(new SplatmendError('cancelled', 'look: stopped'));
    await eventually(() => expect(mender.task).toBeUndefined());

    mender.preview = () => Promise.reject(new SplatmendError('bad-option', 'look: no hole; turn'));
    sendCommand(dialog, { name: 'correct-mask' });
    await eventually(() => expect(plain(one(dialog, '[role=alert]'))).toBe('look: no hole; turn'));
    button(dialog, 'Close').click();
    expect(commands).toEqual([]);
    dialog.remove();
  });
});
