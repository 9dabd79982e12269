// Accepts: a stroke takes out or adds the part of the scene that it lies on, judged by the generated rooms'
// labels (IoU; the figures measured are given where they are asked for). Seeds 1 and 5. Pure arithmetic, no
// GPU: the answers are the same on every machine.
import { beforeAll, describe, expect, test } from 'vitest';
import { nextStroke, overlapWith } from '../../bench/score/stroke-user.ts';
import { type Camera, projectPoint, type Vec3 } from '../../core/camera.ts';
import { HIDDEN } from '../../core/marks.ts';
import type { Stroke } from '../../core/select-types.ts';
import { countSelected, type Selection } from '../../core/selection.ts';
import { generateTabletop, type TabletopScene } from '../../samples/scenes/tabletop.ts';
import { refineSelection } from '../../workers/steps/refine-selection.ts';
import { touchingBoxes } from '../support/touching.ts';

let scene: TabletopScene;
let camera: Camera;
beforeAll(() => {
  scene = generateTabletop({ splats: 60_000, seed: 1 });
  camera = scene.cameras[0]!;
});

const objectOf = (name: string) => scene.objects.find((o) => o.name === name)!;

/** One byte a splat: those of the named objects. */
function labelled(...names: string[]): Uint8Array {
  const ids = names.map((name) => objectOf(name).id);
  return Uint8Array.from(scene.labels, (label) => (ids.includes(label) ? 1 : 0));
}

/** A short stroke from left to right over a place. */
function strokeOver(place: Vec3, by: Camera = camera, halfPx = 6): Stroke {
  const { u, v } = projectPoint(by, place);
  return { points: Float32Array.of(u - halfPx, v, u + halfPx, v), radiusPx: 5 };
}

