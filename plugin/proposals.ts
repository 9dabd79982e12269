import { alongRay } from '../core/along-ray.ts';
import { applyPatchSliced } from '../core/patch.ts';
import type { SplatPatch } from '../core/remove-types.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type { RemoveRequest } from '../workers/api.ts';
import { noCandidate } from './extension.ts';
import type { Step } from './history-types.ts';
import type { Extension, Insertion, RemoveCandidate } from './mender-types.ts';
import type { SceneState, Tell } from './scene-state.ts';

/** A removal and the ways of mending it. */
export interface ProposedRemoval {
  kind: 'removal';
  request: RemoveRequest;
  candidates: readonly RemoveCandidate[];
  chosen: number;
}
export interface ProposedInsertion {
  kind: 'insertion';
  insertion: Insertion;
}
export interface ProposedExtension {
  kind: 'extension';
  extension: Extension;
}
export type Proposal = ProposedRemoval | ProposedInsertion | ProposedExtension;

/** An edit that waits for the user. Only what shows has its whole cloud. */
interface Waiting {
  proposal: Proposal;
  after: SplatCloud;
  showsBefore: boolean;
}

function patchOf(proposal: Proposal): SplatPatch {
  if (proposal.kind === 'insertion') return proposal.insertion.patch;
  if (proposal.kind === 'extension') return proposal.extension.result.patch;
  return proposal.candidates[proposal.chosen]!.result.patch;
}

/** An insertion as it was found, or moved along its camera's rays. */
export function insertionAt(from: Omit<Insertion, 'distance' | 'patch'>, distance: number) {
  const { removed, added } = from.result.patch;
  const moved = distance === 1 ? added : alongRay(added, from.reference.camera, distance);
  return { ...from, distance, patch: { removed, added: moved } };
}

/** The cloud with its newest splats where they are now. What a move leaves alone is not copied: hosts see so that nothing else changed. */
function withMoved(after: SplatCloud, { positions, logScales, count }: SplatCloud): SplatCloud {
  const first = 3 * (after.count - count);
  const put = (whole: Float32Array, part: Float32Array) => {
    const copy = whole.slice();
    copy.set(part, first);
    return copy;
  };
  return {
    ...after,
    positions: put(after.positions, positions),
    logScales: put(after.logScales, logScales),
  };
}

/** The edit that waits: a removal or an extension with its candidates, or an insertion; and which side of it shows. */
export class Proposals {
  waiting: Waiting | undefined;
  /** What was discarded last, and the state it belongs to. */
  #discarded: { proposal: Proposal; cloud: SplatCloud; last: Step | undefined } | undefined;
  readonly #scene: SceneState;
  readonly #tell: Tell;
  /** Where what was inserted is wanted; only the last wish counts. */
  #wantedDistance = 1;
  #moving: Promise<void> | undefined;

  constructor(scene: SceneState, tell: Tell) {
    this.#scene = scene;
    this.#tell = tell;
  }

  get removal(): ProposedRemoval | undefined {
    const proposal = this.waiting?.proposal;
    return proposal?.kind === 'removal' ? proposal : undefined;
  }

  get insertion(): Insertion | undefined {
    const proposal = this.waiting?.proposal;
    return proposal?.kind === 'insertion' ? proposal.insertion : undefined;
  }

  get extension(): Extension | undefined {
    const proposal = this.waiting?.proposal;
    return proposal?.kind === 'extension' ? proposal.extension : undefined;
  }

