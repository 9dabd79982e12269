/** What the commands' grammars share: checks of single flags, and how a command's outcome is said. */
import { type Command, InvalidArgumentError } from 'commander';
import { cancelOnInterrupt } from './cancel.ts';
import { createProgressView, type ProgressView } from './progress.ts';

export interface CommonFlags {
  json?: boolean;
  quiet?: boolean;
}

export function wholeNumber(least: number, most: number) {
  return (text: string) => {
    const n = Number(text);
    if (text.trim() === '' || !Number.isInteger(n) || n < least || n > most) {
      throw new InvalidArgumentError(`It is not a whole number from ${least} to ${most}.`);
    }
    return n;
  };
}

export function numberOver(least: number) {
  return (text: string) => {
    const n = Number(text);
    if (text.trim() === '' || !Number.isFinite(n) || !(n > least)) {
      throw new InvalidArgumentError(`It is not a number over ${least}.`);
    }
    return n;
  };
}

/** Writes it all before going on: process.exit would cut a pipe short. */
export function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}

/** `--force`, `--json` and `--quiet`, as every command that writes files has them. */
export function withCommonFlags(command: Command): Command {
  return command
    .option('--force', 'overwrite files that are there')
    .option('--json', 'print one JSON result on stdout')
    .option('--quiet', 'no progress on stderr');
}

/** Runs a command under a progress view and Ctrl-C, and prints its result as JSON or as a summary. */
export async function runAction<T>(
  flags: CommonFlags,
  work: (progress: ProgressView, signal: AbortSignal) => Promise<T>,
  summary: (done: T) => string,
): Promise<void> {
  const progress = createProgressView(flags.quiet ?? false);
  try {
    const signal = cancelOnInterrupt((line) => progress.say(line));
    const done = await work(progress, signal);
    progress.stop();
    if (flags.json) await print(process.stdout, `${JSON.stringify(done, null, 2)}\n`);
    else if (!flags.quiet) await print(process.stdout, summary(done));
  } finally {
    progress.stop();
  }
}
