import type { Vec3 } from '../../core/camera.ts';
import type { Mender } from '../mender-types.ts';
import { waits } from '../waits.ts';
import { sendCommand } from './command.ts';
import type { CommandTarget } from './command-target.ts';
import { extentOf } from './extent.ts';
import { UPS } from './ups.ts';

/** A selection is looked at with what surrounds it. */
const ROUND_SELECTION = 2;

/** The commands that change only how a target's scene is looked at. */
export class Looking {
  readonly #target: CommandTarget;
  /** What `turnUp` chose last, for a host that does not say. */
  #up: Vec3 | undefined;
  /** Holding a key repeats and releases quickly: only the last wish counts. */
  #wantBefore = false;
  #comparing = false;

  constructor(target: CommandTarget) {
    this.#target = target;
  }

  frame(mender: Mender): void {
    const extent = extentOf(mender.cloud!, mender.selection);
    const margin = mender.selection ? ROUND_SELECTION : 1;
    if (extent) this.#target.host?.frame?.(extent.center, extent.radius * margin);
  }

  /** Takes the next of the axes as up. */
  turnUp(): void {
    const { host } = this.#target;
    const now = host?.up ?? this.#up ?? UPS[0]!;
    const at = UPS.findIndex((up) => up.every((x, k) => x === now[k]));
    this.#up = UPS[(at + 1) % UPS.length]!;
    host?.setUp?.(this.#up);
    sendCommand(this.#target, { name: 'frame' });
  }

  /** Shows what waits before (true) or after it. */
  async compare(mender: Mender, before: boolean): Promise<void> {
    this.#wantBefore = before;
    if (this.#comparing) return;
    this.#comparing = true;
    try {
      let shown: boolean | undefined;
      while (waits(mender) && shown !== this.#wantBefore) {
        shown = this.#wantBefore;
        await mender.compare(shown);
      }
    } finally {
      this.#comparing = false;
    }
  }
}
