// The built page in a real Chromium: open, click, remove, keep, undo, cancel, broken files, export.
// Accepts: pixels change inside the removed object's box (mean difference over 8 of 255: an object is gone) and
// outside it, grown by a margin for its splats' tails and the seam, stay within 2 of 255 (survivors are the same
// bits, but Babylon's 8-bit blending may round differently); undo gives the first picture bit for bit. Pictures of
// before and after in one display table may differ from those of either alone by splats at nearly one depth, which
// Babylon sorts into bins: mean under 0.1. Sample
// seed 1, 20,000 splats, small fills: the whole file must end within 3 minutes on two cores with SwiftShader.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { readSplats } from '../../core/formats/index.ts';
import { editorPages } from './pages.ts';
import {
  compare,
  dropFile,
  launchChromium,
  objectOnPage,
  type Picture,
  picture,
  settle,
  shotPath,
} from './support.ts';

const QUERY = '?splats=20000&resolution=160&views=1';
const MARGIN_PX = 24;
const EVERYWHERE = { x0: 0, y0: 0, x1: Infinity, y1: Infinity };
/** Pixels that differ, and by how much at most, of 255. */
const difference = (a: Picture, b: Picture) => {
  const { changed, max } = compare(a, b, EVERYWHERE).inside;
  return { changed, max };
};
/** What a PLY of Gaussians declares. */
const GAUSSIAN =
  'x y z f_dc_0 f_dc_1 f_dc_2 opacity scale_0 scale_1 scale_2 rot_0 rot_1 rot_2 rot_3'
    .split(' ')
    .map((name) => `property float ${name}\n`)
    .join('');
const NONE = { changed: 0, max: 0 };

const pages = editorPages();

const open = (query = QUERY) => pages.open(query);
const idle = (page: Page) =>
  page.waitForFunction(() => window.splatmend!.mender.task === undefined);
/** Whether the page would have the browser ask before it is left. */
const asksToStay = (page: Page) =>
  page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
const selected = (page: Page) => page.evaluate(() => window.splatmend!.mender.selectedCount);

async function clickObject(page: Page, name: string, modifiers: ('Shift' | 'Control')[] = []) {
  const at = await objectOnPage(page, name, MARGIN_PX);
  for (const key of modifiers) await page.keyboard.down(key);
  await page.mouse.click(at.x, at.y);
  for (const key of modifiers) await page.keyboard.up(key);
  await page.waitForFunction(() => window.splatmend!.mender.task === 'select').catch(() => {});
  await idle(page);
  return at;
}

it('removes a clicked object, mends the hole, keeps it, and undoes it to the same picture', async () => {
  // SwiftShader is taken only when asked for.
  const page = await open(`${QUERY}&backend=webgpu`);
  await page.waitForFunction(() => window.splatmend!.mender.backend !== undefined);
  expect(await page.evaluate(() => window.splatmend!.mender.backend!.backend)).toBe('webgpu');
  expect(await page.evaluate(() => window.splatmend!.viewer.kind)).toBe('webgpu');
  const before = await picture(page, 'before');

  const object = await clickObject(page, 'mug');
  const hit = await page.evaluate((id) => {
    const { sample, mender } = window.splatmend!;
    let [right, wrong, all] = [0, 0, 0];
    for (const [i, label] of sample!.labels.entries()) {
      if (label === id) all++;
      if (mender.selection?.[i] === 1) label === id ? right++ : wrong++;
    }
    return { recall: right / all, precision: right / Math.max(1, right + wrong) };
  }, object.id);
  expect(hit.recall).toBeGreaterThan(0.9);
  expect(hit.precision).toBeGreaterThan(0.8);
  const tinted = await picture(page, 'selected');
  expect(compare(before, tinted, object.box).inside.mean).toBeGreaterThan(8);
  expect(compare(before, tinted, object.region).outside.max).toBeLessThanOrEqual(2);

  await page.getByRole('button', { name: 'Remove and mend' }).click();
  const keep = page.getByRole('button', { name: 'Keep' });
  await keep.waitFor({ timeout: 300_000 });
  expect(await asksToStay(page)).toBe(true);
  const after = await picture(page, 'after');
  const { inside } = compare(before, after, object.box);
  const { outside } = compare(before, after, object.region);
  console.info('removal', JSON.stringify({ inside, outside }));
  expect(inside.mean).toBeGreaterThan(8);
  expect(outside.max).toBeLessThanOrEqual(2);
  const figures = await page.evaluate(() => window.splatmend!.mender.proposal!.figures);
  console.info('figures', JSON.stringify(figures));
  expect(figures.added).toBeGreaterThan(0);
  const said = await page.getByRole('group', { name: 'Proposed removal' }).textContent();
  expect(said).toMatch(/Filled \d+.% of the hole.*Removed \d+.splats and added [\d,]+ in/s);
  await page.screenshot({ path: shotPath('proposal') });

  await page.keyboard.down('c');
  await page.waitForTimeout(300);
  expect(compare(before, await picture(page), EVERYWHERE).inside.mean).toBeLessThan(0.1);
  await page.keyboard.up('c');
  await page.waitForTimeout(300);
  expect(difference(after, await picture(page))).toEqual(NONE);

  // Another scene would take it away.
  await dropFile(page, 'late.ply', 'ply');
  await page.getByText('Keep or discard what waits, then open again.').waitFor();

  await keep.click();
  await keep.waitFor({ state: 'detached' });
  expect(await asksToStay(page)).toBe(false);
  expect(difference(after, await picture(page))).toEqual(NONE);

  // Two steps: the removal, then the selection that it was made from.
  await page.keyboard.press('Control+z');
  await idle(page);
  expect(await selected(page)).toBeGreaterThan(0);
  await page.keyboard.press('Control+z');
  await idle(page);
  expect(await selected(page)).toBe(0);
  expect(difference(before, await picture(page))).toEqual(NONE);

  await page.keyboard.press('Control+Shift+z');
  await idle(page);
  await page.keyboard.press('Control+Shift+z');
  await page.waitForFunction(() => !window.splatmend!.mender.canRedo);
  await idle(page);
  expect(compare(after, await picture(page), EVERYWHERE).inside.mean).toBeLessThan(0.1);
  expect(pages.complaints).toEqual([]);
});

