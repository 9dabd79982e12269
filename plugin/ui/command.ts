import type { ExtendOptions, ExtendPath } from '../../core/extend-types.ts';
import type { SplatFormat } from '../../core/formats/index.ts';
import type { InsertOptions } from '../../core/insert-types.ts';
import type { PaintedMask } from '../../core/remove-types.ts';
import type { Filler } from '../filler.ts';
import type { Mender } from '../mender-types.ts';
import type { RecentRecord } from '../storage/database.ts';
import { waits } from '../waits.ts';

/** What a panel or a key asks for. `<splatmend-editor>` (or a panel on its own) does it; see commands.ts. */
export type EditorCommand =
  | { name: 'open' }
  /** `handle` lets the first file be opened again from the recent ones. */
  | { name: 'open-files'; files: readonly File[]; handle?: FileSystemFileHandle }
  /** Asks how to make a scene of a photo, in the dialog; `either`: it may be meant for inserting, ask that, too. */
  | { name: 'photo'; file?: File; depth?: File; handle?: FileSystemFileHandle; either?: boolean }
  | { name: 'open-recent'; file: RecentRecord }
  | { name: 'restore'; id: string }
  | { name: 'discard-session'; id: string }
  | { name: 'export'; format: SplatFormat }
  | { name: 'save-picture' }
  | { name: 'select-all' }
  | { name: 'clear' }
  | { name: 'invert' }
  | { name: 'grow' }
  | { name: 'shrink' }
  | { name: 'add-shadow' }
  | { name: 'hide' }
  | { name: 'show-all' }
  | { name: 'lock' }
  | { name: 'unlock' }
  | { name: 'save-selection' }
  | { name: 'load-selection' }
  | { name: 'load-segmenter' }
  | { name: 'use-filler'; filler: Filler }
  /** `kind` is a `FillerKind`'s; files where some were dropped. */
  | { name: 'load-filler'; kind: string; files?: readonly File[] }
  | { name: 'delete-model'; model: string }
  /** A depth model, asked for (`file` unless said); and none any more. */
  | { name: 'load-depth'; from?: 'file' | 'server' }
  | { name: 'no-depth' }
  /** The hole's picture, to be painted elsewhere; and that picture, painted. */
  | { name: 'save-reference' }
  | { name: 'load-edited'; file?: File }
  | { name: 'delete' }
  /** `painted` null: the mask was looked at, and nothing painted. */
  | { name: 'remove'; painted?: PaintedMask | null }
  | { name: 'correct-mask' }
  /** Asks what, in the dialog; `file` is an image for it. */
  | { name: 'insert'; file?: File }
  /** The waiting insertion once more, attached in this way. */
  | { name: 'insert-again'; attach: NonNullable<InsertOptions['attach']> }
  /** To a multiple of the distance found; and a step from where it is. */
  | { name: 'move-inserted'; distance: number }
  | { name: 'nearer' }
  | { name: 'farther' }
  /** Asks where, in the dialog; with a path it is done. */
  | { name: 'extend'; path?: ExtendPath; options?: ExtendOptions }
  /** Of the removal or the extension that waits; the rest is a removal's. */
  | { name: 'add-candidate'; painted?: PaintedMask; liftShadow?: boolean }
  | { name: 'choose'; index: number }
  | { name: 'accept' }
  | { name: 'discard' }
  | { name: 'compare'; before: boolean }
  | { name: 'compare-slider' }
  | { name: 'cancel' }
  | { name: 'undo' }
  | { name: 'redo' }
  | { name: 'frame' }
  | { name: 'turn-up' }
  | { name: 'theme' }
  | { name: 'panel' }
  | { name: 'help' };
export type CommandName = EditorCommand['name'];
/** Those that their name says all about. */
export type PlainCommand = Exclude<
  CommandName,
  | 'open-files'
  | 'open-recent'
  | 'restore'
  | 'discard-session'
  | 'export'
  | 'use-filler'
  | 'load-filler'
  | 'delete-model'
  | 'choose'
  | 'compare'
  | 'insert-again'
  | 'move-inserted'
>;

declare global {
  interface HTMLElementEventMap {
    'splatmend-command': CustomEvent<EditorCommand>;
  }
}

/**
 * Sends a command up through the page, out of any shadow root. Whoever prevents the event's default has
 * taken it over: nobody else then acts on it.
 */
export function sendCommand(from: EventTarget, command: EditorCommand): void {
  from.dispatchEvent(
    new CustomEvent('splatmend-command', {
      detail: command,
      bubbles: true,
      composed: true,
      cancelable: true,
    }),
  );
}

/**
 * Whether the command makes sense now: what is greyed out, and which keys do nothing.
 * @param waiting whether an edit waits to be kept or discarded
 */
export function canPerform(
  name: CommandName,
  mender: Mender | undefined,
  waiting = mender !== undefined && waits(mender),
): boolean {
  if (name === 'help' || name === 'theme' || name === 'panel') return true;
  if (mender === undefined) return false;
  if (name === 'cancel') return mender.task !== undefined;
  const filled = (mender.cloud?.count ?? 0) > 0;
  if (name === 'frame' || name === 'turn-up') return filled;
  if (name === 'compare') return waiting;
  if (mender.task !== undefined) return false;
  const removal = mender.proposal !== undefined;
  switch (name) {
    case 'open':
    case 'open-files':
    case 'open-recent':
    case 'photo':
    case 'restore':
    case 'discard-session':
    case 'load-segmenter':
    case 'use-filler':
    case 'load-filler':
    case 'delete-model':
    case 'load-depth':
    case 'no-depth':
      return true;
    case 'save-reference':
    case 'load-edited':
      return removal || (mender.selectedCount > 0 && !waiting);
    case 'undo':
      return waiting || mender.canUndo;
    case 'redo':
      return mender.canRedo;
    case 'add-candidate':
    case 'choose':
      return removal || mender.extension !== undefined;
    case 'correct-mask':
      return removal;
    case 'insert-again':
    case 'move-inserted':
    case 'nearer':
    case 'farther':
      return mender.insertion !== undefined;
    case 'accept':
    case 'discard':
    case 'compare-slider':
      return waiting;
    case 'save-picture':
      return filled;
    case 'export':
    case 'insert':
    case 'extend':
    case 'select-all':
    case 'invert':
    case 'load-selection':
      return filled && !waiting;
    case 'show-all':
    case 'unlock':
      return mender.marks !== undefined && !waiting;
    default:
      return mender.selectedCount > 0 && !waiting;
  }
}
