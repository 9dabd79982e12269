// The sample pages of the build, one a host: Splatmend in a Babylon scene and in a GaussianSplats3D viewer.
// Accepts: a click on an object's middle selects it (over 8 in 10 of its splats, by the generated scene's labels, and
// over 7 in 10 of what is selected); removed and kept, its place on the picture changes by a mean of over 2 of 255;
// undone, the cloud's bytes are the scene's and the picture is that of before within a mean of 1 (engines sort and
// blend in their own number types); a drag turns the view and selects nothing. 8,000 splats, seed 1: a software GPU
// draws GaussianSplats3D's one by one, all the time.

import { decode } from 'fast-png';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { projectPoint } from '../../core/camera.ts';
import { countSelected } from '../../core/selection.ts';
import type { MendHost } from '../../plugin/host.ts';
import { generateTabletop, type TabletopScene } from '../../samples/scenes/tabletop.ts';
import { firstDifference } from '../support/clouds.ts';
import { drag, stateOf } from './editor-page.ts';
import { compare, launchChromium, type Picture, serveBuiltEditor, shotPath } from './support.ts';

/** What the sample pages leave at `window.splatmend`, besides the mender. */
interface SampleHandle {
  host: MendHost;
}
const SPLATS = 8_000;
const VIEWPORT = { width: 760, height: 420 };
/** The panel's width, CSS pixels. */
const PANEL_PX = 320;
const EVERYWHERE = { x0: 0, y0: 0, x1: Infinity, y1: Infinity };

let server: Awaited<ReturnType<typeof serveBuiltEditor>>;
let browser: Browser | undefined;
let scene: TabletopScene;
let context: BrowserContext | undefined;
beforeAll(async () => {
  scene = generateTabletop({ splats: SPLATS, seed: 1 });
  server = await serveBuiltEditor();
});
afterAll(async () => {
  await server?.close();
});
afterEach(async () => {
  await context?.close();
  await browser?.close();
  browser = undefined;
  context = undefined;
});

it.each(['babylon', 'gaussian-splats-3d'])('%s: select, remove, keep and undo', async (name) => {
  // GaussianSplats3D draws all the time: with a software GPU its WebGL frames leave WebGPU's work no turn.
  const { page, complaints } = await open(name, name === 'babylon');
  const before = await picture(page, `${name}-before`);
  const mug = await onPage(page, 'mug');
  await page.mouse.click(mug.x, mug.y);
  await page.waitForFunction(() => window.splatmend!.mender.selectedCount > 0);
  const { selection } = await stateOf(page);
  const { recall, precision } = hit(selection!, mug.id);
  expect(recall).toBeGreaterThan(0.8);
  expect(precision).toBeGreaterThan(0.7);
  const tinted = await picture(page, `${name}-selected`);
  expect(compare(before, tinted, mug.box).inside.mean).toBeGreaterThan(8);

  await page.getByRole('button', { name: 'Remove and mend' }).click();
  const keep = page.getByRole('button', { name: 'Keep' });
  await keep.waitFor({ timeout: 240_000 });
  await page.screenshot({ path: shotPath(`${name}-proposal`) });
  await keep.click();
  await page.waitForFunction(() => window.splatmend!.mender.undoLabel?.startsWith('Remove'));
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
  const kept = await stateOf(page);
  expect(kept.cloud.count).toBeGreaterThan(scene.cloud.count - countSelected(selection!));
  const after = await picture(page, `${name}-after`);
  expect(compare(before, after, mug.box).inside.mean).toBeGreaterThan(2);

  // The page has no keys of its own: what it has is the mender.
  await page.evaluate(async () => {
    while (window.splatmend!.mender.canUndo) await window.splatmend!.mender.undo();
  });
  expect(firstDifference((await stateOf(page)).cloud, scene.cloud)).toBeUndefined();
  const { inside } = compare(before, await picture(page), EVERYWHERE);
  expect(inside.mean).toBeLessThan(1);

  const [x, y] = [mug.x, mug.y];
  await drag(page, [
    [x, y],
    [x + 60, y],
  ]);
  const turned = await picture(page);
  expect(compare(before, turned, EVERYWHERE).inside.mean).toBeGreaterThan(2);
  expect((await stateOf(page)).selection).toBeUndefined();
  expect(complaints).toEqual([]);
});

/** Opens a sample page, made quick: one small view fills the hole. */
async function open(name: string, webgpu: boolean): Promise<{ page: Page; complaints: string[] }> {
  browser = await launchChromium(webgpu);
  context = await browser.newContext({ viewport: VIEWPORT, colorScheme: 'dark' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Babylon warns of a part that was left out where it would be needed.
    const misses = /needs to be imported/.test(message.text());
    if (message.type() === 'error' || misses) complaints.push(message.text());
  });
  await page.goto(new URL(`../${name}/?splats=${SPLATS}`, server.url).href);
  await page.waitForFunction(() => window.splatmend?.mender.cloud !== undefined);
  await page.evaluate(() => {
    document.querySelector('splatmend-panel')!.removeOptions = { views: 1, resolution: 160 };
  });
  return { page, complaints };
}

/** The picture beside the panel as the user sees it, drawn and sorted to the end. */
async function picture(page: Page, name?: string): Promise<Picture> {
  await page.evaluate(async () => {
    const { host } = window.splatmend as unknown as SampleHandle;
    (await host.capture()).close();
    // The compositor shows a presented frame on its next one.
    await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
  });
  const clip = { x: 0, y: 0, width: VIEWPORT.width - PANEL_PX, height: VIEWPORT.height };
  const png = await page.screenshot({ clip });
  if (name !== undefined) await page.screenshot({ path: shotPath(name) });
  const { width, height, data, channels } = decode(png);
  return { width, height, data: Uint8Array.from(data), channels };
}

/** Where an object is on the page: its middle, and a box around its own. */
async function onPage(page: Page, name: string) {
  const { camera, box } = await page.evaluate(() => {
    const { host } = window.splatmend as unknown as SampleHandle;
    const { left, top, width, height } = host.element.getBoundingClientRect();
    return { camera: host.currentCamera(), box: { left, top, width, height } };
  });
  const object = scene.objects.find((o) => o.name === name)!;
  const { u, v, depth } = projectPoint(camera, object.center);
  const scale = box.width / camera.width;
  const [x, y] = [box.left + u * scale, box.top + v * scale];
  const half = Math.min(...object.box.halfExtents) * (camera.fx / depth) * scale;
  return { id: object.id, x, y, box: { x0: x - half, y0: y - half, x1: x + half, y1: y + half } };
}

function hit(selection: Uint8Array, id: number) {
  let [right, wrong, all] = [0, 0, 0];
  for (const [i, label] of scene.labels.entries()) {
    if (label === id) all++;
    if (selection[i] === 1) label === id ? right++ : wrong++;
  }
  return { recall: right / all, precision: right / Math.max(1, right + wrong) };
}
