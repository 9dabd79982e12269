import type { Segmenter } from '../../core/segmenter.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import { typedEventTarget } from '../events.ts';
import type { MendHost } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import type { ToolController, ToolControllerOptions } from './controller-types.ts';
import { Gestures } from './gestures.ts';
import type { OverlayShape } from './overlay-shapes.ts';
import { pictureMap } from './picture-map.ts';
import { attachPointer, type PointerInput, type Press } from './pointer-input.ts';
import { createRequestQueue, type RequestQueue } from './request-queue.ts';
import { SegmentTool } from './segment-tool.ts';
import { createToolKeys, type ToolKeys } from './tool-keys.ts';
import { ToolSituation } from './tool-situation.ts';
import type { ToolEvents, ToolId, ToolOptions, ToolState } from './tool-types.ts';
import { checkVolume, VolumeTool } from './volume-tool.ts';

export function createToolController(options: ToolControllerOptions): ToolController {
  return new Controller(options);
}

export type { ToolController, ToolControllerOptions } from './controller-types.ts';

const BRUSH_STEP = 1.25;

const Target = typedEventTarget<ToolEvents>();

class Controller extends Target implements ToolController {
  readonly host: MendHost;
  readonly #mender: Mender;
  readonly #gestures: Gestures;
  readonly #queue: RequestQueue;
  readonly #segment: SegmentTool;
  readonly #placed: VolumeTool;
  readonly #input: PointerInput;
  readonly #keyboard: ToolKeys;
  readonly #stop = new AbortController();
  readonly #stopView: () => void;
  readonly #cursorBefore: string;
  readonly #now: ToolSituation;
  /** As it was told last. */
  #state: ToolState;

