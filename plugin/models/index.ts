/** Segmenters of models that the user gives: `editor.segmenter = createSamSegmenter({ encoder, decoder })`. */
export type { PromptPoint, Segmenter, SegmentPrompts } from '../../core/segmenter.ts';
export type { SamInfo, SamManifest } from '../../workers/models/api.ts';
export type { ModelSource } from './model-file.ts';
export { createSamSegmenter, SAM_DEFAULTS, type SamOptions, type SamSegmenter } from './sam.ts';
