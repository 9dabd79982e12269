import type { Mender } from '../mender-types.ts';
import { type CommandName, canPerform } from './command.ts';

type Direction = 'undo' | 'redo';

/** Undo and redo one after another: a step of a large scene takes its time, and what is asked for meanwhile is done after it. */
export class HistorySteps {
  readonly #asked: Direction[] = [];
  #going: Promise<void> | undefined;

  /** Whether a command that cannot be performed now is one to be done after the step that is made. */
  queues(name: CommandName): boolean {
    return this.#going !== undefined && (name === 'undo' || name === 'redo');
  }

  /** @returns resolves when all that was asked for is done; a step that fails ends them */
  async go(mender: Mender, direction: Direction): Promise<void> {
    this.#asked.push(direction);
    // Who began hears of a failure; it is one, and told once.
    if (this.#going) return this.#going.catch(() => undefined);
    this.#going = this.#goOn(mender);
    await this.#going;
  }

  /** What waits is not done any more. */
  forget(): void {
    this.#asked.length = 0;
  }

  async #goOn(mender: Mender): Promise<void> {
    try {
      // It is known to run before it can end; and it ends in one go with its last look at what is asked for.
      await undefined;
      for (let next = this.#asked.shift(); next; next = this.#asked.shift()) {
        // The first of them may have been the last that there was.
        if (canPerform(next, mender)) await mender[next]();
      }
    } finally {
      this.forget();
      this.#going = undefined;
    }
  }
}
