// The one way to servers. Accepts: retries with back-off for what may be asked twice and only that; a server's Retry-After kept
// to, not when it is long; a connection that breaks in the middle; certificates; in a page, CORS and mixed content explained;
// messages in one short line without keys. Times in here are lower bounds only.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SplatmendError } from '../../core/errors.ts';
import { parseAddress } from '../../core/server-address.ts';
import { type Call, createHttp, type Http } from '../../workers/inpainters/servers/http.ts';
import { authorization, quote } from '../../workers/inpainters/servers/keys.ts';
import { FakeServer, type Handler, json } from './support/fake-server.ts';

const corsAdvice = 'start it with --cors ORIGIN';
const httpTo = (address: string, backOffMs = 1): Http =>
  createHttp({
    peer: { provider: 'Painter', address: parseAddress('Painter', address), corsAdvice },
    backOffMs,
  });

const GET: Omit<Call, 'expects'> = { route: '/state', timeoutMs: 20_000 };
const POST: Omit<Call, 'expects'> = { ...GET, method: 'POST', body: { json: {} } };
const failureOf = async (work: Promise<unknown>): Promise<SplatmendError> =>
  work.then(
    () => expect.fail('it went well'),
    (error: SplatmendError) => error,
  );

const open: FakeServer[] = [];
async function serve(handle: Handler): Promise<FakeServer> {
  const server = await FakeServer.start(handle, () => false);
  open.push(server);
  return server;
}
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const server of open.splice(0)) await server.close();
});

/** Answers these, one after the other, then `{ ok: true }`. */
const answering =
  (...statuses: number[]): Handler =>
  (_, response) => {
    const status = statuses.shift() ?? 200;
    json(response, { ok: true }, status);
  };

describe('retries', () => {
  test.each([429, 502, 503, 504])('a GET is asked again after %i', async (status) => {
    const server = await serve(answering(status, status));
    await expect(httpTo(server.address).json(GET)).resolves.toEqual({ ok: true });
    expect(server.received.length).toBe(3);
  });

  test.each([
    [429, 3],
    [503, 3],
    [500, 1],
    [502, 1],
    [504, 1],
    [400, 1],
  ])('a POST that gets %i is sent %i times', async (status, times) => {
    const server = await serve(answering(status, status, status));
    await failureOf(httpTo(server.address).json(POST));
    expect(server.received.length).toBe(times);
  });

  test('three attempts at most', async () => {
    const server = await serve(answering(503, 503, 503, 503));
    const failure = await failureOf(httpTo(server.address).json(GET));
    expect(failure.code).toBe('server-failed');
    expect(server.received.length).toBe(3);
  });

  test('each wait is twice the one before', async () => {
    const at: number[] = [];
    const server = await serve((_, response) => {
      at.push(performance.now());
      json(response, {}, 503);
    });
    await failureOf(httpTo(server.address, 60).json(GET));
    expect(at[1]! - at[0]!).toBeGreaterThan(58);
    expect(at[2]! - at[1]!).toBeGreaterThan(118);
  });

  test('a server that wants a minute is not waited for', async () => {
    const server = await serve((_, response) => {
      response.setHeader('retry-after', '60');
      json(response, { detail: 'later' }, 503);
    });
    expect((await failureOf(httpTo(server.address).json(GET))).message).toContain('later');
    expect(server.received.length).toBe(1);
  });

  test('a dropped POST is not sent again, a dropped GET is', async () => {
    const server = await serve((_, response) => void response.socket?.destroy());
    await failureOf(httpTo(server.address).json(POST));
    expect(server.received.length).toBe(1);
    await failureOf(httpTo(server.address).json(GET));
    expect(server.received.length).toBe(4);
  });

  test('a cancel ends the wait between them', async () => {
    const server = await serve(answering(503, 503, 503));
    const cancel = new AbortController();
    const work = failureOf(httpTo(server.address, 9000).json({ ...GET, signal: cancel.signal }));
    await expect.poll(() => server.received.length).toBe(1);
    const start = performance.now();
    cancel.abort();
    expect((await work).code).toBe('cancelled');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('answers', () => {
  test('one that breaks off in the middle', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"half":');
      setTimeout(() => response.socket?.destroy(), 20);
    });
    const failure = await failureOf(httpTo(server.address).json(POST));
    expect(failure.code).toBe('server-unreachable');
    expect(failure.message).toContain('broke in the middle of its answer');
  });

  test('one that drips for ever ends by its time', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const failure = await failureOf(httpTo(server.address).json({ ...GET, timeoutMs: 300 }));
    expect(failure.code).toBe('server-timeout');
    expect(failure.message).toContain('took longer than 0.3 s');
  });

  test('a length past the limit is refused unread; a wrong one is counted', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify('x'.repeat(3000)));
    });
    const http = httpTo(server.address);
    const failure = await failureOf(http.json({ ...GET, mostBytes: 1000 }));
    expect(failure.code).toBe('bad-answer');
    await expect(http.json({ ...GET, mostBytes: 4000 })).resolves.toHaveLength(3000);
  });

  test('JSON that is none', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"cut": "o');
    });
    expect((await failureOf(httpTo(server.address).json(GET))).message).toContain(
      'JSON is damaged',
    );
  });

  test.each([
    [{ detail: 'Image and mask differ' }, 'Image and mask differ'],
    [{ error: { message: 'no such model' } }, 'no such model'],
    [{ detail: [{ loc: ['body'], msg: 'field required' }] }, 'field required'],
    [{ error: 'OutOfMemoryError', detail: '', body: '', errors: 'CUDA' }, 'CUDA'],
  ])('an error’s own words %o', async (body, said) => {
    const server = await serve((_, response) => json(response, body, 422));
    const failure = await failureOf(httpTo(server.address).json(POST));
    expect(failure.message).toContain(`“${said}”`);
  });
});

