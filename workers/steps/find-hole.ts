import { type Camera, cameraCenter, cameraToWorld, type Vec3 } from '../../core/camera.ts';
import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { dilate, dropSpecks } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';

/** Alpha from which a pixel counts as covered by a surface. */
const COVERED_ALPHA = 0.5;
/** Share of a pixel's light from the removed object from which the pixel belongs to its footprint. */
const FOOTPRINT_SHARE = 0.08;
/** Share of an empty region that must lie in the footprint for it to be the object's shadow, not the open background. */
const ENCLOSED_SHARE = 0.85;

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

export interface HoleInputs {
  /** Survivors and earlier fills. */
  view: RenderedView;
  /** Where the removed object was seen in this view. */
  footprint: Mask;
  /** The footprint's depth completed from its surroundings alone, world units along z. */
  completed: ScalarImage;
  shape: ObjectShape;
  /** Pixels that earlier fills cover: never a hole again. */
  filled: Mask;
  /** How far behind the completed surface a survivor must lie to be a see-through, world units. */
  behind: number;
  /** How far from the object's hull (and from its back) the completed surface may pass, world units. */
  reach: number;
  /** Growth of the mask into the surroundings, pixels. */
  seamPx: number;
}

/**
 * The hole: pixels of the footprint that are empty, or where the survivor seen lies clearly behind the
 * completed surface, while that surface passes close behind the object, where it stood or leaned. A
 * survivor that agrees with the completed surface or lies in front of it is real; so is one behind a
 * completed surface that passes elsewhere: there the completion is wrong and not the scene. An empty
 * region enclosed by the footprint is the object's shadow (nobody ever saw it) and part of the hole
 * however far behind.
 */
export function findHole(inputs: HoleInputs): Mask {
  const { view, footprint, completed, shape, filled, behind, reach, seamPx } = inputs;
  const { width, height } = footprint;
  const mask = createMask(width, height);
  const toWorld = cameraToWorld(view.camera);
  const origin = cameraCenter(view.camera);
  const shadow = enclosedEmpties(view, footprint);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (footprint.data[i] === 0 || filled.data[i] !== 0) continue;
      const surface = completed.data[i]!;
      if (surface <= 0) continue;
      if (shadow.data[i] !== 0) {
        mask.data[i] = 1;
        continue;
      }
      const empty = view.alpha.data[i]! < COVERED_ALPHA;
      if (!empty && view.depthMedian.data[i]! <= surface + behind) continue;
      const ray = pixelRay(view.camera, toWorld, x, y);
      const back = shape.exit(origin, ray);
      if (back !== undefined && surface < back - reach) continue;
      const p = origin.map((o, k) => o + ray[k]! * surface);
      if (shape.outside(p[0]!, p[1]!, p[2]!) <= reach) mask.data[i] = 1;
    }
  }
  const grown = dilate(dropSpecks(mask, 2), seamPx);
  for (let i = 0; i < grown.data.length; i++) if (filled.data[i] !== 0) grown.data[i] = 0;
  return grown;
}

/** World direction of a pixel's ray, scaled to 1 along the camera's z, so that t is depth. */
function pixelRay(camera: Camera, m: Float64Array, x: number, y: number): Vec3 {
  const kx = (x + 0.5 - camera.cx) / camera.fx;
  const ky = (y + 0.5 - camera.cy) / camera.fy;
  return [
    m[0]! * kx + m[4]! * ky + m[8]!,
    m[1]! * kx + m[5]! * ky + m[9]!,
    m[2]! * kx + m[6]! * ky + m[10]!,
  ];
}

/** Empty regions (4-connected) that lie almost wholly in the footprint and off the picture's border. */
function enclosedEmpties(view: RenderedView, footprint: Mask): Mask {
  const { width, height } = footprint;
  const out = createMask(width, height);
  const seen = new Uint8Array(width * height);
  const empty = (i: number) => view.alpha.data[i]! < COVERED_ALPHA;
  const queue = new Int32Array(width * height);
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] !== 0 || !empty(start)) continue;
    let head = 0;
    let tail = 0;
    let inside = 0;
    let atBorder = false;
    queue[tail++] = start;
    seen[start] = 1;
    const visit = (j: number) => {
      if (seen[j] !== 0 || !empty(j)) return;
      seen[j] = 1;
      queue[tail++] = j;
    };
    while (head < tail) {
      const i = queue[head++]!;
      const x = i % width;
      const y = (i - x) / width;
      if (footprint.data[i] !== 0) inside++;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) atBorder = true;
      if (x > 0) visit(i - 1);
      if (x < width - 1) visit(i + 1);
      if (y > 0) visit(i - width);
      if (y < height - 1) visit(i + width);
    }
    if (atBorder || inside < ENCLOSED_SHARE * tail) continue;
    for (let k = 0; k < tail; k++) out.data[queue[k]!] = 1;
  }
  return out;
}

/** Pixels whose surface point lies within `reach` of the object's hull, world units. */
export function nearPixels(
  depth: ScalarImage,
  camera: Camera,
  shape: ObjectShape,
  reach: number,
): Mask {
  const mask = createMask(depth.width, depth.height);
  const toWorld = cameraToWorld(camera);
  const origin = cameraCenter(camera);
  for (let y = 0; y < depth.height; y++) {
    for (let x = 0; x < depth.width; x++) {
      const i = y * depth.width + x;
      const z = depth.data[i]!;
      if (!(z > 0)) continue;
      const ray = pixelRay(camera, toWorld, x, y);
      const p = origin.map((o, k) => o + ray[k]! * z);
      if (shape.outside(p[0]!, p[1]!, p[2]!) <= reach) mask.data[i] = 1;
    }
  }
  return mask;
}
