/** Starts a server that is installed on this machine, on a free port, for as long as a test file runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

export interface RealServer {
  address: string;
  stop(): void;
}

/** The program that the variable names, else the first of that name on PATH; undefined: it is not installed. */
export function findProgram(variable: string, name?: string): string | undefined {
  const named = process.env[variable];
  if (named) return named;
  if (name === undefined) return undefined;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** @param ready a route that answers once it is up */
export async function startProgram(
  program: string,
  args: (port: number) => string[],
  ready: string,
): Promise<RealServer> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(program, args(port), { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const keep = (data: Buffer) => {
    log = (log + data.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const deadline = performance.now() + 110_000;
  while (performance.now() < deadline && child.exitCode === null) {
    const up = await fetch(`${address}${ready}`).then(
      (r) => r.ok,
      () => false,
    );
    if (up) return { address, stop: () => child.kill('SIGTERM') };
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  child.kill('SIGKILL');
  throw new Error(`${program} did not come up:\n${log}`);
}
