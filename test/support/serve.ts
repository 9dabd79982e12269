import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

export interface ServeOptions {
  /** Sent with every answer. */
  headers?: Record<string, string>;
  /** Bytes of an address that is no file; undefined: look for the file. */
  made?: (pathname: string) => Uint8Array | undefined;
}

/** Serves a folder's files to this machine; an address that ends in / is its index.html. `url` ends in no slash. */
export async function serveFolder(
  folder: string,
  { headers = {}, made }: ServeOptions = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const pathname = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    try {
      const file = path.join(folder, pathname.replace(/\/$/, '/index.html'));
      if (!file.startsWith(folder)) throw new Error('outside');
      const body = made?.(pathname) ?? (await readFile(file));
      response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
      response.setHeader('content-length', body.byteLength);
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
