// Accepts: an extension's promises, exactly: it is asked for from the user's view, of that view's shape and of a size that is not the
// window's; it waits beside the untouched scene, is kept as one undo step or leaves no bit behind; where nothing was added it is refused with
// why. The host only remembers, the client's extension is a known one (the line itself: test/workers/extend*). Scene: seed 1.
import { beforeEach, expect, test } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import type { ExtendedView, ExtendResult } from '../../core/extend-types.ts';
import { createRgbImage, createScalarImage } from '../../core/image.ts';
import type { MendClient } from '../../plugin/client-types.ts';
import { refuseNothing } from '../../plugin/extension.ts';
import { createServerFiller } from '../../plugin/filler.ts';
import { createMender, type Mender, type MenderEvents } from '../../plugin/mender.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { firstDifference } from '../support/clouds.ts';
import { codeOf } from '../support/error-code.ts';
import {
  localClient,
  plainExtension,
  plainInsertion,
  plainRemoval,
  testHost,
} from '../support/local-mender.ts';

const scene = generateTabletop({ splats: 8_000, seed: 1 });
const camera = scene.cameras[0]!;
const start = scene.cloud.count;

let mender: Mender;
let client: ReturnType<typeof localClient>;
let host: ReturnType<typeof testHost>;
let asked: Parameters<MendClient['extend']>[];
beforeEach(() => {
  asked = [];
  client = localClient(plainRemoval, plainInsertion, (own) => async (...args) => {
    asked.push(args);
    return plainExtension(own)(...args);
  });
  host = testHost({ cloud: scene.cloud, camera });
  mender = createMender(host.host, { client });
});

const shown = () => host.state.shown.at(-1)!;

test('waits beside the untouched scene, is compared, kept as one step, undone bit for bit', async () => {
  const told: MenderEvents['proposal'][] = [];
  mender.addEventListener('proposal', (event) => told.push(event.detail));
  const result = await mender.extend({ kind: 'orbit' }, { angleDeg: 20 });
  expect(mender.extension).toMatchObject({
    path: { kind: 'orbit' },
    options: { angleDeg: 20 },
    result,
  });
  expect(told).toEqual([{ result: undefined, extension: mender.extension }]);
  expect([mender.proposal, mender.insertion, mender.canUndo]).toEqual([
    undefined,
    undefined,
    false,
  ]);
  expect(mender.cloud).toBe(scene.cloud);
  expect(shown().change).toMatchObject({ kind: 'proposal', added: 10 });
  await mender.compare(true);
  expect([shown().cloud, mender.showsBefore]).toEqual([scene.cloud, true]);

  await mender.accept();
  expect([mender.cloud!.count, mender.undoLabel]).toEqual([start + 10, 'Extend by 10 splats']);
  expect(client.cloud).toBe(mender.cloud);
  expect(told.at(-1)).toEqual({ result: undefined });
  const kept = mender.cloud!;
  await mender.undo();
  expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
  await mender.redo();
  expect(firstDifference(mender.cloud!, kept)).toBeUndefined();
});

test('a cancel, a failure and a discard leave everything as it was; what is discarded can be brought back', async () => {
  mender.addEventListener('progress', () => mender.cancel(), { once: true });
  expect(await codeOf(mender.extend())).toBe('cancelled');
  client.failNext = new SplatmendError('out-of-memory', 'no room');
  expect(await codeOf(mender.extend())).toBe('out-of-memory');
  expect([mender.extension, mender.task, host.state.shown.length]).toEqual([
    undefined,
    undefined,
    0,
  ]);
  await mender.extend();
  expect(await codeOf(mender.extend())).toBe('busy');
  expect(await codeOf(mender.addCandidate())).toBe('bad-option');
  expect(() => mender.selectAll()).toThrow(/extended/);
  await mender.discard();
  expect([shown().cloud, mender.cloud]).toEqual([scene.cloud, scene.cloud]);
  expect(mender.redoLabel).toBe('Bring back the discarded extension');
  await mender.redo();
  expect(mender.extension).toBeDefined();
  await mender.setCloud(scene.cloud);
  expect(mender.extension).toBeUndefined();
});

