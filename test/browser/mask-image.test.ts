// Accepts: the mask is the image's, pixel for pixel where sizes agree (PNG is exact); what is no mask of the view is
// refused by name. Images are drawn here.
import { expect, test } from 'vitest';
import type { MendHost } from '../../plugin/host.ts';
import type { Mender } from '../../plugin/mender-types.ts';
import { isImageName, readMaskImage, selectByMaskImage } from '../../plugin/ui/mask-image.ts';
import { codeOf } from '../support/error-code.ts';

async function png(
  width: number,
  height: number,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  paint(canvas.getContext('2d')!);
  return new File([await canvas.convertToBlob({ type: 'image/png' })], 'mask.png');
}
const onBlack = (context: OffscreenCanvasRenderingContext2D) => {
  context.fillStyle = '#000';
  context.fillRect(0, 0, 60, 40);
  context.fillStyle = '#fff';
  context.fillRect(10, 5, 20, 8);
};
const inRectangle = (i: number) => {
  const [x, y] = [i % 60, Math.floor(i / 60)];
  return x >= 10 && x < 30 && y >= 5 && y < 13 ? 1 : 0;
};

test('white on black, and opaque on transparent, select the same pixels', async () => {
  const expected = Uint8Array.from({ length: 2400 }, (_, i) => inRectangle(i));
  const bright = await readMaskImage(await png(60, 40, onBlack), { width: 60, height: 40 });
  expect(bright.data).toEqual(expected);
  // Dark, but opaque where the rest is not.
  const opaque = await png(60, 40, (context) => context.fillRect(10, 5, 20, 8));
  expect((await readMaskImage(opaque, { width: 60, height: 40 })).data).toEqual(expected);
  const twice = await readMaskImage(await png(60, 40, onBlack), { width: 120, height: 80 });
  const set = twice.data.reduce((sum, v) => sum + v, 0);
  expect(Math.abs(set - 4 * 160)).toBeLessThan(4 * 2 * 56);
});

test('the view’s camera and the mask go to the selection', async () => {
  const camera = { width: 60, height: 40 };
  const asked: unknown[] = [];
  const mender = { select: async (shape: unknown) => asked.push(shape) } as unknown as Mender;
  const host = { currentCamera: () => camera } as unknown as MendHost;
  await selectByMaskImage(mender, host, await png(60, 40, onBlack));
  expect(asked).toMatchObject([{ kind: 'mask', camera, mask: { width: 60, height: 40 } }]);
});

test('no image, another view’s size, and nothing set are named errors', async () => {
  const view = { width: 60, height: 40 };
  expect(await codeOf(readMaskImage(new File(['<svg>'], 'a.png'), view))).toBe('bad-file');
  expect(await codeOf(readMaskImage(await png(60, 60, onBlack), view))).toBe('bad-selection');
  const black = await png(60, 40, (context) => {
    context.fillStyle = '#000';
    context.fillRect(0, 0, 60, 40);
  });
  expect(await codeOf(readMaskImage(black, view))).toBe('bad-selection');
  expect([isImageName('a.PNG'), isImageName('a.json'), isImageName('png')]).toEqual([
    true,
    false,
    false,
  ]);
});
