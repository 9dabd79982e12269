/** Perceptual colour maps as byte tables. */
import { interpolateMagma, interpolateViridis } from 'd3-scale-chromatic';
import type { Rect, ScalarImage } from './image.ts';

/** 256 × rgb, 0..255, from the map's low end to its high end. */
export type ColourMap = Uint8Array;

function table(interpolate: (t: number) => string): ColourMap {
  const out = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    // Both maps answer `#rrggbb`: they are tables themselves.
    const value = Number.parseInt(interpolate(i / 255).slice(1), 16);
    out.set([value >> 16, (value >> 8) & 255, value & 255], i * 3);
  }
  return out;
}

/** Depth: viridis turned round, so that near is bright. */
export const DEPTH_MAP: ColourMap = table((t) => interpolateViridis(1 - t));
/** Confidence: magma, sure is bright. */
export const CONFIDENCE_MAP: ColourMap = table(interpolateMagma);
/** What has no value (depth 0). */
export const UNKNOWN_GREY = 112;

/** The map's colour at t in 0..1, as bytes. */
export function colourAt(map: ColourMap, t: number): [number, number, number] {
  const i = Math.min(255, Math.max(0, Math.round(t * 255))) * 3;
  return [map[i]!, map[i + 1]!, map[i + 2]!];
}

/** The map as a CSS gradient from left to right. */
export function cssGradient(map: ColourMap, stops = 12): string {
  const colours = Array.from({ length: stops + 1 }, (_, i) => {
    const [r, g, b] = colourAt(map, i / stops);
    return `rgb(${r} ${g} ${b})`;
  });
  return `linear-gradient(to right, ${colours.join(', ')})`;
}

/** A range of values with its ends, for a legend. */
export interface ValueRange {
  low: number;
  high: number;
}

/**
 * The 1st to 99th percentile of the positive values of several images within a rectangle, so that one
 * stray pixel does not flatten the picture. { 0, 1 } when there is none.
 */
export function robustRange(images: readonly ScalarImage[], rect: Rect): ValueRange {
  const values: number[] = [];
  for (const { width, data } of images) {
    for (let y = rect.y0; y < rect.y1; y++) {
      for (let x = rect.x0; x < rect.x1; x++) {
        const v = data[y * width + x]!;
        if (v > 0 && Number.isFinite(v)) values.push(v);
      }
    }
  }
  if (values.length === 0) return { low: 0, high: 1 };
  const sorted = Float64Array.from(values).sort();
  const low = sorted[Math.floor((sorted.length - 1) * 0.01)]!;
  const high = sorted[Math.ceil((sorted.length - 1) * 0.99)]!;
  return high > low ? { low, high } : { low: low * 0.99, high: low * 1.01 };
}
