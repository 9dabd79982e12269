import type { Camera, Vec3 } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** An object of a generated scene. */
export interface TruthObject {
  /** Its value in `labels`. */
  id: number;
  name: string;
  /** Middle of its box, world units. */
  center: Vec3;
  /** Of the sphere around the box, world units. */
  radius: number;
}

/** A generated scene that knows what each object hides; y points down, and the viewer stands at −z. */
export interface TruthScene {
  cloud: SplatCloud;
  /** One byte a splat: 0 = the rest, k = the object with id k. */
  labels: Uint8Array;
  objects: readonly TruthObject[];
  cameras: readonly Camera[];
  /** The scene with one object gone and what it hid in place. Survivors keep their order and bits and come first. */
  truthWithout(id: number): SplatCloud;
}
