/**
 * Accepts: what refinement's parts say of planes and steps whose answers can be worked out by hand. Cameras of 64 × 48; noise from seed 7.
 */
import { describe, expect, it } from 'vitest';
import { type Camera, lookAt, projectPoint, unprojectPoint } from '../../../core/camera.ts';
import { dropHidden } from '../../../core/depth-files/points-to-depth.ts';
import { resizeRgb } from '../../../core/depth-files/resize.ts';
import { createRandom } from '../../../core/random.ts';
import { agreementOf, judge, measureTolerance, witness } from '../../../core/refine/agree.ts';
import { cloudOf } from '../../../core/refine/cloud.ts';
import { fuseViews } from '../../../core/refine/fuse.ts';
import { matchOwn } from '../../../core/refine/match-own.ts';
import { chooseNeighbours } from '../../../core/refine/neighbours.ts';
import { prepareView } from '../../../core/refine/prepare-view.ts';
import { reprojection } from '../../../core/refine/reproject.ts';
import { depthOfOthers } from '../../../core/refine/transfer.ts';

const W = 64;
const H = 48;
const N = W * H;
const cameraAt = (x: number, z = 0): Camera => ({
  ...{ width: W, height: H, fx: 60, fy: 60, cx: 32, cy: 24 },
  worldToCamera: lookAt([x, 0, z], [x, 0, z + 1], [0, -1, 0]),
});
/** Depth of the plane at world z. */
const wall = (z: number) => new Float32Array(N).fill(z);

describe('reprojection', () => {
  it('is unprojecting in one camera and projecting in the other', () => {
    const a: Camera = { ...cameraAt(0), worldToCamera: lookAt([1, 2, 3], [0, 0, 9], [0, -1, 0]) };
    const b: Camera = {
      ...cameraAt(0),
      fx: 70,
      worldToCamera: lookAt([2, 1, 2], [0, 1, 9], [0, -1, 0]),
    };
    const carry = reprojection(a, b);
    for (const [x, y, z] of [
      [3, 5, 2],
      [40, 30, 7.5],
      [40, 30, -7.5],
    ] as const) {
      const pixel = carry.to(y * W + x, z);
      const { u, v, depth } = projectPoint(b, unprojectPoint(a, x + 0.5, y + 0.5, z));
      const seen = depth > 0 && u >= 0 && v >= 0 && u < W && v < H;
      expect(pixel).toBe(seen ? Math.floor(v) * W + Math.floor(u) : -1);
      expect(carry.u).toBeCloseTo(u, 9);
      expect(carry.v).toBeCloseTo(v, 9);
      expect(carry.depth).toBeCloseTo(depth, 9);
    }
  });
});

describe('agreement', () => {
  const tolerance = 0.02;
  const views = [-0.2, 0, 0.2].map((x) => ({ camera: cameraAt(x), depth: wall(4) }));
  const middle = 24 * W + 32;
  it('one wall: all that the others see agrees', () => {
    const { agree, through, depthSum } = judge(
      views[1]!,
      [views[0]!, views[2]!].map((v) => witness(v)),
      tolerance,
    );
    expect(agree[middle]).toBe(2);
    expect(depthSum[middle]).toBeCloseTo(8, 5);
    expect(Math.max(...through)).toBe(0);
    // The wall is shifted by 3 pixels: at the left edge the right camera sees nothing.
    expect(agree[24 * W]).toBe(1);
  });
  it('a pixel in front of the wall is seen through, one behind it is hidden', () => {
    const depth = wall(4);
    depth[middle] = 3;
    depth[middle + 1] = 5;
    const { agree, through } = judge(
      { camera: views[1]!.camera, depth },
      [views[0]!, views[2]!].map((v) => witness(v)),
      tolerance,
    );
    expect([agree[middle], through[middle]]).toEqual([0, 2]);
    expect([agree[middle + 1], through[middle + 1]]).toEqual([0, 0]);
  });
  it('unknown pixels say nothing, unsure ones little', () => {
    const weight = new Float32Array(N).fill(0.25);
    const quiet = witness({ ...views[0]!, weight });
    const blind = witness({ ...views[2]!, depth: new Float32Array(N) });
    expect(judge(views[1]!, [quiet, blind], tolerance).agree[middle]).toBe(0.25);
  });
  it('counts over all views', () => {
    const neighbours = chooseNeighbours(views, 8);
    expect(neighbours.map((n) => n.length)).toEqual([2, 2, 2]);
    // The nearest first.
    expect(neighbours[0]).toEqual([1, 2]);
    const all = agreementOf(views, neighbours);
    expect(all).toMatchObject({ covered: 1, agree: 1, through: 0 });
    expect(all.confirmed).toBeGreaterThan(0.9);
  });
  it('the tolerance is three times the noise', () => {
    const random = createRandom(7);
    const gauss = () =>
      Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    const noisy = views.map((v) => ({
      ...v,
      depth: v.depth.map((z) => z * (1 + 0.004 * gauss())),
    }));
    const witnesses = noisy.map((v) => witness(v));
    const pairs = noisy.map((view, i) => ({ view, others: witnesses.filter((_, j) => j !== i) }));
    // Two views' noise together is √2 of one's.
    expect(measureTolerance(pairs)).toBeCloseTo(3 * Math.SQRT2 * 0.004, 2);
    expect(measureTolerance([])).toBe(0.05);
  });
});

