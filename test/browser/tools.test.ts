// Accepts: real mouse, touch and key events, sent through the browser's own input, ask the mender for exactly the
// shape under them (to half a pixel), and reach the viewer exactly where no tool claims them. The mender is a
// fake that keeps its requests; the host is a canvas of twice as many pixels as CSS pixels, letterboxed in its
// element. No screenshots are compared: the overlay's shapes are read from its SVG.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { type Camera, lookAt, projectPoint, type Vec3 } from '../../core/camera.ts';
import type { SelectShape } from '../../core/select-types.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';
import type { MendHost } from '../../plugin/host.ts';
import type { Mender } from '../../plugin/mender-types.ts';
import type { SelectMode } from '../../plugin/selection-modes.ts';
import { createToolController, type ToolController } from '../../plugin/tools/controller.ts';
import { TOOL_DEFAULTS, type ToolId } from '../../plugin/tools/tool-types.ts';
import '../../plugin/ui/tool-options.ts';
import '../../plugin/ui/tool-overlay.ts';
import '../../plugin/ui/tool-strip.ts';

const camera: Camera = {
  width: 800,
  height: 600,
  fx: 700,
  fy: 700,
  cx: 400,
  cy: 300,
  worldToCamera: lookAt([0, 0, -4], [0, 0, 0], [0, -1, 0]),
};
/** The picture's place in its element, CSS pixels: 400 × 300 of 800 × 600. */
const PICTURE = { left: 20, top: 0, width: 400, height: 300 };

/** A wall of splats at z = 0: there is a surface wherever one clicks. */
function wall(): SplatCloud {
  const side = 20;
  const cloud = createSplatCloud(side * side);
  for (let i = 0; i < side * side; i++) {
    cloud.positions.set([((i % side) - 9.5) * 0.2, (Math.floor(i / side) - 9.5) * 0.2, 0], i * 3);
    cloud.logScales.set([Math.log(0.12), Math.log(0.12), Math.log(0.01)], i * 3);
    cloud.rotations.set([1, 0, 0, 0], i * 4);
    cloud.opacityLogits[i] = 4;
  }
  return cloud;
}

class FakeMender extends EventTarget {
  cloud: SplatCloud | undefined = wall();
  task: string | undefined;
  proposal: unknown;
  selection: Uint8Array | undefined;
  selectedCount = 0;
  asked: { shape: SelectShape; mode: SelectMode }[] = [];
  failNext: Error | undefined;
  /** Set, a selection waits for it. */
  gate: Promise<void> | undefined;

  async select(shape: SelectShape, mode: SelectMode) {
    this.asked.push({ shape, mode });
    this.tell('task', 'select');
    await this.gate;
    this.tell('task', undefined);
    const error = this.failNext;
    this.failNext = undefined;
    if (error) throw error;
    return 0;
  }
  tell(key: 'task' | 'proposal', value: unknown) {
    (this as Record<string, unknown>)[key] = value;
    this.dispatchEvent(new CustomEvent('busy'));
  }
  setSelected(count: number) {
    this.selection = new Uint8Array(this.cloud!.count).fill(1, 0, count);
    this.selectedCount = count;
    this.dispatchEvent(new CustomEvent('selection'));
  }
}

let mender: FakeMender;
let element: HTMLElement;
let tools: ToolController;
let viewChanged: (() => void)[];
/** What the viewer's own listeners heard. */
let viewer: string[];
let page: HTMLElement;

