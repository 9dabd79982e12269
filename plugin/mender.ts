import { SplatmendError } from '../core/errors.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import { countMarked, dropUnselectable, HIDDEN, LOCKED } from '../core/marks.ts';
import { applyPatchSliced } from '../core/patch.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import {
  type HolePreview,
  REMOVE_DEFAULTS,
  type RemoveOptions,
  type RemoveResult,
} from '../core/remove-types.ts';
import type { SelectShape } from '../core/select-types.ts';
import { type Selection, type SelectionVolume, selectedRows } from '../core/selection.ts';
import { createSplatCloud, type SplatCloud } from '../core/splat-cloud.ts';
import type { BackendInfo, RemoveRequest } from '../workers/api.ts';
import { createMendClient, type MendClient } from './client.ts';
import { typedEventTarget } from './events.ts';
import type { HistoryState, Step } from './history-types.ts';
import type { MendHost } from './host.ts';
import type { Mender, MenderEvents, MenderOptions, RemoveCandidate } from './mender-types.ts';
import { Proposals, type Waiting } from './proposals.ts';
import { SceneState, type Tell } from './scene-state.ts';
import { joinSelections, type SelectMode, selectLabel } from './selection-modes.ts';
import { createTaskRunner, type TaskRunner } from './task-runner.ts';

export type {
  Mender,
  MenderEvents,
  MenderOptions,
  MenderTask,
  RemoveCandidate,
} from './mender-types.ts';
export type { SelectMode } from './selection-modes.ts';

const MenderEventTarget = typedEventTarget<MenderEvents>();

export function createMender(host: MendHost, options: MenderOptions = {}): Mender {
  return new MenderCore(host, options);
}

