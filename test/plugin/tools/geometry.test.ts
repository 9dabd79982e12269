// Accepts: gizmo, drawings and wires agree with the core camera's projection to 1e-6 pixels or of the volume's size;
// a picture's map is right for a letterboxed picture on a dense screen. The camera looks askew, made by lookAt.
import { describe, expect, test } from 'vitest';
import { type Camera, lookAt, projectPoint, type Vec3 } from '../../../core/camera.ts';
import { type SelectionVolume, selectInVolume } from '../../../core/selection.ts';
import { createSplatCloud } from '../../../core/splat-cloud.ts';
import type { MendHost } from '../../../plugin/host.ts';
import { draggedTolerance, extendDrawing, requestOf } from '../../../plugin/tools/drawings.ts';
import { drawingShapes, volumeShapes } from '../../../plugin/tools/overlay-shapes.ts';
import { clampToPicture, pictureMap } from '../../../plugin/tools/picture-map.ts';
import { TOOLS, toolForKey } from '../../../plugin/tools/tool-list.ts';
import { type Drawing, TOOL_DEFAULTS } from '../../../plugin/tools/tool-types.ts';
import {
  alignVolume,
  type Handle,
  handleAt,
  isSound,
  placeVolume,
  pullHandle,
  reshapeVolume,
  volumeAxes,
  volumeHandles,
} from '../../../plugin/tools/volume-gizmo.ts';
import { projectLines, wireframe } from '../../../plugin/tools/volume-wireframe.ts';

const eye: Vec3 = [2, -1.5, -4];
const camera: Camera = {
  width: 800,
  height: 600,
  fx: 700,
  fy: 690,
  cx: 405,
  cy: 297,
  worldToCamera: lookAt(eye, [0.1, 0.2, 0.3], [0, -1, 0]),
};
const box: SelectionVolume = {
  shape: 'box',
  center: [0.1, 0.2, 0.3],
  axes: [
    [0.8, 0, 0.6],
    [0, 1, 0],
    [-0.6, 0, 0.8],
  ],
  halfExtents: [0.5, 0.3, 0.2],
};
const sphere: SelectionVolume = { shape: 'sphere', center: [0.1, 0.2, 0.3], radius: 0.4 };
const pixelOf = (p: Vec3): [number, number] => {
  const { u, v } = projectPoint(camera, p);
  return [u, v];
};
const along = (volume: SelectionVolume, axis: number, by: number): Vec3 => {
  const d = volumeAxes(volume)[axis]!;
  const c = volume.center;
  return [c[0] + d[0] * by, c[1] + d[1] * by, c[2] + d[2] * by];
};
const expectNear = (a: readonly number[], b: readonly number[]) => {
  for (const [k, v] of a.entries()) expect(v).toBeCloseTo(b[k]!, 6);
};

/** A host whose picture of 800 × 600 pixels covers part of its element's box. */
function letterboxed(box: { left: number; top: number; width: number; height: number }) {
  const element = {
    getBoundingClientRect: () => ({ left: 10, top: 20, width: 640, height: 300 }),
  };
  const host = {
    element,
    currentCamera: () => camera,
    pixelAt(x: number, y: number) {
      const px = ((x - box.left) / box.width) * 800;
      const py = ((y - box.top) / box.height) * 600;
      return px >= 0 && py >= 0 && px < 800 && py < 600 ? { x: px, y: py } : undefined;
    },
  };
  return host as unknown as MendHost;
}

describe('picture map', () => {
  test('a letterboxed picture of two pixels a CSS pixel', () => {
    const map = pictureMap(letterboxed({ left: 130, top: 20, width: 400, height: 300 }))!;
    expect(map.scale).toBeCloseTo(2, 9);
    expectNear(map.toPixel(130, 20), [0, 0]);
    expectNear(map.toPixel(530, 320), [800, 600]);
    // Beyond the edge it goes on: a marquee may end outside.
    expectNear(map.toPixel(80, 20), [-100, 0]);
    expect(clampToPicture(map, [-100, 700])).toEqual([0, 600]);
    // From the element's corner, not the page's.
    expectNear(map.toElement(0, 0), [120, 0]);
    expectNear(map.toElement(...map.toPixel(333, 77)), [323, 57]);
  });

  test('no picture, no map', () => {
    expect(pictureMap(letterboxed({ left: 5000, top: 0, width: 10, height: 10 }))).toBeUndefined();
  });
});

