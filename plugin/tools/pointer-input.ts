/** Where a pointer is and what is held with it. */
export interface Press {
  clientX: number;
  clientY: number;
  /** A finger is thicker than a mouse's tip. */
  touch: boolean;
  shiftKey: boolean;
  /** Ctrl, or Cmd. */
  ctrlKey: boolean;
}

/** Whose a press is. `click`: the viewer's while it drags, the tool's if it does not. */
export type Claim = 'tool' | 'click' | 'viewer';

export interface PointerSink {
  /** The first button (or one finger) went down. */
  claim(press: Press): Claim;
  /** A press that is the tool's moved on. */
  drag(press: Press): void;
  /** It ended; `moved` when it was more than a click. */
  release(press: Press, moved: boolean): void;
  /** It was taken away: a second finger, or the system. */
  abort(): void;
  /** A press of the `click` kind ended where it began. */
  click(press: Press): void;
  doubleClick(): void;
  /** The pointer moves with nothing pressed; undefined when it left. */
  hover(press: Press | undefined): void;
  /** Shift, Ctrl or Cmd went down or up. */
  modifiers(keys: { shiftKey: boolean; ctrlKey: boolean }): void;
}

/** A press that moves less than this is a click, CSS pixels. */
const CLICK_TRAVEL = 4;
/** A page's own controls inside the element keep their presses. */
const CONTROLS = 'a[href], button, input, select, textarea, [contenteditable]';

export interface PointerInput {
  /** While set, every press is the viewer's. */
  spaceHeld: boolean;
  /** A press began since this was last set to false. */
  pressed: boolean;
  dispose(): void;
}

const pressOf = (event: MouseEvent & { pointerType?: string }): Press => ({
  clientX: event.clientX,
  clientY: event.clientY,
  touch: event.pointerType === 'touch',
  shiftKey: event.shiftKey,
  ctrlKey: event.ctrlKey || event.metaKey,
});

/**
 * Listens in the capture phase, so that the presses a tool claims never reach the viewer's camera controls,
 * and all others do: other buttons, the wheel, two fingers, and anything with Alt or Space held.
 */
