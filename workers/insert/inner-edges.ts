/**
 * Where boxes' edges show inside their outline: the outline alone hardly tells a stack's heights from its depths, the lines between faces do.
 * What is printed on a face has stronger lines, but thin ones: a line between faces has another colour on either side for some pixels.
 */
import { createScalarImage, type RgbImage, type ScalarImage } from '../../core/image.ts';
import { type BoxShape, cornersOf, enterBox, footOf, outlineOf } from './box-shape.ts';
import { linearAt, smoothed } from './grey-pictures.ts';
import type { Level, LevelView } from './level-view.ts';
import { outside } from './polygon.ts';

/** How much of the picture's steps of colour near where boxes' edges should show lies there, 0..1; 0 where none shows. */
export type Agreement = (boxes: readonly BoxShape[]) => number;

/** Between samples of an edge, and left out at its ends and beside the outline, pixels. */
const STEP_PX = 3;
const ENDS_PX = 2;
const OUTLINE_PX = 2.5;
/** Colours to either side are the medians of so many pixels: lines of half as many are not seen. */
const SIDE_PX = 6;
/** Steps are looked for this far to either side, pixels, every so many. */
const AROUND_PX = 8;
const EVERY_PX = 2;
/** The line itself lies this near, and is the sharpest place of so many pixels to either side. */
const ON_PX = 1;
const SHARPEST_PX = 3;
/** Averaged over so many samples to either side. */
const ALONG = 2;
/** Contrast (sum over the channels) at which a step counts for half. */
const CONTRAST = 0.06;
/** Edges of a box this near the foot of one that stands on it are not asked. */
const BESIDE_FOOT_PX = 7;
/** Depth by which what lies before an edge hides it, of the depth. */
const BEFORE = 0.004;

interface Sample {
  at: readonly [number, number];
  /** Across the edge, unit length. */
  normal: readonly [number, number];
}

/** Edges between two seen faces of a box, and of upper boxes those on what is under them: pairs of corners. */
function seenEdges(box: BoxShape, upper: boolean): (readonly [number, number])[] {
  const corners = cornersOf(box);
  const middle = [0, 1].map((k) => (corners[0]![k]! + corners[2]![k]!) / 2);
  const seen = [0, 1, 2, 3].map((k) => {
    const [a, b] = [corners[k]!, corners[(k + 1) % 4]!];
    const out = [0, 1].map((j) => (a[j]! + b[j]!) / 2 - middle[j]!);
    return out[0]! * a[0] + out[1]! * a[1] < 0;
  });
  return [0, 1, 2, 3].flatMap((k) => {
    const next = (k + 1) % 4;
    const ends: (readonly [number, number])[] = [];
    if (seen[k] && corners[4]![2] < 0) ends.push([4 + k, 4 + next]);
    if (seen[k] && upper) ends.push([k, next]);
    if (seen[k] && seen[next]) ends.push([next, next + 4]);
    return ends;
  });
}

/** Each edge's samples that show: inside the outline, and not behind another box. */
function samplesOf(view: LevelView, boxes: readonly BoxShape[]): Sample[][] {
  const outlines = boxes.map((box) => outlineOf(view, box));
  const hidden = (u: number, v: number, depth: number, own: number) =>
    boxes.some((box, k) => {
      const met = k === own ? undefined : enterBox(box, view.direction(u, v));
      return met !== undefined && met < depth * (1 - BEFORE);
    });
  const feet = boxes.map((box) => footOf(view, box));
  // What stands on it has another colour than it, and is told from it before its own faces are.
  const besideFoot = (at: readonly [number, number], own: number) =>
    feet.some((foot, k) => k > own && Math.abs(outside(foot, at)) < BESIDE_FOOT_PX);
  return boxes.flatMap((box, own) => {
    const corners = cornersOf(box);
    return seenEdges(box, own > 0).map((ends) => {
      const [p, q] = ends.map((e) => corners[e]!) as [Level, Level];
      const [a, b] = [view.place(p), view.place(q)];
      const length = Math.hypot(b.u - a.u, b.v - a.v);
      const normal = [(a.v - b.v) / length, (b.u - a.u) / length] as const;
      const samples: Sample[] = [];
      for (let way = ENDS_PX; way <= length - ENDS_PX; way += STEP_PX) {
        const t = way / length;
        const { u, v, depth } = view.place(
          [0, 1, 2].map((c) => p[c]! + t * (q[c]! - p[c]!)) as unknown as Level,
        );
        if (Math.min(...outlines.map((o) => outside(o, [u, v]))) > -OUTLINE_PX) continue;
        if (besideFoot([u, v], own) || hidden(u, v, depth, own)) continue;
        samples.push({ at: [u, v], normal });
      }
      return samples;
    });
  });
}

