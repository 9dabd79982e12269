/** The insertion line's options and results: plain data that crosses the worker and is read by the plugin and the CLI. */
import type { Camera, Vec3 } from './camera.ts';
import type { Mask, RgbImage, ScalarImage } from './image.ts';
import type { SplatPatch } from './remove-types.ts';

/**
 * How what was added hangs together with the scene:
 * `surface` lies on what is there (a label, a stain, a shadow), `relief` stands out of it by a prior depth's shape,
 * `standing` is an object upright on the line where its foot touches the scene.
 */
export type Attachment = 'surface' | 'relief' | 'standing';

/** A reference picture as it was edited. */
export interface EditedReference {
  /** The camera that the picture was taken from, in the scene's frame. */
  camera: Camera;
  /** 0..1; of the camera's shape, at any size. */
  edited: RgbImage;
  /** 0..1, of the edited picture's size: what is transparent is not changed. Absent: opaque. */
  alpha?: ScalarImage;
  /** 1 = changed, of the edited picture's size. Absent: found by comparing with what the camera sees. */
  mask?: Mask;
}

export interface InsertOptions {
  /** `auto` chooses by where the change lies and by its foot. */
  attach?: Attachment | 'auto';
  /** Everything added is moved along the camera's rays to this multiple of its distance, keeping its outline in the picture. */
  distance?: number;
  /** Longer side of the picture that is lifted, pixels; the edited picture's own where that is smaller. */
  resolution?: number;
  seed?: number;
}

export const INSERT_DEFAULTS: Required<InsertOptions> = {
  attach: 'auto',
  distance: 1,
  resolution: 960,
  seed: 1,
};

export interface InsertFigures {
  /** What was chosen. */
  attach: Attachment;
  added: number;
  /** Share of the picture that is taken for changed, 0..1. */
  changed: number;
  /** By how much the edited picture was shifted against what the camera sees, pixels of its own: right, down. */
  shift: [number, number];
  /** Median depth of what was added, world units. */
  depth: number;
  /** The way up that was found, unit length, world: to turn around what was added. */
  up?: Vec3;
  /** Seconds a step, in the order they ran. */
  seconds: Record<string, number>;
  /** Plain sentences for the user: what was done, what looks doubtful. */
  notes: string[];
}

export interface InsertResult {
  /** Nothing is removed. */
  patch: SplatPatch;
  figures: InsertFigures;
  /** What was taken for changed, of the lifted picture's size. */
  mask: Mask;
  /** Which kernels ran. */
  backend: 'webgpu' | 'cpu';
}
