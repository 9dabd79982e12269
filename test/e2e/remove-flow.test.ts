// The whole remove flow on the built page: progress, proposal, comparing, candidates, pictures of the views, the mask
// step, keep, undo, export, and cancel at each step; once with WebGPU, once in a Chromium without it.
// Accepts: undo gives the bytes of before and redo those of after; an exported PLY, read by Node and opened again by
// the page, has the same bytes; a cancelled removal leaves cloud, selection, history and picture as they were, whichever
// step it was cancelled in. The picture of before is 8-bit blending of one display table or another: a mean of 0.1 of
// 255 apart, where before and after differ by over 2 in the object's box. Sample seed 1, 20,000 splats, one small view;
// 12,000 and a smaller one where the flow alone is looked at.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright';
import { expect, it } from 'vitest';
import { readSplats } from '../../core/formats/index.ts';
import { countSelected } from '../../core/selection.ts';
import { firstDifference } from '../support/clouds.ts';
import { clickObject, doing, drag, idle, selectedCount, stateOf } from './editor-page.ts';
import { editorPages } from './pages.ts';
import {
  compare,
  launchChromium,
  type Picture,
  picture,
  type Region,
  shotPath,
} from './support.ts';

const SMALL = '?splats=20000&views=1&resolution=160';
/** Where the flow alone is looked at. */
const QUICK = '?splats=12000&views=1&resolution=96';
/** Wide enough for the panel beside the picture. */
const WIDE = { width: 1000, height: 600 };
/** What a removal does, in the user's words and in its order. */
const STEPS = ['choose cameras', 'find hole', 'inpaint', 'lift', 'match colours'];

const EVERYWHERE = { x0: 0, y0: 0, x1: Infinity, y1: Infinity };

const pages = editorPages();

const open = (query: string, viewport?: { width: number; height: number }) =>
  pages.open(query, viewport);

const proposed = (page: Page) =>
  page.waitForFunction(
    () => window.splatmend!.mender.proposal && window.splatmend!.mender.task === undefined,
    undefined,
    { timeout: 240_000 },
  );
const history = (page: Page) =>
  page.evaluate(() => {
    const { undoLabel, redoLabel, proposal, candidates, chosen } = window.splatmend!.mender;
    return {
      undoLabel,
      redoLabel,
      waits: proposal !== undefined,
      candidates: candidates.length,
      chosen,
    };
  });
/** How far two pictures are apart on a part of the page, of 255. */
const apart = (a: Picture, b: Picture, region: Region) => compare(a, b, region).inside.mean;

