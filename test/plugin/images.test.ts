// Accepts: the brush sets exactly the pixels whose centres lie in its discs and the band between them; undo,
// reset and invert are exact; a PNG keeps colour and mask byte for byte; a close-up holds its place, in the
// picture and in shape. Masks and places by hand, no tolerance.
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { countMask, createMask } from '../../core/image.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { maskLayer } from '../../plugin/images/canvas.ts';
import { closeUpOf } from '../../plugin/images/close-up.ts';
import { MaskPainting } from '../../plugin/images/mask-painting.ts';
import { pngOf } from '../../plugin/images/save-png.ts';

describe('mask painting', () => {
  const found = createMask(12, 8);
  found.data.fill(1, 0, 12);

  it('paints discs and the band between them, clipped to the picture', () => {
    const painting = new MaskPainting(found);
    painting.begin();
    painting.strokeTo(2.5, 4.5, 1, true);
    painting.strokeTo(9.5, 4.5, 1, true);
    const rows = [3, 4, 5].map((y) => [...painting.mask.data.slice(y * 12, y * 12 + 12)].join(''));
    expect(rows).toEqual(['001111111100', '011111111110', '001111111100']);
    painting.begin();
    painting.strokeTo(-1, 4.5, 2.6, false);
    expect([...painting.mask.data.slice(48, 54)].join('')).toBe('001111');
    expect(countMask(found)).toBe(12);
  });

  it('takes whole strokes back; reset and invert are steps too', () => {
    const painting = new MaskPainting(found);
    expect(painting.undo()).toBe(false);
    painting.begin();
    painting.strokeTo(5, 5, 3, true);
    painting.strokeTo(8, 5, 3, true);
    const painted = painting.mask.data.slice();
    painting.invert();
    expect([...painting.mask.data]).toEqual([...painted].map((v) => 1 - v));
    painting.reset();
    expect([...painting.mask.data]).toEqual([...found.data]);
    expect([painting.undo(), painting.undo()]).toEqual([true, true]);
    expect(painting.mask.data).toEqual(painted);
    expect([painting.undo(), painting.canUndo]).toEqual([true, false]);
    expect([...painting.mask.data]).toEqual([...found.data]);
  });
});

it('a mask layer is opaque at its rim, see-through inside, and empty elsewhere', () => {
  const mask = createMask(5, 5);
  for (let y = 1; y < 4; y++) mask.data.fill(1, y * 5 + 1, y * 5 + 4);
  const alpha = [...maskLayer(mask, [230, 159, 0], 0.4)].filter((_, i) => i % 4 === 3);
  expect(alpha.slice(5, 10)).toEqual([0, 255, 255, 255, 0]);
  expect(alpha.slice(10, 15)).toEqual([0, 255, 102, 255, 0]);
  expect(alpha.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
});

it('a PNG keeps the colour under the transparent mask', async () => {
  const picture = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 200, 100, 50) };
  expect([...decode(await pngOf(picture)).data]).toEqual([10, 20, 30, 200, 100, 50]);
  const mask = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
  const cut = decode(await pngOf(picture, mask));
  expect([cut.channels, ...cut.data]).toEqual([4, 10, 20, 30, 255, 200, 100, 50, 0]);
});

it('a close-up holds the splats in its middle, in shape, and stays in the picture', () => {
  const camera = {
    width: 800,
    height: 500,
    fx: 400,
    fy: 400,
    cx: 400,
    cy: 250,
    worldToCamera: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  };
  const cloud = createSplatCloud(4);
  // At pixels 440 and 560 of row 250; behind the camera; at the right border.
  cloud.positions.set([0.1, 0, 1, 0.4, 0, 1, 0, 0, -1, 0.99, 0, 1]);
  const middle = closeUpOf(cloud, Uint32Array.of(0, 1, 2), camera, 1.6)!;
  expect([middle.x0, middle.x1]).toEqual([380, 622]);
  expect([middle.y0, middle.y1]).toEqual([175, 327]);
  const border = closeUpOf(cloud, Uint32Array.of(3), camera, 1.6)!;
  expect([border.x1, border.x1 - border.x0, border.y1 - border.y0]).toEqual([800, 160, 100]);
  expect(closeUpOf(cloud, Uint32Array.of(2), camera, 1.6)).toBeUndefined();
});
