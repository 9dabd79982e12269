import type { Camera, Vec3 } from '../../core/camera.ts';
import { components } from '../../core/components.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { dilate } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { slantCosine } from '../../core/slant-cosine.ts';

/** Alpha from which a pixel counts as covered by a surface. */
const COVERED_ALPHA = 0.5;
/** Alpha from which a survivor's edge needs no mending underneath. */
const SOLID_ALPHA = 0.9;
/** Share of a pixel's light from the removed object from which the pixel belongs to its footprint. */
const FOOTPRINT_SHARE = 0.08;
/** A region nobody saw counts as the object's shadow up to this share of the footprint's area. */
const SHADOW_SHARE = 1;

/** No label: nobody knows which surface is seen here. */
export const UNKNOWN = 255;

/** Where the removed object was seen, from the marked contribution of a render of the whole scene. */
export function footprintOf(withObject: RenderedView, growPx: number): Mask {
  const { width, height } = withObject.marked;
  const mask = createMask(width, height);
  for (let i = 0; i < mask.data.length; i++) {
    if (withObject.marked.data[i]! > FOOTPRINT_SHARE) mask.data[i] = 1;
  }
  return dilate(mask, growPx);
}

/** Pixels of a view whose depth can be trusted as a surface's. */
export function coveredPixels(view: RenderedView): Mask {
  const mask = createMask(view.alpha.width, view.alpha.height);
  for (let i = 0; i < mask.data.length; i++) {
    if (view.alpha.data[i]! >= COVERED_ALPHA && view.depthMedian.data[i]! > 0) mask.data[i] = 1;
  }
  return mask;
}

/** Pixels that mostly show earlier fills (the view's marked splats). */
export function filledPixels(view: RenderedView): Mask {
  const mask = createMask(view.marked.width, view.marked.height);
  for (let i = 0; i < mask.data.length; i++) {
    const share = view.marked.data[i]!;
    if (share > 0.3 && share > 0.5 * view.alpha.data[i]!) mask.data[i] = 1;
  }
  return mask;
}

/** Covered pixels whose surface point lies within `reach` of the object's hull, world units. */
export function nearPixels(
  covered: Mask,
  depth: ScalarImage,
  camera: Camera,
  shape: ObjectShape,
  reach: number,
): Mask {
  const mask = createMask(depth.width, depth.height);
  const rays = pixelRays(camera);
  for (let y = 0; y < depth.height; y++) {
    for (let x = 0; x < depth.width; x++) {
      const i = y * depth.width + x;
      if (covered.data[i] === 0) continue;
      if (shape.outside(...rays.point(x, y, depth.data[i]!)) <= reach) mask.data[i] = 1;
    }
  }
  return mask;
}

/** What the empty pixels outside the footprint are. */
export interface Empties {
  /**
   * Regions that the footprint closes off from the open background: the object hid them from every
   * capture camera, so they are part of what must be mended.
   */
  shadow: Mask;
  /** The open background: regions that reach the picture's border or are large. */
  background: Mask;
  /** Small gaps elsewhere: holes of the capture that are not the object's. */
  gaps: Mask;
}

export function classifyEmpties(covered: Mask, footprint: Mask): Empties {
  const { width, height } = footprint;
  const empty = createMask(width, height);
  for (let i = 0; i < empty.data.length; i++) {
    if (covered.data[i] === 0 && footprint.data[i] === 0) empty.data[i] = 1;
  }
  const touching = dilate(footprint, 1);
  const limit = SHADOW_SHARE * countMask(footprint);
  const shadow = createMask(width, height);
  const background = createMask(width, height);
  const gaps = createMask(width, height);
  for (const part of components(empty)) {
    let kind = gaps;
    if (part.touchesBorder || part.pixels.length > limit) kind = background;
    else if (part.pixels.some((i) => touching.data[i] !== 0)) kind = shadow;
    for (const i of part.pixels) kind.data[i] = 1;
  }
  return { shadow, background, gaps };
}

