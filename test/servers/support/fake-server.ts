/**
 * A real HTTP server on this machine that speaks a provider's published protocol, checks every request against it, and can be
 * told to fail. What it cannot accept it answers with 422 and writes down in `violations`, which tests want empty.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { decode, encode } from 'fast-png';

/** What the provider's picture-giving route does in place of its work. */
export type Fault =
  | 'fails'
  | 'hangs'
  | 'cut-off'
  | 'wrong-size'
  | 'web-page'
  | 'huge'
  | 'redirects'
  | 'wants-key'
  | 'drops'
  | 'busy-twice'
  | 'echoes-key';

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface Picture {
  width: number;
  height: number;
  /** 8 bits, RGB. */
  data: Uint8Array;
}

export class Violation extends Error {}
/** @throws Violation */
export function must(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Violation(what);
}

export type Handler = (request: Received, response: ServerResponse) => Promise<void> | void;
export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export class FakeServer {
  readonly received: Received[] = [];
  readonly violations: string[] = [];
  fault: Fault | undefined;
  /** Where `redirects` leads. */
  redirectTo = '';
  /** Lets pages ask, as its CORS flag would; undefined: no page may. */
  allowOrigin: string | undefined;
  /** Bytes of `huge` that were handed to the network. */
  sent = 0;
  /** Requests that the client broke off before their answer. */
  brokenOff = 0;
  #busy = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(readonly server: Server) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
  }

  /** @param picturePath the route that faults befall; others always work */
  static async start(
    handle: Handler,
    isPicture: (path: string, fault: Fault) => boolean,
    onUpgrade?: OnUpgrade,
  ): Promise<FakeServer> {
    const server = createServer((request, response) => void fake.#serve(request, response));
    const fake = new FakeServer(server);
    fake.#handle = handle;
    fake.#isPicture = isPicture;
    if (onUpgrade) server.on('upgrade', onUpgrade);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }
  #handle: Handler = () => {};
  #isPicture: (path: string, fault: Fault) => boolean = () => false;

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://localhost');
    const chunks: Buffer[] = [];
    if (this.allowOrigin !== undefined) {
      response.setHeader('access-control-allow-origin', this.allowOrigin);
      response.setHeader('access-control-allow-headers', 'content-type, authorization');
    }
    if (message.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    response.on('close', () => {
      if (!response.writableEnded) this.brokenOff++;
    });
    try {
      for await (const chunk of message) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const request: Received = {
      method: message.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      body: Buffer.concat(chunks),
    };
    this.received.push(request);
    try {
      const { fault } = this;
      if (fault && this.#isPicture(request.path, fault) && this.#befall(fault, request, response)) {
        return;
      }
      await this.#handle(request, response);
    } catch (error) {
      this.violations.push(`${request.method} ${request.path}: ${String(error)}`);
      json(response, { detail: String(error) }, 422);
    }
  }

  /** @returns whether that was the answer */
  #befall(fault: Fault, request: Received, response: ServerResponse): boolean {
    switch (fault) {
      case 'fails':
        json(response, { error: 'CUDA out of memory' }, 500);
        return true;
      case 'hangs':
        return true;
      case 'drops':
        response.socket?.destroy();
        return true;
      case 'web-page':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.end('<!doctype html><title>Sign in</title>');
        return true;
      case 'redirects':
        response.writeHead(307, { location: this.redirectTo });
        response.end();
        return true;
      case 'wants-key':
        json(response, { detail: 'Not authenticated' }, 401);
        return true;
      case 'echoes-key':
        json(response, { error: { message: `Bad key: ${request.headers.authorization}` } }, 400);
        return true;
      case 'busy-twice':
        if (++this.#busy > 2) return false;
        response.setHeader('retry-after', '0');
        json(response, { detail: 'busy' }, 503);
        return true;
      case 'huge':
        this.#flood(request.path, response);
        return true;
      default:
        // Cut off and wrong in size are made of the real answer: see `png`.
        return false;
    }
  }

  /** 200 MB without a length: the limit has to be counted. */
  #flood(path: string, response: ServerResponse): void {
    // Of the kind that is waited for, so that only its size can be refused.
    const type = ['/api/v1/inpaint', '/view'].includes(path) ? 'image/png' : 'application/json';
    response.writeHead(200, { 'content-type': type });
    const megabyte = Buffer.alloc(1 << 20, 0x20);
    const write = () => {
      while (this.sent < 200 << 20) {
        this.sent += megabyte.length;
        if (!response.write(megabyte)) {
          response.once('drain', write);
          return;
        }
      }
      response.end();
    };
    write();
  }

  /** The painted picture as the answer's PNG, with the fault that befalls pictures. */
  png(picture: Picture): Buffer {
    if (this.fault === 'wrong-size') {
      const { width, height } = picture;
      const data = picture.data.subarray(0, Math.floor(width / 2) * Math.floor(height / 2) * 3);
      return pngOf({ width: Math.floor(width / 2), height: Math.floor(height / 2), data });
    }
    const whole = pngOf(picture);
    return this.fault === 'cut-off' ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
  }

  /** Its connections are broken and its port is closed. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function parseBody(request: Received): Record<string, unknown> {
  must(request.headers['content-type'] === 'application/json', 'content-type is application/json');
  const value = JSON.parse(request.body.toString('utf8')) as unknown;
  must(typeof value === 'object' && value !== null && !Array.isArray(value), 'an object');
  return value as Record<string, unknown>;
}

/** Fields of a multipart form, read by the platform's own parser. */
export async function parseForm(request: Received): Promise<FormData> {
  const type = request.headers['content-type'] ?? '';
  must(type.startsWith('multipart/form-data; boundary='), 'multipart/form-data');
  return new Response(new Uint8Array(request.body), {
    headers: { 'content-type': type },
  }).formData();
}

export async function fileOf(form: FormData, name: string): Promise<Uint8Array> {
  const file = form.get(name);
  must(file instanceof Blob, `a file “${name}”`);
  must(file.type === 'image/png', `“${name}” is image/png`);
  return new Uint8Array(await file.arrayBuffer());
}

const pngOf = ({ width, height, data }: Picture) =>
  Buffer.from(encode({ width, height, data, channels: 3, depth: 8 }));

export function pictureOf(bytes: Uint8Array, channels: number): ReturnType<typeof decode> {
  const png = decode(bytes, { checkCrc: true });
  must(png.channels === channels && png.depth === 8, `a PNG of ${channels} × 8 bits`);
  return png;
}

export function base64Of(value: unknown, what: string): Buffer {
  must(typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value), `${what} is bare base64`);
  return Buffer.from(value, 'base64');
}

/** What every fake paints into the hole, 8 bits. */
export const PAINT = [40, 200, 90] as const;

/** @param filled whether a pixel is in the hole */
export function painted(
  picture: { width: number; height: number; data: ArrayLike<number> },
  channels: number,
  filled: (pixel: number) => boolean,
): Picture {
  const { width, height } = picture;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = filled(i) ? PAINT[c]! : picture.data[channels * i + c]!;
  }
  return { width, height, data };
}

export const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
