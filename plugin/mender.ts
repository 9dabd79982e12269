import { SplatmendError } from '../core/errors.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import { applyPatch } from '../core/patch.ts';
import { throwIfCancelled } from '../core/progress.ts';
import type { RemoveOptions, RemoveResult } from '../core/remove-types.ts';
import {
  countSelected,
  type Selection,
  type SelectionVolume,
  selectedRows,
  selectInVolume,
} from '../core/selection.ts';
import { createSplatCloud, type SplatCloud } from '../core/splat-cloud.ts';
import type { BackendInfo } from '../workers/api.ts';
import { createMendClient, type MendClient } from './client.ts';
import { typedEventTarget } from './events.ts';
import { createHistory, type History } from './history.ts';
import type { CloudChange, MendHost } from './host.ts';
import type { Mender, MenderEvents, MenderOptions, MenderTask } from './mender-types.ts';
import { joinSelections, type SelectMode } from './selection-modes.ts';

export type { Mender, MenderEvents, MenderOptions, MenderTask } from './mender-types.ts';
export type { SelectMode } from './selection-modes.ts';

const MenderEventTarget = typedEventTarget<MenderEvents>();

export function createMender(host: MendHost, options: MenderOptions = {}): Mender {
  return new MenderCore(host, options);
}

class MenderCore extends MenderEventTarget implements Mender {
  readonly #host: MendHost;
  readonly #client: MendClient;
  readonly #ownsClient: boolean;
  readonly #history: History;
  #cloud: SplatCloud | undefined;
  #selection: Selection | undefined;
  #selectedCount = 0;
  #proposal: { result: RemoveResult; after: SplatCloud; showsBefore: boolean } | undefined;
  #task: MenderTask | undefined;
  #abort: AbortController | undefined;
  #toldBackend: BackendInfo | undefined;
  #disposed = false;

  constructor(host: MendHost, options: MenderOptions) {
    super();
    this.#host = host;
    this.#client = options.client ?? createMendClient(options);
    this.#ownsClient = options.client === undefined;
    this.#history = createHistory(options.historyBytes);
    const cloud = host.readCloud();
    if (cloud) this.#setTruth(cloud);
  }

  get cloud() {
    return this.#cloud;
  }
  get selection() {
    return this.#selection;
  }
  get selectedCount() {
    return this.#selectedCount;
  }
  get proposal() {
    return this.#proposal?.result;
  }
  get task() {
    return this.#task;
  }
  get backend() {
    return this.#client.backend;
  }
  get canUndo() {
    return this.#history.canUndo && this.#proposal === undefined;
  }
  get canRedo() {
    return this.#history.canRedo && this.#proposal === undefined;
  }

