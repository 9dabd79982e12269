import { css, html, nothing } from 'lit';
import type { Progress } from '../../core/progress.ts';
import type { MenderEvents, MenderTask } from '../mender.ts';
import { MenderElement } from './element.ts';
import { removalSentences } from './figures.ts';
import { icons, theme } from './theme.ts';

const TASK_NAMES: Record<MenderTask, string> = {
  open: 'Reading the file',
  select: 'Finding the object',
  remove: 'Removing and mending',
  export: 'Writing the file',
};
/** Jobs shorter than this show no progress: a bar that flashes by says nothing. */
const QUIET_MS = 250;

/** `<splatmend-actions>`: the bar under the picture. What can be done now, what runs, what came out. */
export class SplatmendActions extends MenderElement {
  static override properties = {
    progress: { state: true },
    loud: { state: true },
    showsBefore: { state: true },
    onSurface: { state: true },
  };

  declare progress: Progress | undefined;
  declare loud: boolean;
  declare showsBefore: boolean;
  declare onSurface: boolean;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.loud = false;
    this.showsBefore = false;
    this.onSurface = false;
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
        max-width: min(720px, calc(100vw - 32px));
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 10px;
        min-height: 52px;
        padding: 8px 9px 8px 18px;
        border: 1px solid var(--sm-line);
        border-radius: 15px;
        background: var(--sm-panel);
        box-shadow: 0 10px 34px rgb(0 0 0 / 0.42);
      }
      .bar.hint {
        padding: 8px 18px;
      }
      .text {
        flex: 1 1 auto;
        min-width: 0;
      }
      .proposal .text {
        flex-basis: 300px;
      }
      .buttons {
        display: flex;
        gap: 6px;
        margin-left: auto;
      }
      strong {
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      .notes {
        display: block;
        color: var(--sm-muted);
      }
      .job {
        flex: 1;
        min-width: 260px;
      }
      .job .head {
        display: flex;
        justify-content: space-between;
        gap: 16px;
        font-variant-numeric: tabular-nums;
      }
      .track {
        height: 4px;
        margin-top: 6px;
        border-radius: 2px;
        background: rgb(255 255 255 / 0.12);
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
    if (type === 'busy') {
      clearTimeout(this.#quiet);
      this.progress = undefined;
      this.loud = false;
      if ((detail as MenderEvents['busy']).task !== undefined) {
        this.#quiet = setTimeout(() => {
          this.loud = true;
        }, QUIET_MS);
      }
    } else if (type === 'progress') this.progress = detail as Progress;
    else if (type === 'proposal') this.showsBefore = false;
    else if (type === 'selection') {
      this.onSurface = (detail as MenderEvents['selection']).onSurface;
    }
  }

  #compare(before: boolean): void {
    if (this.showsBefore === before) return;
    this.showsBefore = before;
    this.send({ name: 'compare', before });
  }

  override render() {
    const mender = this.mender;
    if (mender?.task !== undefined && this.loud) return this.#job(mender.task);
    if (mender?.proposal !== undefined) return this.#proposal();
    if (mender !== undefined && mender.selectedCount > 0) return this.#selected();
    if ((mender?.cloud?.count ?? 0) === 0) return nothing;
    return html`<div class="bar hint">
      <span class="text" role="status">Click an object to select it. Drag to look around.</span>
    </div>`;
  }

  #job(task: MenderTask) {
    const p = this.progress;
    const percent = p === undefined ? undefined : Math.round(p.fraction * 100);
    const view =
      p?.view !== undefined && p.views !== undefined ? `, view ${p.view} of ${p.views}` : '';
    const step = p === undefined ? TASK_NAMES[task] : `${sentence(p.step)}${view}`;
    return html`<div class="bar">
      <div class="job">
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
      <div class="buttons">
        <button class="line" title="Cancel (Esc)"
          @click=${() => this.send({ name: 'cancel' })}>Cancel</button>
      </div>
    </div>`;
  }

  #selected() {
    const mender = this.mender!;
    const n = mender.selectedCount;
    const busy = mender.task !== undefined;
    return html`<div class="bar" role="group" aria-label="Selection">
      <span class="text" role="status"><strong>${n.toLocaleString('en')}</strong>
        ${n === 1 ? 'splat' : 'splats'} selected${
          this.onSurface
            ? html`<span class="notes">Part of a large surface; click the object itself for less.</span>`
            : nothing
        }</span>
      <div class="buttons">
        <button class="icon" aria-label="Clear the selection" title="Clear the selection (Esc)"
          ?disabled=${busy} @click=${() => this.send({ name: 'clear' })}>${icons.close}</button>
        <button class="line" title="Delete and leave the hole (Del)" ?disabled=${busy}
          @click=${() => this.send({ name: 'delete' })}>${icons.trash}Delete</button>
        <button class="primary" title="Remove and mend (Shift+Del)" ?disabled=${busy}
          @click=${() => this.send({ name: 'remove' })}>${icons.mend}Remove and mend</button>
      </div>
    </div>`;
  }

  #proposal() {
    const { proposal } = this.mender!;
    const [first, ...notes] = removalSentences(proposal!);
    const busy = this.mender!.task !== undefined;
    return html`<div class="bar proposal" role="group" aria-label="Proposed removal">
      <span class="text" role="status">${first}
        ${notes.length > 0 ? html`<span class="notes">${notes.join(' ')}</span>` : nothing}</span>
      <div class="buttons">
        <button class="line" aria-pressed=${this.showsBefore} title="Hold to see the scene before (B)"
          ?disabled=${busy}
          @pointerdown=${() => this.#compare(true)}
          @pointerup=${() => this.#compare(false)}
          @pointerleave=${() => this.#compare(false)}
          @pointercancel=${() => this.#compare(false)}
          @keydown=${(e: KeyboardEvent) => e.key === ' ' && this.#compare(true)}
          @keyup=${(e: KeyboardEvent) => e.key === ' ' && this.#compare(false)}
          @blur=${() => this.#compare(false)}>${icons.compare}Before</button>
        <button class="line" title="Discard (Esc)" ?disabled=${busy}
          @click=${() => this.send({ name: 'discard' })}>Discard</button>
        <button class="primary" title="Keep (Enter)" ?disabled=${busy}
          @click=${() => this.send({ name: 'accept' })}>${icons.check}Keep</button>
      </div>
    </div>`;
  }
}
customElements.define('splatmend-actions', SplatmendActions);

const sentence = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-actions': SplatmendActions;
  }
}
