/** Inpainting models as an `Inpainter`: windows around the holes, brought to the size that the model works at. */
import { createMask, type Mask, type Rect, type RgbImage } from '../../core/image.ts';
import type { Inpainter } from '../../core/inpainter.ts';
import type { PaintModel } from '../../core/inpainter-spec.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import { cutMask, cutRgb, fitInto, pasteRgb, sizeOfMultiple, windowsAround } from './crop.ts';
import { checkAnswer, finishInpainting, isCopiedOutside } from './finish-inpainting.ts';
import { createForeignInpainter } from './foreign.ts';

/** Fills the hole of one picture of the model's size. */
export type PaintOne = (
  image: RgbImage,
  mask: Mask,
  signal: AbortSignal | undefined,
) => Promise<RgbImage>;

/** Context on each side, in longer sides of the hole. */
const CONTEXT = 0.5;
/** A window is shrunk at most this much: a larger one is filled in tiles. */
const MOST_SHRINK = 2;
/** A tile's outer part is context, this share of its side on each; but at the picture's border. */
const TILE_MARGIN = 0.125;
/** A tile with this share of known pixels is as good as any. */
const ENOUGH_KNOWN = 0.5;

export function createOnnxInpainter(model: PaintModel, paintOne: PaintOne): Inpainter {
  const { id, who, cancel } = model;
  return createForeignInpainter({
    id,
    who,
    // Each window is matched by itself, for there the model's answer stands beside what it was given.
    match: false,
    capabilities: {
      prompt: false,
      negativePrompt: false,
      seed: false,
      strength: false,
      depth: false,
      runs: 'here',
      progress: true,
      cancel,
    },
    paint: (image, mask, _hints, signal, report) =>
      paintWindows({ model, paintOne, signal, report }, image, mask),
  });
}

interface Job {
  model: PaintModel;
  paintOne: PaintOne;
  signal: AbortSignal | undefined;
  report: (fraction: number) => void;
}

async function paintWindows(job: Job, image: RgbImage, mask: Mask): Promise<RgbImage> {
  const result = { ...image, data: image.data.slice() };
  const windows = windowsAround(mask, { contextScale: CONTEXT, minSidePx: leastSide(job.model) });
  const area = (r: Rect) => (r.x1 - r.x0) * (r.y1 - r.y0);
  const total = windows.reduce((sum, window) => sum + area(window), 0);
  let done = 0;
  for (const window of windows) {
    throwIfCancelled(job.signal);
    const part = cutRgb(result, window);
    const hole = cutMask(mask, window);
    const within = (share: number) => job.report((done + share * area(window)) / total);
    const painted = fits(job.model, part)
      ? await paintFitted(job, part, hole, hole)
      : await paintTiles({ ...job, report: within }, part, hole);
    pasteRgb(result, painted, window);
    done += area(window);
    job.report(done / total);
  }
  return result;
}

/** Windows are no smaller than what the model sees without enlarging. */
const leastSide = ({ size }: PaintModel) =>
  'width' in size ? Math.max(size.width, size.height) : size.least;

const longestSide = ({ size }: PaintModel) =>
  'width' in size ? Math.min(size.width, size.height) : size.most;

const fits = (model: PaintModel, { width, height }: RgbImage) =>
  Math.max(width, height) <= MOST_SHRINK * longestSide(model);

/** @param taken what of the hole is wanted: the rest stays as it is */
async function paintFitted(job: Job, image: RgbImage, mask: Mask, taken: Mask): Promise<RgbImage> {
  const { size, who } = job.model;
  const { width, height } = 'width' in size ? size : sizeOfMultiple(image, size);
  const fitted = fitInto(image, mask, width, height);
  const answer = await job.paintOne(fitted.image, fitted.mask, job.signal);
  checkAnswer(answer, fitted.image, who);
  // Asked before it is scaled back, which changes every pixel a little.
  const outside = isCopiedOutside(answer, fitted.image, fitted.mask) ? 'copied' : 'answered';
  const ignore = {
    ...mask,
    data: mask.data.map((v, i) => (v !== 0 && taken.data[i] === 0 ? 1 : 0)),
  };
  return finishInpainting(fitted.back(answer), image, taken, { who, outside, ignore });
}

/**
 * A hole larger than the model can see: tile after tile, those first that show most of what is known, or was filled
 * before, for as much of the hole. Each takes the seam to the earlier ones away for itself.
 */
async function paintTiles(job: Job, image: RgbImage, mask: Mask): Promise<RgbImage> {
  const { width, height } = image;
  const side = MOST_SHRINK * longestSide(job.model);
  const result = { ...image, data: image.data.slice() };
  const left = { ...mask, data: mask.data.slice() };
  const total = left.data.reduce((sum, v) => sum + v, 0);
  for (let rest = total; rest > 0; ) {
    throwIfCancelled(job.signal);
    const tile = bestTile(left, Math.min(side, width), Math.min(side, height));
    const part = cutRgb(result, tile);
    const open = cutMask(left, tile);
    const taken = createMask(part.width, part.height);
    const core = coreOf(tile, width, height);
    for (let i = 0; i < open.data.length; i++) {
      if (open.data[i] === 0) continue;
      const x = tile.x0 + (i % part.width);
      const y = tile.y0 + Math.floor(i / part.width);
      const inside = x >= core.x0 && x < core.x1 && y >= core.y0 && y < core.y1;
      if (!inside) continue;
      taken.data[i] = 1;
      left.data[y * width + x] = 0;
      rest--;
    }
    pasteRgb(result, await paintFitted(job, part, open, taken), tile);
    job.report(1 - rest / total);
  }
  return result;
}

function coreOf(tile: Rect, width: number, height: number): Rect {
  const dx = Math.round(TILE_MARGIN * (tile.x1 - tile.x0));
  const dy = Math.round(TILE_MARGIN * (tile.y1 - tile.y0));
  return {
    x0: tile.x0 === 0 ? 0 : tile.x0 + dx,
    y0: tile.y0 === 0 ? 0 : tile.y0 + dy,
    x1: tile.x1 === width ? width : tile.x1 - dx,
    y1: tile.y1 === height ? height : tile.y1 - dy,
  };
}

/** The tile whose core holds most of what is left, weighed by how much of the tile is known. At least one pixel is in it. */
function bestTile(left: Mask, tileWidth: number, tileHeight: number): Rect {
  const { width, height, data } = left;
  // Sums of all above and to the left.
  const sums = new Int32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  const count = ({ x0, y0, x1, y1 }: Rect) =>
    sums[y1 * (width + 1) + x1]! -
    sums[y0 * (width + 1) + x1]! -
    sums[y1 * (width + 1) + x0]! +
    sums[y0 * (width + 1) + x0]!;
  let best: Rect | undefined;
  let bestScore = 0;
  for (const y0 of steps(height - tileHeight, tileHeight / 4)) {
    for (const x0 of steps(width - tileWidth, tileWidth / 4)) {
      const tile = { x0, y0, x1: x0 + tileWidth, y1: y0 + tileHeight };
      const known = 1 - count(tile) / (tileWidth * tileHeight);
      // A tile that shows nothing known still counts, when there is no other.
      const score = count(coreOf(tile, width, height)) * (1e-6 + Math.min(ENOUGH_KNOWN, known));
      if (score > bestScore) {
        best = tile;
        bestScore = score;
      }
    }
  }
  return best!;
}

/** 0 to `last` in steps of at most `step`. */
function steps(last: number, step: number): number[] {
  const n = Math.max(1, Math.ceil(last / step));
  return Array.from({ length: n + 1 }, (_, k) => Math.round((k * last) / n));
}
