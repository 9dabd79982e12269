import { SplatmendError } from '../core/errors.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import { applyPatchSliced } from '../core/patch.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import {
  type HolePreview,
  REMOVE_DEFAULTS,
  type RemoveOptions,
  type RemoveResult,
} from '../core/remove-types.ts';
import { selectedRows } from '../core/selection.ts';
import { createSplatCloud, type SplatCloud } from '../core/splat-cloud.ts';
import type { BackendInfo, RemoveRequest } from '../workers/api.ts';
import { createMendClient } from './client.ts';
import { BUILT_IN_FILLER, type DepthModel, type Filler } from './filler.ts';
import type { HistoryState, Step } from './history-types.ts';
import type { MendHost } from './host.ts';
import { candidateLabel, readyModels } from './mender-models.ts';
import type { Mender, MenderOptions, RemoveCandidate } from './mender-types.ts';
import { Proposals, type Waiting } from './proposals.ts';
import { countedSplats, SelectingMender } from './selecting-mender.ts';

export type {
  Mender,
  MenderEvents,
  MenderOptions,
  MenderTask,
  RemoveCandidate,
} from './mender-types.ts';
export type { SelectMode } from './selection-modes.ts';

export function createMender(host: MendHost, options: MenderOptions = {}): Mender {
  return new MenderCore(host, options);
}

class MenderCore extends SelectingMender implements Mender {
  readonly #ownsClient: boolean;
  readonly #proposals: Proposals;
  #toldBackend: BackendInfo | undefined;
  #filler = BUILT_IN_FILLER;
  #depth: DepthModel | undefined;

  constructor(host: MendHost, options: MenderOptions) {
    const client = options.client ?? createMendClient(options);
    super(host, client, options);
    this.#ownsClient = options.client === undefined;
    this.scene.tellHistory = () =>
      this.tell('history', { canUndo: this.canUndo, canRedo: this.canRedo });
    this.#proposals = new Proposals(this.scene, this.tell);
  }

