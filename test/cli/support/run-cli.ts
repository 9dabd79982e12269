import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../../..');

const BUILT = join(ROOT, 'dist', 'cli', 'splatmend.js');

/**
 * The path of the command line's script: what the whole suite's run just built, or else built as `npm run build`
 * does, into a folder of this test file's own (beside dist/cli, so that it finds node_modules).
 */
export async function buildCli(name: string): Promise<string> {
  if (process.env.SPLATMEND_BUILT !== undefined) return BUILT;
  const outDir = join(ROOT, 'dist', `cli-test-${name}`);
  await build({ root: ROOT, mode: 'cli', logLevel: 'warn', build: { outDir } });
  return join(outDir, 'splatmend.js');
}

export function removeBuild(script: string): void {
  if (script !== BUILT) rmSync(resolve(script, '..'), { recursive: true, force: true });
}

export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the script; `onStderr` sees what has come so far and the process. */
export function runCli(
  script: string,
  args: readonly string[],
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<CliRun> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (d) => {
      stdout += d;
    });
    child.stderr.on('data', (d) => {
      stderr += d;
      onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'splatmend-cli-'));
