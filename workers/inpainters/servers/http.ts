/**
 * The one way to a server: time-outs, cancelling, retries where they are safe, bounded answers, no redirects, the key in
 * a header and nowhere else. Every failure is a SplatmendError.
 */
import { SplatmendError } from '../../../core/errors.ts';
import { throwIfCancelled } from '../../../core/progress.ts';
import {
  brokenOff,
  isNodeTimeout,
  neverArrived,
  type Peer,
  redirected,
  refusedStatus,
  tooSlow,
  unreachable,
} from './failures.ts';
import { quote } from './keys.ts';
import {
  checkKind,
  errorText,
  type Kind,
  MOST_ANSWER_BYTES,
  parseJson,
  readBody,
} from './read-answer.ts';

export interface Call {
  method?: 'GET' | 'POST';
  /** From the address on: `/api/v1/inpaint`. Named in messages. */
  route: string;
  query?: Readonly<Record<string, string>>;
  /** JSON of it is sent, or the bytes or form as they are. */
  body?: { json: unknown } | { bytes: Uint8Array<ArrayBuffer>; type: string } | { form: FormData };
  headers?: Readonly<Record<string, string>>;
  /** What the answer must say that it is. */
  expects: Kind;
  /** For the whole call, answer included. Milliseconds. */
  timeoutMs: number;
  mostBytes?: number;
  signal?: AbortSignal | undefined;
  /** Tries in all, where trying again is safe. Default 3. */
  attempts?: number;
  /** Bytes of the answer that are there. */
  onBytes?: (count: number) => void;
}

export interface Answer {
  headers: Headers;
  bytes: Uint8Array;
}

export interface Http {
  readonly peer: Peer;
  /** @throws server-unreachable, server-timeout, server-refused, server-failed, bad-answer, cancelled */
  send(call: Call): Promise<Answer>;
  /** The same, as JSON. */
  json(call: Omit<Call, 'expects'>): Promise<unknown>;
  /** Fit for a message: one line, no key. */
  quote(text: string): string;
}

export interface HttpOptions {
  peer: Peer;
  /** The Authorization header's value. */
  authorization?: string | undefined;
  /** As the user gave it, to keep it out of messages. */
  key?: string | undefined;
  /** First wait before a retry; each further one is twice as long. Milliseconds. */
  backOffMs?: number;
}

/** Small calls: asking for progress, metadata, health. */
export const SHORT_MS = 15_000;
const ATTEMPTS = 3;
const BACK_OFF_MS = 500;
/** A server that wants more is not waited for: the user is told. */
const LONGEST_WAIT_MS = 10_000;
const ERROR_BYTES = 64 * 1024;
/** The server says that it did not begin. */
const NOT_BEGUN = [429, 503];
/** Worth asking again where asking twice does no harm. */
const PASSING = [429, 502, 503, 504];

/** Thrown inside only: the attempt failed, and another may not. */
class Passing {
  readonly error: SplatmendError;
  readonly waitMs: number | undefined;
  constructor(error: SplatmendError, waitMs?: number) {
    this.error = error;
    this.waitMs = waitMs;
  }
}

export function createHttp(options: HttpOptions): Http {
  const { peer, key } = options;
  const backOffMs = options.backOffMs ?? BACK_OFF_MS;
  const clean = (text: string) => quote(text, key);

  async function send(call: Call): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptOnce(options, call, clean);
      } catch (error) {
        if (!(error instanceof Passing)) throw error;
        const waitMs = error.waitMs ?? backOffMs * 2 ** (attempt - 1);
        if (attempt >= (call.attempts ?? ATTEMPTS) || waitMs > LONGEST_WAIT_MS) throw error.error;
        await sleep(waitMs, call.signal);
      }
    }
  }
  return {
    peer,
    send,
    json: async (call) => parseJson(peer, (await send({ ...call, expects: 'json' })).bytes),
    quote: clean,
  };
}

async function attemptOnce(
  options: HttpOptions,
  call: Call,
  clean: (text: string) => string,
): Promise<Answer> {
  const { peer } = options;
  const { signal, timeoutMs } = call;
  throwIfCancelled(signal);
  const stop = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, timeoutMs);
  const onCancel = () => stop.abort();
  signal?.addEventListener('abort', onCancel, { once: true });
  const isGet = (call.method ?? 'GET') === 'GET';
  let response: Response | undefined;
  try {
    response = await fetch(
      peer.address.url(call.route, call.query),
      requestInit(options, call, stop.signal),
    );
    await checkStatus(peer, call, response, clean);
    checkKind(peer, response, call.expects);
    const { mostBytes = MOST_ANSWER_BYTES, onBytes } = call;
    const bytes = await readBody(peer, response, mostBytes, onBytes);
    return { headers: response.headers, bytes };
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof SplatmendError || error instanceof Passing) throw error;
    if (late || isNodeTimeout(error)) throw tooSlow(peer, call.route, timeoutMs);
    const failure = response === undefined ? unreachable(peer, error) : brokenOff(peer, error);
    // A POST that may have arrived is not sent twice: its work may be under way, and paid for.
    throw isGet || neverArrived(error) ? new Passing(failure) : failure;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onCancel);
    // What was not read of a refused answer must not keep its connection.
    stop.abort();
  }
}

function requestInit(options: HttpOptions, call: Call, signal: AbortSignal): RequestInit {
  const headers = new Headers(call.headers);
  const init: RequestInit = {
    method: call.method ?? 'GET',
    headers,
    signal,
    // Never followed: it could lead key and picture elsewhere.
    redirect: 'manual',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
  };
  if (options.authorization !== undefined) headers.set('authorization', options.authorization);
  const { body } = call;
  if (body === undefined) return init;
  if ('form' in body) return { ...init, body: body.form };
  if ('json' in body) {
    headers.set('content-type', 'application/json');
    return { ...init, body: JSON.stringify(body.json) };
  }
  headers.set('content-type', body.type);
  return { ...init, body: body.bytes };
}

async function checkStatus(
  peer: Peer,
  call: Call,
  response: Response,
  clean: (text: string) => string,
): Promise<void> {
  const { status, headers } = response;
  // A page is not told where to: status 0.
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    throw redirected(peer, headers.get('location'));
  }
  if (response.ok) return;
  const type = headers.get('content-type') ?? '';
  const said = await readBody(peer, response, ERROR_BYTES).catch(() => new Uint8Array(0));
  const error = refusedStatus(peer, status, call.route, clean(errorText(said, type)));
  const again = (call.method ?? 'GET') === 'GET' ? PASSING : NOT_BEGUN;
  if (!again.includes(status)) throw error;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  throw new Passing(error, Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

/** @throws cancelled as soon as the signal is aborted */
export function sleep(ms: number, signal?: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      try {
        throwIfCancelled(signal);
        resolve();
      } catch (error) {
        reject(error);
      }
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake, { once: true });
    if (signal?.aborted) wake();
  });
}
