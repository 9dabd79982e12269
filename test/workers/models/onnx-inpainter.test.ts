// ONNX fillers on the real runtime (its build for Node), by models of our own with the exact tensors of LaMa's, MI-GAN's and
// another maker's export. Accepts: outside the mask bit for bit; in it what the models' formula means, a mean of the known
// pixels around, within 0.01 in the middle of a hole in an even picture, where resizing changes nothing, and in the right
// channel and on the right side of an edge; every fault named. No seed. Pictures under 700 px, for WASM has one thread.
import { beforeAll, describe, expect, test } from 'vitest';
import { SplatmendError } from '../../../core/errors.ts';
import { createMask, createRgbImage, type Mask, type RgbImage } from '../../../core/image.ts';
import { createOnnxInpainter } from '../../../workers/inpainters/onnx.ts';
import type { InpaintManifest } from '../../../workers/models/inpaint-manifest.ts';
import { openInpaint } from '../../../workers/models/inpaint-session.ts';
import { nodeRuntime } from '../../../workers/models/node-runtime.ts';
import { useRuntime } from '../../../workers/models/onnx.ts';
import { readInpaintManifest } from '../../../workers/models/read-manifest.ts';
import { interleavedModel, lamaModel, miganModel } from '../../support/onnx-paint-models.ts';
import { paint, punch, rectMask } from '../exemplar-textures.ts';

beforeAll(() => useRuntime(() => nodeRuntime(1)));

const file = (blob: Blob, name = 'filler.onnx') => ({ name, blob });

/** How often the model was asked, and for which sizes. */
async function inpainter(blob: Blob, manifest?: InpaintManifest) {
  const session = await openInpaint({ file: file(blob), ...(manifest ? { manifest } : {}) });
  const { id, size, model } = session.info;
  const asked: string[] = [];
  const filler = createOnnxInpainter(
    { id, who: model.name, size, cancel: false },
    (image, mask) => {
      asked.push(`${image.width}×${image.height}`);
      return session.paint(image, mask);
    },
  );
  return { filler, asked, session };
}

const bits = ({ data }: RgbImage) => new Uint32Array(data.buffer, data.byteOffset, data.length);
function differingOutside(a: RgbImage, b: RgbImage, mask: Mask): number {
  const [p, q] = [bits(a), bits(b)];
  let n = 0;
  for (let i = 0; i < p.length; i++) if (!mask.data[(i / 3) | 0] && p[i] !== q[i]) n++;
  return n;
}
const at = ({ width, data }: RgbImage, x: number, y: number) =>
  Array.from(data.slice((y * width + x) * 3, (y * width + x) * 3 + 3));

/** Red on the left, blue on the right, and a hole in each. */
const WIDTH = 240;
const HEIGHT = 180;
const RED = [0.8, 0.25, 0.1];
const BLUE = [0.1, 0.3, 0.7];
const truth = paint(WIDTH, HEIGHT, (x) => (x < 120 ? RED : BLUE) as [number, number, number]);
const mask = rectMask(WIDTH, HEIGHT, 40, 60, 30, 30);
for (let y = 60; y < 90; y++) mask.data.fill(1, y * WIDTH + 180, y * WIDTH + 205);
const image = punch(truth, mask);

function expectFilled(out: RgbImage, within = 0.01): void {
  expect(differingOutside(out, image, mask)).toBe(0);
  for (const [x, y, colour] of [
    [55, 75, RED],
    [41, 61, RED],
    [190, 75, BLUE],
    [204, 89, BLUE],
  ] as const) {
    const got = at(out, x, y);
    for (let c = 0; c < 3; c++)
      expect(Math.abs(got[c]! - colour[c]!), `${x} ${y} ${c}`).toBeLessThan(within);
  }
}

