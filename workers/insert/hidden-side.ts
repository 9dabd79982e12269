/** The sides of a solid that its picture does not show: made from those that it does. */
import type { RgbImage, ScalarImage } from '../../core/image.ts';
import { erode } from '../../core/morphology.ts';
import { type Rest, restless } from '../../core/progress.ts';
import { createSplatCloud, dcOf, type SplatCloud } from '../../core/splat-cloud.ts';
import { dot } from '../../core/vec3.ts';
import { OPACITY, setDisc } from '../photo/lift-pixels.ts';
import type { Body } from './body.ts';
import type { Level, LevelView } from './level-view.ts';
import { likeScene } from './lift-edit.ts';

/** Pieces are this far apart, of a pixel's footprint at the solid's middle. */
const SPACING = 1.4;
/** Pieces lie this far inside, footprints: at the outline many are seen edge on, and together reach out of it by as much. */
const INSET_PX = 1.2;
/** A surface seen at a smaller cosine has too few pixels: pieces are laid there too. */
const GRAZING = 0.25;
/** Pieces between two rests. */
const SOME = 500;
/** A point is the one that a pixel shows where it lies this near its depth, footprints. */
const SAME_PX = 3;

/**
 * Flat splats over what the front does not show: each takes the colour of the first seen point that the solid says looks like it.
 * @param front the solid's depth, 0 outside
 * @param like a cloud whose SH degree and extra properties they take
 * @param rest called between pieces of the work
 */
export async function hiddenSide(
  view: LevelView,
  body: Body,
  front: ScalarImage,
  rgb: RgbImage,
  like: SplatCloud,
  rest: Rest = restless,
): Promise<SplatCloud> {
  const { width, height } = front;
  const solid = { width, height, data: Uint8Array.from(front.data, (z) => (z > 0 ? 1 : 0)) };
  const inner = erode(solid, 1);
  const pixelOf = (p: Level): { i: number; depth: number } => {
    const { u, v, depth } = view.place(p);
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const inside = depth > 0 && x >= 0 && y >= 0 && x < width && y < height;
    return { i: inside ? y * width + x : -1, depth };
  };
  const seenAt = (p: Level): number => {
    const { i, depth } = pixelOf(p);
    if (i < 0 || inner.data[i] === 0) return -1;
    return depth <= front.data[i]! + (SAME_PX * depth) / view.camera.fx ? i : -1;
  };
  const far = Math.hypot(body.at[0], body.at[1], view.height);
  const spacing = (SPACING * far) / view.camera.fx;
  const inset = (INSET_PX * far) / view.camera.fx;
  const found: { at: Level; across: Level; along: Level; from: number }[] = [];
  for (const { at, inside, normal, across, along, alike } of body.pieces(spacing, inset)) {
    await rest();
    const facing = -dot(normal, at) / Math.hypot(...at);
    let from = facing > 0 ? seenAt(at) : -1;
    if (from >= 0 && facing > GRAZING) continue;
    if (from < 0) {
      for (const p of alike()) {
        from = seenAt(p);
        if (from >= 0) break;
      }
    }
    if (from < 0) continue;
    found.push({ at: inside, across, along, from });
  }
  const cloud = createSplatCloud(found.length);
  cloud.opacityLogits.fill(Math.log(OPACITY / (1 - OPACITY)));
  for (const [n, { at, across, along, from }] of found.entries()) {
    if (n % SOME === 0) await rest();
    cloud.positions.set(view.world(at), 3 * n);
    for (let c = 0; c < 3; c++) cloud.dc[3 * n + c] = dcOf(rgb.data[3 * from + c]!);
    setDisc(cloud, n, view.turned(across), view.turned(along));
  }
  return likeScene(cloud, like);
}
