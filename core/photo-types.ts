/** The photo line's input, options and results: plain data that crosses the worker and is read by the plugin and the CLI. */
import type { Camera } from './camera.ts';
import type { RgbImage, ScalarImage } from './image.ts';
import type { SplatCloud } from './splat-cloud.ts';

/** What a depth map's numbers are: depth along z (0 = unknown), or relative: larger is nearer, any scale and shift, as networks give it. */
export type DepthForm = 'depth' | 'relative';

export interface PhotoOptions {
  /** How far to the side the photo will be looked at from, degrees around its middle depth. */
  angleDeg?: number;
  /** Layers of what is hidden, behind each other. */
  layers?: number;
  /** Turn blurred outlines of depth into steps first. */
  sharpen?: boolean;
  seed?: number;
}

export const PHOTO_DEFAULTS: Required<PhotoOptions> = {
  angleDeg: 15,
  layers: 3,
  sharpen: true,
  seed: 1,
};

/** Of a picture whose camera is not known, and of relative depth. */
export interface LensOptions {
  /** The picture's horizontal angle, degrees. */
  fovDeg?: number;
  /** Of relative depth: how many times as far its farthest is as its nearest. */
  farOverNear?: number;
}

export const LENS_DEFAULTS: Required<LensOptions> = { fovDeg: 55, farOverNear: 8 };

/** Longer side that a larger picture is made to before it is lifted, pixels. */
export const PHOTO_MAX_SIDE_PX = 800;

export type PhotoSceneOptions = PhotoOptions & LensOptions;

/** What a depth file holds. */
export interface DepthFile {
  depth: ScalarImage;
  form: DepthForm;
}

/** A photo to make a scene of. */
export interface Photo extends Partial<DepthFile> {
  /** 0..1. A splat a pixel: make large ones smaller first. */
  rgb: RgbImage;
  /** Of the photo's shape, at any size. Absent: a depth model's. */
  depth?: ScalarImage;
  /** What `depth` is; default `depth`. */
  form?: DepthForm;
}

export interface PhotoFigures {
  /** Pixels of each layer, the photo itself first. */
  pixels: number[];
  /** What the depth will not give, in sentences. */
  notes: string[];
  seconds: { sharpen: number; complete: number; inpaint: number; lift: number };
}

/** A photo as a scene. Its frame is the photo's camera: OpenCV axes, at the origin; its unit the depth's. */
export interface PhotoScene {
  cloud: SplatCloud;
  /** The photo's own, of its size. */
  camera: Camera;
  /** Depth around which it is to be looked at: the photo's median. World units. */
  pivotDepth: number;
  figures: PhotoFigures;
}
