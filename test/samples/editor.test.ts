// Accepts: the orbit is exact geometry (1e-9: doubles); the frame ignores floaters but holds a whole object; the
// address is read within its bounds; a file is refused before it is read where its name or size says enough.
import { describe, expect, it } from 'vitest';
import { lensOf, type Vec3 } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { extentOf } from '../../plugin/ui/extent.ts';
import { baseName, exportName, readFileBytes } from '../../plugin/ui/files.ts';
import { fitDistance, verticalAngle } from '../../samples/editor/framing.ts';
import { orbitEye, orbitFrom, pan, turn, zoom } from '../../samples/editor/orbit.ts';
import { readParams } from '../../samples/editor/params.ts';

describe('orbit', () => {
  it('gives back the eye it was made from', () => {
    const eye = [1.2, 0.7, -2.1] as const;
    const view = orbitFrom(eye, [0.1, -0.2, 0.3]);
    for (const [k, x] of orbitEye(view).entries()) expect(x).toBeCloseTo(eye[k]!, 9);
  });

  it('turns round the target at one distance and never over the pole', () => {
    const view = orbitFrom([0, 0, -2], [0, 0, 0]);
    turn(view, 100, 0);
    // The scene follows the pointer to the right: the eye goes left (Babylon: x right when looking along +z).
    expect(orbitEye(view)[0]).toBeLessThan(0);
    turn(view, 0, 10_000);
    expect(view.elevation).toBeLessThan(Math.PI / 2);
    expect(Math.hypot(...orbitEye(view))).toBeCloseTo(2, 9);
  });

  it('pans with the pointer and zooms to it', () => {
    const view = orbitFrom([0, 0, -2], [0, 0, 0]);
    pan(view, 10, 0, 0.01);
    // The picture moves right by 10 px of 0.01: the target goes left.
    expect(view.target[0]).toBeCloseTo(-0.1, 9);
    pan(view, 0, 10, 0.01);
    expect(view.target[1]).toBeCloseTo(0.1, 9);

    // The point under the pointer, on the plane through the target, stays at its pixel.
    const look = orbitFrom([0, 0, -2], [0, 0, 0]);
    const unitsPerPx = 0.005;
    const [px, py] = [80, -30];
    zoom(look, 0.5, px, py, unitsPerPx);
    const after = unitsPerPx * 0.5;
    expect((px * unitsPerPx - look.target[0]) / after).toBeCloseTo(px, 9);
    expect((-py * unitsPerPx - look.target[1]) / after).toBeCloseTo(-py, 9);
  });
});

describe('frame', () => {
  it('finds the bulk in spite of floaters and broken splats', () => {
    const random = createRandom(11);
    const cloud = createSplatCloud(5000);
    for (let i = 0; i < cloud.positions.length; i++) cloud.positions[i] = 3 + random() * 2 - 1;
    for (let i = 0; i < 50; i++) cloud.positions[i * 3] = 1000;
    cloud.positions[300] = Number.NaN;
    const extent = extentOf(cloud)!;
    for (const x of extent.center) expect(Math.abs(x - 3)).toBeLessThan(0.1);
    expect(extent.radius).toBeGreaterThan(1);
    expect(extent.radius).toBeLessThan(2);
    const far = extentOf(cloud, new Uint8Array(5000).fill(1, 0, 50))!;
    expect(far.center[0]).toBe(1000);
    expect(extentOf(createSplatCloud(0))).toBeUndefined();
  });

  it('keeps a long neck, and leaves a far background out', () => {
    const random = createRandom(12);
    const reaching = (far: number) => {
      const cloud = createSplatCloud(5000);
      // A ball of radius 1, and a tenth of the splats on a line from it.
      for (let i = 0; i < 5000; i++) {
        cloud.positions[i * 3 + 1] = i % 10 === 0 ? 1 + random() * (far - 1) : 2 * random() - 1;
      }
      return extentOf(cloud)!.radius;
    };
    expect(reaching(2)).toBeGreaterThan(1.6);
    expect(reaching(20)).toBeLessThan(1.5);
  });

  it('stands just far enough for every point', () => {
    // A cube's corners at ±1: the near face needs the most room.
    const corners = [-1, 1].flatMap((x) =>
      [-1, 1].flatMap((y) => [-1, 1].map((z): Vec3 => [x, y, z])),
    );
    expect(fitDistance(corners, 1, 0.5)).toBeCloseTo(1 / 0.5 + 1, 9);
    expect(fitDistance([], 1, 1)).toBe(0);
  });
});

it('a lens fits a picture of any shape', () => {
  const camera = { width: 400, height: 300, fx: 200, fy: 200, cx: 210, cy: 150 };
  const lens = lensOf({ ...camera, worldToCamera: new Float64Array(16) });
  expect(lens).toEqual({ tanX: 1.05, tanY: 0.75 });
  // Wide: its height counts; narrow: its width.
  expect(Math.tan(verticalAngle(lens, 2) / 2)).toBeCloseTo(0.75, 9);
  expect(Math.tan(verticalAngle(lens, 0.5) / 2)).toBeCloseTo(2.1, 9);
});

it('reads the address within bounds', () => {
  expect(
    readParams('?fresh&splats=20000&engine=webgl2&views=2&resolution=256&backend=cpu'),
  ).toEqual({
    engine: 'webgl2',
    backend: 'cpu',
    splats: 20_000,
    seed: 1,
    fresh: true,
    remove: { views: 2, resolution: 256 },
    extend: { maxSidePx: 256 },
  });
  expect(readParams('?splats=1e9&engine=x&views=-1&resolution=abc&backend=')).toEqual({
    engine: undefined,
    backend: undefined,
    splats: 150_000,
    seed: 1,
    fresh: false,
    remove: {},
    extend: {},
  });
});

it('refuses files by name and size, unread', async () => {
  const sized = (name: string, size: number): File => {
    const file = new File(['x'], name);
    Object.defineProperty(file, 'size', { value: size });
    Object.defineProperty(file, 'arrayBuffer', {
      value: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
    });
    return file;
  };
  const code = (file: File) => readFileBytes(file).then(String, (e: { code: string }) => e.code);
  expect(await code(sized('a.txt', 5))).toBe('unknown-format');
  expect(await code(sized('a.ply', 0))).toBe('bad-file');
  expect(await code(sized('a.ply', 5e9))).toBe('too-large');
  expect(await code(sized('a.ply', 5))).toBe('not-readable');
  expect(await readFileBytes(new File(['abc'], 'a.ply'))).toEqual(Uint8Array.from([97, 98, 99]));
  expect(['k.compressed.ply', 'a.b.SPZ', '.ply'].map(baseName)).toEqual(['k', 'a.b', 'scene']);
  expect(exportName('k.compressed.ply', 'sog', true)).toBe('k-mended.sog');
  expect(exportName('k.compressed.ply', 'sog', false)).toBe('k.sog');
  for (const edited of [true, false]) {
    expect(exportName('k-mended.ply', 'ply', edited)).toBe('k-mended.ply');
  }
});
