/** What can go wrong between here and a server, as named errors that say what to do. */
import { SplatmendError } from '../../../core/errors.ts';
import { isLoopback, type ServerAddress } from '../../../core/server-address.ts';

/** Who is talked to, for messages. */
export interface Peer {
  /** `IOPaint`. */
  provider: string;
  address: ServerAddress;
  /** How its server is started so that a page may ask it: named when a page cannot reach it. */
  corsAdvice: string;
}

export const whoIs = (peer: Peer) => `${peer.provider} at ${peer.address.shown}`;

/** The page's origin in a browser; undefined in Node. */
export function pageOrigin(): string | undefined {
  const { location } = globalThis as { location?: { origin?: string } };
  return location?.origin;
}

/** What Node says of a connection that failed; browsers say nothing. */
function causeCode(error: unknown): string | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    const { code, errors } = at as { code?: unknown; errors?: unknown[] };
    if (typeof code === 'string') return code;
    at = Array.isArray(errors) ? errors[0] : at.cause;
  }
  return undefined;
}

/** Whether the request cannot have reached a server. Only Node can tell. */
export function neverArrived(error: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(causeCode(error) ?? '');
}

/** Node's own limits on waiting, which are not ours. */
export function isNodeTimeout(error: unknown): boolean {
  return ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    causeCode(error) ?? '',
  );
}

const CONNECTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; start the server, or correct the address',
  ENOTFOUND: 'there is no such host; correct the address',
  EAI_AGAIN: 'the host’s name could not be looked up; check the network',
  ECONNRESET: 'it closed the connection; its log says why',
  UND_ERR_SOCKET: 'it closed the connection; its log says why',
  EPIPE: 'it closed the connection; its log says why',
};

export function unreachable(peer: Peer, error: unknown): SplatmendError {
  const named = causeCode(error);
  const page = pageOrigin();
  let why: string;
  if (named !== undefined) {
    const tls = /CERT|TLS|SSL|SELF_SIGNED/.test(named);
    why =
      CONNECTIONS[named] ??
      (tls
        ? `its certificate is not trusted (${named}); give Node the authority’s by NODE_EXTRA_CA_CERTS`
        : `the connection failed (${named}); check the address`);
  } else if (page?.startsWith('https:') && mixed(peer)) {
    why = `a page from https:// may not ask an http:// server on another computer; put https:// before the server, or a tunnel on 127.0.0.1`;
  } else if (page !== undefined) {
    why = `the browser got no answer that this page may read. Either nothing listens there, or the server does not allow ${page} (CORS): ${peer.corsAdvice}`;
  } else {
    why = 'the connection failed; is the server running?';
  }
  return new SplatmendError('server-unreachable', `${whoIs(peer)}: ${why}`, { cause: error });
}

function mixed({ address }: Peer): boolean {
  return address.shown.startsWith('http:') && !isLoopback(address.host);
}

/** The answer had begun: a page was allowed to read it, so CORS is not why. */
export function brokenOff(peer: Peer, error: unknown): SplatmendError {
  return new SplatmendError(
    'server-unreachable',
    `${whoIs(peer)}: the connection broke in the middle of its answer; its own log may say why`,
    { cause: error },
  );
}

export function tooSlow(peer: Peer, what: string, timeoutMs: number): SplatmendError {
  return new SplatmendError(
    'server-timeout',
    `${whoIs(peer)}: ${what} took longer than ${Math.round(timeoutMs / 100) / 10} s; look whether it is stuck, or allow it more time`,
  );
}

/** @param to where it leads, when the browser tells; only its origin is shown */
export function redirected(peer: Peer, to: string | null): SplatmendError {
  let where = '';
  try {
    if (to !== null) where = ` to ${new URL(to, peer.address.shown).origin}`;
  } catch {
    where = ' to an address that is none';
  }
  return new SplatmendError(
    'bad-answer',
    `${whoIs(peer)}: it redirects${where}. Nothing is sent on to another address by itself; give that one if it is yours`,
  );
}

/** @param said what the server wrote about it, already fit for a message; may be empty */
export function refusedStatus(
  peer: Peer,
  status: number,
  route: string,
  said: string,
): SplatmendError {
  const who = whoIs(peer);
  const quoted = said === '' ? '' : `: “${said}”`;
  if (status >= 500) {
    return new SplatmendError(
      'server-failed',
      `${who}: it failed (${status})${quoted}; its own log says more`,
    );
  }
  return new SplatmendError('server-refused', `${who}: ${refusal(peer, status, route, quoted)}`);
}

function refusal(peer: Peer, status: number, route: string, quoted: string): string {
  const corsToo = pageOrigin() === undefined ? '' : `, or it refuses this page: ${peer.corsAdvice}`;
  switch (status) {
    case 401:
      return `it wants a key, or another one (401)${quoted}; set SPLATMEND_API_KEY or type it into the dialog`;
    case 403:
      return `it refused (403)${quoted}; the key may lack the right${corsToo}`;
    case 404:
    case 405:
      return `it has no ${route} (${status})${quoted}; check that the address is a ${peer.provider} server’s, and that its API is on`;
    case 413:
      return `the picture is too large for it (413)${quoted}; raise its limit, or lower the fill’s resolution`;
    case 429:
      return `it is busy, or the quota is used up (429)${quoted}; try again later`;
    default:
      return `it did not accept the request (${status})${quoted}; check the options and the model`;
  }
}

export function badAnswer(peer: Peer, what: string, next: string): SplatmendError {
  return new SplatmendError('bad-answer', `${whoIs(peer)}: ${what}; ${next}`);
}

/** Cancelled or too slow: what nobody waits for any more need not be painted. */
export function isGivenUp(error: unknown): boolean {
  return (
    error instanceof SplatmendError &&
    (error.code === 'cancelled' || error.code === 'server-timeout')
  );
}
