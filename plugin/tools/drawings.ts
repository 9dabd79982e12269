import type { Camera } from '../../core/camera.ts';
import type { SelectShape } from '../../core/select-types.ts';
import type { Selection } from '../../core/selection.ts';
import type { SelectMode } from '../selection-modes.ts';
import type { Drawing, ToolOptions, ToolRequest } from './tool-types.ts';

/** A line's points come no closer than this, CSS pixels: more say nothing. */
const LINE_STEP = 2;
/** A drag of so many CSS pixels takes the tolerance from nothing to all. */
const TOLERANCE_DRAG = 400;

/** A drag went on to (x, y), picture pixels. Changes the drawing; `scale` is picture pixels a CSS pixel. */
export function extendDrawing(drawing: Drawing, x: number, y: number, scale: number): void {
  switch (drawing.kind) {
    case 'rectangle':
      drawing.x1 = x;
      drawing.y1 = y;
      return;
    case 'polygon':
      drawing.next = [x, y];
      return;
    case 'lasso':
    case 'brush':
    case 'refine': {
      const { points } = drawing;
      const far = Math.hypot(x - points.at(-2)!, y - points.at(-1)!);
      if (far >= LINE_STEP * scale) points.push(x, y);
      return;
    }
    default:
  }
}

/** The tolerance after a sideways drag of `dx` CSS pixels. */
export function draggedTolerance(from: number, dx: number, limits: readonly [number, number]) {
  return Math.min(limits[1], Math.max(limits[0], from + dx / TOLERANCE_DRAG));
}

/**
 * What a finished drawing asks for.
 * @param base the selection there is, which a refining stroke corrects
 * @returns undefined when it encloses nothing, or there is nothing to refine
 */
export function requestOf(
  drawing: Drawing,
  camera: Camera,
  options: ToolOptions,
  mode: SelectMode,
  base: Selection | undefined,
): ToolRequest | undefined {
  const shape = shapeOf(drawing, camera, options, base);
  // A refined selection holds the one it came from.
  return shape && { shape, mode: drawing.kind === 'refine' ? 'set' : mode };
}

function shapeOf(
  drawing: Drawing,
  camera: Camera,
  { depth, strength }: ToolOptions,
  base: Selection | undefined,
): SelectShape | undefined {
  switch (drawing.kind) {
    case 'rectangle': {
      const [x0, x1] = [Math.min(drawing.x0, drawing.x1), Math.max(drawing.x0, drawing.x1)];
      const [y0, y1] = [Math.min(drawing.y0, drawing.y1), Math.max(drawing.y0, drawing.y1)];
      if (!(x1 > x0 && y1 > y0)) return undefined;
      return { kind: 'rectangle', camera, x0, y0, x1, y1, depth };
    }
    case 'lasso':
    case 'polygon':
      if (drawing.points.length < 6) return undefined;
      return { kind: 'polygon', camera, points: Float32Array.from(drawing.points), depth };
    case 'brush':
      return { kind: 'brush', camera, strokes: [strokeOf(drawing)], depth };
    case 'refine': {
      if (base === undefined) return undefined;
      const strokes = [strokeOf(drawing)];
      return { kind: 'refine', camera, base, strokes, sign: drawing.sign, strength };
    }
    case 'flood':
    case 'eyedropper': {
      const kind = drawing.kind === 'flood' ? 'flood' : 'colour';
      const { x, y, tolerance } = drawing;
      return { kind, camera, x, y, tolerance };
    }
  }
}

const strokeOf = ({ points, radiusPx }: { points: number[]; radiusPx: number }) => ({
  points: Float32Array.from(points),
  radiusPx,
});
