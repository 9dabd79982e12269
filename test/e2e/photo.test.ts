// A photo becomes the scene on the built page: dropped with its depth, asked for by the dialog, cancelled, made, seen as it was taken and
// from the side; a photo alone is asked about; what cannot be made is said and leaves the scene.
// Accepts: a splat a photo's pixel and more behind them; the page's picture is the photo from its own camera to 26 dB (drawn in 8 bits, resampled to
// the page's pixels, at outlines through flat splats); from 12 degrees to the side, around the middle depth, under 2 % of the photo's middle are the
// background. The photo is the sample scene from its first camera, 240 × 180 (seed 1, 60,000 splats), with its depth; CPU kernels.
import { encode } from 'fast-png';
import type { Page } from 'playwright';
import { beforeAll, expect, it } from 'vitest';
import { writeNpy } from '../../core/depth-files/npy.ts';
import { pngWithExif } from '../support/exif.ts';
import { depthModel } from '../support/onnx-paint-models.ts';
import { clickObject, idle, orbit, viewOf } from './editor-page.ts';
import { editorPages } from './pages.ts';
import { dropFile, dropFiles, type Picture, picture, shotPath } from './support.ts';
import { type TestPhoto, takePhoto } from './test-photo.ts';

const QUERY = '?splats=8000&backend=cpu&views=1&resolution=128';
const WIDE = { width: 1000, height: 640 };
const [W, H] = [240, 180];

const pages = editorPages();
let photo: TestPhoto;
beforeAll(async () => {
  photo = await takePhoto(W, H);
});

const open = () => pages.open(QUERY, WIDE);

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'A scene from a photo' });
const splats = (page: Page) => page.evaluate(() => window.splatmend!.mender.cloud!.count);
const both = () => [
  { name: 'holiday.png', content: photo.png, type: 'image/png' },
  { name: 'holiday-depth.npy', content: photo.npy },
];

