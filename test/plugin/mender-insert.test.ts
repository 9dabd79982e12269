// Accepts: an insertion's promises, exactly: it waits, moves along its camera's rays, runs again, is kept as one
// undo step or leaves no bit behind; a slow host and quick wishes end at the last wish. The host only remembers, the
// client's insertion is a known one (the line itself: test/workers/insert*). Scene: seed 1. Positions to 1e-5 of the
// distance: they are float32.
import { beforeEach, describe, expect, test } from 'vitest';
import { cameraCenter } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import { createRgbImage, createScalarImage, type RgbImage } from '../../core/image.ts';
import { selectedRows } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { MendClient } from '../../plugin/client-types.ts';
import { createMender, type Mender, type MenderEvents } from '../../plugin/mender.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { firstDifference } from '../support/clouds.ts';
import { codeOf } from '../support/error-code.ts';
import { localClient, plainInsertion, plainRemoval, testHost } from '../support/local-mender.ts';

const scene = generateTabletop({ splats: 8_000, seed: 1 });
const camera = scene.cameras[0]!;
const reference = { camera, edited: createRgbImage(4, 3) };
const start = scene.cloud.count;

let mender: Mender;
let client: ReturnType<typeof localClient>;
let host: ReturnType<typeof testHost>;
beforeEach(() => {
  client = localClient();
  host = testHost({ cloud: scene.cloud, camera });
  mender = createMender(host.host, { client });
});

const shown = () => host.state.shown.at(-1)!;

/** How many times as far as the scene's first splats the last ones of a cloud are. */
function timesAsFar(cloud: SplatCloud): number[] {
  const eye = cameraCenter(camera);
  const n = cloud.count - start;
  return Array.from({ length: n }, (_, i) => {
    const away = (row: number) =>
      Math.hypot(...eye.map((c, k) => cloud.positions[row * 3 + k]! - c));
    return away(start + i) / away(i);
  });
}

/** The largest difference of a channel. */
const apart = (a: RgbImage, b: RgbImage) =>
  a.data.reduce((most, v, i) => Math.max(most, Math.abs(v - b.data[i]!)), 0);

