import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import type { Progress } from '../core/progress.ts';
import type { RemoveOptions, RemoveResult } from '../core/remove-types.ts';
import type { Selection, SelectionVolume } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type { BackendInfo } from '../workers/api.ts';
import type { ClientOptions, MendClient } from './client.ts';
import type { TypedEventTarget } from './events.ts';
import type { SelectMode } from './selection-modes.ts';

export interface MenderOptions extends ClientOptions {
  /** Bytes the undo history may hold; the oldest edits fall out first. */
  historyBytes?: number;
  /** A client of your own (shared, or a test's); default: a new one with these options. */
  client?: MendClient;
}

/** What the mender is doing. One job at a time. */
export type MenderTask = 'open' | 'select' | 'remove' | 'export';

/** Events by name, each a CustomEvent with this `detail`. */
export interface MenderEvents {
  /** A job began (`task`) or ended (undefined). */
  busy: { task: MenderTask | undefined };
  progress: Progress;
  selection: { count: number; onSurface: boolean };
  /** A removal waits to be accepted or discarded (undefined: none any more). */
  proposal: { result: RemoveResult | undefined };
  /** The cloud changed (opened, accepted, undone …). */
  cloud: { cloud: SplatCloud | undefined };
  history: { canUndo: boolean; canRedo: boolean };
  backend: BackendInfo;
}

/**
 * Select, remove, accept, undo: the editor without its looks. A failed or cancelled call leaves
 * everything as it was and rejects with a SplatmendError.
 */
export interface Mender extends TypedEventTarget<MenderEvents> {
  readonly cloud: SplatCloud | undefined;
  readonly selection: Selection | undefined;
  readonly selectedCount: number;
  readonly proposal: RemoveResult | undefined;
  readonly task: MenderTask | undefined;
  readonly backend: BackendInfo | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;

  /** Reads a file and shows it; forgets selection, proposal and history. */
  open(bytes: Uint8Array, fileName: string): Promise<SceneFile>;
  /** The same for a cloud that is there already. */
  setCloud(cloud: SplatCloud): Promise<void>;

  /** Selects the object under a pointer (`clientX/clientY`). @returns selected splats, 0 = nothing there */
  selectAt(
    clientX: number,
    clientY: number,
    options?: { mode?: SelectMode; strength?: number },
  ): Promise<number>;
  /** The same for a pixel of the host's current camera. */
  selectPixel(
    x: number,
    y: number,
    options?: { mode?: SelectMode; strength?: number },
  ): Promise<number>;
  selectVolume(volume: SelectionVolume, mode?: SelectMode): number;
  setSelection(selection: Selection | undefined, mode?: SelectMode): number;
  selectAll(): number;
  invertSelection(): number;
  clearSelection(): void;

  /** Removes the selection and mends the hole; the host shows the outcome as a proposal. */
  remove(options?: RemoveOptions): Promise<RemoveResult>;
  /** Deletes the selection without mending: one undo step, at once. */
  deleteSelection(): Promise<void>;
  /** Makes the proposal one undo step. */
  accept(): Promise<void>;
  /** Shows the scene as it was before the proposal. */
  discard(): Promise<void>;
  /** While a proposal waits: shows the scene before it (true) or after it (false). */
  compare(showBefore: boolean): Promise<void>;
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
  /** The accepted scene as a file's bytes. */
  export(format: SplatFormat): Promise<Uint8Array>;
  /** Stops the running job: its call rejects with `cancelled`. */
  cancel(): void;
  dispose(): void;
}
