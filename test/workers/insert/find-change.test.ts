/**
 * Accepts: a disc and a box pasted into a picture of the generated sample scene (480 × 320, 40,000 splats, seed 1), then moved by (2.3, −1.4)
 * pixels, made 3 % brighter and encoded as JPEG of quality 70: the shift is found to 0.1 pixel, the gain to 0.01, and the change with an IoU of
 * 0.9 and more. What was only encoded anew, moved and brightened has not changed at all. A picture without anything changed keeps its bits.
 * A ring whose rim is mixed over 3 pixels keeps its hole of 10 to 16.
 */
import jpeg from 'jpeg-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Camera, resizeCamera } from '../../../core/camera.ts';
import { createCpuRenderer } from '../../../core/cpu/render/index.ts';
import { readPicture } from '../../../core/depth-files/picture.ts';
import { countMask, createMask, type Mask, type RgbImage } from '../../../core/image.ts';
import { rgbPicture } from '../../../core/pictures.ts';
import { generateTabletop } from '../../../samples/scenes/tabletop.ts';
import { align, brought } from '../../../workers/insert/align.ts';
import { findChange } from '../../../workers/insert/find-change.ts';
import { cubicAt } from '../../../workers/insert/grey-pictures.ts';
import { overlap } from '../../support/pasted-things.ts';

const SHIFT = [2.3, -1.4] as const;
const GAIN = 1.03;

let seen: RgbImage;
let all: Mask;
beforeAll(async () => {
  const scene = generateTabletop({ splats: 40_000 });
  const camera: Camera = resizeCamera(scene.cameras[0]!, 0.5);
  seen = (await createCpuRenderer(scene.cloud).render(camera)).rgb;
  seen.data.forEach((v, k) => {
    seen.data[k] = Math.min(1, v);
  });
  all = createMask(seen.width, seen.height);
  all.data.fill(1);
}, 60_000);

/** A patterned disc and a box, their outlines mixed over a pixel. */
function paste(picture: RgbImage): { edited: RgbImage; truth: Mask } {
  const { width, height } = picture;
  const edited = { ...picture, data: picture.data.slice() };
  const truth = createMask(width, height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const inDisc = 36 - Math.hypot(x - 190, y - 130);
    const inBox = Math.min(30 - Math.abs(x - 330), 18 - Math.abs(y - 250));
    const share = Math.min(1, Math.max(0, Math.max(inDisc, inBox) + 0.5));
    if (share >= 0.5) truth.data[i] = 1;
    const rgb =
      inDisc > inBox
        ? [0.2 + 0.1 * Math.sin(x), 0.35, 0.75 + 0.1 * Math.sin(y / 3)]
        : [0.85, 0.8, 0.25 + 0.2 * Math.sin(x / 2)];
    for (let c = 0; c < 3; c++) {
      edited.data[3 * i + c] = (1 - share) * picture.data[3 * i + c]! + share * rgb[c]!;
    }
  }
  return { edited, truth };
}

/** As it comes back from an editor: moved, brightened, encoded. */
function comeBack(picture: RgbImage, quality: number): RgbImage {
  const { width, height } = picture;
  const moved = { ...picture, data: picture.data.slice() };
  for (let k = 0; k < moved.data.length; k++) {
    const i = Math.floor(k / 3);
    const v = cubicAt(picture, (i % width) - SHIFT[0], Math.floor(i / width) - SHIFT[1], k % 3);
    moved.data[k] = GAIN * v;
  }
  const bytes = rgbPicture(moved).data;
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, k) =>
    k % 4 === 3 ? 255 : bytes[3 * Math.floor(k / 4) + (k % 4)]!,
  );
  return readPicture(
    new Uint8Array(jpeg.encode({ width, height, data: rgba }, quality).data),
    'e.jpg',
  );
}

describe('what was changed', () => {
  it('is found through a shift, a gain and JPEG', async () => {
    const { edited, truth } = paste(seen);
    const back = comeBack(edited, 70);
    const found = await align(seen, back, all);
    expect(Math.abs(found.shift[0] - SHIFT[0])).toBeLessThan(0.1);
    expect(Math.abs(found.shift[1] - SHIFT[1])).toBeLessThan(0.1);
    for (const c of [0, 1, 2]) expect(Math.abs(found.gain[c]! - GAIN)).toBeLessThan(0.01);
    expect(overlap(await findChange(seen, brought(back, found), all), truth)).toBeGreaterThan(0.9);
  });
  it('is nothing where it was only moved and encoded anew', async () => {
    for (const quality of [70, 40]) {
      const back = comeBack(seen, quality);
      const found = await align(seen, back, all);
      expect(countMask(await findChange(seen, brought(back, found), all)), `${quality}`).toBe(0);
    }
  });
  it('keeps an edit that was not moved, bit for bit', async () => {
    const { edited, truth } = paste(seen);
    const found = await align(seen, edited, all);
    expect(found).toMatchObject({ shift: [0, 0], gain: [1, 1, 1], bias: [0, 0, 0] });
    expect(brought(edited, found).data).toEqual(edited.data);
    expect(overlap(await findChange(seen, edited, all), truth)).toBeGreaterThan(0.95);
  });
  it('leaves a small hole open, though its blurred rim fills over half of it', async () => {
    const ring = (inner: number) => {
      const edited = { ...seen, data: seen.data.slice() };
      const truth = createMask(seen.width, seen.height);
      for (let i = 0; i < truth.data.length; i++) {
        const far = Math.hypot((i % seen.width) - 189.5, Math.floor(i / seen.width) - 129.5);
        const share = Math.min(1, Math.max(0, 0.5 + Math.min(20 - far, far - inner) / 3));
        if (share >= 0.5) truth.data[i] = 1;
        for (let c = 0; c < 3; c++) {
          edited.data[3 * i + c] = (1 - share) * seen.data[3 * i + c]! + share * 0.95;
        }
      }
      return { edited, truth };
    };
    for (const inner of [5, 6, 8]) {
      const { edited, truth } = ring(inner);
      const found = await findChange(seen, edited, all);
      expect(found.data[129 * seen.width + 189], `${inner}`).toBe(0);
      expect(overlap(found, truth), `${inner}`).toBeGreaterThan(0.93);
    }
  });
  it('leaves another picture as it is', async () => {
    const other = { ...seen, data: seen.data.slice().reverse() };
    expect(await align(seen, other, all)).toMatchObject({
      agreeing: 0,
      shift: [0, 0],
      gain: [1, 1, 1],
    });
  });
});
