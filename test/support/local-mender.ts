/** A host and a client in this process, for tests of the mender. */
import type { Camera } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { type SplatmendError, unwrap } from '../../core/errors.ts';
import type { ExtendResult } from '../../core/extend-types.ts';
import { createMask } from '../../core/image.ts';
import type { InsertResult } from '../../core/insert-types.ts';
import { type OnProgress, throwIfCancelled } from '../../core/progress.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import { selectedRows } from '../../core/selection.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import type { MendClient } from '../../plugin/client-types.ts';
import type { CloudChange, MendHost, ShownMarks } from '../../plugin/host.ts';
import type { Mender, MenderEvents } from '../../plugin/mender.ts';
import { createSession } from '../../workers/session.ts';

/** A host that only remembers what it was given to show. */
export function testHost({ cloud, camera }: { cloud: SplatCloud; camera: Camera }) {
  const shown: { cloud: SplatCloud; change: CloudChange }[] = [];
  const state = {
    marks: {} as ShownMarks,
    shown,
    frames: 0,
    failNext: undefined as Error | undefined,
    get highlighted() {
      return state.marks.selected ? selectedRows(state.marks.selected).length : 0;
    },
  };
  const host: MendHost = {
    name: 'test',
    element: undefined as unknown as HTMLElement,
    capture: () => Promise.reject(new Error('no picture here')),
    onViewChange: () => () => undefined,
    readCloud: () => cloud,
    currentCamera: () => camera,
    pixelAt: (x, y) => (x < 0 ? undefined : { x, y }),
    showCloud: async (next, change) => {
      const error = state.failNext;
      state.failNext = undefined;
      if (error) throw error;
      state.marks = {};
      shown.push({ cloud: next, change });
    },
    showMarks: (marks) => {
      state.marks = { ...marks };
    },
    requestRender: () => {
      state.frames++;
    },
  };
  return { host, state };
}

type Removal = MendClient['remove'];
type Insertion = MendClient['insert'];
type Extension = MendClient['extend'];

async function inSteps(onProgress: OnProgress | undefined, signal: AbortSignal | undefined) {
  for (let k = 0; k < 5; k++) {
    onProgress?.({ step: 'test', fraction: k / 5 });
    await new Promise((resolve) => setTimeout(resolve, 1));
    throwIfCancelled(signal);
  }
}

/** Removes the selection and adds ten copies of survivors: a known outcome. */
export const plainRemoval =
  (client: { cloud: SplatCloud | undefined }): Removal =>
  async ({ selection }, onProgress, signal) => {
    await inSteps(onProgress, signal);
    const kept = selectedRows(selection, 0);
    const result: RemoveResult = {
      patch: {
        removed: selectedRows(selection),
        added: takeSplats(client.cloud!, kept.subarray(0, 10)),
      },
      figures: {
        selected: client.cloud!.count - kept.length,
        added: 10,
        coverage: 1,
        unseen: 0,
        seamDepth: 0,
        seamDepth90: 0,
        seamPx: 0,
        perView: [],
        seamColour: 0,
        seamDeltaE: 1.5,
        views: 1,
        seconds: {},
        notes: [],
      },
      filledViews: [],
      backend: 'cpu',
    };
    return result;
  };

/** Adds copies of the first splats, ten for `standing`, twenty for another attachment: a known outcome. */
export const plainInsertion =
  (client: { cloud: SplatCloud | undefined }): Insertion =>
  async ({ options }, onProgress, signal) => {
    await inSteps(onProgress, signal);
    const attach = options?.attach === 'surface' ? 'surface' : 'standing';
    const added = attach === 'standing' ? 10 : 20;
    const rows = Uint32Array.from({ length: added }, (_, i) => i);
    const result: InsertResult = {
      patch: { removed: new Uint32Array(0), added: takeSplats(client.cloud!, rows) },
      figures: { attach, added, changed: 0.1, shift: [0, 0], depth: 2, seconds: {}, notes: [] },
      mask: createMask(4, 3),
      backend: 'cpu',
    };
    return result;
  };

/** Adds copies of the first splats, as many as the seed, and fills half of what is open: a known outcome. */
export const plainExtension =
  (client: { cloud: SplatCloud | undefined }): Extension =>
  async ({ camera, options }, onProgress, signal) => {
    await inSteps(onProgress, signal);
    const added = options?.seed ?? 10;
    const rows = Uint32Array.from({ length: added }, (_, i) => i);
    const result: ExtendResult = {
      patch: { removed: new Uint32Array(0), added: takeSplats(client.cloud!, rows) },
      views: [{ camera, open: 0.2, filled: 0.5, left: 0, first: 0, count: added }],
      figures: {
        added,
        coverage: 0.5,
        seamDepth: 0,
        seamDepth90: 0,
        seamColour: 0,
        up: [0, -1, 0],
        planes: { seen: 1, closing: 0 },
        sky: false,
        seconds: {},
        notes: [],
      },
      backend: 'cpu',
    };
    return result;
  };

/** The session without a worker around it. */
export function localClient(
  removal = plainRemoval,
  insertion = plainInsertion,
  extension = plainExtension,
): MendClient & { failNext?: SplatmendError } {
  const session = createSession({ source: async () => createCpuKernels() });
  let job = 1;
  let synced: SplatCloud | undefined;
  const sync = async () => {
    if (synced !== client.cloud) unwrap(await session.setScene(client.cloud!));
    synced = client.cloud;
  };
  let cloud: SplatCloud | undefined;
  const client: MendClient & { failNext?: SplatmendError } = {
    backend: undefined,
    get cloud() {
      return cloud;
    },
    start: async () => unwrap(await session.start({ preferred: 'cpu' })),
    readScene: async (bytes, name) => unwrap(await session.readScene(job++, bytes, name)),
    readDepth: async (bytes, name, options) =>
      unwrap(await session.readDepth(job++, bytes, name, options)),
    photo: async (request, onProgress, signal) => {
      const id = job++;
      signal?.addEventListener('abort', () => void session.cancel(id));
      return unwrap(await session.photo(id, request, onProgress));
    },
    writeScene: async (format) => {
      await sync();
      return unwrap(await session.writeScene(job++, format));
    },
    prepare: () => {},
    setCloud: (next) => {
      cloud = next;
    },
    select: async (request, signal) => {
      await sync();
      const id = job++;
      signal?.addEventListener('abort', () => void session.cancel(id));
      return unwrap(await session.select(id, request));
    },
    previewHole: async (request) => {
      await sync();
      return unwrap(await session.previewHole(job++, request));
    },
    renderView: async (request) => {
      await sync();
      return unwrap(await session.renderView(job++, request));
    },
    remove: async (request, onProgress, signal) => {
      const error = client.failNext;
      if (error) {
        delete client.failNext;
        throw error;
      }
      return removal(client)(request, onProgress, signal);
    },
    insert: async (request, onProgress, signal, models) => {
      const error = client.failNext;
      if (error) {
        delete client.failNext;
        throw error;
      }
      return insertion(client)(request, onProgress, signal, models);
    },
    extend: async (request, onProgress, signal, models) => {
      const error = client.failNext;
      if (error) {
        delete client.failNext;
        throw error;
      }
      return extension(client)(request, onProgress, signal, models);
    },
    dispose: () => undefined,
  };
  return client;
}

/** The mender's events of this kind from here on. */
export function recordEvents<K extends keyof MenderEvents>(
  mender: Mender,
  type: K,
): MenderEvents[K][] {
  const seen: MenderEvents[K][] = [];
  mender.addEventListener(type, (event) => seen.push(event.detail));
  return seen;
}
