import { afterEach, describe, expect, test } from 'vitest';
import { fromHalf, toHalf } from '../../core/half.ts';
import type { ServerSpec } from '../../core/server-spec.ts';
import { createDepthServer } from '../../workers/inpainters/servers/oip-depth.ts';
import { createServerInpainter } from '../../workers/inpainters/servers/server-inpainter.ts';
import { modelsFor } from '../../workers/models-for.ts';
import { OIP_SHAPES, startOip } from './support/fake-oip.ts';
import { FakeServer, json } from './support/fake-server.ts';
import { closeAll, failureOf, image, isPainted, keep, mask, quick } from './support/painting.ts';
import { holedPicture } from './support/providers.ts';

afterEach(closeAll);

describe('Open Inference Protocol', () => {
  test.each(Object.entries(OIP_SHAPES))('%s', async (_, shape) => {
    const server = keep(await startOip(shape));
    const spec: ServerSpec = { kind: 'oip', address: `${server.address}/v2`, model: 'lama big' };
    const painter = createServerInpainter(spec, quick);
    isPainted(await painter.inpaint(image, mask));
    expect(server.violations).toEqual([]);
    // The metadata is asked for once.
    await painter.inpaint(image, mask);
    expect(server.received.filter((r) => r.method === 'GET').length).toBe(2);
  });

  /** A server whose model has these tensors. */
  const withModel = async (inputs: object[], outputs: object[], infer: (body: Buffer) => object) =>
    keep(
      await FakeServer.start(
        ({ path, body }, response) => {
          if (path === '/v2') json(response, { name: 'x', version: '1', extensions: [] });
          else if (path.endsWith('/infer')) json(response, infer(body));
          else json(response, { name: 'm', platform: '', inputs, outputs });
        },
        () => false,
      ),
    );
  const fp32 = (name: string, shape: number[], datatype = 'FP32') => ({ name, datatype, shape });

  test.each<[string, object[], object[], RegExp]>([
    [
      'a classifier',
      [fp32('x', [-1, 10])],
      [fp32('y', [-1, 2])],
      /x FP32 \[-1,10\].*not a picture of 3/,
    ],
    ['nothing', [], [], /inputs none and outputs none/],
    [
      'text',
      [fp32('image', [-1, 3, -1, -1]), fp32('mask', [-1, 1, -1, -1], 'BYTES')],
      [fp32('o', [-1, 3, -1, -1])],
      /BYTES is none of a picture’s types/,
    ],
  ])('a model of %s is refused, with what it has', async (_, inputs, outputs, message) => {
    const server = await withModel(inputs, outputs, () => ({}));
    const spec: ServerSpec = { kind: 'oip', address: server.address, model: 'm' };
    const failure = await failureOf(createServerInpainter(spec, quick).inpaint(image, mask));
    expect(failure.code).toBe('bad-option');
    expect(failure.message).toMatch(message);
  });

  test.each<['inverse-depth' | 'depth', number]>([
    ['inverse-depth', 1],
    ['depth', -1],
  ])('a model that gives %s is a prior in which larger is nearer', async (gives, sign) => {
    const inputs = [fp32('pixel_values', [1, 3, 56, 70])];
    const outputs = [fp32('predicted_depth', [1, 56, 70])];
    let mean = 0;
    const server = await withModel(inputs, outputs, (body) => {
      const { data } = JSON.parse(body.toString()).inputs[0] as { data: number[] };
      mean = data.reduce((a, b) => a + b, 0) / data.length;
      const values = Array.from({ length: 56 * 70 }, (_, i) => 1 + Math.floor(i / 70));
      const output = { ...fp32('predicted_depth', [1, 56, 70]), data: values };
      return { model_name: 'm', outputs: [output] };
    });
    // As the page's choice crosses to the worker.
    const prior = modelsFor({ depth: { address: server.address, model: 'm', gives } }).prior!;
    const picture = holedPicture(140, 112).image;
    const guess = await prior.estimate(picture);
    expect([guess.width, guess.height]).toEqual([140, 112]);
    const row = (y: number) => guess.data[y * 140 + 70]!;
    expect(sign * (row(100) - row(10))).toBeGreaterThan(0.1);
    // ImageNet's mean taken off: a picture of 0.4 is near 0, not near 0.4.
    expect(Math.abs(mean)).toBeLessThan(0.35);
  });

  test('a depth of another size is refused', async () => {
    const server = await withModel([fp32('x', [1, 3, 56, 56])], [fp32('y', [1, 28, 28])], () => ({
      outputs: [{ ...fp32('y', [1, 28, 28]), data: new Array(784).fill(1) }],
    }));
    const prior = createDepthServer({ address: server.address, model: 'm' }, quick);
    const failure = await failureOf(prior.estimate(image));
    expect(failure.message).toContain('in place of one value a pixel of 56 × 56');
  });

  test('half floats are rounded to the nearest, and come back', () => {
    expect([0, 1, -2, 0.5, 65504].map(toHalf)).toEqual([0, 0x3c00, 0xc000, 0x3800, 0x7bff]);
    expect([toHalf(65520), toHalf(Number.NaN) > 0x7c00, toHalf(2 ** -24)]).toEqual([
      0x7c00,
      true,
      1,
    ]);
    for (let bits = 0; bits < 0x7c00; bits += 7) expect(toHalf(fromHalf(bits))).toBe(bits);
    // 1 + 2⁻¹¹ lies between two: to the even one.
    expect([toHalf(1 + 2 ** -11), toHalf(1 + 3 * 2 ** -11)]).toEqual([0x3c00, 0x3c02]);
  });
});