describe("others' depth", () => {
  const blank = { camera: cameraAt(0), depth: new Float32Array(N) };
  it('is carried in, mean of those that agree', () => {
    const others = [-0.2, 0.2].map((x, k) => ({ camera: cameraAt(x), depth: wall(4 + 0.02 * k) }));
    const seen = depthOfOthers(blank, others, 0.02);
    expect(seen[24 * W + 32]).toBeCloseTo(4.01, 5);
  });
  it('goes by the nearest surface that enough show, not by one stray', () => {
    const stray = wall(4);
    stray[24 * W + 32] = 2;
    const others = [stray, wall(4), wall(4), wall(4)].map((depth) => ({
      camera: cameraAt(0),
      depth,
    }));
    expect(depthOfOthers(blank, others, 0.02)[24 * W + 32]).toBe(4);
    const pole = () => wall(4).map((z, i) => (i % W === 32 ? 2 : z));
    const most = [pole(), pole(), wall(4)].map((depth) => ({ camera: cameraAt(0), depth }));
    // Beside an edge nothing is carried: the pole is all edge, and so is what is next to it.
    expect(depthOfOthers(blank, most, 0.02)[24 * W + 32]).toBe(4);
  });
  it('is not taken where the picture shows something else in front', () => {
    const grey = new Uint8Array(3 * N).fill(120);
    const other = { camera: cameraAt(0.1), depth: wall(4), rgb: grey };
    // A red thing without depth in the middle; depth known on the left, where a like surface's colours are measured.
    const rgb = grey.map((v, k) =>
      Math.abs((Math.floor(k / 3) % W) - 32) < 6 && k % 3 === 0 ? 220 : v,
    );
    const depth = wall(4).map((z, i) => (i % W < 16 ? z : 0));
    const seen = depthOfOthers({ camera: cameraAt(0), depth, rgb }, [other], 0.02);
    expect(seen[24 * W + 32]).toBe(0);
    expect(seen[24 * W + 45]).toBeCloseTo(4, 6);
  });
  it('is moved to fit the own depth around it', () => {
    const own = wall(4).map((z, i) => (i % W > 20 && i % W < 40 ? 0 : z));
    const fitted = matchOwn(own, wall(4.04), W, H, 0.03);
    expect(fitted[24 * W + 30]).toBeCloseTo(4, 2);
    // Another surface has no say.
    const apart = matchOwn(own, wall(5), W, H, 0.03);
    expect(apart[24 * W + 30]).toBe(5);
  });
});

describe('hidden points', () => {
  it('go where nearer ones surround them, and stay beside an outline', () => {
    const random = createRandom(7);
    const data = new Float32Array(N);
    // A near surface on the left half, a far one everywhere, one pixel in six of each.
    for (let i = 0; i < N; i++) {
      if (i % W < 32 && random() < 1 / 6) data[i] = 2;
      else if (random() < 1 / 6) data[i] = 3;
    }
    const before = data.slice();
    dropHidden({ width: W, height: H, data });
    const share = (from: number, to: number, z: number) => {
      let kept = 0;
      let all = 0;
      for (let i = 0; i < N; i++) {
        if (i % W < from || i % W >= to || before[i] !== z) continue;
        // At the picture's rim nothing surrounds.
        if (i < 6 * W || i >= N - 6 * W) continue;
        all++;
        if (data[i] === z) kept++;
      }
      return kept / all;
    };
    expect(share(0, 32, 2)).toBe(1);
    expect(share(4, 26, 3)).toBeLessThan(0.01);
    expect(share(36, W, 3)).toBe(1);
  });
});

