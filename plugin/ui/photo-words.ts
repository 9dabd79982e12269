/** What the photo dialog says. */
import { sizeWithin } from '../images/read-photo.ts';
import type { Mender } from '../mender-types.ts';
import { count } from './figures.ts';
import type { GivenPhoto } from './given-photo.ts';

export const INTRO =
  'Each pixel becomes a splat at its depth, and what nearer things hide is filled in: the scene can be looked at a little from the side.';
export const DROP_DEPTH = 'Drop its depth here: a PNG of 16 bits, NPY, PFM or EXR.';
export const NO_DEPTH =
  'Depth is missing. There are two ways: drop or choose a depth file of the photo, or choose a depth model under “Depth from”.';
export const NEITHER =
  'That is neither a photo nor a depth map. Drop a PNG, JPEG or WebP, or depth as PNG of 16 bits, NPY, PFM or EXR.';

export const BUSY = 'The scene is being made. Wait for it or cancel it, then give the next.';

const number = (n: number) => n.toLocaleString('en');

/** What will be made, by whom, and where pictures go. */
export function photoSentence(
  { filler, depth, cloud }: Mender,
  { picture }: GivenPhoto,
  { maxSidePx, byModel }: { maxSidePx: number; byModel: boolean },
): string {
  const { width, height } = sizeWithin(picture, maxSidePx);
  const server = byModel ? depth?.server?.address : undefined;
  const parts = [
    `${number(width)} × ${number(height)} pixels: ${count(width * height, 'splat', 'splats')}, and those behind.`,
    filler.sendsTo === undefined
      ? `Filled by: ${filler.label}.`
      : `Filled by ${filler.label}: parts of the photo are sent to ${filler.sendsTo}.`,
    ...(server === undefined ? [] : [`The photo is sent to ${server} for its depth.`]),
    ...(cloud ? ['It opens in place of the scene that is open.'] : []),
  ];
  return parts.join(' ');
}