describe('drawings', () => {
  const options = { ...TOOL_DEFAULTS, depth: 'through' as const };
  const ask = (drawing: Drawing, base?: Uint8Array) =>
    requestOf(drawing, camera, options, 'add', base);

  test('a rectangle dragged up and left is ordered; one without area asks nothing', () => {
    const drawing: Drawing = { kind: 'rectangle', x0: 300, y0: 200, x1: 300, y1: 200 };
    expect(ask(drawing)).toBeUndefined();
    extendDrawing(drawing, 100, 50, 1);
    expect(ask(drawing)).toEqual({
      shape: { kind: 'rectangle', camera, x0: 100, y0: 50, x1: 300, y1: 200, depth: 'through' },
      mode: 'add',
    });
  });

  test('a lasso keeps points two CSS pixels apart and needs three of them', () => {
    const drawing: Drawing = { kind: 'lasso', points: [10, 10] };
    extendDrawing(drawing, 13, 10, 2);
    expect(drawing.points).toEqual([10, 10]);
    extendDrawing(drawing, 14, 10, 2);
    expect(ask(drawing)).toBeUndefined();
    extendDrawing(drawing, 14, 30, 2);
    expect(ask(drawing)?.shape).toEqual({
      kind: 'polygon',
      camera,
      points: Float32Array.of(10, 10, 14, 10, 14, 30),
      depth: 'through',
    });
  });

  test('a refinement starts from the selection and sets; without one it asks nothing', () => {
    const drawing: Drawing = { kind: 'refine', points: [5, 6], radiusPx: 9, sign: 'remove' };
    expect(ask(drawing)).toBeUndefined();
    const base = Uint8Array.of(1, 0);
    const request = ask(drawing, base)!;
    expect(request.mode).toBe('set');
    expect(request.shape).toMatchObject({ kind: 'refine', base, sign: 'remove', strength: 0.5 });
  });

  test('a brush, a flood and an eyedropper', () => {
    expect(ask({ kind: 'brush', points: [1, 2, 3, 4], radiusPx: 8 })?.shape).toMatchObject({
      kind: 'brush',
      strokes: [{ points: Float32Array.of(1, 2, 3, 4), radiusPx: 8 }],
    });
    const at = { x: 7, y: 8, tolerance: 0.3 };
    expect(ask({ kind: 'flood', ...at })?.shape).toEqual({ kind: 'flood', camera, ...at });
    expect(ask({ kind: 'eyedropper', ...at })?.shape).toEqual({ kind: 'colour', camera, ...at });
  });

  test('a sideways drag moves the tolerance within its limits', () => {
    expect(draggedTolerance(0.1, 40, [0.01, 1])).toBeCloseTo(0.2, 9);
    expect(draggedTolerance(0.1, -4000, [0.01, 1])).toBe(0.01);
    expect(draggedTolerance(0.1, 4000, [0.01, 1])).toBe(1);
  });
});