  get proposal() {
    return this.#proposals.shown;
  }
  get candidates(): readonly RemoveCandidate[] {
    return this.#proposals.waiting?.candidates ?? [];
  }
  get chosen() {
    return this.#proposals.waiting?.chosen ?? 0;
  }
  get showsBefore() {
    return this.#proposals.waiting?.showsBefore ?? false;
  }
  get backend() {
    return this.client.backend;
  }
  get canUndo() {
    return this.undoLabel !== undefined && this.proposal === undefined;
  }
  get canRedo() {
    return this.redoLabel !== undefined && this.proposal === undefined;
  }
  get undoLabel() {
    return this.scene.history.last?.label;
  }
  get redoLabel() {
    if (this.#proposals.canBringBack) return 'Bring back the discarded removal';
    return this.scene.history.next?.label;
  }

  get filler() {
    return this.#filler;
  }
  set filler(filler: Filler) {
    this.#filler = filler;
    this.tell('filler', { filler, depth: this.#depth });
  }
  get depth() {
    return this.#depth;
  }
  set depth(depth: DepthModel | undefined) {
    this.#depth = depth;
    this.tell('filler', { filler: this.#filler, depth });
  }

  state(): HistoryState | undefined {
    const { cloud, selection, marks } = this.scene;
    return cloud && { cloud, selection, marks };
  }

  async open(bytes: Uint8Array, fileName: string): Promise<SceneFile> {
    return this.tasks.run('open', async (signal) => {
      const file = await this.client.readScene(bytes, fileName, signal);
      await this.scene.open(file.cloud, fileName);
      this.#tellOpened();
      return file;
    });
  }

  async setCloud(cloud: SplatCloud, fileName = ''): Promise<void> {
    await this.tasks.run('open', async () => {
      await this.scene.open(cloud, fileName);
      this.#tellOpened();
    });
  }

  async restore(base: SplatCloud, steps: readonly Step[], done: number): Promise<void> {
    await this.tasks.run('open', async (signal) => {
      await this.scene.restore(base, steps, done, signal);
      this.#tellOpened();
    });
  }

  async previewHole(options?: RemoveOptions): Promise<HolePreview> {
    const { cameras, ...request } = this.#removeRequest('look', options);
    return this.tasks.run('look', (signal) =>
      this.client.previewHole({ ...request, camera: cameras[0]! }, this.#onProgress, signal),
    );
  }

  async remove(options?: RemoveOptions, filler = this.filler): Promise<RemoveResult> {
    this.refuseProposal('remove');
    const request = this.#removeRequest('remove', options);
    return this.#propose(request, request, [], filler);
  }

  async addCandidate(options: RemoveOptions = {}, filler = this.filler): Promise<RemoveResult> {
    const { request, candidates } = this.#requireProposal('another candidate');
    const seed = (request.options?.seed ?? REMOVE_DEFAULTS.seed) + candidates.length;
    const wanted = { ...request, options: { ...request.options, seed, ...options } };
    return this.#propose(wanted, request, candidates, filler);
  }

  async choose(index: number): Promise<void> {
    const { request, candidates, chosen, showsBefore } = this.#requireProposal('choose');
    if (index === chosen && !showsBefore) return;
    await this.tasks.run('edit', (signal) =>
      this.#proposals.show(request, candidates, index, signal),
    );
  }

  async deleteSelection(): Promise<void> {
    const cloud = this.scene.requireCloud('delete');
    this.refuseProposal('delete');
    const removed = selectedRows(this.scene.requireSelection('delete'));
    if (removed.length === cloud.count) {
      throw new SplatmendError(
        'everything-selected',
        'delete: every splat is selected; leave some of the scene',
      );
    }
    await this.tasks.run('edit', async (signal) => {
      const patch = { removed, added: createSplatCloud(0, cloud.shDegree) };
      const after = await applyPatchSliced(cloud, patch, signal);
      const marks = this.scene.marksAfter(patch);
      await this.scene.show(after, { kind: 'accept', removed, added: 0 }, { marks });
      this.scene.adoptEdit(patch, after, `Delete ${countedSplats(removed.length)}`);
    });
  }

  async accept(): Promise<void> {
    this.#requireProposal('accept');
    const { removed } = this.proposal!.patch;
    const label = `Remove ${countedSplats(removed.length)}`;
    await this.tasks.run('edit', () => this.#proposals.accept(label));
  }

  async discard(): Promise<void> {
    this.#requireProposal('discard');
    await this.tasks.run('edit', () => this.#proposals.discard());
  }

  async compare(showBefore: boolean): Promise<void> {
    this.#requireProposal('compare');
    await this.#proposals.compare(showBefore);
  }

  async undo(): Promise<boolean> {
    this.tasks.refuseWhileBusy();
    if (this.proposal) await this.discard();
    else if (this.undoLabel === undefined) return false;
    else await this.tasks.run('edit', (signal) => this.scene.stepBack(signal));
    return true;
  }

  async redo(): Promise<boolean> {
    this.refuseProposal('redo');
    this.tasks.refuseWhileBusy();
    if (this.redoLabel === undefined) return false;
    if (this.#proposals.canBringBack) {
      await this.tasks.run('edit', (signal) => this.#proposals.bringBack(signal));
      return true;
    }
    await this.tasks.run('edit', (signal) => this.scene.stepForward(signal));
    return true;
  }

  async export(format: SplatFormat): Promise<Uint8Array> {
    this.scene.requireCloud('export');
    return this.tasks.run('export', (signal) => this.client.writeScene(format, signal));
  }

  cancel(): void {
    this.tasks.cancel();
  }

  dispose(): void {
    this.tasks.close();
    if (this.#ownsClient) this.client.dispose();
    this.scene.history.clear();
    this.#proposals.waiting = undefined;
    this.host.dispose?.();
  }

  /** Runs a removal and shows it beside the candidates there are. */
  async #propose(
    request: RemoveRequest,
    first: RemoveRequest,
    others: readonly RemoveCandidate[],
    filler: Filler,
  ): Promise<RemoveResult> {
    return this.tasks.run('remove', async (signal) => {
      const models = await readyModels(filler, this.depth, this.#onProgress, signal);
      const result = await this.client.remove(
        { ...request, models: models.spec },
        models.onProgress,
        signal,
        models.running,
      );
      throwIfCancelled(signal);
      const candidates = [...others, { label: candidateLabel(filler, request.options), result }];
      await this.#proposals.show(first, candidates, others.length, signal);
      return result;
    });
  }

  #removeRequest(where: string, options: RemoveOptions = {}): RemoveRequest {
    const selection = this.scene.requireSelection(where);
    const { marks } = this;
    return {
      selection,
      cameras: [this.host.currentCamera(), ...(this.host.cameras?.() ?? [])],
      // The panels show what each view saw and made.
      options: { keepViews: true, ...options },
      ...(marks ? { marks } : {}),
    };
  }

  #onProgress: OnProgress = (progress) => this.tell('progress', progress);

  protected override tasksChanged(): void {
    this.#tellBackend();
    this.tell('busy', { task: this.task });
  }

  #tellOpened(): void {
    this.#proposals.forget();
    this.scene.tellCloud(true);
  }

  #tellBackend(): void {
    const { backend } = this;
    if (this.task !== undefined || !backend || backend === this.#toldBackend) return;
    this.#toldBackend = backend;
    this.tell('backend', backend);
  }

  #requireProposal(where: string): Waiting {
    this.tasks.refuseWhileBusy();
    const { waiting } = this.#proposals;
    if (waiting) return waiting;
    throw new SplatmendError('bad-option', `${where}: nothing is proposed; remove something first`);
  }
}
