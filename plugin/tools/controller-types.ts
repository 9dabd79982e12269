import type { Segmenter } from '../../core/segmenter.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import type { TypedEventTarget } from '../events.ts';
import type { MendHost } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import type { OverlayShape } from './overlay-shapes.ts';
import type { ToolEvents, ToolId, ToolOptions, ToolState } from './tool-types.ts';

export interface ToolControllerOptions {
  mender: Mender;
  host: MendHost;
  /** The tool to begin with; default `object`. */
  tool?: ToolId;
  options?: Partial<ToolOptions>;
}

/**
 * The selection tools over a host's picture: one is active. Turns presses and keys into `mender.select`, and
 * says what to draw over the picture. Knows no looks: `<splatmend-tool-overlay>` and the strip show it.
 */
export interface ToolController extends TypedEventTarget<ToolEvents> {
  readonly state: ToolState;
  readonly host: MendHost;
  /** What the segment tool asks; without one there is no such tool. The page's to dispose. */
  segmenter: Segmenter | undefined;
  setTool(tool: ToolId): void;
  /** Numbers are held within TOOL_LIMITS. */
  setOptions(options: Partial<ToolOptions>): void;
  /** Places or changes the volume of the sphere and box tools; undefined takes it away. */
  setVolume(volume: SelectionVolume | undefined): void;
  /** Turns the box's sides along the scene's axes or the picture's. */
  alignBox(to: 'scene' | 'view'): void;
  /** Selects what is in the volume. Failures are events. */
  selectVolume(): Promise<void>;
  /** A click of the active tool in the picture's middle: for the keyboard. */
  selectMiddle(keys?: { shiftKey?: boolean; ctrlKey?: boolean; metaKey?: boolean }): void;
  /** A `keydown`. @returns true when it was a tool's: the caller then prevents what the browser does with it */
  handleKey(event: KeyboardEvent): boolean;
  /** Gives up what is being drawn. @returns false when nothing was */
  cancelDrawing(): boolean;
  /** What to draw over the picture now. */
  overlay(): OverlayShape[];
  dispose(): void;
}
