// Every provider × { inpaint, progress, cancel, each fault }, against servers that speak its published protocol and refuse what
// is not of it (support/fake-*.ts name their sources). Accepts: the hole's middle in the server's paint, to 0.3 a channel
// (finishing matches it to the rim by at most 0.25), all else bit for bit; a named error, fast, with neither the key nor more of
// the address than its origin in it; after it the picture as it was. Times are of this machine: 10 s is for slow ones.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ErrorCode, SplatmendError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { createServerInpainter } from '../../workers/inpainters/servers/server-inpainter.ts';
import { FakeServer, type Fault, PAINT } from './support/fake-server.ts';
import { holedPicture, KINDS, type Row, startRow } from './support/providers.ts';

const KEY = 'sk-test-Zx81kQ0pL7';
const environment = { backOffMs: 5, pollMs: 10 };
const { image, mask } = holedPicture();
const before = image.data.slice();

/** The codes that a fault may end in. */
const FAULTS: Record<Exclude<Fault, 'busy-twice' | 'echoes-key'>, ErrorCode> = {
  fails: 'server-failed',
  hangs: 'server-timeout',
  'cut-off': 'bad-answer',
  'wrong-size': 'bad-answer',
  'web-page': 'bad-answer',
  huge: 'bad-answer',
  redirects: 'bad-answer',
  'wants-key': 'server-refused',
  drops: 'server-unreachable',
};

/** Bit for bit; `toEqual` takes seconds for so many. */
const same = (a: Float32Array, b: Float32Array) =>
  a.length === b.length && a.every((v, i) => Object.is(v, b[i]));

function filledRight(result: RgbImage): void {
  expect(result.width).toBe(image.width);
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0) continue;
    for (let c = 0; c < 3; c++) {
      if (result.data[3 * i + c] !== image.data[3 * i + c]) expect.fail(`pixel ${i} was changed`);
    }
  }
  const middle = 125 * image.width + 180;
  for (let c = 0; c < 3; c++) {
    expect(Math.abs(result.data[3 * middle + c]! - PAINT[c]! / 255)).toBeLessThan(0.3);
  }
  expect(result.data[3 * middle + 1]! - result.data[3 * middle]!).toBeGreaterThan(0.2);
}

async function failureOf(work: Promise<unknown>): Promise<SplatmendError> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(SplatmendError);
  return error as SplatmendError;
}