describe('kinds that are known by their tensors', () => {
  test.each([
    ['LaMa, 0..255, pasted by itself', lamaModel(), 'lama'],
    ['LaMa, 0..1', lamaModel({ range: 1 }), 'lama'],
    ['LaMa that answers everywhere, 0.1 too bright', lamaModel({ range: 1, shift: 0.1 }), 'lama'],
    ['LaMa of any size', lamaModel({ side: 'side' }), 'lama'],
    ['LaMa in half floats, 0..1', lamaModel({ half: true, range: 1 }), 'lama'],
    ['MI-GAN', miganModel(), 'mi-gan'],
  ] as const)('%s', async (_name, blob, id) => {
    const { filler, asked, session } = await inpainter(blob);
    expect(filler.id).toBe(id);
    expect(filler.capabilities).toMatchObject({ runs: 'here', prompt: false, seed: false });
    const fractions: number[] = [];
    const before = image.data.slice();
    const out = await filler.inpaint(image, mask, {}, undefined, (p) => fractions.push(p.fraction));
    expectFilled(out, 0.02);
    expect(image.data).toEqual(before);
    // Both holes are in one window.
    expect(asked).toEqual(['512×512']);
    expect(fractions.at(-1)).toBe(1);
    await session.release();
  });

  test('what runs is said: bytes, SHA-256, size', async () => {
    const blob = lamaModel();
    const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
    const { session } = await inpainter(blob);
    expect(session.info).toEqual({
      id: 'lama',
      provider: 'wasm',
      model: { name: 'filler.onnx', bytes: blob.size, sha256: Buffer.from(digest).toString('hex') },
      size: { width: 512, height: 512 },
    });
    await session.release();
  });
});

test('another maker’s, by a manifest: interleaved, −1..1, 1 = known, a multiple of 8', async () => {
  const manifest = readInpaintManifest({
    id: 'mine',
    image: { name: 'rgb', layout: 'nhwc', range: [-1, 1] },
    mask: { name: 'valid', hole: 0, known: 1 },
    output: { name: 'painted', range: [-1, 1] },
    size: { multiple: 8, least: 100, most: 400 },
  });
  const { filler, asked, session } = await inpainter(interleavedModel(), manifest);
  expect(filler.id).toBe('mine');
  expectFilled(await filler.inpaint(image, mask), 0.02);
  for (const size of asked) {
    for (const side of size.split('×')) expect(Number(side) % 8).toBe(0);
  }
  await session.release();
});

test('a picture of the model’s size is shown as it is; the answer comes back unscaled', async () => {
  const wide = paint(600, 512, (x, y) => [x / 600, y / 512, 0.5]);
  const hole = rectMask(600, 512, 280, 230, 40, 40);
  const { filler, asked, session } = await inpainter(lamaModel({ range: 1 }));
  const out = await filler.inpaint(wide, hole);
  expect(asked).toEqual(['512×512']);
  // A ramp's mean around a point is the ramp there.
  const got = at(out, 300, 250);
  expect(Math.abs(got[0]! - 300.5 / 600)).toBeLessThan(0.01);
  expect(Math.abs(got[1]! - 250.5 / 512)).toBeLessThan(0.01);
  await session.release();
});

test('a hole larger than the model can see is filled in tiles, whose seams do not show', async () => {
  // As if the model worked at 64 pixels: its windows reach 128, the hole is 300 wide.
  const manifest = readInpaintManifest({
    image: { name: 'image', range: [0, 1] },
    mask: { name: 'mask' },
    output: { name: 'output', range: 'either' },
    size: { multiple: 8, least: 64, most: 64 },
  });
  const { filler, asked, session } = await inpainter(
    lamaModel({ side: 'side', range: 1, shift: 0.05 }),
    manifest,
  );
  const ramp = paint(420, 260, (x) => [0.2 + (0.5 * x) / 420, 0.4, 0.3]);
  const hole = rectMask(420, 260, 60, 80, 300, 100);
  const out = await filler.inpaint(punch(ramp, hole), hole);
  expect(asked.length).toBeGreaterThan(4);
  expect(differingOutside(out, punch(ramp, hole), hole)).toBe(0);
  let steps = 0;
  for (let x = 62; x < 358; x++) {
    const [r, g, b] = at(out, x, 130) as [number, number, number];
    expect(Math.abs(g - 0.4) + Math.abs(b - 0.3)).toBeLessThan(0.05);
    if (Math.abs(r - at(out, x - 1, 130)[0]!) > 0.05) steps++;
  }
  expect(steps).toBe(0);
  await session.release();
});

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing thrown',
    (e: unknown) => (e instanceof SplatmendError ? `${e.code}: ${e.message}` : String(e)),
  );