  constructor({ mender, host, tool = 'object', options = {} }: ToolControllerOptions) {
    super();
    this.host = host;
    this.#mender = mender;
    this.#cursorBefore = host.element.style.cursor;
    this.#queue = createRequestQueue(
      mender,
      () => this.#tellState(),
      (error) => this.dispatchEvent(new CustomEvent('failure', { detail: { error } })),
    );
    this.#placed = new VolumeTool(host);
    this.#segment = new SegmentTool({
      host,
      mender,
      ask: (make) => void this.#queue.ask(make),
      changed: () => this.#changed(),
    });
    this.#now = this.#createSituation(tool, options);
    this.#gestures = this.#createGestures();
    this.#state = this.#now.state();
    this.#input = attachPointer(host.element, {
      claim: (press) => {
        this.#now.pointer = press;
        return this.#gestures.claim(press);
      },
      drag: (press) => {
        this.#now.pointer = press;
        this.#gestures.drag(press);
      },
      release: (press, moved) => this.#gestures.release(press, moved),
      abort: () => this.#gestures.abort(),
      click: (press) => this.#gestures.click(press),
      doubleClick: () => this.#gestures.closePolygon(),
      hover: (press) => this.#hover(press),
      modifiers: (keys) => {
        this.#now.held = keys;
        this.#tellState();
      },
    });
    this.#keyboard = createToolKeys({
      picture: host.element,
      // While a job runs or a removal waits, Escape is theirs.
      escape: () =>
        this.cancelDrawing() || this.#segment.stop() || (!this.#now.laidDown && this.#dropVolume()),
      enter: () => this.#gestures.closePolygon() || this.#enterVolume(),
      backspace: () => this.#gestures.dropCorner(),
      resizeBrush: (direction) => {
        // What was inserted is moved by the same keys.
        if (this.#mender.insertion) return false;
        const brushRadius = Math.round(this.#now.options.brushRadius * BRUSH_STEP ** direction);
        this.setOptions({ brushRadius });
        return true;
      },
      // The key of the tool in hand lays it down.
      pickTool: (wanted) => this.setTool(wanted === this.#now.tool ? 'object' : wanted),
      holdSpace: (held) => {
        this.#input.spaceHeld = held;
        if (held) this.#input.pressed = false;
        this.#changed();
      },
      pressedSince: () => this.#input.pressed,
      tapSpace: (event) => this.selectMiddle(event),
    });
    const { signal } = this.#stop;
    for (const type of ['busy', 'cloud', 'proposal', 'selection'] as const) {
      const listener = () => this.#onMender(type === 'cloud');
      mender.addEventListener(type, listener, { signal });
    }
    // A volume is a place in the scene that was.
    mender.addEventListener('cloud', ({ detail }) => detail.opened && this.#dropVolume(), {
      signal,
    });
    mender.addEventListener('marks', () => this.#segment.follow(), { signal });
    const view = host.element.ownerDocument.defaultView!;
    view.addEventListener('keyup', (event) => this.#keyboard.up(event), { signal });
    view.addEventListener('blur', () => this.#keyboard.blur(), { signal });
    this.#stopView = host.onViewChange(() => {
      this.#segment.follow();
      this.#tellOverlay();
    });
    this.#changed();
  }

  get state(): ToolState {
    return this.#state;
  }

  get segmenter(): Segmenter | undefined {
    return this.#segment.segmenter;
  }
  set segmenter(segmenter: Segmenter | undefined) {
    this.#segment.segmenter = segmenter;
    if (segmenter === undefined && this.#now.tool === 'segment') this.setTool('object');
    this.#changed();
  }

  setTool(tool: ToolId): void {
    if (tool === this.#now.tool || (tool === 'segment' && !this.segmenter)) return;
    this.cancelDrawing();
    this.#now.tool = tool;
    this.#segment.forget();
    this.#placed.follow(tool);
    this.#changed();
  }

  setOptions(options: Partial<ToolOptions>): void {
    this.#now.setOptions(options);
    this.#changed();
  }

  setVolume(volume: SelectionVolume | undefined): void {
    if (volume) {
      checkVolume(volume);
      this.setTool(volume.shape);
    }
    this.#placed.volume = volume;
    this.#changed();
  }

  alignBox(to: 'scene' | 'view'): void {
    if (this.#placed.align(to)) this.#changed();
  }

  async selectVolume(): Promise<void> {
    const { volume } = this.#placed;
    if (volume === undefined || this.#now.blocked) return;
    const { mode } = this.#state;
    await this.#queue.ask(() => ({ shape: { kind: 'volume', volume }, mode }));
  }

  selectMiddle(keys: { shiftKey?: boolean; ctrlKey?: boolean; metaKey?: boolean } = {}): void {
    const map = pictureMap(this.host);
    if (map === undefined) return;
    const [x, y] = map.toElement(map.width / 2, map.height / 2);
    const box = this.host.element.getBoundingClientRect();
    this.#gestures.click({
      clientX: box.left + x,
      clientY: box.top + y,
      touch: false,
      shiftKey: keys.shiftKey ?? false,
      ctrlKey: (keys.ctrlKey ?? false) || (keys.metaKey ?? false),
    });
  }

  handleKey(event: KeyboardEvent): boolean {
    return this.#keyboard.down(event);
  }

  cancelDrawing(): boolean {
    return this.#gestures.cancel();
  }

  overlay(): OverlayShape[] {
    return this.#now.shapes();
  }

  dispose(): void {
    this.cancelDrawing();
    this.#stop.abort();
    this.#queue.close();
    this.#segment.stop();
    this.#stopView();
    this.#input.dispose();
    this.host.element.style.cursor = this.#cursorBefore;
  }

  #createSituation(tool: ToolId, options: Partial<ToolOptions>): ToolSituation {
    const controller = this;
    const parts = {
      host: this.host,
      mender: this.#mender,
      queue: this.#queue,
      placed: this.#placed,
      segment: this.#segment,
      // They ask how things stand themselves, and are made after it.
      get gestures() {
        return controller.#gestures;
      },
      get input() {
        return controller.#input;
      },
    };
    return new ToolSituation(parts, tool, options);
  }

  #createGestures(): Gestures {
    const now = this.#now;
    const placed = this.#placed;
    return new Gestures({
      host: this.host,
      mender: this.#mender,
      get tool() {
        return now.tool;
      },
      get options() {
        return now.options;
      },
      get blocked() {
        return now.blocked !== undefined;
      },
      get volume() {
        return placed.volume;
      },
      set volume(volume) {
        placed.volume = volume;
      },
      modeOf: (keys) => now.modeOf(keys),
      refines: (keys) => now.refines(keys),
      segment: (camera, pixel, { shiftKey, ctrlKey }) =>
        this.#segment.click(camera, pixel, ctrlKey ? 'less' : shiftKey ? 'more' : 'new'),
      setTolerance: (tolerance) => this.setOptions({ tolerance }),
      ask: (make) => void this.#queue.ask(make),
      changed: () => this.#changed(),
    });
  }

  #enterVolume(): boolean {
    if (this.#placed.volume === undefined || this.#now.blocked) return false;
    void this.selectVolume();
    return true;
  }

  #dropVolume(): boolean {
    const dropped = this.#placed.drop();
    if (dropped) this.#changed();
    return dropped;
  }

  #hover(press: Press | undefined): void {
    this.#now.pointer = press;
    if (press) {
      this.#now.held = { shiftKey: press.shiftKey, ctrlKey: press.ctrlKey };
      this.#gestures.hover(press);
    }
    const other = this.#placed.hover(press && this.#gestures.handleUnder(press));
    this.#tellState();
    if (other || this.#gestures.drawing || this.#now.showsBrush || !press) this.#tellOverlay();
  }

  #onMender(newCloud: boolean): void {
    if (newCloud || this.#now.blocked) this.cancelDrawing();
    if (newCloud) this.#segment.forget();
    this.#changed();
  }

  #changed(): void {
    this.#tellState();
    this.#tellOverlay();
  }

  #tellState(): void {
    const old = this.#state;
    const state = this.#now.state();
    this.host.element.style.cursor = this.#now.cursor(state);
    if ((Object.keys(state) as (keyof ToolState)[]).every((k) => state[k] === old[k])) return;
    this.#state = state;
    this.dispatchEvent(new CustomEvent('state', { detail: state }));
  }

  #tellOverlay(): void {
    this.dispatchEvent(new CustomEvent('overlay'));
  }
}