beforeEach(() => {
  page = document.createElement('div');
  page.style.cssText = 'position: fixed; left: 30px; top: 40px; width: 440px; height: 300px;';
  element = document.createElement('div');
  element.tabIndex = 0;
  element.style.cssText = 'position: absolute; inset: 0;';
  const canvas = document.createElement('canvas');
  canvas.style.cssText = `position: absolute; left: ${PICTURE.left}px; width: 400px; height: 300px; background: linear-gradient(90deg, #fff 50%, #111 50%);`;
  element.append(canvas);
  page.append(element);
  document.body.append(page);
  viewer = [];
  for (const type of ['pointerdown', 'pointermove', 'pointerup', 'wheel', 'click', 'mousedown']) {
    canvas.addEventListener(type, (event) => {
      const { buttons, pointerType } = event as PointerEvent;
      // A pointer that only passes over the picture is nothing.
      if (type === 'pointermove' && buttons === 0) return;
      viewer.push(pointerType === 'touch' ? `touch ${type}` : type);
    });
  }
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  viewChanged = [];
  const host = {
    name: 'plain',
    element,
    currentCamera: () => camera,
    pixelAt(clientX: number, clientY: number) {
      const box = canvas.getBoundingClientRect();
      const [x, y] = [(clientX - box.left) * 2, (clientY - box.top) * 2];
      return x >= 0 && y >= 0 && x < 800 && y < 600 ? { x, y } : undefined;
    },
    onViewChange(listener: () => void) {
      viewChanged.push(listener);
      return () => viewChanged.splice(viewChanged.indexOf(listener), 1);
    },
  } as unknown as MendHost;
  mender = new FakeMender();
  tools = createToolController({ mender: mender as unknown as Mender, host });
  window.addEventListener('keydown', onKey);
});
const onKey = (event: KeyboardEvent) => {
  if (tools.handleKey(event)) event.preventDefault();
};
afterEach(async () => {
  window.removeEventListener('keydown', onKey);
  // Nothing stays pressed for the next test.
  await mouse('mouseReleased', 5, 5);
  tools.dispose();
  expect(viewChanged).toEqual([]);
  page.remove();
});

const SHIFT = 8;
const CTRL = 2;
const ALT = 1;

/** Picture pixels to the browser window's CSS pixels: tests run in a frame that may be scaled. */
function windowAt(x: number, y: number): { x: number; y: number } {
  const clientX = 30 + PICTURE.left + x / 2;
  const clientY = 40 + PICTURE.top + y / 2;
  const frame = window.frameElement?.getBoundingClientRect();
  const scale = frame ? frame.width / innerWidth : 1;
  return { x: (frame?.left ?? 0) + clientX * scale, y: (frame?.top ?? 0) + clientY * scale };
}

type MouseOptions = { modifiers?: number; button?: 'left' | 'right'; clicks?: number };
async function mouse(type: string, x: number, y: number, options: MouseOptions = {}) {
  const { modifiers = 0, button = 'left', clicks = 1 } = options;
  if (type === 'mousePressed') held = button === 'left' ? 1 : 2;
  if (type === 'mouseReleased') held = 0;
  await send('Input.dispatchMouseEvent', {
    type,
    ...windowAt(x, y),
    modifiers,
    button: type === 'mouseMoved' ? 'none' : button,
    buttons: held,
    clickCount: clicks,
  });
}
/** The buttons that are down. */
let held = 0;
const send = (method: string, params: object) =>
  (cdp() as unknown as { send(m: string, p: object): Promise<unknown> }).send(method, params);

async function click(x: number, y: number, options: MouseOptions = {}) {
  await mouse('mouseMoved', x, y, options);
  await mouse('mousePressed', x, y, options);
  await mouse('mouseReleased', x, y, options);
}
async function press(points: [number, number][], options: MouseOptions = {}) {
  const [first, ...others] = points;
  await mouse('mouseMoved', ...first!, options);
  await mouse('mousePressed', ...first!, options);
  for (const p of others) await mouse('mouseMoved', ...p, options);
}
async function drag(points: [number, number][], options: MouseOptions = {}) {
  await press(points, options);
  await mouse('mouseReleased', ...points.at(-1)!, options);
}
const touch = (type: string, points: [number, number][]) =>
  send('Input.dispatchTouchEvent', {
    type,
    touchPoints: points.map(([x, y], id) => ({ ...windowAt(x, y), id })),
  });
