/** An EventTarget whose events are CustomEvents, by name, with the `detail` that E says. */
export interface TypedEventTarget<E> {
  addEventListener<K extends keyof E & string>(
    type: K,
    listener: (event: CustomEvent<E[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof E & string>(
    type: K,
    listener: (event: CustomEvent<E[K]>) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  dispatchEvent(event: Event): boolean;
}

/** The platform's EventTarget under that type, to extend. */
export function typedEventTarget<E>(): new () => TypedEventTarget<E> {
  return EventTarget as unknown as new () => TypedEventTarget<E>;
}
