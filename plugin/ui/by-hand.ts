/** Mending by hand: the hole's picture goes to an image editor of the user's, and comes back painted. */
import { SplatmendError } from '../../core/errors.ts';
import { countMask, type Mask, type RgbImage } from '../../core/image.ts';
import { rgbPicture } from '../../core/pictures.ts';
import { editedPicture } from '../../core/reference-picture.ts';
import type { HolePreview, RemoveOptions, RemoveResult } from '../../core/remove-types.ts';
import { createByHandFiller } from '../filler.ts';
import { decodeImage } from '../images/decode-image.ts';
import { rgbaOf } from '../images/rgb-image.ts';
import { pngOf } from '../images/save-png.ts';
import type { Mender } from '../mender-types.ts';
import { baseName, download } from './files.ts';

/** The last picture that was saved for a mender: what comes back belongs to its view. */
const saved = new WeakMap<Mender, { preview: HolePreview; name: string }>();

/** Whether this file is, by its name, what was saved here. */
export function isEdited(mender: Mender, { name }: File): boolean {
  const stem = saved.get(mender)?.name;
  return stem !== undefined && name.toLowerCase().startsWith(stem.toLowerCase());
}

/** @returns the saved file's name. @throws SplatmendError `camera-sees-nothing` without a hole in this view, or as `previewHole` */
export async function saveReference(
  mender: Mender,
  fileName: string,
  options: RemoveOptions | undefined,
): Promise<string> {
  const preview = await mender.previewHole(options);
  if (countMask(preview.mask) === 0) {
    throw new SplatmendError(
      'camera-sees-nothing',
      'by hand: no hole shows in this view; look from where it does, and save again',
    );
  }
  const stem = `${baseName(fileName)}-hole`;
  const name = `${stem}.png`;
  download(await pngOf(rgbPicture(preview.rgb), preview.mask), name);
  saved.set(mender, { preview, name: stem });
  return name;
}

/** Fills the saved view's hole with the painted picture: a removal, or one more candidate of the waiting one. */
export async function fillByHand(
  mender: Mender,
  file: File,
  options: RemoveOptions | undefined,
): Promise<RemoveResult> {
  const reference = saved.get(mender);
  if (reference === undefined) {
    throw new SplatmendError(
      'bad-option',
      'by hand: no picture was saved from this view yet; save it first, and paint on that',
    );
  }
  const { camera, mask } = reference.preview;
  const filler = createByHandFiller(await readEdited(file, mask), mask);
  const painted = { camera, mask };
  if (mender.proposal) return mender.addCandidate({ painted }, filler);
  return mender.remove({ ...options, painted }, filler);
}

/** @throws SplatmendError `too-large`, `bad-file`, `bad-answer` */
async function readEdited(file: File, hole: Mask): Promise<RgbImage> {
  const canvas = await decodeImage(file);
  const { width, height } = canvas;
  const data = rgbaOf(canvas);
  const rgb = new Float32Array(width * height * 3);
  const alpha = new Float32Array(width * height);
  for (let i = 0; i < alpha.length; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = data[i * 4 + c]! / 255;
    alpha[i] = data[i * 4 + 3]! / 255;
  }
  return editedPicture({ width, height, rgb, alpha }, hole, file.name);
}
