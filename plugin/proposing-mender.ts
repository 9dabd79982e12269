import { SplatmendError } from '../core/errors.ts';
import type { RemoveResult } from '../core/remove-types.ts';
import type { MendClient } from './client-types.ts';
import { extensionOf } from './extension.ts';
import type { MendHost } from './host.ts';
import type { Extension, Insertion, MenderOptions, RemoveCandidate } from './mender-types.ts';
import { type Proposal, Proposals, type ProposedRemoval } from './proposals.ts';
import { countedSplats, SelectingMender } from './selecting-mender.ts';
import { waitingEdit, waits } from './waits.ts';

/** The part of a mender that keeps or discards what waits, and goes back and forth in the history. */
export abstract class ProposingMender extends SelectingMender {
  protected readonly proposals: Proposals;

  constructor(host: MendHost, client: MendClient, options: MenderOptions) {
    super(host, client, options);
    this.scene.tellHistory = () =>
      this.tell('history', { canUndo: this.canUndo, canRedo: this.canRedo });
    this.proposals = new Proposals(this.scene, this.tell);
  }

  get proposal(): RemoveResult | undefined {
    const removal = this.proposals.removal;
    return removal?.candidates[removal.chosen]?.result;
  }
  get insertion(): Insertion | undefined {
    return this.proposals.insertion;
  }
  get extension(): Extension | undefined {
    return this.proposals.extension;
  }
  get candidates(): readonly RemoveCandidate[] {
    return this.proposals.removal?.candidates ?? [];
  }
  get chosen() {
    return this.proposals.removal?.chosen ?? this.extension?.chosen ?? 0;
  }
  get showsBefore() {
    return this.proposals.waiting?.showsBefore ?? false;
  }
  get canUndo() {
    return this.undoLabel !== undefined && !waits(this);
  }
  get canRedo() {
    return this.redoLabel !== undefined && !waits(this);
  }
  get undoLabel() {
    return this.scene.history.last?.label;
  }
  get redoLabel() {
    const { discarded } = this.proposals;
    if (discarded) return `Bring back the discarded ${discarded.kind}`;
    return this.scene.history.next?.label;
  }

  get edited() {
    return this.scene.history.edited;
  }

  async choose(index: number): Promise<void> {
    this.tasks.refuseWhileBusy();
    const { extension } = this;
    const proposal: Proposal = extension
      ? { kind: 'extension', extension: extensionOf(extension, extension.candidates, index) }
      : { ...this.requireRemoval('choose'), chosen: index };
    if (index === this.chosen && !this.showsBefore) return;
    await this.tasks.run('edit', (signal) => this.proposals.show(proposal, signal));
  }

  async moveInserted(distance: number): Promise<void> {
    this.requireInsertion('move');
    await this.proposals.move(distance);
  }

  async accept(): Promise<void> {
    this.#requireWaiting('accept');
    await this.tasks.run('edit', () => this.proposals.accept(this.#label()));
  }

  /** What keeping the edit that waits is called in the history. */
  #label(): string {
    const { insertion, extension, proposal } = this;
    if (insertion) return `Insert ${countedSplats(insertion.patch.added.count)}`;
    if (extension) return `Extend by ${countedSplats(extension.result.patch.added.count)}`;
    return `Remove ${countedSplats(proposal!.figures.selected)}`;
  }

  async discard(): Promise<void> {
    this.#requireWaiting('discard');
    await this.tasks.run('edit', () => this.proposals.discard());
  }

  async compare(showBefore: boolean): Promise<void> {
    this.#requireWaiting('compare');
    await this.proposals.compare(showBefore);
  }

  async undo(): Promise<boolean> {
    this.tasks.refuseWhileBusy();
    if (waits(this)) await this.discard();
    else if (this.undoLabel === undefined) return false;
    else await this.tasks.run('edit', (signal) => this.scene.stepBack(signal));
    return true;
  }

  async redo(): Promise<boolean> {
    this.refuseProposal('redo');
    this.tasks.refuseWhileBusy();
    if (this.redoLabel === undefined) return false;
    const { discarded } = this.proposals;
    await this.tasks.run('edit', (signal) =>
      discarded ? this.proposals.show(discarded, signal) : this.scene.stepForward(signal),
    );
    return true;
  }

  /** Puts another scene in place of this one, and of what waits in it. */
  protected async replaceScene(put: () => Promise<void>): Promise<void> {
    await this.proposals.settled();
    await put();
    this.proposals.forget();
    this.scene.tellCloud(true);
  }

  #requireWaiting(where: string): void {
    this.tasks.refuseWhileBusy();
    if (waits(this)) return;
    throw new SplatmendError('bad-option', `${where}: nothing is proposed; remove something first`);
  }

  protected requireRemoval(where: string): ProposedRemoval {
    this.#requireWaiting(where);
    const { removal } = this.proposals;
    if (removal) return removal;
    throw new SplatmendError(
      'bad-option',
      `${where}: what waits is an ${waitingEdit(this)}; keep or discard it first`,
    );
  }

  protected requireExtension(where: string): Extension {
    this.tasks.refuseWhileBusy();
    if (this.extension) return this.extension;
    throw new SplatmendError('bad-option', `${where}: no extension waits; extend the scene first`);
  }

  protected requireInsertion(where: string): Insertion {
    this.tasks.refuseWhileBusy();
    if (this.insertion) return this.insertion;
    throw new SplatmendError('bad-option', `${where}: no insertion waits; insert something first`);
  }
}