it('shows its steps, proposes with figures, compares, shows what each view saw, and keeps as one undo step', async () => {
  const page = await open(SMALL, WIDE);
  const pictureBefore = await picture(page);
  const { box } = await clickObject(page, 'mug');
  const before = await stateOf(page);
  const count = countSelected(before.selection!);

  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const status = () => {
      const panel = document
        .querySelector('splatmend-editor')!
        .shadowRoot!.querySelector('splatmend-panel');
      return panel?.shadowRoot
        ?.querySelector('splatmend-job')
        ?.shadowRoot?.querySelector('[role=status]');
    };
    const { mender } = window.splatmend!;
    mender.addEventListener('progress', async () => {
      // Lit draws after the event's other listeners.
      await Promise.resolve().then(() => Promise.resolve());
      const text = status()?.textContent;
      if (text && !told.includes(text)) told.push(text);
    });
  });
  await page.keyboard.press('Shift+Delete');
  const panel = page.getByRole('complementary');
  await panel.getByRole('progressbar').waitFor();
  await page.screenshot({ path: shotPath('progress') });
  await proposed(page);
  const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
  const names = told.map((t) => t.replace(/, view 1 of 1$/, '').toLowerCase());
  expect(names).toEqual(STEPS);

  const figures = await page.evaluate(() => window.splatmend!.mender.proposal!.figures);
  expect(figures).toMatchObject({ selected: count, views: 1 });
  expect(figures.added).toBeGreaterThan(0);
  expect(figures.coverage).toBeGreaterThan(0.6);
  const region = panel.getByRole('region', { name: 'Removal' });
  const said = (await region.textContent())!.replace(/\s+/g, ' ');
  for (const note of figures.notes) expect(said).toContain(note.replace(/\s+/g, ' '));
  expect(said).toMatch(
    new RegExp(`Removed ${count} splats and added ${figures.added.toLocaleString('en')} in`),
  );
  for (const figure of ['Filled', 'Seam', 'Colour']) {
    await region.locator('dt', { hasText: figure }).waitFor();
  }
  await page.screenshot({ path: shotPath('proposal-dark') });
  const pictureAfter = await picture(page);
  expect(apart(pictureBefore, pictureAfter, box)).toBeGreaterThan(2);

  await page.keyboard.down('c');
  await page.waitForFunction(() => window.splatmend!.mender.showsBefore);
  expect(apart(pictureBefore, await picture(page), box)).toBeLessThan(0.1);
  await page.keyboard.up('c');
  await page.waitForFunction(() => !window.splatmend!.mender.showsBefore);
  expect(apart(pictureAfter, await picture(page), box)).toBe(0);

  await compareBySlider(page, pictureBefore, pictureAfter, box);
  await lookAtViews(page);
  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await page.screenshot({ path: shotPath('proposal-light') });

  await page.getByRole('button', { name: 'Keep' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.undoLabel?.startsWith('Remove'));
  await idle(page);
  const kept = await stateOf(page);
  expect(kept.cloud.count).toBe(before.cloud.count - count + figures.added);
  expect(await history(page)).toMatchObject({ undoLabel: `Remove ${count} splats`, waits: false });
  await doing(page, () => page.keyboard.press('Control+z'));
  const undone = await stateOf(page);
  expect(firstDifference(undone.cloud, before.cloud)).toBeUndefined();
  expect(undone.selection).toEqual(before.selection);
  expect(await history(page)).toMatchObject({ undoLabel: 'Select object' });
  await doing(page, () => page.keyboard.press('Control+Shift+z'));
  expect(firstDifference((await stateOf(page)).cloud, kept.cloud)).toBeUndefined();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: '.ply keeps everything' }).click();
  const file = await (await download).path();
  const read = await readSplats(new Uint8Array(await readFile(file)), 'mended.ply');
  expect(firstDifference(read.cloud, kept.cloud)).toBeUndefined();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a file' }).click();
  const buffer = await readFile(file);
  await (await chooser).setFiles({
    name: 'mended.ply',
    mimeType: 'application/octet-stream',
    buffer,
  });
  await page.waitForFunction(() => document.title.startsWith('mended.ply'));
  expect(firstDifference((await stateOf(page)).cloud, kept.cloud)).toBeUndefined();
  expect(pages.complaints).toEqual([]);
});

/** X puts a divider over the picture: before left of it, after right of it, wherever it is moved. */
async function compareBySlider(page: Page, before: Picture, after: Picture, box: Region) {
  await page.keyboard.press('x');
  const divider = page.getByRole('slider', { name: 'Divider between before and after' });
  const ready = () => expect.poll(() => divider.getAttribute('aria-busy')).toBe('false');
  await ready();
  /** Moves it, and says how far what then shows of the object is from both sides. */
  const to = async (x: number) => {
    const at = (await divider.boundingBox())!;
    await drag(page, [
      [at.x + at.width / 2, at.y + 80],
      [x, at.y + 80],
    ]);
    const shot = await picture(page);
    return { before: apart(before, shot, box), after: apart(after, shot, box) };
  };
  // Beside the object, so that neither the line nor its grip is over it.
  const left = await to(box.x1 + 30);
  expect(left.before).toBeLessThan(0.5);
  expect(left.after).toBeGreaterThan(2);
  await page.screenshot({ path: shotPath('slider') });
  const right = await to(box.x0 - 30);
  expect(right.after).toBeLessThan(0.5);
  expect(right.before).toBeGreaterThan(2);
  await divider.press('Home');
  expect(await divider.getAttribute('aria-valuenow')).toBe('0');
  await page.keyboard.press('x');
  await divider.waitFor({ state: 'detached' });
  await page.waitForFunction(() => !window.splatmend!.mender.showsBefore);
}

