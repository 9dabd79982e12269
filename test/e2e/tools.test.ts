// Every selection tool on the built page, with real mouse and keys, in a Chromium with WebGPU and in one without.
// Accepts: what a tool selects is compared with the generated scene's own truth, in Node. "Through" selects the splats
// whose centres lie more than 2 px inside what was drawn and none that lie more than 2 px outside (tools work on
// pixels); "visible" over 9 in 10 of an object's near side and under 2 in 10 of what it hides (coarse splats shine
// through a little); volumes match `selectInVolume` to the splat; objects are judged by the sample's labels. Each test
// ends where it began: undone, the cloud's bytes, the selection and the marks are the start's, and redone, the end's.
// Sample seed 1, 20,000 splats.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectPoint } from '../../core/camera.ts';
import { HIDDEN, LOCKED } from '../../core/marks.ts';
import { countSelected, type Selection, selectInVolume } from '../../core/selection.ts';
import { SH_C0 } from '../../core/splat-cloud.ts';
import { firstDifference } from '../support/clouds.ts';
import {
  clickObject,
  doing,
  drag,
  idle,
  type Modifier,
  type Point,
  redoAll,
  sampleOf,
  selectedCount,
  stateOf,
  undoAll,
  viewOf,
} from './editor-page.ts';
import {
  launchChromium,
  type Opened,
  objectOnPage,
  openEditor,
  type Region,
  serveBuiltEditor,
  shotPath,
} from './support.ts';

/** Tools draw in pixels: nearer to a border than this, either side is right. */
const BORDER_PX = 2;

let server: Awaited<ReturnType<typeof serveBuiltEditor>>;
beforeAll(async () => {
  server = await serveBuiltEditor();
});
afterAll(() => server?.close());

