/** An image that the user gave to insert: an edited picture of a view, or something to place over one. */
import { SplatmendError } from '../../core/errors.ts';
import type { EditedReference } from '../../core/insert-types.ts';
import { decodeImage, hasTransparency } from '../images/decode-image.ts';
import { cutToContent, overPicture, placeImage } from '../images/place-image.ts';
import { firstPlacement, type Placement, placementWithin } from '../images/placement.ts';
import type { Mender } from '../mender-types.ts';
import { ofShape } from './mask-image.ts';
import { type PicturedView, viewOfEdited } from './view-references.ts';

/** Longer sides are made smaller: no more of it can be lifted. */
const LONGEST_PX = 2048;

export interface GivenImage {
  /** The file's, shown as text. */
  name: string;
  whole: OffscreenCanvas;
  /** Without the transparent rim. */
  content: OffscreenCanvas;
  /** The view that it is the edited picture of, if it can be one's at all. */
  editedFrom: PicturedView | undefined;
  /** What it is taken for until the user says otherwise. */
  kind: 'edited' | 'placed';
  /** Over the picture of the view that shows. */
  placement: Placement;
}

/** @throws SplatmendError `bad-file`, `too-large` */
export async function readGivenImage(
  mender: Mender,
  file: File,
  now: PicturedView,
): Promise<GivenImage> {
  const whole = await decodeImage(file, LONGEST_PX);
  const cut = cutToContent(whole);
  if (!cut) {
    // A JPEG has no transparency: a browser shows one so that breaks off before its first row.
    const why = file.type === 'image/jpeg' ? 'it is cut off or broken' : 'all of it is transparent';
    throw new SplatmendError('bad-file', `${file.name}: ${why}; choose another`);
  }
  const sameShape = ofShape(whole, now.picture);
  const edited = viewOfEdited(mender, whole, file.name, now);
  const clear = hasTransparency(whole);
  return {
    name: file.name,
    whole,
    content: cut.content,
    editedFrom: edited ?? (sameShape ? now : undefined),
    kind: edited && !clear ? 'edited' : 'placed',
    // A layer that was saved alone lies where it was painted.
    placement:
      sameShape && clear
        ? placementWithin(cut.rect, whole, now.picture)
        : firstPlacement(cut.content, now.picture),
  };
}

/** The view's picture with the image in it, for the line. @throws SplatmendError `bad-option` where nothing of it is in sight */
export function referenceOf(given: GivenImage, now: PicturedView): EditedReference {
  const { editedFrom } = given;
  if (given.kind === 'edited' && editedFrom) {
    return { camera: editedFrom.camera, edited: overPicture(editedFrom.picture, given.whole) };
  }
  const placed = placeImage(now.picture, given.content, given.placement);
  if (!placed.mask.data.includes(1)) {
    throw new SplatmendError(
      'bad-option',
      `${given.name}: nothing of it can be seen in the picture; move it there, or make it larger`,
    );
  }
  return { camera: now.camera, ...placed };
}
