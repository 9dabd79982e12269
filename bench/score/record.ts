/** Writes figures with what they were measured on: machine, commit, date. */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const RESULTS = join(ROOT, 'bench/results');

/** What a run was made on. */
export interface Origin {
  command: string;
  date: string;
  commit: string;
  machine: string;
  node: string;
  /** Which kernels. */
  kernels: string;
}

export function originOf(command: string, kernels: string): Origin {
  const git = (...args: string[]) => {
    try {
      return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
    } catch {
      return '';
    }
  };
  const changed = git('status', '--porcelain', '--', 'core', 'workers', 'shaders') !== '';
  return {
    command,
    date: new Date().toISOString(),
    commit: `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${changed ? ' with changes' : ''}`,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`,
    node: process.version,
    kernels,
  };
}

/** A row a line; numbers are rounded to at most four digits after the point. */
export type Row = Record<string, string | number>;

/** A table in Markdown; columns in the first row's order, then those that only later rows have. */
export function markdownTable(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (v: string | number | undefined) =>
    v === undefined ? '' : typeof v === 'number' ? String(Math.round(v * 1e4) / 1e4) : v;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((c) => cell(row[c])))),
  ].join('\n');
}

/** Writes bench/results/NAME.json and NAME.md. */
export async function record(
  name: string,
  title: string,
  origin: Origin,
  rows: readonly Row[],
): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const { command, date, commit, machine, node, kernels } = origin;
  const head = `# ${title}\n\n\`${command}\`, ${date}, commit ${commit}, ${machine}, Node ${node}, kernels: ${kernels}.\n\n`;
  await writeFile(join(RESULTS, `${name}.json`), `${JSON.stringify({ origin, rows }, null, 1)}\n`);
  await writeFile(join(RESULTS, `${name}.md`), `${head}${markdownTable(rows)}\n`);
  return join(RESULTS, `${name}.md`);
}
