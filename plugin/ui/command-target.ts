import { type Failure, toFailure } from '../../core/errors.ts';
import type { ExtendOptions } from '../../core/extend-types.ts';
import type { SceneFile } from '../../core/formats/index.ts';
import type { PhotoScene } from '../../core/photo-types.ts';
import type { RemoveOptions } from '../../core/remove-types.ts';
import type { Segmenter } from '../../core/segmenter.ts';
import type { MendHost } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import type { RecentFiles } from '../storage/recent-files.ts';
import type { SessionStore } from '../storage/session-store.ts';
import type { CommandName } from './command.ts';

/** A file was opened. Prevent the default to frame the scene yourself. */
export interface OpenedDetail {
  fileName: string;
  /** Without a format: it was made of a photo. */
  scene: Pick<SceneFile, 'cloud' | 'report'> & Partial<SceneFile>;
  source: File;
  /** Where a photo is to be looked at from: its own camera, and the depth to turn around. */
  look?: Pick<PhotoScene, 'camera' | 'pivotDepth'>;
}
/** A saved session was brought back. Prevent the default to frame the scene yourself. */
export interface RestoredDetail {
  fileName: string;
  /** What the page gave `SessionStore.keepView` last; undefined where it gave nothing. */
  view: unknown;
}
/** Something the user asked for failed. Prevent the default to show it yourself. */
export type ErrorDetail = Failure & { error: unknown };

interface TargetEvents {
  'splatmend-opened': CustomEvent<OpenedDetail>;
  'splatmend-restored': CustomEvent<RestoredDetail>;
  'splatmend-error': CustomEvent<ErrorDetail>;
}
declare global {
  interface HTMLElementEventMap extends TargetEvents {}
}

/** The element that performs commands. */
export interface CommandTarget extends HTMLElement {
  mender: Mender | undefined;
  host: MendHost | undefined;
  /** Name of the open file; empty when there is none. */
  fileName: string;
  removeOptions: RemoveOptions | undefined;
  extendOptions?: ExtendOptions | undefined;
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

/** @returns whether nobody prevented the default */
export function tell<K extends keyof TargetEvents>(
  target: CommandTarget,
  type: K,
  detail: TargetEvents[K]['detail'],
): boolean {
  return target.dispatchEvent(
    new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }),
  );
}

/** Shows an error, unless the page does. */
export function tellFailure(target: CommandTarget, error: unknown): void {
  const failure = toFailure(error);
  // The user asked for it: the picture says it already.
  if (failure.code === 'cancelled') return;
  if (failure.code === 'internal') console.error(error);
  const wanted = tell(target, 'splatmend-error', { ...failure, error });
  if (wanted) target.say('error', failure.message);
}