describe('volume', () => {
  test('a placed one has the size of a share of the picture, at any depth', () => {
    for (const depth of [0.01, 3, 500]) {
      const placed = placeVolume('sphere', camera, [0, 0, 0], depth);
      expect(placed.shape === 'sphere' && placed.radius / depth).toBeCloseTo((0.12 * 600) / 700, 9);
      expect(isSound(placed)).toBe(true);
    }
    expect(isSound({ ...sphere, radius: 0 })).toBe(false);
    expect(isSound({ ...box, halfExtents: [1, Number.NaN, 1] })).toBe(false);
  });

  test('each handle is found where it is drawn, the nearest of several', () => {
    for (const volume of [box, sphere]) {
      const handles = volumeHandles(volume, camera, 1);
      expect(handles).toHaveLength(10);
      for (const { handle, x, y } of handles) expect(handleAt(handles, x, y, 10)).toEqual(handle);
      expect(handleAt(handles, 5, 5, 10)).toBeUndefined();
    }
  });

  test('arrows stand 36 CSS pixels off the surface for an axis across the view', () => {
    const facing = alignVolume(box, camera);
    const handles = volumeHandles(facing, camera, 2);
    const at = (wanted: Handle) =>
      handles.find(({ handle: h }) => JSON.stringify(h) === JSON.stringify(wanted))!;
    const side = at({ kind: 'size', axis: 0, sign: 1 });
    const tip = at({ kind: 'move', axis: 0 });
    expect(Math.hypot(tip.x - side.x, tip.y - side.y)).toBeCloseTo(72, 6);
  });

  test('an arrow pulled along its line takes the volume there', () => {
    for (const volume of [box, sphere]) {
      for (const axis of [0, 1, 2]) {
        const pulled = pullHandle(
          volume,
          { kind: 'move', axis },
          camera,
          pixelOf(along(volume, axis, 0.6)),
          pixelOf(along(volume, axis, 0.85)),
        );
        expectNear(pulled.center, along(volume, axis, 0.25));
      }
    }
  });

  test('the middle follows the pointer across the view', () => {
    const from = pixelOf(box.center);
    const pulled = pullHandle(box, { kind: 'center' }, camera, from, [from[0] + 50, from[1] - 20]);
    expectNear(pixelOf(pulled.center), [from[0] + 50, from[1] - 20]);
    expect(projectPoint(camera, pulled.center).depth).toBeCloseTo(
      projectPoint(camera, box.center).depth,
      9,
    );
  });

  test("a box's side moves alone; a sphere's radius follows", () => {
    for (const sign of [1, -1] as const) {
      const from = pixelOf(along(box, 0, 0.5 * sign));
      const pulled = pullHandle(
        box,
        { kind: 'size', axis: 0, sign },
        camera,
        from,
        pixelOf(along(box, 0, 0.7 * sign)),
      );
      if (pulled.shape !== 'box') throw new Error('still a box');
      expectNear(pulled.halfExtents, [0.6, 0.3, 0.2]);
      // The other side stands where it stood.
      expectNear(along(pulled, 0, -0.6 * sign), along(box, 0, -0.5 * sign));
    }
    const pulled = pullHandle(
      sphere,
      { kind: 'size', axis: 1, sign: -1 },
      camera,
      pixelOf(along(sphere, 1, -0.4)),
      pixelOf(along(sphere, 1, -0.5)),
    );
    expect(pulled.shape === 'sphere' && pulled.radius).toBeCloseTo(0.5, 6);
  });

  test('pushed in past the middle it keeps a size; an axis straight into the picture is not followed', () => {
    const from = pixelOf(along(box, 0, 0.5));
    const to = pixelOf(along(box, 0, -2));
    const handle: Handle = { kind: 'size', axis: 0, sign: 1 };
    expect(isSound(pullHandle(box, handle, camera, from, to))).toBe(true);
    const facing = alignVolume(box, camera);
    const middle = pixelOf(facing.center);
    const moved = pullHandle(facing, { kind: 'move', axis: 2 }, camera, middle, [
      middle[0] + 3,
      middle[1],
    ]);
    expect(moved).toEqual(facing);
  });

  test('reshaped it stays where it is', () => {
    expect(reshapeVolume(sphere, 'box')).toMatchObject({ halfExtents: [0.4, 0.4, 0.4] });
    expect(reshapeVolume(box, 'sphere')).toEqual({
      shape: 'sphere',
      center: box.center,
      radius: 0.5,
    });
    expect(reshapeVolume(box, 'box')).toBe(box);
  });
});