/** Of SIDE_PX numbers from a place on: sorted as they come in. */
function medianFrom(line: Float64Array, from: number): number {
  for (let n = 0; n < SIDE_PX; n++) {
    const v = line[from + n]!;
    let k = n;
    for (; k > 0 && sorted[k - 1]! > v; k--) sorted[k] = sorted[k - 1]!;
    sorted[k] = v;
  }
  return sorted[SIDE_PX >> 1]!;
}
const sorted = new Float64Array(SIDE_PX);

/** Across a sample, pixel by pixel from −AROUND_PX to AROUND_PX: the step between both sides' medians, and the contrast itself. */
function across(channels: readonly ScalarImage[], { at, normal }: Sample) {
  const reach = AROUND_PX + SIDE_PX;
  const steps = new Float64Array(2 * AROUND_PX + 1);
  const sharp = new Float64Array(2 * AROUND_PX + 1);
  for (const image of channels) {
    const line = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
      linearAt(image, at[0] - 0.5 + (k - reach) * normal[0], at[1] - 0.5 + (k - reach) * normal[1]),
    );
    for (let k = 0; k < steps.length; k++) {
      const m = k + SIDE_PX;
      sharp[k]! += Math.abs(line[m + 1]! - line[m - 1]!);
      if (k % EVERY_PX !== 0) continue;
      steps[k]! += Math.abs(medianFrom(line, m + 1) - medianFrom(line, m - SIDE_PX));
    }
  }
  return { steps, sharp };
}

function averaged(rows: readonly Float64Array[], j: number): Float64Array {
  const near = rows.slice(Math.max(0, j - ALONG), j + ALONG + 1);
  return rows[j]!.map((_, k) => near.reduce((sum, row) => sum + row[k]!, 0) / near.length);
}

const most = (row: Float64Array, reach: number) =>
  Math.max(...row.subarray(AROUND_PX - reach, AROUND_PX + reach + 1));

/** @param rgb the things as the camera sees them, 0..1 */
export function agreementOf(view: LevelView, rgb: RgbImage): Agreement {
  const channels = [0, 1, 2].map((c) => {
    const image = createScalarImage(rgb.width, rgb.height);
    for (let i = 0; i < image.data.length; i++) image.data[i] = rgb.data[3 * i + c]!;
    return smoothed(image);
  });
  return (boxes) => {
    let [sum, count] = [0, 0];
    for (const samples of samplesOf(view, boxes)) {
      const rows = samples.map((sample) => across(channels, sample));
      const [allSteps, allSharp] = [rows.map((r) => r.steps), rows.map((r) => r.sharp)];
      for (let j = 0; j < rows.length; j++) {
        const steps = averaged(allSteps, j);
        const sharp = averaged(allSharp, j);
        const step = steps[AROUND_PX]! / (most(steps, AROUND_PX) + CONTRAST);
        const on = most(sharp, ON_PX) / (most(sharp, SHARPEST_PX) + CONTRAST / 2);
        sum += (step * (1 + on)) / 2;
        count++;
      }
    }
    return count === 0 ? 0 : sum / count;
  };
}
