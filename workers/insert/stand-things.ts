/** Each separate thing of a change put upright on what its foot lies on. */
import { type Camera, unprojectPoint, type Vec3 } from '../../core/camera.ts';
import {
  createScalarImage,
  type Mask,
  maskBounds,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import type { Rest } from '../../core/progress.ts';
import type { Plane } from '../steps/segment-surfaces.ts';
import { bodyDepth } from './body-depth.ts';
import { findStand, type Stand, standAt } from './contact.ts';
import { type FoundBody, findBody } from './find-body.ts';
import { findGround, type Ground } from './ground.ts';
import type { Mirror } from './mirror.ts';
import { hasBody, standingDepth } from './standing.ts';
import { thingsOf } from './things.ts';

/** The foot's pixels, of the thing's height. */
const FOOT = 0.06;
/** Worth a word: a plane turned by more. */
const TURNED_DEG = 12;
/** A scene that covers more of it than this. */
const COVERED = 0.1;

export interface StoodPart {
  mask: Mask;
  mirror?: Mirror;
  found?: FoundBody;
  /** Where it goes on behind another part: depth, 0 elsewhere. */
  joint?: ScalarImage;
}

export interface Stood {
  /** Depth; 0 where nothing stands. */
  front: ScalarImage;
  /** What has a surface of its own: a thing, a solid, what sticks out of one. A part's back is its front mirrored, or the solid's own. */
  parts: StoodPart[];
  /** What stands: the pixels given, and those of solids where they had the colour of what is behind them. */
  mask: Mask;
  notes: string[];
}

/** Depth behind a thing's lower end, and the middle of that. */
function footPlace(camera: Camera, base: ScalarImage, thing: Mask) {
  const bounds = maskBounds(thing)!;
  const from = bounds.y1 - Math.max(1, FOOT * (bounds.y1 - bounds.y0));
  const found: { z: number; x: number; y: number }[] = [];
  for (let i = 0; i < thing.data.length; i++) {
    const y = Math.floor(i / thing.width);
    const z = base.data[i]!;
    if (thing.data[i] !== 0 && y >= from && z > 0) found.push({ z, x: i % thing.width, y });
  }
  if (found.length === 0) return undefined;
  found.sort((a, b) => a.z - b.z);
  const { z } = found[found.length >> 1]!;
  const x = found.reduce((s, f) => s + f.x, 0) / found.length;
  return unprojectPoint(camera, x + 0.5, bounds.y1, z);
}

function said(stand: Stand): string[] {
  if (stand.kind === 'circle') return ['Its foot is round: it is given a round front.'];
  if (stand.kind === 'corner') return ['Its foot is a corner: it is given two sides, as a box.'];
  if (stand.kind !== 'facing' && Math.abs(stand.turnedDeg) > TURNED_DEG) {
    return [
      `It stands along its foot's line, turned ${Math.abs(stand.turnedDeg).toFixed(0)} degrees from facing the camera.`,
    ];
  }
  return [];
}

const SOLIDS: Record<FoundBody['body']['kind'], string> = {
  turned: 'It looks the same from both sides of an upright axis: it is made round, with a back.',
  box: 'Its outline is that of a box: it is given all its sides.',
  stack: 'Its outline is that of boxes on top of each other: they are given all their sides.',
};

/** A foot in a straight line is no turned thing's. */
const solidOf = (
  camera: Camera,
  thing: Mask,
  rgb: RgbImage,
  support: Plane,
  up: Vec3,
  stand: Stand,
  rest: Rest,
): Promise<FoundBody | undefined> =>
  findBody(camera, thing, support, up, stand.kind === 'line', rgb, rest);

/** Whether the largest of what was changed has a body, seen by its outline alone. */
export async function bodyOn(
  camera: Camera,
  mask: Mask,
  rgb: RgbImage,
  { support, up }: Ground,
  rest: Rest,
): Promise<boolean> {
  const [thing] = thingsOf(mask);
  await rest();
  if (thing === undefined || support === undefined) return false;
  const stand = findStand(camera, thing, support, up);
  if (stand === undefined) return false;
  await rest();
  if (hasBody(camera, thing, stand, support)) return true;
  await rest();
  return (await solidOf(camera, thing, rgb, support, up, stand, rest)) !== undefined;
}

/**
 * @param base the scene's depth without the change, known under it
 * @param rgb the edited picture
 * @param rest called every few milliseconds, and with the share that is done
 */
export async function standThings(
  camera: Camera,
  base: ScalarImage,
  mask: Mask,
  rgb: RgbImage,
  seed: number,
  rest: Rest,
): Promise<Stood> {
  const { width, height } = mask;
  const out: Stood = {
    front: createScalarImage(width, height),
    parts: [],
    mask: { ...mask, data: mask.data.slice() },
    notes: [],
  };
  const things = thingsOf(mask);
  const say = (note: string) => {
    if (!out.notes.includes(note)) out.notes.push(note);
  };
  if (things.length > 1) say(`${things.length} separate things, each standing for itself.`);
  let [covered, total] = [0, 0];
  for (const [k, thing] of things.entries()) {
    await rest(k / things.length);
    const { up, support } = await findGround(camera, base, thing, seed, rest);
    const ofThing: Rest = (share) =>
      rest(share === undefined ? undefined : (k + share) / things.length);
    await rest();
    let stand = support && findStand(camera, thing, support, up);
    if (stand === undefined) {
      const foot = footPlace(camera, base, thing);
      if (foot === undefined) continue;
      say(
        'The foot lies on nothing that faces up: it is placed at the depth behind it, facing the camera.',
      );
      stand = standAt(camera, up, foot);
    }
    const found = support && (await solidOf(camera, thing, rgb, support, up, stand, ofThing));
    let front: ScalarImage;
    if (found !== undefined) {
      say(SOLIDS[found.body.kind]);
      const body = await bodyDepth(found.view, found.body, thing, found.front, rest);
      front = body.front;
      out.parts.push({ mask: body.solid, found });
      if (body.beside !== undefined) out.parts.push(body.beside);
    } else {
      for (const note of said(stand)) say(note);
      await rest();
      const sheet = standingDepth(camera, thing, stand, support);
      front = sheet.front;
      out.parts.push({ mask: thing, mirror: sheet.mirror });
    }
    await rest();
    for (let i = 0; i < front.data.length; i++) {
      if (!(front.data[i]! > 0) || (mask.data[i] !== 0 && thing.data[i] === 0)) continue;
      out.front.data[i] = front.data[i]!;
      out.mask.data[i] = 1;
      total++;
      if (base.data[i]! > 0 && base.data[i]! < front.data[i]!) covered++;
    }
  }
  if (covered > COVERED * total) {
    say(
      `${Math.round((100 * covered) / total)} % of it stands behind nearer things of the scene, which cover it; move it nearer.`,
    );
  }
  return out;
}
