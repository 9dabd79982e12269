// The segment tool on the built page: two ONNX files picked in the menu, then clicks. Accepts: the tool is there once
// the models are; with our models, which mean what is bright in red within DISC model pixels of a point, every splat
// selected lies within that distance of the click (and 4 px, for splats have a size), one that says "not this" leaves
// none nearer to it than to the first, and undo brings back what was. The runtime loads from the page's own files, and
// only then. Sample seed 1, 20,000 splats; CPU and WebGL2, because the models run on WASM either way.
import { expect, it } from 'vitest';
import { projectPoint, type Vec3 } from '../../core/camera.ts';
import { DISC, slimDecoder, slimEncoder } from '../support/onnx-model.ts';
import {
  doing,
  type PageState,
  type PageView,
  selectedCount,
  stateOf,
  viewOf,
} from './editor-page.ts';
import { editorPages } from './pages.ts';
import { objectOnPage, shotPath } from './support.ts';

const SPLAT_PX = 4;

const pages = editorPages(false);

/** Where the selected splats are in the view, page pixels. */
function places({ cloud, selection }: PageState, { camera, box }: PageView): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < cloud.count; i++) {
    if (selection?.[i] !== 1) continue;
    const { u, v } = projectPoint(
      camera,
      cloud.positions.slice(i * 3, i * 3 + 3) as unknown as Vec3,
    );
    out.push([
      box.left + (u / camera.width) * box.width,
      box.top + (v / camera.height) * box.height,
    ]);
  }
  return out;
}

it('loads two models, and selects what they mean by clicks', async () => {
  const page = await pages.open('?engine=webgl2&backend=cpu&splats=20000&seed=1');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const tool = page.getByRole('button', { name: 'Segment', exact: true });
  expect(await tool.count()).toBe(0);
  await page.keyboard.press('m');
  expect(await page.evaluate(() => window.splatmend!.tools.state.tool)).toBe('object');

  await page.getByRole('button', { name: 'Recent files and sessions' }).click();
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Load a segmenter' }).click();
  const file = async (name: string, blob: Blob) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(await blob.arrayBuffer()),
  });
  expect(asked.filter((url) => /ort/.test(url))).toEqual([]);
  await (await chosen).setFiles([
    await file('decoder.onnx', slimDecoder()),
    await file('vision_encoder.onnx', slimEncoder()),
  ]);
  await page.getByText(/asks slimsam on WASM: vision_encoder.onnx .*SHA-256/).waitFor();
  expect(asked.some((url) => /ort.*wasm/.test(url))).toBe(true);
  await tool.waitFor();
  await page.locator('canvas').focus();
  await page.keyboard.press('m');
  expect(await tool.getAttribute('aria-pressed')).toBe('true');

  const { x, y } = await objectOnPage(page, 'pear', 0);
  await doing(page, () => page.mouse.click(x, y));
  const view = await viewOf(page);
  const pagePx = Math.max(view.box.width, view.box.height) / 1024;
  const first = places(await stateOf(page), view);
  expect(first.length).toBeGreaterThan(50);
  for (const [px, py] of first) {
    expect(Math.hypot(px - x, py - y)).toBeLessThan(DISC * pagePx + SPLAT_PX);
  }
  await page.screenshot({ path: shotPath('segment-one') });

  const not = [x + 0.4 * DISC * pagePx, y] as const;
  await page.keyboard.down('Control');
  await doing(page, () => page.mouse.click(...not));
  await page.keyboard.up('Control');
  const second = places(await stateOf(page), view);
  expect(second.length).toBeGreaterThan(20);
  expect(second.length).toBeLessThan(first.length);
  const middle = (x + not[0]) / 2;
  for (const [px] of second) expect(px).toBeLessThan(middle + SPLAT_PX);
  await page.screenshot({ path: shotPath('segment-not-this') });

  await doing(page, () => page.keyboard.press('Control+z'));
  expect(await selectedCount(page)).toBe(first.length);
  expect(pages.complaints).toEqual([]);
});