it('leaves the scene as it was when a removal is cancelled, and goes on working', async () => {
  const page = await open();
  const before = await picture(page);
  await clickObject(page, 'ball');
  const count = await selected(page);
  expect(count).toBeGreaterThan(0);
  await page.keyboard.press('Shift+Delete');
  await page.getByRole('progressbar').waitFor();
  // A file that comes meanwhile is refused aloud.
  await dropFile(page, 'late.ply', 'ply');
  await page.getByText('Something is running').waitFor();
  await page.keyboard.press('Escape');
  await idle(page);
  const state = await page.evaluate(() => {
    const { mender, sample } = window.splatmend!;
    return {
      same: mender.cloud === sample!.cloud,
      proposal: mender.proposal,
      undo: mender.undoLabel,
    };
  });
  expect(state).toEqual({ same: true, proposal: undefined, undo: 'Select object' });
  expect(await selected(page)).toBe(count);
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.keyboard.press('Escape');
  expect(difference(before, await picture(page))).toEqual(NONE);
  await clickObject(page, 'ball');
  expect(await selected(page)).toBe(count);
  expect(pages.complaints).toEqual([]);
});

it('says what is wrong with a broken file, shows its name as text, and keeps the scene', async () => {
  const page = await open();
  const before = await picture(page);
  const alert = page.getByRole('alert').last();
  const broken: [name: string, content: string, says: RegExp][] = [
    ['cut.ply', 'ply\nformat binary_little_endian 1.0\nelement vertex 1000\n', /cut\.ply/],
    [
      'lies.ply',
      `ply\nformat binary_little_endian 1.0\nelement vertex 2000000000\n${GAUSSIAN}end_header\nxyz`,
      /lies\.ply.*2,?000,?000,?000/,
    ],
    ['empty.spz', '', /empty/],
    ['<img src=x onerror="window.hacked=1">.ply.txt', 'hello', /not a known splat format/],
    ['noise.sog', 'not a zip at all', /noise\.sog/],
  ];
  for (const [name, content, says] of broken) {
    await dropFile(page, name, content);
    await idle(page);
    await alert.waitFor();
    await expect.poll(() => alert.textContent(), { timeout: 20_000 }).toMatch(says);
    expect(await alert.textContent()).toContain(name);
  }
  await page.screenshot({ path: shotPath('alerts') });
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  while ((await page.getByRole('alert').count()) > 0) await page.keyboard.press('Escape');
  expect(
    await page.evaluate(() => window.splatmend!.mender.cloud === window.splatmend!.sample!.cloud),
  ).toBe(true);
  expect(difference(before, await picture(page))).toEqual(NONE);
  expect(pages.complaints).toEqual([]);
});

