/** Base64 in the worker and in Node alike. */
import { SplatmendError } from '../../../core/errors.ts';

/** `String.fromCharCode` takes so many arguments at once in every engine. */
const PIECE = 8192;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(text);
}

/**
 * Bytes of base64, with or without a `data:…;base64,` before it.
 * @throws bad-answer
 */
export function fromBase64(who: string, text: string): Uint8Array {
  const bare = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  try {
    const binary = atob(bare);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    throw new SplatmendError(
      'bad-answer',
      `${who}: its picture is no base64; the answer was cut off, or it is another kind of server`,
    );
  }
}
