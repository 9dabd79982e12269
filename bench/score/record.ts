/** Writes figures with what they were measured on: machine, commit, date. */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { RESULTS, ROOT } from '../root.ts';

/** Before the run adds its own. */
const LOAD_BEFORE = loadavg()[0]!;

/** What a run was made on. */
export interface Origin {
  command: string;
  date: string;
  commit: string;
  machine: string;
  /** The machine's load average over a minute, when the run began and when it ended. */
  load: [number, number];
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
    load: [LOAD_BEFORE, loadavg()[0]!],
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

/** A column a step of a removal, in the order they ran. @param seconds a step */
export const stepColumns = (seconds: Record<string, number>): Row =>
  Object.fromEntries(Object.entries(seconds).map(([step, s]) => [`${step}, s`, s]));

/** What a record may hold beside its rows. */
export interface RecordExtras {
  /** Further tables, by title. */
  tables?: Record<string, readonly Row[]>;
  /** Of the JSON alone: inputs and figures in full. */
  details?: unknown;
  /** Default bench/results. */
  folder?: string;
}

/** Writes NAME.json and NAME.md. @returns the path of the latter */
export async function record(
  name: string,
  title: string,
  origin: Origin,
  rows: readonly Row[],
  { tables = {}, details, folder = RESULTS }: RecordExtras = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { command, date, commit, machine, node, kernels } = origin;
  const load = origin.load.map((l) => l.toFixed(1)).join(' to ');
  const head = `# ${title}\n\n\`${command}\`, ${date}, commit ${commit}, ${machine}, load ${load}, Node ${node}, kernels: ${kernels}.\n\n`;
  const more = Object.entries(tables).map(([t, r]) => `\n## ${t}\n\n${markdownTable(r)}\n`);
  const json = { origin, rows, ...(more.length > 0 ? { tables } : {}), details };
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(json, null, 1)}\n`);
  await writeFile(join(folder, `${name}.md`), `${head}${markdownTable(rows)}\n${more.join('')}`);
  return join(folder, `${name}.md`);
}
