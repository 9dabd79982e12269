/** What a user does in the opened editor page and what it then holds, for the acceptance tests. */
import type { Page } from 'playwright';
import type { Camera } from '../../core/camera.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { TabletopObject } from '../../samples/scenes/tabletop.ts';
import { objectOnPage, settle } from './support.ts';

export type Point = readonly [x: number, y: number];
export type Modifier = 'Shift' | 'Control';

/** A copy of what the editor holds. */
export interface PageState {
  cloud: SplatCloud;
  selection: Selection | undefined;
  marks: Uint8Array | undefined;
}

/** The view and where it is on the page. */
export interface PageView {
  camera: Camera;
  /** CSS pixels. */
  box: { left: number; top: number; width: number; height: number };
}

export const stateOf = (page: Page): Promise<PageState> =>
  page.evaluate(() => {
    const { cloud, selection, marks } = window.splatmend!.mender;
    return { cloud: cloud!, selection, marks };
  });

export const viewOf = (page: Page): Promise<PageView> =>
  page.evaluate(() => {
    const { host } = window.splatmend!.viewer;
    const { left, top, width, height } = host.element.getBoundingClientRect();
    return { camera: host.currentCamera(), box: { left, top, width, height } };
  });

/** The sample's truth: each splat's object as it was opened, 0 = room. */
export const sampleOf = (
  page: Page,
): Promise<{ labels: Uint8Array; objects: TabletopObject[]; cloud: SplatCloud }> =>
  page.evaluate(() => {
    const { labels, objects, cloud } = window.splatmend!.sample!;
    return { labels, objects, cloud };
  });

export const selectedCount = (page: Page) =>
  page.evaluate(() => window.splatmend!.mender.selectedCount);

/** Waits until nothing runs. */
export async function idle(page: Page): Promise<void> {
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
}

/** Does something that must change or confirm the selection or the scene, and waits until it has. */
export async function doing(page: Page, act: () => Promise<unknown>): Promise<void> {
  await page.evaluate(() => {
    const heard = { selection: false, free: false };
    const { mender } = window.splatmend!;
    const stop = new AbortController();
    (window as { heard?: unknown }).heard = heard;
    const look = () => {
      heard.free = heard.selection && mender.task === undefined;
      if (heard.free) stop.abort();
    };
    const hear = () => {
      heard.selection = true;
      look();
    };
    mender.addEventListener('selection', hear, { signal: stop.signal });
    mender.addEventListener('busy', look, { signal: stop.signal });
  });
  await act();
  await page.waitForFunction(() => (window as { heard?: { free: boolean } }).heard?.free === true);
}

export async function holding(
  page: Page,
  keys: readonly Modifier[],
  doing: () => Promise<void>,
): Promise<void> {
  for (const key of keys) await page.keyboard.down(key);
  await doing();
  for (const key of [...keys].reverse()) await page.keyboard.up(key);
}

/** Draws with the first button held, in small moves as a hand would. */
export async function drag(
  page: Page,
  points: readonly Point[],
  keys: readonly Modifier[] = [],
): Promise<void> {
  const [first, ...others] = points;
  await holding(page, keys, async () => {
    await page.mouse.move(first![0], first![1]);
    await page.mouse.down();
    for (const [x, y] of others) await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
  });
}

/** Clicks the middle of a sample object with the tool in hand and waits for what comes of it. */
export async function clickObject(page: Page, name: string, keys: readonly Modifier[] = []) {
  const at = await objectOnPage(page, name, 0);
  await doing(page, () => holding(page, keys, () => page.mouse.click(at.x, at.y)));
  return at;
}

/** Undoes everything. @returns how many steps there were */
export async function undoAll(page: Page): Promise<number> {
  let steps = 0;
  for (; await page.evaluate(() => window.splatmend!.mender.canUndo); steps++) {
    await doing(page, () => page.keyboard.press('Control+z'));
  }
  return steps;
}

/** Redoes everything. @returns how many steps there were */
export async function redoAll(page: Page): Promise<number> {
  let steps = 0;
  for (; await page.evaluate(() => window.splatmend!.mender.canRedo); steps++) {
    await doing(page, () => page.keyboard.press('Control+Shift+z'));
  }
  return steps;
}

/** Puts the picture of a tin, on nothing, into the clipboard. */
export async function copyTin(page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(240, 320);
    const context = canvas.getContext('2d')!;
    const [x, r, top, bottom] = [120, 80, 50, 270];
    const round = (dark: string, light: string) => {
      const shade = context.createLinearGradient(x - r, 0, x + r, 0);
      for (const [at, colour] of [
        [0, dark],
        [0.35, light],
        [1, dark],
      ] as const) {
        shade.addColorStop(at, colour);
      }
      return shade;
    };
    /** A band around it, between two heights. */
    const band = (y0: number, y1: number, fill: CanvasGradient | string) => {
      context.fillStyle = fill;
      context.beginPath();
      context.ellipse(x, y1, r, 20, 0, 0, Math.PI);
      context.ellipse(x, y0, r, 20, 0, Math.PI, 0, true);
      context.fill();
    };
    band(top, bottom, round('#8d5a12', '#f2c04a'));
    band(120, 185, round('#4a1512', '#a8362c'));
    context.fillStyle = '#d9d4c8';
    context.beginPath();
    context.ellipse(x, top, r, 20, 0, 0, 2 * Math.PI);
    context.fill();
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
  });
}

/** The view turned about what it looks at, degrees. */
export async function orbit(page: Page, degrees: number): Promise<void> {
  await page.evaluate(
    (by) => {
      const { viewer } = window.splatmend!;
      const { view } = viewer;
      viewer.view = { ...view, orbit: { ...view.orbit, azimuth: view.orbit.azimuth + by } };
    },
    (degrees * Math.PI) / 180,
  );
  await settle(page);
}
