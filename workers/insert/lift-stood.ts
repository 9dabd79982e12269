/** What stands as splats: fronts from the picture, backs from what explains them. */
import type { Camera } from '../../core/camera.ts';
import {
  createMask,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import { type Rest, restless } from '../../core/progress.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import type { FoundBody } from './find-body.ts';
import { hiddenSide } from './hidden-side.ts';
import { liftEdit } from './lift-edit.ts';
import { mirrored } from './mirror.ts';
import { nearestOf } from './rim.ts';
import type { Stood } from './stand-things.ts';

/** Beyond the part the colours of its nearest pixels. */
function reachedBy(mask: Mask, whole: Mask, rgb: RgbImage): RgbImage {
  const from = nearestOf(mask, whole);
  const out = { ...rgb, data: rgb.data.slice() };
  for (const [i, j] of from.entries()) {
    if (j >= 0 && j !== i) out.data.set(rgb.data.subarray(3 * j, 3 * j + 3), 3 * i);
  }
  return out;
}

/** A solid's pixels this near above what it stands on are its foot, pixels' footprints. */
const FOOT_PX = 2;

/** There it goes on into the support, as the scene's own things do: no seam shows from the side. */
function footOf({ view }: FoundBody, { width, height, data }: ScalarImage): Mask {
  const out = createMask(width, height);
  for (let i = 0; i < data.length; i++) {
    const z = data[i]!;
    if (!(z > 0)) continue;
    const d = view.direction((i % width) + 0.5, Math.floor(i / width) + 0.5);
    if (z * d[2] + view.height < (FOOT_PX * z) / view.camera.fx) out.data[i] = 1;
  }
  return out;
}

/**
 * Part by part, so that no disc reaches from one to another.
 * @param like a cloud whose SH degree and extra properties they take
 * @param rest called every few milliseconds, and with the share that is done
 */
export async function liftStood(
  { parts, front: depth }: Stood,
  camera: Camera,
  rgb: RgbImage,
  like: SplatCloud,
  rest: Rest = restless,
): Promise<{ front: SplatCloud; back: SplatCloud }> {
  let front = takeSplats(like, []);
  let back = takeSplats(like, []);
  for (const [k, { mask, mirror, found, joint }] of parts.entries()) {
    await rest(k / parts.length);
    const hidden = joint ?? createScalarImage(mask.width, mask.height);
    const whole = {
      ...mask,
      data: mask.data.map((v, i) => (v !== 0 || hidden.data[i]! > 0 ? 1 : 0)),
    };
    const at = { ...depth, data: depth.data.map((z, i) => hidden.data[i]! || z) };
    const all = await liftEdit(
      camera,
      whole,
      at,
      reachedBy(mask, whole, rgb),
      like,
      found && footOf(found, at),
      rest,
    );
    const seen: number[] = [];
    const unseen: number[] = [];
    let row = 0;
    for (let i = 0; i < whole.data.length; i++) {
      if (whole.data[i] === 0 || !(at.data[i]! > 0)) continue;
      (mask.data[i] !== 0 ? seen : unseen).push(row++);
    }
    await rest();
    const own = takeSplats(all, seen);
    front = concatSplats(front, own);
    back = concatSplats(back, takeSplats(all, unseen));
    await rest();
    if (mirror !== undefined) back = concatSplats(back, mirrored(own, camera, mask, mirror));
    if (found !== undefined) {
      const { view, body, front: solid } = found;
      back = concatSplats(back, await hiddenSide(view, body, solid, rgb, like, rest));
    }
  }
  await rest(1);
  return { front, back };
}
