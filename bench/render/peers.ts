/** Draws the same clouds in Chromium with our renderer and with the engines, in turns. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { writeSplats } from '../../core/formats/index.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { launchChromium } from '../../test/e2e/support.ts';
import { serveFolder } from '../../test/support/serve.ts';
import { buildPage, ISOLATED } from '../build.ts';
import type { Row } from '../score/record.ts';
import type {} from './page/main.ts';
import { browserPeakMb, childrenCpuMs } from './processes.ts';
import { turned, type View } from './views.ts';

export const ENGINES = [
  'cpu',
  'webgpu',
  'playcanvas',
  'babylon',
  'gaussian-splats-3d',
  'spark',
] as const;
export type EngineName = (typeof ENGINES)[number];

export interface BenchCloud {
  name: string;
  cloud: SplatCloud;
  view: View;
}

export interface PeerOptions {
  clouds: readonly BenchCloud[];
  sizes: readonly (readonly [width: number, height: number])[];
  engines: readonly EngineName[];
  /** Timed pictures an engine, after one that is not counted. */
  runs: number;
  /** Folder for every engine's last picture. */
  png: string | undefined;
  say: (line: string) => void;
}

const WAIT_MS = 600_000;

/** The built page and one cloud as a PLY file, on an isolated origin: engines that share memory with their workers may. */
async function serve(ply: () => Uint8Array): Promise<{ url: string; close(): Promise<void> }> {
  return serveFolder(await buildPage('bench/render/page'), {
    headers: ISOLATED,
    made: (pathname) => (pathname === '/cloud.ply' ? ply() : undefined),
  });
}

async function open(
  browser: Browser,
  url: string,
  engine: EngineName,
  [width, height]: readonly [number, number],
): Promise<{ page: Page; name: string }> {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(`${url}/?engine=${engine}&cloud=cloud.ply&width=${width}&height=${height}`);
  await page.waitForFunction(() => window.renderBench ?? window.renderBenchError);
  const failed = await page.evaluate(() => window.renderBenchError);
  if (failed !== undefined) throw new Error(`render: ${engine}: ${failed}`);
  return { page, name: await page.evaluate(() => window.renderBench!.name) };
}

const frame = (page: Page, view: View) =>
  page.evaluate((from) => window.renderBench!.frame(from), view);

async function savePicture(page: Page, folder: string, name: string): Promise<void> {
  const url = await page.evaluate(() => window.renderBench!.picture());
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.png`), Buffer.from(url.split(',')[1]!, 'base64'));
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;

/**
 * A row a cloud, size and engine: milliseconds from a view that nobody has sorted for to its pixels, best and
 * median, and the processor time of all of Chromium's processes meanwhile. The engines take turns, picture by picture, so that
 * what else the machine does hits all alike.
 */
export async function benchPeers(options: PeerOptions): Promise<{ frames: Row[]; memory: Row[] }> {
  const { clouds, sizes, engines, runs, png, say } = options;
  let ply = new Uint8Array();
  const server = await serve(() => ply);
  const frames: Row[] = [];
  const memory: Row[] = [];
  try {
    for (const { name: cloudName, cloud, view } of clouds) {
      ply = new Uint8Array(await writeSplats(cloud, 'ply'));
      for (const size of sizes) {
        const browser = await launchChromium();
        const at = { splats: cloudName, size: size.join('×') };
        try {
          const players = [];
          for (const engine of engines) {
            players.push({ engine, ...(await open(browser, server.url, engine, size)) });
          }
          const timed = players.map(() => ({ wall: [] as number[], cpu: [] as number[] }));
          for (let k = 0; k <= runs; k++) {
            for (const [e, { page, engine }] of players.entries()) {
              const cpu = childrenCpuMs();
              const wall = await frame(page, turned(view, k)).catch((error) => {
                throw new Error(`render: ${engine}, picture ${k}: ${error.message}`);
              });
              // The first compiles shaders and code.
              if (k === 0) continue;
              timed[e]!.wall.push(wall);
              timed[e]!.cpu.push(childrenCpuMs() - cpu);
            }
          }
          for (const [e, { engine, page, name }] of players.entries()) {
            const { wall, cpu } = timed[e]!;
            const row: Row = {
              ...at,
              engine: name,
              'best, ms': Math.round(Math.min(...wall)),
              'median, ms': Math.round(median(wall)),
              'median cpu, ms': Math.round(median(cpu)),
            };
            frames.push(row);
            say(Object.values(row).join('\t'));
            if (png !== undefined) {
              await savePicture(page, png, `${cloudName}-${at.size}-${engine}`.replace('×', 'x'));
            }
          }
        } finally {
          await browser.close();
        }
      }
      if (cloudName !== clouds.at(-1)!.name) continue;
      for (const engine of engines) {
        const browser = await launchChromium();
        try {
          const { page, name } = await open(browser, server.url, engine, sizes.at(-1)!);
          await frame(page, turned(view, 0));
          const { page: pageMb, gpu } = browserPeakMb();
          const row: Row = {
            splats: cloudName,
            size: sizes.at(-1)!.join('×'),
            engine: name,
            'page and its workers, peak MB': pageMb,
            'GPU process, peak MB': gpu,
          };
          memory.push(row);
          say(Object.values(row).join('\t'));
        } finally {
          await browser.close();
        }
      }
    }
  } finally {
    await server.close();
  }
  return { frames, memory };
}
