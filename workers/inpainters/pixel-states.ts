import type { Mask, RgbImage } from '../../core/image.ts';
import { HOLE, KNOWN, OUT } from './harmonic.ts';

/** Colours beyond this are no display colours: such pixels are left out like NaN. */
const LARGEST_COLOUR = 64;

/** HOLE where it is to be filled, OUT where ignored or no colour (NaN, infinite, beyond ±64), else KNOWN. */
export function pixelStates(image: RgbImage, mask: Mask, ignore: Mask | undefined): Uint8Array {
  const state = new Uint8Array(image.width * image.height);
  for (let i = 0; i < state.length; i++) {
    if (ignore !== undefined && ignore.data[i] !== 0) state[i] = OUT;
    else if (mask.data[i] !== 0) state[i] = HOLE;
    else {
      state[i] = KNOWN;
      for (let c = 0; c < 3; c++) {
        // Written so that NaN is caught too.
        if (!(Math.abs(image.data[i * 3 + c]!) <= LARGEST_COLOUR)) state[i] = OUT;
      }
    }
  }
  return state;
}
