import { SplatmendError } from '../../core/errors.ts';
import { seenSize } from '../../core/turned-picture.ts';
import { canvasOf, rgbaOf } from './rgb-image.ts';
import { orientationLeft, turnDrawing } from './webp-turn.ts';

const MOST_BYTES = 256_000_000;
/** 400 MB when decoded. */
const MOST_PIXELS = 100_000_000;

/**
 * An image file that somebody gave, drawn, turned as its EXIF says: at its own size, or no longer than `longest` along its longer side. Its
 * size is known before it is decoded, and bounded.
 * @throws SplatmendError `too-large`, or `bad-file` for what the browser cannot read
 */
export async function decodeImage(file: File, longest = Infinity): Promise<OffscreenCanvas> {
  if (file.size > MOST_BYTES) {
    throw new SplatmendError(
      'too-large',
      `${file.name}: over 256 MB is too large for a picture; make it smaller`,
    );
  }
  if (file.size === 0) {
    throw new SplatmendError('bad-file', `${file.name}: the file is empty; choose another`);
  }
  // Without its type, so that the browser goes by the bytes: they must be pixels, and no drawing in SVG.
  const url = URL.createObjectURL(file.slice(0, file.size, ''));
  try {
    const image = new Image();
    await new Promise<void>((resolve, reject) => {
      image.onload = () => resolve();
      image.onerror = () =>
        reject(
          new SplatmendError(
            'bad-file',
            `${file.name}: not an image that the browser can read; save it as PNG, JPEG or WebP`,
          ),
        );
      image.src = url;
    });
    const { naturalWidth: width, naturalHeight: height } = image;
    if (width * height > MOST_PIXELS) {
      throw new SplatmendError(
        'too-large',
        `${file.name}: ${width} × ${height} pixels are too many; make it smaller`,
      );
    }
    const factor = Math.min(1, longest / Math.max(width, height));
    const drawn = {
      width: Math.max(1, Math.round(width * factor)),
      height: Math.max(1, Math.round(height * factor)),
    };
    const orientation = await orientationLeft(file);
    const canvas = canvasOf(seenSize(drawn, orientation));
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.imageSmoothingQuality = 'high';
    turnDrawing(context, orientation, drawn);
    context.drawImage(image, 0, 0, drawn.width, drawn.height);
    context.resetTransform();
    return canvas;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A pixel of less is not there. */
export const OPAQUE = 128;
/** Fewer clear pixels than this share are an editor's accident at the rim. */
const SOME = 0.001;

/** Whether parts of it are transparent. */
export function hasTransparency(canvas: OffscreenCanvas): boolean {
  const data = rgbaOf(canvas);
  let clear = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i]! < OPAQUE) clear++;
  return clear > SOME * (data.length / 4);
}
