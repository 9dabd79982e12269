/** Images drawn in the browser, as the files that a user gives. */

/** An image file of what `paint` draws. */
export async function imageFile(
  name: string,
  width: number,
  height: number,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
  type = 'image/png',
): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  paint(canvas.getContext('2d')!);
  return new File([await canvas.convertToBlob({ type, quality: 0.9 })], name, { type });
}
