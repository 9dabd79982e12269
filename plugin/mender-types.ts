import type { Camera } from '../core/camera.ts';
import type { DepthFileOptions } from '../core/depth-files/depth-of.ts';
import type { ExtendOptions, ExtendPath, ExtendResult } from '../core/extend-types.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import type { RgbImage } from '../core/image.ts';
import type { EditedReference, InsertOptions, InsertResult } from '../core/insert-types.ts';
import type { Marks } from '../core/marks.ts';
import type { DepthFile, PhotoScene, PhotoSceneOptions } from '../core/photo-types.ts';
import type { Progress } from '../core/progress.ts';
import type { HolePreview, RemoveOptions, RemoveResult, SplatPatch } from '../core/remove-types.ts';
import type { SelectShape } from '../core/select-types.ts';
import type { Selection, SelectionVolume } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type { BackendInfo } from '../workers/api.ts';
import type { ClientOptions, MendClient } from './client-types.ts';
import type { TypedEventTarget } from './events.ts';
import type { DepthModel, Filler } from './filler.ts';
import type { HistoryState, Journal, Step } from './history-types.ts';
import type { PhotoInput } from './images/photo-input.ts';
import type { SelectMode } from './selection-modes.ts';

export interface MenderOptions extends ClientOptions {
  /** Bytes the undo history may hold; the oldest steps fall out first. */
  historyBytes?: number;
  /** A client of your own (shared, or a test's); default: a new one with these options. */
  client?: MendClient;
  /** Told of everything that is needed to bring the session back (autosave); default: none. */
  journal?: Journal;
}

/** What the mender is doing. One job at a time. */
export type MenderTask =
  | 'open'
  | 'photo'
  | 'select'
  | 'look'
  | 'remove'
  | 'insert'
  | 'extend'
  | 'edit'
  | 'export';

/** One way of mending the same removal: they differ by seed or inpainter. */
export interface RemoveCandidate {
  /** For people, e.g. `Seed 2`, `LaMa`. */
  label: string;
  result: RemoveResult;
}

/** A picture of a view for the user to edit: what comes back with its camera is an `EditedReference`. */
export interface ViewReference {
  /** In the scene's frame, of the picture's size. */
  camera: Camera;
  rgb: RgbImage;
}

/** An insertion that waits: what was asked for, what came of it, and where it is by now. */
export interface Insertion {
  reference: EditedReference;
  /** Without `distance`, which is below. */
  options: Omit<InsertOptions, 'distance'>;
  /** As it was found, at distance 1. */
  result: InsertResult;
  /** It shows at this multiple of the distance found from the reference's camera. */
  distance: number;
  /** What keeping it does. */
  patch: SplatPatch;
}

/** One way of filling the same extension. */
export interface ExtendCandidate {
  /** For people, e.g. `Seed 2`. */
  label: string;
  options: ExtendOptions;
  result: ExtendResult;
}

/** An extension that waits: what was asked for, and what came of it. */
export interface Extension {
  /** Where the path starts: the view when it was asked for, in the scene's frame. */
  camera: Camera;
  path: ExtendPath;
  /** Of the candidate that shows, as is `result`. */
  options: ExtendOptions;
  result: ExtendResult;
  /** The ways of filling it that were tried, in the order they were made. */
  candidates: readonly ExtendCandidate[];
  /** Index of the one that shows. */
  chosen: number;
}

/** Events by name, each a CustomEvent with this `detail`. */
export interface MenderEvents {
  /** A job began (`task`) or ended (undefined). */
  busy: { task: MenderTask | undefined };
  progress: Progress;
  selection: { count: number; onSurface: boolean };
  /** Hidden or locked splats changed. */
  marks: { hidden: number; locked: number };
  /**
   * A removal waits to be accepted or discarded, or another candidate shows (undefined: none any more); or
   * an insertion waits, or has moved; or an extension waits, or another candidate of it shows.
   */
  proposal: { result: RemoveResult | undefined; insertion?: Insertion; extension?: Extension };
  /** Which side of the proposal shows. */
  compare: { showsBefore: boolean };
  /** The cloud changed (accepted, undone …); `opened`: it is another scene. */
  cloud: { cloud: SplatCloud | undefined; opened: boolean };
  history: { canUndo: boolean; canRedo: boolean };
  backend: BackendInfo;
  /** Who fills the next holes changed. */
  filler: { filler: Filler; depth: DepthModel | undefined };
}

/**
 * Select, remove, insert, extend, accept, undo: the editor without its looks. A failed or cancelled call leaves
 * everything as it was and rejects with a SplatmendError. Whatever changes the scene, the selection or
 * the marks is one undo step.
 */
export interface Mender extends TypedEventTarget<MenderEvents> {
  readonly cloud: SplatCloud | undefined;
  readonly selection: Selection | undefined;
  readonly selectedCount: number;
  readonly marks: Marks | undefined;
  readonly hiddenCount: number;
  readonly lockedCount: number;
  /** The removal's candidate that shows; undefined while no removal waits. */
  readonly proposal: RemoveResult | undefined;
  /** The insertion that waits; never beside a `proposal`. */
  readonly insertion: Insertion | undefined;
  /** The extension that waits; never beside one of those. */
  readonly extension: Extension | undefined;
  /** All candidates of the waiting removal, in the order they were made; empty when none waits. An extension has its own. */
  readonly candidates: readonly RemoveCandidate[];
  /** Index of the candidate that shows, of the removal or the extension. */
  readonly chosen: number;
  /** While an edit waits: whether the scene before it shows. */
  readonly showsBefore: boolean;
  readonly task: MenderTask | undefined;
  readonly backend: BackendInfo | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What undo and redo would do, for people: `Select object`, `Remove 1,203 splats`. */
  readonly undoLabel: string | undefined;
  readonly redoLabel: string | undefined;
  /** Whether the splats are others than were opened, by what was done and not undone. Selection and marks are no part of it. */
  readonly edited: boolean;
  /** Who fills the holes of removals and candidates from now on; default: the built-in filler. Yours to dispose. */
  filler: Filler;
  /** Guides the holes' depth; default: nobody. Yours to dispose. */
  depth: DepthModel | undefined;

