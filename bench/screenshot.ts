/**
 * `npm run bench -- screenshot [--object vase] [--until STATE] [--out docs/images]`
 * makes the docs' pictures of the editor: the built page in Chromium with the sample scene, in its main states.
 * Writes editor-photo.jpg (the dialog for a photo, with its depth), editor.jpg (an object clicked), editor-light.jpg (a sphere placed, light theme), editor-mask.jpg (the hole
 * looked at), editor-removal.jpg (a removal that waits, with the slider), editor-insert.jpg (an image being placed),
 * editor-inserted.jpg (what came of it, from the side), editor-extend.jpg (an extension that waits, with the slider); with --until no
 * more than what comes up to that one.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { copyTin, drag, orbit } from '../test/e2e/editor-page.ts';
import {
  dropFiles,
  launchChromium,
  objectOnPage,
  openEditor,
  serveBuiltEditor,
  settle,
} from '../test/e2e/support.ts';
import { takePhoto } from '../test/e2e/test-photo.ts';
import { pngWithExif } from '../test/support/exif.ts';

/** A removal on a machine without a GPU takes its time. */
const PATIENCE = { timeout: 300_000 };

/** Each state from the one before it. */
const STATES: Record<string, (page: Page, object: string) => Promise<unknown>> = {
  async 'editor-photo'(page) {
    const { png, npy, fovDeg } = await takePhoto(640, 480, 150_000);
    // As its camera would have written it: whole mm, by the diagonal.
    const focal35 = Math.round((43.27 * 0.8) / 2 / Math.tan((fovDeg * Math.PI) / 360));
    await dropFiles(page, [
      { name: 'table.png', content: pngWithExif(png, { focal35 }), type: 'image/png' },
      { name: 'table-depth.npy', content: npy },
    ]);
    await page.getByText('table-depth.npy').waitFor(PATIENCE);
  },
  async editor(page, object) {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'A scene from a photo' }).waitFor({ state: 'hidden' });
    const { x, y } = await objectOnPage(page, object, 0);
    await page.mouse.click(x, y);
    await page.waitForFunction(() => {
      const { selectedCount, task } = window.splatmend!.mender;
      return selectedCount > 0 && task === undefined;
    });
  },
  async 'editor-mask'(page) {
    await page.getByLabel('Check the mask before mending').check();
    await page.getByRole('button', { name: 'Remove and mend' }).click();
    await page.getByRole('button', { name: 'Mend', exact: true }).waitFor(PATIENCE);
  },
  async 'editor-removal'(page) {
    await page.getByRole('button', { name: 'Mend', exact: true }).click();
    await page.waitForFunction(
      () => window.splatmend!.mender.proposal && !window.splatmend!.mender.task,
      undefined,
      PATIENCE,
    );
    await page.keyboard.press('x');
    await page.getByRole('slider', { name: /before/i }).waitFor(PATIENCE);
    await page.waitForTimeout(5000);
  },
  async 'editor-light'(page) {
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    const { x, y } = await objectOnPage(page, 'cube', 0);
    await page.keyboard.press('s');
    await page.mouse.click(x, y);
    await page.waitForTimeout(1000);
  },
  async 'editor-insert'(page) {
    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    await page.keyboard.press('v');
    await copyTin(page);
    await page.keyboard.press('Control+v');
    const stage = page.getByRole('application', { name: /The view with the image/ });
    await stage.waitFor(PATIENCE);
    for (let k = 0; k < 8; k++) await page.keyboard.press('-');
    const { x, y, width, height } = (await stage.boundingBox())!;
    await drag(page, [
      [x + width * 0.5, y + height * 0.5],
      [x + width * 0.41, y + height * 0.49],
    ]);
  },
  async 'editor-inserted'(page) {
    await page.getByLabel('Attach').selectOption('standing');
    await page.getByRole('button', { name: 'Insert', exact: true }).click();
    await page.waitForFunction(
      () => window.splatmend!.mender.insertion && !window.splatmend!.mender.task,
      undefined,
      PATIENCE,
    );
    // The slider was left on.
    await page.keyboard.press('x');
    await orbit(page, 20);
  },
  async 'editor-extend'(page) {
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
    // Back, and up to where the walls end.
    await page.evaluate(() => {
      const { viewer } = window.splatmend!;
      const { orbit, ...view } = viewer.view;
      const to = {
        azimuth: orbit.azimuth - 0.25,
        elevation: -0.05,
        distance: 1.9 * orbit.distance,
      };
      viewer.view = { ...view, orbit: { ...orbit, ...to } };
    });
    await page.keyboard.press('g');
    await page.getByRole('button', { name: 'Extend', exact: true }).click();
    await page.waitForFunction(
      () => window.splatmend!.mender.extension && !window.splatmend!.mender.task,
      undefined,
      PATIENCE,
    );
    await page.keyboard.press('x');
    await page.getByRole('slider', { name: /before/i }).waitFor(PATIENCE);
    await page.waitForTimeout(5000);
  },
};

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      object: { type: 'string', default: 'vase' },
      until: { type: 'string' },
      out: { type: 'string', default: 'docs/images' },
    },
  });
  const server = await serveBuiltEditor();
  const browser = await launchChromium();
  try {
    const { page, complaints } = await openEditor(browser, server.url, '');
    await page.setViewportSize({ width: 1200, height: 750 });
    await settle(page);
    await mkdir(values.out, { recursive: true });
    for (const [name, reach] of Object.entries(STATES)) {
      await reach(page, values.object);
      await settle(page);
      if (complaints.length > 0) throw new Error(`screenshot: ${complaints.join('; ')}`);
      const path = join(values.out, `${name}.jpg`);
      await page.screenshot({ path, type: 'jpeg', quality: 85 });
      console.log(`written: ${path}`);
      if (name === values.until) break;
    }
  } finally {
    await browser.close();
    await server.close();
  }
}