describe('wires', () => {
  test("a box's wires run along its border: just inside is selected, just outside is not", () => {
    const cloud = createSplatCloud(1);
    const inside = (p: Vec3, by: number) => {
      const c = box.center;
      cloud.positions.set(p.map((v, k) => c[k]! + (v - c[k]!) * by));
      return selectInVolume(cloud, box)[0] === 1;
    };
    const lines = wireframe(box, eye);
    expect(lines).toHaveLength(12);
    for (const p of lines.flat()) {
      expect(inside(p, 0.999)).toBe(true);
      expect(inside(p, 1.001)).toBe(false);
    }
  });

  test("a sphere's outline is where sight lines touch it", () => {
    const outline = wireframe(sphere, eye).at(-1)!;
    for (const p of outline) {
      const fromCenter = p.map((v, k) => v - sphere.center[k]!);
      const fromEye = p.map((v, k) => v - eye[k]!);
      expect(Math.hypot(...fromCenter)).toBeCloseTo(0.4, 6);
      expect(fromCenter.reduce((sum, v, k) => sum + v * fromEye[k]!, 0)).toBeCloseTo(0, 6);
    }
  });

  test('a line from behind the camera is cut at the camera, one wholly behind is left out', () => {
    const ahead: Vec3 = [0.1, 0.2, 0.3];
    const behind: Vec3 = [2 + 1.9, -1.5 - 1.7, -4 - 4.3];
    const [run] = projectLines(camera, [[behind, ahead]]);
    expect(run).toHaveLength(4);
    expectNear(run!.slice(2), pixelOf(ahead));
    expect(run!.every(Number.isFinite)).toBe(true);
    expect(projectLines(camera, [[behind, [3, -2, -6]]])).toEqual([]);
  });
});

describe('overlay', () => {
  const map = pictureMap(letterboxed({ left: 10, top: 20, width: 400, height: 300 }))!;

  test('shapes are in CSS pixels of the element', () => {
    const [line] = drawingShapes({ kind: 'rectangle', x0: 20, y0: 40, x1: 60, y1: 80 }, 'set', map);
    expect(line).toMatchObject({ kind: 'line', d: 'M10.0 20.0L30.0 20.0L30.0 40.0L10.0 40.0Z' });
    const [stroke] = drawingShapes(
      { kind: 'brush', points: [20, 40], radiusPx: 12 },
      'remove',
      map,
    );
    expect(stroke).toEqual({ kind: 'stroke', d: 'M10.0 20.0h0.01', width: 12, mode: 'remove' });
  });

  test('a polygon shows its corners, and the side to come', () => {
    const shapes = drawingShapes(
      { kind: 'polygon', points: [0, 0, 20, 0], next: [20, 20] },
      'set',
      map,
    );
    expect(shapes.map((s) => s.kind)).toEqual(['line', 'dot', 'dot']);
    expect(shapes[0]).toMatchObject({ d: 'M0.0 0.0L10.0 0.0L10.0 10.0Z' });
  });

  test('a gizmo has wires, three arrows and seven dots, of which the pointed one is active', () => {
    const shapes = volumeShapes(box, camera, map, { kind: 'size', axis: 1, sign: -1 });
    expect(shapes.filter((s) => s.kind === 'line' && s.axis !== undefined)).toHaveLength(3);
    const dots = shapes.filter((s) => s.kind === 'dot');
    expect(dots).toHaveLength(7);
    expect(shapes.filter((s) => s.kind === 'head')).toHaveLength(3);
    expect(dots.filter((d) => d.active)).toHaveLength(1);
  });
});

test('no two tools share a key, and a key in capitals is the same key', () => {
  expect(new Set(TOOLS.map((t) => t.key)).size).toBe(TOOLS.length);
  expect(['R', 'l', 'p', 'B', 'o', 'e'].map(toolForKey)).toEqual([
    'rectangle',
    'lasso',
    'polygon',
    'brush',
    'flood',
    'eyedropper',
  ]);
  expect(toolForKey('z')).toBeUndefined();
});
