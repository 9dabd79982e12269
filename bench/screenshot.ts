/**
 * `npm run bench -- screenshot [--object vase] [--out docs/images]`
 * makes the README's picture of the editor: the built page in Chromium with the sample scene, an object clicked. Writes editor.jpg.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  launchChromium,
  objectOnPage,
  openEditor,
  serveBuiltEditor,
  settle,
} from '../test/e2e/support.ts';

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
    const { x, y } = await objectOnPage(page, values.object, 0);
    await page.mouse.click(x, y);
    await page.waitForFunction(() => {
      const { selectedCount, task } = window.splatmend!.mender;
      return selectedCount > 0 && task === undefined;
    });
    await settle(page);
    if (complaints.length > 0) throw new Error(`screenshot: ${complaints.join('; ')}`);
    await mkdir(values.out, { recursive: true });
    const path = join(values.out, 'editor.jpg');
    await page.screenshot({ path, type: 'jpeg', quality: 88 });
    console.log(`written: ${path}`);
  } finally {
    await browser.close();
    await server.close();
  }
}
