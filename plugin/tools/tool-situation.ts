import type { MendHost } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import type { SelectMode } from '../selection-modes.ts';
import { waits } from '../waits.ts';
import type { Gestures } from './gestures.ts';
import { drawingShapes, type OverlayShape } from './overlay-shapes.ts';
import { pictureMap } from './picture-map.ts';
import type { PointerInput, Press } from './pointer-input.ts';
import type { RequestQueue } from './request-queue.ts';
import type { SegmentTool } from './segment-tool.ts';
import {
  TOOL_DEFAULTS,
  type ToolBlock,
  type ToolId,
  type ToolOptions,
  type ToolState,
  withinLimits,
} from './tool-types.ts';
import type { VolumeTool } from './volume-tool.ts';

/** Keys that say what a press does. */
export interface HeldKeys {
  shiftKey: boolean;
  ctrlKey: boolean;
}

/** What has a say in it. */
export interface ToolParts {
  readonly host: MendHost;
  readonly mender: Mender;
  readonly queue: RequestQueue;
  readonly placed: VolumeTool;
  readonly segment: SegmentTool;
  readonly gestures: Gestures;
  readonly input: PointerInput;
}

/** How things stand with the tools: which is in hand, in which mode, whether it may select, and how all that looks. */
export class ToolSituation {
  tool: ToolId;
  held: HeldKeys = { shiftKey: false, ctrlKey: false };
  /** Where the pointer is. */
  pointer: Press | undefined;
  #options: ToolOptions;
  readonly #parts: ToolParts;

  constructor(parts: ToolParts, tool: ToolId, options: Partial<ToolOptions>) {
    this.#parts = parts;
    this.tool = tool;
    this.#options = withinLimits({ ...TOOL_DEFAULTS, ...options }, TOOL_DEFAULTS);
  }

  get options(): ToolOptions {
    return this.#options;
  }

  setOptions(options: Partial<ToolOptions>): void {
    this.#options = withinLimits({ ...this.#options, ...options }, this.#options);
  }

  /** Why no tool may select now; undefined: one may. */
  get blocked(): ToolBlock | undefined {
    const { mender, queue } = this.#parts;
    const { task, cloud } = mender;
    if (waits(mender)) return 'proposal';
    // The tools' own requests are no reason to lay them down: the next one waits.
    if (task !== undefined && !(task === 'select' && queue.waiting > 0)) return 'busy';
    return cloud === undefined || cloud.count === 0 ? 'empty' : undefined;
  }

  /** Something else than the tools has the scene. */
  get laidDown(): boolean {
    const { mender } = this.#parts;
    return mender.task !== undefined || waits(mender);
  }

  get showsBrush(): boolean {
    if (this.blocked || this.#parts.input.spaceHeld) return false;
    return this.tool === 'brush' || this.refines(this.held);
  }

  /** Whether a drag of the object tool is a stroke that adds or takes away. */
  refines(keys: HeldKeys): boolean {
    if (this.tool !== 'object' || this.#parts.mender.selectedCount === 0) return false;
    const mode = this.modeOf(keys);
    return mode === 'add' || mode === 'remove';
  }

  modeOf({ shiftKey, ctrlKey }: HeldKeys): SelectMode {
    if (shiftKey) return ctrlKey ? 'intersect' : 'add';
    return ctrlKey ? 'remove' : this.#options.mode;
  }

  state(): ToolState {
    const { gestures, placed, segment } = this.#parts;
    const { drawing, pulled } = gestures;
    return {
      tool: this.tool,
      options: this.#options,
      mode: this.modeOf(this.held),
      volume: placed.volume,
      drawing: drawing !== undefined || pulled !== undefined,
      segments: segment.segmenter !== undefined,
      blocked: this.blocked,
    };
  }

  /** The picture's cursor in this state. */
  cursor({ blocked, tool, volume }: ToolState): string {
    const { gestures, input, placed, segment } = this.#parts;
    if (blocked === 'busy' || segment.busy) return 'progress';
    if (blocked || tool === 'navigate' || input.spaceHeld) return 'grab';
    if (gestures.pulled) return 'grabbing';
    if (volume && placed.hovered) return 'move';
    return this.showsBrush ? 'none' : 'crosshair';
  }

  /** What to draw over the picture. */
  shapes(): OverlayShape[] {
    const { host, mender, gestures, placed, segment } = this.#parts;
    const map = pictureMap(host);
    if (map === undefined) return [];
    const shapes: OverlayShape[] = [];
    // Its lines would lie over what one has to judge.
    if (!waits(mender)) shapes.push(...placed.shapes(map, gestures.pulled));
    shapes.push(...segment.shapes(map));
    const { drawing, mode } = gestures;
    if (drawing) shapes.push(...drawingShapes(drawing, mode ?? this.modeOf(this.held), map));
    if (this.showsBrush && this.pointer) {
      const box = host.element.getBoundingClientRect();
      const [x, y] = [this.pointer.clientX - box.left, this.pointer.clientY - box.top];
      shapes.push({ kind: 'circle', x, y, radius: this.#options.brushRadius });
    }
    return shapes;
  }
}