async function key(name: string, options: { up?: boolean } = {}) {
  const text = name.length === 1 ? { text: name } : {};
  await send('Input.dispatchKeyEvent', { type: 'keyDown', key: name, ...text });
  if (options.up !== false) await send('Input.dispatchKeyEvent', { type: 'keyUp', key: name });
}

/** The only request, of this kind. */
async function asked<K extends SelectShape['kind']>(kind: K) {
  await expect.poll(() => mender.asked.length).toBe(1);
  const { shape, mode } = mender.asked.pop()!;
  expect(shape.kind).toBe(kind);
  return { shape: shape as SelectShape & { kind: K }, mode };
}
const expectPixels = (got: ArrayLike<number>, wanted: readonly number[]) => {
  expect(got.length).toBe(wanted.length);
  for (const [k, v] of wanted.entries()) expect(Math.abs(got[k]! - v)).toBeLessThanOrEqual(0.5);
};
const viewerDrag = ['pointerdown', 'pointermove', 'pointerup'];
const heard = () => viewer.filter((t) => viewerDrag.includes(t));

describe('object', () => {
  test('a click selects and the viewer sees it; a drag is the viewer’s alone', async () => {
    await click(200, 100);
    const { shape, mode } = await asked('object');
    expectPixels([shape.x, shape.y], [200, 100]);
    expect([mode, shape.strength]).toEqual(['set', 0.5]);
    expect(viewer).toContain('pointerdown');
    viewer = [];
    await drag([
      [200, 100],
      [300, 140],
      [340, 200],
    ]);
    expect(new Set(heard())).toEqual(new Set(viewerDrag));
    expect(mender.asked).toEqual([]);
  });

  test('keys give the mode, and the sticky one counts without', async () => {
    for (const [modifiers, wanted] of [
      [SHIFT, 'add'],
      [CTRL, 'remove'],
      [SHIFT | CTRL, 'intersect'],
    ] as const) {
      await click(200, 100, { modifiers });
      expect((await asked('object')).mode).toBe(wanted);
    }
    tools.setOptions({ mode: 'add', strength: 0.8 });
    await click(200, 100);
    const { mode, shape } = await asked('object');
    expect([mode, shape.strength]).toEqual(['add', 0.8]);
  });

  test('with something selected, a drag with Shift or Ctrl corrects it and the viewer is left out', async () => {
    mender.setSelected(3);
    await drag(
      [
        [200, 100],
        [240, 100],
        [240, 160],
      ],
      { modifiers: CTRL },
    );
    const { shape, mode } = await asked('refine');
    expect([shape.sign, mode]).toEqual(['remove', 'set']);
    expect(shape.base).toBe(mender.selection);
    expectPixels(shape.strokes[0]!.points, [200, 100, 240, 100, 240, 160]);
    expect(shape.strokes[0]!.radiusPx).toBe(TOOL_DEFAULTS.brushRadius * 2);
    expect(viewer).toEqual([]);
    // Without a drag it is a click that adds.
    await click(200, 100, { modifiers: SHIFT });
    expect((await asked('object')).mode).toBe('add');
  });
});

