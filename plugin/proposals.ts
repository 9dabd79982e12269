import { SplatmendError } from '../core/errors.ts';
import { applyPatchSliced } from '../core/patch.ts';
import type { RemoveResult } from '../core/remove-types.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type { RemoveRequest } from '../workers/api.ts';
import type { Step } from './history-types.ts';
import type { RemoveCandidate } from './mender-types.ts';
import type { SceneState, Tell } from './scene-state.ts';

/** A removal that waits for the user. Only the candidate that shows has its whole cloud. */
export interface Waiting {
  request: RemoveRequest;
  candidates: readonly RemoveCandidate[];
  chosen: number;
  after: SplatCloud;
  showsBefore: boolean;
}

/** The proposed removal and its candidates: which of them shows, and which side. */
export class Proposals {
  waiting: Waiting | undefined;
  /** What was discarded last, and the state it belongs to. */
  #discarded:
    | { removal: Omit<Waiting, 'after' | 'showsBefore'>; cloud: SplatCloud; last: Step | undefined }
    | undefined;
  readonly #scene: SceneState;
  readonly #tell: Tell;

  constructor(scene: SceneState, tell: Tell) {
    this.#scene = scene;
    this.#tell = tell;
  }

  get shown(): RemoveResult | undefined {
    return this.waiting?.candidates[this.waiting.chosen]?.result;
  }

  /** Shows one of these candidates; it is then the one that waits. */
  async show(
    request: RemoveRequest,
    candidates: readonly RemoveCandidate[],
    chosen: number,
    signal: AbortSignal,
  ): Promise<void> {
    const candidate = candidates[chosen];
    if (!candidate) {
      throw new SplatmendError(
        'bad-option',
        `choose: there is no candidate ${chosen + 1}; there are ${candidates.length}`,
      );
    }
    const { patch } = candidate.result;
    const after = await applyPatchSliced(this.#scene.requireCloud('remove'), patch, signal);
    const change = { removed: patch.removed, added: patch.added.count };
    const marks = this.#scene.marksAfter(patch);
    await this.#scene.show(after, { kind: 'proposal', ...change }, { marks });
    this.waiting = { request, candidates, chosen, after, showsBefore: false };
    this.#discarded = undefined;
    this.#tell('proposal', { result: this.shown });
    this.#scene.tellHistory();
  }

  /** Shows the scene before (true) or after (false). */
  async compare(showBefore: boolean): Promise<void> {
    const { waiting } = this;
    if (!waiting || waiting.showsBefore === showBefore) return;
    waiting.showsBefore = showBefore;
    const scene = this.#scene;
    const marks = showBefore ? scene.marks : scene.marksAfter(this.shown!.patch);
    const cloud = showBefore ? scene.requireCloud('compare') : waiting.after;
    await scene.show(cloud, { kind: 'compare' }, { marks });
    this.#tell('compare', { showsBefore: showBefore });
  }

  /** Makes what is proposed one undo step. */
  async accept(label: string): Promise<void> {
    const { after, showsBefore } = this.waiting!;
    const { patch } = this.shown!;
    // The host shows it already, unless the user was looking at the scene before.
    if (showsBefore) {
      const change = { removed: patch.removed, added: patch.added.count };
      const marks = this.#scene.marksAfter(patch);
      await this.#scene.show(after, { kind: 'accept', ...change }, { marks });
    }
    this.forget();
    this.#scene.adoptEdit(patch, after, label);
  }

  /** Shows the scene as it was. */
  async discard(): Promise<void> {
    const { cloud, selection, marks, history } = this.#scene;
    const { request, candidates, chosen } = this.waiting!;
    if (!this.waiting!.showsBefore) {
      await this.#scene.show(cloud!, { kind: 'discard' }, { selection, marks });
    } else this.#scene.showMarks();
    this.#discarded = {
      removal: { request, candidates, chosen },
      cloud: cloud!,
      last: history.last,
    };
    this.forget();
    this.#scene.tellHistory();
  }

  /** Whether what was discarded last can still be brought back: nothing has changed since. */
  get canBringBack(): boolean {
    const { cloud, history } = this.#scene;
    const was = this.#discarded;
    return !this.waiting && was !== undefined && was.cloud === cloud && was.last === history.last;
  }

  /** Proposes what was discarded last again. */
  async bringBack(signal: AbortSignal): Promise<void> {
    const { request, candidates, chosen } = this.#discarded!.removal;
    await this.show(request, candidates, chosen, signal);
  }

  forget(): void {
    if (!this.waiting) return;
    this.waiting = undefined;
    this.#tell('proposal', { result: undefined });
  }
}
