import { readPhotoExif } from '../../core/photo-exif.ts';
import { isWebp, WEBP_HEAD_BYTES } from '../../core/webp-exif.ts';

/** A WebP of 2 × 1 pixels that is to be seen on its side. */
const PROBE =
  'data:image/webp;base64,UklGRk4AAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4TA0AAAAvAQAAEAcQERGIiP4HAEVYSUYaAAAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA=';
let turned: Promise<boolean> | undefined;

/** Whether the browser turns a WebP by its EXIF as it does a JPEG: Chromium does not. One that reads no WebP has none to turn. */
async function browserTurns(): Promise<boolean> {
  const image = new Image();
  image.src = PROBE;
  return image.decode().then(
    () => image.naturalWidth === 1,
    () => true,
  );
}

/** The orientation by which an image file is still to be turned after the browser has drawn it: EXIF's, 1 to 8; 1 is not at all. */
export async function orientationLeft(file: Blob): Promise<number> {
  const head = new Uint8Array(await file.slice(0, WEBP_HEAD_BYTES).arrayBuffer());
  if (!isWebp(head)) return 1;
  const { orientation = 1 } = await readPhotoExif(file);
  if (orientation === 1) return 1;
  turned ??= browserTurns();
  return (await turned) ? 1 : orientation;
}

/** Makes what is drawn at 0, 0 in the stored size appear turned; the canvas has the size that is seen. */
export function turnDrawing(
  context: OffscreenCanvasRenderingContext2D,
  orientation: number,
  { width: w, height: h }: { width: number; height: number },
): void {
  const turns: Parameters<typeof context.transform>[] = [
    [1, 0, 0, 1, 0, 0],
    [-1, 0, 0, 1, w, 0],
    [-1, 0, 0, -1, w, h],
    [1, 0, 0, -1, 0, h],
    [0, 1, 1, 0, 0, 0],
    [0, 1, -1, 0, h, 0],
    [0, -1, -1, 0, h, w],
    [0, -1, 1, 0, 0, w],
  ];
  context.setTransform(...turns[orientation - 1]!);
}
