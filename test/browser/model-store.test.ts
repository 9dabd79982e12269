// The browser's store of models, in Chromium's own private file system, against a server that is played by the page's `fetch`:
// it gives parts, or not, and breaks off where it is told to. Accepts: bytes and SHA-256 exact; what was fetched is not
// fetched again; damage is found. No seed: bytes count up.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { type ModelStore, openModelStore } from '../../plugin/models/model-store.ts';

const URL_OF = 'https://models.example/some/filler.onnx?download=1';
const BYTES = Uint8Array.from({ length: 20_000_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
const MOST = 1_000_000_000;

interface Server {
  parts?: boolean;
  etag?: string;
  /** Breaks off after this many bytes of an answer. */
  breakAfter?: number;
  status?: number;
  content?: Uint8Array<ArrayBuffer>;
}
let server: Server;
let asked: string[];
let store: ModelStore;
let folder: string;

function answer(request: Request): Response {
  const range = /^bytes=(\d+)-$/.exec(request.headers.get('range') ?? '')?.[1];
  asked.push(range ?? 'all');
  if (server.status) return new Response('no', { status: server.status });
  const content = server.content ?? BYTES;
  const from = server.parts && range !== undefined ? Number(range) : 0;
  const body = content.subarray(from);
  const headers: Record<string, string> = { 'content-length': `${body.length}` };
  if (server.etag) headers.etag = server.etag;
  if (from > 0) headers['content-range'] = `bytes ${from}-${content.length - 1}/${content.length}`;
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (server.breakAfter !== undefined && at >= server.breakAfter) {
        controller.error(new TypeError('network error'));
        return;
      }
      const piece = body.subarray(at, at + 1_000_000);
      at += piece.length;
      if (piece.length > 0) controller.enqueue(piece.slice());
      else controller.close();
    },
  });
  return new Response(stream, { status: from > 0 ? 206 : 200, headers });
}

beforeEach(async () => {
  server = { parts: true, etag: '"1"' };
  asked = [];
  folder = `test-${Math.random()}`;
  store = (await openModelStore(folder))!;
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => answer(new Request(url, init)));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await (await navigator.storage.getDirectory()).removeEntry(folder, { recursive: true });
});

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing thrown',
    (e: unknown) => (e instanceof SplatmendError ? `${e.code}: ${e.message}` : String(e)),
  );
const sameAs = async (blob: Blob, bytes: Uint8Array) => {
  const got = new Uint8Array(await blob.arrayBuffer());
  return got.length === bytes.length && got.every((v, i) => v === bytes[i]);
};

test('fetches once, says how far it is, and tells size and SHA-256', async () => {
  const fractions: number[] = [];
  const model = await store.download(URL_OF, MOST, undefined, (p) => fractions.push(p.fraction));
  expect(model.name).toBe('filler.onnx');
  expect(await sameAs(model.blob, BYTES)).toBe(true);
  expect(fractions.at(-1)).toBe(1);
  expect(fractions.every((f, i) => i === 0 || f >= fractions[i - 1]!)).toBe(true);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', BYTES));
  const sha256 = [...digest].map((b) => b.toString(16).padStart(2, '0')).join('');
  expect(await store.list()).toEqual([
    { name: 'filler.onnx', bytes: BYTES.length, sha256, url: URL_OF },
  ]);
  await store.download(URL_OF, MOST);
  expect(asked).toEqual(['all']);
  await store.delete('filler.onnx');
  expect(await store.list()).toEqual([]);
  expect(await errorOf(store.read('filler.onnx'))).toMatch(
    /^not-readable: filler.onnx: .*not kept/,
  );
});

test('goes on where it broke off, or was cancelled; an unfinished one is not offered', async () => {
  server.breakAfter = 12_000_000;
  expect(await errorOf(store.download(URL_OF, MOST))).toMatch(
    /^not-readable: filler.onnx: .*broke off.*try again to go on/,
  );
  expect(await store.list()).toEqual([]);
  const stop = new AbortController();
  server.breakAfter = undefined as never;
  const cancelled = store.download(URL_OF, MOST, stop.signal, () => stop.abort());
  expect(await errorOf(cancelled)).toMatch(/^cancelled/);
  const model = await store.download(URL_OF, MOST);
  expect(await sameAs(model.blob, BYTES)).toBe(true);
  expect(asked[0]).toBe('all');
  expect(asked[1]).toBe('12000000');
  expect(Number(asked[2])).toBeGreaterThanOrEqual(12_000_000);
});

test('another version, or a server without parts: from the beginning', async () => {
  for (const change of [{ etag: '"2"' }, { parts: false }]) {
    server = { parts: true, etag: '"1"', breakAfter: 9_000_000 };
    await errorOf(store.download(URL_OF, MOST));
    const newer = BYTES.map((v) => v ^ 1).subarray(0, 10_000_000);
    server = { parts: true, etag: '"1"', content: newer, ...change };
    const model = await store.download(URL_OF, MOST);
    expect(await sameAs(model.blob, newer)).toBe(true);
    await store.delete('filler.onnx');
  }
});

test('faults are named: status, too large', async () => {
  server.status = 404;
  expect(await errorOf(store.download(URL_OF, MOST))).toMatch(/^not-readable: .*status 404/);
  server = {};
  expect(await errorOf(store.download(URL_OF, 1_000_000))).toMatch(
    /^too-large: filler.onnx: 20 MB/,
  );
  expect(await store.list()).toEqual([]);
});

test('a file of the user’s is kept; damage is found, and the damaged one is gone', async () => {
  const kept = await store.keep(new File([BYTES.subarray(0, 5000)], 'my model.onnx'));
  expect(kept).toMatchObject({ name: 'my_model.onnx', bytes: 5000 });
  expect(await sameAs((await store.read('my_model.onnx')).blob, BYTES.subarray(0, 5000))).toBe(
    true,
  );
  const directory = await (await navigator.storage.getDirectory()).getDirectoryHandle(folder);
  const writable = await (await directory.getFileHandle('my_model.onnx')).createWritable({
    keepExistingData: true,
  });
  await writable.write({ type: 'write', position: 100, data: Uint8Array.of(1, 2, 3) });
  await writable.close();
  expect(await errorOf(store.read('my_model.onnx'))).toMatch(/^bad-file: my_model.onnx: .*damaged/);
  expect(await store.list()).toEqual([]);
});
