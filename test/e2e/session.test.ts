// Accepts: a reload (as after a crash) brings the session back: the same bytes, selection and marks, undo to the
// scene as it was opened, bit for bit; recent files open again; nothing is kept of a scene only looked at. Seed 1.
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, type Opened, openEditor, serveBuiltEditor, settle } from './support.ts';

let server: Awaited<ReturnType<typeof serveBuiltEditor>>;
let browser: Browser;
let opened: Opened;
beforeAll(async () => {
  server = await serveBuiltEditor();
  browser = await launchChromium();
  opened = await openEditor(browser, server.url, '?splats=8000&engine=webgl2');
});
afterAll(async () => {
  await opened?.context.close();
  await browser?.close();
  await server?.close();
});

/** SHA-256 of the cloud's columns, in hexadecimal, with selection and marks. */
function fingerprint(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { mender } = window.splatmend!;
    const c = mender.cloud!;
    const arrays = [c.positions, c.logScales, c.rotations, c.opacityLogits, c.dc, c.shRest];
    const all = [...arrays, mender.selection, mender.marks].map((a) => a ?? new Uint8Array(1));
    const hashes = await Promise.all(
      all.map((a) => crypto.subtle.digest('SHA-256', a as Uint8Array<ArrayBuffer>)),
    );
    return hashes
      .map((h) => [...new Uint8Array(h)].map((b) => b.toString(16).padStart(2, '0')).join(''))
      .join();
  });
}
const saved = (page: Page) =>
  page.evaluate(async () => {
    const editor = document.querySelector('splatmend-editor')!;
    await editor.session!.flush();
    return (await editor.session!.list()).length;
  });
async function reload(page: Page): Promise<void> {
  await saved(page);
  await page.reload();
  await page.waitForFunction(() => window.splatmend?.mender.cloud !== undefined);
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
  await settle(page);
}

it('brings everything back after a reload, with its undo and redo', async () => {
  const { page } = opened;
  const start = await fingerprint(page);
  await reload(page);
  // Only looked at: the sample again.
  expect(await page.evaluate(() => window.splatmend!.sample !== undefined)).toBe(true);
  expect(await fingerprint(page)).toBe(start);

  await page.evaluate(async () => {
    const { mender, sample } = window.splatmend!;
    const of = (name: string) => {
      const { center, radius } = sample!.objects.find((o) => o.name === name)!;
      return { shape: 'sphere' as const, center: [...center] as [number, number, number], radius };
    };
    await mender.selectVolume(of('ball'));
    await mender.deleteSelection();
    await mender.selectVolume(of('lamp'));
    mender.hideSelection();
    await mender.selectVolume(of('vase'));
    mender.invertSelection();
    await mender.undo();
  });
  const before = await fingerprint(page);
  await reload(page);
  expect(await page.evaluate(() => window.splatmend!.sample === undefined)).toBe(true);
  expect(await fingerprint(page)).toBe(before);
  await page.getByText('Brought back tabletop with 5 steps').waitFor();

  // It goes on being saved, and undo leads back to what was opened.
  await page.keyboard.press('Control+Shift+z');
  await page.waitForFunction(() => !window.splatmend!.mender.canRedo);
  await reload(page);
  expect(await page.evaluate(() => window.splatmend!.mender.undoLabel)).toBe('Invert selection');
  await page.evaluate(async () => {
    while (await window.splatmend!.mender.undo());
  });
  expect(await fingerprint(page)).toBe(start);
  expect(opened.complaints).toEqual([]);
});

it('brings back the view that one had, and which way was up', async () => {
  const { page } = opened;
  const view = () =>
    page.evaluate(() => {
      const { host, settle } = window.splatmend!.viewer;
      return settle().then(() => ({ up: host.up, at: [...host.currentCamera().worldToCamera] }));
    });
  await page.keyboard.press('y');
  await page.locator('canvas#view').focus();
  for (const key of ['ArrowLeft', 'ArrowUp', 'Shift+ArrowRight', '+'])
    await page.keyboard.press(key);
  const before = await view();
  expect(before.up).toEqual([0, 1, 0]);
  await page.waitForTimeout(600);
  await reload(page);
  const after = await view();
  expect(after.up).toEqual(before.up);
  // The turn of the mesh goes through 32-bit floats.
  for (const [i, x] of after.at.entries()) expect(x).toBeCloseTo(before.at[i]!, 5);
  // On from there, not from the start.
  await page.keyboard.press('y');
  expect((await view()).up).toEqual([0, 0, 1]);
  expect(opened.complaints).toEqual([]);
});

it('offers other sessions and recent files beside Open', async () => {
  const { page } = opened;
  // A file whose handle the browser keeps; the user's own disk cannot be clicked from a test.
  await page.evaluate(async () => {
    const { mender } = window.splatmend!;
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('room.splat', { create: true });
    const writable = await handle.createWritable();
    await writable.write((await mender.export('splat')) as Uint8Array<ArrayBuffer>);
    await writable.close();
    Object.assign(window, { showOpenFilePicker: async () => [handle] });
  });
  await page.keyboard.press('Control+o');
  await page.waitForFunction(() => document.title.startsWith('room.splat'));
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
  const menu = page.getByRole('menu', { name: 'Open' });
  await page.getByRole('button', { name: 'Recent files and sessions' }).click();
  await menu.waitFor();
  await page.keyboard.press('Tab');
  expect(await menu.count()).toBe(0);
  expect(
    await page.getByRole('button', { name: 'Export' }).evaluate((e) => e.matches(':focus')),
  ).toBe(true);
  await page.getByRole('button', { name: 'Recent files and sessions' }).click();
  await menu.getByRole('menuitem', { name: /^room\.splat/ }).waitFor();
  await menu.getByRole('menuitem', { name: /^tabletop/ }).click();
  await page.waitForFunction(() => document.title.startsWith('tabletop'));
  await page.waitForFunction(() => window.splatmend!.mender.canRedo);

  await page.getByRole('button', { name: 'Recent files and sessions' }).click();
  await menu.getByRole('menuitem', { name: /^room\.splat/ }).click();
  await page.waitForFunction(() => document.title.startsWith('room.splat'));

  await page.evaluate(async () => {
    await (await navigator.storage.getDirectory()).removeEntry('room.splat');
  });
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
  await page.getByRole('button', { name: 'Recent files and sessions' }).click();
  await menu.getByRole('menuitem', { name: /^room\.splat/ }).click();
  await expect
    .poll(() => page.getByRole('alert').last().textContent(), { timeout: 10_000 })
    .toMatch(/room\.splat: it is no longer where it was/);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Recent files and sessions' }).click();
  await menu.waitFor();
  expect(await menu.getByRole('menuitem', { name: /^room\.splat/ }).count()).toBe(0);
  await menu.getByRole('menuitem', { name: 'Discard the session of tabletop' }).click();
  await menu.getByRole('menuitem', { name: 'Really discard the session of tabletop' }).click();
  await menu.getByRole('menuitem', { name: 'Sample scene' }).click();
  await page.waitForFunction(() => window.splatmend!.sample !== undefined);
  expect(await saved(page)).toBe(0);
});
