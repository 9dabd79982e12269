import type { Camera } from '../../core/camera.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import type { MendHost } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import type { SelectMode } from '../selection-modes.ts';
import { draggedTolerance, extendDrawing, requestOf } from './drawings.ts';
import { clampToPicture, type PictureMap, pictureMap } from './picture-map.ts';
import type { Claim, Press } from './pointer-input.ts';
import { surfacePoint } from './surface-point.ts';
import {
  type Drawing,
  TOOL_LIMITS,
  type ToolId,
  type ToolOptions,
  type ToolRequest,
} from './tool-types.ts';
import { type Handle, handleAt, placeVolume, pullHandle, volumeHandles } from './volume-gizmo.ts';

/** What the gestures read and change; the controller's. */
export interface GestureDesk {
  readonly host: MendHost;
  readonly mender: Mender;
  readonly tool: ToolId;
  readonly options: ToolOptions;
  /** No tool may select now. */
  readonly blocked: boolean;
  volume: SelectionVolume | undefined;
  modeOf(keys: { shiftKey: boolean; ctrlKey: boolean }): SelectMode;
  /** Whether a drag of the object tool is a stroke that adds or takes away. */
  refines(keys: { shiftKey: boolean; ctrlKey: boolean }): boolean;
  /** A click of the segment tool. */
  segment(camera: Camera, pixel: { x: number; y: number }, press: Press): void;
  setTolerance(tolerance: number): void;
  ask(make: () => ToolRequest | undefined): void;
  /** State or overlay changed. */
  changed(): void;
}

/** How near a pointer has to come to a handle, and to a polygon's first corner, CSS pixels. */
const REACH = { mouse: 11, touch: 24 };

/** Where and in which view a press began. */
interface Begun {
  camera: Camera;
  map: PictureMap;
  mode: SelectMode;
  from: Press;
}

/** The presses of the active tool: what is being drawn or pulled, and what it asks for in the end. */
export class Gestures {
  /** What is being drawn. */
  drawing: Drawing | undefined;
  readonly #desk: GestureDesk;
  #begun: Begun | undefined;
  #pull: { handle: Handle; volume: SelectionVolume; from: [number, number] } | undefined;

  constructor(desk: GestureDesk) {
    this.#desk = desk;
  }

  /** The handle that is being pulled. */
  get pulled(): Handle | undefined {
    return this.#pull?.handle;
  }

  /** The mode that the drawing began with. */
  get mode(): SelectMode | undefined {
    return this.#begun?.mode;
  }

  claim(press: Press): Claim {
    const desk = this.#desk;
    const { tool, options, host } = desk;
    if (desk.blocked || tool === 'navigate') return 'viewer';
    const map = pictureMap(host);
    if (map === undefined || !host.pixelAt(press.clientX, press.clientY)) return 'viewer';
    const camera = host.currentCamera();
    const [x, y] = map.toPixel(press.clientX, press.clientY);
    const mode = desk.modeOf(press);
    const begun = { camera, map, mode, from: press };
    const handle = this.handleUnder(press);
    if (handle && desk.volume) {
      this.#begun = begun;
      this.#pull = { handle, volume: desk.volume, from: [x, y] };
      desk.changed();
      return 'tool';
    }
    const radiusPx = options.brushRadius * map.scale;
    switch (tool) {
      case 'segment':
      case 'sphere':
      case 'box':
        return 'click';
      case 'object':
        // A stroke begins once it moves: until then it is a click.
        if (!desk.refines(press)) return 'click';
        break;
      case 'rectangle':
        this.drawing = { kind: tool, x0: x, y0: y, x1: x, y1: y };
        break;
      case 'lasso':
        this.drawing = { kind: tool, points: [x, y] };
        break;
      case 'polygon':
        if (this.drawing?.kind !== tool) this.drawing = { kind: tool, points: [], next: undefined };
        extendDrawing(this.drawing, x, y, map.scale);
        break;
      case 'brush':
        this.drawing = { kind: tool, points: [x, y], radiusPx };
        break;
      default:
        this.drawing = { kind: tool, x, y, tolerance: options.tolerance };
    }
    this.#begun = begun;
    desk.changed();
    return 'tool';
  }