describe('fusing', () => {
  const rgb = new Uint8Array(3 * N).fill(128);
  const confidence = new Float32Array(N).fill(1);
  const viewOf = (camera: Camera, z: number) => ({ camera, depth: wall(z), confidence, rgb });
  const options = { spacingPx: 2, minConfidence: 0.3 };
  it('gives a wall points in proportion to its area, one layer from three views', () => {
    const one = fuseViews([viewOf(cameraAt(0), 4)], options);
    // One cell of 2 × 2 pixels: an axis-aligned wall meets one layer of them.
    expect(one.count).toBeGreaterThan(0.9 * (N / 4));
    expect(one.count).toBeLessThan(1.15 * (N / 4));
    const three = fuseViews(
      [-0.01, 0, 0.01].map((x) => viewOf(cameraAt(x), 4)),
      options,
    );
    expect(three.count).toBeLessThan(1.1 * one.count);
    for (let i = 0; i < one.count; i++) {
      expect(one.positions[3 * i + 2]).toBeCloseTo(4, 5);
      expect(one.normals[3 * i + 2]).toBeCloseTo(-1, 5);
    }
  });
  it('a closer view wins where it looks, and is not doubled', () => {
    const far = viewOf(cameraAt(0), 4);
    const near = viewOf(cameraAt(0, 3), 1);
    const both = fuseViews([far, near], options);
    const fine = both.sizes.filter((s) => s < 0.05).length;
    expect(fine).toBeGreaterThan(0.9 * (N / 4));
    // The close view covers a sixteenth of the far one's wall.
    expect(both.count - fine).toBeLessThan(1.1 * (N / 4) * (15 / 16) * 4);
    const inside = [...both.sizes].filter(
      (s, i) =>
        s >= 0.05 &&
        Math.abs(both.positions[3 * i]!) < 0.4 &&
        Math.abs(both.positions[3 * i + 1]!) < 0.3,
    );
    expect(inside).toHaveLength(0);
  });
  it('leaves out what is unsure, and edges of depth', () => {
    const unsure = { ...viewOf(cameraAt(0), 4), confidence: new Float32Array(N).fill(0.2) };
    expect(fuseViews([unsure], options).count).toBe(0);
    const dotted = { ...viewOf(cameraAt(0), 4), depth: wall(4).map((z, i) => (i % 2 ? z : 2 * z)) };
    expect(fuseViews([dotted], options).count).toBe(0);
  });
  it('does not care where the world begins', () => {
    const moved: Camera = {
      ...cameraAt(0),
      worldToCamera: lookAt([1e5, 0, 0], [1e5, 0, 1], [0, -1, 0]),
    };
    const away = fuseViews([viewOf(moved, 4)], options);
    expect(away.outside).toBe(0);
    expect(away.count).toBe(fuseViews([viewOf(cameraAt(0), 4)], options).count);
  });
  it('splats are thin discs in their surfaces', () => {
    const points = fuseViews([viewOf(cameraAt(0), 4)], options);
    const cloud = cloudOf(points);
    // Turning z by the quaternion gives the normal (0, 0, −1).
    const [w, x, y, z] = cloud.rotations;
    expect(1 - 2 * (x! * x! + y! * y!)).toBeCloseTo(-1, 5);
    expect(Math.hypot(w!, x!, y!, z!)).toBeCloseTo(1, 6);
    expect(cloud.logScales[0]).toBe(cloud.logScales[1]);
    expect(Math.exp(cloud.logScales[2]! - cloud.logScales[0]!)).toBeLessThan(0.2);
  });
});

describe('views', () => {
  const camera = cameraAt(0);
  const image = { width: W, height: H };
  it('lose what is not sure, by value or by share', () => {
    const confidence = { ...image, data: Float32Array.from({ length: N }, (_, i) => i) };
    const view = { id: 'a', camera, depth: { ...image, data: wall(2) }, confidence };
    const known = (minConfidence?: { share: number } | { value: number }) =>
      prepareView(view, { maxSidePx: 640, minConfidence }).depth.filter((z) => z > 0).length;
    expect(known({ value: 100 })).toBe(N - 100);
    expect(known({ share: 0.5 })).toBe(N / 2);
    expect(known()).toBe(Math.ceil(0.8 * N));
  });
  it('shrink: the median depth, never a mean across an edge; the camera with them', () => {
    const data = wall(2).map((z, i) => (i % W < 31 ? z : 6));
    data[0] = Number.NaN;
    const small = prepareView({ id: 'a', camera, depth: { ...image, data } }, { maxSidePx: 32 });
    expect([small.camera.width, small.camera.height, small.camera.fx]).toEqual([32, 24, 30]);
    expect(new Set(small.depth)).toEqual(new Set([2, 6]));
  });
  it('pictures shrink to means and grow without overshoot', () => {
    const rgb = {
      width: 4,
      height: 2,
      data: Float32Array.from({ length: 24 }, (_, k) => Math.floor(k / 3) % 4),
    };
    expect([...resizeRgb(rgb, 2, 1).data]).toEqual([0.5, 0.5, 0.5, 2.5, 2.5, 2.5]);
    const large = resizeRgb(rgb, 9, 5).data;
    expect([Math.min(...large), Math.max(...large)]).toEqual([0, 3]);
    // Thirds: 4 → 3 takes 1 and a third of each.
    const thirds = resizeRgb(rgb, 3, 2).data;
    expect(thirds[0]).toBeCloseTo(0.25, 6);
    expect(thirds[3]).toBeCloseTo(1.5, 6);
  });
});
