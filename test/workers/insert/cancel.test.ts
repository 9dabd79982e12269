/**
 * Accepts: each long piece of an insertion rests: 640 × 480, a ball some 300 pixels large no 200 ms of work between two rests (the
 * better of two tries: the first one compiles too), what a rest throws ends it, and the shares that it says rise to 1.
 */
import { describe, expect, it } from 'vitest';
import type { Camera } from '../../../core/camera.ts';
import { createMask, createRgbImage, createScalarImage } from '../../../core/image.ts';
import { pixelRays } from '../../../core/pixel-rays.ts';
import type { Rest } from '../../../core/progress.ts';
import { createSplatCloud } from '../../../core/splat-cloud.ts';
import { solidDepth } from '../../../workers/insert/body-depth.ts';
import type { FoundBody } from '../../../workers/insert/find-body.ts';
import { findChange } from '../../../workers/insert/find-change.ts';
import { findGround } from '../../../workers/insert/ground.ts';
import { levelView } from '../../../workers/insert/level-view.ts';
import { liftStood } from '../../../workers/insert/lift-stood.ts';
import { cleanRim, grownColours } from '../../../workers/insert/rim.ts';
import { turnedBody } from '../../../workers/insert/turned.ts';
import { pinhole } from '../../support/mending-scene.ts';

const [W, H] = [640, 480];
const camera: Camera = {
  ...pinhole([0, -2, 1.2], [0, 0, 0.4], W),
  ...{ width: W, height: H, cy: H / 2, fx: 800, fy: 800 },
};
const floor = { normal: [0, 0, 1] as [number, number, number], offset: 0 };
const view = levelView(camera, floor, [W / 2, H / 2])!;
const ROWS = 60;
const RADIUS = 0.3;
const distance = 2;
const radii = Float64Array.from({ length: ROWS + 1 }, (_, k) => {
  const z = (2 * k) / ROWS - 1;
  return (RADIUS / distance) * Math.sqrt(Math.max(0, 1 - z * z));
});
const cap = { end: 0, disc: 0, rounding: 0, angle: 0 };
const base = -view.height / distance;
const profile = { base, top: base + (2 * RADIUS) / distance, radii, foot: cap, lid: cap };
const body = turnedBody(profile, 0, distance, 1 / camera.fx);
const everywhere = { ...createMask(W, H), data: new Uint8Array(W * H).fill(1) };
const front = await solidDepth(view, body, everywhere, async () => {});
const mask = { width: W, height: H, data: Uint8Array.from(front.data, (z) => (z > 0 ? 1 : 0)) };

/** A scene of noise, and the ball painted over it. */
const seen = createRgbImage(W, H);
for (let k = 0; k < seen.data.length; k++) seen.data[k] = 0.4 + 0.1 * Math.sin(k * 12.9898);
const edited = { ...seen, data: seen.data.map((v, k) => (mask.data[Math.floor(k / 3)] ? 0.9 : v)) };
const rays = pixelRays(camera);
const depth = createScalarImage(W, H);
for (let i = 0; i < depth.data.length; i++) {
  const t = -rays.origin[2] / rays.direction(i % W, Math.floor(i / W))[2];
  depth.data[i] = Math.max(0, t);
}

const found: FoundBody = { body, view, front, off: 0 };
const pieces: Record<string, (rest: Rest) => Promise<unknown>> = {
  'finding what changed': (rest) => findChange(seen, edited, everywhere, rest),
  'cleaning the rim': (rest) => cleanRim(mask, edited, seen, [0, 1], rest),
  'finding the ground': (rest) => findGround(camera, depth, mask, 1, rest),
  'growing colours': (rest) => grownColours(mask, mask, edited, rest),
  lifting: (rest) =>
    liftStood(
      { front, parts: [{ mask, found }], mask, notes: [] },
      camera,
      edited,
      createSplatCloud(0),
      rest,
    ),
};

/** Of this process alone: others have the machine too. */
const cpuMs = () => process.cpuUsage().user / 1000;

/** Longest work between two rests, milliseconds. */
async function longestPause(piece: (rest: Rest) => Promise<unknown>, shares: number[]) {
  let [last, most] = [cpuMs(), 0];
  const heard = () => {
    const now = cpuMs();
    most = Math.max(most, now - last);
    last = now;
  };
  await piece(async (share) => {
    heard();
    if (share !== undefined) shares.push(share);
  });
  heard();
  return most;
}

describe('a cancel is heard while', () => {
  it.each(Object.keys(pieces))('%s', async (name) => {
    const piece = pieces[name]!;
    const shares: number[] = [];
    const first = await longestPause(piece, shares);
    const pause = first < 200 ? first : Math.min(first, await longestPause(piece, []));
    expect(pause).toBeLessThan(200);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    if (shares.length > 0) expect(shares.at(-1)).toBe(1);
    let rests = 0;
    const stopped = piece(async () => {
      if (++rests === 3) throw new Error('cancelled');
    });
    await expect(stopped).rejects.toThrow('cancelled');
    expect(rests).toBe(3);
  });
});
