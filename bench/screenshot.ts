/**
 * `npm run bench -- screenshot [--object vase] [--out docs/images]`
 * makes the docs' pictures of the editor: the built page in Chromium with the sample scene, in its main states.
 * Writes editor.jpg (an object clicked), editor-light.jpg (a sphere placed, light theme), editor-mask.jpg (the hole
 * looked at), editor-removal.jpg (a removal that waits, with the slider).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import {
  launchChromium,
  objectOnPage,
  openEditor,
  serveBuiltEditor,
  settle,
} from '../test/e2e/support.ts';

/** A removal on a machine without a GPU takes its time. */
const PATIENCE = { timeout: 300_000 };

/** Each state from the one before it. */
const STATES: Record<string, (page: Page, object: string) => Promise<unknown>> = {
  async editor(page, object) {
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
};

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      object: { type: 'string', default: 'vase' },
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
    }
  } finally {
    await browser.close();
    await server.close();
  }
}
