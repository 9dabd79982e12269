/** Where a server is, checked once: what messages may show of it, and how its routes are made. */
import { SplatmendError } from './errors.ts';
import { SERVER_KINDS, type ServerKind } from './server-spec.ts';

export interface ServerAddress {
  /** `http://127.0.0.1:8080`: all that messages show. A path may name an account, so it is left out. */
  shown: string;
  /** Host and port, for the capabilities. */
  host: string;
  /** The whole address of a route such as `/api/v1/inpaint`; `query` is encoded. */
  url(route: string, query?: Readonly<Record<string, string>>): string;
}

/** Beginnings of path parts that are keys of some service. */
const KEY_LIKE = /^(sk|pk|rk|hf|api|key|token|bearer)[-_][\w-]{8,}$/i;

/**
 * @param provider for messages: `IOPaint`
 * @param endings routes that people copy with the address, cut off: `/v1`
 * @throws bad-option for anything but http and https, and for what may be a key: a user name or password, a query, a
 *   path part that looks like one. The message does not repeat the address.
 */
export function parseAddress(
  provider: string,
  text: string,
  endings: readonly string[] = [],
): ServerAddress {
  const refuse = (what: string, next: string) =>
    new SplatmendError('bad-option', `${provider}: ${what}; ${next}`);
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw refuse('its address is not one', 'give it as http://HOST:PORT');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse('its address begins neither with http:// nor with https://', 'put one before it');
  }
  const keys = 'addresses are logged: give a key by SPLATMEND_API_KEY or in the dialog’s own field';
  if (url.username !== '' || url.password !== '') {
    throw refuse('its address has a user name or a password in it', keys);
  }
  if (url.search !== '' || url.hash !== '') {
    throw refuse('its address has a query (“?”) or a fragment (“#”), which may hold a key', keys);
  }
  if (url.pathname.split('/').some((part) => KEY_LIKE.test(part))) {
    throw refuse('a part of its address looks like a key', keys);
  }
  let path = url.pathname.replace(/\/+$/, '');
  const ending = endings.find((e) => path.endsWith(e));
  if (ending !== undefined) path = path.slice(0, -ending.length).replace(/\/+$/, '');
  return {
    shown: url.origin,
    host: url.host,
    url(route, query) {
      const whole = `${url.origin}${path}${route}`;
      return query === undefined ? whole : `${whole}?${new URLSearchParams(query)}`;
    },
  };
}

/** Routes that people copy with a provider's address. */
const ENDINGS: Partial<Record<ServerKind, readonly string[]>> = {
  openai: ['/v1/images/edits', '/v1'],
  oip: ['/v2'],
};

/** The address of a server of a kind. @throws as `parseAddress` */
export function serverAddress(kind: ServerKind, text: string): ServerAddress {
  return parseAddress(SERVER_KINDS[kind].label, text, ENDINGS[kind]);
}

/** Whether what is sent there stays on this computer. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127\./.test(name);
}