export function attachPointer(element: HTMLElement, sink: PointerSink): PointerInput {
  const stop = new AbortController();
  const input: PointerInput = {
    spaceHeld: false,
    pressed: false,
    dispose() {
      stop.abort();
      element.style.touchAction = touchAction;
    },
  };
  // Else the browser scrolls the page with the finger that draws.
  const { touchAction } = element.style;
  element.style.touchAction = 'none';

  let active:
    | { down: PointerEvent; last: PointerEvent; claim: Claim; travelled: number }
    | undefined;
  const fingers = new Set<number>();
  /** Presses handed on to the viewer: let through. */
  const handedOn = new WeakSet<Event>();
  /** Whether the clicks that the browser makes of the last press are the tool's, too. */
  let ownsClick = false;

  const take = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const onControl = (event: Event) => {
    for (const t of event.composedPath()) {
      if (t === element) return false;
      if (t instanceof Element && t.matches(CONTROLS)) return true;
    }
    return false;
  };

  function on<K extends keyof HTMLElementEventMap>(
    type: K,
    run: (event: HTMLElementEventMap[K]) => void,
  ): void {
    element.addEventListener(type, run, { capture: true, passive: false, signal: stop.signal });
  }

  const lose = (event: PointerEvent) => {
    const lost = active;
    if (lost?.down.pointerId !== event.pointerId) return;
    active = undefined;
    if (lost.claim === 'tool') sink.abort();
  };

  on('pointerdown', (event) => {
    if (handedOn.has(event) || onControl(event)) return;
    input.pressed = true;
    if (event.pointerType === 'touch') {
      fingers.add(event.pointerId);
      if (fingers.size > 1) {
        if (fingers.size === 2) handToViewer();
        return;
      }
    }
    ownsClick = false;
    // Its end was outside of the element, where the viewer did not keep it.
    if (active?.claim === 'click') active = undefined;
    if (active || event.button !== 0 || event.altKey || input.spaceHeld) return;
    const claim = sink.claim(pressOf(event));
    if (claim === 'viewer') return;
    active = { down: event, last: event, claim, travelled: 0 };
    if (claim !== 'tool') return;
    ownsClick = true;
    take(event);
    capture(event.pointerId);
    // The browser would have done it, had the press not been taken.
    element.focus({ preventScroll: true });
  });

  const moved = (event: PointerEvent) => {
    if (active?.down.pointerId !== event.pointerId) {
      if (event.buttons === 0) sink.hover(pressOf(event));
      return;
    }
    if (event.buttons === 0) {
      // Let go where this page could not hear it.
      lose(event);
      return;
    }
    const { last } = active;
    active.travelled += Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY);
    active.last = event;
    if (active.claim === 'tool') {
      take(event);
      sink.drag(pressOf(event));
    } else if (active.travelled >= CLICK_TRAVEL) active = undefined;
  };
  on('pointermove', moved);

  const lifted = (event: PointerEvent) => {
    const ended = active;
    if (ended?.down.pointerId !== event.pointerId) return;
    active = undefined;
    if (ended.claim === 'tool') {
      take(event);
      sink.release(pressOf(event), ended.travelled >= CLICK_TRAVEL);
    } else if (ended.travelled < CLICK_TRAVEL) sink.click(pressOf(event));
  };
  on('pointerup', lifted);

  on('pointercancel', lose);
  // Chromium takes the capture away when the page's layout changes under a press whose mouse events were
  // prevented, as the overlay's drawing makes it; the press goes on.
  on('lostpointercapture', ({ pointerId }) => {
    if (active?.claim === 'tool' && active.down.pointerId === pointerId) capture(pointerId);
  });
  on('pointerleave', () => sink.hover(undefined));
  on('click', (event) => ownsClick && !onControl(event) && take(event));
  on('dblclick', (event) => {
    if (!ownsClick || onControl(event)) return;
    take(event);
    sink.doubleClick();
  });
  // On a Mac, Ctrl and a click ask for a menu.
  on('contextmenu', (event) => ownsClick && event.button !== 2 && take(event));
  // The view must not move away under a line that is being drawn.
  on('wheel', (event) => active?.claim === 'tool' && take(event));

  const view = element.ownerDocument.defaultView!;
  // Until the capture is back, what happens outside of the element would be missed: a stroke without an end.
  for (const [type, run] of [
    ['pointermove', moved],
    ['pointerup', lifted],
  ] as const) {
    const outside = (event: PointerEvent) => {
      const ours = active?.claim === 'tool' && active.down.pointerId === event.pointerId;
      if (ours && !event.composedPath().includes(element)) run(event);
    };
    view.addEventListener(type, outside, { capture: true, signal: stop.signal });
  }
  const keys = (event: KeyboardEvent) =>
    sink.modifiers({ shiftKey: event.shiftKey, ctrlKey: event.ctrlKey || event.metaKey });
  view.addEventListener('keydown', keys, { capture: true, signal: stop.signal });
  view.addEventListener('keyup', keys, { capture: true, signal: stop.signal });
  for (const type of ['pointerup', 'pointercancel'] as const) {
    // Wherever a finger is lifted, it no longer counts.
    const lift = (event: PointerEvent) => fingers.delete(event.pointerId);
    view.addEventListener(type, lift, { capture: true, signal: stop.signal });
  }
  view.addEventListener('blur', () => sink.modifiers({ shiftKey: false, ctrlKey: false }), {
    signal: stop.signal,
  });

  function capture(pointerId: number): void {
    try {
      element.setPointerCapture(pointerId);
    } catch {
      // A pointer that is gone already, or was made by a script: its moves arrive while it is over the element.
    }
  }

  /** A second finger came: the first one's press, which the viewer has not seen, is made up for. */
  function handToViewer(): void {
    const handed = active;
    active = undefined;
    if (handed?.claim !== 'tool') return;
    sink.abort();
    ownsClick = false;
    const { pointerId, clientX, clientY } = handed.last;
    if (element.hasPointerCapture(pointerId)) element.releasePointerCapture(pointerId);
    const again = new PointerEvent('pointerdown', {
      bubbles: true,
      cancelable: true,
      composed: true,
      pointerId,
      pointerType: 'touch',
      isPrimary: handed.down.isPrimary,
      button: 0,
      buttons: 1,
      clientX,
      clientY,
      screenX: handed.last.screenX,
      screenY: handed.last.screenY,
    });
    handedOn.add(again);
    (handed.down.target ?? element).dispatchEvent(again);
  }

  return input;
}