it('adds and takes away with Shift and Ctrl, deletes, undoes, exports, and rests in between', async () => {
  const page = await open('?splats=20000&engine=webgl2');
  expect(await page.evaluate(() => window.splatmend!.viewer.kind)).toBe('webgl2');
  const before = await picture(page);
  await clickObject(page, 'ball');
  const ball = await selected(page);
  await clickObject(page, 'lamp', ['Shift']);
  const both = await selected(page);
  expect(both).toBeGreaterThan(ball);
  await clickObject(page, 'lamp', ['Control']);
  expect(await selected(page)).toBe(ball);

  const total = await page.evaluate(() => window.splatmend!.mender.cloud!.count);
  await page.keyboard.press('Delete');
  await page.waitForFunction(() => window.splatmend!.mender.undoLabel?.startsWith('Delete'));
  await idle(page);
  expect(await page.evaluate(() => window.splatmend!.mender.cloud!.count)).toBe(total - ball);
  expect(difference(before, await picture(page, 'deleted')).changed).toBeGreaterThan(50);

  const exported = async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: '.ply keeps everything' }).click();
    return download;
  };
  const file = await exported();
  expect(file.suggestedFilename()).toBe('tabletop-mended.ply');
  const bytes = new Uint8Array(await readFile(await file.path()));
  const { cloud } = await readSplats(bytes, 'tabletop-mended.ply');
  expect(cloud.count).toBe(total - ball);

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.canRedo);
  expect(await selected(page)).toBe(ball);
  await page.keyboard.press('Escape');
  expect(await selected(page)).toBe(0);
  expect((await exported()).suggestedFilename()).toBe('tabletop.ply');
  expect(difference(before, await picture(page))).toEqual(NONE);

  await settle(page);
  const frames = await page.evaluate(() => window.splatmend!.viewer.frames);
  await page.waitForTimeout(1000);
  expect(await page.evaluate(() => window.splatmend!.viewer.frames)).toBe(frames);
  await page.mouse.move(300, 300);
  await page.mouse.down();
  await page.mouse.move(360, 320, { steps: 3 });
  await page.mouse.up();
  await settle(page);
  expect(await page.evaluate(() => window.splatmend!.viewer.frames)).toBeGreaterThan(frames);
  expect(await selected(page)).toBe(0);
  expect(pages.complaints).toEqual([]);
});

it('opens an exported file again, and works without WebGPU', async () => {
  const plain = await launchChromium(false);
  try {
    const page = await pages.open('?splats=8000', undefined, plain);
    expect(await page.evaluate(() => window.splatmend!.viewer.kind)).toBe('webgl2');
    await expect
      .poll(() => page.locator('splatmend-status #backend').textContent(), { timeout: 20_000 })
      .toMatch(/CPU.*slower/);
    const count = await page.evaluate(() => window.splatmend!.mender.cloud!.count);
    const bytes = await page.evaluate(async () => [
      ...(await window.splatmend!.mender.export('splat')),
    ]);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Open a file' }).click();
    await (await chooser).setFiles({
      name: 'again.splat',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    });
    await page.waitForFunction(() => document.title.startsWith('again.splat'));
    expect(await page.evaluate(() => window.splatmend!.mender.cloud!.count)).toBe(count);
    await page.screenshot({ path: shotPath('reopened') });
  } finally {
    await pages.close();
    await plain.close();
  }
});

it('starts on WebGL2 where WebGPU gives a device and then fails', async () => {
  const context = await pages.browser.newContext({ viewport: { width: 720, height: 560 } });
  try {
    // As a Chromium without Vulkan does: the device is there, and nothing of the scene's size can be made on it.
    await context.addInitScript(() => {
      const make = GPUDevice.prototype.createBuffer;
      GPUDevice.prototype.createBuffer = function (descriptor) {
        if (descriptor.size > 100_000) throw new RangeError('createBuffer failed');
        return make.call(this, descriptor);
      };
    });
    const page = await context.newPage();
    await page.goto(`${pages.url}?splats=20000`);
    await page.waitForURL(/engine=webgl2/);
    await page.waitForFunction(() => window.splatmend?.mender.cloud !== undefined);
    expect(await page.evaluate(() => window.splatmend!.viewer.kind)).toBe('webgl2');
    expect(await page.locator('splatmend-editor').textContent()).not.toContain('could not start');
  } finally {
    await context.close();
  }
});

