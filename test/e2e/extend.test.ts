// Extending on the built page: a generated room of which one camera's splats are kept is dropped, looked at past its edge, and grown; kept,
// undone; cancelled; around what is looked at with the words that a server takes; and refused where nothing is open.
// Accepts: over 97 % of the picture shows something after it, and 15 % or more of it showed nothing before (colours nearer than 6 of 255
// to the viewer's ground); what was there stays bit for bit, an undone or cancelled extension leaves an export of the very bytes of before;
// the words asked for reach the server, once a view. Room 160 × 120, seed 1, fills of 160 pixels, CPU kernels.
import type { Page } from 'playwright';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { turnedBy } from '../../bench/score/extend-score.ts';
import { onlySeen } from '../../bench/score/only-seen.ts';
import { cameraAxes, cameraCenter, type Vec3 } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { writeSplats } from '../../core/formats/index.ts';
import { takeSplats } from '../../core/splat-cloud.ts';
import { generateAroundRoom } from '../../samples/scenes/around.ts';
import { startIopaint } from '../servers/support/fake-iopaint.ts';
import { firstDifference } from '../support/clouds.ts';
import { doing, idle, orbit, stateOf, viewOf } from './editor-page.ts';
import { editorPages } from './pages.ts';
import { dropFile, picture, settle, shotPath } from './support.ts';

const QUERY = '?splats=5000&backend=cpu&resolution=160';
/** Wide enough for the panel beside the picture. */
const WIDE = { width: 1000, height: 640 };
const PATIENCE = { timeout: 240_000 };

const room = generateAroundRoom({ width: 160, height: 120 });
let ply: Uint8Array;
const pages = editorPages();
let page: Page;
beforeAll(async () => {
  ply = await writeSplats(await onlySeen(room.cloud, room.camera, createCpuKernels()), 'ply');
});
beforeEach(async () => {
  page = await pages.open(QUERY, WIDE);
  await dropFile(page, 'room.ply', ply);
  await page.waitForFunction(() => document.title.startsWith('room.ply'));
});

/** Looks from where the room was seen, so many degrees further to the right. @param ahead metres nearer */
async function look(degrees: number, ahead = 0): Promise<void> {
  const camera = degrees === 0 ? room.camera : turnedBy(room.camera, room.up, [degrees])[0]!;
  const { forward } = cameraAxes(camera);
  const along = (by: number) =>
    cameraCenter(camera).map((c, k) => c + by * forward[k]!) as unknown as Vec3;
  await page.evaluate(([eye, target]) => window.splatmend!.viewer.look(eye, target), [
    along(ahead),
    along(ahead + 2),
  ] as const);
  await settle(page);
}
/** Share of the picture beside the panel that shows the viewer's ground. */
async function empty(name?: string): Promise<number> {
  const ground = [13, 15, 19];
  const { box } = await viewOf(page);
  const { data, width, channels } = await picture(page, name);
  let open = 0;
  for (let y = Math.ceil(box.top); y < Math.floor(box.top + box.height); y++) {
    for (let x = Math.ceil(box.left); x < Math.floor(box.left + box.width); x++) {
      const at = (y * width + x) * channels;
      if (ground.every((v, c) => Math.abs(data[at + c]! - v) < 6)) open++;
    }
  }
  return open / (box.width * box.height);
}
const waiting = () =>
  page.evaluate(() => {
    const { extension } = window.splatmend!.mender;
    return extension && { path: extension.path, result: extension.result };
  });
const extended = async () => {
  await page.waitForFunction(
    () => window.splatmend!.mender.extension && window.splatmend!.mender.task === undefined,
    undefined,
    PATIENCE,
  );
  return (await waiting())!;
};
/** SHA-256 of the accepted scene's PLY. */
const exported = () =>
  page.evaluate(async () => {
    const bytes = await window.splatmend!.mender.export('ply');
    const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
    return [...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, '0')).join('');
  });
const dialog = () => page.getByRole('dialog', { name: 'Extend the scene' });
const go = () => dialog().getByRole('button', { name: 'Extend', exact: true }).click();

