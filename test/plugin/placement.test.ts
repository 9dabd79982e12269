// Accepts, to 1e-9 of a pixel: a placement's moves and sizes are what a hand expects (the point that is held stays), a
// layer saved alone lies where it was painted, and nothing gets out of reach. Numbers by hand.
import { describe, expect, it } from 'vitest';
import {
  coveredBy,
  firstPlacement,
  kept,
  movedBy,
  placementWithin,
  scaledAbout,
} from '../../plugin/images/placement.ts';
import { referenceSize } from '../../plugin/reference-size.ts';

const picture = { width: 1000, height: 500 };

describe('placement', () => {
  it('begins in the middle, small images in their own size', () => {
    expect(firstPlacement({ width: 4000, height: 500 }, picture)).toEqual({
      x: 500,
      y: 250,
      scale: 0.1,
    });
    expect(firstPlacement({ width: 20, height: 30 }, picture).scale).toBe(1);
  });

  it('keeps the held corner where it is', () => {
    const image = { width: 100, height: 50 };
    const at = { x: 300, y: 200, scale: 1 };
    const corner = { x: 250, y: 175 };
    const larger = scaledAbout(at, 1.7, corner);
    const box = coveredBy(larger, image);
    expect([box.left, box.top]).toEqual([expect.closeTo(corner.x, 9), expect.closeTo(corner.y, 9)]);
    expect(box.width).toBeCloseTo(170, 9);
    expect(coveredBy(movedBy(at, 10, -5), image)).toEqual({
      left: 260,
      top: 170,
      width: 100,
      height: 50,
    });
  });

  it('lays a part of a whole layer where it was in it', () => {
    const part = { x0: 100, y0: 50, x1: 300, y1: 150 };
    const placed = placementWithin(part, { width: 2000, height: 1000 }, picture);
    expect(coveredBy(placed, { width: 200, height: 100 })).toEqual({
      left: 50,
      top: 25,
      width: 100,
      height: 50,
    });
  });

  it('stays within reach and within sizes one can work with', () => {
    const image = { width: 100, height: 50 };
    expect(kept({ x: -40, y: 900, scale: 1e-9 }, image, picture)).toEqual({
      x: 0,
      y: 500,
      scale: 0.08,
    });
    expect(kept({ x: 1, y: 1, scale: 1e9 }, image, picture).scale).toBe(30);
  });

  it('a view’s picture has its shape, and pixels enough', () => {
    expect(referenceSize({ width: 480, height: 240 })).toEqual({ width: 960, height: 480 });
    expect(referenceSize({ width: 1200, height: 900 })).toEqual({ width: 1200, height: 900 });
    expect(referenceSize({ width: 3840, height: 2160 })).toEqual({ width: 1920, height: 1080 });
  });
});
