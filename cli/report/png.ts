import { encode } from 'fast-png';
import type { Picture } from '../../core/pictures.ts';

export function encodePng(picture: Picture): Uint8Array {
  return encode({ ...picture, channels: 3, depth: 8 });
}
