import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium, type Opened, openEditor, serveBuiltEditor } from './support.ts';

/** The built editor, served to one browser for a file's tests; the page that a test opened is closed after it. */
export function editorPages(webgpu = true) {
  let server: Awaited<ReturnType<typeof serveBuiltEditor>>;
  let browser: Browser;
  let opened: Opened | undefined;
  beforeAll(async () => {
    server = await serveBuiltEditor();
    browser = await launchChromium(webgpu);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    await opened?.context.close();
    opened = undefined;
  });
  return {
    get browser() {
      return browser;
    },
    get url() {
      return server.url;
    },
    /** What the opened page's console complained about, and what it asked for elsewhere. */
    get complaints() {
      return opened!.complaints;
    },
    /** @param by another browser than the file's */
    async open(query: string, viewport?: { width: number; height: number }, by = browser) {
      opened = await openEditor(by, server.url, query, viewport);
      return opened.page;
    },
    async close() {
      await opened?.context.close();
      opened = undefined;
    },
  };
}