describe('insertion', () => {
  test('waits beside the untouched scene, is compared, kept as one step, undone bit for bit', async () => {
    const told: MenderEvents['proposal'][] = [];
    mender.addEventListener('proposal', (event) => told.push(event.detail));
    const result = await mender.insert(reference, { attach: 'standing' });
    expect(mender.insertion).toMatchObject({ reference, distance: 1, result });
    expect(told).toEqual([{ result: undefined, insertion: mender.insertion }]);
    expect([mender.proposal, mender.candidates.length, mender.canUndo]).toEqual([
      undefined,
      0,
      false,
    ]);
    expect(mender.cloud).toBe(scene.cloud);
    expect(shown().change).toMatchObject({ kind: 'proposal', added: 10 });
    await mender.compare(true);
    expect([shown().cloud, mender.showsBefore]).toEqual([scene.cloud, true]);
    await mender.compare(false);

    await mender.accept();
    expect([mender.cloud!.count, mender.undoLabel]).toEqual([start + 10, 'Insert 10 splats']);
    expect(client.cloud).toBe(mender.cloud);
    expect(told.at(-1)).toEqual({ result: undefined });
    const kept = mender.cloud!;
    await mender.undo();
    expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
    await mender.redo();
    expect(firstDifference(mender.cloud!, kept)).toBeUndefined();
  });

  test('moves along the rays; what is kept is what shows', async () => {
    await mender.insert(reference, { distance: 1.5 });
    for (const times of timesAsFar(shown().cloud)) expect(times).toBeCloseTo(1.5, 5);
    await mender.compare(true);
    await mender.moveInserted(0.8);
    expect([mender.insertion!.distance, mender.showsBefore]).toEqual([0.8, false]);
    for (const times of timesAsFar(shown().cloud)) expect(times).toBeCloseTo(0.8, 5);
    // From where it was found, not from where it is: it comes back to the bit.
    await mender.moveInserted(1);
    expect(mender.insertion!.patch.added).toBe(mender.insertion!.result.patch.added);
    expect(await codeOf(mender.moveInserted(0))).toBe('bad-option');
    expect(await codeOf(mender.moveInserted(Number.NaN))).toBe('bad-option');
    await mender.moveInserted(0.9);
    await mender.accept();
    expect(mender.cloud).toBe(shown().cloud);
    for (const times of timesAsFar(mender.cloud!)) expect(times).toBeCloseTo(0.9, 5);
  });

  test('quick wishes on a slow host: the last one is made, few between, and keeping waits for it', async () => {
    const show = host.host.showCloud;
    host.host.showCloud = async (cloud, change) => {
      await new Promise((resolve) => setTimeout(resolve, 15));
      await show(cloud, change);
    };
    await mender.insert(reference);
    const moves = Array.from({ length: 20 }, (_, i) => mender.moveInserted(1 + i / 100));
    await mender.accept();
    await Promise.all(moves);
    expect(host.state.shown.length).toBeLessThan(5);
    for (const times of timesAsFar(mender.cloud!)) expect(times).toBeCloseTo(1.19, 5);

    await mender.insert(reference);
    const late = mender.moveInserted(1.3);
    await mender.setCloud(scene.cloud);
    await late;
    expect([shown().cloud, mender.insertion]).toEqual([scene.cloud, undefined]);
  });

  test('runs again in its own place; a failure or a cancel leaves what waits', async () => {
    await mender.insert(reference, { attach: 'standing', seed: 4 });
    await mender.moveInserted(1.2);
    await mender.insertAgain({ attach: 'surface' });
    expect(mender.insertion).toMatchObject({
      distance: 1,
      options: { attach: 'surface', seed: 4 },
    });
    expect(shown().cloud.count).toBe(start + 20);
    const waiting = mender.insertion;
    client.failNext = new SplatmendError('out-of-memory', 'no room');
    expect(await codeOf(mender.insertAgain({ attach: 'standing' }))).toBe('out-of-memory');
    mender.addEventListener('progress', () => mender.cancel(), { once: true });
    expect(await codeOf(mender.insertAgain({ attach: 'standing' }))).toBe('cancelled');
    expect(mender.insertion).toBe(waiting);
    expect(await codeOf(mender.insert(reference))).toBe('busy');
    expect(await codeOf(mender.addCandidate())).toBe('bad-option');
    expect(await codeOf(mender.choose(0))).toBe('bad-option');
    expect(() => mender.selectAll()).toThrow(/inserted/);
  });

  test('a cancel leaves everything as it was; what is discarded can be brought back where it was', async () => {
    mender.addEventListener('progress', () => mender.cancel(), { once: true });
    expect(await codeOf(mender.insert(reference))).toBe('cancelled');
    expect([mender.insertion, mender.task, host.state.shown.length]).toEqual([
      undefined,
      undefined,
      0,
    ]);
    expect(await codeOf(mender.moveInserted(2))).toBe('bad-option');

    await mender.insert(reference);
    await mender.moveInserted(1.1);
    expect(await mender.undo()).toBe(true);
    expect([mender.insertion, shown().cloud]).toEqual([undefined, scene.cloud]);
    expect(mender.redoLabel).toBe('Bring back the discarded insertion');
    await mender.redo();
    expect(mender.insertion!.distance).toBe(1.1);
    await mender.discard();
    expect(mender.cloud).toBe(scene.cloud);
  });

  test('the depth model goes along, read first, and nobody who fills; hidden splats are named', async () => {
    const asked: Parameters<MendClient['insert']>[] = [];
    const told = localClient(plainRemoval, (own) => async (...args) => {
      asked.push(args);
      return plainInsertion(own)(...args);
    });
    mender = createMender(host.host, { client: told });
    const steps: string[] = [];
    mender.addEventListener('progress', ({ detail }) => steps.push(detail.step));
    const estimate = async () => createScalarImage(1, 1);
    mender.depth = {
      label: 'depth',
      async ready(_signal, onProgress) {
        onProgress?.({ step: 'read', fraction: 1 });
        return { id: 'seen', estimate };
      },
    };
    mender.filler = { label: 'no', seeds: false, ready: () => Promise.reject(new Error('asked')) };
    await mender.selectPixel(camera.width / 2, camera.height / 2);
    mender.hideSelection();
    await mender.insert(reference, { attach: 'surface', distance: 1.1 });
    const [request, , , models] = asked[0]!;
    expect(request.models).toEqual({ depth: 'seen' });
    expect(models).toEqual({ estimateDepth: estimate });
    expect(request.marks).toBe(mender.marks);
    // Where it was found is the line's answer; the distance is added to that.
    expect(request.options).toEqual({ attach: 'surface' });
    expect([steps[0], steps.length]).toEqual(['read', 6]);
  });

  test('the picture to edit is the view’s, large enough to paint on, without what is hidden', async () => {
    const small = { ...camera, width: 64, height: 48, fx: 60, fy: 60, cx: 32, cy: 24 };
    host.host.currentCamera = () => small;
    const open = await mender.takeReference();
    expect([open.camera.width, open.camera.height, open.rgb.width]).toEqual([960, 720, 960]);
    expect(open.camera.fx / small.fx).toBeCloseTo(15, 9);
    expect(open.rgb.data.some((v) => v > 0.2)).toBe(true);
    const ball = scene.objects.find((o) => o.name === 'ball')!;
    await mender.selectVolume({
      shape: 'sphere',
      center: [...ball.center] as [number, number, number],
      radius: ball.radius,
    });
    const tinted = await mender.takeReference();
    expect(apart(tinted.rgb, open.rgb)).toBe(0);
    expect(selectedRows(mender.selection!).length).toBeGreaterThan(10);
    mender.hideSelection();
    const without = await mender.takeReference();
    expect(apart(without.rgb, open.rgb)).toBeGreaterThan(0.1);
  });
});