describe.each([{ webgpu: true }, { webgpu: false }])('WebGPU: $webgpu', ({ webgpu }) => {
  let browser: Browser;
  let opened: Opened | undefined;
  beforeAll(async () => {
    browser = await launchChromium(webgpu);
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await opened?.context.close();
    opened = undefined;
  });

  async function open(): Promise<Page> {
    opened = await openEditor(browser, server.url, '?splats=20000');
    const kind = await opened.page.evaluate(() => window.splatmend!.viewer.kind);
    expect(kind).toBe(webgpu ? 'webgpu' : 'webgl2');
    return opened.page;
  }

  /** Undoes all, finds the scene as it was opened; redoes all, finds it as it is now. */
  async function undoneAndRedone(page: Page, atLeast: number): Promise<void> {
    const end = await stateOf(page);
    const steps = await undoAll(page);
    expect(steps).toBeGreaterThanOrEqual(atLeast);
    const { cloud } = await sampleOf(page);
    const start = await stateOf(page);
    expect(firstDifference(start.cloud, cloud)).toBeUndefined();
    expect(start).toMatchObject({ selection: undefined, marks: undefined });
    expect(await redoAll(page)).toBe(steps);
    const again = await stateOf(page);
    expect(firstDifference(again.cloud, end.cloud)).toBeUndefined();
    expect(again.selection).toEqual(end.selection);
    expect(again.marks).toEqual(end.marks);
    expect(opened!.complaints).toEqual([]);
  }

  it('object: a click, strokes that add and take away, and a click that adds', async () => {
    const page = await open();
    const truth = await sampleOf(page);
    const share = async (name: string) => {
      const { id } = truth.objects.find((o) => o.name === name)!;
      return hit((await stateOf(page)).selection, truth.labels, id);
    };
    await clickObject(page, 'mug');
    expect((await share('mug')).recall).toBeGreaterThan(0.9);
    expect((await share('mug')).precision).toBeGreaterThan(0.8);

    const vase = await objectOnPage(page, 'vase', 0);
    for (let i = 0; i < 4; i++) await page.keyboard.press('[');
    const line: Point[] = [
      [vase.x, vase.y - 10],
      [vase.x, vase.y + 20],
    ];
    await doing(page, () => drag(page, line, ['Shift']));
    expect((await share('vase')).recall).toBeGreaterThan(0.8);
    expect((await share('mug')).recall).toBeGreaterThan(0.9);
    await doing(page, () => drag(page, line, ['Control']));
    expect((await share('vase')).recall).toBeLessThan(0.2);
    expect((await share('mug')).recall).toBeGreaterThan(0.8);

    await clickObject(page, 'ball', ['Shift']);
    expect((await share('ball')).recall).toBeGreaterThan(0.9);
    await undoneAndRedone(page, 4);
  });

  it('rectangle, lasso and polygon: through and visible, set, add, take out, intersect', async () => {
    const page = await open();
    const ball = await objectOnPage(page, 'ball', 6);
    const vase = await objectOnPage(page, 'vase', 6);
    const choose = (name: string) => page.getByText(name, { exact: true }).click();

    await page.keyboard.press('r');
    await choose('Through');
    const corners = cornersOf(ball.region);
    await doing(page, () => drag(page, [corners[0]!, corners[2]!]));
    const wide = await expectThrough(page, corners);

    // By the option bar and by keys: what comes of two sets is what set algebra says.
    const narrow = cornersOf({ ...vase.region, x1: ball.x });
    const rectangle = async (keys: Modifier[]) => {
      await doing(page, () => drag(page, [narrow[0]!, narrow[2]!], keys));
      return (await stateOf(page)).selection!;
    };
    const added = await rectangle(['Shift']);
    await page.keyboard.press('Control+z');
    await idle(page);
    await choose('Add');
    expect(await rectangle([])).toEqual(added);
    await page.keyboard.press('Control+z');
    await idle(page);
    const taken = await rectangle(['Control']);
    await page.keyboard.press('Control+z');
    await idle(page);
    const both = await rectangle(['Control', 'Shift']);
    await page.keyboard.press('Control+z');
    await idle(page);
    await choose('Set');
    const other = await rectangle([]);
    await expectThrough(page, narrow);
    const algebra = (of: (a: number, b: number) => boolean) =>
      wide.map((a, i) => (of(a, other[i]!) ? 1 : 0));
    expect(added).toEqual(algebra((a, b) => a + b > 0));
    expect(taken).toEqual(algebra((a, b) => a > b));
    expect(both).toEqual(algebra((a, b) => a + b === 2));
    expect(countSelected(both)).toBeGreaterThan(0);
    expect(countSelected(taken)).toBeGreaterThan(0);

    await page.keyboard.press('l');
    const diamond = diamondIn(vase.region);
    await doing(page, () => drag(page, diamond));
    await expectThrough(page, diamond);

    // The corner that Backspace takes back would have added the ball.
    await page.keyboard.press('p');
    const setCorners = async (points: readonly Point[]) => {
      for (const [x, y] of points) await page.mouse.click(x, y);
    };
    await setCorners([...diamond.slice(0, 3), [ball.region.x1, ball.region.y1]]);
    await page.keyboard.press('Backspace');
    await setCorners(diamond.slice(3));
    await page.screenshot({ path: shotPath('polygon') });
    const lassoed = (await stateOf(page)).selection!;
    await doing(page, () => page.keyboard.press('Enter'));
    expect(disagreement(await expectThrough(page, diamond), lassoed)).toBeLessThan(0.1);
    // Closed by a double click, too.
    const around = cornersOf(ball.region);
    await setCorners(around.slice(0, 3));
    await doing(page, () => page.mouse.dblclick(around[3]![0], around[3]![1]));
    await expectThrough(page, around);

    await choose('Visible');
    await page.keyboard.press('r');
    await doing(page, () => drag(page, [corners[0]!, corners[2]!]));
    await expectNearSide(page, 'ball', 12);
    await undoneAndRedone(page, 5);
  });

  it('brush: visible and through, wider and narrower; flood and eyedropper by colour', async () => {
    const page = await open();
    const choose = (name: string) => page.getByText(name, { exact: true }).click();
    const ball = await objectOnPage(page, 'ball', 0);
    const radius = () => page.evaluate(() => window.splatmend!.tools.state.options.brushRadius);
    await page.keyboard.press('b');
    const start = await radius();
    await page.keyboard.press(']');
    expect(await radius()).toBeGreaterThan(start);
    for (let i = 0; i < 5; i++) await page.keyboard.press('[');
    const r = await radius();
    expect(r).toBeLessThan(start);

    const stroke: Point[] = [
      [ball.x - 12, ball.y],
      [ball.x + 12, ball.y],
    ];
    await doing(page, () => drag(page, stroke));
    const near = (await stateOf(page)).selection!;
    await expectNearSide(page, 'ball', r - BORDER_PX);
    await choose('Through');
    await doing(page, () => drag(page, stroke));
    const through = (await stateOf(page)).selection!;
    await expectUnder(page, (x, y) => {
      const along = Math.min(stroke[1]![0], Math.max(stroke[0]![0], x));
      return Math.hypot(x - along, y - stroke[0]![1]) - r;
    });
    expect(countSelected(through)).toBeGreaterThan(0);
    expect(disagreement(near, through)).toBeGreaterThan(0);

    await page.keyboard.press('o');
    const truth = await sampleOf(page);
    const { id } = truth.objects.find((o) => o.name === 'ball')!;
    await doing(page, () => page.mouse.click(ball.x, ball.y));
    const patch = hit((await stateOf(page)).selection, truth.labels, id);
    expect(patch.recall).toBeGreaterThan(0.1);
    expect(patch.precision).toBeGreaterThan(0.9);
    // Dragged sideways the tolerance grows, and with it the patch.
    const few = await selectedCount(page);
    await doing(page, () =>
      drag(page, [
        [ball.x, ball.y],
        [ball.x + 150, ball.y],
      ]),
    );
    expect(await selectedCount(page)).toBeGreaterThan(few);

    await page.keyboard.press('e');
    await page.getByRole('slider', { name: 'Tolerance' }).fill('0.08');
    await doing(page, () => page.mouse.click(ball.x, ball.y));
    const { selection } = await stateOf(page);
    expect(countSelected(selection!)).toBeGreaterThan(10);
    // Any two are at most two tolerances apart, each being at most one from the colour that was pointed at.
    expect(colourSpread(truth.cloud.dc, selection!)).toBeLessThanOrEqual(2 * 0.08 + 1e-6);
    await undoneAndRedone(page, 5);
  });

  it('sphere and box: placed by a click, pulled by handles, set by numbers', async () => {
    const page = await open();
    const volume = () => page.evaluate(() => window.splatmend!.tools.state.volume);
    const placed = async (key: string) => {
      await page.keyboard.press(key);
      const vase = await objectOnPage(page, 'vase', 0);
      await page.mouse.click(vase.x, vase.y);
      await page.waitForFunction(() => window.splatmend!.tools.state.volume !== undefined);
      return (await volume())!;
    };
    const exactly = async () => {
      const { cloud, selection } = await stateOf(page);
      expect(countSelected(selection!)).toBeGreaterThan(0);
      expect(selection).toEqual(selectInVolume(cloud, (await volume())!));
    };
    /** Where a handle along an axis is on the page. */
    const handle = async (axis: number) => {
      const v = (await volume())!;
      const reach = v.shape === 'sphere' ? v.radius : v.halfExtents[axis]!;
      const at = [...v.center] as [number, number, number];
      at[axis]! += reach;
      const { clientX, clientY } = await page.evaluate((p) => window.splatmend!.project(p), at);
      return [clientX, clientY] as const;
    };

    const sphere = await placed('s');
    await doing(page, () => page.keyboard.press('Enter'));
    await exactly();
    const side = await handle(0);
    await drag(page, [side, [side[0] + 30, side[1]]]);
    const pulled = (await volume())!;
    expect(pulled.center).toEqual(sphere.center);
    expect(pulled).not.toEqual(sphere);
    await page.screenshot({ path: shotPath('sphere') });
    await page.getByRole('spinbutton', { name: 'Radius' }).fill('0.11');
    await page.keyboard.press('Tab');
    expect(await volume()).toMatchObject({ radius: 0.11 });
    await doing(page, () => page.getByRole('button', { name: 'Select', exact: true }).click());
    await exactly();

    await page.keyboard.press('Escape');
    expect(await volume()).toBeUndefined();
    const box = await placed('k');
    expect(box.shape).toBe('box');
    const top = await handle(1);
    await drag(page, [top, [top[0], top[1] - 20]]);
    const taller = (await volume())!;
    expect(taller).not.toEqual(box);
    await page.getByRole('spinbutton', { name: 'Size x' }).fill('0.2');
    await page.keyboard.press('Tab');
    expect(await volume()).toMatchObject({
      halfExtents: [0.1, expect.any(Number), expect.any(Number)],
    });
    await page.getByRole('button', { name: 'To view' }).click();
    await doing(page, () => page.getByRole('button', { name: 'Select', exact: true }).click());
    await exactly();
    await page.screenshot({ path: shotPath('box') });
    // The middle moves it, and it selects there.
    const { center } = (await volume())!;
    const middle = await page.evaluate((p) => window.splatmend!.project(p), center);
    await drag(page, [
      [middle.clientX, middle.clientY],
      [middle.clientX + 60, middle.clientY + 10],
    ]);
    expect((await volume())!.center).not.toEqual(center);
    await page.locator('#view').focus();
    await doing(page, () => page.keyboard.press('Enter'));
    await exactly();
    await undoneAndRedone(page, 4);
  });

  it('grow, shrink, invert, all, none, hide, lock, save, load and delete, all undone in one go', async () => {
    const page = await open();
    const { count } = (await stateOf(page)).cloud;
    const selected = async () => (await stateOf(page)).selection!;
    const press = (key: string) => doing(page, () => page.keyboard.press(key));
    await clickObject(page, 'ball');
    const ball = await selected();
    await press('.');
    const grown = await selected();
    expect(countSelected(grown)).toBeGreaterThan(countSelected(ball));
    expect(ball.every((v, i) => v <= grown[i]!)).toBe(true);
    await press(',');
    expect(countSelected(await selected())).toBeLessThan(countSelected(grown));
    await press('Control+z');
    await press('Control+z');
    expect(await selected()).toEqual(ball);
    await press('j');
    const withShadow = await selected();
    expect(countSelected(withShadow)).toBeGreaterThanOrEqual(countSelected(ball));
    expect(ball.every((v, i) => v <= withShadow[i]!)).toBe(true);
    await press('Control+z');
    expect(await selected()).toEqual(ball);
    await press('Control+i');
    expect(await selected()).toEqual(ball.map((v) => 1 - v));
    await press('Control+a');
    expect(countSelected(await selected())).toBe(count);
    await press('Control+Shift+a');
    expect(await selectedCount(page)).toBe(0);

    await clickObject(page, 'ball');
    await press('h');
    expect((await stateOf(page)).marks).toEqual(ball.map((v) => v * HIDDEN));
    await press('Control+a');
    expect(await selected()).toEqual(ball.map((v) => 1 - v));
    await press('u');
    expect((await stateOf(page)).marks).toBeUndefined();
    await clickObject(page, 'ball');
    expect(await selected()).toEqual(ball);
    await press('Shift+H');
    expect((await stateOf(page)).marks).toEqual(ball.map((v) => v * LOCKED));
    await clickObject(page, 'vase', ['Shift']);
    await press('Control+a');
    expect(await selected()).toEqual(ball.map((v) => 1 - v));
    await press('Shift+U');

    await clickObject(page, 'vase');
    const vase = await selected();
    await page.getByRole('button', { name: 'Panel' }).click();
    const panel = page.getByRole('complementary');
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save', exact: true }).click();
    const saved = await readFile(await (await download).path());
    await press('Control+Shift+a');
    const chooser = page.waitForEvent('filechooser');
    await panel.getByRole('button', { name: 'Load', exact: true }).click();
    const file = { name: 'vase.json', mimeType: 'application/json', buffer: saved };
    await doing(page, async () => (await chooser).setFiles(file));
    expect(await selected()).toEqual(vase);
    await page.screenshot({ path: shotPath('narrow-panel') });
    await page.getByRole('button', { name: 'Panel' }).click();

    await page.locator('#view').focus();
    await press('Delete');
    const rest = await stateOf(page);
    expect(rest.cloud.count).toBe(count - countSelected(vase));
    expect(rest.selection).toBeUndefined();
    await clickObject(page, 'ball');
    await undoneAndRedone(page, 14);
  });
});

