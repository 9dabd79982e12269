import { css, html, nothing, type PropertyValues } from 'lit';
import type { MendHost } from '../host.ts';
import type { MenderEvents } from '../mender-types.ts';
import { waits } from '../waits.ts';
import { MenderElement } from './element.ts';
import { theme } from './theme.ts';

/** The view counts as still after this. */
const STILL_MS = 250;

/**
 * `<splatmend-compare-slider>`: before left of a divider, after right of it, for the view as it is. Put it
 * over the host's element (it fills its positioned parent and finds the element's place by itself); only its
 * divider takes presses, so that one can orbit: the picture of before is then taken away, and taken anew once
 * the view is still. Shows while `active` and a removal waits.
 */
export class SplatmendCompareSlider extends MenderElement {
  static override properties = {
    host: { attribute: false },
    active: { type: Boolean, reflect: true },
    share: { state: true },
    state: { state: true },
  };

  declare host: MendHost | undefined;
  declare active: boolean;
  /** Where the divider stands, 0..1 of the picture's width. */
  declare share: number;
  /** `taking`: the host shows before for a moment, under a picture of after. */
  declare state: 'none' | 'taking' | 'shown';

  #stopView: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what makes a picture useless: the view or the scene changed. */
  #moment = 0;
  #taking = false;
  readonly #resized = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.active = false;
    this.share = 0.5;
    this.state = 'none';
  }

  static override styles = [
    theme,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: block;
        overflow: hidden;
        pointer-events: none;
      }
      .box {
        position: absolute;
        overflow: hidden;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .divider {
        position: absolute;
        top: 0;
        bottom: 0;
        width: 28px;
        margin-left: -14px;
        cursor: ew-resize;
        pointer-events: auto;
        touch-action: none;
      }
      .divider::before {
        content: '';
        position: absolute;
        inset: 0 13px;
        background: #fff;
        box-shadow: 0 0 0 1px rgb(0 0 0 / 0.45);
      }
      .divider:focus-visible {
        outline: none;
      }
      .divider:focus-visible .grip {
        outline: 2px solid var(--sm-focus);
        outline-offset: 2px;
      }
      .grip {
        position: absolute;
        top: 50%;
        left: 50%;
        display: grid;
        place-items: center;
        width: 30px;
        height: 30px;
        margin: -15px;
        border-radius: 50%;
        background: #fff;
        color: #1b1f27;
        box-shadow: 0 0 0 1px rgb(0 0 0 / 0.45);
      }
      .name {
        position: absolute;
        bottom: 54px;
        padding: 2px 9px;
        border-radius: 7px;
        background: rgb(0 0 0 / 0.62);
        color: #fff;
        font-weight: 500;
        white-space: nowrap;
      }
      .before {
        right: 22px;
      }
      .after {
        left: 22px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#watchView();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#stopView?.();
    this.#stopView = undefined;
    this.#drop();
  }

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    _detail: MenderEvents[K],
  ): void {
    // What `compare` tells while a picture is taken is this element's own doing.
    if (type === 'proposal' || type === 'cloud' || (type === 'compare' && !this.#taking)) {
      this.#again();
    } else if (type === 'busy' && !this.#taking) {
      void this.#goBack();
      if (this.state === 'none') this.#again();
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('host')) this.#watchView();
    if (changed.has('active') || changed.has('host') || changed.has('mender')) this.#again();
  }

  #watchView(): void {
    this.#stopView?.();
    this.#stopView = this.isConnected ? this.host?.onViewChange(() => this.#again()) : undefined;
  }

  /** Whether the slider has two sides to show. */
  get #wanted(): boolean {
    return (
      this.active && this.host !== undefined && this.mender !== undefined && waits(this.mender)
    );
  }

  /** Takes the picture away, and a new one when nothing moves for a while. */
  #again(): void {
    this.#drop();
    if (this.#wanted) this.#timer = setTimeout(() => void this.#take(), STILL_MS);
  }

  #drop(): void {
    this.#moment++;
    clearTimeout(this.#timer);
    this.state = 'none';
  }

  async #take(): Promise<void> {
    const { mender, host } = this;
    // Who holds "before" looks at it in whole.
    const free = mender?.task === undefined && mender?.showsBefore === false;
    if (!this.#wanted || !mender || !host || !free || this.#taking) return;
    this.#taking = true;
    const moment = this.#moment;
    try {
      const after = await host.capture();
      if (moment === this.#moment) await this.#cover(after);
      after.close();
      if (moment !== this.#moment) return;
      await mender.compare(true);
      const before = await host.capture();
      await this.#goBack();
      await drawn();
      if (moment === this.#moment) this.#draw(before, 'shown');
      before.close();
    } catch {
      // The removal was kept, discarded or goes on in the meantime: there is nothing to compare.
      if (moment === this.#moment) this.state = 'none';
    } finally {
      this.#taking = false;
      await this.#goBack();
      if (moment !== this.#moment) this.#again();
    }
  }

  /** Shows after, if it was this element that shows before. A running job is waited for: its end comes here again. */
  #owesAfter = false;
  async #goBack(): Promise<void> {
    const { mender } = this;
    if (!this.#owesAfter || mender === undefined || mender.task !== undefined) return;
    this.#owesAfter = false;
    if (waits(mender) && mender.showsBefore) await mender.compare(false);
  }

  async #cover(after: ImageBitmap): Promise<void> {
    this.#draw(after, 'taking');
    await this.updateComplete;
    this.#owesAfter = true;
  }

  #draw(picture: ImageBitmap, state: 'taking' | 'shown'): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext('2d')!.drawImage(picture, 0, 0);
    this.state = state;
  }

  #onPointer(event: PointerEvent): void {
    const divider = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') {
      if (event.button !== 0) return;
      divider.setPointerCapture(event.pointerId);
      divider.focus();
    } else if (!divider.hasPointerCapture(event.pointerId)) return;
    event.preventDefault();
    event.stopPropagation();
    const box = this.host!.element.getBoundingClientRect();
    this.#moveTo((event.clientX - box.left) / box.width);
  }

  #onKey(event: KeyboardEvent): void {
    const step = event.shiftKey ? 0.1 : 0.02;
    const to = {
      ArrowLeft: this.share - step,
      ArrowDown: this.share - step,
      ArrowRight: this.share + step,
      ArrowUp: this.share + step,
      PageDown: this.share - 0.1,
      PageUp: this.share + 0.1,
      Home: 0,
      End: 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#moveTo(to);
  }

  #moveTo(share: number): void {
    this.share = Math.min(1, Math.max(0, share));
  }

  override render() {
    if (!this.#wanted) return nothing;
    const own = this.getBoundingClientRect();
    const box = this.host!.element.getBoundingClientRect();
    const place = `left:${box.left - own.left}px;top:${box.top - own.top}px;width:${box.width}px;height:${box.height}px`;
    const percent = Math.round(this.share * 100);
    const clip = this.state === 'taking' ? 'none' : `inset(0 ${100 - this.share * 100}% 0 0)`;
    return html`<div class="box" style=${place}>
      <canvas style="clip-path:${clip}" ?hidden=${this.state === 'none'} aria-hidden="true"></canvas>
      <div class="divider" style="left:${this.share * 100}%" role="slider" tabindex="0"
        aria-label="Divider between before and after" aria-orientation="horizontal"
        aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}
        aria-valuetext="${percent} % before, ${100 - percent} % after" aria-busy=${this.state !== 'shown'}
        @pointerdown=${this.#onPointer} @pointermove=${this.#onPointer} @keydown=${this.#onKey}>
        ${this.state === 'shown' ? html`<span class="name before">Before</span>` : nothing}
        <span class="name after">After</span>
        <span class="grip" aria-hidden="true">⇆</span>
      </div>
    </div>`;
  }
}
/** The cover leaves only when the host has drawn what it shows. */
async function drawn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
}
customElements.define('splatmend-compare-slider', SplatmendCompareSlider);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-compare-slider': SplatmendCompareSlider;
  }
}
