import { css, html, nothing } from 'lit';
import type { Progress } from '../../core/progress.ts';
import type { MenderEvents } from '../mender-types.ts';
import { MenderElement } from './element.ts';
import { TASK_NAMES } from './task-names.ts';
import { theme } from './theme.ts';

/** Jobs shorter than this show no progress: a bar that flashes by says nothing. */
const QUIET_MS = 250;

/** `<splatmend-job>`: what runs, how far it is, and a way to stop it. Empty while nothing runs for long. */
export class SplatmendJob extends MenderElement {
  static override properties = {
    progress: { state: true },
    loud: { type: Boolean, reflect: true },
  };

  declare progress: Progress | undefined;
  /** Whether it shows something. */
  declare loud: boolean;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.loud = false;
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      :host(:not([loud])) {
        display: none;
      }
      .job {
        display: flex;
        align-items: center;
        gap: 14px;
      }
      .main {
        flex: 1;
        min-width: 0;
      }
      .head {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        font-variant-numeric: tabular-nums;
      }
      .track {
        height: 4px;
        margin-top: 6px;
        border-radius: 2px;
        background: var(--sm-pressed);
        overflow: hidden;
      }
      .fill {
        height: 100%;
        border-radius: 2px;
        background: var(--sm-accent);
        transition: width 200ms linear;
      }
      .fill.unknown {
        width: 30%;
        animation: slide 1.3s infinite ease-in-out alternate;
      }
      @keyframes slide {
        to {
          margin-left: 70%;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .fill {
          transition: none;
        }
        .fill.unknown {
          width: 100%;
          animation: none;
          opacity: 0.5;
        }
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#quiet);
  }

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    detail: MenderEvents[K],
  ): void {
    if (type === 'progress') this.progress = detail as Progress;
    if (type !== 'busy') return;
    clearTimeout(this.#quiet);
    this.progress = undefined;
    this.loud = false;
    if ((detail as MenderEvents['busy']).task === undefined) return;
    this.#quiet = setTimeout(() => {
      this.loud = true;
      this.dispatchEvent(new Event('loud'));
    }, QUIET_MS);
  }

  override render() {
    const task = this.mender?.task;
    if (task === undefined || !this.loud) return nothing;
    const p = this.progress;
    const percent = p === undefined ? undefined : Math.round(p.fraction * 100);
    const part = task === 'photo' ? 'layer' : 'view';
    const view =
      p?.view !== undefined && p.views !== undefined ? `, ${part} ${p.view} of ${p.views}` : '';
    const step = p === undefined ? TASK_NAMES[task] : `${sentence(p.step)}${view}`;
    return html`<div class="job">
      <div class="main">
        <div class="head">
          <span role="status">${step}</span>
          <span class="muted">${percent === undefined ? nothing : `${percent} %`}</span>
        </div>
        <div class="track" role="progressbar" aria-label=${TASK_NAMES[task]} aria-valuemin="0"
          aria-valuemax="100" aria-valuenow=${percent ?? nothing}>
          <div class="fill ${percent === undefined ? 'unknown' : ''}"
            style=${percent === undefined ? nothing : `width:${percent}%`}></div>
        </div>
      </div>
      <button class="line" title="Cancel (Esc)"
        @click=${() => this.send({ name: 'cancel' })}>Cancel</button>
    </div>`;
  }
}
customElements.define('splatmend-job', SplatmendJob);

const sentence = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-job': SplatmendJob;
  }
}
