/** Upright boxes as a solid. */
import type { Body, SurfacePiece } from './body.ts';
import { type BoxShape, cornersOf, enterBox } from './box-shape.ts';
import type { Level } from './level-view.ts';

/** A face by its middle and its half edges, to the outside: normal. */
interface Face {
  middle: Level;
  u: Level;
  v: Level;
  normal: Level;
}

const add = (p: Level, a: Level, s: number, b: Level, t: number): Level => [
  p[0] + s * a[0] + t * b[0],
  p[1] + s * a[1] + t * b[1],
  p[2] + s * a[2] + t * b[2],
];

/** The four sides in turn, then the top. */
function facesOf({ base, turn, size, height }: BoxShape): Face[] {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const axes = [
    [c, s, 0],
    [-s, c, 0],
  ] as const;
  const up: Level = [0, 0, height / 2];
  const centre: Level = [base[0], base[1], base[2] + height / 2];
  const sides = [0, 1, 2, 3].map((k): Face => {
    const sign = k < 2 ? 1 : -1;
    const out = axes[k % 2]!.map((v) => sign * v) as unknown as Level;
    const across = axes[(k + 1) % 2]!;
    return {
      middle: add(centre, out, size[k % 2]! / 2, up, 0),
      u: across.map((v) => (v * size[(k + 1) % 2]!) / 2) as unknown as Level,
      v: up,
      normal: out,
    };
  });
  const half = (k: 0 | 1) => axes[k].map((v) => (v * size[k]) / 2) as unknown as Level;
  const top: Face = {
    middle: add(centre, up, 1, up, 0),
    u: half(0),
    v: half(1),
    normal: [0, 0, 1],
  };
  return [...sides, top];
}

/** A thin one keeps a tenth. */
const THINNEST = 0.1;

/** All of its sides and its top that much further inside. */
function insetBox(box: BoxShape, inset: number): BoxShape {
  const less = (v: number, by: number) => Math.max(THINNEST * v, v - by);
  return {
    ...box,
    size: [less(box.size[0], 2 * inset), less(box.size[1], 2 * inset)],
    height: less(box.height, inset),
  };
}

/** @param boxes from the ground up */
export function boxBody(boxes: readonly BoxShape[]): Body {
  function* pieces(spacing: number, inset = 0): Iterable<SurfacePiece> {
    for (const box of boxes) {
      const faces = facesOf(box);
      const inner = facesOf(insetBox(box, inset));
      for (const [k, { middle, u, v, normal }] of faces.entries()) {
        const laid = inner[k]!;
        const columns = Math.max(1, Math.round((2 * Math.hypot(...u)) / spacing));
        const rows = Math.max(1, Math.round((2 * Math.hypot(...v)) / spacing));
        const across = u.map((e) => (2 * e) / columns) as unknown as Level;
        const up = v.map((e) => (2 * e) / rows) as unknown as Level;
        for (let i = 0; i < columns * rows; i++) {
          const s = (2 * ((i % columns) + 0.5)) / columns - 1;
          const t = (2 * (Math.floor(i / columns) + 0.5)) / rows - 1;
          yield {
            ...{ at: add(middle, u, s, v, t), normal, across, along: up },
            inside: add(laid.middle, laid.u, s, laid.v, t),
            *alike() {
              // The side across from it, then those beside it; of a top its own other end.
              const others =
                k < 4 ? [faces[(k + 2) % 4]!, faces[(k + 1) % 4]!, faces[(k + 3) % 4]!] : [];
              for (const f of others) yield add(f.middle, f.u, s, f.v, t);
              for (const f of others) yield add(f.middle, f.u, -s, f.v, t);
              if (k === 4) {
                for (const [a, b] of [
                  [-s, t],
                  [s, -t],
                  [-s, -t],
                ] as const) {
                  yield add(middle, u, a, v, b);
                }
              }
            },
          };
        }
      }
    }
  }
  const [first] = boxes;
  const [x, y] = first!.base;
  const corners = cornersOf(first!);
  const breadth = Math.max(...corners.map((p) => 2 * Math.hypot(p[0] - x, p[1] - y)));
  return {
    kind: boxes.length > 1 ? 'stack' : 'box',
    enter(direction) {
      let near: number | undefined;
      for (const box of boxes) {
        const t = enterBox(box, direction);
        if (t !== undefined && (near === undefined || t < near)) near = t;
      }
      return near;
    },
    pieces,
    at: [x, y],
    breadth,
    height: boxes.reduce((sum, b) => sum + b.height, 0),
  };
}
