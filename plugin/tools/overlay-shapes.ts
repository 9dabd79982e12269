import { type Camera, cameraCenter, projectPoint } from '../../core/camera.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import type { SelectMode } from '../selection-modes.ts';
import type { PictureMap } from './picture-map.ts';
import type { Drawing } from './tool-types.ts';
import { type Handle, volumeHandles } from './volume-gizmo.ts';
import { projectLines, wireframe } from './volume-wireframe.ts';

/** One thing drawn over the picture. Lengths are CSS pixels from the top left of the host's element. */
export type OverlayShape =
  /** A line; `d` is an SVG path. `axis`: an arrow of this axis of the volume. */
  | { kind: 'line'; d: string; closed: boolean; axis?: number }
  /** A painted stroke of this width. */
  | { kind: 'stroke'; d: string; width: number; mode: SelectMode }
  /** The brush. */
  | { kind: 'circle'; x: number; y: number; radius: number }
  /** A corner or a handle. `active`: under the pointer, or pulled. */
  | { kind: 'dot'; x: number; y: number; axis?: number; active: boolean }
  /** An arrow's head. `angle`: where it points, degrees clockwise from the right. */
  | { kind: 'head'; x: number; y: number; axis: number; angle: number; active: boolean }
  | { kind: 'label'; x: number; y: number; text: string };

type ToElement = PictureMap['toElement'];

/** A run of picture pixels as an SVG path. */
function path(points: readonly number[], toElement: ToElement): string {
  let d = '';
  for (let k = 0; k + 1 < points.length; k += 2) {
    const [x, y] = toElement(points[k]!, points[k + 1]!);
    d += `${k === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  // A line of no length has round ends to show, where it has a length to SVG.
  return points.length === 2 ? `${d}h0.01` : d;
}

/** What the pointer is drawing. */
export function drawingShapes(drawing: Drawing, mode: SelectMode, map: PictureMap): OverlayShape[] {
  const { toElement } = map;
  switch (drawing.kind) {
    case 'rectangle': {
      const { x0, y0, x1, y1 } = drawing;
      const d = `${path([x0, y0, x1, y0, x1, y1, x0, y1], toElement)}Z`;
      return [{ kind: 'line', d, closed: true }];
    }
    case 'lasso':
      return [{ kind: 'line', d: `${path(drawing.points, toElement)}Z`, closed: true }];
    case 'polygon': {
      const { points, next } = drawing;
      const line = next ? [...points, ...next] : points;
      const closed = points.length >= 4;
      const shapes: OverlayShape[] = [
        { kind: 'line', d: path(line, toElement) + (closed ? 'Z' : ''), closed },
      ];
      for (let k = 0; k < points.length; k += 2) {
        const [x, y] = toElement(points[k]!, points[k + 1]!);
        shapes.push({ kind: 'dot', x, y, active: false });
      }
      return shapes;
    }
    case 'brush':
    case 'refine': {
      const width = (2 * drawing.radiusPx) / map.scale;
      const signed = drawing.kind === 'refine' ? drawing.sign : mode;
      return [{ kind: 'stroke', d: path(drawing.points, toElement), width, mode: signed }];
    }
    case 'flood':
    case 'eyedropper': {
      const [x, y] = toElement(drawing.x, drawing.y);
      const text = `Tolerance ${Math.round(drawing.tolerance * 100)} %`;
      return [
        { kind: 'dot', x, y, active: true },
        { kind: 'label', x: x + 14, y: y - 12, text },
      ];
    }
  }
}

/** A volume's edges, arrows and handles. */
export function volumeShapes(
  volume: SelectionVolume,
  camera: Camera,
  map: PictureMap,
  active: Handle | undefined,
): OverlayShape[] {
  const { toElement } = map;
  const shapes: OverlayShape[] = projectLines(camera, wireframe(volume, cameraCenter(camera))).map(
    (run) => ({ kind: 'line', d: path(run, toElement), closed: false }),
  );
  const handles = volumeHandles(volume, camera, map.scale);
  const center = projectPoint(camera, volume.center);
  for (const { handle, x, y } of handles) {
    if (handle.kind !== 'move' || center.depth <= 0) continue;
    const d = path([center.u, center.v, x, y], toElement);
    shapes.push({ kind: 'line', d, closed: false, axis: handle.axis });
  }
  for (const { handle, x, y } of handles) {
    const [ex, ey] = toElement(x, y);
    const isActive = sameHandle(handle, active);
    if (handle.kind === 'move') {
      const angle = (Math.atan2(y - center.v, x - center.u) * 180) / Math.PI;
      shapes.push({ kind: 'head', x: ex, y: ey, axis: handle.axis, angle, active: isActive });
    } else {
      const axis = handle.kind === 'size' ? { axis: handle.axis } : {};
      shapes.push({ kind: 'dot', x: ex, y: ey, active: isActive, ...axis });
    }
  }
  return shapes;
}

export function sameHandle(a: Handle, b: Handle | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'center' || b.kind === 'center') return true;
  if (a.axis !== b.axis) return false;
  return a.kind === 'move' || b.kind === 'move' || a.sign === b.sign;
}
