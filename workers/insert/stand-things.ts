/** Each separate thing of a change put upright on what its foot lies on. */
import { type Camera, unprojectPoint } from '../../core/camera.ts';
import { createScalarImage, type Mask, maskBounds, type ScalarImage } from '../../core/image.ts';
import { findStand, type Stand, standAt } from './contact.ts';
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

export interface Stood {
  /** Depth; 0 where nothing stands. */
  front: ScalarImage;
  /** A mirror a thing, and which one is each pixel's. */
  mirrors: Mirror[];
  mirrorOf: Uint8Array;
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

/** Whether the largest of what was changed has a body, seen by its outline alone. */
export function bodyOn(camera: Camera, mask: Mask, { support, up }: Ground): boolean {
  const [thing] = thingsOf(mask);
  if (thing === undefined || support === undefined) return false;
  const stand = findStand(camera, thing, support, up);
  return stand !== undefined && hasBody(camera, thing, stand, support);
}

/** @param base the scene's depth without the change, known under it */
export function standThings(camera: Camera, base: ScalarImage, mask: Mask, seed: number): Stood {
  const { width, height } = mask;
  const out: Stood = {
    front: createScalarImage(width, height),
    mirrors: [],
    mirrorOf: new Uint8Array(width * height),
    notes: [],
  };
  const things = thingsOf(mask);
  const say = (note: string) => {
    if (!out.notes.includes(note)) out.notes.push(note);
  };
  if (things.length > 1) say(`${things.length} separate things, each standing for itself.`);
  let [covered, total] = [0, 0];
  for (const thing of things) {
    const { up, support } = findGround(camera, base, thing, seed);
    let stand = support && findStand(camera, thing, support, up);
    if (stand === undefined) {
      const foot = footPlace(camera, base, thing);
      if (foot === undefined) continue;
      say(
        'The foot lies on nothing that faces up: it is placed at the depth behind it, facing the camera.',
      );
      stand = standAt(camera, up, foot);
    }
    for (const note of said(stand)) say(note);
    const { front, mirror } = standingDepth(camera, thing, stand, support);
    for (let i = 0; i < front.data.length; i++) {
      if (!(front.data[i]! > 0)) continue;
      out.front.data[i] = front.data[i]!;
      out.mirrorOf[i] = out.mirrors.length;
      total++;
      if (base.data[i]! > 0 && base.data[i]! < front.data[i]!) covered++;
    }
    out.mirrors.push(mirror);
  }
  if (covered > COVERED * total) {
    say(
      `${Math.round((100 * covered) / total)} % of it stands behind nearer things of the scene, which cover it; move it nearer.`,
    );
  }
  return out;
}
