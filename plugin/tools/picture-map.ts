import type { MendHost } from '../host.ts';

/** Where the host's picture lies on the page: between pixels of the picture and CSS pixels. */
export interface PictureMap {
  width: number;
  height: number;
  /** Picture pixels a CSS pixel. */
  scale: number;
  /** `clientX/clientY` to picture pixels; goes on beyond the picture's edge. */
  toPixel(clientX: number, clientY: number): [number, number];
  /** Picture pixels to CSS pixels from the element's top left. */
  toElement(x: number, y: number): [number, number];
}

/** Where in the element's box the host is asked for two pixels: away from an edge it may leave free. */
const SAMPLES = [0.4, 0.6] as const;

/**
 * Measures the map from what the host says about two places: a picture may be letterboxed in its element.
 * @returns undefined while there is no picture, or it has no size on the page
 */
export function pictureMap(host: MendHost): PictureMap | undefined {
  const box = host.element.getBoundingClientRect();
  if (!(box.width > 0 && box.height > 0)) return undefined;
  const [ax, bx] = SAMPLES.map((s) => box.left + s * box.width) as [number, number];
  const [ay, by] = SAMPLES.map((s) => box.top + s * box.height) as [number, number];
  const a = host.pixelAt(ax, ay);
  const b = host.pixelAt(bx, by);
  if (!a || !b) return undefined;
  const scaleX = (b.x - a.x) / (bx - ax);
  const scaleY = (b.y - a.y) / (by - ay);
  if (!(scaleX > 0 && scaleY > 0)) return undefined;
  const { width, height } = host.currentCamera();
  return {
    width,
    height,
    scale: (scaleX + scaleY) / 2,
    toPixel: (clientX, clientY) => [a.x + (clientX - ax) * scaleX, a.y + (clientY - ay) * scaleY],
    toElement: (x, y) => [ax - box.left + (x - a.x) / scaleX, ay - box.top + (y - a.y) / scaleY],
  };
}

/** The nearest place within the picture. */
export function clampToPicture(
  { width, height }: { width: number; height: number },
  [x, y]: readonly [number, number],
): [number, number] {
  return [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
}
