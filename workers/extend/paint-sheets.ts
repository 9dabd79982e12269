/** A view's open pixels on the planes that bound the scene, painted plane by plane on their sheets. */
import { type Camera, projectPoint, type Vec3 } from '../../core/camera.ts';
import {
  createMask,
  createRgbImage,
  type Mask,
  type Rect,
  type RgbImage,
} from '../../core/image.ts';
import type { Inpainter } from '../../core/inpainter.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { breathe, throwIfCancelled } from '../../core/progress.ts';
import { growRect } from '../inpainters/region.ts';
import {
  blended,
  foldedBack,
  onSheet,
  type Sheet,
  sampleSheet,
  toSheet,
  windowOf,
} from './sheets.ts';
import { isWall, type Shell, type ShellView } from './shell.ts';

/** Around what is to be painted lies what is copied from: so many texels, as a share of the picture's width, and for walls to the sides. */
const CONTEXT = 0.12;
const SIDEWAYS = 0.4;
/** With fewer texels to copy from for each one to be painted, the wall around the corner helps. */
const LEAST_SOURCES = 0.4;
/** With fewer texels at all, the plane is left to be painted in the view. */
const FEWEST = 200;

export interface SheetPainting {
  camera: Camera;
  shell: Shell;
  sheets: readonly (Sheet | undefined)[];
  seen: ShellView;
  /** The view without a background; painted in place. */
  image: RgbImage;
  /** Pixels that show what bounds the scene, and those of it that are to be painted. */
  bounding: Mask;
  open: Mask;
  inpainter: Inpainter;
  seed: number;
}

/** The part of a mask that lies on one plane. */
function onFacet(mask: Mask, { facet }: ShellView, k: number): Mask {
  const out = createMask(mask.width, mask.height);
  for (let i = 0; i < out.data.length; i++) {
    if (mask.data[i] !== 0 && facet[i] === k) out.data[i] = 1;
  }
  return out;
}

/** The pixel of a mask at a world place, or −1. */
function pixelAt(camera: Camera, mask: Mask, p: Vec3): { i: number; u: number; v: number } {
  const { u, v, depth } = projectPoint(camera, p);
  if (!(depth > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height)) {
    return { i: -1, u, v };
  }
  const i = Math.floor(v) * camera.width + Math.floor(u);
  return { i: mask.data[i] !== 0 ? i : -1, u, v };
}

/** Keeps on the sheets what a view sees of the planes and nobody saw before. */
function keepSeen(painting: SheetPainting, place: (i: number) => Vec3): void {
  const { camera, sheets, seen, image, bounding } = painting;
  for (const [k, sheet] of sheets.entries()) {
    if (sheet === undefined) continue;
    const mine = onFacet(bounding, seen, k);
    const window = windowOf(sheet, mine, place);
    if (window === undefined) continue;
    const { width } = sheet.rgb;
    for (let y = window.y0; y < window.y1; y++) {
      for (let x: number = window.x0; x < window.x1; x++) {
        const t = y * width + x;
        if (sheet.known[t] !== 0) continue;
        const at = pixelAt(camera, mine, onSheet(sheet, x + 0.5, y + 0.5));
        if (at.i < 0) continue;
        sheet.known[t] = 1;
        sheet.rgb.data.set(blended(image, mine.data, at.u - 0.5, at.v - 0.5)!, 3 * t);
      }
    }
  }
}

/** How far around a window a sheet must be copied from, texels: as much is known there as the window holds, or it is the whole sheet. */
function contextOf({ rgb, known }: Sheet, inner: Rect, least: number): number {
  const wanted = (inner.x1 - inner.x0) * (inner.y1 - inner.y0);
  for (let around = least; ; around *= 2) {
    const { x0, y0, x1, y1 } = growRect(inner, around, rgb.width, rgb.height);
    let sources = 0;
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) sources += known[y * rgb.width + x]!;
    }
    if (sources >= wanted || (x1 - x0 === rgb.width && y1 - y0 === rgb.height)) return around;
  }
}

/**
 * Paints what is open of one plane, with what the sheet knows around it; where that is little, with what the walls around the corner show.
 * @returns whether it could
 */
