import { SplatmendError } from '../core/errors.ts';
import { countMarked, HIDDEN, LOCKED, type Marks, markedWith } from '../core/marks.ts';
import { applyPatchSliced, revertPatchSliced } from '../core/patch.ts';
import type { SplatPatch } from '../core/remove-types.ts';
import { countSelected, type Selection } from '../core/selection.ts';
import { checkCloud, type SplatCloud, takeSplats } from '../core/splat-cloud.ts';
import type { MendClient } from './client-types.ts';
import { createHistory, type History } from './history.ts';
import type { Journal, PackedMarks, Step } from './history-types.ts';
import type { CloudChange, MendHost, ShownMarks } from './host.ts';
import type { MenderEvents } from './mender-types.ts';
import { marksAfterPatch, packMarks, samePackedMarks, unpackMarks } from './packed-marks.ts';

export type Tell = <K extends keyof MenderEvents>(type: K, detail: MenderEvents[K]) => void;

/**
 * The truth: cloud, selection, marks and the steps that led there; keeps host, client and journal in line
 * with it. The host is told first: where it fails, nothing has changed.
 */
export class SceneState {
  cloud: SplatCloud | undefined;
  selection: Selection | undefined;
  selectedCount = 0;
  marks: Marks | undefined;
  readonly history: History;
  readonly #host: MendHost;
  readonly #client: MendClient;
  readonly #journal: Journal | undefined;
  readonly #tell: Tell;
  /** Selection and marks as the newest step left them. */
  #packed: PackedMarks = { count: 0 };
  /** What the host shows, a proposal perhaps. */
  #shown:
    | { cloud: SplatCloud; selection?: Selection | undefined; marks?: Marks | undefined }
    | undefined;

  constructor(
    host: MendHost,
    client: MendClient,
    options: { historyBytes?: number | undefined; journal?: Journal | undefined },
    tell: Tell,
  ) {
    this.#host = host;
    this.#client = client;
    this.#journal = options.journal;
    this.#tell = tell;
    this.history = createHistory(options.historyBytes);
    const cloud = host.readCloud();
    if (cloud === undefined) return;
    checkCloud(cloud, `the ${host.name} host's cloud`);
    this.#shown = { cloud };
    this.#setTruth(cloud, { count: cloud.count });
    client.setCloud(cloud);
    this.#journal?.opened(cloud, '');
  }

  requireCloud(where: string): SplatCloud {
    if (this.cloud) return this.cloud;
    throw new SplatmendError('no-scene', `${where}: there is no scene; open a file first`);
  }

  requireSelection(where: string): Selection {
    this.requireCloud(where);
    if (this.selection) return this.selection;
    throw new SplatmendError('empty-selection', `${where}: 0 splats selected; select some first`);
  }

  /** A new scene: what was before is forgotten. */
  async open(cloud: SplatCloud, fileName: string): Promise<void> {
    checkCloud(cloud, 'open');
    await this.show(cloud, { kind: 'open' });
    this.history.clear();
    this.#setTruth(cloud, { count: cloud.count });
    this.#client.setCloud(cloud);
    this.#journal?.opened(cloud, fileName);
  }

  /** A saved scene with its steps; the journal has them already. */
  async restore(
    base: SplatCloud,
    steps: readonly Step[],
    done: number,
    signal: AbortSignal,
  ): Promise<void> {
    let cloud = base;
    for (const { patch } of steps.slice(0, done)) {
      if (patch) cloud = await applyPatchSliced(cloud, patch, signal);
    }
    const packed = steps[done - 1]?.after ?? steps[0]?.before ?? { count: base.count };
    if (packed.count !== cloud.count) {
      throw new SplatmendError(
        'bad-file',
        `restore: the saved steps lead to ${cloud.count} splats, their marks are for ${packed.count}; the saved session is damaged`,
      );
    }
    await this.show(cloud, { kind: 'restore' }, unpackMarks(packed));
    this.history.load(steps, done);
    this.#setTruth(cloud, packed);
    this.#client.setCloud(cloud);
  }

  /** Shows a cloud with these marks; where the host fails, it gets back what it showed and the error goes on. */
  async show(
    cloud: SplatCloud,
    change: CloudChange,
    marks: { selection?: Selection | undefined; marks?: Marks | undefined } = {},
  ): Promise<void> {
    try {
      await this.#host.showCloud(cloud, change);
    } catch (error) {
      await this.#showAgain();
      throw error;
    }
    this.#shown = { cloud, ...marks };
    this.#put(marks.selection, marks.marks);
  }