  /** Shows it; it is then what waits. */
  async show(proposal: Proposal, signal: AbortSignal): Promise<void> {
    if (proposal.kind === 'removal' && !proposal.candidates[proposal.chosen]) {
      throw noCandidate(proposal.chosen, proposal.candidates.length);
    }
    await this.settled();
    const patch = patchOf(proposal);
    const after = await applyPatchSliced(this.#scene.requireCloud(proposal.kind), patch, signal);
    await this.#showAfter(after, 'proposal', patch);
    this.#adopt({ proposal, after, showsBefore: false });
    this.#discarded = undefined;
    this.#scene.tellHistory();
  }

  /**
   * Moves what was inserted to this multiple of its distance. While one move is on its way only the last of
   * those asked for after it is made.
   */
  async move(distance: number): Promise<void> {
    this.#wantedDistance = distance;
    this.#moving ??= this.#moveOn();
    await this.#moving;
  }

  /** Resolves when nothing moves any more. */
  async settled(): Promise<void> {
    await this.#moving?.catch(() => undefined);
  }

  async #moveOn(): Promise<void> {
    try {
      // It is known to run before it can end; and it ends in one go with its last look at the wish.
      await undefined;
      for (;;) {
        const { insertion } = this;
        const wanted = this.#wantedDistance;
        if (!insertion || insertion.distance === wanted) return;
        const moved = insertionAt(insertion, wanted);
        const after = withMoved(this.waiting!.after, moved.patch.added);
        await this.#showAfter(after, 'proposal', moved.patch);
        const proposal = { kind: 'insertion', insertion: moved } as const;
        this.#adopt({ proposal, after, showsBefore: false });
      }
    } finally {
      this.#moving = undefined;
    }
  }

  #adopt(waiting: Waiting): void {
    const turned = this.waiting?.showsBefore === true;
    this.waiting = waiting;
    if (turned) this.#tell('compare', { showsBefore: false });
    this.#tellProposal();
  }

  async #showAfter(
    after: SplatCloud,
    kind: 'proposal' | 'accept',
    patch: SplatPatch,
  ): Promise<void> {
    const change = { kind, removed: patch.removed, added: patch.added.count };
    await this.#scene.show(after, change, { marks: this.#scene.marksAfter(patch) });
  }

  /** Shows the scene before (true) or after (false). */
  async compare(showBefore: boolean): Promise<void> {
    await this.settled();
    const { waiting } = this;
    if (!waiting || waiting.showsBefore === showBefore) return;
    waiting.showsBefore = showBefore;
    const scene = this.#scene;
    const marks = showBefore ? scene.marks : scene.marksAfter(patchOf(waiting.proposal));
    const cloud = showBefore ? scene.requireCloud('compare') : waiting.after;
    await scene.show(cloud, { kind: 'compare' }, { marks });
    this.#tell('compare', { showsBefore: showBefore });
  }

  /** Makes what is proposed one undo step. */
  async accept(label: string): Promise<void> {
    await this.settled();
    const { after, showsBefore, proposal } = this.waiting!;
    const patch = patchOf(proposal);
    // The host shows it already, unless the user was looking at the scene before.
    if (showsBefore) await this.#showAfter(after, 'accept', patch);
    this.forget();
    this.#scene.adoptEdit(patch, after, label);
  }

  /** Shows the scene as it was. */
  async discard(): Promise<void> {
    await this.settled();
    const { cloud, selection, marks, history } = this.#scene;
    const { proposal, showsBefore } = this.waiting!;
    if (!showsBefore) await this.#scene.show(cloud!, { kind: 'discard' }, { selection, marks });
    else this.#scene.showMarks();
    this.#discarded = { proposal, cloud: cloud!, last: history.last };
    this.forget();
    this.#scene.tellHistory();
  }

  /** What was discarded last, where it can still be brought back: nothing has changed since. */
  get discarded(): Proposal | undefined {
    const { cloud, history } = this.#scene;
    const was = this.#discarded;
    const same = was?.cloud === cloud && was?.last === history.last;
    return !this.waiting && same ? was?.proposal : undefined;
  }

  forget(): void {
    if (!this.waiting) return;
    this.waiting = undefined;
    this.#tellProposal();
  }

  #tellProposal(): void {
    const { removal, insertion, extension } = this;
    this.#tell('proposal', {
      result: removal?.candidates[removal.chosen]?.result,
      ...(insertion && { insertion }),
      ...(extension && { extension }),
    });
  }
}
