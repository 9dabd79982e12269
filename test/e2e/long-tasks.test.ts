/**
 * The page stays awake while it works: no task of its main thread over 200 ms during select, remove, compare, keep
 * and undo, on 400,000 generated splats (seed 1), the most that the page makes. The real scene of 1.18 million is
 * `npm run bench -- kitchen`. The thread's own work is held to it always. Time on the clock has one more try: the
 * drawing that SwiftShader does on the processor, and other programs, can keep a task from its turn, and no trace
 * tells that from waiting for the GPU; a page that waits does so every time.
 */
import { loadavg } from 'node:os';
import { expect, it } from 'vitest';
import { type PhaseTrace, type Task, traceMainThread } from './main-thread.ts';
import { editorPages } from './pages.ts';
import { objectOnPage, settle } from './support.ts';

const LIMIT_MS = 200;
const WAIT = { timeout: 300_000 };

const pages = editorPages();

async function removeMug(): Promise<PhaseTrace[]> {
  const query = '?fresh&splats=400000&resolution=192&views=1';
  // Wide enough for the panel, whose pictures are made on the main thread.
  const size = { width: 1024, height: 480 };
  const page = await pages.open(query, size);
  const idle = async () => {
    await page.waitForFunction(() => window.splatmend!.mender.task === undefined, null, WAIT);
    await settle(page);
  };
  const { phase, stop } = await traceMainThread(pages.browser, page);
  const mug = await objectOnPage(page, 'mug', 0);
  await phase('select');
  await page.mouse.click(mug.x, mug.y);
  await page.waitForFunction(() => window.splatmend!.mender.selectedCount > 0, null, WAIT);
  await idle();
  await phase('remove');
  await page.keyboard.press('Shift+Delete');
  const keep = page.getByRole('button', { name: 'Keep' });
  await keep.waitFor(WAIT);
  await idle();
  await phase('compare');
  await page.keyboard.down('c');
  await settle(page);
  await page.keyboard.up('c');
  await settle(page);
  await phase('keep');
  await keep.click();
  await keep.waitFor({ state: 'detached' });
  await idle();
  for (const name of ['undo', 'undo the selection']) {
    await phase(name);
    const label = await page.evaluate(() => window.splatmend!.mender.undoLabel);
    await page.keyboard.press('Control+z');
    await page.waitForFunction((was) => window.splatmend!.mender.undoLabel !== was, label, WAIT);
    await idle();
  }
  const phases = await stop();
  expect(pages.complaints).toEqual([]);
  await pages.close();
  return phases;
}

const over = (phases: PhaseTrace[], isOver: (task: Task) => boolean) =>
  phases.filter((p) => p.longTasks.some(isOver)).map((p) => p.name);
const tooMuchWork = (task: Task) => task.cpuMs > LIMIT_MS;
const tooLong = (task: Task) => task.ms > LIMIT_MS && !task.starved;

it('holds the main thread for no more than 200 ms', async () => {
  const slow: string[][] = [];
  while (slow.length < 2 && slow.at(-1)?.length !== 0) {
    const phases = await removeMug();
    console.info('main thread', loadavg()[0]!.toFixed(1), JSON.stringify(phases));
    expect(phases).toHaveLength(6);
    expect(over(phases, tooMuchWork)).toEqual([]);
    slow.push(over(phases, tooLong));
  }
  // Where one phase had bad luck, another may have it the second time.
  const [first = [], second = []] = slow;
  expect(first.filter((name) => second.includes(name))).toEqual([]);
});

it('would see a page that is held', async () => {
  const page = await pages.open('?fresh&splats=5000');
  const { phase, stop } = await traceMainThread(pages.browser, page);
  await phase('held');
  await page.evaluate(() => {
    setTimeout(() => {
      const end = performance.now() + 450;
      while (performance.now() < end);
    });
  });
  await page.waitForTimeout(1000);
  const phases = await stop();
  expect(Math.max(...phases[0]!.longTasks.map((t) => t.ms))).toBeGreaterThan(400);
});