it('answers the keys, and shows what is hidden and locked', async () => {
  const page = await open('?splats=20000&engine=webgl2');
  const state = () =>
    page.evaluate(() => {
      const { mender, tools } = window.splatmend!;
      const { selectedCount: chosen, hiddenCount: hidden, lockedCount: locked } = mender;
      return { tool: tools.state.tool, chosen, hidden, locked };
    });
  const total = await page.evaluate(() => window.splatmend!.mender.cloud!.count);
  for (const [key, tool] of [
    ['r', 'rectangle'],
    ['l', 'lasso'],
    ['p', 'polygon'],
    ['b', 'brush'],
    ['o', 'flood'],
    ['e', 'eyedropper'],
    ['v', 'object'],
  ] as const) {
    await page.keyboard.press(key);
    expect((await state()).tool).toBe(tool);
  }
  // Where Space selects shows while the keys work the picture, and not under a pointer that takes it up.
  const cross = page.locator('splatmend-editor .cross');
  await page.getByRole('button', { name: 'Frame' }).focus();
  while (!(await page.locator('canvas#view').evaluate((e) => e.matches(':focus')))) {
    await page.keyboard.press('Tab');
  }
  expect(await cross.isVisible()).toBe(true);
  await page.keyboard.press('r');
  await page.mouse.click(400, 300);
  expect(await cross.isVisible()).toBe(false);
  await page.keyboard.press('v');
  await page.keyboard.press('Control+a');
  expect((await state()).chosen).toBe(total);
  await page.keyboard.press('Control+Shift+A');
  expect((await state()).chosen).toBe(0);

  await clickObject(page, 'ball');
  const ball = (await state()).chosen;
  const before = await picture(page);
  await page.keyboard.press('h');
  expect(await state()).toMatchObject({ chosen: 0, hidden: ball });
  expect(difference(before, await picture(page)).changed).toBeGreaterThan(50);
  await page.keyboard.press('Control+i');
  expect((await state()).chosen).toBe(total - ball);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('u');
  expect(await state()).toMatchObject({ chosen: 0, hidden: 0 });

  await clickObject(page, 'ball');
  await page.keyboard.press('Shift+H');
  expect(await state()).toMatchObject({ chosen: 0, locked: ball });
  await page.keyboard.press('Control+a');
  expect((await state()).chosen).toBe(total - ball);
  await page.keyboard.press('Shift+U');
  expect((await state()).locked).toBe(0);

  // A page's own keys stay its own, and so do a field's.
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Control+Shift+A');
  expect((await state()).chosen).toBe(total - ball);
  await page.screenshot({ path: shotPath('help') });
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect((await state()).chosen).toBe(total - ball);
  expect(pages.complaints).toEqual([]);
});

it('has a panel and two themes, remembers the theme, saves and loads selections', async () => {
  const page = await pages.open('?splats=20000&engine=webgl2', { width: 1280, height: 720 });
  const panel = page.getByRole('complementary');
  await clickObject(page, 'mug');
  const mug = await selected(page);
  await panel.getByText(`${mug.toLocaleString('en')} splats selected`).waitFor();
  await page.screenshot({ path: shotPath('panel-dark') });

  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/selection\.json$/);
  const saved = await readFile(await file.path());
  await panel.getByRole('button', { name: 'Invert' }).click();
  expect(await selected(page)).toBeGreaterThan(mug);
  const choose = async (name: string, buffer: Buffer) => {
    const chooser = page.waitForEvent('filechooser');
    await panel.getByRole('button', { name: 'Load', exact: true }).click();
    await (await chooser).setFiles({ name, mimeType: 'application/json', buffer });
  };
  await choose('mug.json', saved);
  await page.waitForFunction((n) => window.splatmend!.mender.selectedCount === n, mug);
  await page.keyboard.press('Escape');
  await dropFile(page, 'mug.json', saved.toString());
  await page.waitForFunction((n) => window.splatmend!.mender.selectedCount === n, mug);
  await choose('broken.json', saved.subarray(0, saved.length / 2));
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toMatch(/broken\.json/);
  expect(await selected(page)).toBe(mug);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await page.screenshot({ path: shotPath('panel-light') });
  // Not the session: what is remembered here is the theme.
  await page.goto(`${page.url()}&fresh`);
  await page.waitForFunction(() => window.splatmend?.mender.cloud !== undefined);
  await page.getByRole('button', { name: 'Use the dark theme' }).waitFor();

  await page.getByRole('button', { name: 'Panel' }).click();
  expect(await panel.count()).toBe(0);
  await clickObject(page, 'mug');
  await page.getByRole('button', { name: 'Remove and mend' }).waitFor();
  expect(pages.complaints).toEqual([]);
});
