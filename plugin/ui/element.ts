import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Mender, MenderEvents } from '../mender-types.ts';
import { type EditorCommand, sendCommand } from './command.ts';

/**
 * A panel that shows a mender's state: it draws itself anew on the mender's events. `static properties`
 * and no decorators: the bundler compiles fields by the standard, which would hide lit's accessors.
 */
export class MenderElement extends LitElement {
  static override properties: PropertyDeclarations = { mender: { attribute: false } };

  declare mender: Mender | undefined;

  #stop: (() => void) | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('mender')) this.#listen();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = undefined;
  }

  protected send(command: EditorCommand): void {
    sendCommand(this, command);
  }

  /** Whether a command is for this panel's mender: another editor of the page has another. */
  protected isOurs(event: Event): boolean {
    const { mender } = this;
    return (
      mender !== undefined &&
      event.composedPath().some((t) => t instanceof Element && Reflect.get(t, 'mender') === mender)
    );
  }

  /** Called for each event of the mender, before the panel draws anew. */
  protected onMender<K extends keyof MenderEvents>(_type: K, _detail: MenderEvents[K]): void {}

  #listen(): void {
    this.#stop?.();
    this.#stop = undefined;
    const { mender } = this;
    if (mender === undefined || !this.isConnected) return;
    const stops = EVENTS.map((type) => {
      const listener = (event: CustomEvent) => {
        this.onMender(type, event.detail);
        this.requestUpdate();
      };
      mender.addEventListener(type, listener);
      return () => mender.removeEventListener(type, listener);
    });
    this.#stop = () => {
      for (const stop of stops) stop();
    };
  }
}

const EVENTS = [
  'busy',
  'progress',
  'selection',
  'marks',
  'proposal',
  'compare',
  'cloud',
  'history',
  'backend',
  'filler',
] as const satisfies (keyof MenderEvents)[];
