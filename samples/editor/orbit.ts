/** Orbit, pan and zoom around a target: pure state, and the listeners that drive it. y up, left-handed (Babylon). */

export interface OrbitView {
  /** What the camera turns around. */
  target: [number, number, number];
  /** Distance of the eye from the target. */
  distance: number;
  /** Radians around y; 0 looks along +z. */
  azimuth: number;
  /** Radians above the horizon. */
  elevation: number;
}

const MAX_ELEVATION = 1.55;
const RADIANS_PER_PX = 0.006;
const KEY_STEP_PX = 24;
/** A press that moves less than this is a click, and turns nothing. */
const CLICK_PX = 4;

export function orbitEye(v: OrbitView): [number, number, number] {
  const flat = Math.cos(v.elevation) * v.distance;
  return [
    v.target[0] + flat * Math.sin(v.azimuth),
    v.target[1] + Math.sin(v.elevation) * v.distance,
    v.target[2] - flat * Math.cos(v.azimuth),
  ];
}

/** The view whose eye and target are these. */
export function orbitFrom(
  eye: readonly [number, number, number],
  target: readonly [number, number, number],
): OrbitView {
  const [x, y, z] = [eye[0] - target[0], eye[1] - target[1], eye[2] - target[2]];
  const distance = Math.hypot(x, y, z) || 1;
  return {
    target: [...target],
    distance,
    azimuth: Math.atan2(x, -z),
    elevation: clampElevation(Math.asin(y / distance)),
  };
}

const clampElevation = (e: number) => Math.max(-MAX_ELEVATION, Math.min(MAX_ELEVATION, e));

/** The picture's right and up, and the way from the target back to the eye; unit vectors. */
export function orbitAxes(v: OrbitView) {
  const [sa, ca] = [Math.sin(v.azimuth), Math.cos(v.azimuth)];
  const [se, ce] = [Math.sin(v.elevation), Math.cos(v.elevation)];
  return {
    right: [ca, 0, sa] as const,
    up: [-sa * se, ce, ca * se] as const,
    back: [ce * sa, se, -ce * ca] as const,
  };
}

export function turn(v: OrbitView, dxPx: number, dyPx: number): void {
  v.azimuth -= dxPx * RADIANS_PER_PX;
  v.elevation = clampElevation(v.elevation + dyPx * RADIANS_PER_PX);
}

/** Moves the target so that the scene follows the pointer. `unitsPerPx` is at the target's distance. */
export function pan(v: OrbitView, dxPx: number, dyPx: number, unitsPerPx: number): void {
  const { right, up } = orbitAxes(v);
  for (let k = 0; k < 3; k++) {
    v.target[k]! += (dyPx * up[k]! - dxPx * right[k]!) * unitsPerPx;
  }
}

/**
 * Zooms by `factor` (< 1 is nearer) and keeps the point under the pointer where it is;
 * `xPx`, `yPx` are the pointer's offset from the picture's middle.
 */
export function zoom(
  v: OrbitView,
  factor: number,
  xPx: number,
  yPx: number,
  unitsPerPx: number,
): void {
  v.distance *= factor;
  pan(v, -xPx * (1 - factor), -yPx * (1 - factor), unitsPerPx);
}

export interface OrbitInput {
  view: OrbitView;
  /** World units a CSS pixel at the target, for the current view. */
  unitsPerPx(): number;
  onChange(): void;
}

/** Listens on the canvas: mouse, touch and keys. @returns a function that takes the listeners away */
export function attachOrbit(canvas: HTMLElement, input: OrbitInput): () => void {
  const pointers = new Map<number, { x: number; y: number; button: number }>();
  let travelled = 0;
  const { view } = input;
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    run: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ) => canvas.addEventListener(type, run, { ...options, signal: stop.signal });

  on('pointerdown', (event) => {
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 0) travelled = 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, button: event.button });
  });
  on('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY, button: before.button };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.abs(dx) + Math.abs(dy);
    if (travelled < CLICK_PX) return;
    if (pointers.size === 2) {
      const other = [...pointers.values()].find((p) => p !== before)!;
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(now.x - other.x, now.y - other.y);
      // Two fingers: each carries half of the pan, their distance is the zoom.
      pan(view, dx / 2, dy / 2, input.unitsPerPx());
      if (was > 0 && is > 0) view.distance *= was / is;
    } else if (before.button === 0 && !event.altKey) {
      turn(view, dx, dy);
    } else {
      pan(view, dx, dy, input.unitsPerPx());
    }
    pointers.set(event.pointerId, now);
    input.onChange();
  });
  const release = (event: PointerEvent) => pointers.delete(event.pointerId);
  on('pointerup', release);
  on('pointercancel', release);
  on('contextmenu', (event) => event.preventDefault());
  on(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
      const box = canvas.getBoundingClientRect();
      const x = event.clientX - box.left - box.width / 2;
      const y = event.clientY - box.top - box.height / 2;
      zoom(
        view,
        Math.exp(Math.max(-400, Math.min(400, pixels)) * 0.0015),
        x,
        y,
        input.unitsPerPx(),
      );
      input.onChange();
    },
    { passive: false },
  );
  on('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step: Record<string, readonly [number, number]> = {
      ArrowLeft: [KEY_STEP_PX, 0],
      ArrowRight: [-KEY_STEP_PX, 0],
      ArrowUp: [0, KEY_STEP_PX],
      ArrowDown: [0, -KEY_STEP_PX],
    };
    const move = step[event.key];
    if (move !== undefined) {
      if (event.shiftKey) pan(view, move[0], move[1], input.unitsPerPx());
      else turn(view, move[0], move[1]);
    } else if (event.key === '+' || event.key === '=') view.distance *= 0.85;
    else if (event.key === '-' || event.key === '_') view.distance /= 0.85;
    else return;
    event.preventDefault();
    input.onChange();
  });
  return () => stop.abort();
}
