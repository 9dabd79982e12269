/** What an image is for that was dropped on the scene without a word. */
import { decodeImage, hasTransparency } from '../images/decode-image.ts';
import type { Mender } from '../mender-types.ts';
import type { CommandTarget } from './command-target.ts';
import { isImageName, looksLikeMask } from './mask-image.ts';
import { isSavedView, likeSavedView } from './view-references.ts';

/** Enough pixels to see whether an image is in black and white, or a view edited. */
const LOOK_PX = 512;

/**
 * `insert`: an edited picture of a view that was saved here, or something cut out. `mask`: it selects. `photo`: there is
 * no scene that it could be of. `either` a photo to make a scene of or one to insert: only the user knows.
 */
export type ImageMeaning = 'insert' | 'mask' | 'photo' | 'either';

/** @returns undefined for what is no image. @throws SplatmendError as `decodeImage` does */
export async function imageMeaning(
  target: CommandTarget,
  mender: Mender,
  file: File,
): Promise<ImageMeaning | undefined> {
  if (!isImageName(file.name)) return undefined;
  if (!target.host || !mender.cloud) return 'photo';
  if (isSavedView(mender, file)) return 'insert';
  const image = await decodeImage(file, LOOK_PX);
  if (looksLikeMask(image, target.host.currentCamera())) return 'mask';
  return hasTransparency(image) || likeSavedView(mender, image) ? 'insert' : 'either';
}
