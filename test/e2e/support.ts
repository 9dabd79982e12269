import { tmpdir } from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { build } from 'vite';
import type { DebugHandle } from '../../samples/editor/main.ts';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.mjs';
import { serveFolder } from '../support/serve.ts';

declare global {
  interface Window {
    splatmend?: DebugHandle;
  }
}

const DIST = path.resolve('dist/samples');

/** Builds the page as `npm run build` does, unless the whole suite's run just did, and serves the result. */
export async function serveBuiltEditor(): Promise<{ url: string; close(): Promise<void> }> {
  if (process.env.SPLATMEND_BUILT === undefined) await build({ logLevel: 'error' });
  const { url, close } = await serveFolder(DIST);
  return { url: `${url}/editor/`, close };
}

/** Chromium with WebGPU on SwiftShader; `webgpu: false` gives one that has WebGL2 only. */
export function launchChromium(webgpu = true): Promise<Browser> {
  const executablePath = findChromium();
  const args = webgpu
    ? CHROMIUM_ARGS
    : [
        ...CHROMIUM_ARGS.filter((a) => !/webgpu/i.test(a)),
        '--disable-features=WebGPU,WebGPUService',
      ];
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args,
    headless: true,
  });
}

/** An opened editor in a profile of its own, with everything that its console complained about. */
export interface Opened {
  page: Page;
  context: BrowserContext;
  complaints: string[];
}

export async function openEditor(
  browser: Browser,
  url: string,
  query: string,
  viewport = { width: 720, height: 560 },
): Promise<Opened> {
  const context = await browser.newContext({
    viewport,
    colorScheme: 'dark',
    acceptDownloads: true,
  });
  // Chromium's own picker cannot be driven from here; the other browsers' way can.
  await context.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    // The page and its worker run without anything from outside.
    if (!request.url().startsWith(new URL(url).origin) && !/^(blob|data):/.test(request.url())) {
      complaints.push(`asked for ${request.url()}`);
    }
  });
  await page.goto(url + query);
  await page.waitForFunction(() => window.splatmend?.mender.cloud !== undefined);
  await settle(page);
  return { page, context, complaints };
}

/** Waits until the picture is final. */
export function settle(page: Page): Promise<void> {
  return page.evaluate(() => window.splatmend!.viewer.settle());
}

export interface Picture {
  width: number;
  height: number;
  /** RGB or RGBA, see `channels`. */
  data: Uint8Array;
  channels: number;
}

/** Where a picture for people goes: the system's folder for temporary files. */
export const shotPath = (name: string) => path.join(tmpdir(), `splatmend-e2e-${name}.png`);

/** The settled picture without the panels over it, as the user sees it; also kept as a file when named. */
export async function picture(page: Page, name?: string): Promise<Picture> {
  await settle(page);
  // The compositor shows a presented frame on its next one.
  await page.evaluate(
    () => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))),
  );
  const png = await page.screenshot({
    ...(name === undefined ? {} : { path: shotPath(name) }),
    style:
      '.stage > :not(.picture), splatmend-toolbar, splatmend-panel, splatmend-tool-overlay, .cross { visibility: hidden !important } .picture::after { box-shadow: none !important }',
  });
  const { width, height, data, channels } = decode(png);
  return { width, height, data: Uint8Array.from(data), channels };
}

export interface Region {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** How two pictures differ inside and outside a region: mean and largest difference of a channel, 0..255. */
export function compare(a: Picture, b: Picture, region: Region) {
  const stat = () => ({ mean: 0, max: 0, pixels: 0, changed: 0 });
  const inside = stat();
  const outside = stat();
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      const within = x >= region.x0 && x < region.x1 && y >= region.y0 && y < region.y1;
      const to = within ? inside : outside;
      let most = 0;
      for (let c = 0; c < 3; c++) {
        const at = (y * a.width + x) * a.channels + c;
        const d = Math.abs(a.data[at]! - b.data[at]!);
        to.mean += d / 3;
        most = Math.max(most, d);
      }
      to.pixels++;
      if (most > 0) to.changed++;
      to.max = Math.max(to.max, most);
    }
  }
  for (const s of [inside, outside]) s.mean /= Math.max(1, s.pixels);
  return { inside, outside };
}

/** A sample object's place on the page: its middle, the rectangle around its box, and that grown by `marginPx`. */
export async function objectOnPage(page: Page, name: string, marginPx: number) {
  return page.evaluate(
    ([wanted, margin]) => {
      const { sample, project } = window.splatmend!;
      const object = sample!.objects.find((o) => o.name === wanted)!;
      const middle = project(object.center);
      const corners = [-1, 1].flatMap((i) =>
        [-1, 1].flatMap((j) =>
          [-1, 1].map((k) => {
            const { axes, halfExtents: h, center } = object.box;
            const p = [0, 1, 2].map(
              (d) =>
                center[d]! +
                i * h[0] * axes[0][d]! +
                j * h[1] * axes[1][d]! +
                k * h[2] * axes[2][d]!,
            );
            return project(p as [number, number, number]);
          }),
        ),
      );
      const xs = corners.map((c) => c.clientX);
      const ys = corners.map((c) => c.clientY);
      const around = (by: number) => ({
        x0: Math.min(...xs) - by,
        y0: Math.min(...ys) - by,
        x1: Math.max(...xs) + by,
        y1: Math.max(...ys) + by,
      });
      return {
        id: object.id,
        x: middle.clientX,
        y: middle.clientY,
        box: around(0),
        region: around(margin),
      };
    },
    [name, marginPx] as const,
  );
}

interface DroppedFile {
  name: string;
  content: string | Uint8Array;
  type?: string;
}

/** Drops files together, as a drag from the desktop would. @param on where, a selector */
export async function dropFiles(
  page: Page,
  files: readonly DroppedFile[],
  on = '#view',
): Promise<void> {
  const transfer = await page.evaluateHandle(
    (all) => {
      const data = new DataTransfer();
      for (const { name, base64, type } of all) {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      return data;
    },
    files.map(({ name, content, type = '' }) => ({
      ...{ name, type },
      base64: Buffer.from(content).toString('base64'),
    })),
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent(on, type, { dataTransfer: transfer });
  }
}

/** Drops a file on the page. */
export const dropFile = (page: Page, name: string, content: string | Uint8Array, type = '') =>
  dropFiles(page, [{ name, content, type }]);
