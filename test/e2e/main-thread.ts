/** How long a page's main thread is held, from Chromium's own trace: a task's time on the clock and on the processor. */
import type { Browser, Page } from 'playwright';

/** One task of the main thread. Milliseconds. */
export interface Task {
  /** From begin to end. */
  ms: number;
  /** That the thread ran in it; the rest it waited: for the GPU, or for a turn on a busy processor. */
  cpuMs: number;
  /** Another thread of this browser, with nothing to do but to wake up, did not get its turn meanwhile either. */
  starved: boolean;
}

/** What the main thread did between two calls of `phase`. */
export interface PhaseTrace {
  name: string;
  ms: number;
  /** Its tasks over 50 ms, the longest first. */
  longTasks: Task[];
}

export interface MainThreadTrace {
  /** Ends the running phase, if there is one, and begins this one. */
  phase(name: string): Promise<void>;
  /** Ends the last phase and the trace. */
  stop(): Promise<PhaseTrace[]>;
}

/** The parts of Chromium's trace events that are read; `ts`, `dur` and `tdur` are microseconds. */
interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
}

const LONG_MS = 50;
const PHASE = 'phase: ';
const STARVED = 'starved';
/** The other thread wakes up every few milliseconds; so late, the machine has no time for this browser. */
const LATE_MS = 100;

/** Traces a page; one page a browser at a time. */
export async function traceMainThread(browser: Browser, page: Page): Promise<MainThreadTrace> {
  await page.evaluate(
    ([name, lateMs]) => {
      const script = `
        let last = performance.now();
        setInterval(() => {
          const now = performance.now();
          if (now - last > ${lateMs}) performance.measure('${name}', { start: last, end: now });
          last = now;
        }, 5);`;
      new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    },
    [STARVED, LATE_MS] as const,
  );
  await browser.startTracing(page, {
    categories: ['disabled-by-default-devtools.timeline', 'blink.user_timing'],
  });
  const phase = (name: string) =>
    page.evaluate((mark) => void performance.mark(mark), `${PHASE}${name}`);
  return {
    phase,
    async stop() {
      await phase('');
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8'));
      return phasesOf(traceEvents);
    },
  };
}

function phasesOf(events: TraceEvent[]): PhaseTrace[] {
  const marks = events
    .filter((e) => e.cat.includes('blink.user_timing') && e.name.startsWith(PHASE))
    .sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  if (first === undefined) throw new Error('trace: no phase was begun');
  const starved = startedAndEnded(events.filter((e) => e.name === STARVED));
  const tasks = events.filter(
    (e) =>
      e.name === 'RunTask' &&
      e.pid === first.pid &&
      e.tid === first.tid &&
      (e.dur ?? 0) > LONG_MS * 1000,
  );
  return marks.slice(0, -1).map((mark, k) => {
    const end = marks[k + 1]!.ts;
    const longTasks = tasks
      .filter((e) => e.ts >= mark.ts && e.ts < end)
      .map((e) => ({
        ms: Math.round(e.dur! / 1000),
        cpuMs: Math.round((e.tdur ?? e.dur!) / 1000),
        starved: starved.some(([from, to]) => from < e.ts + e.dur! && to > e.ts),
      }))
      .sort((a, b) => b.ms - a.ms);
    return { name: mark.name.slice(PHASE.length), ms: (end - mark.ts) / 1000, longTasks };
  });
}

/** Measures are told as a begin and an end each, of one kind one after another. */
function startedAndEnded(events: TraceEvent[]): [number, number][] {
  const sorted = [...events].sort((a, b) => a.ts - b.ts);
  const begins = sorted.filter((e) => e.ph === 'b');
  const ends = sorted.filter((e) => e.ph === 'e');
  return begins.map((e, k) => [e.ts, ends[k]?.ts ?? e.ts]);
}
