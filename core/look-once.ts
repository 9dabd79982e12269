import type { Camera } from './camera.ts';
import type { Kernels, RenderedView, RenderOptions } from './kernels.ts';
import type { SplatCloud } from './splat-cloud.ts';

/** A cloud from some cameras, one after another; its renderer is given up after. @throws SplatmendError as the renderer does */
export async function lookFrom(
  kernels: Kernels,
  cloud: SplatCloud,
  cameras: readonly Camera[],
  options: RenderOptions = {},
  signal?: AbortSignal,
): Promise<RenderedView[]> {
  const renderer = await kernels.createRenderer(cloud);
  try {
    const views: RenderedView[] = [];
    for (const camera of cameras) views.push(await renderer.render(camera, options, signal));
    return views;
  } finally {
    renderer.destroy();
  }
}

/** The same from one camera. */
export async function lookOnce(
  kernels: Kernels,
  cloud: SplatCloud,
  camera: Camera,
  options: RenderOptions = {},
  signal?: AbortSignal,
): Promise<RenderedView> {
  return (await lookFrom(kernels, cloud, [camera], options, signal))[0]!;
}