it('fills what the view leaves empty, shows it as a proposal beside another, keeps it as one step, and undoes it to the same bytes', async () => {
  await look(25);
  const start = await exported();
  const before = await stateOf(page);
  const open = await empty('extend-before');
  expect(open).toBeGreaterThan(0.15);
  await page.locator('#view').focus();
  await page.keyboard.press('g');
  await dialog().waitFor();
  expect(await dialog().getByLabel('in words').count()).toBe(0);
  await page.screenshot({ path: shotPath('extend-dialog-dark') });
  await go();
  await dialog().waitFor({ state: 'hidden' });
  const panel = page.getByRole('complementary');
  await panel.getByText(/, view 1 of 1$/).waitFor(PATIENCE);
  await page.screenshot({ path: shotPath('extend-progress') });
  await page.keyboard.press('Escape');
  await idle(page);
  expect(await waiting()).toBeUndefined();
  expect(await exported()).toBe(start);

  await panel.getByRole('button', { name: 'Extend…' }).click();
  await go();
  const { path, result } = await extended();
  console.info('extension', JSON.stringify(result.figures));
  expect(path).toEqual({ kind: 'view' });
  expect(result.views).toHaveLength(1);
  expect(result.figures.coverage).toBeGreaterThan(0.97);
  expect(await empty('extend-after')).toBeLessThan(0.03);
  const region = panel.getByRole('region', { name: 'Extension' });
  const said = (await region.textContent())!.replace(/\s+/g, ' ');
  const n = result.figures.added.toLocaleString('en');
  for (const part of [...result.figures.notes, `Added ${n} splats`, 'Filled', 'Seam', 'Colour']) {
    expect(said).toContain(part.replace(/\s+/g, ' '));
  }
  await page.screenshot({ path: shotPath('extend-proposal-dark') });
  // One more stands beside it; the first is chosen again.
  await region.getByRole('button', { name: 'Try another' }).click();
  await page.waitForFunction(
    () => window.splatmend!.mender.chosen === 1 && !window.splatmend!.mender.task,
    undefined,
    PATIENCE,
  );
  await settle(page);
  const candidates = region.getByRole('radiogroup', { name: 'Candidates' }).getByRole('radio');
  expect(await candidates.nth(1).getAttribute('aria-label')).toMatch(/^Seed 2, filled \d+/);
  expect(await empty()).toBeLessThan(0.03);
  await page.screenshot({ path: shotPath('extend-candidates') });
  await candidates.nth(0).click();
  await page.waitForFunction(() => window.splatmend!.mender.chosen === 0);
  await idle(page);
  await page.keyboard.down('c');
  await page.waitForFunction(() => window.splatmend!.mender.showsBefore);
  expect(Math.abs((await empty()) - open)).toBeLessThan(0.01);
  await page.keyboard.up('c');
  await page.waitForFunction(() => !window.splatmend!.mender.showsBefore);
  await page.keyboard.press('x');
  await page.getByRole('slider', { name: 'Divider between before and after' }).waitFor();
  await settle(page);
  await page.screenshot({ path: shotPath('extend-slider') });
  await page.keyboard.press('x');
  await orbit(page, 20);
  await picture(page, 'extend-side');
  await orbit(page, -20);
  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await page.screenshot({ path: shotPath('extend-proposal-light') });

  await doing(page, () => page.getByRole('button', { name: 'Keep' }).click());
  expect(await page.evaluate(() => window.splatmend!.mender.undoLabel)).toBe(
    `Extend by ${n} splats`,
  );
  const kept = await stateOf(page);
  const rows = Uint32Array.from({ length: before.cloud.count }, (_, k) => k);
  expect(kept.cloud.count).toBe(before.cloud.count + result.figures.added);
  expect(firstDifference(takeSplats(kept.cloud, rows), before.cloud)).toBeUndefined();
  await doing(page, () => page.keyboard.press('Control+z'));
  expect(await exported()).toBe(start);
  await doing(page, () => page.keyboard.press('Control+Shift+z'));
  expect(firstDifference((await stateOf(page)).cloud, kept.cloud)).toBeUndefined();
  await page.keyboard.press('g');
  await page.screenshot({ path: shotPath('extend-dialog-light') });
  expect(pages.complaints).toEqual([]);
});

it('says where nothing is open what to do, and keeps what was chosen in the dialog', async () => {
  await look(0, 2);
  const start = await exported();
  await page.locator('#view').focus();
  await page.keyboard.press('g');
  await dialog().getByLabel('Leave the sky empty').check();
  await go();
  const refused = page.getByRole('alert').filter({ hasText: 'nothing to extend here' });
  await refused.waitFor(PATIENCE);
  expect(await refused.textContent()).toContain('turn the camera to the scene');
  await page.screenshot({ path: shotPath('extend-refused') });
  expect(await waiting()).toBeUndefined();
  expect(await exported()).toBe(start);
  await page.keyboard.press('g');
  expect(await dialog().getByLabel('Leave the sky empty').isChecked()).toBe(true);
  // An angle that is none stays in the dialog; the browser says what is wrong.
  await dialog().getByLabel('Degrees to either side').fill('700');
  await go();
  expect(await dialog().isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'hidden' });
  expect(pages.complaints).toEqual([]);
});

it('around what is looked at, by a server that is told in words what should be there', async () => {
  const iopaint = await startIopaint();
  iopaint.allowOrigin = '*';
  try {
    await look(15);
    await page.getByLabel('Filled by').selectOption({ label: 'Server…' });
    const asks = page.getByRole('dialog', { name: 'Server that fills the holes' });
    await asks.getByLabel('Address').fill(iopaint.address);
    await asks.getByRole('button', { name: 'Use it' }).click();
    await page.getByText(/IOPaint fills the holes from now on/).waitFor();
    await page.getByRole('button', { name: 'Extend…' }).click();
    await dialog().getByText(`Pictures of the views are sent to ${iopaint.address}`).waitFor();
    await dialog().getByLabel('in words').fill('a white door');
    await dialog().getByLabel('Degrees to either side').fill('10');
    expect(await dialog().getByLabel('Around here').isChecked()).toBe(true);
    await page.screenshot({ path: shotPath('extend-dialog-server') });
    await go();
    const { path, result } = await extended();
    expect(path).toEqual({ kind: 'orbit' });
    expect(result.views).toHaveLength(3);
    expect(iopaint.violations).toEqual([]);
    const prompts = iopaint.received
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => (JSON.parse(body.toString()) as { prompt: string }).prompt);
    expect(prompts).toEqual(result.views.filter((v) => v.open > 0).map(() => 'a white door'));
    await page.screenshot({ path: shotPath('extend-server') });
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => window.splatmend!.mender.extension === undefined);
    await idle(page);
    expect(await page.getByRole('button', { name: /extension/ }).count()).toBe(1);
  } finally {
    await iopaint.close();
  }
});
