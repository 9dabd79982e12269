import type { Vec3 } from '../../core/camera.ts';
import { type Failure, toFailure } from '../../core/errors.ts';
import type { SceneFile } from '../../core/formats/index.ts';
import type { PaintedMask, RemoveOptions } from '../../core/remove-types.ts';
import type { Segmenter } from '../../core/segmenter.ts';
import type { MendHost } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import type { RecentFiles } from '../storage/recent-files.ts';
import type { SessionStore } from '../storage/session-store.ts';
import { type CommandName, canPerform, type EditorCommand, sendCommand } from './command.ts';
import { extentOf } from './extent.ts';
import {
  baseName,
  download,
  encodePng,
  pickFile,
  pickFiles,
  pickScene,
  readFileBytes,
} from './files.ts';
import { isImageName, selectByMaskImage } from './mask-image.ts';
import { openSegmenter, segmenterNote } from './segmenter-files.ts';
import { loadSelection, saveSelection } from './selection-files.ts';

/** A file was opened. Prevent the default to frame the scene yourself. */
export interface OpenedDetail {
  fileName: string;
  scene: SceneFile;
  source: File;
}
/** Something the user asked for failed. Prevent the default to show it yourself. */
export type ErrorDetail = Failure & { error: unknown };

declare global {
  interface HTMLElementEventMap {
    'splatmend-opened': CustomEvent<OpenedDetail>;
    /** A saved session was brought back. Prevent the default to frame the scene yourself. */
    'splatmend-restored': CustomEvent<{ fileName: string }>;
    'splatmend-error': CustomEvent<ErrorDetail>;
  }
}

/** The element that performs commands. */
export interface CommandTarget extends HTMLElement {
  mender: Mender | undefined;
  host: MendHost | undefined;
  /** Name of the open file; empty when there is none. */
  fileName: string;
  removeOptions: RemoveOptions | undefined;
  /** Where sessions are saved; without it there are none to restore. */
  session?: SessionStore | undefined;
  /** Files opened lately; without it they are not remembered. */
  recent?: RecentFiles | undefined;
  /** What the segment tool asks. */
  segmenter?: Segmenter | undefined;
  say(kind: 'error' | 'note', message: string): void;
  toggle?(what: Toggled): void;
}
/** What only changes the looks. */
export type Toggled = Extract<CommandName, 'theme' | 'panel' | 'help' | 'compare-slider'>;

/** Ways up that `turn-up` goes through: PLY captures are y down, others follow glTF or CAD. */
const UPS: readonly Vec3[] = [
  [0, -1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, -1],
  [1, 0, 0],
  [-1, 0, 0],
];
/** A selection is looked at with what surrounds it. */
const ROUND_SELECTION = 2;

/**
 * Performs the commands of an element and of what lies in it, unless the page took them over.
 * @param active whether it is this element's turn; default always
 */
export function performCommands(target: CommandTarget, active = () => true): Commands {
  const commands = new Commands(target);
  target.addEventListener('splatmend-command', (event) => {
    // After the page's listeners, which come later on the event's way up.
    queueMicrotask(() => {
      if (!event.defaultPrevented && active()) void commands.perform(event.detail);
    });
  });
  return commands;
}

export class Commands {
  readonly #target: CommandTarget;
  #up = 0;
  /** Holding a key repeats and releases quickly: only the last wish counts. */
  #wantBefore = false;
  #comparing = false;
  /** Loaded here, and not the page's. */
  #segmenter: Segmenter | undefined;

  constructor(target: CommandTarget) {
    this.#target = target;
  }

