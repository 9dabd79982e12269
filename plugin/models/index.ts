/** Models that the user gives: `editor.segmenter = createSamSegmenter({ encoder, decoder })`, `mender.filler = createOnnxFiller({ model })`. */
export type { PromptPoint, Segmenter, SegmentPrompts } from '../../core/segmenter.ts';
export type {
  DepthManifest,
  DepthModelInfo,
  InpaintManifest,
  InpaintModelInfo,
  SamInfo,
  SamManifest,
} from '../../workers/models/api.ts';
export type { ModelSource } from './model-file.ts';
export { type ModelStore, openModelStore, type StoredModel } from './model-store.ts';
export { createOnnxDepth, type OnnxDepth, type OnnxDepthOptions } from './onnx-depth.ts';
export {
  createOnnxFiller,
  ONNX_FILLER_DEFAULTS,
  type OnnxFiller,
  type OnnxFillerOptions,
} from './onnx-filler.ts';
export { createSamSegmenter, SAM_DEFAULTS, type SamOptions, type SamSegmenter } from './sam.ts';