describe('what cannot work is refused by name', () => {
  const opening = (blob: Blob, manifest?: InpaintManifest) =>
    errorOf(openInpaint({ file: file(blob), ...(manifest ? { manifest } : {}) }));
  const manifest: InpaintManifest = {
    id: 'mine',
    image: { name: 'image', layout: 'nchw', type: 'float32', range: [0, 1] },
    mask: { name: 'mask', layout: 'nchw', type: 'float32', hole: 1, known: 0 },
    output: { name: 'output', layout: 'nchw', range: [0, 1] },
    size: { width: 512, height: 512 },
  };

  test('files that are no such model', async () => {
    expect(await opening(new Blob([new Uint8Array(500).fill(7)]))).toMatch(
      /^bad-file: filler.onnx: not an ONNX model/,
    );
    expect(await opening(lamaModel({ names: { image: 'input' } }))).toMatch(
      /^bad-file: filler.onnx: .*no known kind \(it takes .*input.*give a manifest/,
    );
    expect(await opening(lamaModel({ names: { output: 'out' } }), manifest)).toMatch(
      /^bad-file: filler.onnx: gives out .*without the output of mine/,
    );
    expect(await opening(miganModel(), manifest)).toMatch(/without the float32 image of mine/);
    const unfed = { ...manifest, mask: { ...manifest.mask, name: 'image' } };
    expect(await opening(lamaModel(), unfed)).toMatch(/also wants mask .*mine does not give/);
  });

  test('answers that are no picture: the call fails, the next is as good as ever', async () => {
    const told = async (blob: Blob, given?: InpaintManifest) => {
      const { filler, session } = await inpainter(blob, given);
      const message = await errorOf(filler.inpaint(image, mask));
      await session.release();
      return message;
    };
    expect(await told(lamaModel({ shift: Number.NaN }))).toMatch(/^bad-answer: .*not finite/);
    expect(await told(lamaModel({ answerSide: 256 }))).toMatch(
      /^bad-answer: filler.onnx: it gave 1 × 3 × 256 × 256 numbers, not 1 × 3 × 512 × 512/,
    );
    // 0..255 in a manifest's 0..1.
    expect(await told(lamaModel(), manifest)).toMatch(/^bad-answer: filler.onnx: .*outside 0\.\.1/);
  });

  test('a cancel before and between windows', async () => {
    const { filler, session } = await inpainter(lamaModel());
    expect(await errorOf(filler.inpaint(image, mask, {}, AbortSignal.abort()))).toMatch(
      /^cancelled/,
    );
    const stop = new AbortController();
    const call = filler.inpaint(image, mask, {}, stop.signal);
    stop.abort();
    expect(await errorOf(call)).toMatch(/^cancelled/);
    await session.release();
  });
});

test('manifests are checked field by field', () => {
  const good = {
    image: { name: 'i' },
    mask: { name: 'm' },
    output: { name: 'o' },
    size: { width: 512, height: 512 },
  };
  expect(readInpaintManifest(good)).toMatchObject({
    image: { layout: 'nchw', type: 'float32', range: [0, 1] },
    mask: { hole: 1, known: 0 },
    output: { range: [0, 1] },
  });
  const told = (json: unknown) => {
    try {
      readInpaintManifest(json);
    } catch (error) {
      return error instanceof SplatmendError ? `${error.code}: ${error.message}` : String(error);
    }
    return 'nothing thrown';
  };
  for (const [json, said] of [
    [null, 'it is not an object'],
    [{ ...good, extra: 1 }, 'it has extra'],
    [{ ...good, image: { name: 3 } }, 'image.name'],
    [{ ...good, image: { name: 'i', layout: 'chw' } }, 'image.layout'],
    [{ ...good, image: { name: 'i', std: [1, 0, 1] } }, 'image.std has a 0'],
    [{ ...good, image: { name: 'i', range: [0, Number.NaN] } }, 'image.range[1]'],
    [{ ...good, mask: { name: 'm', hole: 1, known: 1 } }, 'mask.hole and mask.known'],
    [{ ...good, output: { name: 'o', range: [1, 1] } }, 'output.range'],
    [{ ...good, size: { width: 512, height: 1e9 } }, 'size.height'],
    [{ ...good, size: { multiple: 8, most: 4 } }, 'size.most'],
  ] as const) {
    expect(told(json)).toMatch(/^bad-option: manifest: /);
    expect(told(json)).toContain(said);
  }
});

test('nothing to fill asks no model', async () => {
  const { filler, asked, session } = await inpainter(miganModel());
  const even = createRgbImage(20, 20);
  const same = await filler.inpaint(even, createMask(20, 20));
  expect(bits(same)).toEqual(bits(even));
  expect(asked).toEqual([]);
  await session.release();
});
