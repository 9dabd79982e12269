/** What the bench asks of every engine: one picture at a time, drawn when it says so. */
import type { View } from '../views.ts';

export interface Size {
  width: number;
  height: number;
}

/** An engine with a scene in it. */
export interface Engine {
  /** What it is, with its version. */
  name: string;
  /**
   * Draws from a view that it has not sorted for, and waits until the splats are in that view's order and the
   * pixels lie in the page's memory.
   * @returns the picture as RGBA, rows from the top or from the bottom
   */
  draw(view: View): Promise<Picture>;
}

export interface Picture {
  rgba: Uint8Array | Uint8ClampedArray;
  bottomUp: boolean;
}

/** Reads the canvas's pixels; call it in the task that drew. */
export function readGl(gl: WebGL2RenderingContext, { width, height }: Size): Picture {
  const rgba = new Uint8Array(width * height * 4);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  return { rgba, bottomUp: true };
}

/** A canvas of that many device pixels. */
export function addCanvas({ width, height }: Size): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.style.cssText = `display: block; width: ${width}px; height: ${height}px`;
  document.body.append(canvas);
  return canvas;
}

/** Waits for `done`, asking anew after each message, without the 4 ms that nested timers wait. */
export async function until(done: () => boolean): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  while (!done()) {
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(0);
    });
  }
  port1.close();
}

/** Vertical field of view, radians: views have square pixels and the principal point in the middle. */
export const fieldOfView = ({ width, height }: Size, focal: number) =>
  2 * Math.atan(height / 2 / (focal * width));
