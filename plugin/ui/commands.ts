import type { Vec3 } from '../../core/camera.ts';
import type { PaintedMask } from '../../core/remove-types.ts';
import type { Segmenter } from '../../core/segmenter.ts';
import type { Mender } from '../mender-types.ts';
import { waitingEdit, waits } from '../waits.ts';
import { fillByHand, isEdited, saveReference } from './by-hand.ts';
import { canPerform, type EditorCommand, sendCommand } from './command.ts';
import { type CommandTarget, tellFailure } from './command-target.ts';
import { imageMeaning } from './dropped-image.ts';
import { extentOf } from './extent.ts';
import { count } from './figures.ts';
import {
  baseName,
  download,
  encodePng,
  exportName,
  pickFile,
  pickFiles,
  pickScene,
} from './files.ts';
import { deleteModel, loadDepth, loadFiller, useDepth, useFiller } from './filler-choice.ts';
import { shadowLifted } from './lift-shadow.ts';
import { InsertedMover } from './move-inserted.ts';
import { notNow, refusalOf } from './not-now.ts';
import { isDepthName, PHOTO_ACCEPT, photoAndDepth } from './photo-files.ts';
import { askPhoto, isSelection, openScene, openSelection, restoreSession } from './scene-files.ts';
import { openSegmenter, segmenterNote } from './segmenter-files.ts';
import { saveSelection } from './selection-files.ts';
import { UPS } from './ups.ts';

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
  /** What `turn-up` chose last, for a host that does not say. */
  #up: Vec3 | undefined;
  /** Holding a key repeats and releases quickly: only the last wish counts. */
  #wantBefore = false;
  #comparing = false;
  readonly #mover = new InsertedMover();
  /** Loaded here, and not the page's. */
  #segmenter: Segmenter | undefined;

  constructor(target: CommandTarget) {
    this.#target = target;
  }

  /** Does it. A failure is shown and told as an event; it never throws. */
  async perform(command: EditorCommand): Promise<void> {
    const { mender } = this.#target;
    if (!canPerform(command.name, mender)) {
      const why = mender && refusalOf(command, mender);
      if (why !== undefined) this.#target.say('note', why);
      return;
    }
    try {
      await this.#perform(command, mender!);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Shows an error, unless the page does. */
  fail(error: unknown): void {
    tellFailure(this.#target, error);
  }

  async #perform(command: EditorCommand, mender: Mender): Promise<unknown> {
    const target = this.#target;
    switch (command.name) {
      case 'open': {
        const picked = await pickScene();
        return picked && openScene(target, mender, picked.file, picked.handle);
      }
      case 'open-files':
        return this.#openDropped(mender, command.files, command.handle);
      case 'photo': {
        // Once the dialog is there it takes files itself.
        if (command.file && customElements.get('splatmend-photo-dialog')) return undefined;
        const file = command.file ?? (await pickFile(PHOTO_ACCEPT));
        return file && askPhoto(target, mender, { ...command, file });
      }
      case 'open-recent': {
        const file = await target.recent!.open(command.file);
        return openScene(target, mender, file, command.file.handle);
      }
      case 'restore':
        return restoreSession(target, mender, command.id);
      case 'discard-session':
        return target.session!.discard(command.id);
      case 'export': {
        const bytes = await mender.export(command.format);
        return download(bytes, exportName(target.fileName, command.format));
      }
      case 'save-picture': {
        const picture = await target.host?.capture();
        return picture && download(await encodePng(picture), `${baseName(target.fileName)}.png`);
      }
      case 'save-selection':
        return saveSelection(mender, target.fileName);
      case 'load-selection': {
        const file = await pickFile('.json,image/*');
        return file && openSelection(target, mender, file);
      }
      case 'load-segmenter':
        return this.#loadSegmenter(await pickFiles('.onnx'));
      case 'use-filler':
        return useFiller(mender, command.filler);
      case 'load-filler':
        return loadFiller(target, mender, command.kind, command.files);
      case 'delete-model':
        return deleteModel(mender, command.model);
      case 'load-depth':
        return loadDepth(target, mender, command.from);
      case 'no-depth':
        return useDepth(mender, undefined);
      case 'save-reference': {
        const name = await saveReference(mender, target.fileName, target.removeOptions);
        return target.say(
          'note',
          `Saved ${name}: its hole is transparent. Paint over it in any image editor, and drop it back here.`,
        );
      }
      case 'load-edited': {
        const file = command.file ?? (await pickFile('image/*'));
        return file && fillByHand(mender, file, removeOptions(target));
      }
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
      case 'add-shadow':
        return mender.addShadow();
      case 'hide':
        return mender.hideSelection();
      case 'show-all':
        return mender.showAll();
      case 'lock':
        return mender.lockSelection();
      case 'unlock':
        return mender.unlockAll();
      case 'remove':
        return mender.remove({ ...removeOptions(target), ...paintedIn(command) });
      case 'delete': {
        const n = mender.selectedCount;
        await mender.deleteSelection();
        const what = count(n, 'splat', 'splats');
        return target.say(
          'note',
          `Deleted ${what}. Ctrl+Z brings ${n === 1 ? 'it' : 'them'} back.`,
        );
      }
      case 'insert-again':
        return mender.insertAgain({ attach: command.attach });
      case 'move-inserted':
        return mender.moveInserted(command.distance);
      case 'nearer':
        return this.#mover.step(mender, -1);
      case 'farther':
        return this.#mover.step(mender, 1);
      case 'extend':
        return mender.extend(command.path, { ...target.extendOptions, ...command.options });
      case 'add-candidate':
        if (mender.extension) return mender.extendAgain();
        return mender.addCandidate({
          // Without another wish like the one that is shown.
          liftShadow: command.liftShadow ?? mender.proposal?.lit !== undefined,
          ...paintedIn(command),
        });
      case 'choose':
        return mender.choose(command.index);
      case 'accept':
        return mender.accept();
      case 'discard': {
        const what = waitingEdit(mender);
        await mender.discard();
        return target.say('note', `Discarded. Ctrl+Shift+Z brings the ${what} back.`);
      }
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
        return this.#turnUp();
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

  /**
   * Scenes, photos, selections of the scene that is open, a segmenter's two files, a filler's one, the hole's picture, painted,
   * or an image to insert.
   */
  async #openDropped(
    mender: Mender,
    files: readonly File[],
    handle: FileSystemFileHandle | undefined,
  ): Promise<void> {
    const [file, ...others] = files;
    if (file === undefined) return;
    const onnx = files.filter((f) => /\.onnx$/i.test(f.name));
    if (onnx.length === 2) return this.#loadSegmenter(onnx);
    if (onnx.length === 1) return loadFiller(this.#target, mender, 'onnx', files);
    if (isEdited(mender, file)) {
      await fillByHand(mender, file, removeOptions(this.#target));
      return;
    }
    const pair = await photoAndDepth(files);
    if (pair) return askPhoto(this.#target, mender, { file: pair.photo, depth: pair.depth });
    if (isDepthName(file.name)) {
      this.#target.say('note', `${file.name} is a depth map: drop it together with its photo.`);
      return;
    }
    const meaning = await imageMeaning(this.#target, mender, file);
    if (meaning === 'photo' || meaning === 'either') {
      const either = meaning === 'either';
      await askPhoto(this.#target, mender, { file, either, ...(handle && { handle }) });
    } else if (meaning === 'insert' || isSelection(mender, file)) {
      const why = notNow(mender, 'drop');
      if (why !== undefined) this.#target.say('note', why);
      else if (meaning === 'insert') sendCommand(this.#target, { name: 'insert', file });
      else await openSelection(this.#target, mender, file);
    } else await openScene(this.#target, mender, file, handle);
    if (others.length > 0) {
      this.#target.say('note', 'One at a time: the first file was opened.');
    }
  }

  #turnUp(): void {
    const { host } = this.#target;
    const now = host?.up ?? this.#up ?? UPS[0]!;
    const at = UPS.findIndex((up) => up.every((x, k) => x === now[k]));
    this.#up = UPS[(at + 1) % UPS.length]!;
    host?.setUp?.(this.#up);
    sendCommand(this.#target, { name: 'frame' });
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
      while (waits(mender) && shown !== this.#wantBefore) {
        shown = this.#wantBefore;
        await mender.compare(shown);
      }
    } finally {
      this.#comparing = false;
    }
  }
}

/** The page's options, and what the user has switched on. */
const removeOptions = (target: CommandTarget) => ({
  ...target.removeOptions,
  ...(shadowLifted.wanted && { liftShadow: true }),
});
const paintedIn = ({ painted }: { painted?: PaintedMask | null }) => (painted ? { painted } : {});
