/** Splatmend's public API: give `createMender` a host, and select, remove, accept and undo through it. */
export type { Camera, Vec3 } from '../core/camera.ts';
export type { DepthFileOptions } from '../core/depth-files/depth-of.ts';
export { type ErrorCode, SplatmendError } from '../core/errors.ts';
export type {
  ExtendedView,
  ExtendFigures,
  ExtendOptions,
  ExtendPath,
  ExtendResult,
} from '../core/extend-types.ts';
export { EXTEND_DEFAULTS } from '../core/extend-types.ts';
export type { SceneFile, SceneReport, SplatFormat } from '../core/formats/index.ts';
export type { InpainterSpec, ModelsSpec, PaintModel } from '../core/inpainter-spec.ts';
export type {
  Attachment,
  EditedReference,
  InsertFigures,
  InsertOptions,
  InsertResult,
} from '../core/insert-types.ts';
export { INSERT_DEFAULTS } from '../core/insert-types.ts';
export type { Marks } from '../core/marks.ts';
export type { PhotoFile } from '../core/photo-exif.ts';
export {
  type DepthFile,
  type DepthForm,
  LENS_DEFAULTS,
  PHOTO_DEFAULTS,
  PHOTO_MAX_SIDE_PX,
  type Photo,
  type PhotoFigures,
  type PhotoScene,
  type PhotoSceneOptions,
} from '../core/photo-types.ts';
export type { Progress } from '../core/progress.ts';
export type {
  HolePreview,
  RemoveFigures,
  RemoveOptions,
  RemoveResult,
} from '../core/remove-types.ts';
export { REMOVE_DEFAULTS } from '../core/remove-types.ts';
export type { SelectShape } from '../core/select-types.ts';
export type { Selection, SelectionVolume } from '../core/selection.ts';
export type { DepthServerSpec, ServerKind, ServerSpec } from '../core/server-spec.ts';
export { createSplatCloud, type SplatCloud } from '../core/splat-cloud.ts';
export type { Backend, BackendInfo, SelectAnswer } from '../workers/api.ts';
export { CLIENT_DEFAULTS, createMendClient } from './client.ts';
export type { ClientOptions, MendClient, RunningModels } from './client-types.ts';
export {
  BUILT_IN_FILLER,
  createByHandFiller,
  createServerDepth,
  createServerFiller,
  type DepthModel,
  type Filler,
  type ReadyDepth,
  type ReadyFiller,
} from './filler.ts';
export { HISTORY_BYTES } from './history.ts';
export type { HistoryState, Journal, PackedMarks, Step } from './history-types.ts';
export type { CloudChange, MendHost, ShownMarks } from './host.ts';
export type { PhotoInput } from './images/photo-input.ts';
export { readPhoto } from './images/read-photo.ts';
export {
  createMender,
  type ExtendCandidate,
  type Extension,
  type Insertion,
  type Mender,
  type MenderEvents,
  type MenderOptions,
  type MenderTask,
  type RemoveCandidate,
  type ViewReference,
} from './mender.ts';
export type { SelectMode } from './selection-modes.ts';
export { createRecentFiles, type RecentFiles } from './storage/recent-files.ts';
export {
  createSessionStore,
  type LoadedSession,
  type SavedSession,
  type SessionStore,
  type SessionStoreOptions,
} from './storage/session-store.ts';
export {
  createToolController,
  type ToolController,
  type ToolControllerOptions,
} from './tools/controller.ts';
export {
  TOOL_DEFAULTS,
  type ToolEvents,
  type ToolId,
  type ToolOptions,
  type ToolState,
} from './tools/tool-types.ts';
