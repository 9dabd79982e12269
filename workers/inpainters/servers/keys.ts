/** Keys: into the Authorization header, and out of every message. */
import { SplatmendError } from '../../../core/errors.ts';
import { isLoopback, type ServerAddress } from '../../../core/server-address.ts';
import { toBase64 } from './base64.ts';

/** How a bare key is sent: as a token, or, with a colon in it, as user and password. */
export type KeyKind = 'bearer' | 'basic';

/**
 * The Authorization header's value. `Basic …` and `Bearer …` are taken as they are.
 * @throws bad-option for a key that is no header text, and for one that would cross a network unencrypted
 */
export function authorization(
  provider: string,
  key: string | undefined,
  kind: KeyKind,
  address: ServerAddress,
): string | undefined {
  const text = key?.trim() ?? '';
  if (text === '') return undefined;
  if (!/^[\x20-\x7e]+$/.test(text)) {
    throw new SplatmendError(
      'bad-option',
      `${provider}: the key has characters that no header can carry; copy it again`,
    );
  }
  if (address.shown.startsWith('http:') && !isLoopback(address.host)) {
    throw new SplatmendError(
      'bad-option',
      `${provider}: over http:// to another computer the key could be read on the way; use https://, or a tunnel (ssh -L) and its 127.0.0.1`,
    );
  }
  if (/^(Basic|Bearer) /i.test(text)) return text;
  if (kind === 'basic') return `Basic ${toBase64(new TextEncoder().encode(text))}`;
  return `Bearer ${text}`;
}

const LONGEST_QUOTE = 200;

/** What a server said, fit for a message: without the key, in one line, at most 200 characters. */
export function quote(text: string, key: string | undefined): string {
  let clean = text;
  const bare = key?.trim().replace(/^(Basic|Bearer) /i, '');
  if (bare) {
    for (const secret of [bare, ...bare.split(':').filter((part) => part.length >= 4)]) {
      clean = clean.replaceAll(secret, '[key]');
    }
    clean = clean.replaceAll(toBase64(new TextEncoder().encode(bare)), '[key]');
  }
  clean = clean
    // Services quote a key with its middle starred out.
    .replace(/\b(sk|pk|rk|hf)[-_][\w*•.-]{4,}/g, '[key]')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean;
}
