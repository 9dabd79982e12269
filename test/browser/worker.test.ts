// Accepts: the worker's promises, exactly: errors arrive with their codes, every call settles, the page's cloud
// keeps its bits whatever happens to the worker. A real module worker in Chromium; scene seed 1, small, because
// what is tested is the talk and not the mending.
import { afterEach, describe, expect, test } from 'vitest';
import { projectPoint } from '../../core/camera.ts';
import { writeSplats } from '../../core/formats/index.ts';
import type { InsertResult } from '../../core/insert-types.ts';
import { applyPatch, revertPatch } from '../../core/patch.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import type { SelectRequest } from '../../core/select-types.ts';
import { selectedRows, selectInVolume } from '../../core/selection.ts';
import { createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { createMendClient } from '../../plugin/client.ts';
import type { ClientOptions, MendClient } from '../../plugin/client-types.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { insertResultTransferables, removeResultTransferables } from '../../workers/api.ts';
import { selectObject } from '../../workers/steps/select-object.ts';
import { firstDifference } from '../support/clouds.ts';
import { codeOf } from '../support/error-code.ts';

const scene = generateTabletop({ splats: 8000, seed: 1 });
const untouched = structuredClone(scene.cloud);
const camera = { ...scene.cameras[0]! };
const pear = scene.objects.find((o) => o.name === 'pear')!;
const pixel = projectPoint(camera, pear.center);
const click: SelectRequest = { kind: 'object', camera, x: pixel.u, y: pixel.v };
const removal = {
  selection: selectInVolume(scene.cloud, pear.box),
  cameras: [camera],
  options: { views: 1, resolution: 96 },
};

const clients: MendClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

/** A client on the CPU kernels, and the workers that it made. */
function open(options: ClientOptions = {}) {
  const workers: Worker[] = [];
  const client = createMendClient({
    preferred: 'cpu',
    createWorker: () => {
      const worker = new Worker(new URL('../../workers/entry.ts', import.meta.url), {
        type: 'module',
      });
      workers.push(worker);
      return worker;
    },
    ...options,
  });
  client.setCloud(scene.cloud);
  clients.push(client);
  return { client, workers };
}

describe('the worker', () => {
  test('starts by itself (the package’s own worker), and selects what the step selects in the page', async () => {
    const client = createMendClient({ preferred: 'cpu' });
    clients.push(client);
    client.setCloud(scene.cloud);
    const found = await client.select(click);
    const here = await selectObject(scene.cloud, camera, { x: pixel.u, y: pixel.v });
    expect(found.count).toBeGreaterThan(20);
    expect(found.selection).toEqual(here.selection);
    expect(client.backend).toEqual({ backend: 'cpu', description: 'CPU (1 thread)' });
    expect(firstDifference(scene.cloud, untouched)).toBeUndefined();
  });

  test('WebGPU in the worker: says so and renders', async () => {
    const { client } = open({ preferred: 'webgpu' });
    const info = await client.start();
    expect(info.backend).toBe('webgpu');
    const small = { ...camera, width: 96, height: 64, fx: 80, fy: 80, cx: 48, cy: 32 };
    const view = await client.renderView({ camera: small });
    expect(view.alpha.data.length).toBe(96 * 64);
    expect(view.alpha.data[32 * 96 + 48]).toBeGreaterThan(0.9);
  });

  test('reads a file: the bytes are moved, the cloud arrives bit for bit', async () => {
    const { client } = open();
    const bytes = await writeSplats(scene.cloud, 'ply');
    const file = await client.readScene(bytes, 'room.ply');
    expect(bytes.byteLength).toBe(0);
    expect(firstDifference(file.cloud, scene.cloud)).toBeUndefined();
    const part = new Uint8Array(16).subarray(4);
    expect(await codeOf(client.readScene(part, 'x.ply'))).toBe('bad-file');
    expect(part.byteLength).toBe(12);
    expect(await codeOf(client.readScene(new Uint8Array(4), 'x.doc'))).toBe('unknown-format');
    const written = await client.writeScene('ply');
    expect(written).toEqual(await writeSplats(scene.cloud, 'ply'));
  });

  test('removes, with progress, and gives the transferred result; errors keep their codes', async () => {
    const { client } = open();
    const steps: string[] = [];
    const result = await client.remove(removal, (p) => steps.push(p.step));
    expect(result.backend).toBe('cpu');
    expect(result.patch.removed.length).toBe(removal.selection.reduce((n, v) => n + v, 0));
    expect(result.patch.added.count).toBeGreaterThan(0);
    expect(steps.length).toBeGreaterThan(2);
    const none = { ...removal, selection: new Uint8Array(scene.cloud.count) };
    expect(await codeOf(client.remove(none))).toBe('empty-selection');
    expect(firstDifference(scene.cloud, untouched)).toBeUndefined();
  });

  test('cancel in the middle: `cancelled`; the same worker goes on', async () => {
    const { client, workers } = open({ cancelDeadlineMs: 60_000 });
    const abort = new AbortController();
    const running = client.remove(removal, () => abort.abort(), abort.signal);
    expect(await codeOf(running)).toBe('cancelled');
    expect((await client.select(click)).count).toBeGreaterThan(20);
    expect(workers.length).toBe(1);
  });

  test('cancelled during each step, then killed during some: named errors, the scene intact, the next call works', async () => {
    const { client, workers } = open({ cancelDeadlineMs: 60_000 });
    const steps = ['choose cameras', 'find hole', 'inpaint', 'lift', 'match colours'];
    for (const step of steps) {
      const abort = new AbortController();
      const cancelled = client.remove(
        removal,
        (p) => {
          if (p.step === step) abort.abort();
        },
        abort.signal,
      );
      expect(await codeOf(cancelled), step).toBe('cancelled');
      expect(workers.length).toBe(1);
    }
    // Two views, so that work follows each step.
    const long = { ...removal, options: { ...removal.options, views: 2, coverageGoal: 2 } };
    // The lock that tells a death knows no steps: the first, a middle one and the last.
    const deadly = ['choose cameras', 'inpaint', 'match colours'];
    for (const [n, step] of deadly.entries()) {
      const killed = client.remove(long, (p) => {
        if (p.step === step) workers[n]!.terminate();
      });
      expect(await codeOf(killed), step).toBe('worker-died');
      expect(firstDifference(client.cloud!, untouched)).toBeUndefined();
      expect(workers.length).toBe(n + 1);
    }
    expect((await client.select(click)).count).toBeGreaterThan(20);
    expect(workers.length).toBe(deadly.length + 1);
  });

  test('the hole before it is filled, with progress; a cancel stops it', async () => {
    const { client } = open({ cancelDeadlineMs: 60_000 });
    const { cameras, ...request } = removal;
    const steps = new Set<string>();
    const look = { ...request, camera: cameras[0]! };
    const preview = await client.previewHole(look, (p) => steps.add(p.step));
    expect([...steps]).toEqual(['choose cameras', 'find hole']);
    expect(preview.mask.data.some((v) => v !== 0)).toBe(true);
    expect(preview.mask.data.length).toBe(preview.camera.width * preview.camera.height);
    const abort = new AbortController();
    const running = client.previewHole(look, () => abort.abort(), abort.signal);
    expect(await codeOf(running)).toBe('cancelled');
    expect(firstDifference(scene.cloud, untouched)).toBeUndefined();
  });

  test('a worker that does not heed a cancel is stopped; the next call has a new one', async () => {
    // Answers everything at once in comlink's wire form, but a selection never.
    const deaf = `onmessage = ({ data: { id, path, argumentList } }) => {
      const answer = () => postMessage({ id, type: 'RAW', value: { ok: true, value: {} } });
      if (path[0] === 'start') {
        navigator.locks.request(argumentList[0].value.lockName, () => {
          answer();
          return new Promise(() => {});
        });
      } else if (path[0] === 'setScene') answer();
      else if (path[0] === 'select') postMessage('asked');
    };`;
    const url = URL.createObjectURL(new Blob([deaf], { type: 'text/javascript' }));
    const abort = new AbortController();
    let abortedAt = 0;
    const deafWorker = () => {
      const worker = new Worker(url);
      worker.addEventListener('message', ({ data }) => {
        if (data !== 'asked') return;
        abortedAt = performance.now();
        abort.abort();
      });
      return worker;
    };
    let made = 0;
    const { client } = open({
      cancelDeadlineMs: 300,
      createWorker: () =>
        made++ === 0
          ? deafWorker()
          : new Worker(new URL('../../workers/entry.ts', import.meta.url), { type: 'module' }),
    });
    const running = client.select(click, abort.signal);
    expect(await codeOf(running)).toBe('cancelled');
    expect(abortedAt).toBeGreaterThan(0);
    // Not before the deadline; timers count whole milliseconds.
    expect(performance.now() - abortedAt).toBeGreaterThan(295);
    expect(made).toBe(1);
    const found = await client.select(click);
    expect(found.count).toBeGreaterThan(20);
    expect(made).toBe(2);
    expect(firstDifference(scene.cloud, untouched)).toBeUndefined();
  });

  test('cancelled while it waits for its turn: settles at once, the call before is not disturbed', async () => {
    const { client } = open();
    const abort = new AbortController();
    const first = client.select(click);
    const second = client.select(click, abort.signal);
    abort.abort();
    expect(await codeOf(second)).toBe('cancelled');
    expect((await first).count).toBeGreaterThan(20);
  });

  test('killed in the middle: `worker-died` for the running and nobody else; the scene is intact', async () => {
    const { client, workers } = open();
    let killedAt = 0;
    const running = client.remove(removal, () => {
      if (killedAt === 0) killedAt = performance.now();
      workers[0]!.terminate();
    });
    expect(await codeOf(running)).toBe('worker-died');
    // Told by the lock coming free, not by the time limit for silence (120 s): wide, since wall time is all a page has.
    expect(performance.now() - killedAt).toBeLessThan(30_000);
    expect(firstDifference(client.cloud!, untouched)).toBeUndefined();
    expect((await client.select(click)).count).toBeGreaterThan(20);
    expect(workers.length).toBe(2);
  });

  test('a worker that cannot be loaded, and one that never answers: `worker-died`', async () => {
    const missing = open({
      createWorker: () => new Worker(new URL('data:text/javascript,throw new Error("no")')),
    });
    expect(await codeOf(missing.client.start())).toBe('worker-died');
    const deaf = open({
      silenceMs: 1500,
      createWorker: () => new Worker(new URL('data:text/javascript,onmessage = () => {}')),
    });
    expect(await codeOf(deaf.client.start())).toBe('worker-died');
  });

  test('without a scene, and after dispose', async () => {
    const { client } = open();
    client.setCloud(undefined);
    expect(await codeOf(client.writeScene('ply'))).toBe('no-scene');
    client.dispose();
    expect(await codeOf(client.start())).toBe('worker-died');
  });
});

describe('the worker’s copy follows the page’s cloud', () => {
  const removed = selectedRows(removal.selection);
  const added = takeSplats(scene.cloud, [5, 3, 9]);
  const patch = { removed, added };
  const removedSplats = takeSplats(scene.cloud, removed);
  const after = applyPatch(scene.cloud, patch);

  /** Names of the calls that went to the workers, in order. */
  function listening() {
    const calls: string[] = [];
    const workers: Worker[] = [];
    const { client } = open({
      createWorker: () => {
        const worker = new Worker(new URL('../../workers/entry.ts', import.meta.url), {
          type: 'module',
        });
        workers.push(worker);
        const post = worker.postMessage.bind(worker);
        worker.postMessage = (message: { path?: string[] }, ...rest: unknown[]) => {
          if (message.path?.[0] !== undefined) calls.push(message.path[0]);
          return (post as (...args: unknown[]) => void)(message, ...rest);
        };
        return worker;
      },
    });
    const sent = () => calls.splice(0).filter((name) => name !== 'ping' && name !== 'start');
    return { client, workers, sent };
  }
  /** What the worker's copy is, as a file's bytes. */
  const isCopyOf = async (client: MendClient, cloud: typeof scene.cloud) => {
    const [theirs, ours] = [await client.writeScene('ply'), await writeSplats(cloud, 'ply')];
    expect(theirs.length).toBe(ours.length);
    // The runner's own comparison of megabytes takes seconds.
    expect(theirs.findIndex((byte, i) => byte !== ours[i])).toBe(-1);
  };

  test('what it read is not sent back', async () => {
    const { client, sent } = listening();
    const file = await client.readScene(await writeSplats(scene.cloud, 'ply'), 'room.ply');
    client.setCloud(file.cloud);
    await isCopyOf(client, scene.cloud);
    expect(sent()).toEqual(['readScene', 'keepRead', 'writeScene']);
    expect(firstDifference(file.cloud, untouched)).toBeUndefined();
  });

  test('another file read in between: the first is sent whole', async () => {
    const { client, sent } = listening();
    const file = await client.readScene(await writeSplats(scene.cloud, 'ply'), 'room.ply');
    await client.readScene(await writeSplats(after, 'ply'), 'other.ply');
    client.setCloud(file.cloud);
    await isCopyOf(client, scene.cloud);
    expect(sent().slice(2)).toEqual(['keepRead', 'setScene', 'writeScene']);
  });

  test('an edit, its undo and its redo go as patches and give the same bytes', async () => {
    const { client, sent } = listening();
    await client.select(click);
    expect(sent()).toEqual(['setScene', 'select']);
    client.setCloud(after, { from: scene.cloud, patch });
    await isCopyOf(client, after);
    expect(sent()).toEqual(['patchScene', 'writeScene']);
    const before = revertPatch(after, patch, removedSplats);
    client.setCloud(before, { from: after, patch, removedSplats });
    await isCopyOf(client, scene.cloud);
    client.setCloud(after, { from: before, patch });
    client.setCloud(before, { from: after, patch, removedSplats });
    client.setCloud(after, { from: before, patch });
    await isCopyOf(client, after);
    expect(sent().filter((name) => name === 'setScene')).toEqual([]);
    expect(firstDifference(scene.cloud, untouched)).toBeUndefined();
  });

  test('prepare brings it ahead of the next call, where that costs no copy', async () => {
    const { client, sent } = listening();
    client.prepare();
    await client.start();
    client.prepare();
    const file = await client.readScene(await writeSplats(scene.cloud, 'ply'), 'room.ply');
    expect(sent()).toEqual(['readScene']);
    client.setCloud(file.cloud);
    client.prepare();
    // Waits for its turn and sends nothing.
    await client.start();
    expect(sent()).toEqual(['keepRead']);
    client.setCloud(after, { from: file.cloud, patch });
    client.prepare();
    await client.start();
    expect(sent()).toEqual(['patchScene']);
    await isCopyOf(client, after);
    expect(sent()).toEqual(['writeScene']);
  });

  test('a patch of another cloud than the page’s is no way: the whole is sent', async () => {
    const { client, sent } = listening();
    await client.select(click);
    client.setCloud(after, { from: structuredClone(scene.cloud), patch });
    await isCopyOf(client, after);
    expect(sent().slice(2)).toEqual(['setScene', 'writeScene']);
  });

  test('after a death the whole is sent', async () => {
    const { client, workers, sent } = listening();
    await client.select(click);
    const running = client.remove(removal, () => workers[0]!.terminate());
    expect(await codeOf(running)).toBe('worker-died');
    client.setCloud(after, { from: scene.cloud, patch });
    sent();
    await isCopyOf(client, after);
    expect(sent()).toEqual(['setScene', 'writeScene']);
    expect(firstDifference(scene.cloud, untouched)).toBeUndefined();
  });
});

describe('transfer lists', () => {
  /** Bytes of every array in it. */
  const lengthsIn = (value: unknown): number[] => {
    if (ArrayBuffer.isView(value)) return [value.byteLength];
    if (typeof value !== 'object' || value === null) return [];
    return Object.values(value).flatMap(lengthsIn);
  };

  test('a sent insertion leaves no buffer behind', () => {
    const result: InsertResult = {
      patch: { removed: new Uint32Array(0), added: createSplatCloud(3, 1) },
      figures: {
        attach: 'surface',
        added: 3,
        changed: 0.1,
        shift: [0, 0],
        depth: 1,
        seconds: {},
        notes: [],
      },
      mask: { width: 2, height: 2, data: new Uint8Array(4) },
      backend: 'cpu',
    };
    const sent = structuredClone(result, { transfer: insertResultTransferables(result) });
    expect(sent.patch.added.count).toBe(3);
    expect(lengthsIn(result)).toEqual(Array(8).fill(0));
  });

  test('a sent removal leaves no buffer behind', () => {
    const image = () => ({ width: 2, height: 2, data: new Float32Array(4) });
    const mask = () => ({ width: 2, height: 2, data: new Uint8Array(4) });
    const result: RemoveResult = {
      patch: { removed: Uint32Array.of(1, 2), added: createSplatCloud(3, 1) },
      figures: {
        selected: 2,
        added: 3,
        coverage: 1,
        unseen: 0,
        seamDepth: 0,
        seamDepth90: 0,
        seamPx: 0,
        seamColour: 0,
        seamDeltaE: 1.5,
        views: 1,
        perView: [],
        seconds: {},
        notes: [],
      },
      filledViews: [
        {
          camera,
          rgbBefore: image(),
          rgbInpainted: image(),
          depthBefore: image(),
          depthCompleted: image(),
          confidence: image(),
          footprint: mask(),
          mask: mask(),
          added: 3,
        },
      ],
      backend: 'cpu',
    };
    const sent = structuredClone(result, { transfer: removeResultTransferables(result) });
    expect([...sent.patch.removed]).toEqual([1, 2]);
    const views = result.filledViews.map(({ camera: _, ...view }) => view);
    expect(lengthsIn({ patch: result.patch, views })).toEqual(Array(14).fill(0));
  });
});