describe('drawn shapes', () => {
  test('rectangle: ordered, held within the picture, and a slip asks nothing', async () => {
    tools.setTool('rectangle');
    await drag([
      [300, 200],
      [100, 100],
      [-30, 90],
    ]);
    const { shape } = await asked('rectangle');
    expectPixels([shape.x0, shape.y0, shape.x1, shape.y1], [0, 90, 300, 200]);
    expect(shape.depth).toBe('visible');
    expect(viewer).toEqual([]);
    await click(300, 200);
    expect(mender.asked).toEqual([]);
  });

  test('lasso', async () => {
    tools.setTool('lasso');
    tools.setOptions({ depth: 'through' });
    await drag(
      [
        [100, 100],
        [300, 100],
        [300, 250],
      ],
      { modifiers: SHIFT },
    );
    const { shape, mode } = await asked('polygon');
    expectPixels(shape.points, [100, 100, 300, 100, 300, 250]);
    expect([shape.depth, mode]).toEqual(['through', 'add']);
  });

  test('polygon: corners by clicks, one taken back, closed by Enter', async () => {
    tools.setTool('polygon');
    for (const [x, y] of [
      [100, 100],
      [300, 100],
      [310, 300],
      [20, 30],
    ] as const)
      await click(x, y);
    await key('Backspace');
    expect(mender.asked).toEqual([]);
    await key('Enter');
    expectPixels((await asked('polygon')).shape.points, [100, 100, 300, 100, 310, 300]);
    expect(tools.state.drawing).toBe(false);
  });

  test('polygon: a double click sets the last corner and closes; Escape leaves it', async () => {
    tools.setTool('polygon');
    await click(100, 100);
    await click(300, 100);
    await click(200, 300);
    await click(200, 300, { clicks: 2 });
    expectPixels((await asked('polygon')).shape.points, [100, 100, 300, 100, 200, 300]);
    await click(100, 100);
    await click(300, 100);
    await key('Escape');
    expect(tools.state).toMatchObject({ drawing: false, tool: 'polygon' });
    expect(mender.asked).toEqual([]);
  });

  test('brush: a stroke as wide as on the screen, [ and ] change it; Escape in mid-stroke drops it', async () => {
    tools.setTool('brush');
    await key(']');
    expect(tools.state.options.brushRadius).toBe(30);
    await drag([
      [100, 100],
      [160, 130],
    ]);
    const { shape } = await asked('brush');
    expectPixels(shape.strokes[0]!.points, [100, 100, 160, 130]);
    expect(shape.strokes[0]!.radiusPx).toBe(60);
    await press([
      [100, 100],
      [160, 130],
    ]);
    expect(tools.state.drawing).toBe(true);
    await key('Escape');
    await mouse('mouseReleased', 160, 130);
    expect(tools.state.drawing).toBe(false);
    expect(mender.asked).toEqual([]);
  });

  test('flood and eyedropper: a click takes the tolerance, a sideways drag sets it', async () => {
    tools.setTool('flood');
    await click(200, 100);
    const clicked = await asked('flood');
    expectPixels([clicked.shape.x, clicked.shape.y], [200, 100]);
    expect(clicked.shape.tolerance).toBe(TOOL_DEFAULTS.tolerance);
    tools.setTool('eyedropper');
    await drag([
      [200, 100],
      [280, 100],
    ]);
    const dragged = await asked('colour');
    // 40 CSS pixels of 400.
    expect(dragged.shape.tolerance).toBeCloseTo(TOOL_DEFAULTS.tolerance + 0.1, 2);
    expect(tools.state.options.tolerance).toBe(dragged.shape.tolerance);
  });
});