describe('refine', () => {
  test.each([
    ['mug', 'vase'],
    ['vase', 'mug'],
    ['books', 'ball'],
    ['cube', 'mug'],
  ])(
    'remove: of %s and %s selected together, a stroke takes out the second',
    async (keep, drop) => {
      const stroke = strokeOver(objectOf(drop).center);
      const base = labelled(keep, drop);
      const before = base.slice();
      const after = await refineSelection(scene.cloud, camera, base, [stroke], 'remove');
      // Measured 0.996 to 1.
      expect(overlapWith(after, labelled(keep))).toBeGreaterThan(0.97);
      expect(base).toEqual(before);
    },
  );

  test.each(['mug', 'vase', 'cube', 'books'])(
    'add: half of the %s becomes all of it',
    async (name) => {
      const { center, id, box } = objectOf(name);
      const base = Uint8Array.from(scene.labels, (label, i) =>
        label === id && scene.cloud.positions[i * 3]! < center[0] ? 1 : 0,
      );
      const [hx, , hz] = box.halfExtents;
      const stroke = strokeOver([center[0] + 0.4 * hx, center[1], center[2] - 0.3 * hz]);
      const after = await refineSelection(scene.cloud, camera, base, [stroke], 'add');
      expect(base.every((v, i) => v === 0 || after[i] === 1)).toBe(true);
      // Measured 0.92 (cube) to 0.99: voxels at the foot hold some of the table too.
      expect(overlapWith(after, labelled(name))).toBeGreaterThan(0.9);
    },
  );

  test('boxes that touch come apart at their colours', async () => {
    const { cloud, labels, camera: front } = touchingBoxes([0.7, 0.2, 0.2], [0.2, 0.2, 0.7]);
    const both = labels.map((label) => (label === 0 ? 0 : 1));
    const stroke = strokeOver([0.5, -1, 0], front, 20);
    const after = await refineSelection(cloud, front, both, [stroke], 'remove');
    expect(
      overlapWith(
        after,
        labels.map((label) => (label === 1 ? 1 : 0)),
      ),
    ).toBeGreaterThan(0.98);
  });

  test('without any break only what is under the stroke is taken, and strokes over the rest take the rest', async () => {
    const { cloud, labels, camera: front } = touchingBoxes([0.6, 0.3, 0.3], [0.6, 0.3, 0.3]);
    const both = labels.map((label) => (label === 0 ? 0 : 1));
    const stroke = strokeOver([0.5, -1, 0], front, 20);
    const after = await refineSelection(cloud, front, both, [stroke], 'remove');
    const taken = countSelected(both) - countSelected(after);
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThan(0.1 * countSelected(both));
    let left = after;
    for (const [x, y, z] of [
      [0.3, -1, -0.3],
      [0.7, -1, 0.3],
      [0.5, -1, 0.1],
    ] as Vec3[]) {
      const next = await refineSelection(
        cloud,
        front,
        left,
        [strokeOver([x, y, z], front, 30)],
        'remove',
      );
      expect(countSelected(next)).toBeLessThan(countSelected(left));
      left = next;
    }
  });

  test('strokes where it is wrong converge: a patch of the table and half a vase', async () => {
    const wanted = labelled('vase');
    const { center, id } = objectOf('vase');
    const p = scene.cloud.positions;
    let selection: Selection = Uint8Array.from(scene.labels, (label, i) => {
      if (label === id) return p[i * 3 + 1]! > center[1] ? 1 : 0;
      const near = Math.hypot(p[i * 3]! - center[0] - 0.12, p[i * 3 + 2]! - center[2]) < 0.1;
      return label === 0 && near && Math.abs(p[i * 3 + 1]! + 0.74) < 0.01 ? 1 : 0;
    });
    const start = overlapWith(selection, wanted);
    for (let k = 0; k < 3; k++) {
      const next = nextStroke(scene.cloud, camera, selection, wanted, 5);
      if (!next) break;
      selection = await refineSelection(scene.cloud, camera, selection, [next.stroke], next.sign);
    }
    expect(start).toBeLessThan(0.6);
    expect(overlapWith(selection, wanted)).toBeGreaterThan(0.9);
  });

  test('strokes over what is so already, over nothing, and none at all change nothing', async () => {
    const base = labelled('vase');
    const onVase = strokeOver(objectOf('vase').center);
    const away: Stroke = { points: Float32Array.of(-500, -500), radiusPx: 5 };
    for (const [strokes, sign] of [
      [[onVase], 'add'],
      [[strokeOver(objectOf('mug').center)], 'remove'],
      [[away], 'add'],
      [[{ points: new Float32Array(0), radiusPx: 5 }], 'add'],
      [[], 'remove'],
    ] as const) {
      const after = await refineSelection(scene.cloud, camera, base, strokes, sign);
      expect(after).not.toBe(base);
      expect(overlapWith(after, base)).toBe(1);
    }
  });

  test('what is hidden is neither hit nor added', async () => {
    const marks = labelled('mug').map((v) => (v === 1 ? HIDDEN : 0));
    const base = labelled('vase');
    const stroke = strokeOver(objectOf('mug').center);
    const after = await refineSelection(scene.cloud, camera, base, [stroke], 'add', { marks });
    expect(after.some((v, i) => v === 1 && marks[i] === HIDDEN)).toBe(false);
  });

  test.each([0.01, 100])('scale × %s: the same splats', async (scale) => {
    const scaled = generateTabletop({ splats: 60_000, seed: 1, scale });
    const base = labelled('mug', 'vase');
    const place = objectOf('vase').center.map((v) => v * scale) as unknown as Vec3;
    const by = scaled.cameras[0]!;
    const after = await refineSelection(scaled.cloud, by, base, [strokeOver(place, by)], 'remove');
    expect(overlapWith(after, labelled('mug'))).toBeGreaterThan(0.97);
  });

  test('cancel: rejects with `cancelled`', async () => {
    const abort = new AbortController();
    const stroke = strokeOver(objectOf('vase').center);
    const base = labelled('vase');
    const running = refineSelection(
      scene.cloud,
      camera,
      base,
      [stroke],
      'remove',
      {},
      abort.signal,
    );
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