  /** Reads a file and shows it; forgets selection, marks, proposal and history. */
  open(bytes: Uint8Array, fileName: string): Promise<SceneFile>;
  /** The same for a cloud that is there already. */
  setCloud(cloud: SplatCloud, fileName?: string): Promise<void>;
  /**
   * Lifts a photo to layered splats (docs/photo.md) and shows them as `open` shows a file; look from the answer's
   * camera. Depth is the photo's, else `depth`'s guess; `filler` fills what is hidden. The angle is `fovDeg`, else what the
   * EXIF of the photo's `file` says, where one is given, else 55°.
   */
  openPhoto(photo: PhotoInput, options?: PhotoSceneOptions, fileName?: string): Promise<PhotoScene>;
  /** Reads a depth file for `openPhoto`: PNG of 16 bits, NPY, PFM, EXR; relative depth as PNG or JPEG of any kind, too. */
  readDepth(bytes: Uint8Array, fileName: string, options?: DepthFileOptions): Promise<DepthFile>;
  /** Brings back a saved session: the cloud as it was opened, its steps, and how many of them are done. */
  restore(base: SplatCloud, steps: readonly Step[], done: number): Promise<void>;

  /** A tool's selection, found in the worker. @returns how many are selected then */
  select(shape: SelectShape, mode?: SelectMode): Promise<number>;
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
  selectVolume(volume: SelectionVolume, mode?: SelectMode): Promise<number>;
  growSelection(steps?: number): Promise<number>;
  shrinkSelection(steps?: number): Promise<number>;
  /** Selects the contact shadow, and the colour it has spread around it, along with the object. */
  addShadow(): Promise<number>;
  setSelection(selection: Selection | undefined, mode?: SelectMode, label?: string): number;
  selectAll(): number;
  invertSelection(): number;
  clearSelection(): void;

  /** Hides the selected splats; nothing stays selected. */
  hideSelection(): void;
  showAll(): void;
  /** Locks the selected splats; nothing stays selected. */
  lockSelection(): void;
  unlockAll(): void;

  /**
   * Finds the hole in the user's view without filling it: to look at, and to paint on (`painted`). While a
   * proposal waits it is the hole that the proposal mends.
   */
  previewHole(options?: RemoveOptions): Promise<HolePreview>;
  /** Removes the selection and mends the hole; the host shows the outcome as a proposal. @param filler this once */
  remove(options?: RemoveOptions, filler?: Filler): Promise<RemoveResult>;
  /** One more candidate for the waiting removal, from another seed unless told; it then shows. @param filler this once */
  addCandidate(options?: RemoveOptions, filler?: Filler): Promise<RemoveResult>;
  /** Shows another candidate of the removal or the extension that waits. */
  choose(index: number): Promise<void>;
  /** The user's view as the worker sees it, hidden splats left out: a picture to edit for `insert`. */
  takeReference(): Promise<ViewReference>;
  /**
   * Puts what was added to a view's picture into the scene; the host shows the outcome, which waits to be
   * accepted or discarded as a removal does.
   */
  insert(reference: EditedReference, options?: InsertOptions): Promise<InsertResult>;
  /** Runs the waiting insertion once more with these options changed; the outcome takes its place. */
  insertAgain(options: InsertOptions): Promise<InsertResult>;
  /**
   * Moves the waiting insertion along its camera's rays to this multiple of the distance found; from that
   * camera it looks the same. Cheap: meant for a slider. Of moves asked for while one is made, the last is made.
   */
  moveInserted(distance: number): Promise<void>;
  /**
   * Grows the scene beyond what it shows, from the user's view on: what that sees empty (default), all around, or along a path. The host
   * shows the outcome, which waits to be accepted or discarded as a removal does. Where there was nothing to fill it rejects with
   * `camera-sees-nothing` and says why. @param filler this once
   */
  extend(path?: ExtendPath, options?: ExtendOptions, filler?: Filler): Promise<ExtendResult>;
  /** One more candidate for the waiting extension, from another seed unless told; it then shows. @param filler this once */
  extendAgain(options?: ExtendOptions, filler?: Filler): Promise<ExtendResult>;
  /** Deletes the selection without mending: one undo step, at once. */
  deleteSelection(): Promise<void>;
  /** Makes the edit that waits (a removal, an insertion, an extension) one undo step. */
  accept(): Promise<void>;
  /** Shows the scene as it was before the proposal. Until something else changes, redo brings it back. */
  discard(): Promise<void>;
  /** While something waits: shows the scene before it (true) or after it (false). */
  compare(showBefore: boolean): Promise<void>;
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
  /** The accepted scene as a file's bytes, hidden splats included. */
  export(format: SplatFormat): Promise<Uint8Array>;
  /** Stops the running job: its call rejects with `cancelled`. */
  cancel(): void;
  /** Cloud, selection and marks as they are now. */
  state(): HistoryState | undefined;
  dispose(): void;
}
