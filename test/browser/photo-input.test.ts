// Accepts: a photo's file alone, as a File, a Blob or bytes, is what the browser shows of it (sizes exact, the stored rows turned as EXIF says),
// at most 800 pixels a side, at the angle that its EXIF says of that shape; what is no picture is refused by name. Images are drawn here.
import { expect, test } from 'vitest';
import type { PhotoFile } from '../../core/photo-exif.ts';
import { fovOfFocal35 } from '../../core/photo-lens.ts';
import { turnedPicture } from '../../core/turned-picture.ts';
import { photoOfInput } from '../../plugin/images/photo-input.ts';
import { readPhoto } from '../../plugin/images/read-photo.ts';
import { type CameraWords, jpegWithExif, webpWithExif } from '../support/exif.ts';
import { imageFile } from '../support/images.ts';

/** A JPEG's bytes, red at the left and blue at the right, with EXIF. */
async function photo(words: CameraWords, [width, height] = [60, 40]): Promise<Uint8Array> {
  const paint = (context: OffscreenCanvasRenderingContext2D) => {
    for (const [k, colour] of ['#c00', '#00c'].entries()) {
      context.fillStyle = colour;
      context.fillRect((k * width!) / 2, 0, width! / 2, height!);
    }
  };
  const plain = await imageFile('plain.jpg', width!, height!, paint, 'image/jpeg');
  return jpegWithExif(new Uint8Array(await plain.arrayBuffer()), words);
}
const blobOf = (bytes: Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>]);
const tenth = (degrees: number) => Math.round(10 * degrees) / 10;

test('of a file alone pixels and angle are its own, turned as it says', async () => {
  const bytes = await photo({ focal35: 28, size: [6000, 4000], orientation: 6 });
  const shown = { width: 40, height: 60 };
  const file = new File([blobOf(bytes)], 'phone.jpg');
  for (const given of [bytes, blobOf(bytes), file] satisfies PhotoFile[]) {
    const { photo, options } = await photoOfInput({ file: given }, { layers: 1 }, 'phone');
    expect(photo.rgb).toMatchObject(shown);
    // What was left is above.
    expect(photo.rgb.data[0]).toBeGreaterThan(0.6);
    expect(photo.rgb.data.at(-1)).toBeGreaterThan(0.6);
    expect(options).toEqual({ layers: 1, fovDeg: tenth(fovOfFocal35(shown, 28)) });
  }
  const large = await photo({ focal35: 28 }, [1200, 800]);
  const asked = await photoOfInput({ file: large }, { fovDeg: 40 }, '');
  expect(asked.photo.rgb).toMatchObject({ width: 800, height: 533 });
  expect(asked.options).toEqual({ fovDeg: 40 });
});

test('a WebP is read and turned as the other formats are, each of the eight ways', async () => {
  const size = [9, 6] as const;
  // No two turns of it look the same: red at the left, its upper end white.
  const paint = (context: OffscreenCanvasRenderingContext2D) => {
    context.fillRect(0, 0, ...size);
    context.fillStyle = '#f00';
    context.fillRect(0, 0, 3, 6);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 3, 3);
  };
  const plain = await imageFile('plain.webp', ...size, paint, 'image/webp');
  const bytes = new Uint8Array(await plain.arrayBuffer());
  const { photo: lying, options } = await photoOfInput({ file: plain }, {}, 'plain');
  expect([lying.rgb.width, options]).toEqual([9, {}]);
  for (let orientation = 1; orientation <= 8; orientation++) {
    const words: CameraWords = { focal35: 28, size: [6000, 4000], orientation };
    const file = webpWithExif(bytes, size, words);
    const { photo, options } = await photoOfInput({ file }, {}, 'phone');
    expect(photo.rgb, `${orientation}`).toEqual(turnedPicture(lying.rgb, 3, orientation));
    expect(options.fovDeg).toBe(tenth(fovOfFocal35(photo.rgb, 28)));
  }
});

test('pixels that are given are taken as they are; a crop of the file has no angle', async () => {
  const bytes = await photo({ focal35: 28, size: [6000, 4000] });
  const rgb = await readPhoto(new File([blobOf(bytes)], 'a.jpg'), 30);
  const { photo: small, options } = await photoOfInput({ rgb, file: bytes }, {}, '');
  expect([small.rgb, options.fovDeg]).toEqual([rgb, tenth(fovOfFocal35(rgb, 28))]);
  const crop = { width: 20, height: 20, data: rgb.data.slice(0, 1200) };
  expect((await photoOfInput({ rgb: crop, file: bytes }, {}, '')).options).toEqual({});
});

test('what is no picture is refused by its name', async () => {
  const none = [new Uint8Array(0), new Uint8Array(50).fill(7)];
  for (const file of none) {
    await expect(photoOfInput({ file }, {}, 'holiday')).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/^holiday: /),
    });
  }
});
