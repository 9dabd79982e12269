/**
 * `npm run bench -- kitchen --data FILE [--engine webgpu|webgl2] [--out out/kitchen]` opens
 * captures/kitchen.compressed.ply (1.18 million splats) in the built editor in Chromium, clicks its mug, corrects the
 * selection by at most two strokes, removes it, keeps that, and takes it back, all by mouse and keys.
 * Prints what each took, the longest that the page's main thread was held, and the overlap with the mug;
 * writes bench/results/kitchen.json and .md (not with --dry), and pictures to the --out folder.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import type { Camera, Vec3 } from '../core/camera.ts';
import { readSplats } from '../core/formats/index.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { type PhaseTrace, traceMainThread } from '../test/e2e/main-thread.ts';
import { launchChromium, openEditor, serveBuiltEditor, settle } from '../test/e2e/support.ts';
import { MUG, mugSplats, volumeSplats } from './score/kitchen-mug.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';
import { nextStroke, overlapWith } from './score/stroke-user.ts';

const VIEWPORT = { width: 1100, height: 640 };
/** From the mug to the eye, world units: beside the table and above it, as somebody sits there. */
const BESIDE: Vec3 = [0.28, 0, -0.55];
const ABOVE = 0.45;
const STROKE_RADIUS_PX = 6;
const WAIT = { timeout: 900_000 };

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      engine: { type: 'string', default: 'webgpu' },
      out: { type: 'string', default: 'out/kitchen' },
      dry: { type: 'boolean', default: false },
    },
  });
  if (values.data === undefined) {
    throw new Error('kitchen: give the capture with --data …/captures/kitchen.compressed.ply');
  }
  const bytes = await readFile(values.data);
  const { cloud } = await readSplats(new Uint8Array(bytes), basename(values.data));
  await mkdir(values.out, { recursive: true });
  const server = await serveBuiltEditor();
  const browser = await launchChromium();
  try {
    const query = `?fresh&splats=5000&engine=${values.engine}`;
    const { page, complaints } = await openEditor(browser, server.url, query, VIEWPORT);
    const trace = await traceMainThread(browser, page);
    const user = await act(page, trace.phase, values.data, cloud, values.out);
    const phases = await trace.stop();
    if (complaints.length > 0) throw new Error(`kitchen: ${complaints.join('; ')}`);
    const rows = phases.map((phase) => rowOf(phase, user));
    console.log(`\n${markdownTable(rows)}`);
    if (values.dry) return;
    const shown = args.map((a) => (a === values.data ? `…/${basename(a)}` : a)).join(' ');
    const load = `the page's (${values.engine} on SwiftShader); machine's load ${loadavg()[0]!.toFixed(1)}`;
    const origin = originOf(`npm run bench -- kitchen ${shown}`, load);
    const title = 'A million splats in the page: the mug of the captured kitchen';
    console.log(`\nwritten: ${await record('kitchen', title, origin, rows)}`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** What is known of a phase besides its time. */
type Notes = Map<string, string>;

async function act(
  page: Page,
  phase: (name: string) => Promise<void>,
  path: string,
  cloud: SplatCloud,
  out: string,
): Promise<Notes> {
  const notes: Notes = new Map();
  const picture = async (name: string) => {
    await settle(page);
    await page.screenshot({ path: join(out, `${name}.png`) });
  };
  const idle = () =>
    page.waitForFunction(() => window.splatmend!.mender.task === undefined, null, WAIT);

  await phase('open');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a file' }).click();
  await (await chooser).setFiles(path);
  await page.waitForFunction((n) => window.splatmend!.mender.cloud?.count === n, cloud.count, WAIT);
  await idle();
  await settle(page);

  await phase('look');
  await look(page, BESIDE);
  await picture('before');

  const wanted = mugSplats(cloud);
  const volume = volumeSplats(cloud);
  const overlapOf = (found: Uint8Array) =>
    `IoU ${overlapWith(found, wanted).toFixed(2)} (${overlapWith(found, volume).toFixed(2)} with the table under it)`;
  await phase('click');
  const at = await page.evaluate((p) => window.splatmend!.project(p), MUG.center);
  const answer = answerOf(page);
  await page.mouse.click(at.clientX, at.clientY);
  await answer;
  let selection = await selectionOf(page);
  notes.set('click', overlapOf(selection));
  await picture('clicked');
  for (const n of [1, 2]) {
    const camera = await cameraOf(page);
    const next = nextStroke(cloud, camera, selection, wanted, STROKE_RADIUS_PX);
    if (next === undefined) break;
    await phase(`stroke ${n}`);
    await drawStroke(page, camera, next.stroke.points, next.sign);
    const corrected = await selectionOf(page);
    const better = overlapWith(corrected, wanted) >= overlapWith(selection, wanted);
    const sign = next.sign === 'add' ? 'adding' : 'taking out';
    notes.set(`stroke ${n}`, `${sign}: ${overlapOf(corrected)}${better ? '' : ', undone'}`);
    if (!better) {
      await page.keyboard.press('Control+z');
      await idle();
      await settle(page);
      break;
    }
    selection = corrected;
  }
  await picture('selected');

  await phase('remove');
  await page.getByRole('button', { name: 'Remove and mend' }).click();
  await page.getByRole('button', { name: 'Keep' }).waitFor(WAIT);
  await idle();
  const figures = await page.evaluate(() => window.splatmend!.mender.proposal!.figures);
  notes.set(
    'remove',
    `${figures.selected} splats removed, ${figures.added} added; filled ${Math.floor(figures.coverage * 100)} % from ${figures.views} views, seam ${figures.seamPx.toFixed(1)} px`,
  );
  await picture('after');

  await phase('compare');
  await page.keyboard.down('c');
  await settle(page);
  await page.keyboard.up('c');
  await settle(page);

  await phase('keep');
  await page.getByRole('button', { name: 'Keep' }).click();
  await page.waitForFunction(() => window.splatmend!.mender.proposal === undefined, null, WAIT);
  await idle();
  await settle(page);

  await phase('look from the side');
  await look(page, [BESIDE[2], 0, BESIDE[0]]);
  await picture('side');

  await phase('undo');
  await page.keyboard.press('Control+z');
  await page.waitForFunction((n) => window.splatmend!.mender.cloud?.count === n, cloud.count, WAIT);
  await idle();
  await settle(page);
  return notes;
}

/** Shift draws over what is missing, Ctrl over what is too much. */
async function drawStroke(
  page: Page,
  camera: Camera,
  points: Float32Array,
  sign: 'add' | 'remove',
): Promise<void> {
  await page.evaluate(
    (brushRadius) => window.splatmend!.tools.setOptions({ brushRadius }),
    STROKE_RADIUS_PX,
  );
  const answer = answerOf(page);
  const box = (await page.locator('#view').boundingBox())!;
  const key = sign === 'add' ? 'Shift' : 'Control';
  await page.keyboard.down(key);
  for (let k = 0; k < points.length; k += 2) {
    const x = box.x + (points[k]! / camera.width) * box.width;
    const y = box.y + (points[k + 1]! / camera.height) * box.height;
    await page.mouse.move(x, y);
    if (k === 0) await page.mouse.down();
  }
  await page.mouse.up();
  await page.keyboard.up(key);
  await answer;
}

function look(page: Page, beside: Vec3): Promise<void> {
  return page.evaluate(
    ([center, up, [x, y, z], above]) => {
      const { viewer } = window.splatmend!;
      viewer.host.setUp([...up]);
      const eye: [number, number, number] = [
        center[0] + x + up[0] * above,
        center[1] + y + up[1] * above,
        center[2] + z + up[2] * above,
      ];
      viewer.look(eye, center);
      return viewer.settle();
    },
    [MUG.center, MUG.up, beside, ABOVE] as const,
  );
}

/** The page's camera; its matrix comes over as plain numbers. */
async function cameraOf(page: Page): Promise<Camera> {
  return page.evaluate(() => {
    const camera = window.splatmend!.viewer.host.currentCamera();
    return { ...camera, worldToCamera: Array.from(camera.worldToCamera) };
  }) as unknown as Promise<Camera>;
}

async function selectionOf(page: Page): Promise<Uint8Array> {
  const rows = await page.evaluate(() => {
    const { selection } = window.splatmend!.mender;
    const found: number[] = [];
    selection?.forEach((v, i) => void (v === 1 && found.push(i)));
    return { count: selection?.length ?? 0, found };
  });
  const out = new Uint8Array(rows.count);
  for (const row of rows.found) out[row] = 1;
  return out;
}

/** Resolves when a tool has answered and its answer shows; ask before the tool is used. */
async function answerOf(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        window.splatmend!.mender.addEventListener('selection', () => resolve(), { once: true });
      }),
  );
  await page.waitForFunction(() => window.splatmend!.mender.task === undefined, null, WAIT);
  await settle(page);
}

function rowOf({ name, ms, longTasks }: PhaseTrace, notes: Notes): Row {
  return {
    phase: name,
    seconds: Math.round(ms / 100) / 10,
    'tasks over 50 ms': longTasks.length,
    'longest task, ms': longTasks[0]?.ms ?? '',
    'most work in a task, ms': longTasks.reduce((most, t) => Math.max(most, t.cpuMs), 0) || '',
    'longest unless the machine was busy, ms': longTasks.find((t) => !t.starved)?.ms ?? '',
    note: notes.get(name) ?? '',
  };
}
