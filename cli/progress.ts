/** What the user sees while it works: a bar on a terminal, one line a step elsewhere. Always on stderr. */
import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../core/progress.ts';

export interface ProgressView {
  /** @param fraction of the whole command, 0..1; never shown falling */
  update(fraction: number, step: string): void;
  /** A line of its own, above the bar. */
  say(line: string): void;
  stop(): void;
}

/** Seconds of wall time since a moment of `performance.now`. */
export const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** A step of the line for people. @param of what the line counts */
export function stepName({ step, view, views }: Progress, of = 'view'): string {
  if (view === undefined) return step;
  return `${step} (${of} ${view}${views === undefined ? '' : ` of ${views}`})`;
}

const QUIET: ProgressView = { update() {}, say() {}, stop() {} };

function onTerminal(stream: NodeJS.WriteStream): ProgressView {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {percentage} % | {step}',
      hideCursor: true,
      clearOnComplete: true,
      // Ctrl-C is the command's own to answer.
      gracefulExit: false,
      barsize: 30,
    },
    Presets.shades_classic,
  );
  let running = false;
  let shown = 0;
  return {
    update(fraction, step) {
      shown = Math.max(shown, Math.round(fraction * 100));
      if (running) bar.update(shown, { step });
      else bar.start(100, shown, { step });
      running = true;
    },
    say(line) {
      // A running bar would be left as half a line.
      if (running) stream.write('\r\u001b[K');
      stream.write(`${line}\n`);
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}

function asLines(stream: NodeJS.WritableStream): ProgressView {
  let last = '';
  return {
    update(fraction, step) {
      if (step === last) return;
      last = step;
      stream.write(`${String(Math.round(fraction * 100)).padStart(3)} % ${step}\n`);
    },
    say(line) {
      stream.write(`${line}\n`);
    },
    stop() {},
  };
}

export function createProgressView(quiet: boolean, stream = process.stderr): ProgressView {
  if (quiet) return QUIET;
  return stream.isTTY ? onTerminal(stream) : asLines(stream);
}