  async open(bytes: Uint8Array, fileName: string): Promise<SceneFile> {
    return this.#run('open', async (signal) => {
      const file = await this.#client.readScene(bytes, fileName, signal);
      await this.#replaceCloud(file.cloud);
      return file;
    });
  }

  async setCloud(cloud: SplatCloud): Promise<void> {
    this.#refuseWhileBusy();
    await this.#replaceCloud(cloud);
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
    this.#requireCloud('select');
    this.#refuseProposal('select');
    return this.#run('select', async (signal) => {
      const camera = this.#host.currentCamera();
      const found = await this.#client.selectObject(
        { camera, x, y, ...(strength === undefined ? {} : { strength }) },
        signal,
      );
      return this.#join(found.selection, mode, found.onSurface);
    });
  }

  selectVolume(volume: SelectionVolume, mode: SelectMode = 'set'): number {
    return this.setSelection(selectInVolume(this.#requireCloud('select'), volume), mode);
  }

  setSelection(selection: Selection | undefined, mode: SelectMode = 'set'): number {
    const cloud = this.#requireCloud('select');
    this.#refuseProposal('select');
    if (selection && selection.length !== cloud.count) {
      throw new SplatmendError(
        'bad-selection',
        `select: ${selection.length} bytes for ${cloud.count} splats; give one byte a splat`,
      );
    }
    return this.#join(selection ?? new Uint8Array(cloud.count), mode, false);
  }

  selectAll(): number {
    return this.setSelection(new Uint8Array(this.#requireCloud('select').count).fill(1));
  }

  invertSelection(): number {
    const { count } = this.#requireCloud('select');
    const old = this.#selection;
    return this.setSelection(Uint8Array.from({ length: count }, (_, i) => (old?.[i] ? 0 : 1)));
  }

  clearSelection(): void {
    if (this.#selection) this.setSelection(undefined);
  }

  async remove(options?: RemoveOptions): Promise<RemoveResult> {
    const cloud = this.#requireCloud('remove');
    this.#refuseProposal('remove');
    const selection = this.#requireSelection('remove');
    return this.#run('remove', async (signal) => {
      const result = await this.#client.remove(
        {
          selection,
          cameras: [this.#host.currentCamera()],
          ...(options === undefined ? {} : { options }),
        },
        (progress) => this.#tell('progress', progress),
        signal,
      );
      throwIfCancelled(signal);
      const after = applyPatch(cloud, result.patch);
      this.#host.highlight(undefined);
      await this.#show(after, 'proposal', result.patch.removed, result.patch.added.count);
      this.#proposal = { result, after, showsBefore: false };
      this.#tell('proposal', { result });
      this.#tellHistory();
      return result;
    });
  }

  async deleteSelection(): Promise<void> {
    const cloud = this.#requireCloud('delete');
    this.#refuseProposal('delete');
    this.#refuseWhileBusy();
    const removed = selectedRows(this.#requireSelection('delete'));
    if (removed.length === cloud.count) {
      throw new SplatmendError(
        'everything-selected',
        'delete: every splat is selected; leave some of the scene',
      );
    }
    const patch = { removed, added: createSplatCloud(0, cloud.shDegree) };
    const after = this.#history.apply(cloud, patch, `Delete ${removed.length} splats`);
    await this.#adopt(after, 'accept', undefined, removed, 0);
  }

  async accept(): Promise<void> {
    const { result, after, showsBefore } = this.#requireProposal('accept');
    const { removed, added } = result.patch;
    this.#history.record(
      this.#requireCloud('accept'),
      result.patch,
      `Remove ${removed.length} splats`,
    );
    this.#proposal = undefined;
    this.#tell('proposal', { result: undefined });
    // The host shows it already, unless the user was looking at the scene before.
    this.#setTruth(after);
    if (showsBefore) await this.#show(after, 'accept', removed, added.count);
    this.#tellCloud();
  }

  async discard(): Promise<void> {
    const { showsBefore } = this.#requireProposal('discard');
    const cloud = this.#requireCloud('discard');
    this.#proposal = undefined;
    this.#tell('proposal', { result: undefined });
    if (!showsBefore) await this.#show(cloud, 'discard');
    this.#host.highlight(this.#selection);
    this.#host.requestRender();
    this.#tellHistory();
  }

  async compare(showBefore: boolean): Promise<void> {
    const proposal = this.#requireProposal('compare');
    if (proposal.showsBefore === showBefore) return;
    proposal.showsBefore = showBefore;
    await this.#show(showBefore ? this.#requireCloud('compare') : proposal.after, 'compare');
  }

  async undo(): Promise<boolean> {
    this.#refuseWhileBusy();
    if (this.#proposal) {
      await this.discard();
      return true;
    }
    const step = this.#cloud && this.#history.undo(this.#cloud);
    if (!step) return false;
    const { removed } = step.edit.patch;
    // What came back is selected again, as before the edit.
    const selection = new Uint8Array(step.cloud.count);
    for (const row of removed) selection[row] = 1;
    await this.#adopt(step.cloud, 'undo', selection);
    return true;
  }

  async redo(): Promise<boolean> {
    this.#refuseWhileBusy();
    this.#refuseProposal('redo');
    const step = this.#cloud && this.#history.redo(this.#cloud);
    if (!step) return false;
    const { removed, added } = step.edit.patch;
    await this.#adopt(step.cloud, 'redo', undefined, removed, added.count);
    return true;
  }

  async export(format: SplatFormat): Promise<Uint8Array> {
    this.#requireCloud('export');
    return this.#run('export', (signal) => this.#client.writeScene(format, signal));
  }

  cancel(): void {
    this.#abort?.abort();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.cancel();
    if (this.#ownsClient) this.#client.dispose();
    this.#history.clear();
    this.#host.highlight(undefined);
    this.#host.dispose?.();
  }

  #tell<K extends keyof MenderEvents>(type: K, detail: MenderEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #tellHistory(): void {
    this.#tell('history', { canUndo: this.canUndo, canRedo: this.canRedo });
  }

  #tellCloud(): void {
    this.#tell('selection', { count: this.#selectedCount, onSurface: false });
    this.#tell('cloud', { cloud: this.#cloud });
    this.#tellHistory();
  }

  #setTruth(cloud: SplatCloud, selection?: Selection): void {
    this.#cloud = cloud;
    this.#client.cloud = cloud;
    this.#selection = selection;
    this.#selectedCount = selection ? countSelected(selection) : 0;
  }

  async #show(
    cloud: SplatCloud,
    kind: CloudChange['kind'],
    removed?: Uint32Array,
    added?: number,
  ): Promise<void> {
    const change: CloudChange = { kind };
    if (removed) change.removed = removed;
    if (added !== undefined) change.added = added;
    await this.#host.showCloud(cloud, change);
    this.#host.requestRender();
  }

  /** Makes the cloud the truth, shows it and says so. */
  async #adopt(
    cloud: SplatCloud,
    kind: CloudChange['kind'],
    selection?: Selection,
    removed?: Uint32Array,
    added?: number,
  ): Promise<void> {
    this.#setTruth(cloud, selection);
    await this.#show(cloud, kind, removed, added);
    this.#host.highlight(selection);
    this.#host.requestRender();
    this.#tellCloud();
  }

  async #replaceCloud(cloud: SplatCloud): Promise<void> {
    this.#history.clear();
    if (this.#proposal) {
      this.#proposal = undefined;
      this.#tell('proposal', { result: undefined });
    }
    await this.#adopt(cloud, 'open');
  }

  #join(fresh: Selection, mode: SelectMode, onSurface: boolean): number {
    const joined = joinSelections(this.#selection, fresh, mode);
    const count = countSelected(joined);
    this.#selection = count > 0 ? joined : undefined;
    this.#selectedCount = count;
    this.#host.highlight(this.#selection);
    this.#host.requestRender();
    this.#tell('selection', { count, onSurface });
    return count;
  }

  /** Runs one job: says when it begins and ends, and lets `cancel` stop it. */
  async #run<T>(task: MenderTask, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#refuseWhileBusy();
    const abort = new AbortController();
    this.#abort = abort;
    this.#task = task;
    this.#tell('busy', { task });
    try {
      return await work(abort.signal);
    } finally {
      this.#abort = undefined;
      this.#task = undefined;
      const backend = this.#client.backend;
      if (backend && backend !== this.#toldBackend) {
        this.#toldBackend = backend;
        this.#tell('backend', backend);
      }
      this.#tell('busy', { task: undefined });
    }
  }

  #refuseWhileBusy(): void {
    if (this.#disposed) {
      throw new SplatmendError('internal', 'mender: it was disposed of; make a new one');
    }
    if (this.#task === undefined) return;
    throw new SplatmendError(
      'busy',
      `mender: still busy (${this.#task}); wait for it or cancel it first`,
    );
  }

  #refuseProposal(where: string): void {
    if (!this.#proposal) return;
    throw new SplatmendError('busy', `${where}: accept or discard the mended scene first`);
  }

  #requireProposal(where: string) {
    this.#refuseWhileBusy();
    if (this.#proposal) return this.#proposal;
    throw new SplatmendError('bad-option', `${where}: nothing is proposed; remove something first`);
  }

  #requireCloud(where: string): SplatCloud {
    if (this.#cloud) return this.#cloud;
    throw new SplatmendError('no-scene', `${where}: there is no scene; open a file first`);
  }

  #requireSelection(where: string): Selection {
    if (this.#selection) return this.#selection;
    throw new SplatmendError('empty-selection', `${where}: 0 splats selected; select some first`);
  }
}
