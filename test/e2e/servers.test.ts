// A server fills the hole, on the built page: typed into the dialog, asked by the page's worker across origins, remembered
// without its key. The server is real HTTP that checks each request (test/servers/support). Accepts: its paint in the new
// splats (greener by 0.15 than the built-in fill: the rim's match takes some); nothing but its own address is asked; a server
// that fails, hangs, or lets no page ask ends in a named error and leaves the scene as it was. A depth server, chosen in the panel,
// is asked for each filled view; its failure leaves the scene as it was too. Sample seed 1, 12,000 splats.
import type { Page } from 'playwright';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startIopaint } from '../servers/support/fake-iopaint.ts';
import { startOipDepth } from '../servers/support/fake-oip.ts';
import type { FakeServer } from '../servers/support/fake-server.ts';
import { editorPages } from './pages.ts';
import { shotPath } from './support.ts';

const QUERY = '?engine=webgl2&backend=cpu&splats=12000&seed=1&views=1&resolution=128';
const WIDE = { width: 1240, height: 800 };
const KEY = 'sk-test-Zx81kQ0pL7';

const pages = editorPages(false);
let iopaint: FakeServer;
let page: Page;
beforeEach(async () => {
  iopaint = await startIopaint();
  iopaint.allowOrigin = '*';
  page = await pages.open(QUERY, WIDE);
  await page.evaluate(async () => {
    const { mender, sample } = window.splatmend!;
    await mender.selectVolume(sample!.objects.find((o) => o.name === 'pear')!.box);
  });
});
afterEach(() => iopaint.close());

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Server that fills the holes' });
const remove = (page: Page) => page.getByRole('button', { name: 'Remove and mend' }).click();
const kept = (page: Page) => page.getByRole('button', { name: 'Keep', exact: true }).waitFor();
const state = (page: Page) =>
  page.evaluate(() => {
    const { cloud, selectedCount, proposal, canUndo, candidates } = window.splatmend!.mender;
    let sum = 0;
    for (const v of cloud!.positions) sum += v;
    for (const v of cloud!.dc) sum += v;
    return [cloud!.count, selectedCount, sum, proposal !== undefined, candidates.length, canUndo];
  });

async function chooseServer(page: Page, address: string, key = ''): Promise<void> {
  await page.getByLabel('Filled by').selectOption({ label: 'Server…' });
  const dialog = dialogOf(page);
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByLabel('Key').fill(key);
  await dialog.getByRole('button', { name: 'Use it' }).click();
}

/** Green over red, mean of the splats that the proposal adds. */
const greenness = (page: Page) =>
  page.evaluate(() => {
    const { added } = window.splatmend!.mender.proposal!.patch;
    let sum = 0;
    for (let i = 0; i < added.count; i++) sum += added.dc[3 * i + 1]! - added.dc[3 * i]!;
    return (0.28209479177387814 * sum) / added.count;
  });

it('fills by a server, which is remembered without its key', async () => {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (/^http/.test(origin) && origin !== new URL(pages.url).origin) asked.push(origin);
  });
  await remove(page);
  await kept(page);
  const built = await greenness(page);

  await chooseServer(page, `http://u:${KEY}@127.0.0.1:9`);
  const dialog = dialogOf(page);
  await dialog.getByRole('alert').waitFor();
  expect(await dialog.getByRole('alert').textContent()).toMatch(/a user name or a password/);
  await dialog.getByLabel('Address').fill(iopaint.address);
  await dialog.getByLabel('Key').fill(KEY);
  await dialog.getByLabel('Prompt').fill('bare wood');
  await page.screenshot({ path: shotPath('server-dialog') });
  await dialog.getByRole('button', { name: 'Use it' }).click();
  await page.getByText(/IOPaint fills the holes from now on/).waitFor();
  expect(asked).toEqual([]);

  await page.getByRole('button', { name: 'Try another' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.candidates.length === 2);
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
  expect((await greenness(page)) - built).toBeGreaterThan(0.15);
  await page.screenshot({ path: shotPath('server-filled') });
  expect(iopaint.violations).toEqual([]);
  expect(new Set(asked)).toEqual(new Set([iopaint.address]));
  const { headers, body } = iopaint.received.at(-1)!;
  expect(headers.authorization).toBe(`Bearer ${KEY}`);
  expect(JSON.parse(body.toString())).toMatchObject({ prompt: 'bare wood' });

  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(stored).toContain(iopaint.address);
  expect(stored).not.toContain(KEY);
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await page.reload();
  await page.waitForFunction(() => window.splatmend?.mender.filler.label === 'IOPaint');
});

