/** Which way up a pasted thing has: upright edges of its own picture lean in a camera that looks down. */
import type { Camera } from '../../core/camera.ts';
import { type Mask, maskBounds } from '../../core/image.ts';
import type { Rest } from '../../core/progress.ts';
import { dot, unit } from '../../core/vec3.ts';
import type { Plane } from '../steps/segment-surfaces.ts';
import { levelView } from './level-view.ts';
import { softMask } from './soft-outline.ts';
import { bestBearing } from './symmetry.ts';

/** To either side, about the level way to the thing, degrees. */
const MOST_DEG = 12;
const STEPS = [2, 0.5] as const;
/** A leaning axis must take this share off what the two sides do not have in common, and this much of the whole. */
const LESS = 0.7;
const LESS_OF_ALL = 0.006;

/**
 * The support as the thing has it that leans: turned about the foot to where the thing is most like its mirror image.
 * @param towards pixel in the thing's middle
 */
export async function leaningSupport(
  camera: Camera,
  mask: Mask,
  support: Plane,
  towards: readonly [number, number],
  rest: Rest,
): Promise<Plane> {
  const soft = softMask(mask);
  const bounds = maskBounds(mask)!;
  const level = levelView(camera, support, towards);
  if (level === undefined) return support;
  const d = level.direction(towards[0], bounds.y1);
  if (!(d[2] < 0)) return support;
  const t = -level.height / d[2];
  const foot = level.world([t * d[0], t * d[1], t * d[2]]);
  const { up, right } = level.frame;
  const planeAt = (deg: number): Plane => {
    const s = Math.tan((deg * Math.PI) / 180);
    const normal = unit([up[0] + s * right[0], up[1] + s * right[1], up[2] + s * right[2]]);
    return { normal, offset: dot(normal, foot) };
  };
  const lostAt = async (deg: number): Promise<number> => {
    const view = levelView(camera, deg === 0 ? support : planeAt(deg), towards);
    return view === undefined ? 1 : 1 - (await bestBearing(view, mask, soft, false, rest)).kept;
  };
  const upright = await lostAt(0);
  let [best, least] = [0, upright];
  for (const step of STEPS) {
    const around = best;
    const reach = step === STEPS[0] ? MOST_DEG : STEPS[0] - step;
    for (let deg = around - reach; deg <= around + reach; deg += step) {
      const lost = deg === 0 ? upright : await lostAt(deg);
      if (lost < least) [best, least] = [deg, lost];
    }
  }
  const worth = least < LESS * upright && upright - least > LESS_OF_ALL;
  return worth ? planeAt(best) : support;
}
