/**
 * `splatmend/node`: the lines as functions, for programs of yours. They take clouds and pictures in memory, give patches and clouds,
 * and touch no file. Kernels come from `createCpuKernels`, or by `runOnKernels` from a GPU.
 */
export { alongRay } from '../core/along-ray.ts';
export type { Camera } from '../core/camera.ts';
export { createCpuKernels } from '../core/cpu/kernels.ts';
export {
  type DepthMap,
  type DepthTarget,
  readDepthMap,
  writeDepthMap,
} from '../core/depth-files/depth-map.ts';
export { readMask, readPicture } from '../core/depth-files/picture.ts';
export type { DepthPrior } from '../core/depth-prior.ts';
export { type ErrorCode, SplatmendError } from '../core/errors.ts';
export {
  EXTEND_DEFAULTS,
  type ExtendOptions,
  type ExtendPath,
  type ExtendResult,
} from '../core/extend-types.ts';
export { readSplats, type SplatFormat, writeSplats } from '../core/formats/index.ts';
export { createMask, type Mask, type RgbImage, type ScalarImage } from '../core/image.ts';
export type { Inpainter, InpaintHints } from '../core/inpainter.ts';
export {
  type EditedReference,
  INSERT_DEFAULTS,
  type InsertOptions,
  type InsertResult,
} from '../core/insert-types.ts';
export type {
  CompletedDepth,
  DepthCompletionOptions,
  DepthField,
  DepthProblem,
  Kernels,
  RenderedView,
  SplatRenderer,
} from '../core/kernels.ts';
export { applyPatch, revertPatch } from '../core/patch.ts';
export { PHOTO_DEFAULTS, type PhotoOptions } from '../core/photo-types.ts';
export type { Progress } from '../core/progress.ts';
export type { RefineOptions, RefineResult } from '../core/refine/refine-types.ts';
export type { PosedView, ViewSource } from '../core/refine/view.ts';
export {
  REMOVE_DEFAULTS,
  type RemoveOptions,
  type RemoveResult,
  type SplatPatch,
} from '../core/remove-types.ts';
export type { SelectRequest } from '../core/select-types.ts';
export type { Selection } from '../core/selection.ts';
export type { SplatCloud } from '../core/splat-cloud.ts';
export type { SelectAnswer } from '../workers/api.ts';
export { extend } from '../workers/extend.ts';
export { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
export { insert } from '../workers/insert.ts';
export {
  NOVEL_VIEW_DEFAULTS,
  type NovelView,
  type NovelViewInput,
  type NovelViewOptions,
  novelView,
} from '../workers/novel-view.ts';
export { photoToSplats } from '../workers/photo.ts';
export { refine } from '../workers/refine.ts';
export { type Models, remove } from '../workers/remove.ts';
export { select } from '../workers/select.ts';
export { parseCameras } from './camera-input.ts';
export { type BackendChoice, runOnKernels } from './kernels-node.ts';
export { openViews } from './refine-input.ts';