describe('volume', () => {
  const pixelOf = (p: Vec3): [number, number] => {
    const { u, v } = projectPoint(camera, p);
    return [u, v];
  };

  test('a sphere stands on the surface under a click, is pulled wider, and Enter selects', async () => {
    tools.setTool('sphere');
    await click(470, 300);
    await expect.poll(() => tools.state.volume).toBeDefined();
    const placed = tools.state.volume!;
    if (placed.shape !== 'sphere') throw new Error('a sphere');
    expect(placed.center[0]).toBeCloseTo(0.4, 1);
    expect(Math.abs(placed.center[2])).toBeLessThan(0.02);
    viewer = [];
    const edge = (r: number) => pixelOf([placed.center[0] + r, placed.center[1], placed.center[2]]);
    await drag([edge(placed.radius), edge(placed.radius + 0.1), edge(placed.radius + 0.2)]);
    const wider = tools.state.volume!;
    expect(wider.shape === 'sphere' && wider.radius).toBeCloseTo(placed.radius + 0.2, 2);
    expect(viewer).toEqual([]);
    // Beside the handles a drag looks around.
    await drag([
      [60, 60],
      [90, 90],
    ]);
    expect(heard()).toContain('pointermove');
    await key('Enter');
    expect((await asked('volume')).shape.volume).toEqual(wider);
    await key('Escape');
    expect(tools.state.volume).toBeUndefined();
  });

  test('a box is moved by its arrow, keeps its place as a sphere, and its fields say it', async () => {
    tools.setTool('box');
    const options = document.createElement('splatmend-tool-options');
    options.tools = tools;
    page.append(options);
    await click(400, 300);
    await expect.poll(() => tools.state.volume).toBeDefined();
    const placed = tools.state.volume!;
    if (placed.shape !== 'box') throw new Error('a box');
    const [x, y, z] = placed.center;
    // 36 CSS pixels, 72 of the picture, beyond its side.
    const tip = pixelOf([x + placed.halfExtents[0], y, z]);
    await drag([
      [tip[0] + 72, tip[1]],
      [tip[0] + 172, tip[1]],
    ]);
    const moved = tools.state.volume!;
    expect(moved.center[0] - x).toBeCloseTo(((z + 4) * 100) / 700, 2);
    expect(moved.center.slice(1)).toEqual([y, z]);
    await options.updateComplete;
    const field = (label: string) =>
      options.shadowRoot!.querySelector<HTMLInputElement>(`[aria-label="${label}"]`)!;
    expect(Number(field('Centre x').value)).toBeCloseTo(moved.center[0], 3);
    const setField = (label: string, value: string) => {
      field(label).value = value;
      field(label).dispatchEvent(new Event('change'));
    };
    setField('Size y', '0.5');
    expect(tools.state.volume).toMatchObject({
      halfExtents: [expect.anything(), 0.25, expect.anything()],
    });
    // No size at all: what was stays, and the field says so.
    setField('Size y', '-1');
    await options.updateComplete;
    expect(tools.state.volume).toMatchObject({
      halfExtents: [expect.anything(), 0.25, expect.anything()],
    });
    expect(field('Size y').value).toBe('0.5');
    tools.setTool('sphere');
    expect(tools.state.volume?.center).toEqual(moved.center);
  });
});

