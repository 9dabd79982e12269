// A person's picture as an inpainter. Accepts: it fills the hole that it was made for (colours within 0.005 away from the feather),
// in its own size or scaled, and no other; a hole still transparent, and another shape, are named. No seed.
import { expect, test } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { createMask, type RgbImage } from '../../core/image.ts';
import { editedPicture } from '../../core/reference-picture.ts';
import { byHandNotes, createByHand } from '../../workers/inpainters/by-hand.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { paint, punch, rectMask, stripes } from './exemplar-textures.ts';

const [W, H] = [96, 72];
const image = stripes(W, H);
const hole = rectMask(W, H, 30, 20, 30, 26);
/** The picture with the hole painted magenta, as it was saved or twice as large. */
const painted = (scale: number) =>
  paint(scale * W, scale * H, (x, y) => {
    const i = Math.floor(y / scale) * W + Math.floor(x / scale);
    const [r, g, b] = image.data.subarray(i * 3, i * 3 + 3) as unknown as [number, number, number];
    return hole.data[i] ? [1, 0, 1] : [r, g, b];
  });
const rest = createExemplarInpainter();
const middle = ({ data, width }: RgbImage, x = 45, y = 33) =>
  Array.from(data.slice((y * width + x) * 3, (y * width + x) * 3 + 3));

test('its own hole gets the picture, scaled if it must be; another hole the other filler', async () => {
  for (const scale of [1, 2]) {
    const byHand = createByHand(painted(scale), hole, rest);
    expect(byHandNotes(byHand)[0]).toMatch(/not used/);
    // What no surface reaches is taken out of the hole.
    const less = { ...hole, data: hole.data.slice() };
    less.data[20 * W + 30] = 0;
    for (const mask of [hole, less]) {
      const out = await byHand.inpaint(punch(image, mask), mask);
      for (const [c, v] of [1, 0, 1].entries()) expect(middle(out)[c]).toBeCloseTo(v, 2);
      expect(middle(out, 5, 5)).toEqual(middle(image, 5, 5));
    }
    expect(byHandNotes(byHand)).toEqual([]);
    const other = rectMask(W, H, 10, 10, 20, 20);
    const elsewhere = await byHand.inpaint(punch(image, other), other, { seed: 1 });
    expect(elsewhere.data).toEqual(
      (await rest.inpaint(punch(image, other), other, { seed: 1 })).data,
    );
  }
});

test('other inpainters have nothing to tell', () => expect(byHandNotes(rest)).toEqual([]));

const errorOf = async (work: () => unknown) => {
  try {
    await work();
  } catch (error) {
    return error instanceof SplatmendError ? `${error.code}: ${error.message}` : String(error);
  }
  return 'nothing thrown';
};

test('another shape, and a hole that nobody painted, are named; a few open pixels are closed', async () => {
  const wide = createByHand(stripes(90, 30), hole, rest);
  expect(await errorOf(() => wide.inpaint(image, hole))).toMatch(
    /^bad-answer: edited picture: it is 90 × 30, and what was saved is 96 × 72/,
  );
  const alpha = Float32Array.from(hole.data, (v) => 1 - v);
  const saved = { width: W, height: H, rgb: painted(1).data, alpha };
  expect(await errorOf(() => editedPicture(saved, hole, 'a.png'))).toMatch(
    /^bad-answer: a.png: 100 % of the hole is still transparent/,
  );
  // Painted but for its rim's corner, where the colour is black under the alpha.
  const nearly = new Float32Array(W * H).fill(1);
  const rgb = painted(1).data;
  for (let x = 30; x < 36; x++) {
    nearly[20 * W + x] = 0;
    rgb.fill(0, (20 * W + x) * 3, (20 * W + x) * 3 + 3);
  }
  const closed = editedPicture({ width: W, height: H, rgb, alpha: nearly }, hole, 'a.png');
  // From the paint below it and the picture above.
  expect(middle(closed, 32, 20)[0]).toBeGreaterThan(0.5);
  const opaque = editedPicture({ width: W, height: H, rgb }, createMask(W, H), 'a.jpg');
  expect(opaque.data).toEqual(rgb);
});
