// Accepts: a photo opens as a file does, exactly: selection, history and what waited are gone, the journal hears of a new scene,
// the host shows it; a failed or cancelled one leaves everything as it was. The line itself: test/workers/photo-scene.test.ts. A
// photo of 32 × 24 pixels at two depths, seed 1, CPU kernels in this process.
import { encode } from 'fast-png';
import { beforeEach, expect, test } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { createRgbImage, createScalarImage } from '../../core/image.ts';
import type { PhotoFile } from '../../core/photo-exif.ts';
import type { PhotoSceneOptions } from '../../core/photo-types.ts';
import type { Journal } from '../../plugin/history-types.ts';
import type { PhotoInput } from '../../plugin/images/photo-input.ts';
import { createMender, type Mender } from '../../plugin/mender.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { codeOf } from '../support/error-code.ts';
import { pngWithExif } from '../support/exif.ts';
import { localClient, recordEvents, testHost } from '../support/local-mender.ts';

const scene = generateTabletop({ splats: 8_000, seed: 1 });
const camera = scene.cameras[0]!;
const [W, H] = [32, 24];
const rgb = createRgbImage(W, H);
rgb.data.fill(0.5);
const depth = createScalarImage(W, H);
for (let i = 0; i < W * H; i++) depth.data[i] = i % W < W / 2 ? 2 : 4;
const flat = { layers: 0 };

let mender: Mender;
let client: ReturnType<typeof localClient>;
let host: ReturnType<typeof testHost>;
let opened: [number, string][];
beforeEach(() => {
  client = localClient();
  host = testHost({ cloud: scene.cloud, camera });
  opened = [];
  const journal: Journal = {
    opened: (cloud, name) => opened.push([cloud.count, name]),
    recorded: () => undefined,
    moved: () => undefined,
  };
  mender = createMender(host.host, { client, journal });
  opened = [];
});

test('a photo opens as a file does', async () => {
  const busy = recordEvents(mender, 'busy');
  const clouds = recordEvents(mender, 'cloud');
  mender.selectAll();
  const made = await mender.openPhoto({ rgb, depth }, flat, 'holiday');
  expect(made.cloud.count).toBe(W * H);
  expect(mender.cloud).toBe(made.cloud);
  expect(client.cloud).toBe(made.cloud);
  expect(host.state.shown.at(-1)).toEqual({ cloud: made.cloud, change: { kind: 'open' } });
  expect(clouds).toEqual([{ cloud: made.cloud, opened: true }]);
  expect(busy.map((b) => b.task)).toEqual(['photo', undefined]);
  expect(opened).toEqual([[W * H, 'holiday']]);
  expect(mender.canUndo).toBe(false);
  expect(mender.selectedCount).toBe(0);
  // It is a scene like any other.
  mender.selectAll();
  mender.invertSelection();
  expect(mender.undoLabel).toBeDefined();
});

test('the angle is the one that is asked for, else what the EXIF of the file says, else 55 degrees', async () => {
  const size = { width: W, height: H };
  const plain = encode({ ...size, data: new Uint8Array(3 * W * H), channels: 3, depth: 8 });
  const bytes = pngWithExif(plain, { focal35: 26, size: [4032, 3024] });
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const open = async (file: PhotoFile | undefined, options: PhotoSceneOptions) => {
    const { camera } = await mender.openPhoto(
      { rgb, depth, ...(file && { file }) },
      { ...flat, ...options },
    );
    return (360 / Math.PI) * Math.atan(W / 2 / camera.fx);
  };
  // A phone's main camera: 34.6 mm of 26, to a tenth of a degree.
  expect(await open(bytes, {})).toBeCloseTo(67.3, 9);
  expect(await open(blob, {})).toBeCloseTo(67.3, 9);
  expect(await open(bytes, { fovDeg: 40 })).toBeCloseTo(40, 9);
  for (const none of [undefined, plain, bytes.subarray(0, 60)]) {
    expect(await open(none, {})).toBeCloseTo(55, 9);
  }
});

test('what is no photo is refused', async () => {
  for (const none of [{}, { rgb, file: 'a.jpg' }, { file: [1, 2] }]) {
    expect(await codeOf(mender.openPhoto({ ...none, depth } as unknown as PhotoInput))).toBe(
      'bad-option',
    );
  }
});

test('what cannot be made leaves everything as it was', async () => {
  mender.selectAll();
  expect(await codeOf(mender.openPhoto({ rgb }))).toBe('bad-option');
  const other = createScalarImage(W, W);
  expect(await codeOf(mender.openPhoto({ rgb, depth: other }))).toBe('bad-option');
  host.state.failNext = new SplatmendError('internal', 'the viewer has no room');
  expect(await codeOf(mender.openPhoto({ rgb, depth }, flat))).toBe('internal');
  const run = mender.openPhoto({ rgb, depth });
  mender.cancel();
  expect(await codeOf(run)).toBe('cancelled');
  expect(mender.cloud).toBe(scene.cloud);
  expect(mender.selectedCount).toBe(scene.cloud.count);
  expect(opened).toEqual([]);
  expect(mender.task).toBeUndefined();
});

test('depth may be a model’s, which is not asked where the photo has its own', async () => {
  let asked = 0;
  mender.depth = {
    label: 'test',
    ready: async () => {
      asked++;
      return { id: 'test', estimate: async () => depth };
    },
  };
  await mender.openPhoto({ rgb, depth }, flat);
  expect(asked).toBe(0);
  // The client of this test runs no models of the page.
  expect(await codeOf(mender.openPhoto({ rgb }, flat))).toBe('internal');
  expect(asked).toBe(1);
});

test('depth files are read for it', async () => {
  const busy = recordEvents(mender, 'busy');
  expect(await codeOf(mender.readDepth(new Uint8Array(10), 'depth.npy'))).toBe('bad-file');
  expect(await codeOf(mender.readDepth(new Uint8Array(10), 'depth.doc'))).toBe('unknown-format');
  expect(busy.map((b) => b.task)).toEqual(['open', undefined, 'open', undefined]);
});
