/** The extension line's options and results: plain data that crosses the worker and is read by the plugin and the CLI. */
import type { Camera, Vec3 } from './camera.ts';
import type { SplatPatch } from './remove-types.ts';

/**
 * Where the scene is looked at from while it grows. `view` is the start camera alone, `ring` turns it in place about the up direction, `orbit`
 * moves it around what is in its middle, `cameras` are taken in their order. The start's own gaps are always filled first.
 */
export type ExtendPath =
  | { kind: 'view' }
  | { kind: 'ring'; oneWay?: boolean }
  | { kind: 'orbit' }
  | { kind: 'cameras'; cameras: readonly Camera[] };

export interface ExtendOptions {
  /** How far, degrees: of a ring from end to end (360 closes it), of an orbit to either side. 0: 360 for a ring, 30 for an orbit. */
  angleDeg?: number;
  /** Views beside the start, of a ring or an orbit; 0: as many as overlap well. */
  steps?: number;
  /** Longer side of the pictures that are filled, pixels; the camera's own where that is smaller. */
  maxSidePx?: number;
  /** `leave`: what the start camera sees empty above the scene is sky, and stays empty all around. `fill`: nothing is sky. */
  sky?: 'leave' | 'fill';
  seed?: number;
  /** What should stand there, in words; read by inpainters that take words. */
  prompt?: string;
}

export const EXTEND_DEFAULTS: Required<ExtendOptions> = {
  angleDeg: 0,
  steps: 0,
  maxSidePx: 640,
  sky: 'leave',
  seed: 1,
  prompt: '',
};

/** One view of the path. */
export interface ExtendedView {
  camera: Camera;
  /** Share of the picture that was open and is no sky, 0..1. */
  open: number;
  /** Share of that which shows a surface after the fill, 0..1; 1 where nothing was open. */
  filled: number;
  /** Share of the picture that shows nothing and was left so, 0..1: sky, and what would lie farther away than anything may be made. */
  left: number;
  /** Its splats among the added: from `first`, `count` of them. */
  first: number;
  count: number;
}

export interface ExtendFigures {
  added: number;
  /** Share of what was open over all views that shows a surface now, 0..1. */
  coverage: number;
  /** Relative depth step across the fills' rims (0.01 = 1 % of the depth): median, and the 90th percentile. NaN where there is no rim. */
  seamDepth: number;
  seamDepth90: number;
  /** Median colour step there, mean |Δrgb| 0..1. */
  seamColour: number;
  /** Upwards in the world: the floor's normal where there is one, else the camera's. */
  up: Vec3;
  /** Planes that the scene itself shows at its bounds (floor, walls, ceiling), and planes that were set to close it. */
  planes: { seen: number; closing: number };
  /** Whether what is empty above the scene was taken for sky. */
  sky: boolean;
  /** Seconds a step, in the order they ran. */
  seconds: Record<string, number>;
  /** Plain sentences for the user. */
  notes: string[];
}

export interface ExtendResult {
  /** Nothing is removed. */
  patch: SplatPatch;
  views: ExtendedView[];
  figures: ExtendFigures;
  /** Which kernels ran. */
  backend: 'webgpu' | 'cpu';
}