export interface LabelInputs {
  view: RenderedView;
  covered: Mask;
  near: Mask;
  filled: Mask;
  empties: Empties;
  /** Footprint and shadow together. */
  unseen: Mask;
  /** One a surface: its own pixels, others that are its surface too, and its depth continued over `unseen` and the gaps. */
  layers: readonly { pixels: Mask; kin?: Mask; depth: ScalarImage }[];
  /** Depths that differ by less than this are the same surface, world units. */
  agreement: number;
  /** Survivors nearer than this stand before the object, world units along z. */
  objectFront: number;
}

/**
 * What is known of each pixel's layer: a layer's number, `layers.length` for the background (empty, or
 * far behind the object), or UNKNOWN. A survivor seen in the unseen region is real where it agrees with a
 * continued layer or lies in front of all of them; behind them it may be a see-through: UNKNOWN.
 */
export function labelPixels(inputs: LabelInputs): { labels: Uint8Array; real: Mask } {
  const { view, covered, near, filled, empties, unseen, layers, agreement, objectFront } = inputs;
  const beyond = layers.length;
  const labels = new Uint8Array(covered.data.length).fill(UNKNOWN);
  const real = createMask(covered.width, covered.height);
  for (let i = 0; i < labels.length; i++) {
    const own = layers.findIndex((layer) => layer.pixels.data[i] !== 0);
    const z = view.depthMedian.data[i]!;
    if (own >= 0) {
      labels[i] = own;
      if (unseen.data[i] !== 0) real.data[i] = 1;
    } else if (unseen.data[i] === 0) {
      const kin = layers.findIndex((layer) => layer.kin !== undefined && layer.kin.data[i] !== 0);
      if (kin >= 0) {
        labels[i] = kin;
        continue;
      }
      const behind = covered.data[i] !== 0 && near.data[i] === 0 && z > objectFront;
      if (empties.background.data[i] !== 0 || behind) labels[i] = beyond;
    } else if (filled.data[i] !== 0) {
      real.data[i] = 1;
    } else if (covered.data[i] !== 0) {
      let nearest = agreement;
      let agreeing = 0;
      let inFront = true;
      layers.forEach((layer, k) => {
        const surface = layer.depth.data[i]!;
        if (!(surface > 0)) return;
        const across = (z - surface) * slantCosine(layer.depth, view.camera, i);
        if (across > -agreement) inFront = false;
        if (Math.abs(across) < agreement) agreeing++;
        if (Math.abs(across) >= nearest) return;
        nearest = Math.abs(across);
        labels[i] = k;
        real.data[i] = 1;
      });
      // Where surfaces meet it is real and may be either's: no outline runs there for sure.
      if (agreeing > 1) labels[i] = UNKNOWN;
      if (inFront) real.data[i] = 1;
    }
  }
  labelGaps(labels, empties.gaps, layers);
  return { labels, real };
}

/**
 * A gap in the capture beside two surfaces is a part of the farther one that the nearer hid from the
 * capture cameras: the nearer surface's outline is its own edge and not the middle of the gap.
 */
function labelGaps(labels: Uint8Array, gaps: Mask, layers: LabelInputs['layers']): void {
  const { width } = gaps;
  for (const gap of components(gaps)) {
    const beside = new Set<number>();
    for (const i of gap.pixels) {
      for (const j of [i - 2, i + 2, i - 2 * width, i + 2 * width]) {
        const label = labels[j];
        if (label !== undefined && label < layers.length) beside.add(label);
      }
    }
    for (const i of gap.pixels) {
      let farthest = 0;
      for (const k of beside) {
        const z = layers[k]!.depth.data[i]!;
        if (z <= farthest) continue;
        farthest = z;
        labels[i] = k;
      }
    }
  }
}

export interface HoleInputs {
  view: RenderedView;
  covered: Mask;
  footprint: Mask;
  shadow: Mask;
  real: Mask;
  filled: Mask;
  labels: Uint8Array;
  layers: readonly { depth: ScalarImage; confidence: ScalarImage }[];
  shape: ObjectShape;
  agreement: number;
  /** How far from the object's hull a see-through's or an open region's surface may pass, world units. */
  reach: number;
  /** How far before the hull's back the surface may pass, world units: nothing else was inside the object. */
  beforeBack: number;
  /** Growth of the mask into the surroundings, pixels. */
  seamPx: number;
  /** Whether the object hid a world point from every capture camera; undefined where no camera can tell. */
  hidden: (point: Vec3) => boolean | undefined;
}