test('candidates: each is shown, another can be chosen, the chosen one is kept', async () => {
  const asking = { angleDeg: 20, seed: 4, prompt: 'a wall' };
  const first = await mender.extend({ kind: 'orbit' }, asking);
  const told: MenderEvents['proposal'][] = [];
  mender.addEventListener('proposal', (event) => told.push(event.detail));
  // The view is another by now; what was asked for is not.
  host.host.currentCamera = () => scene.cameras[1]!;
  const second = await mender.extendAgain();
  const request = (k: number) => asked[k]![0];
  expect(request(1)).toEqual({ ...request(0), options: { ...asking, seed: 5 } });
  expect(mender.extension).toMatchObject({ result: second, chosen: 1, options: { seed: 5 } });
  expect(told).toEqual([{ result: undefined, extension: mender.extension }]);
  const third = await mender.extendAgain({ prompt: 'a door', seed: 9 });
  expect(request(2).options).toEqual({ angleDeg: 20, seed: 9, prompt: 'a door' });
  const { candidates } = mender.extension!;
  expect(candidates.map((c) => c.label)).toEqual(['Seed 4', 'Seed 5', 'Seed 9']);
  expect(candidates.map((c) => c.result)).toEqual([first, second, third]);
  expect([mender.chosen, mender.candidates]).toEqual([2, []]);
  expect(shown().change).toMatchObject({ kind: 'proposal', added: 9 });
  await mender.compare(true);
  await mender.choose(1);
  expect([mender.chosen, mender.showsBefore, mender.extension!.result]).toEqual([1, false, second]);
  expect(shown().cloud.count).toBe(start + 5);
  expect(await codeOf(mender.choose(3))).toBe('bad-option');
  for (const code of ['out-of-memory', 'cancelled'] as const) {
    client.failNext = new SplatmendError(code, 'no');
    expect(await codeOf(mender.extendAgain())).toBe(code);
  }
  expect([mender.extension!.candidates.length, mender.extension!.result]).toEqual([3, second]);

  await mender.discard();
  expect(await codeOf(mender.extendAgain())).toBe('bad-option');
  await mender.redo();
  expect([mender.extension!.candidates, mender.chosen]).toEqual([candidates, 1]);
  await mender.accept();
  expect([mender.undoLabel, mender.chosen]).toEqual(['Extend by 5 splats', 0]);
  await mender.undo();
  expect(firstDifference(mender.cloud!, scene.cloud)).toBeUndefined();
});

test('another candidate that adds nothing leaves those that are there', async () => {
  const first = await mender.extend();
  expect(await codeOf(mender.extendAgain({ seed: 0 }))).toBe('camera-sees-nothing');
  expect(mender.extension).toMatchObject({ result: first, chosen: 0 });
  expect(mender.extension!.candidates).toHaveLength(1);
});

test('asks from the view of that moment, in its shape; hidden splats are named', async () => {
  const small = { ...camera, width: 64, height: 40, fx: 60, fy: 60, cx: 32, cy: 20 };
  host.host.currentCamera = () => small;
  await mender.selectPixel(32, 20);
  mender.hideSelection();
  await mender.extend();
  const [request] = asked[0]!;
  expect(request).toMatchObject({ path: { kind: 'view' }, options: {} });
  expect([request.camera.width, request.camera.height]).toEqual([960, 600]);
  expect(request.camera.fx / small.fx).toBeCloseTo(15, 9);
  expect(request.camera.worldToCamera).toEqual(small.worldToCamera);
  expect(request.marks).toBe(mender.marks);
  expect(mender.extension!.camera).toBe(request.camera);
});

test('the chosen filler and the depth model go along, read first', async () => {
  const steps: string[] = [];
  mender.addEventListener('progress', ({ detail }) => steps.push(detail.step));
  const estimate = async () => createScalarImage(1, 1);
  const paint = async () => createRgbImage(1, 1);
  const size = { width: 64, height: 64 };
  const model = { id: 'lama', who: 'lama.onnx', size, cancel: false };
  mender.filler = {
    label: 'lama',
    seeds: false,
    ready(_signal, onProgress) {
      onProgress?.({ step: 'read', fraction: 1 });
      return { spec: { kind: 'model', model }, paint };
    },
  };
  mender.depth = { label: 'depth', ready: async () => ({ id: 'seen', estimate }) };
  await mender.extend({ kind: 'ring' }, { seed: 4, prompt: 'a wall' });
  const [request, , , models] = asked[0]!;
  expect(request.models).toEqual({ inpainter: { kind: 'model', model }, depth: 'seen' });
  expect(request.options).toEqual({ seed: 4, prompt: 'a wall' });
  expect(models).toEqual({ paint, estimateDepth: estimate });
  expect([steps[0], steps.length]).toEqual(['read', 6]);
  expect(shown().change).toMatchObject({ added: 4 });
});

test('a filler says whether it takes words', () => {
  const of = (kind: 'iopaint' | 'oip') => createServerFiller({ kind, address: 'http://a:1' });
  expect([of('iopaint').prompts, of('oip').prompts, mender.filler.prompts]).toEqual([
    true,
    false,
    undefined,
  ]);
});

test('nothing added is refused, and says why and what to do', async () => {
  client = localClient(plainRemoval, plainInsertion, (own) => async (request, ...rest) => {
    const result = await plainExtension(own)({ ...request, options: { seed: 0 } }, ...rest);
    result.views[0]!.open = 0;
    return result;
  });
  mender = createMender(host.host, { client });
  const failed = mender.extend();
  await expect(failed).rejects.toMatchObject({ code: 'camera-sees-nothing' });
  await expect(failed).rejects.toThrow(/nothing to extend here.*turn the camera.*edge/);
  expect([mender.extension, host.state.shown.length]).toEqual([undefined, 0]);

  const result = await plainExtension({ cloud: scene.cloud })({
    camera,
    path: { kind: 'view' },
    options: { seed: 0 },
  });
  const said = (view: Partial<ExtendedView>, sky = false) => {
    const views = [{ ...result.views[0]!, ...view }];
    const now: ExtendResult = { ...result, views, figures: { ...result.figures, sky } };
    try {
      refuseNothing(now, { kind: 'ring' });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(said({ open: 0 })).toContain('along this path');
  expect(said({ open: 0, left: 0.3 }, true)).toContain('taken for sky');
  expect(said({ open: 0, left: 0.3 })).toContain('farther away');
  expect(said({ open: 0.4, left: 0.3 })).toContain('too little of the scene');
});
