import { SplatmendError } from '../core/errors.ts';
import { countMarked, dropUnselectable, HIDDEN, LOCKED } from '../core/marks.ts';
import { throwIfCancelled } from '../core/progress.ts';
import type { RemoveResult } from '../core/remove-types.ts';
import type { SelectShape } from '../core/select-types.ts';
import type { Selection, SelectionVolume } from '../core/selection.ts';
import type { MendClient } from './client-types.ts';
import { typedEventTarget } from './events.ts';
import type { MendHost } from './host.ts';
import type {
  Extension,
  Insertion,
  MenderEvents,
  MenderOptions,
  MenderTask,
} from './mender-types.ts';
import { SceneState, type Tell } from './scene-state.ts';
import { joinSelections, type SelectMode, selectLabel } from './selection-modes.ts';
import { createTaskRunner, type TaskRunner } from './task-runner.ts';
import { waitingEdit } from './waits.ts';

/** `1,203 splats`. */
export const countedSplats = (n: number): string =>
  `${n.toLocaleString('en')} ${n === 1 ? 'splat' : 'splats'}`;

const WAITING = {
  removal: 'the mended scene',
  insertion: 'what was inserted',
  extension: 'the extended scene',
};

const MenderEventTarget = typedEventTarget<MenderEvents>();

/** The half of a mender that selects, hides and locks: what a removal then starts from. */
export abstract class SelectingMender extends MenderEventTarget {
  protected readonly host: MendHost;
  protected readonly client: MendClient;
  protected readonly scene: SceneState;
  protected readonly tasks: TaskRunner;

  constructor(host: MendHost, client: MendClient, options: MenderOptions) {
    super();
    this.host = host;
    this.client = client;
    this.tasks = createTaskRunner(() => this.tasksChanged());
    this.scene = new SceneState(host, client, options, this.tell);
  }

  get task(): MenderTask | undefined {
    return this.tasks.task;
  }
  abstract get proposal(): RemoveResult | undefined;
  abstract get insertion(): Insertion | undefined;
  abstract get extension(): Extension | undefined;
  protected abstract tasksChanged(): void;

  protected tell: Tell = (type, detail) => {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };

  get cloud() {
    return this.scene.cloud;
  }
  get selection() {
    return this.scene.selection;
  }
  get selectedCount() {
    return this.scene.selectedCount;
  }
  get marks() {
    return this.scene.marks;
  }
  get hiddenCount() {
    return countMarked(this.marks, HIDDEN);
  }
  get lockedCount() {
    return countMarked(this.marks, LOCKED);
  }

  async select(shape: SelectShape, mode: SelectMode = 'set'): Promise<number> {
    this.scene.requireCloud('select');
    this.refuseProposal('select');
    return this.tasks.run('select', async (signal) => {
      const { marks } = this;
      const found = await this.client.select({ ...shape, ...(marks ? { marks } : {}) }, signal);
      throwIfCancelled(signal);
      return this.#join(found.selection, mode, selectLabel(shape.kind), found.onSurface);
    });
  }

  async selectAt(
    clientX: number,
    clientY: number,
    options: { mode?: SelectMode; strength?: number } = {},
  ): Promise<number> {
    const pixel = this.host.pixelAt(clientX, clientY);
    if (!pixel) return this.setSelection(undefined, options.mode);
    return this.selectPixel(pixel.x, pixel.y, options);
  }

  async selectPixel(
    x: number,
    y: number,
    { mode = 'set', strength }: { mode?: SelectMode; strength?: number } = {},
  ): Promise<number> {
    this.scene.requireCloud('select');
    const camera = this.host.currentCamera();
    const wish = strength === undefined ? {} : { strength };
    return this.select({ kind: 'object', camera, x, y, ...wish }, mode);
  }

  async selectVolume(volume: SelectionVolume, mode: SelectMode = 'set'): Promise<number> {
    return this.select({ kind: 'volume', volume }, mode);
  }

  async growSelection(steps = 1): Promise<number> {
    return this.select({ kind: 'grow', base: this.scene.requireSelection('grow'), steps });
  }

  async shrinkSelection(steps = 1): Promise<number> {
    return this.select({ kind: 'shrink', base: this.scene.requireSelection('shrink'), steps });
  }

  async addShadow(): Promise<number> {
    return this.select({ kind: 'halo', base: this.scene.requireSelection('add the shadow') });
  }

  setSelection(
    selection: Selection | undefined,
    mode: SelectMode = 'set',
    label = selection ? 'Select' : 'Clear selection',
  ): number {
    const { count } = this.scene.requireCloud('select');
    this.refuseProposal('select');
    this.tasks.refuseWhileBusy();
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
    const { count } = this.scene.requireCloud('select');
    return this.setSelection(new Uint8Array(count).fill(1), 'set', 'Select all');
  }

  invertSelection(): number {
    const { count } = this.scene.requireCloud('select');
    const inverted = new Uint8Array(count).fill(1);
    const old = this.selection;
    if (old) for (let i = 0; i < count; i++) inverted[i] = old[i] === 0 ? 1 : 0;
    return this.setSelection(inverted, 'set', 'Invert selection');
  }

  clearSelection(): void {
    if (this.selection) this.setSelection(undefined);
  }

  hideSelection(): void {
    this.#mark('hide', HIDDEN, `Hide ${countedSplats(this.selectedCount)}`);
  }
  showAll(): void {
    this.#unmark('show', HIDDEN, 'Show all');
  }
  lockSelection(): void {
    this.#mark('lock', LOCKED, `Lock ${countedSplats(this.selectedCount)}`);
  }
  unlockAll(): void {
    this.#unmark('unlock', LOCKED, 'Unlock all');
  }

  #join(fresh: Selection, mode: SelectMode, label: string, onSurface: boolean): number {
    const joined = joinSelections(this.selection, fresh, mode);
    this.scene.setMarks(joined, this.marks, label, onSurface);
    return this.selectedCount;
  }

  #mark(where: string, bit: number, label: string): void {
    const selection = this.scene.requireSelection(where);
    this.refuseProposal(where);
    this.tasks.refuseWhileBusy();
    const marks = this.marks?.slice() ?? new Uint8Array(selection.length);
    for (let i = 0; i < marks.length; i++) if (selection[i] !== 0) marks[i]! |= bit;
    this.scene.setMarks(undefined, marks, label);
  }

  #unmark(where: string, bit: number, label: string): void {
    this.refuseProposal(where);
    this.tasks.refuseWhileBusy();
    if (countMarked(this.marks, bit) === 0) return;
    const marks = this.marks!.map((m) => m & ~bit);
    this.scene.setMarks(this.selection, marks, label);
  }

  protected refuseProposal(where: string): void {
    const edit = waitingEdit(this);
    if (edit === undefined) return;
    throw new SplatmendError('busy', `${where}: accept or discard ${WAITING[edit]} first`);
  }
}