describe.each(KINDS)('%s', (kind) => {
  let row: Row;
  beforeEach(async () => {
    row = await startRow(kind);
  });
  afterEach(() => row.close());
  const inpainter = (more: object = {}) =>
    createServerInpainter({ ...row.spec, ...more }, environment);

  test('fills the hole and nothing else, by requests that its protocol allows', async () => {
    const result = await inpainter().inpaint(image, mask, {
      seed: 4294967295,
      prompt: 'bare wooden table',
      negativePrompt: 'cup',
      strength: 0.8,
    });
    expect(row.server.violations).toEqual([]);
    filledRight(result);
    expect(same(image.data, before)).toBe(true);
  });

  test('progress rises from 0 to 1, measured where it says so', async () => {
    row.slow?.(12, 15);
    const fractions: number[] = [];
    const painter = inpainter();
    await painter.inpaint(image, mask, {}, undefined, (p) => fractions.push(p.fraction));
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
    const between = new Set(fractions.filter((f) => f > 0.1 && f < 0.95));
    if (painter.capabilities.progress) expect(between.size).toBeGreaterThan(2);
    else expect(between.size).toBe(0);
    expect(row.server.violations).toEqual([]);
  });

  test('a cancel settles at once, and reaches the server where it can', async () => {
    if (row.slow) row.slow(500, 20);
    else row.server.fault = 'hangs';
    const cancel = new AbortController();
    const painter = inpainter();
    const work = painter.inpaint(image, mask, {}, cancel.signal);
    const asked = (path: RegExp) => row.server.received.some((r) => path.test(r.path));
    const busy = {
      iopaint: /inpaint/,
      a1111: /progress/,
      comfyui: /queue/,
      openai: /edits/,
      oip: /infer/,
    };
    await expect.poll(() => asked(busy[kind]), { timeout: 10_000 }).toBe(true);
    const start = performance.now();
    cancel.abort();
    expect((await failureOf(work)).code).toBe('cancelled');
    expect(performance.now() - start).toBeLessThan(2500);
    if (painter.capabilities.cancel) expect(row.cancelled!()).toBe(1);
    else await expect.poll(() => row.server.brokenOff, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(row.server.violations).toEqual([]);
  });

  test('a cancel before the start asks nothing', async () => {
    const failure = await failureOf(inpainter().inpaint(image, mask, {}, AbortSignal.abort()));
    expect(failure.code).toBe('cancelled');
    expect(row.server.received).toEqual([]);
  });

  test.each(Object.entries(FAULTS))('%s → %s', async (fault, code) => {
    const other = await FakeServer.start(
      () => {},
      () => false,
    );
    try {
      row.server.fault = fault as Fault;
      row.server.redirectTo = `${other.address}/v1/stolen?key=1`;
      const failure = await failureOf(
        inpainter({ key: KEY, timeoutMs: fault === 'hangs' ? 1000 : 60_000 }).inpaint(image, mask),
      );
      expect([failure.code, failure.message]).toEqual([code, failure.message]);
      expect(failure.message).not.toContain(KEY);
      expect(failure.message).toContain(row.server.address);
      expect(failure.message).toMatch(/; .|\. ./);
      expect(same(image.data, before)).toBe(true);
      // Nothing, key or picture, was sent on to where it led.
      expect(other.received).toEqual([]);
      if (fault === 'redirects') expect(failure.message).toContain(other.address);
      // What the network holds on its way counts too, but not the 200 MB.
      if (fault === 'huge') {
        expect(failure.message).toContain('more than 64 MB');
        expect(row.server.sent).toBeLessThan(110 << 20);
      }
    } finally {
      await other.close();
    }
  });

  test('a dead server is named, and what to do', async () => {
    await row.close();
    const failure = await failureOf(inpainter().inpaint(image, mask));
    expect(failure.code).toBe('server-unreachable');
    expect(failure.message).toMatch(/nothing listens there; start the server/);
  });

  test('busy twice is asked three times, in all', async () => {
    row.server.fault = 'busy-twice';
    filledRight(await inpainter().inpaint(image, mask));
    expect(row.server.violations).toEqual([]);
  });

  test('a failure is not asked for again: the work may have been done, and paid for', async () => {
    row.server.fault = 'fails';
    await failureOf(inpainter().inpaint(image, mask));
    const jobs = row.server.received.filter(
      (r) => r.method === 'POST' && /inpaint|img2img|prompt|edits|infer/.test(r.path),
    );
    expect(jobs.length).toBe(1);
  });

  test('a key that the server quotes does not come into the message', async () => {
    row.server.fault = 'echoes-key';
    const failure = await failureOf(inpainter({ key: KEY }).inpaint(image, mask));
    expect(failure.message).toContain('[key]');
    expect(failure.message).not.toContain(KEY);
  });

  test('the key goes with every request, in a header, and is in no address', async () => {
    await inpainter({ key: KEY }).inpaint(image, mask);
    expect(row.server.received.length).toBeGreaterThan(0);
    for (const { headers, path, query, body } of row.server.received) {
      expect(headers.authorization).toBe(`Bearer ${KEY}`);
      expect(`${path}?${query}`).not.toContain(KEY);
      expect(body.includes(KEY)).toBe(false);
      expect(headers.referer).toBeUndefined();
      expect(headers.cookie).toBeUndefined();
    }
  });

  test.each([
    ['http://user:s3cretword@127.0.0.1:8080', 'a user name or a password'],
    ['http://127.0.0.1:8080/?api_key=s3cretword', 'a query'],
    ['http://127.0.0.1:8080/#s3cretword', 'a fragment'],
    ['http://127.0.0.1:8080/sk-s3cretword/', 'looks like a key'],
    ['ftp://127.0.0.1/s3cretword', 'http://'],
    ['s3cretword', 'not one'],
  ])('address %s is refused', (address, why) => {
    try {
      createServerInpainter({ ...row.spec, address }, environment);
      expect.fail('it was taken');
    } catch (error) {
      expect((error as SplatmendError).code).toBe('bad-option');
      expect((error as SplatmendError).message).toContain(why);
      expect((error as SplatmendError).message).not.toContain('s3cret');
    }
  });

  test('a key is not sent over http to another computer', () => {
    const there = { ...row.spec, address: 'http://192.0.2.7:8080', key: KEY };
    expect(() => createServerInpainter(there, environment)).toThrow(/use https:\/\//);
    expect(() => createServerInpainter({ ...there, address: 'https://192.0.2.7' })).not.toThrow();
  });

  test('nothing masked: a copy, and nothing is asked', async () => {
    const none = { ...mask, data: new Uint8Array(mask.data.length) };
    const result = await inpainter().inpaint(image, none);
    expect(same(result.data, image.data)).toBe(true);
    expect(row.server.received).toEqual([]);
  });
});