  /** Does it. A failure is shown and told as an event; it never throws. */
  async perform(command: EditorCommand): Promise<void> {
    const { mender } = this.#target;
    if (!canPerform(command.name, mender)) return;
    try {
      await this.#perform(command, mender!);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Shows an error, unless the page does. */
  fail(error: unknown): void {
    const failure = toFailure(error);
    // The user asked for it: the picture says it already.
    if (failure.code === 'cancelled') return;
    if (failure.code === 'internal') console.error(error);
    const wanted = this.#tell('splatmend-error', { ...failure, error });
    if (wanted) this.#target.say('error', failure.message);
  }

  async #perform(command: EditorCommand, mender: Mender): Promise<unknown> {
    const target = this.#target;
    switch (command.name) {
      case 'open': {
        const picked = await pickScene();
        return picked && this.#openFile(mender, picked.file, picked.handle);
      }
      case 'open-files': {
        const [file, ...others] = command.files;
        if (file === undefined) return;
        await this.#openFile(mender, file, command.handle);
        if (others.length > 0)
          target.say('note', 'One scene at a time: the first file was opened.');
        return;
      }
      case 'open-recent': {
        const file = await target.recent!.open(command.file);
        return this.#openFile(mender, file, command.file.handle);
      }
      case 'restore':
        return this.#restore(mender, command.id);
      case 'discard-session':
        return target.session!.discard(command.id);
      case 'export': {
        const bytes = await mender.export(command.format);
        return download(bytes, `${baseName(target.fileName)}-mended.${command.format}`);
      }
      case 'save-picture': {
        const picture = await target.host?.capture();
        return picture && download(await encodePng(picture), `${baseName(target.fileName)}.png`);
      }
      case 'save-selection':
        return saveSelection(mender, target.fileName);
      case 'load-selection': {
        const file = await pickFile('.json,image/*');
        if (file === undefined) return;
        if (isImageName(file.name) && target.host) {
          return selectByMaskImage(mender, target.host, file);
        }
        const names = await loadSelection(mender, file);
        if (names.length > 1) target.say('note', `Selected together: ${names.join(', ')}.`);
        return;
      }
      case 'load-segmenter':
        return this.#loadSegmenter(await pickFiles('.onnx'));
      case 'select-all':
        return mender.selectAll();
      case 'clear':
        return mender.clearSelection();
      case 'invert':
        return mender.invertSelection();
      case 'grow':
        return mender.growSelection();
      case 'shrink':
        return mender.shrinkSelection();
      case 'hide':
        return mender.hideSelection();
      case 'show-all':
        return mender.showAll();
      case 'lock':
        return mender.lockSelection();
      case 'unlock':
        return mender.unlockAll();
      case 'remove':
        return mender.remove({ ...target.removeOptions, ...paintedIn(command) });
      case 'delete': {
        const n = mender.selectedCount;
        await mender.deleteSelection();
        const what = `${n.toLocaleString('en')} ${n === 1 ? 'splat' : 'splats'}`;
        return target.say(
          'note',
          `Deleted ${what}. Ctrl+Z brings ${n === 1 ? 'it' : 'them'} back.`,
        );
      }
      case 'add-candidate':
        return mender.addCandidate(paintedIn(command));
      case 'choose':
        return mender.choose(command.index);
      case 'accept':
        return mender.accept();
      case 'discard':
        await mender.discard();
        return target.say('note', 'Discarded. Ctrl+Shift+Z brings the removal back.');
      case 'compare':
        return this.#compare(mender, command.before);
      case 'cancel':
        return mender.cancel();
      case 'undo':
        return mender.undo();
      case 'redo':
        return mender.redo();
      case 'frame':
        return this.#frame(mender);
      case 'turn-up':
        this.#up = (this.#up + 1) % UPS.length;
        target.host?.setUp?.(UPS[this.#up]!);
        return sendCommand(target, { name: 'frame' });
      case 'theme':
      case 'panel':
      case 'help':
      case 'compare-slider':
        return target.toggle?.(command.name);
    }
  }

  /** Frees what was loaded here. */
  dispose(): void {
    if (this.#target.segmenter === this.#segmenter) this.#target.segmenter = undefined;
    this.#segmenter?.dispose();
    this.#segmenter = undefined;
  }

  async #loadSegmenter(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const segmenter = await openSegmenter(files);
    this.dispose();
    this.#segmenter = segmenter;
    this.#target.segmenter = segmenter;
    this.#target.say('note', segmenterNote(segmenter));
  }

  async #restore(mender: Mender, id: string): Promise<void> {
    const saved = await this.#target.session!.load(id);
    await mender.restore(saved.base, saved.steps, saved.done);
    saved.goOn();
    this.#target.fileName = saved.fileName;
    this.#up = 0;
    if (this.#tell('splatmend-restored', { fileName: saved.fileName })) this.#showUpright();
    const steps = `${saved.done} ${saved.done === 1 ? 'step' : 'steps'}`;
    this.#target.say('note', `Brought back ${saved.fileName} with ${steps}, as it was left.`);
  }

  #showUpright(): void {
    this.#target.host?.setUp?.(UPS[0]!);
    sendCommand(this.#target, { name: 'frame' });
  }

  async #openFile(mender: Mender, source: File, handle?: FileSystemFileHandle): Promise<void> {
    const scene = await mender.open(await readFileBytes(source), source.name);
    this.#target.fileName = source.name;
    this.#up = 0;
    // A list of files is a comfort: that it could not be kept is no failure of opening.
    if (handle) this.#target.recent?.add(handle).catch(() => undefined);
    const frame = this.#tell('splatmend-opened', { fileName: source.name, scene, source });
    if (frame) this.#showUpright();
    const { nonFinite, oversized, zeroRotations, notes } = scene.report;
    const broken = nonFinite + oversized + zeroRotations;
    const all = [...notes];
    if (broken > 0) {
      all.push(
        `${broken.toLocaleString('en')} splats have values that cannot be drawn; they are kept as they are`,
      );
    }
    for (const note of all) this.#target.say('note', `${source.name}: ${note}`);
  }

  #frame(mender: Mender): void {
    const extent = extentOf(mender.cloud!, mender.selection);
    const margin = mender.selection ? ROUND_SELECTION : 1;
    if (extent) this.#target.host?.frame?.(extent.center, extent.radius * margin);
  }

  async #compare(mender: Mender, before: boolean): Promise<void> {
    this.#wantBefore = before;
    if (this.#comparing) return;
    this.#comparing = true;
    try {
      let shown: boolean | undefined;
      while (mender.proposal && shown !== this.#wantBefore) {
        shown = this.#wantBefore;
        await mender.compare(shown);
      }
    } finally {
      this.#comparing = false;
    }
  }

  /** @returns whether nobody prevented the default */
  #tell(type: string, detail: unknown): boolean {
    return this.#target.dispatchEvent(
      new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }),
    );
  }
}

const paintedIn = ({ painted }: { painted?: PaintedMask }) => (painted ? { painted } : {});
