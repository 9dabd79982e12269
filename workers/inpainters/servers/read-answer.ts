/** Reads an answer's body up to a limit, counted as it comes: a header may lie or be missing. */
import { joinBytes } from '../../../core/bytes.ts';
import { badAnswer, type Peer } from './failures.ts';

/** 64 MB: a 2048² picture of uncompressed float32 RGB has 50. */
export const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

/** @throws bad-answer past `mostBytes`; the rest is not fetched */
export async function readBody(
  peer: Peer,
  response: Response,
  mostBytes: number,
  onBytes?: (count: number) => void,
): Promise<Uint8Array> {
  const tooMuch = () =>
    badAnswer(
      peer,
      `its answer has more than ${Math.round(mostBytes / 1024 / 1024)} MB, the most that is read`,
      'check that it is the right server, and lower the fill’s resolution',
    );
  const { body } = response;
  if (Number(response.headers.get('content-length') ?? 0) > mostBytes) {
    await body?.cancel().catch(() => {});
    throw tooMuch();
  }
  if (body === null) return new Uint8Array(0);
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > mostBytes) {
      await reader.cancel().catch(() => {});
      throw tooMuch();
    }
    chunks.push(value);
    onBytes?.(size);
  }
  return joinBytes(chunks);
}

export type Kind = 'json' | 'image' | 'tensors' | 'anything';

const FITS: Readonly<Record<Kind, RegExp>> = {
  json: /^application\/(json|[\w.+-]*\+json)$/,
  image: /^image\//,
  // Triton and KServe say octet-stream where binary tensors follow the JSON.
  tensors: /^application\/(json|octet-stream|[\w.+-]*\+json)$/,
  anything: /^/,
};

/** @throws bad-answer when the answer says that it is something else than what was asked for */
export function checkKind(peer: Peer, response: Response, kind: Kind): void {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (FITS[kind].test(type)) return;
  const wanted = { json: 'JSON', image: 'a picture', tensors: 'tensors', anything: '' }[kind];
  const got = type === 'text/html' ? 'a web page' : type === '' ? 'something unnamed' : type;
  throw badAnswer(
    peer,
    `it answered with ${got.slice(0, 60)} in place of ${wanted}`,
    `check that the address is a ${peer.provider} server’s, not a login page’s or another program’s`,
  );
}

/** @throws bad-answer */
export function parseJson(peer: Peer, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badAnswer(peer, 'its JSON is damaged or cut off', 'its own log may say why');
  }
}

/** The text of an error answer, from the fields in which servers put it. */
export function errorText(bytes: Uint8Array, type: string): string {
  const text = new TextDecoder().decode(bytes);
  if (/html/i.test(type)) return '';
  try {
    return textIn(JSON.parse(text)) ?? '';
  } catch {
    return text;
  }
}

function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (Array.isArray(value)) return textIn(value[0]);
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  for (const name of ['message', 'detail', 'errors', 'error', 'msg']) {
    const text = textIn(fields[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}
