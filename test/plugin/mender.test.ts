// Accepts: the mender's promises, exactly. Its host and its client are in this process (the client in a real
// worker is tested in test/browser/worker.test.ts): the client runs the worker's own session on the CPU
// kernels, with one removal replaced where a test needs a known outcome or a failure. Scene: seed 1.
import { beforeEach, describe, expect, test } from 'vitest';
import { projectPoint } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { SplatmendError, unwrap } from '../../core/errors.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import { selectedRows } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { takeSplats } from '../../core/splat-cloud.ts';
import type { MendClient } from '../../plugin/client.ts';
import type { CloudChange, MendHost } from '../../plugin/host.ts';
import { createMender, type Mender, type MenderEvents } from '../../plugin/mender.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { createSession } from '../../workers/session.ts';
import { firstDifference } from '../support/clouds.ts';

const scene = generateTabletop({ splats: 20_000, seed: 1 });
const vase = scene.objects.find((o) => o.name === 'vase')!;
const camera = scene.cameras[0]!;
const vasePixel = projectPoint(camera, vase.center);

function testHost() {
  const shown: { cloud: SplatCloud; change: CloudChange }[] = [];
  const state = { highlighted: 0, shown, frames: 0 };
  const host: MendHost = {
    name: 'test',
    readCloud: () => scene.cloud,
    currentCamera: () => camera,
    pixelAt: (x, y) => (x < 0 ? undefined : { x, y }),
    showCloud: (cloud, change) => {
      shown.push({ cloud, change });
    },
    highlight: (selection) => {
      state.highlighted = selection ? selectedRows(selection).length : 0;
    },
    requestRender: () => {
      state.frames++;
    },
  };
  return { host, state };
}

type Removal = MendClient['remove'];

/** Removes the selection and adds ten copies of survivors: a known outcome. */
const plainRemoval =
  (client: { cloud: SplatCloud | undefined }): Removal =>
  async ({ selection }, onProgress, signal) => {
    for (let k = 0; k < 5; k++) {
      onProgress?.({ step: 'test', fraction: k / 5 });
      await new Promise((resolve) => setTimeout(resolve, 1));
      throwIfCancelled(signal);
    }
    const kept = selectedRows(selection, 0);
    const result: RemoveResult = {
      patch: {
        removed: selectedRows(selection),
        added: takeSplats(client.cloud!, kept.subarray(0, 10)),
      },
      figures: {
        selected: scene.cloud.count - kept.length,
        added: 10,
        coverage: 1,
        seamDepth: 0,
        seamColour: 0,
        views: 1,
        seconds: {},
        notes: [],
      },
      filledViews: [],
      backend: 'cpu',
    };
    return result;
  };

/** The session without a worker around it. */
function localClient(removal = plainRemoval): MendClient & { failNext?: SplatmendError } {
  const session = createSession({ source: async () => createCpuKernels() });
  let job = 1;
  let synced: SplatCloud | undefined;
  const sync = async () => {
    if (synced !== client.cloud) unwrap(await session.setScene(client.cloud!));
    synced = client.cloud;
  };
  const client: MendClient & { failNext?: SplatmendError } = {
    backend: undefined,
    cloud: undefined,
    start: async () => unwrap(await session.start({ preferred: 'cpu' })),
    readScene: async (bytes, name) => unwrap(await session.readScene(job++, bytes, name)),
    writeScene: async (format) => {
      await sync();
      return unwrap(await session.writeScene(job++, format));
    },
    selectObject: async (request, signal) => {
      await sync();
      const id = job++;
      signal?.addEventListener('abort', () => void session.cancel(id));
      return unwrap(await session.selectObject(id, request));
    },
    renderView: async (request) => unwrap(await session.renderView(job++, request)),
    remove: async (request, onProgress, signal) => {
      const error = client.failNext;
      if (error) {
        delete client.failNext;
        throw error;
      }
      return removal(client)(request, onProgress, signal);
    },
    dispose: () => undefined,
  };
  return client;
}

let mender: Mender;
let client: ReturnType<typeof localClient>;
let host: ReturnType<typeof testHost>;
beforeEach(() => {
  client = localClient();
  host = testHost();
  mender = createMender(host.host, { client });
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing thrown',
    (e: unknown) => (e instanceof SplatmendError ? e.code : String(e)),
  );

function record<K extends keyof MenderEvents>(type: K): MenderEvents[K][] {
  const seen: MenderEvents[K][] = [];
  mender.addEventListener(type, (event) => seen.push(event.detail));
  return seen;
}

describe('mender', () => {
  test('click, remove, accept, undo, redo: the cloud is right bit for bit at each step', async () => {
    const selections = record('selection');
    const proposals = record('proposal');
    const busy = record('busy');
    const count = await mender.selectAt(vasePixel.u, vasePixel.v);
    expect(count).toBeGreaterThan(200);
    expect(host.state.highlighted).toBe(count);
    expect(selections).toEqual([{ count, onSurface: false }]);

    const result = await mender.remove();
    expect(result.patch.removed.length).toBe(count);
    expect(mender.proposal).toBe(result);
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
    expect(await mender.redo()).toBe(true);
    expect(firstDifference(mender.cloud!, after.cloud)).toBeUndefined();
    expect(await mender.redo()).toBe(false);
  });

  test('discard: the scene and the selection are as before', async () => {
    const count = await mender.selectPixel(vasePixel.u, vasePixel.v);
    await mender.remove();
    await mender.discard();
    expect(mender.cloud).toBe(scene.cloud);
    expect(host.state.shown.at(-1)!.cloud).toBe(scene.cloud);
    expect(mender.selectedCount).toBe(count);
    expect(mender.canUndo).toBe(false);
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

  test('selection modes and volumes', () => {
    const ball = scene.objects.find((o) => o.name === 'ball')!;
    const sphere = (o: typeof ball) =>
      ({
        shape: 'sphere',
        center: [...o.center] as [number, number, number],
        radius: o.radius,
      }) as const;
    const a = mender.selectVolume(sphere(ball));
    const both = mender.selectVolume(sphere(vase), 'add');
    expect(both).toBeGreaterThan(a);
    expect(mender.selectVolume(sphere(vase), 'remove')).toBe(a);
    expect(mender.selectVolume(sphere(vase), 'intersect')).toBe(0);
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
    await mender.deleteSelection();
    expect(mender.cloud!.count).toBe(scene.cloud.count - count);
    await mender.undo();
    expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
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

  test('without a scene every verb says so', async () => {
    const empty = createMender(
      { ...host.host, readCloud: () => undefined },
      { client: localClient() },
    );
    expect(await codeOf(empty.remove())).toBe('no-scene');
    expect(await codeOf(empty.export('ply'))).toBe('no-scene');
    expect(await empty.undo()).toBe(false);
  });

  test('after dispose calls are refused', async () => {
    mender.dispose();
    expect(await codeOf(mender.selectPixel(1, 1))).toBe('internal');
  });
});
