// Accepts, on 120 × 120 labels with a disc of radius 34 unknown: a straight edge, both edges of a strip, and a table's
// corner go on through it within 1.5 px (an outline's steps and a line's own doubt), at eight angles; an edge whose other
// end is too short to say anything is found from the first; so is one whose two ends are askew by 9 degrees each; a corner that is seen past what was removed is where it is
// seen; a rim of one label is that label's; a straight edge before two other surfaces goes on, and they are left open beyond it; a round
// outline, one that only enters, and three surfaces' junction without such an edge are left open as they were. Noise: teeth of 1 px, seed 5.
import { expect, test } from 'vitest';
import { countMask } from '../../core/image.ts';
import { joinOutlines } from '../../core/outlines/join-outlines.ts';
import { createRandom } from '../../core/random.ts';
import { maskOf } from '../workers/steps/support.ts';

const UNKNOWN = 255;
const SIZE = 120;
const MIDDLE = 60;
const everywhere = () => true;
const disc = maskOf(SIZE, SIZE, (x, y) => Math.hypot(x - MIDDLE, y - MIDDLE) < 34);

type Truth = (x: number, y: number) => number;

function labelled(truth: Truth, unknown = disc): Uint8Array {
  const out = new Uint8Array(SIZE * SIZE);
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5];
    out[i] = unknown.data[i] !== 0 ? UNKNOWN : truth(x, y);
  }
  return out;
}

/** Wanted pixels that are wrong and farther than `near` from every pixel of the other side. */
function wrong(labels: Uint8Array, truth: Truth, near: number): number {
  let count = 0;
  for (let i = 0; i < labels.length; i++) {
    if (disc.data[i] === 0) continue;
    const [x, y] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5];
    let allowed = false;
    for (let a = 0; a < 8; a++) {
      const u = x + near * Math.cos((a * Math.PI) / 4);
      const v = y + near * Math.sin((a * Math.PI) / 4);
      if (truth(u, v) === labels[i]) allowed = true;
    }
    if (!allowed) count++;
  }
  return count;
}

/** Turns a picture's plane about its middle. */
const turned =
  (degrees: number, truth: Truth): Truth =>
  (x, y) => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return truth(
      MIDDLE + c * (x - MIDDLE) + s * (y - MIDDLE),
      MIDDLE - s * (x - MIDDLE) + c * (y - MIDDLE),
    );
  };

const straight: Truth = (_x, y) => (y < 52 ? 0 : 1);
const strip: Truth = (_x, y) => (y > 46 && y < 71 ? 0 : 1);
const corner: Truth = (x, y) => (x > 50 && y > 55 && x - 50 > 0.4 * (y - 55) ? 0 : 1);
const ANGLES = [0, 17, 45, 80, 133, 180, 211, 290];

test.each([
  ['a straight edge', straight],
  ['a strip', strip],
  ['a corner', corner],
])('%s goes on', (_, shape) => {
  for (const degrees of ANGLES) {
    const truth = turned(degrees, shape);
    const labels = labelled(truth);
    const { open } = joinOutlines(labels, UNKNOWN, 1, disc, everywhere);
    expect(countMask(open), `${degrees}°`).toBe(0);
    expect(wrong(labels, truth, 1.5), `${degrees}°`).toBeLessThan(5);
  }
});

test('teeth along it do not matter', () => {
  const random = createRandom(5);
  const teeth = Array.from({ length: SIZE }, () => Math.floor(3 * random()) - 1);
  const labels = labelled((x, y) => (y < 52 + teeth[Math.floor(x)]! ? 0 : 1));
  const { open } = joinOutlines(labels, UNKNOWN, 1, disc, everywhere);
  expect(countMask(open)).toBe(0);
  expect(wrong(labels, straight, 2.5)).toBeLessThan(5);
});

test('one long end is enough', () => {
  // Left of the hole 4 px of the edge are seen, then the table's rounded corner.
  const truth: Truth = (x, y) => (y < 52 && x > 22 - (52 - y) * 0.3 ? 0 : 1);
  const labels = labelled(truth);
  const { open } = joinOutlines(labels, UNKNOWN, 1, disc, everywhere);
  expect(countMask(open)).toBe(0);
  expect(wrong(labels, truth, 1.5)).toBeLessThan(5);
});

test('two ends that face each other, each a little askew, are one straight edge', () => {
  // Both are seen 9 degrees off the way between them: neither passes near the other's end, and they meet nowhere.
  const seen: Truth = (x, y) => (y < 52 + 0.16 * (x - (x < MIDDLE ? 26 : 94)) ? 0 : 1);
  const labels = labelled(seen);
  const { open } = joinOutlines(labels, UNKNOWN, 1, disc, everywhere);
  expect(countMask(open)).toBe(0);
  expect(wrong(labels, straight, 2.5)).toBeLessThan(5);
});

test('a corner that is seen past what was removed is where it is seen', () => {
  const truth = turned(30, corner);
  // The table's own pixels are there in the region; only what is empty behind it is not known.
  const sky = maskOf(
    SIZE,
    SIZE,
    (x, y) => Math.hypot(x - MIDDLE, y - MIDDLE) < 34 && truth(x + 0.5, y + 0.5) === 1,
  );
  const labels = labelled(truth, sky);
  const { open } = joinOutlines(labels, UNKNOWN, 1, sky, everywhere);
  expect(countMask(open)).toBe(0);
  expect(wrong(labels, truth, 2.5)).toBeLessThan(5);
});

test('a rim of one label is its own, but for what cannot be', () => {
  const labels = labelled(() => 1);
  const left = (_label: number, i: number) => i % SIZE < MIDDLE;
  const { open } = joinOutlines(labels, UNKNOWN, 2, disc, left);
  for (let i = 0; i < labels.length; i++) {
    if (disc.data[i] === 0) continue;
    expect(labels[i]).toBe(left(1, i) ? 1 : UNKNOWN);
    expect(open.data[i]).toBe(left(1, i) ? 0 : 1);
  }
});

test('a straight edge before two others goes on; what is beyond it is neither decided nor that surface', () => {
  for (const degrees of ANGLES) {
    const truth = turned(degrees, (x, y) => (y < 52 ? 0 : x < 60 ? 1 : 2));
    const labels = labelled(truth);
    const { open, barred } = joinOutlines(labels, UNKNOWN, 3, disc, everywhere);
    let off = 0;
    for (let i = 0; i < labels.length; i++) {
      if (disc.data[i] === 0) continue;
      const own = truth((i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5) === 0;
      const said = labels[i] === 0 && open.data[i] === 0 && barred[i] === UNKNOWN;
      const left = labels[i] === UNKNOWN && open.data[i] === 1 && barred[i] === 0;
      if (own ? !said : !left) off++;
    }
    // A pixel's step along the edge.
    expect(off, `${degrees}°`).toBeLessThan(60);
  }
});

test.each<[string, Truth]>([
  ['a round outline', (x, y) => (Math.hypot(x - 30, y - 60) < 45 ? 0 : 1)],
  [
    'three surfaces’ junction, no two of whose outlines are one',
    (x, y) => Math.floor((Math.atan2(y - 57, x - 63) + Math.PI) / ((2 * Math.PI) / 3)) % 3,
  ],
])('%s is left open', (_, truth) => {
  const labels = labelled(truth);
  const before = labels.slice();
  const { open } = joinOutlines(labels, UNKNOWN, 3, disc, everywhere);
  expect(open).toEqual(disc);
  expect(labels).toEqual(before);
});
