/** Pictures of views that were given out for editing: what comes back belongs to the view that it was made of. */
import type { Camera } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { likeness } from '../images/likeness.ts';
import { canvasFrom } from '../images/rgb-image.ts';
import type { Mender } from '../mender-types.ts';
import { baseName, download } from './files.ts';
import { ofShape } from './mask-image.ts';

/** A view's picture, and the scene that it is of. */
export interface PicturedView {
  camera: Camera;
  picture: OffscreenCanvas;
  cloud: SplatCloud;
  /** The saved file's name, without its ending, and its number; undefined until it is saved. */
  saved?: { name: string; number: number };
}

/** More are forgotten, the oldest first. */
const MOST_SAVED = 8;
/** An edited picture still shows this share of what it was made of. */
const EDITED_LIKENESS = 0.25;

/** Saved ones, the oldest first, for as long as the page is open. */
const saved = new WeakMap<Mender, PicturedView[]>();

/** The view as it is now. @throws SplatmendError as `takeReference` does */
export async function pictureView(mender: Mender): Promise<PicturedView> {
  const cloud = mender.cloud!;
  const { camera, rgb } = await mender.takeReference();
  return { camera, picture: canvasFrom(rgb), cloud };
}

/** Hands the view's picture to the browser's downloads and remembers its camera. @returns the file's name */
export async function saveView(
  mender: Mender,
  view: PicturedView,
  fileName: string,
): Promise<string> {
  if (!saved.has(mender)) forgetWithScene(mender);
  const others = saved.get(mender) ?? [];
  if (view.saved === undefined) {
    const number = (others.at(-1)?.saved?.number ?? 0) + 1;
    const name = `${baseName(fileName)}-view${number === 1 ? '' : `-${number}`}`;
    view.saved = { name, number };
  }
  const file = `${view.saved.name}.png`;
  download(await view.picture.convertToBlob({ type: 'image/png' }), file);
  if (!others.includes(view)) saved.set(mender, [...others, view].slice(-MOST_SAVED));
  return file;
}

/** Views are of the scene that was open. */
function forgetWithScene(mender: Mender): void {
  mender.addEventListener('cloud', ({ detail }) => {
    if (detail.opened) saved.set(mender, []);
  });
}

/** Whether a file is, by its name, one that was saved here. */
export const isSavedView = (mender: Mender, { name }: File): boolean =>
  namedLike(name, saved.get(mender) ?? []) !== undefined;

/** Whether an image, whatever it is called, is most likely an edited picture of a view that was saved here. */
export const likeSavedView = (mender: Mender, image: OffscreenCanvas): boolean =>
  mostAlike(image, saved.get(mender) ?? []) !== undefined;

/** The one whose name the file's begins with; `scene-view-2` is not `scene-view-20`. */
function namedLike(file: string, views: readonly PicturedView[]): PicturedView | undefined {
  const begins = (name: string) => {
    const rest = file.toLowerCase().slice(name.length);
    return file.toLowerCase().startsWith(name.toLowerCase()) && !/^-?\d/.test(rest);
  };
  return views.filter((v) => v.saved && begins(v.saved.name)).at(-1);
}

/**
 * The view that an image is the edited picture of: by its name, else the saved one, or the one that shows, that
 * it is most like. Undefined where it is none's.
 */
export function viewOfEdited(
  mender: Mender,
  image: OffscreenCanvas,
  fileName: string,
  now: PicturedView,
): PicturedView | undefined {
  const views = [...(saved.get(mender) ?? []), now].filter((v) => ofShape(image, v.picture));
  const byName = namedLike(fileName, views);
  if (byName) return byName;
  return mostAlike(image, views);
}

/** The view that still shows enough in the image, and of several the one that shows most. */
function mostAlike(
  image: OffscreenCanvas,
  views: readonly PicturedView[],
): PicturedView | undefined {
  const [best] = views
    .filter((v) => ofShape(image, v.picture))
    .map((view) => ({ view, alike: likeness(image, view.picture) }))
    .sort((a, b) => b.alike - a.alike);
  return best && best.alike >= EDITED_LIKENESS ? best.view : undefined;
}