  /** After the host failed: what it showed before, if it can at all. */
  async #showAgain(): Promise<void> {
    if (!this.#shown) return;
    const { cloud, selection, marks } = this.#shown;
    try {
      await this.#host.showCloud(cloud, { kind: 'restore' });
      this.#put(selection, marks);
    } catch {
      // The host is out of order; the truth is not.
    }
  }

  /** Shows the scene's own selection and marks. */
  showMarks(): void {
    this.#put(this.selection, this.marks);
  }

  #put(selection: Selection | undefined, marks: Marks | undefined): void {
    if (this.#shown) this.#shown = { ...this.#shown, selection, marks };
    const shown: ShownMarks = {};
    const hidden = markedWith(marks, HIDDEN);
    const locked = markedWith(marks, LOCKED);
    if (selection) shown.selected = selection;
    if (hidden) shown.hidden = hidden;
    if (locked) shown.locked = locked;
    this.#host.showMarks(shown);
    this.#host.requestRender();
  }

  /** What the marks are once a patch is applied. */
  marksAfter(patch: SplatPatch): Marks | undefined {
    return marksAfterPatch(this.marks, patch.removed, patch.added.count);
  }

  /** Makes the patch, which the host shows already, one undo step. */
  adoptEdit(patch: SplatPatch, after: SplatCloud, label: string): void {
    const before = this.cloud!;
    const packed = packMarks(undefined, this.marksAfter(patch), after.count);
    const removedSplats = takeSplats(before, patch.removed);
    this.#record({ label, before: this.#packed, after: packed, patch, removedSplats });
    this.#setTruth(after, packed);
    this.#client.setCloud(after, { from: before, patch });
    this.tellCloud();
  }

  /** Makes these the selection and the marks: one undo step, or none where nothing changes. */
  setMarks(
    selection: Selection | undefined,
    marks: Marks | undefined,
    label: string,
    onSurface = false,
  ): void {
    const packed = packMarks(selection, marks, this.cloud!.count);
    if (!samePackedMarks(packed, this.#packed)) {
      this.#record({ label, before: this.#packed, after: packed });
      this.#packed = packed;
      this.selection = packed.selected ? selection : undefined;
      this.selectedCount = packed.selected ? countSelected(selection!) : 0;
      this.marks = packed.hidden || packed.locked ? marks : undefined;
      this.showMarks();
    }
    this.tellMarks(onSurface);
  }

  async stepBack(signal: AbortSignal): Promise<void> {
    const step = this.history.last!;
    const { patch, removedSplats } = step;
    const now = this.cloud!;
    if (patch && removedSplats) {
      const before = await revertPatchSliced(now, patch, removedSplats, signal);
      await this.show(before, { kind: 'undo' }, unpackMarks(step.before));
      this.#client.setCloud(before, { from: now, patch, removedSplats });
      this.#setTruth(before, step.before);
    } else this.#setTruth(now, step.before);
    this.history.stepBack();
    this.#afterStep(patch !== undefined);
  }

  async stepForward(signal: AbortSignal): Promise<void> {
    const step = this.history.next!;
    const { patch } = step;
    const now = this.cloud!;
    if (patch) {
      const after = await applyPatchSliced(now, patch, signal);
      const change = { removed: patch.removed, added: patch.added.count };
      await this.show(after, { kind: 'redo', ...change }, unpackMarks(step.after));
      this.#client.setCloud(after, { from: now, patch });
      this.#setTruth(after, step.after);
    } else this.#setTruth(now, step.after);
    this.history.stepForward();
    this.#afterStep(patch !== undefined);
  }

  tellMarks(onSurface: boolean): void {
    const { marks } = this;
    this.#tell('selection', { count: this.selectedCount, onSurface });
    this.#tell('marks', { hidden: countMarked(marks, HIDDEN), locked: countMarked(marks, LOCKED) });
    this.tellHistory();
  }

  tellCloud(opened = false): void {
    this.#client.prepare();
    this.#tell('cloud', { cloud: this.cloud, opened });
    this.tellMarks(false);
  }

  /** The mender knows whether a proposal waits: it fills in what can be done. */
  tellHistory: () => void = () => {};

  #setTruth(cloud: SplatCloud, packed: PackedMarks): void {
    const { selection, marks } = unpackMarks(packed);
    this.cloud = cloud;
    this.#packed = packed;
    this.selection = selection;
    this.selectedCount = selection ? countSelected(selection) : 0;
    this.marks = marks;
  }

  #record(step: Step): void {
    this.history.record(step);
    this.#journal?.recorded(step);
  }

  #afterStep(isEdit: boolean): void {
    this.#journal?.moved(this.history.done);
    if (isEdit) {
      this.tellCloud();
      return;
    }
    this.showMarks();
    this.tellMarks(false);
  }
}