const splats = (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'splat' : 'splats'}`;

class MenderCore extends MenderEventTarget implements Mender {
  readonly #host: MendHost;
  readonly #client: MendClient;
  readonly #ownsClient: boolean;
  readonly #scene: SceneState;
  readonly #proposals: Proposals;
  readonly #tasks: TaskRunner;
  #toldBackend: BackendInfo | undefined;

  constructor(host: MendHost, options: MenderOptions) {
    super();
    this.#host = host;
    this.#client = options.client ?? createMendClient(options);
    this.#ownsClient = options.client === undefined;
    this.#tasks = createTaskRunner(() => {
      this.#tellBackend();
      this.#tell('busy', { task: this.task });
    });
    this.#scene = new SceneState(host, this.#client, options, this.#tell);
    this.#scene.tellHistory = () =>
      this.#tell('history', { canUndo: this.canUndo, canRedo: this.canRedo });
    this.#proposals = new Proposals(this.#scene, this.#tell);
  }

  get cloud() {
    return this.#scene.cloud;
  }
  get selection() {
    return this.#scene.selection;
  }
  get selectedCount() {
    return this.#scene.selectedCount;
  }
  get marks() {
    return this.#scene.marks;
  }
  get hiddenCount() {
    return countMarked(this.marks, HIDDEN);
  }
  get lockedCount() {
    return countMarked(this.marks, LOCKED);
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
  get task() {
    return this.#tasks.task;
  }
  get backend() {
    return this.#client.backend;
  }
  get canUndo() {
    return this.undoLabel !== undefined && this.proposal === undefined;
  }
  get canRedo() {
    return this.redoLabel !== undefined && this.proposal === undefined;
  }
  get undoLabel() {
    return this.#scene.history.last?.label;
  }
  get redoLabel() {
    if (this.#proposals.canBringBack) return 'Bring back the discarded removal';
    return this.#scene.history.next?.label;
  }

  state(): HistoryState | undefined {
    const { cloud, selection, marks } = this.#scene;
    return cloud && { cloud, selection, marks };
  }

  async open(bytes: Uint8Array, fileName: string): Promise<SceneFile> {
    return this.#tasks.run('open', async (signal) => {
      const file = await this.#client.readScene(bytes, fileName, signal);
      await this.#scene.open(file.cloud, fileName);
      this.#tellOpened();
      return file;
    });
  }

  async setCloud(cloud: SplatCloud, fileName = ''): Promise<void> {
    await this.#tasks.run('open', async () => {
      await this.#scene.open(cloud, fileName);
      this.#tellOpened();
    });
  }

  async restore(base: SplatCloud, steps: readonly Step[], done: number): Promise<void> {
    await this.#tasks.run('open', async (signal) => {
      await this.#scene.restore(base, steps, done, signal);
      this.#tellOpened();
    });
  }

  async select(shape: SelectShape, mode: SelectMode = 'set'): Promise<number> {
    this.#scene.requireCloud('select');
    this.#refuseProposal('select');
    return this.#tasks.run('select', async (signal) => {
      const { marks } = this;
      const found = await this.#client.select({ ...shape, ...(marks ? { marks } : {}) }, signal);
      throwIfCancelled(signal);
      return this.#join(found.selection, mode, selectLabel(shape.kind), found.onSurface);
    });
  }

  async selectAt(
    clientX: number,
    clientY: number,
    options: { mode?: SelectMode; strength?: number } = {},
  ): Promise<number> {
    const pixel = this.#host.pixelAt(clientX, clientY);
    if (!pixel) return this.setSelection(undefined, options.mode);
    return this.selectPixel(pixel.x, pixel.y, options);
  }

  async selectPixel(
    x: number,
    y: number,
    { mode = 'set', strength }: { mode?: SelectMode; strength?: number } = {},
  ): Promise<number> {
    this.#scene.requireCloud('select');
    const camera = this.#host.currentCamera();
    const wish = strength === undefined ? {} : { strength };
    return this.select({ kind: 'object', camera, x, y, ...wish }, mode);
  }

  async selectVolume(volume: SelectionVolume, mode: SelectMode = 'set'): Promise<number> {
    return this.select({ kind: 'volume', volume }, mode);
  }

  async growSelection(steps = 1): Promise<number> {
    return this.select({ kind: 'grow', base: this.#scene.requireSelection('grow'), steps });
  }

  async shrinkSelection(steps = 1): Promise<number> {
    return this.select({ kind: 'shrink', base: this.#scene.requireSelection('shrink'), steps });
  }

  setSelection(
    selection: Selection | undefined,
    mode: SelectMode = 'set',
    label = selection ? 'Select' : 'Clear selection',
  ): number {
    const { count } = this.#scene.requireCloud('select');
    this.#refuseProposal('select');
    this.#tasks.refuseWhileBusy();
    if (selection && selection.length !== count) {
      throw new SplatmendError(
        'bad-selection',
        `select: ${selection.length} bytes for ${count} splats; give one byte a splat`,
      );
    }
    const fresh = selection?.slice() ?? new Uint8Array(count);
    dropUnselectable(fresh, this.marks);
    return this.#join(fresh, mode, label, false);
  }

  selectAll(): number {
    const { count } = this.#scene.requireCloud('select');
    return this.setSelection(new Uint8Array(count).fill(1), 'set', 'Select all');
  }

  invertSelection(): number {
    const { count } = this.#scene.requireCloud('select');
    const inverted = new Uint8Array(count).fill(1);
    const old = this.selection;
    if (old) for (let i = 0; i < count; i++) inverted[i] = old[i] === 0 ? 1 : 0;
    return this.setSelection(inverted, 'set', 'Invert selection');
  }

  clearSelection(): void {
    if (this.selection) this.setSelection(undefined);
  }

  hideSelection(): void {
    this.#mark('hide', HIDDEN, `Hide ${splats(this.selectedCount)}`);
  }
  showAll(): void {
    this.#unmark('show', HIDDEN, 'Show all');
  }
  lockSelection(): void {
    this.#mark('lock', LOCKED, `Lock ${splats(this.selectedCount)}`);
  }
  unlockAll(): void {
    this.#unmark('unlock', LOCKED, 'Unlock all');
  }

  async previewHole(options?: RemoveOptions): Promise<HolePreview> {
    const { cameras, ...request } = this.#removeRequest('look', options);
    return this.#tasks.run('look', (signal) =>
      this.#client.previewHole({ ...request, camera: cameras[0]! }, this.#onProgress, signal),
    );
  }

  async remove(options?: RemoveOptions): Promise<RemoveResult> {
    this.#refuseProposal('remove');
    const request = this.#removeRequest('remove', options);
    return this.#propose(request, request, []);
  }

  async addCandidate(options: RemoveOptions = {}): Promise<RemoveResult> {
    const { request, candidates } = this.#requireProposal('another candidate');
    const seed = (request.options?.seed ?? REMOVE_DEFAULTS.seed) + candidates.length;
    const wanted = { ...request, options: { ...request.options, seed, ...options } };
    return this.#propose(wanted, request, candidates);
  }

  async choose(index: number): Promise<void> {
    const { request, candidates, chosen, showsBefore } = this.#requireProposal('choose');
    if (index === chosen && !showsBefore) return;
    await this.#tasks.run('edit', (signal) =>
      this.#proposals.show(request, candidates, index, signal),
    );
  }

  async deleteSelection(): Promise<void> {
    const cloud = this.#scene.requireCloud('delete');
    this.#refuseProposal('delete');
    const removed = selectedRows(this.#scene.requireSelection('delete'));
    if (removed.length === cloud.count) {
      throw new SplatmendError(
        'everything-selected',
        'delete: every splat is selected; leave some of the scene',
      );
    }
    await this.#tasks.run('edit', async (signal) => {
      const patch = { removed, added: createSplatCloud(0, cloud.shDegree) };
      const after = await applyPatchSliced(cloud, patch, signal);
      const marks = this.#scene.marksAfter(patch);
      await this.#scene.show(after, { kind: 'accept', removed, added: 0 }, { marks });
      this.#scene.adoptEdit(patch, after, `Delete ${splats(removed.length)}`);
    });
  }

  async accept(): Promise<void> {
    this.#requireProposal('accept');
    const { removed } = this.proposal!.patch;
    const label = `Remove ${splats(removed.length)}`;
    await this.#tasks.run('edit', () => this.#proposals.accept(label));
  }

  async discard(): Promise<void> {
    this.#requireProposal('discard');
    await this.#tasks.run('edit', () => this.#proposals.discard());
  }

  async compare(showBefore: boolean): Promise<void> {
    this.#requireProposal('compare');
    await this.#proposals.compare(showBefore);
  }

  async undo(): Promise<boolean> {
    this.#tasks.refuseWhileBusy();
    if (this.proposal) await this.discard();
    else if (this.undoLabel === undefined) return false;
    else await this.#tasks.run('edit', (signal) => this.#scene.stepBack(signal));
    return true;
  }

  async redo(): Promise<boolean> {
    this.#refuseProposal('redo');
    this.#tasks.refuseWhileBusy();
    if (this.redoLabel === undefined) return false;
    if (this.#proposals.canBringBack) {
      await this.#tasks.run('edit', (signal) => this.#proposals.bringBack(signal));
      return true;
    }
    await this.#tasks.run('edit', (signal) => this.#scene.stepForward(signal));
    return true;
  }

  async export(format: SplatFormat): Promise<Uint8Array> {
    this.#scene.requireCloud('export');
    return this.#tasks.run('export', (signal) => this.#client.writeScene(format, signal));
  }

  cancel(): void {
    this.#tasks.cancel();
  }

  dispose(): void {
    this.#tasks.close();
    if (this.#ownsClient) this.#client.dispose();
    this.#scene.history.clear();
    this.#proposals.waiting = undefined;
    this.#host.dispose?.();
  }

  /** Runs a removal and shows it beside the candidates there are. */
  async #propose(
    request: RemoveRequest,
    first: RemoveRequest,
    others: readonly RemoveCandidate[],
  ): Promise<RemoveResult> {
    return this.#tasks.run('remove', async (signal) => {
      const result = await this.#client.remove(request, this.#onProgress, signal);
      throwIfCancelled(signal);
      const { painted, seed = REMOVE_DEFAULTS.seed } = request.options ?? {};
      const label = painted ? `Painted, seed ${seed}` : `Seed ${seed}`;
      const candidates = [...others, { label, result }];
      await this.#proposals.show(first, candidates, others.length, signal);
      return result;
    });
  }

  #removeRequest(where: string, options: RemoveOptions = {}): RemoveRequest {
    const selection = this.#scene.requireSelection(where);
    const { marks } = this;
    return {
      selection,
      cameras: [this.#host.currentCamera(), ...(this.#host.cameras?.() ?? [])],
      // The panels show what each view saw and made.
      options: { keepViews: true, ...options },
      ...(marks ? { marks } : {}),
    };
  }

  #join(fresh: Selection, mode: SelectMode, label: string, onSurface: boolean): number {
    const joined = joinSelections(this.selection, fresh, mode);
    this.#scene.setMarks(joined, this.marks, label, onSurface);
    return this.selectedCount;
  }

  #mark(where: string, bit: number, label: string): void {
    const selection = this.#scene.requireSelection(where);
    this.#refuseProposal(where);
    this.#tasks.refuseWhileBusy();
    const marks = this.marks?.slice() ?? new Uint8Array(selection.length);
    for (let i = 0; i < marks.length; i++) if (selection[i] !== 0) marks[i]! |= bit;
    this.#scene.setMarks(undefined, marks, label);
  }

  #unmark(where: string, bit: number, label: string): void {
    this.#refuseProposal(where);
    this.#tasks.refuseWhileBusy();
    if (countMarked(this.marks, bit) === 0) return;
    const marks = this.marks!.map((m) => m & ~bit);
    this.#scene.setMarks(this.selection, marks, label);
  }

  #onProgress: OnProgress = (progress) => this.#tell('progress', progress);

  #tell: Tell = (type, detail) => {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };

  #tellOpened(): void {
    this.#proposals.forget();
    this.#scene.tellCloud(true);
  }

  #tellBackend(): void {
    const { backend } = this;
    if (this.task !== undefined || !backend || backend === this.#toldBackend) return;
    this.#toldBackend = backend;
    this.#tell('backend', backend);
  }

  #refuseProposal(where: string): void {
    if (!this.proposal) return;
    throw new SplatmendError('busy', `${where}: accept or discard the mended scene first`);
  }

  #requireProposal(where: string): Waiting {
    this.#tasks.refuseWhileBusy();
    const { waiting } = this.#proposals;
    if (waiting) return waiting;
    throw new SplatmendError('bad-option', `${where}: nothing is proposed; remove something first`);
  }
}
