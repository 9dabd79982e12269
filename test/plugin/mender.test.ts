// Accepts: the mender's promises, exactly. Its host and its client are in this process (the client in a real
// worker is tested in test/browser/worker.test.ts): the client runs the worker's own session on the CPU
// kernels, with one removal replaced where a test needs a known outcome or a failure. Scene: seed 1.
import { beforeEach, describe, expect, test } from 'vitest';
import { projectPoint } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import { selectedRows } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { takeSplats } from '../../core/splat-cloud.ts';
import type { Journal, Step } from '../../plugin/history-types.ts';
import { createMender, type Mender } from '../../plugin/mender.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { firstDifference } from '../support/clouds.ts';
import { codeOf } from '../support/error-code.ts';
import { localClient, recordEvents, testHost } from '../support/local-mender.ts';

const scene = generateTabletop({ splats: 20_000, seed: 1 });
const vase = scene.objects.find((o) => o.name === 'vase')!;
const camera = scene.cameras[0]!;
const vasePixel = projectPoint(camera, vase.center);

let mender: Mender;
let client: ReturnType<typeof localClient>;
let host: ReturnType<typeof testHost>;
beforeEach(() => {
  client = localClient();
  host = testHost({ cloud: scene.cloud, camera });
  mender = createMender(host.host, { client });
});

