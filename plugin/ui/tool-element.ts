import type { PropertyValues } from 'lit';
import type { ToolController } from '../tools/controller-types.ts';
import type { ToolEvents } from '../tools/tool-types.ts';
import { MenderElement } from './element.ts';

/** A part of the tools' looks: it draws itself anew on its controller's events. */
export class ToolElement extends MenderElement {
  static override properties = { tools: { attribute: false } };

  declare tools: ToolController | undefined;

  /** Which events it shows. */
  protected readonly toolEvents: readonly (keyof ToolEvents)[] = ['state'];
  #stop: AbortController | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('tools')) this.#follow();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.abort();
  }

  #follow(): void {
    this.#stop?.abort();
    if (!this.isConnected || this.tools === undefined) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    for (const type of this.toolEvents) {
      this.tools.addEventListener(type, () => this.requestUpdate(), { signal });
    }
  }
}