/** The four pictures of the view are different pictures; depth reads what the removal found there. */
async function lookAtViews(page: Page) {
  const section = page.getByRole('region', { name: 'Filled views' });
  const seen = new Set<string>();
  for (const tab of ['Reference', 'Filled', 'Mask']) {
    await section.getByRole('tab', { name: tab }).click();
    const shown = section.getByRole('img', { name: `${tab}, view 1` });
    await shown.waitFor();
    seen.add(await pixelsOf(shown));
  }
  expect(seen.size).toBe(3);
  expect([...seen]).not.toContain('blank');

  await section.getByRole('tab', { name: 'Depth' }).click();
  const depth = section.getByRole('application', { name: /Depth/ });
  expect(await pixelsOf(depth.locator('canvas'))).not.toBe('blank');
  const read = async (filled: boolean, wanted: RegExp) => {
    // A pixel with pixels of its kind around it: the page's box is not in whole pixels of the picture.
    const pixel = await page.evaluate((inside) => {
      const { depthCompleted, mask } = window.splatmend!.mender.proposal!.filledViews[0]!;
      const { width, height, data } = mask;
      for (let y = 1; y < height - 1; y++) {
        for (let x = 1; x < width - 1; x++) {
          const around = [-width, -1, 0, 1, width].map((d) => y * width + x + d);
          if (around.some((i) => (data[i] === 1) !== inside || depthCompleted.data[i] === 0))
            continue;
          return {
            x: (x + 0.5) / width,
            y: (y + 0.5) / height,
            depth: depthCompleted.data[y * width + x]!,
          };
        }
      }
      throw new Error('no such pixel');
    }, filled);
    const { width, height } = (await depth.boundingBox())!;
    await depth.hover({ position: { x: width * pixel.x, y: height * pixel.y } });
    const said = (await section.getByText(wanted).textContent())!;
    expect(Math.abs(Number(/[\d.]+/.exec(said)![0]) / pixel.depth - 1)).toBeLessThan(0.05);
  };
  await read(false, /^Depth [\d.]+ scene units, as captured$/);
  await read(true, /^Depth [\d.]+ scene units, confidence \d+.%$/);
  await page.screenshot({ path: shotPath('depth') });
}

/** A canvas's pixels, or `blank` when all are of one colour. */
const pixelsOf = (canvas: Locator) =>
  canvas.evaluate((element) => {
    const c = element as HTMLCanvasElement;
    const { data } = c.getContext('2d')!.getImageData(0, 0, c.width, c.height);
    const words = new Uint32Array(data.buffer);
    if (words.every((w) => w === words[0])) return 'blank';
    return c.toDataURL();
  });

