/** Processor time and memory of the processes that this one has started, from /proc (Linux; elsewhere nothing). */
import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  /** User and system, clock ticks of 10 ms. */
  ticks: number;
  commandLine: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

function descendants(): Process[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  const all = names.flatMap((name): Process[] => {
    const stat = read(`/proc/${name}/stat`);
    if (stat === '') return [];
    // The second field is a name in brackets that may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [
      {
        pid: Number(name),
        parent: Number(fields[1]),
        ticks: Number(fields[11]) + Number(fields[12]),
        commandLine: read(`/proc/${name}/cmdline`),
      },
    ];
  });
  const found = new Set([process.pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of all) {
      if (found.has(parent) && !found.has(pid)) {
        found.add(pid);
        grown = true;
      }
    }
  }
  return all.filter(({ pid }) => found.has(pid) && pid !== process.pid);
}

/** Processor time of all processes started from here that still run, ms. */
export const childrenCpuMs = (): number =>
  descendants().reduce((sum, { ticks }) => sum + ticks * 10, 0);

/**
 * The most memory that the browser's page and GPU processes have had resident, MB: of the renderers the largest,
 * with its workers.
 */
export function browserPeakMb(): { page: number; gpu: number } {
  const peak = (type: string) =>
    Math.max(
      0,
      ...descendants()
        .filter(({ commandLine }) => commandLine.includes(`--type=${type}`))
        .map(({ pid }) => Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)),
    ) / 1024;
  return { page: Math.round(peak('renderer')), gpu: Math.round(peak('gpu-process')) };
}