describe('whose press it is', () => {
  test('right drag, wheel, Alt and held Space are the viewer’s with any tool', async () => {
    tools.setTool('lasso');
    const line: [number, number][] = [
      [100, 100],
      [200, 200],
      [300, 100],
    ];
    for (const run of [
      () => drag(line, { button: 'right' }),
      () => drag(line, { modifiers: ALT }),
      async () => {
        element.focus();
        await key(' ', { up: false });
        await drag(line);
        await send('Input.dispatchKeyEvent', { type: 'keyUp', key: ' ' });
      },
    ]) {
      viewer = [];
      await run();
      expect(new Set(heard())).toEqual(new Set(viewerDrag));
    }
    viewer = [];
    await send('Input.dispatchMouseEvent', {
      type: 'mouseWheel',
      ...windowAt(100, 100),
      deltaX: 0,
      deltaY: 60,
    });
    await expect.poll(() => viewer).toContain('wheel');
    expect(mender.asked).toEqual([]);
    // Space is up again.
    await drag(line);
    await asked('polygon');
  });

  test('one finger is the tool, a second one hands both to the viewer', async () => {
    tools.setTool('lasso');
    await touch('touchStart', [[100, 100]]);
    await touch('touchMove', [[200, 120]]);
    await touch('touchMove', [[200, 220]]);
    expect(viewer).toEqual([]);
    await touch('touchEnd', []);
    expectPixels((await asked('polygon')).shape.points, [100, 100, 200, 120, 200, 220]);
    await touch('touchStart', [[100, 100]]);
    await touch('touchMove', [[140, 120]]);
    await touch('touchStart', [
      [140, 120],
      [300, 200],
    ]);
    expect(tools.state.drawing).toBe(false);
    await touch('touchMove', [
      [120, 110],
      [320, 220],
    ]);
    await touch('touchEnd', []);
    const downs = viewer.filter((t) => t === 'touch pointerdown');
    expect(downs).toHaveLength(2);
    expect(viewer.filter((t) => t === 'touch pointermove').length).toBeGreaterThanOrEqual(2);
    expect(mender.asked).toEqual([]);
    // All fingers are up: the next one is the tool's again.
    viewer = [];
    await touch('touchStart', [[100, 100]]);
    expect(tools.state.drawing).toBe(true);
    await touch('touchEnd', []);
    expect(viewer).toEqual([]);
  });

  test('while a removal waits or a job runs, presses are the viewer’s and the cursor says so', async () => {
    tools.setTool('rectangle');
    expect(element.style.cursor).toBe('crosshair');
    for (const [name, value, cursor] of [
      ['task', 'remove', 'progress'],
      ['proposal', {}, 'grab'],
    ] as const) {
      mender.tell(name, value);
      expect(element.style.cursor).toBe(cursor);
      viewer = [];
      await drag([
        [100, 100],
        [200, 200],
      ]);
      expect(heard()).toContain('pointermove');
      mender.tell(name, undefined);
    }
    expect(mender.asked).toEqual([]);
    expect(tools.state.blocked).toBeUndefined();
  });

  test('while a removal waits the strip is out of use, a volume out of sight, and Escape not the tools’', async () => {
    const strip = document.createElement('splatmend-tool-strip');
    strip.tools = tools;
    page.append(strip);
    tools.setVolume({ shape: 'sphere', center: [0, 0, 0], radius: 0.5 });
    const pressEscape = () => tools.handleKey(new KeyboardEvent('keydown', { key: 'Escape' }));
    const enabled = async () => {
      await strip.updateComplete;
      return strip.shadowRoot!.querySelectorAll('button:enabled').length;
    };
    expect(await enabled()).toBeGreaterThan(5);
    expect(tools.overlay()).not.toEqual([]);
    mender.tell('task', 'remove');
    expect(pressEscape()).toBe(false);
    mender.tell('task', undefined);
    mender.tell('proposal', {});
    expect(pressEscape()).toBe(false);
    expect(await enabled()).toBe(0);
    expect(tools.overlay()).toEqual([]);
    mender.tell('proposal', undefined);
    expect(await enabled()).toBeGreaterThan(5);
    expect(tools.overlay()).not.toEqual([]);
    expect(pressEscape()).toBe(true);
    expect(tools.state.volume).toBeUndefined();
  });

  test('a volume stays through an edit, and goes with its scene', () => {
    const volume = { shape: 'sphere', center: [0, 0, 0], radius: 0.5 } as const;
    tools.setVolume({ ...volume, center: [0, 0, 0] });
    const tell = (opened: boolean) =>
      mender.dispatchEvent(new CustomEvent('cloud', { detail: { cloud: mender.cloud, opened } }));
    tell(false);
    expect(tools.state.volume).toEqual(volume);
    tell(true);
    expect(tools.state.volume).toBeUndefined();
  });

  test('a stroke drawn while the one before is looked for is asked for next; a failure is told', async () => {
    tools.setTool('brush');
    let open = () => {};
    mender.gate = new Promise((resolve) => {
      open = resolve;
    });
    const failures: unknown[] = [];
    tools.addEventListener('failure', (event) => failures.push(event.detail.error));
    mender.failNext = new Error('lost');
    await click(100, 100);
    await expect.poll(() => mender.task).toBe('select');
    await click(300, 200);
    expect(mender.asked).toHaveLength(1);
    open();
    await expect.poll(() => mender.asked.length).toBe(2);
    expect(failures).toEqual([new Error('lost')]);
  });
});