export interface Hole {
  mask: Mask;
  /** Depth along z of the hole's surface (and of its seam), world units; 0 elsewhere. */
  depth: ScalarImage;
  confidence: ScalarImage;
  /** Empty pixels of a continued layer that are not filled from this view: too oblique, or too far from the object. */
  refused: Mask;
}

/**
 * The hole: unseen pixels whose layer is known or continued, and where no survivor shows that layer,
 * while the layer passes close behind the object, where it stood or leaned. Elsewhere the completion is
 * wrong and not the scene. A shadow region is part of the hole however far behind.
 */
export function findHole(inputs: HoleInputs): Hole {
  const { view, covered, footprint, shadow, real, filled, labels, layers, shape, reach } = inputs;
  const { width, height } = footprint;
  const mask = createMask(width, height);
  const refused = createMask(width, height);
  const depth = createScalarImage(width, height);
  const confidence = createScalarImage(width, height);
  const rays = pixelRays(view.camera);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (footprint.data[i] === 0 && shadow.data[i] === 0) continue;
      const layer = layers[labels[i]!];
      const surface = layer?.depth.data[i] ?? 0;
      if (layer === undefined || !(surface > 0)) continue;
      depth.data[i] = surface;
      confidence.data[i] = layer.confidence.data[i]!;
      if (real.data[i] !== 0 || filled.data[i] !== 0) continue;
      const cosine = slantCosine(layer.depth, view.camera, i);
      const behind = (view.depthMedian.data[i]! - surface) * Math.max(cosine, MIN_COSINE);
      if (covered.data[i] !== 0 && behind <= inputs.agreement) continue;
      if (covered.data[i] === 0) refused.data[i] = 1;
      // A surface seen at a glance is left to a camera that faces it.
      if (cosine <= MIN_COSINE) continue;
      // What a given camera sees past the object was there, or was not, before: not ours to add.
      const hidden = inputs.hidden(rays.point(x, y, surface));
      if (hidden === false) {
        refused.data[i] = 0;
        continue;
      }
      if (shadow.data[i] === 0 || footprint.data[i] !== 0) {
        const back = shape.exit(rays.origin, rays.direction(x, y));
        if (back !== undefined && surface < back - inputs.beforeBack) continue;
        // Empty and hidden from every camera: the object's shadow, which reaches farther than its contact.
        const shadowed = covered.data[i] === 0 && hidden === true;
        const limit = shadowed ? SHADOW_RADII * shape.radius : reach;
        if (shape.outside(...rays.point(x, y, surface)) > limit) continue;
      }
      mask.data[i] = 1;
      refused.data[i] = 0;
    }
  }
  const grown = dilate(withoutSpecks(mask), inputs.seamPx);
  // The survivors' frayed edge beside the hole is half transparent: mend under it too.
  const around = dilate(grown, 2 * inputs.seamPx);
  for (let i = 0; i < grown.data.length; i++) {
    if (around.data[i] !== 0 && view.alpha.data[i]! < SOLID_ALPHA) grown.data[i] = 1;
  }
  for (let i = 0; i < grown.data.length; i++) {
    if (filled.data[i] !== 0 || !(depth.data[i]! > 0)) grown.data[i] = 0;
  }
  return { mask: grown, depth, confidence, refused };
}

/** An empty pixel that the object hid from every given camera is mended up to this many object radii from its hull. */
export const SHADOW_RADII = 1.6;
/** Regions of fewer pixels are noise of the renders, not holes. */
const SPECK_PX = 4;

function withoutSpecks(mask: Mask): Mask {
  const out = createMask(mask.width, mask.height);
  for (const part of components(mask)) {
    if (part.pixels.length >= SPECK_PX) for (const i of part.pixels) out.data[i] = 1;
  }
  return out;
}

/** cos of the angle between ray and normal under which a surface is not filled from this view. */
const MIN_COSINE = 0.26;
