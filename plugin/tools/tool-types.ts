import type { SelectDepth, SelectShape } from '../../core/select-types.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import type { SelectMode } from '../selection-modes.ts';

export type ToolId =
  | 'navigate'
  | 'object'
  | 'segment'
  | 'rectangle'
  | 'lasso'
  | 'polygon'
  | 'brush'
  | 'flood'
  | 'eyedropper'
  | 'sphere'
  | 'box';

/** What the tools are set to. One set for all: who changes the mode means it for the next tool as well. */
export interface ToolOptions {
  /** How a selection joins the one there is, when no key says otherwise. */
  mode: SelectMode;
  /** Rectangle, lasso, polygon, brush. */
  depth: SelectDepth;
  /** Object: 0 takes little, 1 much. */
  strength: number;
  /** Flood and eyedropper: largest RGB distance, 0..1. */
  tolerance: number;
  /** Half the brush's width, CSS pixels. */
  brushRadius: number;
}
export const TOOL_DEFAULTS: Required<ToolOptions> = {
  mode: 'set',
  depth: 'visible',
  // The worker's own default (SELECT_OBJECT_DEFAULTS).
  strength: 0.5,
  tolerance: 0.12,
  brushRadius: 24,
};

/** Limits of the options that are numbers. */
export const TOOL_LIMITS = {
  strength: [0, 1],
  tolerance: [0.01, 1],
  brushRadius: [2, 300],
} as const;

/** Why no tool selects at the moment. */
export type ToolBlock = 'empty' | 'busy' | 'proposal';

export interface ToolState {
  readonly tool: ToolId;
  readonly options: Readonly<ToolOptions>;
  /** The mode that a press would have now: the options', unless keys are held. */
  readonly mode: SelectMode;
  /** The sphere's or the box's volume, in the scene's frame; undefined before it is placed. */
  readonly volume: SelectionVolume | undefined;
  /** A line, an outline or a handle is being drawn. */
  readonly drawing: boolean;
  /** There is a segmenter for the segment tool. */
  readonly segments: boolean;
  /** While it says something, every press goes to the viewer. */
  readonly blocked: ToolBlock | undefined;
}

/** Events of a tool controller, each a CustomEvent with this `detail`. */
export interface ToolEvents {
  state: ToolState;
  /** What is drawn over the picture changed, or the view under it did. */
  overlay: undefined;
  /** A selection failed; a cancelled one is no failure. */
  failure: { error: unknown };
}

/** Something the pointer is drawing, in pixels of the picture. */
export type Drawing =
  | { kind: 'rectangle'; x0: number; y0: number; x1: number; y1: number }
  | { kind: 'lasso'; points: number[] }
  /** `next`: where the pointer is, so that the coming side shows. */
  | { kind: 'polygon'; points: number[]; next: [number, number] | undefined }
  | { kind: 'brush'; points: number[]; radiusPx: number }
  /** A stroke over what is missing from the selection, or too much. */
  | { kind: 'refine'; points: number[]; radiusPx: number; sign: 'add' | 'remove' }
  /** A press at a place whose sideways drag sets the tolerance. */
  | { kind: 'flood' | 'eyedropper'; x: number; y: number; tolerance: number };

/** What a tool asks of `Mender.select`. */
export interface ToolRequest {
  shape: SelectShape;
  mode: SelectMode;
}

/** Numbers held within TOOL_LIMITS; those that are none stay as they were. */
export function withinLimits(options: ToolOptions, before: ToolOptions): ToolOptions {
  const out = { ...options };
  for (const key of ['strength', 'tolerance', 'brushRadius'] as const) {
    const [least, most] = TOOL_LIMITS[key];
    out[key] = Number.isFinite(out[key]) ? Math.min(most, Math.max(least, out[key])) : before[key];
  }
  return out;
}