async function paintSheet(
  painting: SheetPainting,
  k: number,
  mine: Mask,
  place: (i: number) => Vec3,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { camera, sheets, shell, inpainter, seed } = painting;
  const sheet = sheets[k]!;
  const inner = windowOf(sheet, mine, place);
  if (inner === undefined) return false;
  const around = contextOf(sheet, inner, Math.round(CONTEXT * camera.width));
  const wall = isWall(sheet.facet.normal, shell.up);
  // Beyond a wall's own borders the walls around the corner are unfolded.
  const beyond = wall ? Math.min(Math.round(SIDEWAYS * camera.width), inner.x1 - inner.x0) : 0;
  const { y0, y1 } = growRect(inner, around, sheet.rgb.width, sheet.rgb.height);
  const margin = Math.max(around, beyond);
  const x0 = Math.max(inner.x0 - margin, -beyond);
  const x1 = Math.min(inner.x1 + margin, sheet.rgb.width + beyond);
  const [width, height] = [x1 - x0, y1 - y0];
  const rgb = createRgbImage(width, height);
  const [hole, ignore] = [createMask(width, height), createMask(width, height)];
  let [wanted, sources] = [0, 0];
  const texel = (i: number): [number, number] => [x0 + (i % width), y0 + Math.floor(i / width)];
  for (let i = 0; i < ignore.data.length; i++) {
    const [x, y] = texel(i);
    const within = x >= 0 && x < sheet.rgb.width;
    const t = y * sheet.rgb.width + x;
    if (within && sheet.known[t] !== 0) {
      rgb.data.set(sheet.rgb.data.subarray(3 * t, 3 * t + 3), 3 * i);
      sources++;
    } else if (within && pixelAt(camera, mine, onSheet(sheet, x + 0.5, y + 0.5)).i >= 0) {
      hole.data[i] = 1;
      wanted++;
    } else ignore.data[i] = 1;
  }
  if (wall && sources < LEAST_SOURCES * wanted) {
    const walls = sheets.filter(
      (other): other is Sheet => other !== undefined && isWall(other.facet.normal, shell.up),
    );
    for (let i = 0; i < ignore.data.length; i++) {
      if (ignore.data[i] === 0) continue;
      const [x, y] = texel(i);
      const p = onSheet(sheet, x + 0.5, y + 0.5);
      for (const other of walls) {
        if (other === sheet) continue;
        const folded = foldedBack(p, sheet.facet.normal, other.facet);
        const colour = folded && sampleSheet(other, ...toSheet(other, folded));
        if (colour === undefined) continue;
        rgb.data.set(colour, 3 * i);
        ignore.data[i] = 0;
        sources++;
        break;
      }
    }
  }
  if (wanted === 0) return true;
  if (sources < FEWEST) return false;
  const filled = await inpainter.inpaint(rgb, hole, { seed: seed + k, ignore }, signal);
  for (let i = 0; i < hole.data.length; i++) {
    if (hole.data[i] === 0) continue;
    const [x, y] = texel(i);
    const t = y * sheet.rgb.width + x;
    sheet.known[t] = 1;
    sheet.rgb.data.set(filled.data.subarray(3 * i, 3 * i + 3), 3 * t);
  }
  return true;
}

/** @returns what could not be painted on sheets: nothing of its plane, or of a wall beside it, is known */
export async function paintOnSheets(
  painting: SheetPainting,
  onFraction: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<Mask> {
  const { camera, sheets, seen, image, open } = painting;
  const rays = pixelRays(camera);
  const place = (i: number) =>
    rays.point(i % camera.width, Math.floor(i / camera.width), seen.depth.data[i]!);
  keepSeen(painting, place);
  const rest = { ...open, data: open.data.slice() };
  const parts = sheets.flatMap((sheet, k) => {
    if (sheet === undefined) return [];
    const mine = onFacet(open, seen, k);
    const known = sheet.known.reduce((sum, v) => sum + v, 0);
    return mine.data.includes(1) ? [{ k, sheet, mine, known }] : [];
  });
  // What is known best goes first: the others may go on from it.
  parts.sort((a, b) => b.known - a.known);
  for (const [n, { k, sheet, mine }] of parts.entries()) {
    onFraction(n / parts.length);
    await breathe();
    throwIfCancelled(signal);
    if (!(await paintSheet(painting, k, mine, place, signal))) continue;
    for (let i = 0; i < mine.data.length; i++) {
      if (mine.data[i] === 0) continue;
      const colour = sampleSheet(sheet, ...toSheet(sheet, place(i)));
      if (colour === undefined) continue;
      image.data.set(colour, 3 * i);
      rest.data[i] = 0;
    }
  }
  return rest;
}