it('a server that fails, hangs or lets no page ask leaves the scene as it was', async () => {
  await chooseServer(page, iopaint.address, KEY);
  const before = await state(page);
  iopaint.fault = 'fails';
  await remove(page);
  await page.getByText(/IOPaint at .*: it failed \(500\)/).waitFor();
  expect(await state(page)).toEqual(before);

  iopaint.fault = undefined;
  iopaint.allowOrigin = undefined;
  await remove(page);
  const cors = page.getByText(/the server does not allow http:.*\(CORS\)/);
  await cors.waitFor();
  await page.screenshot({ path: shotPath('server-cors') });
  expect(await cors.textContent()).not.toContain(KEY);
  expect(await state(page)).toEqual(before);

  iopaint.allowOrigin = '*';
  for (const [fault, says] of [
    ['redirects', /IOPaint at .*: it redirects\. Nothing is sent on/],
    ['huge', /its answer has more than 64 MB/],
    ['cut-off', /its picture cannot be used: it is cut off/],
    ['web-page', /it answered with a web page in place of a picture/],
  ] as const) {
    iopaint.fault = fault;
    iopaint.redirectTo = `${pages.url}elsewhere`;
    await remove(page);
    await page.getByText(says).waitFor();
    expect(await state(page)).toEqual(before);
  }
  expect(iopaint.sent).toBeLessThan(150 << 20);

  iopaint.fault = 'hangs';
  const before3 = iopaint.received.length;
  await remove(page);
  await expect.poll(() => iopaint.received.length, { timeout: 60_000 }).toBeGreaterThan(before3);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined);
  await expect.poll(() => iopaint.brokenOff, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(await state(page)).toEqual(before);

  iopaint.fault = undefined;
  await remove(page);
  await kept(page);
  expect(iopaint.violations).toEqual([]);
});

it('depth is guessed by a server, of which the panel says that pictures go there', async () => {
  const server = await startOipDepth('depth anything');
  server.allowOrigin = '*';
  try {
    await page.getByLabel('Depth by').selectOption({ label: 'Depth server…' });
    const dialog = page.getByRole('dialog', { name: 'Server that guesses depth' });
    await dialog.getByLabel('Address').fill(server.address);
    await dialog.getByLabel('Key').fill(KEY);
    await dialog.getByRole('button', { name: 'Use it' }).click();
    await dialog.getByRole('alert').getByText('Name the model.').waitFor();
    await dialog.getByLabel('Model', { exact: true }).fill('depth anything');
    await page.screenshot({ path: shotPath('depth-server-dialog') });
    await dialog.getByRole('button', { name: 'Use it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByText(`Pictures of the view are sent to ${server.address} for their depth.`)
      .waitFor();
    expect(server.received).toEqual([]);

    const before = await state(page);
    server.fault = 'fails';
    await remove(page);
    await page.getByText(/it failed \(500\)/).waitFor();
    expect(await state(page)).toEqual(before);

    server.fault = undefined;
    await remove(page);
    await kept(page);
    await page.screenshot({ path: shotPath('depth-server') });
    expect(server.violations).toEqual([]);
    const last = server.received.at(-1)!;
    expect(last.path).toMatch(/infer$/);
    expect(last.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(KEY);

    // Thought better of: what was chosen stays.
    const by = page.getByLabel('Depth by');
    await by.selectOption({ label: 'Depth server…' });
    await expect(dialog.getByLabel('Model', { exact: true }).inputValue()).resolves.toBe(
      'depth anything',
    );
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await by.inputValue()).toBe('model');
    await by.selectOption({ label: 'The surfaces around' });
    expect(await page.evaluate(() => window.splatmend!.mender.depth)).toBe(undefined);
  } finally {
    await server.close();
  }
});