test('Space tapped on the picture selects in its middle, with the tool’s keys for the rest', async () => {
  element.focus();
  await key(' ');
  const { shape } = await asked('object');
  expectPixels([shape.x, shape.y], [400, 300]);
  await key('b');
  await key(' ');
  const dab = await asked('brush');
  const [stroke, ...others] = dab.shape.strokes;
  expect(others).toEqual([]);
  expectPixels(stroke!.points, [400, 300]);
  // CSS pixels, twice as many of the picture.
  expect(stroke!.radiusPx).toBeCloseTo(2 * TOOL_DEFAULTS.brushRadius);
  await key('r');
  expect(tools.state.tool).toBe('rectangle');
  await key('r');
  expect(tools.state.tool).toBe('object');
  const field = document.createElement('input');
  page.append(field);
  field.focus();
  await key('b');
  expect([tools.state.tool, field.value]).toEqual(['object', 'b']);
});

test('the strip is reached by Tab at the active tool, and arrows go on', async () => {
  const strip = document.createElement('splatmend-tool-strip');
  strip.tools = tools;
  page.append(strip);
  await strip.updateComplete;
  const button = (id: ToolId) =>
    strip.shadowRoot!.querySelector<HTMLButtonElement>(`[data-tool=${id}]`)!;
  expect(button('object').tabIndex).toBe(0);
  expect(button('lasso').tabIndex).toBe(-1);
  button('object').focus();
  await key('ArrowDown');
  await key('ArrowDown');
  expect(strip.shadowRoot!.activeElement).toBe(button('lasso'));
  button('lasso').click();
  await strip.updateComplete;
  expect(button('lasso').getAttribute('aria-pressed')).toBe('true');
  expect(tools.state.tool).toBe('lasso');
});

test('the overlay draws the marquee where the pointer went, and nothing when it is over', async () => {
  const overlay = document.createElement('splatmend-tool-overlay');
  overlay.tools = tools;
  page.append(overlay);
  tools.setTool('rectangle');
  await press([
    [100, 100],
    [300, 200],
  ]);
  await overlay.updateComplete;
  const box = overlay.shadowRoot!.querySelector('path.line')!.getBoundingClientRect();
  const at = windowless(100, 100);
  expect(box.left).toBeCloseTo(at.x, 0);
  expect(box.top).toBeCloseTo(at.y, 0);
  expect([box.width, box.height].map(Math.round)).toEqual([100, 50]);
  // The drawing changed the page's layout under the press: it still goes on outside of the element.
  await mouse('mouseMoved', -90, 180);
  await mouse('mouseReleased', -90, 180);
  const { shape } = await asked('rectangle');
  expectPixels([shape.x0, shape.y0, shape.x1, shape.y1], [0, 100, 100, 180]);
  await overlay.updateComplete;
  expect(overlay.shadowRoot!.querySelector('svg')).toBeNull();
});

test('a view that moves draws the gizmo anew', async () => {
  const overlay = document.createElement('splatmend-tool-overlay');
  overlay.tools = tools;
  page.append(overlay);
  tools.setVolume({ shape: 'sphere', center: [0, 0, 0], radius: 0.5 });
  await overlay.updateComplete;
  const path = () => overlay.shadowRoot!.querySelector('path.line')!.getAttribute('d');
  const before = path();
  const { worldToCamera } = camera;
  try {
    camera.worldToCamera = lookAt([1, 0, -4], [0, 0, 0], [0, -1, 0]);
    for (const tell of viewChanged) tell();
    await overlay.updateComplete;
    expect(path()).not.toBe(before);
  } finally {
    camera.worldToCamera = worldToCamera;
  }
});

/** Picture pixels to this frame's CSS pixels. */
const windowless = (x: number, y: number) => ({ x: 50 + x / 2, y: 40 + y / 2 });
