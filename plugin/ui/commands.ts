import type { PaintedMask } from '../../core/remove-types.ts';
import type { Segmenter } from '../../core/segmenter.ts';
import type { Mender } from '../mender-types.ts';
import { waitingEdit } from '../waits.ts';
import { fillByHand, saveReference } from './by-hand.ts';
import { type CommandName, canPerform, type EditorCommand } from './command.ts';
import { type CommandTarget, tellFailure } from './command-target.ts';
import { openDropped } from './dropped-files.ts';
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
import { HistorySteps } from './history-steps.ts';
import { Looking } from './looking.ts';
import { InsertedMover } from './move-inserted.ts';
import { refusalOf } from './not-now.ts';
import { PHOTO_ACCEPT } from './photo-files.ts';
import { removalOptions } from './removal-options.ts';
import { askPhoto, openScene, openSelection, restoreSession } from './scene-files.ts';
import { openSegmenter, segmenterNote } from './segmenter-files.ts';
import { saveSelection } from './selection-files.ts';

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
  readonly #looking: Looking;
  readonly #mover = new InsertedMover();
  readonly #steps = new HistorySteps();
  /** Loaded here, and not the page's. */
  #segmenter: Segmenter | undefined;

  constructor(target: CommandTarget) {
    this.#target = target;
    this.#looking = new Looking(target);
  }

  /** Whether `perform` does it now, or in its turn. */
  accepts(name: CommandName): boolean {
    return canPerform(name, this.#target.mender) || this.#steps.queues(name);
  }

  /** Does it. A failure is shown and told as an event; it never throws. */
  async perform(command: EditorCommand): Promise<void> {
    const { mender } = this.#target;
    if (!this.accepts(command.name)) {
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
        return openDropped(target, mender, command, (files) => this.#loadSegmenter(files));
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
        return download(bytes, exportName(target.fileName, command.format, mender.edited));
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
        return file && fillByHand(mender, file, removalOptions(target));
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
        return mender.remove({ ...removalOptions(target), ...paintedIn(command) });
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
        return this.#looking.compare(mender, command.before);
      case 'cancel':
        this.#steps.forget();
        return mender.cancel();
      case 'undo':
      case 'redo':
        return this.#steps.go(mender, command.name);
      case 'frame':
        return this.#looking.frame(mender);
      case 'turn-up':
        return this.#looking.turnUp();
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
}

const paintedIn = ({ painted }: { painted?: PaintedMask | null }) => (painted ? { painted } : {});