  drag(press: Press): void {
    const desk = this.#desk;
    if (this.#begun === undefined) return;
    const { map, camera, from, mode } = this.#begun;
    const [x, y] = clampToPicture(map, map.toPixel(press.clientX, press.clientY));
    if (this.#pull) {
      const { volume, handle, from: start } = this.#pull;
      desk.volume = pullHandle(volume, handle, camera, start, [x, y]);
      desk.changed();
      return;
    }
    if (desk.tool === 'object') {
      this.drawing ??= {
        kind: 'refine',
        points: map.toPixel(from.clientX, from.clientY),
        radiusPx: desk.options.brushRadius * map.scale,
        sign: mode === 'remove' ? 'remove' : 'add',
      };
    }
    const { drawing } = this;
    if (drawing?.kind === 'flood' || drawing?.kind === 'eyedropper') {
      const dx = press.clientX - from.clientX;
      drawing.tolerance = draggedTolerance(desk.options.tolerance, dx, TOOL_LIMITS.tolerance);
    } else if (drawing) extendDrawing(drawing, x, y, map.scale);
    desk.changed();
  }

  /** @param moved false for a press that ended where it began */
  release(press: Press, moved: boolean): void {
    const { drawing } = this;
    const begun = this.#begun;
    if (begun === undefined) return;
    if (drawing?.kind === 'polygon') {
      this.#addCorner(drawing, press, begun);
      return;
    }
    const pulled = this.#pull !== undefined;
    this.#end();
    if (pulled) return;
    // A hand that shook while it clicked drew no stroke.
    if (this.#desk.tool === 'object' && !moved) this.click(begun.from);
    if (drawing === undefined) return;
    if (drawing.kind === 'flood' || drawing.kind === 'eyedropper') {
      if (moved) this.#desk.setTolerance(drawing.tolerance);
      else drawing.tolerance = this.#desk.options.tolerance;
    } else if (!moved && drawing.kind !== 'brush') return;
    this.#ask(drawing, begun.camera, begun.mode);
  }

  /** The press was taken away. Corners that were set stay when a second finger comes to move the view. */
  abort(): void {
    if (this.drawing?.kind !== 'polygon' || this.drawing.points.length === 0) this.cancel();
    else {
      this.drawing.next = undefined;
      this.#desk.changed();
    }
  }

  /** A click in the picture, by a pointer or from the keyboard; of the tools that draw only the brush can use it. */
  click(press: Press): void {
    const desk = this.#desk;
    const pixel = desk.blocked ? undefined : desk.host.pixelAt(press.clientX, press.clientY);
    if (!pixel) return;
    const camera = desk.host.currentCamera();
    const mode = desk.modeOf(press);
    const { tool } = desk;
    const { strength, tolerance } = desk.options;
    if (tool === 'object') {
      desk.ask(() => ({ shape: { kind: 'object', camera, ...pixel, strength }, mode }));
    } else if (tool === 'segment') {
      desk.segment(camera, pixel, press);
    } else if (tool === 'flood' || tool === 'eyedropper') {
      this.#ask({ kind: tool, ...pixel, tolerance }, camera, mode);
    } else if (tool === 'brush') {
      const radiusPx = desk.options.brushRadius * (pictureMap(desk.host)?.scale ?? 1);
      this.#ask({ kind: tool, points: [pixel.x, pixel.y], radiusPx }, camera, mode);
    } else if (tool === 'sphere' || tool === 'box') {
      void this.#place(tool, camera, pixel);
    }
  }

  /** The pointer moves with nothing pressed. */
  hover(press: Press): void {
    const map = this.drawing?.kind === 'polygon' && pictureMap(this.#desk.host);
    if (!this.drawing || !map) return;
    const [x, y] = clampToPicture(map, map.toPixel(press.clientX, press.clientY));
    extendDrawing(this.drawing, x, y, map.scale);
  }

  handleUnder(press: Press): Handle | undefined {
    const { volume, host } = this.#desk;
    const map = volume && pictureMap(host);
    if (!volume || !map) return undefined;
    const [x, y] = map.toPixel(press.clientX, press.clientY);
    const radius = (press.touch ? REACH.touch : REACH.mouse) * map.scale;
    return handleAt(volumeHandles(volume, host.currentCamera(), map.scale), x, y, radius);
  }

  /** Asks for what the polygon encloses. @returns false when none is being drawn */
  closePolygon(): boolean {
    const { drawing } = this;
    if (drawing?.kind !== 'polygon') return false;
    if (drawing.points.length < 6) return true;
    const mode = this.#begun?.mode ?? 'set';
    this.#end();
    // The view may have moved between two corners: the outline means what it lies on now.
    this.#ask(drawing, this.#desk.host.currentCamera(), mode);
    return true;
  }

  /** Takes the polygon's last corner back. @returns false when none is being drawn */
  dropCorner(): boolean {
    if (this.drawing?.kind !== 'polygon') return false;
    const { points } = this.drawing;
    points.length -= Math.min(2, points.length);
    if (points.length === 0) return this.cancel();
    this.#desk.changed();
    return true;
  }

  /** Gives up what is drawn or pulled. @returns false when nothing was */
  cancel(): boolean {
    const was = this.drawing !== undefined || this.#pull !== undefined;
    if (this.#pull) this.#desk.volume = this.#pull.volume;
    this.#end();
    return was;
  }

  async #place(
    tool: 'sphere' | 'box',
    camera: Camera,
    pixel: { x: number; y: number },
  ): Promise<void> {
    const desk = this.#desk;
    const { cloud, marks } = desk.mender;
    const found = cloud && (await surfacePoint(cloud, camera, pixel, marks));
    if (!found || desk.tool !== tool || desk.mender.cloud !== cloud) return;
    desk.volume = placeVolume(tool, camera, found.point, found.depth);
    desk.changed();
  }

  #addCorner(drawing: Drawing & { kind: 'polygon' }, press: Press, { map }: Begun): void {
    const [x, y] = clampToPicture(map, map.toPixel(press.clientX, press.clientY));
    const { points } = drawing;
    const reach = (press.touch ? REACH.touch : REACH.mouse) * map.scale;
    const near = (k: number) => Math.hypot(points[k]! - x, points[k + 1]! - y) < reach;
    if (points.length >= 6 && near(0)) {
      this.closePolygon();
      return;
    }
    // The second press of a double click is on the corner that the first one made.
    const again = points.length > 0 && near(points.length - 2);
    if (!again) points.push(x, y);
    drawing.next = undefined;
    this.#desk.changed();
  }

  #end(): void {
    this.drawing = undefined;
    this.#begun = undefined;
    this.#pull = undefined;
    this.#desk.changed();
  }

  #ask(drawing: Drawing, camera: Camera, mode: SelectMode): void {
    const { options, mender } = this.#desk;
    this.#desk.ask(() => requestOf(drawing, camera, options, mode, mender.selection));
  }
}