describe('certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'splatmend-tls-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-keyout', key, '-out', cert],
  ]);
  const files = made.status === 0 && { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true, force: true });
  if (!files) console.log('certificates: skipped, there is no openssl to make one');

  test.skipIf(!files)('one that nobody vouches for is not trusted, and named', async () => {
    const server = createTlsServer(files || {}, (_, response) => response.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const failure = await failureOf(httpTo(`https://127.0.0.1:${port}`).json(GET));
    server.close();
    expect(failure.code).toBe('server-unreachable');
    expect(failure.message).toMatch(/certificate is not trusted .*NODE_EXTRA_CA_CERTS/);
  });
});

describe('in a page', () => {
  /** As browsers fail: a TypeError that says nothing, whatever the reason. */
  const asPage = (origin: string) => {
    vi.stubGlobal('location', { origin });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  };

  test('an answer that may not be read is explained, with what to start the server with', async () => {
    asPage('http://localhost:5173');
    const failure = await failureOf(httpTo('http://127.0.0.1:7860').json(POST));
    expect(failure.code).toBe('server-unreachable');
    expect(failure.message).toMatch(
      /nothing listens there, or .* \(CORS\): start it with --cors ORIGIN/,
    );
    expect(failure.message).toContain('http://localhost:5173');
  });

  test('https pages may not ask http elsewhere', async () => {
    asPage('https://editor.example');
    expect((await failureOf(httpTo('http://192.0.2.3:7860').json(POST))).message).toContain(
      'a page from https:// may not ask an http:// server',
    );
    expect((await failureOf(httpTo('http://127.0.0.1:7860').json(POST))).message).toContain('CORS');
  });

  test('a redirect that a page is not told about', async () => {
    vi.stubGlobal('location', { origin: 'http://localhost:5173' });
    const hidden = { type: 'opaqueredirect', status: 0, headers: new Headers(), ok: false };
    vi.stubGlobal('fetch', () => Promise.resolve(hidden));
    const failure = await failureOf(httpTo('http://127.0.0.1:7860').json(POST));
    expect(failure.message).toContain('it redirects.');
  });
});

describe('keys and words', () => {
  test('a quote has no key in any form, one line, and an end', () => {
    const key = 'anna:correct-horse';
    const text = `bad key anna:correct-horse, correct-horse,\n${btoa(key)} sk-ab12****wxyz\u0007 ${'x'.repeat(500)}`;
    const said = quote(text, key);
    expect(said).not.toMatch(/correct|anna|wxyz|\n/);
    expect(said).not.toContain(btoa(key));
    expect(said.length).toBeLessThanOrEqual(201);
  });

  test('how keys are sent', () => {
    const address = parseAddress('Painter', 'https://paint.example');
    expect(authorization('Painter', 'abc', 'bearer', address)).toBe('Bearer abc');
    expect(authorization('Painter', 'u:p', 'basic', address)).toBe(`Basic ${btoa('u:p')}`);
    expect(authorization('Painter', 'Basic dTpw', 'bearer', address)).toBe('Basic dTpw');
    expect(authorization('Painter', '  ', 'bearer', address)).toBeUndefined();
    expect(() => authorization('Painter', 'a\r\nHost: b', 'bearer', address)).toThrow(/no header/);
  });

  test('addresses: paths kept, routes that were copied with them cut off', () => {
    const of = (text: string) => parseAddress('P', text, ['/v1/images/edits', '/v1']);
    expect(of('https://h.example/v1/').url('/v1/x')).toBe('https://h.example/v1/x');
    expect(of('https://h.example/a/v1/images/edits').url('/v1/x')).toBe('https://h.example/a/v1/x');
    expect(of('http://[::1]:8080').shown).toBe('http://[::1]:8080');
    expect(of(' http://h:1 ').url('/view', { filename: 'a b&c.png' })).toBe(
      'http://h:1/view?filename=a+b%26c.png',
    );
  });
});