/** How much of a labelled object is selected, and how much of what is selected is the object. */
function hit(selection: Selection | undefined, labels: Uint8Array, id: number) {
  let [right, wrong, all] = [0, 0, 0];
  for (const [i, label] of labels.entries()) {
    if (label === id) all++;
    if (selection?.[i] === 1) label === id ? right++ : wrong++;
  }
  return { recall: right / all, precision: right / Math.max(1, right + wrong) };
}

const cornersOf = ({ x0, y0, x1, y1 }: Region): Point[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** Corners in the middle of a rectangle's sides, clockwise. */
const diamondIn = ({ x0, y0, x1, y1 }: Region): Point[] => [
  [(x0 + x1) / 2, y0],
  [x1, (y0 + y1) / 2],
  [(x0 + x1) / 2, y1],
  [x0, (y0 + y1) / 2],
];

/** Distance of a place from a convex polygon's border, negative inside; clockwise on the page. */
const fromPolygon = (points: readonly Point[]) => (x: number, y: number) =>
  Math.max(
    ...points.map(([ax, ay], k) => {
      const [bx, by] = points[(k + 1) % points.length]!;
      return ((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / Math.hypot(bx - ax, by - ay);
    }),
  );

const expectThrough = (page: Page, points: readonly Point[]) =>
  expectUnder(page, fromPolygon(points));

/** Expects that exactly the splats under a shape are selected, however deep; `distance` is to its border, CSS pixels. */
async function expectUnder(
  page: Page,
  distance: (x: number, y: number) => number,
): Promise<Selection> {
  const { cloud, selection } = await stateOf(page);
  const { camera, box } = await viewOf(page);
  let [inside, missed, strays] = [0, 0, 0];
  for (let i = 0; i < cloud.count; i++) {
    const [x, y, z] = cloud.positions.subarray(i * 3, i * 3 + 3);
    const { u, v, depth } = projectPoint(camera, [x!, y!, z!]);
    const far = distance(
      box.left + (u / camera.width) * box.width,
      box.top + (v / camera.height) * box.height,
    );
    const chosen = selection?.[i] === 1;
    if (chosen && (depth <= 0 || far > BORDER_PX)) strays++;
    if (depth <= 0 || far > -BORDER_PX) continue;
    inside++;
    if (!chosen) missed++;
  }
  expect(inside).toBeGreaterThan(10);
  expect({ missed, strays }).toEqual({ missed: 0, strays: 0 });
  return selection!;
}

/** Expects that around an object's middle on the page its near side is selected, and nothing behind it. */
async function expectNearSide(page: Page, name: string, withinPx: number): Promise<void> {
  const { objects } = await sampleOf(page);
  const { cloud, selection } = await stateOf(page);
  const { camera } = await viewOf(page);
  const { center, radius } = objects.find((o) => o.name === name)!;
  const middle = projectPoint(camera, center);
  const seen = { all: 0, selected: 0 };
  const hidden = { all: 0, selected: 0 };
  for (let i = 0; i < cloud.count; i++) {
    const [x, y, z] = cloud.positions.subarray(i * 3, i * 3 + 3);
    const { u, v, depth } = projectPoint(camera, [x!, y!, z!]);
    if (depth <= 0 || Math.hypot(u - middle.u, v - middle.v) > withinPx) continue;
    const side = depth < middle.depth - radius / 4 ? seen : hidden;
    if (side === hidden && depth < middle.depth + radius / 4) continue;
    side.all++;
    if (selection?.[i] === 1) side.selected++;
  }
  expect(seen.selected / seen.all).toBeGreaterThan(0.9);
  expect(hidden.all).toBeGreaterThan(10);
  expect(hidden.selected / hidden.all).toBeLessThan(0.2);
}

/** Share of what either selects that the other does not. */
function disagreement(a: Selection, b: Selection): number {
  let [either, one] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i]! + b[i]! > 0) either++;
    if (a[i]! !== b[i]!) one++;
  }
  return one / Math.max(1, either);
}

/** Largest root mean square difference of two selected splats' colours, 0..1. */
function colourSpread(dc: Float32Array, selection: Selection): number {
  const rows = [...selection.keys()].filter((i) => selection[i] === 1);
  const colour = (i: number, c: number) => 0.5 + SH_C0 * dc[i * 3 + c]!;
  let most = 0;
  for (const a of rows) {
    for (const b of rows) {
      const sum = [0, 1, 2].reduce((s, c) => s + (colour(a, c) - colour(b, c)) ** 2, 0);
      most = Math.max(most, Math.sqrt(sum / 3));
    }
  }
  return most;
}
