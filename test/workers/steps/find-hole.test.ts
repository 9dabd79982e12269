// Accepts: tiny hand-made views, exactly. Pixel pictures below: one character a pixel.
import { describe, expect, test } from 'vitest';
import { createMask, createScalarImage, type Mask, type ScalarImage } from '../../../core/image.ts';
import type { ObjectShape } from '../../../core/object-shape.ts';
import {
  classifyEmpties,
  coveredPixels,
  filledPixels,
  findHole,
  footprintOf,
  type HoleInputs,
  labelPixels,
  nearPixels,
  UNKNOWN,
} from '../../../workers/steps/find-hole.ts';
import { maskOf, straightCamera, viewOf } from './support.ts';

function drawn(rows: string[], set: string): Mask {
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (c) => (set.includes(c) ? 1 : 0)),
  };
}
const rowsOf = ({ width, data }: Mask) =>
  Array.from({ length: data.length / width }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (v) => (v ? '#' : '.')).join(''),
  );
function constant(width: number, height: number, value: number): ScalarImage {
  const out = createScalarImage(width, height);
  out.data.fill(value);
  return out;
}
const ball = (z: number, radius: number): ObjectShape => ({
  center: [0, 0, z],
  radius,
  outside: (x, y, w) => Math.hypot(x, y, w - z) - radius,
  exit: ([ox, oy, oz], [dx, dy, dz]) => {
    const l = Math.hypot(dx, dy, dz);
    const [ux, uy, uz] = [dx / l, dy / l, dz / l];
    const along = -(ox * ux + oy * uy + (oz - z) * uz);
    const rest = radius ** 2 - (ox ** 2 + oy ** 2 + (oz - z) ** 2 - along ** 2);
    return rest < 0 ? undefined : (along + Math.sqrt(rest)) / l;
  },
});

describe('classes of pixels', () => {
  const camera = straightCamera(4);

  test('footprint: where the object shows, grown', () => {
    const view = viewOf(camera, constant(4, 4, 2));
    view.marked.data[5] = 0.5;
    view.marked.data[15] = 0.01;
    expect(rowsOf(footprintOf(view, 0))).toEqual(['....', '.#..', '....', '....']);
    expect(rowsOf(footprintOf(view, 1))).toEqual(['###.', '###.', '###.', '....']);
  });

  test('covered: opaque and with a depth', () => {
    const view = viewOf(camera, constant(4, 4, 2));
    view.alpha.data[0] = 0.3;
    view.depthMedian.data[1] = 0;
    expect(rowsOf(coveredPixels(view))).toEqual(['..##', '####', '####', '####']);
  });

  test('filled: mostly earlier fills', () => {
    const view = viewOf(camera, constant(4, 4, 2));
    view.marked.data.set([1, 0.7, 0.4, 0.1]);
    view.alpha.data[2] = 0.45;
    expect(rowsOf(filledPixels(view))[0]).toBe('###.');
  });

  test('near: the surface lies by the object', () => {
    const depth = constant(4, 4, 5);
    depth.data[6] = 20;
    const covered = maskOf(4, 4, (x, y) => x + y > 0);
    const near = nearPixels(covered, depth, camera, ball(5, 1), 2);
    expect(rowsOf(near)).toEqual(['.###', '##.#', '####', '####']);
  });
});

test('empties: open background, the object’s shadow, gaps of the capture', () => {
  // f footprint, . covered, b s g empty
  const rows = [
    'bb.........',
    'b..........',
    '....fff....',
    '....fffs...',
    '....fffs...',
    '....fff..g.',
    '...........',
  ];
  const covered = drawn(rows, '.');
  const found = classifyEmpties(covered, drawn(rows, 'f'));
  expect(rowsOf(found.background)).toEqual(rowsOf(drawn(rows, 'b')));
  expect(rowsOf(found.shadow)).toEqual(rowsOf(drawn(rows, 's')));
  expect(rowsOf(found.gaps)).toEqual(rowsOf(drawn(rows, 'g')));
});