describe('mender', () => {
  test('click, remove, accept, undo, redo: the cloud is right bit for bit at each step', async () => {
    const selections = recordEvents(mender, 'selection');
    const proposals = recordEvents(mender, 'proposal');
    const busy = recordEvents(mender, 'busy');
    const count = await mender.selectAt(vasePixel.u, vasePixel.v);
    expect(count).toBeGreaterThan(200);
    expect(host.state.highlighted).toBe(count);
    expect(selections).toEqual([{ count, onSurface: false }]);

    const result = await mender.remove();
    expect(result.patch.removed.length).toBe(count);
    expect(mender.proposal).toBe(result);
    // While it waits, undo means discard.
    expect(mender.canUndo).toBe(false);
    expect(proposals).toEqual([{ result }]);
    expect(busy.map((b) => b.task)).toEqual(['select', undefined, 'remove', undefined]);
    // The truth waits for accept; the host shows the outcome.
    expect(mender.cloud).toBe(scene.cloud);
    const after = host.state.shown.at(-1)!;
    expect(after.change).toMatchObject({ kind: 'proposal', added: 10 });
    expect(after.cloud.count).toBe(scene.cloud.count - count + 10);

    await mender.compare(true);
    expect(host.state.shown.at(-1)!.cloud).toBe(scene.cloud);
    await mender.compare(false);
    await mender.accept();
    expect(mender.cloud).toBe(after.cloud);
    expect(client.cloud).toBe(after.cloud);
    expect(mender.canUndo).toBe(true);

    expect(await mender.undo()).toBe(true);
    expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
    expect(mender.selectedCount).toBe(count);
    expect(host.state.highlighted).toBe(count);
    // The click before it was a step of its own.
    expect(mender.undoLabel).toBe('Select object');
    expect(await mender.undo()).toBe(true);
    expect(mender.selectedCount).toBe(0);
    expect(host.state.highlighted).toBe(0);
    expect(await mender.undo()).toBe(false);
    expect(await mender.redo()).toBe(true);
    expect(mender.selectedCount).toBe(count);
    expect(await mender.redo()).toBe(true);
    expect(firstDifference(mender.cloud!, after.cloud)).toBeUndefined();
    expect(await mender.redo()).toBe(false);
  });

  test('discard: the scene and the selection are as before', async () => {
    const count = await mender.selectPixel(vasePixel.u, vasePixel.v);
    const result = await mender.remove();
    await mender.discard();
    expect(mender.cloud).toBe(scene.cloud);
    expect(host.state.shown.at(-1)!.cloud).toBe(scene.cloud);
    expect(mender.selectedCount).toBe(count);
    expect(host.state.highlighted).toBe(count);
    expect(mender.undoLabel).toBe('Select object');

    // A slip of the finger costs nothing: redo proposes it again, until something else happens.
    expect([mender.canRedo, await mender.redo()]).toEqual([true, true]);
    expect(mender.proposal).toBe(result);
    expect(host.state.shown.at(-1)!.change.kind).toBe('proposal');
    expect(mender.cloud).toBe(scene.cloud);
    await mender.undo();
    mender.clearSelection();
    expect([mender.canRedo, await mender.redo()]).toEqual([false, false]);
  });

  test('cancel in the middle: `cancelled`, and everything as it was', async () => {
    const count = await mender.selectPixel(vasePixel.u, vasePixel.v);
    mender.addEventListener('progress', () => mender.cancel());
    expect(await codeOf(mender.remove())).toBe('cancelled');
    expect(mender.proposal).toBeUndefined();
    expect(mender.cloud).toBe(scene.cloud);
    expect(mender.selectedCount).toBe(count);
    expect(mender.task).toBeUndefined();
    expect(host.state.shown).toEqual([]);
  });

  test('a failed removal: its code, everything as it was, and the next one works', async () => {
    await mender.selectPixel(vasePixel.u, vasePixel.v);
    client.failNext = new SplatmendError('worker-died', 'worker: gone');
    expect(await codeOf(mender.remove())).toBe('worker-died');
    expect(mender.cloud).toBe(scene.cloud);
    await mender.remove();
    expect(mender.proposal).toBeDefined();
  });

  test('one job at a time; nothing selected; a proposal must be settled first', async () => {
    expect(await codeOf(mender.remove())).toBe('empty-selection');
    const first = mender.selectPixel(vasePixel.u, vasePixel.v);
    expect(await codeOf(mender.selectPixel(1, 1))).toBe('busy');
    await first;
    await mender.remove();
    expect(await codeOf(mender.remove())).toBe('busy');
    expect(() => mender.clearSelection()).toThrow(/accept or discard/);
  });

  test('selection modes and volumes', async () => {
    const ball = scene.objects.find((o) => o.name === 'ball')!;
    const sphere = (o: typeof ball) =>
      ({
        shape: 'sphere',
        center: [...o.center] as [number, number, number],
        radius: o.radius,
      }) as const;
    const a = await mender.selectVolume(sphere(ball));
    const both = await mender.selectVolume(sphere(vase), 'add');
    expect(both).toBeGreaterThan(a);
    expect(await mender.selectVolume(sphere(vase), 'remove')).toBe(a);
    expect(await mender.selectVolume(sphere(vase), 'intersect')).toBe(0);
    expect(mender.selectAll()).toBe(scene.cloud.count);
    expect(mender.invertSelection()).toBe(0);
    expect(() => mender.setSelection(new Uint8Array(3))).toThrow(/one byte a splat/);
  });

  test('a click outside the picture clears the selection, or keeps it when adding', async () => {
    await mender.selectPixel(vasePixel.u, vasePixel.v);
    const count = mender.selectedCount;
    expect(await mender.selectAt(-5, 0, { mode: 'add' })).toBe(count);
    expect(await mender.selectAt(-5, 0)).toBe(0);
  });

  test('delete without mending is one undo step; deleting everything is refused', async () => {
    const count = await mender.selectPixel(vasePixel.u, vasePixel.v);
    expect(mender.edited).toBe(false);
    await mender.deleteSelection();
    expect(mender.cloud!.count).toBe(scene.cloud.count - count);
    expect(mender.edited).toBe(true);
    await mender.undo();
    expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
    expect(mender.edited).toBe(false);
    mender.selectAll();
    expect(await codeOf(mender.deleteSelection())).toBe('everything-selected');
  });

  test('export and open: a PLY comes back bit for bit', async () => {
    const bytes = await mender.export('ply');
    const file = await mender.open(bytes, 'again.ply');
    expect(file.report.count).toBe(scene.cloud.count);
    expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
    expect(host.state.shown.at(-1)!.change.kind).toBe('open');
    expect(await codeOf(mender.open(new Uint8Array(3), 'x.ply'))).toBe('bad-file');
    expect(mender.cloud!.count).toBe(scene.cloud.count);
  });

  test('hidden and locked splats are passed over, keep their marks through an edit, and undo brings them back', async () => {
    const ball = scene.objects.find((o) => o.name === 'ball')!;
    const hidden = await mender.selectVolume({
      shape: 'sphere',
      center: [...ball.center] as [number, number, number],
      radius: ball.radius,
    });
    mender.hideSelection();
    expect([mender.selectedCount, mender.hiddenCount]).toEqual([0, hidden]);
    expect(selectedRows(host.state.marks.hidden!).length).toBe(hidden);
    expect(mender.selectAll()).toBe(scene.cloud.count - hidden);
    mender.clearSelection();

    const count = await mender.selectPixel(vasePixel.u, vasePixel.v);
    await mender.deleteSelection();
    expect(mender.hiddenCount).toBe(hidden);
    expect(selectedRows(host.state.marks.hidden!).length).toBe(hidden);
    // The same splats as before, in their new rows.
    const rows = selectedRows(host.state.marks.hidden!);
    const center = takeSplats(mender.cloud!, rows).positions;
    expect(Math.hypot(center[0]! - ball.center[0], center[1]! - ball.center[1])).toBeLessThan(
      ball.radius * 1.01,
    );
    await mender.undo();
    expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
    expect([mender.hiddenCount, mender.selectedCount]).toEqual([hidden, count]);
    mender.lockSelection();
    expect(mender.lockedCount).toBe(count);
    expect(await mender.selectPixel(vasePixel.u, vasePixel.v)).toBe(0);
    mender.unlockAll();
    mender.showAll();
    expect(host.state.marks).toEqual({});
    expect(mender.undoLabel).toBe('Show all');
    await mender.undo();
    await mender.undo();
    expect([mender.hiddenCount, mender.lockedCount]).toEqual([hidden, count]);
  });

  test('candidates: each is shown, another can be chosen, the chosen one is kept', async () => {
    await mender.selectPixel(vasePixel.u, vasePixel.v);
    const first = await mender.remove({ seed: 4 });
    const second = await mender.addCandidate();
    expect(mender.candidates.map((c) => c.label)).toEqual(['Seed 4', 'Seed 5']);
    expect([mender.chosen, mender.proposal]).toEqual([1, second]);
    await mender.compare(true);
    await mender.choose(0);
    expect([mender.chosen, mender.proposal, mender.showsBefore]).toEqual([0, first, false]);
    expect(await codeOf(mender.choose(2))).toBe('bad-option');
    client.failNext = new SplatmendError('out-of-memory', 'no room');
    expect(await codeOf(mender.addCandidate())).toBe('out-of-memory');
    expect([mender.candidates.length, mender.proposal]).toEqual([2, first]);
    await mender.accept();
    expect(mender.undoLabel).toMatch(/^Remove /);
    expect(mender.candidates).toEqual([]);
    await mender.undo();
    expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
  });

  test('a host that fails to show leaves the truth as it was', async () => {
    const count = await mender.selectPixel(vasePixel.u, vasePixel.v);
    host.state.failNext = new SplatmendError('out-of-memory', 'host: no room');
    expect(await codeOf(mender.remove())).toBe('out-of-memory');
    expect([mender.cloud, mender.proposal]).toEqual([scene.cloud, undefined]);
    expect(host.state.shown.at(-1)).toEqual({ cloud: scene.cloud, change: { kind: 'restore' } });
    expect(host.state.highlighted).toBe(count);
    host.state.failNext = new Error('host: gone');
    expect(await codeOf(mender.deleteSelection())).toMatch(/gone/);
    expect(mender.cloud).toBe(scene.cloud);
    expect(mender.undoLabel).toBe('Select object');
    await mender.deleteSelection();
    expect(mender.cloud!.count).toBe(scene.cloud.count - count);
  });

  test('a journal hears all that is needed to bring the session back', async () => {
    const steps: Step[] = [];
    let done = 0;
    let base: SplatCloud | undefined;
    const journal: Journal = {
      opened: (cloud) => {
        base = cloud;
      },
      recorded: (step) => {
        steps.length = done;
        steps.push(structuredClone(step));
        done++;
      },
      moved: (to) => {
        done = to;
      },
    };
    const first = createMender(host.host, { client: localClient(), journal });
    await first.selectPixel(vasePixel.u, vasePixel.v);
    await first.remove();
    await first.accept();
    first.selectAll();
    await first.undo();
    const ball = scene.objects.find((o) => o.name === 'ball')!;
    await first.selectVolume({
      shape: 'sphere',
      center: [...ball.center] as [number, number, number],
      radius: ball.radius,
    });
    first.hideSelection();
    await first.selectPixel(2, 2);
    await first.undo();
    await first.undo();

    const again = createMender(
      { ...host.host, readCloud: () => undefined },
      { client: localClient() },
    );
    await again.restore(structuredClone(base!), steps, done);
    expect(firstDifference(again.cloud!, first.cloud!)).toBeUndefined();
    expect(again.selection).toEqual(first.selection);
    expect(again.marks).toEqual(first.marks);
    expect([again.undoLabel, again.redoLabel]).toEqual([first.undoLabel, first.redoLabel]);
    while (await again.redo());
    while (await again.undo());
    expect(firstDifference(again.cloud!, scene.cloud)).toBeUndefined();
    expect(await codeOf(again.restore(base!, steps, 2))).toBe('nothing thrown');
    const broken = steps.map((s) => ({ ...s, after: { count: 7 } }));
    expect(await codeOf(again.restore(base!, broken, 2))).toBe('bad-file');
  });

  test('without a scene every verb says so', async () => {
    const empty = createMender(
      { ...host.host, readCloud: () => undefined },
      { client: localClient() },
    );
    expect(await codeOf(empty.remove())).toBe('no-scene');
    expect(await codeOf(empty.export('ply'))).toBe('no-scene');
    expect(await empty.undo()).toBe(false);
  });

  test('what is no cloud, no file and no format is refused as such, and the scene stays', async () => {
    const wrong = (cloud: object) => codeOf(mender.setCloud(cloud as SplatCloud));
    expect(await wrong({})).toBe('bad-option');
    expect(await wrong({ ...scene.cloud, count: scene.cloud.count + 1 })).toBe('bad-option');
    expect(await wrong({ ...scene.cloud, shDegree: 3 })).toBe('bad-option');
    expect(await wrong({ ...scene.cloud, extras: undefined })).toBe('bad-option');
    expect(await codeOf(mender.open(new ArrayBuffer(8) as never, 'x.ply'))).toBe('bad-option');
    expect(await codeOf(mender.export('glb' as never))).toBe('unknown-format');
    expect(mender.cloud).toBe(scene.cloud);
  });

  test('after dispose calls are refused', async () => {
    mender.dispose();
    expect(await codeOf(mender.selectPixel(1, 1))).toBe('internal');
  });
});
