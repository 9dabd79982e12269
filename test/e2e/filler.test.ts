// Who fills the hole, on the built page: an ONNX model picked in the panel, remembered over a reload, deleted; and a
// picture saved, painted and dropped back. Accepts: the model's colour (our LaMa, made greener by 0.5 than anything here is)
// and the painted one (magenta) are what the new splats have, within 0.2 in the channels that tell; the runtime loads only with
// the model; nothing is asked of another host; a file that is no model leaves the filler as it was. Sample seed 1, 12,000 splats.

import { readFileSync } from 'node:fs';
import { decode, encode } from 'fast-png';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { depthModel, lamaModel } from '../support/onnx-paint-models.ts';
import { idle } from './editor-page.ts';
import { editorPages } from './pages.ts';
import { shotPath } from './support.ts';

const QUERY = '?engine=webgl2&backend=cpu&splats=12000&seed=1&views=1&resolution=128';
const WIDE = { width: 1240, height: 800 };

const pages = editorPages(false);

const selectPear = (page: Page) =>
  page.evaluate(async () => {
    const { mender, sample } = window.splatmend!;
    const pear = sample!.objects.find((o) => o.name === 'pear')!;
    await mender.selectVolume(pear.box);
  });

/** Mean colour of the splats that the proposal adds. */
const addedColour = (page: Page) =>
  page.evaluate(() => {
    const { added } = window.splatmend!.mender.proposal!.patch;
    const sum = [0, 0, 0];
    for (let i = 0; i < added.dc.length; i++) {
      sum[i % 3]! += (0.5 + 0.28209479177387814 * added.dc[i]!) / added.count;
    }
    return sum;
  });

const filledBy = (page: Page) => page.getByLabel('Filled by');

async function choose(page: Page, name: string, content: Uint8Array): Promise<void> {
  const chosen = page.waitForEvent('filechooser');
  await filledBy(page).selectOption({ label: 'ONNX model…' });
  await (await chosen).setFiles([
    { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) },
  ]);
}

it('an ONNX model fills, is remembered over a reload, and is deleted', async () => {
  const page = await pages.open(QUERY, WIDE);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await selectPear(page);
  await page.screenshot({ path: shotPath('filler-panel') });
  await page.getByRole('button', { name: 'Remove and mend' }).click();
  await page.getByRole('button', { name: 'Keep', exact: true }).waitFor();
  const built = await addedColour(page);
  expect(asked.filter((url) => /ort/.test(url))).toEqual([]);

  await choose(page, 'noise.onnx', new Uint8Array(500).fill(7));
  await page.getByText(/noise\.onnx: not an ONNX model/).waitFor();
  expect(await filledBy(page).inputValue()).toBe('f:0');

  await choose(
    page,
    'green.onnx',
    new Uint8Array(await lamaModel({ tint: [0, 0.5, 0] }).arrayBuffer()),
  );
  await page.getByText(/LaMa fills the holes from now on.*WASM: green\.onnx .*SHA-256/).waitFor();
  expect(asked.some((url) => /ort.*wasm/.test(url))).toBe(true);
  await page.getByRole('button', { name: 'Try another' }).click();
  await page.getByRole('radio', { name: /^LaMa, filled/ }).waitFor();
  const green = await addedColour(page);
  expect(green[1]! - built[1]!).toBeGreaterThan(0.3);
  expect(Math.abs(green[0]! - built[0]!)).toBeLessThan(0.2);
  await page.screenshot({ path: shotPath('filler-onnx') });

  const depthChosen = page.waitForEvent('filechooser');
  await page.getByLabel('Depth by').selectOption({ label: 'ONNX depth model…' });
  const depth = Buffer.from(await depthModel().arrayBuffer());
  const mimeType = 'application/octet-stream';
  await (await depthChosen).setFiles([{ name: 'depth.onnx', mimeType, buffer: depth }]);
  await page.getByText(/depth-anything-v2 guides the holes’ depth from now on/).waitFor();
  await page.getByRole('button', { name: 'Try another' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.candidates.length === 3);
  const guided = await page.evaluate(
    () => window.splatmend!.mender.proposal!.figures.seconds['guess depth'],
  );
  expect(guided).toBeGreaterThan(0);
  await page.getByLabel('Depth by').selectOption({ label: 'The surfaces around' });
  expect(await page.evaluate(() => window.splatmend!.mender.depth)).toBe(undefined);
  await page.getByRole('button', { name: 'Discard', exact: true }).click();

  await page.reload();
  await page.waitForFunction(() => window.splatmend?.mender.cloud !== undefined);
  await page.getByText('Kept in this browser').waitFor();
  expect(await page.evaluate(() => window.splatmend!.mender.filler.label)).toBe('green.onnx');
  await page.getByRole('button', { name: 'Delete', exact: true }).last().click();
  await page.waitForFunction(() => window.splatmend!.mender.filler.label === 'Built-in');
  expect(await filledBy(page).locator('option').allTextContents()).not.toContain('green.onnx');
  expect(pages.complaints).toEqual([]);
});

it('by hand: the picture is saved with its hole, painted, and dropped back', async () => {
  const page = await pages.open(QUERY, WIDE);
  await selectPear(page);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save picture' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe('tabletop-hole.png');
  const png = decode(readFileSync((await file.path())!));
  expect(png.channels).toBe(4);
  const data = Uint8Array.from(png.data);
  let hole = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3]! > 0) continue;
    hole++;
    data.set([255, 0, 255, 255], i);
  }
  expect(hole).toBeGreaterThan(50);

  const use = async (name: string, bytes: Uint8Array) => {
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Load painted' }).click();
    await (await chosen).setFiles([{ name, mimeType: 'image/png', buffer: Buffer.from(bytes) }]);
  };
  await use('tabletop-hole.png', readFileSync((await file.path())!));
  await page.getByText(/of the hole is still transparent/).waitFor();
  await idle(page);
  expect(await page.evaluate(() => window.splatmend!.mender.proposal)).toBe(undefined);

  // The camera has moved on meanwhile; the picture belongs to the view that was saved.
  await page.keyboard.press('f');
  const painted = Buffer.from(encode({ ...png, data })).toString('base64');
  await page.evaluate((content) => {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'tabletop-hole-painted.png', { type: 'image/png' }));
    const target = document.querySelector('splatmend-editor')!;
    for (const type of ['dragenter', 'dragover', 'drop']) {
      const event = new DragEvent(type, {
        dataTransfer: transfer,
        bubbles: true,
        cancelable: true,
      });
      target.dispatchEvent(event);
    }
  }, painted);
  await page.getByRole('button', { name: 'Keep', exact: true }).waitFor();
  const [r, g, b] = await addedColour(page);
  expect(r).toBeGreaterThan(0.7);
  expect(g).toBeLessThan(0.3);
  expect(b).toBeGreaterThan(0.7);
  await page.screenshot({ path: shotPath('filler-by-hand') });
  expect(pages.complaints).toEqual([]);
});