test('empties: what is larger than the object is no shadow of it', () => {
  const rows = ['......', '.fsss.', '..sss.', '..sss.', '......'];
  const found = classifyEmpties(drawn(rows, '.'), drawn(rows, 'f'));
  expect(found.shadow.data.some((v) => v !== 0)).toBe(false);
  expect(rowsOf(found.background)).toEqual(rowsOf(drawn(rows, 's')));
});

/** Layer 0 is a table at depth 4, seen left; what is behind it is a floor at depth 9. */
describe('labels', () => {
  // t table, F far floor, u unseen and empty, x unseen and shows the floor, e unseen and shows the table,
  // n unseen with something in front, b open background
  const rows = ['bbFFFF', 'ttttFF', 'tuxent', 'tttttt'];
  const of = (set: string) => drawn(rows, set);
  const depth = createScalarImage(6, 4);
  for (let i = 0; i < 24; i++) {
    const c = rows.join('')[i]!;
    depth.data[i] = { t: 4, e: 4.05, F: 9, x: 9, n: 2 }[c] ?? 0;
  }
  const view = viewOf(straightCamera(6, 4), depth);
  const inputs = {
    view,
    covered: of('tFxen'),
    near: of('te'),
    filled: createMask(6, 4),
    empties: { shadow: createMask(6, 4), background: of('b'), gaps: createMask(6, 4) },
    unseen: of('uxen'),
    layers: [{ pixels: of('t'), depth: constant(6, 4, 4) }],
    agreement: 0.2,
    objectFront: 3,
  };
  const letters = (labels: Uint8Array) =>
    Array.from({ length: 4 }, (_, y) =>
      Array.from(labels.subarray(y * 6, y * 6 + 6), (l) => (l === UNKNOWN ? '?' : l)).join(''),
    );

  test('known, beyond, and asked for', () => {
    const { labels, real } = labelPixels(inputs);
    expect(letters(labels)).toEqual(['111111', '000011', '0??0?0', '000000']);
    // What agrees with a layer is really there, and so is what stands before every layer.
    expect(rowsOf(real)).toEqual(rowsOf(of('en')));
  });

  test('earlier fills are real and keep no label', () => {
    const { labels, real } = labelPixels({ ...inputs, filled: of('x') });
    expect(letters(labels)[2]).toBe('0??0?0');
    expect(rowsOf(real)).toEqual(rowsOf(of('enx')));
  });

  test('a gap beside two layers belongs to the farther one', () => {
    const gapped = ['tttFFF', 'ttgFFF', 'tttFFF', 'tttFFF'];
    const { labels } = labelPixels({
      ...inputs,
      covered: drawn(gapped, 'tF'),
      near: drawn(gapped, 'tF'),
      empties: { ...inputs.empties, background: createMask(6, 4), gaps: drawn(gapped, 'g') },
      unseen: createMask(6, 4),
      layers: [
        { pixels: drawn(gapped, 't'), depth: constant(6, 4, 4) },
        { pixels: drawn(gapped, 'F'), depth: constant(6, 4, 9) },
      ],
    });
    expect(letters(labels)).toEqual(['000111', '001111', '000111', '000111']);
  });
});