/** PSNR between the page's picture and the photo, dB, where the page shows the photo. */
async function likePhoto(page: Page, shot: Picture): Promise<number> {
  const { camera, box } = await viewOf(page);
  const focal = W / 2 / Math.tan((photo.fovDeg * Math.PI) / 360);
  let sum = 0;
  let count = 0;
  for (let y = Math.ceil(box.top); y < box.top + box.height - 1; y++) {
    for (let x = Math.ceil(box.left); x < box.left + box.width - 1; x++) {
      const u = ((x + 0.5 - box.left) / box.width) * camera.width;
      const v = ((y + 0.5 - box.top) / box.height) * camera.height;
      const px = (focal * (u - camera.cx)) / camera.fx + W / 2 - 0.5;
      const py = (focal * (v - camera.cy)) / camera.fy + H / 2 - 0.5;
      const [x0, y0] = [Math.floor(px), Math.floor(py)];
      // Not the outermost pixels: half of a splat lies beyond them.
      if (x0 < 2 || y0 < 2 || x0 > W - 4 || y0 > H - 4) continue;
      for (let c = 0; c < 3; c++) {
        const at = (i: number, j: number) => photo.rgb[3 * ((y0 + j) * W + x0 + i) + c]!;
        const [fx, fy] = [px - x0, py - y0];
        const wanted =
          (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(1, 0)) +
          fy * ((1 - fx) * at(0, 1) + fx * at(1, 1));
        sum += ((wanted - shot.data[shot.channels * (y * shot.width + x) + c]!) / 255) ** 2;
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(3 * W * H);
  return -10 * Math.log10(sum / count);
}

/** Share of the background in the middle half of the view, of the page's own ground colour. */
async function bareShare(page: Page, shot: Picture): Promise<number> {
  const { box } = await viewOf(page);
  let empty = 0;
  let all = 0;
  for (let y = box.top + box.height / 4; y < box.top + (3 * box.height) / 4; y++) {
    for (let x = box.left + box.width / 4; x < box.left + (3 * box.width) / 4; x++) {
      const at = shot.channels * (Math.floor(y) * shot.width + Math.floor(x));
      const off = [0x0d, 0x0f, 0x13].map((v, c) => Math.abs(shot.data[at + c]! - v));
      if (Math.max(...off) <= 2) empty++;
      all++;
    }
  }
  return empty / all;
}

it('a photo dropped with its depth becomes the scene, seen as it was taken and from the side', async () => {
  const page = await open();
  const before = await splats(page);
  await dropFiles(page, both());
  const dialog = dialogOf(page);
  await dialog.getByText('holiday-depth.npy').waitFor();
  await dialog.getByLabel('Field of view').fill(String(photo.fovDeg));
  await page.screenshot({ path: shotPath('photo-dialog-dark') });

  await dialog.getByLabel('Field of view').press('Enter');
  await page.waitForFunction(() => window.splatmend!.mender.task === 'photo');
  await dialog.getByRole('progressbar').waitFor();
  await page.screenshot({ path: shotPath('photo-running') });
  await page.keyboard.press('Escape');
  await idle(page);
  expect(await splats(page)).toBe(before);
  await dialog.getByRole('button', { name: 'Make the scene' }).click();
  await dialog.waitFor({ state: 'hidden', timeout: 240_000 });
  await idle(page);
  const made = await page.evaluate(() => {
    const { mender } = window.splatmend!;
    return { count: mender.cloud!.count, canUndo: mender.canUndo, title: document.title };
  });
  expect(made.count).toBeGreaterThan(1.02 * W * H);
  expect(made.count).toBeLessThan(2 * W * H);
  expect(made).toMatchObject({ canUndo: false, title: 'holiday · Splatmend' });

  const front = await picture(page, 'photo-front');
  const db = await likePhoto(page, front);
  console.info('photo', JSON.stringify({ ...made, db }));
  expect(db).toBeGreaterThan(26);
  await page.screenshot({ path: shotPath('photo-scene-dark') });
  await orbit(page, 12);
  const side = await picture(page, 'photo-side');
  const bare = await bareShare(page, side);
  console.info('from the side', JSON.stringify({ bare }));
  expect(bare).toBeLessThan(0.02);
  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await page.screenshot({ path: shotPath('photo-scene-light') });

  // It is a scene like any other: selected in, edited, undone, exported.
  await page.locator('#view').focus();
  await page.keyboard.press('Control+a');
  await page.waitForFunction(() => window.splatmend!.mender.selectedCount > 0);
  await page.keyboard.press('Control+z');
  const bytes = await page.evaluate(
    async () => (await window.splatmend!.mender.export('splat')).length,
  );
  expect(bytes).toBe(32 * made.count);

  // Edited, it is saved as any scene is, and so is how it is looked at.
  await page.keyboard.press('Control+Shift+a');
  const middle = await viewOf(page).then(({ box }) => [
    box.left + box.width / 2,
    box.top + box.height / 2,
  ]);
  await page.mouse.click(middle[0]!, middle[1]!);
  await page.waitForFunction(
    () => window.splatmend!.mender.selectedCount > 0 && window.splatmend!.mender.task === undefined,
  );
  await page.waitForTimeout(600);
  const lens = await page.evaluate(() => window.splatmend!.viewer.lens);
  expect(lens!.tanX).toBeCloseTo(Math.tan((photo.fovDeg * Math.PI) / 360), 6);
  await page.evaluate(async () => {
    await document.querySelector('splatmend-editor')!.session!.flush();
  });
  await page.reload();
  await page.waitForFunction(() => window.splatmend?.mender.cloud !== undefined);
  await page.getByText('Brought back holiday with').waitFor();
  expect(await splats(page)).toBe(made.count);
  expect(await page.evaluate(() => window.splatmend!.viewer.lens)).toEqual(lens);
  expect(pages.complaints).toEqual([]);
});

it('a photo from the menu gets its depth from a model that is chosen in the dialog', async () => {
  const page = await open();
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Recent files and sessions' }).click();
  await page.getByRole('menuitem', { name: 'A photo…' }).click();
  const buffer = Buffer.from(photo.png);
  await (await chosen).setFiles([{ name: 'menu.png', mimeType: 'image/png', buffer }]);
  const dialog = dialogOf(page);
  await dialog.getByText('Drop its depth here').waitFor();
  const model = page.waitForEvent('filechooser');
  await dialog.getByLabel('Depth from').selectOption({ label: 'ONNX depth model…' });
  const onnx = Buffer.from(await depthModel().arrayBuffer());
  const mimeType = 'application/octet-stream';
  await (await model).setFiles([{ name: 'depth.onnx', mimeType, buffer: onnx }]);
  await dialog.getByText('sees it when the scene is made').waitFor();
  await dialog.getByLabel('Layers behind').selectOption('0');
  await page.screenshot({ path: shotPath('photo-model') });
  await dialog.getByRole('button', { name: 'Make the scene' }).click();
  await dialog.waitFor({ state: 'hidden', timeout: 240_000 });
  expect(await splats(page)).toBe(W * H);
  expect(await page.evaluate(() => window.splatmend!.mender.depth!.label)).toBe(
    'depth-anything-v2',
  );
  expect(pages.complaints).toEqual([]);
});

it('a photo alone is asked about, and depth that is missing or does not fit is said', async () => {
  const page = await open();
  const before = await splats(page);
  const dialog = dialogOf(page);
  const name = '<img src=x onerror=alert(1)>.png';
  await dropFile(page, name, photo.png, 'image/png');
  await dialog.getByText(`Is ${name} a scene of its own`).waitFor();
  await page.screenshot({ path: shotPath('photo-question') });
  await dialog.getByRole('button', { name: 'Insert into this view' }).click();
  const insert = page.getByRole('dialog', { name: 'Insert into this view' });
  await insert.getByText(name).waitFor();
  await page.keyboard.press('Escape');
  await insert.waitFor({ state: 'hidden' });

  await dropFile(page, name, photo.png, 'image/png');
  await dialog.getByRole('button', { name: 'Make a scene of it' }).click();
  await page.getByRole('button', { name: 'Make the scene' }).click();
  await dialog.getByRole('alert').getByText('There are two ways').waitFor();
  await page.screenshot({ path: shotPath('photo-no-depth') });
  const drop = (file: string, content: Uint8Array) =>
    dropFiles(page, [{ name: file, content }], 'splatmend-photo-dialog dialog');
  const square = writeNpy({ shape: [H, H], data: new Float32Array(H * H).fill(1) });
  await drop('square.npy', square);
  await dialog.getByRole('alert').getByText('they show different things').waitFor();
  await drop('cut.npy', photo.npy.slice(0, 1000));
  await dialog.getByRole('alert').getByText('cut.npy').waitFor();
  await drop('notes.txt', new Uint8Array(3));
  await dialog.getByRole('alert').getByText('neither a photo nor a depth map').waitFor();
  await drop('broken.jpg', new Uint8Array(30));
  await dialog.getByRole('alert').getByText('not an image that the browser can read').waitFor();
  // A preview of 8 bits is taken for relative depth.
  const data = Uint8Array.from({ length: W * H }, (_, i) => 255 - (i % 200));
  await drop('depth.png', encode({ width: W, height: H, data, channels: 1, depth: 8 }));
  await dialog.getByLabel('Far ÷ near').fill('0');
  await dialog.getByRole('button', { name: 'Make the scene' }).click();
  await dialog.getByRole('alert').getByText('Far ÷ near: give a number').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await splats(page)).toBe(before);
  expect(pages.complaints).toEqual([]);
});

it('all of the dialog is within reach in a small window, and gives the focus back', async () => {
  const page = await open();
  const dialog = dialogOf(page);
  await page.locator('#view').focus();
  await page.keyboard.press('g');
  await page.getByRole('dialog', { name: 'Extend the scene' }).waitFor();
  // Numbers that are relative: the form has all its fields.
  const data = Uint8Array.from({ length: W * H }, (_, i) => 255 - (i % 200));
  const relative = encode({ width: W, height: H, data, channels: 1, depth: 8 });
  const content = pngWithExif(photo.png, { focal35: 26 });
  await dropFiles(page, [
    { name: 'holiday.png', content, type: 'image/png' },
    { name: 'depth.png', content: relative },
  ]);
  await dialog.getByLabel('Far ÷ near').waitFor();
  await dialog.getByText('from the photo', { exact: true }).waitFor();
  expect(await dialog.getByLabel('Field of view').inputValue()).toBe('67.3');
  for (const [width, height] of [
    [700, 520],
    [360, 640],
    [360, 520],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: shotPath(`photo-${width}x${height}`) });
    const beyond = await dialog.evaluate((box) => {
      const { right, bottom } = box.getBoundingClientRect();
      const wide = box.scrollWidth - box.clientWidth;
      const high = box.scrollHeight - box.clientHeight;
      return { wide, high, off: Math.max(right - innerWidth, bottom - innerHeight) };
    });
    console.info(`${width} × ${height}`, JSON.stringify(beyond));
    expect(beyond.off).toBeLessThanOrEqual(0);
    expect(beyond.wide).toBe(0);
    // Narrow ones scroll.
    if (width === 700) expect(beyond.high).toBe(0);
    for (const button of await dialog.getByRole('button').all()) {
      await button.scrollIntoViewIfNeeded();
      await button.click({ trial: true });
      expect(await button.evaluate((b) => b.scrollWidth - b.clientWidth)).toBe(0);
    }
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('view');
  expect(pages.complaints).toEqual([]);
});

it('what waits is kept or discarded first', async () => {
  const page = await open();
  await clickObject(page, 'pear');
  await page.keyboard.press('Shift+Delete');
  await page.waitForFunction(() => window.splatmend!.mender.proposal !== undefined);
  await idle(page);
  await dropFiles(page, both());
  await page.getByText('Keep or discard what waits, then open again.').waitFor();
  expect(await dialogOf(page).isVisible()).toBe(false);
  expect(await page.evaluate(() => window.splatmend!.mender.proposal !== undefined)).toBe(true);
  await dropFile(page, 'lonely.npy', photo.npy);
  await page.getByText('drop it together with its photo').waitFor();
  expect(pages.complaints).toEqual([]);
});