it('shows the mask first, takes what is painted, tries another seed and keeps the chosen one', async () => {
  const page = await open(`${SMALL}&backend=cpu`, WIDE);
  await clickObject(page, 'mug');
  const before = await stateOf(page);
  // From nearby: what the mug hid is a few pixels of so small a picture otherwise.
  await page.keyboard.press('f');
  await page.getByLabel('Check the mask before mending').check();
  await page.locator('#view').focus();
  await page.keyboard.press('Shift+Delete');
  const dialog = page.getByRole('dialog', { name: 'The hole in this view' });
  const canvas = dialog.getByRole('application', { name: /The hole/ });
  await canvas.waitFor();
  const mask = () =>
    dialog.locator('splatmend-mask-brush').evaluate((brush) => {
      const { mask } = brush as HTMLElementTagNameMap['splatmend-mask-brush'];
      return mask!;
    });
  const found = await mask();
  expect(countSelected(found.data)).toBeGreaterThan(20);
  await page.screenshot({ path: shotPath('mask') });

  const at = (await canvas.boundingBox())!;
  const place = (x: number, y: number) => [at.x + at.width * x, at.y + at.height * y] as const;
  await drag(page, [place(0.15, 0.85), place(0.3, 0.85)]);
  const painted = await mask();
  const more = countSelected(painted.data);
  expect(more).toBeGreaterThan(countSelected(found.data));
  expect(painted.data.every((v, i) => v >= found.data[i]!)).toBe(true);
  await drag(page, [place(0.25, 0.85), place(0.4, 0.85)], ['Shift']);
  expect(countSelected((await mask()).data)).toBeLessThan(more);
  await page.keyboard.press('Control+z');
  expect((await mask()).data).toEqual(painted.data);
  await page.screenshot({ path: shotPath('mask-painted') });
  await dialog.getByRole('button', { name: 'Mend' }).click();
  await proposed(page);
  const filled = await page.evaluate(() => window.splatmend!.mender.proposal!.filledViews[0]!.mask);
  expect(filled.data).toEqual(painted.data);

  // The mask stays as it was found where the dialog is closed.
  await page.getByRole('button', { name: 'Correct the mask' }).click();
  await canvas.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await history(page)).toMatchObject({ waits: true, candidates: 1 });

  await page.getByRole('button', { name: 'Try another' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.candidates.length === 2);
  await idle(page);
  const candidates = page.getByRole('radiogroup', { name: 'Candidates' }).getByRole('radio');
  expect(await candidates.count()).toBe(2);
  expect(await candidates.nth(0).getAttribute('aria-label')).toMatch(
    /^Painted, seed 1, filled \d+/,
  );
  expect(await candidates.nth(1).getAttribute('aria-checked')).toBe('true');
  await page.screenshot({ path: shotPath('candidates') });
  const added = await page.evaluate(() =>
    window.splatmend!.mender.candidates.map((c) => c.result.patch.added.count),
  );
  const shown = await picture(page);
  await candidates.nth(0).click();
  await page.waitForFunction(() => window.splatmend!.mender.chosen === 0);
  await idle(page);
  const { inside } = compare(shown, await picture(page), { x0: 0, y0: 52, x1: 680, y1: 600 });
  expect(inside.changed).toBeGreaterThan(20);

  await page.getByRole('button', { name: 'Keep' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.proposal === undefined);
  await idle(page);
  const gone = countSelected(before.selection!);
  expect((await stateOf(page)).cloud.count).toBe(before.cloud.count - gone + added[0]!);
  await doing(page, () => page.keyboard.press('Control+z'));
  const undone = await stateOf(page);
  expect(firstDifference(undone.cloud, before.cloud)).toBeUndefined();
  expect(undone.selection).toEqual(before.selection);
  expect(pages.complaints).toEqual([]);
});

it('leaves everything as it was when it is cancelled, whichever step runs, and when it is discarded', async () => {
  const page = await open(`${QUICK}&backend=cpu`);
  await clickObject(page, 'mug');
  const before = await stateOf(page);
  const pictureBefore = await picture(page);
  const historyBefore = await history(page);
  const unchanged = async (expected: object = historyBefore) => {
    const now = await stateOf(page);
    expect(firstDifference(now.cloud, before.cloud)).toBeUndefined();
    expect(now.selection).toEqual(before.selection);
    expect(await history(page)).toEqual(expected);
    expect(await page.getByRole('alert').count()).toBe(0);
  };
  for (const step of STEPS) {
    const reached = page.evaluate(
      (wanted) =>
        new Promise<string>((resolve) => {
          const { mender } = window.splatmend!;
          let cancelledIn = 'none';
          const stop = new AbortController();
          const { signal } = stop;
          mender.addEventListener(
            'progress',
            ({ detail }) => {
              if (detail.step !== wanted) return;
              // As the button does; a key pressed from outside would come too late for a short step.
              cancelledIn = wanted;
              mender.cancel();
            },
            { signal },
          );
          const onBusy = () => {
            if (mender.task !== undefined) return;
            stop.abort();
            resolve(cancelledIn);
          };
          mender.addEventListener('busy', onBusy, { signal });
        }),
      step,
    );
    await page.keyboard.press('Shift+Delete');
    expect(await reached).toBe(step);
    await unchanged();
  }
  // With the key itself, and by the button.
  await page.keyboard.press('Shift+Delete');
  await page.getByRole('progressbar').waitFor();
  await page.keyboard.press('Escape');
  await idle(page);
  await unchanged();
  await page.keyboard.press('Shift+Delete');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await idle(page);
  await unchanged();
  expect(apart(pictureBefore, await picture(page), EVERYWHERE)).toBe(0);

  await page.keyboard.press('Shift+Delete');
  await proposed(page);
  const discard = async () => {
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => window.splatmend!.mender.proposal === undefined);
    await idle(page);
    await unchanged({ ...historyBefore, redoLabel: 'Bring back the discarded removal' });
  };
  await discard();
  // Discarded by mistake: redo brings it back.
  await page.keyboard.press('Control+Shift+z');
  await proposed(page);
  await discard();
  expect(apart(pictureBefore, await picture(page), EVERYWHERE)).toBe(0);
  expect(pages.complaints).toEqual([]);
});

it('removes, keeps by Enter and undoes in a Chromium without WebGPU', async () => {
  const plain = await launchChromium(false);
  try {
    const page = await pages.open(QUICK, undefined, plain);
    const pictureBefore = await picture(page);
    const { box } = await clickObject(page, 'mug');
    const before = await stateOf(page);
    await page.keyboard.press('Shift+Delete');
    await proposed(page);
    const how = await page.evaluate(() => window.splatmend!.mender.proposal!.backend);
    expect(how).toBe('cpu');
    expect(apart(pictureBefore, await picture(page), box)).toBeGreaterThan(2);
    await page.screenshot({ path: shotPath('without-webgpu') });
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.splatmend!.mender.undoLabel?.startsWith('Remove'));
    await idle(page);
    const kept = await stateOf(page);
    await doing(page, () => page.keyboard.press('Control+z'));
    const undone = await stateOf(page);
    expect(firstDifference(undone.cloud, before.cloud)).toBeUndefined();
    await doing(page, () => page.keyboard.press('Control+Shift+z'));
    expect(firstDifference((await stateOf(page)).cloud, kept.cloud)).toBeUndefined();
    expect(await selectedCount(page)).toBe(0);
    expect(pages.complaints).toEqual([]);
  } finally {
    await pages.close();
    await plain.close();
  }
});