/** An object, a ball of radius 1 at depth 4, stood right before a wall at depth 5; the view is 40 × 40. */
describe('the hole', () => {
  const SIZE = 40;
  const camera = straightCamera(SIZE);
  const wall = constant(SIZE, SIZE, 5);
  const foot = maskOf(SIZE, SIZE, (x, y) => Math.hypot(x - 19.5, y - 19.5) < 10);
  const open = maskOf(SIZE, SIZE, (x, y) => Math.hypot(x - 19.5, y - 19.5) < 5);
  function inputs(showsThrough: number): HoleInputs {
    const depth = constant(SIZE, SIZE, 5);
    for (let i = 0; i < depth.data.length; i++)
      if (open.data[i] !== 0) depth.data[i] = showsThrough;
    const view = viewOf(camera, depth);
    return {
      view,
      covered: coveredPixels(view),
      footprint: foot,
      shadow: createMask(SIZE, SIZE),
      real: maskOf(SIZE, SIZE, (x, y) => foot.data[y * SIZE + x]! > open.data[y * SIZE + x]!),
      filled: createMask(SIZE, SIZE),
      labels: new Uint8Array(SIZE * SIZE),
      layers: [{ depth: wall, confidence: constant(SIZE, SIZE, 0.7) }],
      shape: ball(4, 1),
      agreement: 0.1,
      reach: 0.6,
      beforeBack: 0.35,
      seamPx: 0,
      hidden: () => undefined,
    };
  }

  test.each([
    ['nothing', 0],
    ['something far behind', 9],
  ])('shows %s', (_, depth) => {
    const hole = findHole(inputs(depth));
    expect(rowsOf(hole.mask)).toEqual(rowsOf(open));
    const i = 20 * SIZE + 20;
    expect(hole.depth.data[i]).toBe(5);
    expect(hole.confidence.data[i]).toBeCloseTo(0.7, 6);
    expect(hole.refused.data.some((v) => v !== 0)).toBe(false);
  });

  test('is closed where a survivor shows the layer, or stands before it', () => {
    for (const depth of [5.05, 3]) {
      expect(findHole(inputs(depth)).mask.data.some((v) => v !== 0)).toBe(false);
    }
  });

  test('grows by the seam, into what has a depth', () => {
    const hole = findHole({ ...inputs(0), seamPx: 2 });
    for (let i = 0; i < open.data.length; i++) {
      const r = Math.hypot((i % SIZE) - 19.5, Math.floor(i / SIZE) - 19.5);
      if (open.data[i] !== 0) expect(hole.mask.data[i]).toBe(1);
      if (r > 10) expect(hole.mask.data[i]).toBe(0);
      if (r > 5 && r < 6.5) expect(hole.mask.data[i]).toBe(1);
    }
  });

  test('leaves what a given camera saw past the object as it was', () => {
    const seen = findHole({ ...inputs(0), hidden: () => false });
    expect(seen.mask.data.some((v) => v !== 0)).toBe(false);
    expect(seen.refused.data.some((v) => v !== 0)).toBe(false);
    expect(rowsOf(findHole({ ...inputs(0), hidden: () => true }).mask)).toEqual(rowsOf(open));
  });

  test('leaves a layer that passes far behind the object to the scene', () => {
    const far = { ...inputs(0), layers: [{ depth: constant(SIZE, SIZE, 12), confidence: wall }] };
    const hole = findHole(far);
    expect(hole.mask.data.some((v) => v !== 0)).toBe(false);
    // It is empty and it is missing, though: it counts as refused.
    expect(rowsOf(hole.refused)).toEqual(rowsOf(open));
  });

  test('no layer passes through where the object was', () => {
    const through = {
      ...inputs(0),
      layers: [{ depth: constant(SIZE, SIZE, 4), confidence: wall }],
    };
    expect(findHole(through).mask.data.some((v) => v !== 0)).toBe(false);
  });

  test('unknown and background labels, earlier fills and specks are no hole', () => {
    const none = (i: HoleInputs) => findHole(i).mask.data.every((v) => v === 0);
    expect(none({ ...inputs(0), labels: new Uint8Array(SIZE * SIZE).fill(UNKNOWN) })).toBe(true);
    expect(none({ ...inputs(0), labels: new Uint8Array(SIZE * SIZE).fill(1) })).toBe(true);
    expect(none({ ...inputs(0), filled: open })).toBe(true);
    const one = maskOf(SIZE, SIZE, (x, y) => x === 20 && y === 20);
    expect(
      none({ ...inputs(0), real: maskOf(SIZE, SIZE, (x, y) => one.data[y * SIZE + x] === 0) }),
    ).toBe(true);
  });
});
