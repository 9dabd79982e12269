import { css, html, nothing } from 'lit';
import type { MenderEvents } from '../mender-types.ts';
import { waitingEdit, waits } from '../waits.ts';
import { beforeButton } from './before-button.ts';
import { MenderElement } from './element.ts';
import { extensionSentences } from './extension-figures.ts';
import { insertionSentences, removalSentences } from './figures.ts';
import './job.ts';
import { icons } from './icons.ts';
import { keyHint } from './keys.ts';
import { theme } from './theme.ts';

/** `<splatmend-actions>`: the panel in short, a bar under the picture. What can be done now, what runs, what came out. */
export class SplatmendActions extends MenderElement {
  static override properties = { loud: { state: true }, onSurface: { state: true } };

  declare loud: boolean;
  declare onSurface: boolean;

  constructor() {
    super();
    this.loud = false;
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
        box-shadow: 0 10px 34px var(--sm-shadow);
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
        flex-wrap: wrap;
        justify-content: end;
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
      splatmend-job {
        flex: 1;
        min-width: 260px;
      }
      [hidden] {
        display: none !important;
      }
    `,
  ];

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    detail: MenderEvents[K],
  ): void {
    if (type === 'busy') this.loud = false;
    else if (type === 'selection') {
      this.onSurface = (detail as MenderEvents['selection']).onSurface;
    }
  }

  override render() {
    return html`<div class="bar" ?hidden=${!this.loud}>
        <splatmend-job .mender=${this.mender}
          @loud=${() => {
            this.loud = true;
          }}></splatmend-job>
      </div>
      ${this.loud ? nothing : this.#state()}`;
  }

  #state() {
    const { mender } = this;
    if (mender !== undefined && waits(mender)) return this.#waiting();
    if (mender !== undefined && mender.selectedCount > 0) return this.#selected();
    return nothing;
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
        <button class="line" title="Delete and leave the hole${keyHint('delete')}" ?disabled=${busy}
          @click=${() => this.send({ name: 'delete' })}>${icons.trash}Delete</button>
        <button class="primary" title="Remove and mend${keyHint('remove')}" ?disabled=${busy}
          @click=${() => this.send({ name: 'remove' })}>${icons.mend}Remove and mend</button>
      </div>
    </div>`;
  }

  #waiting() {
    const { proposal, insertion, extension } = this.mender!;
    const [first, ...notes] = insertion
      ? insertionSentences(insertion)
      : extension
        ? extensionSentences(extension.result)
        : removalSentences(proposal!);
    const busy = this.mender!.task !== undefined;
    return html`<div class="bar proposal" role="group"
      aria-label=${`Proposed ${waitingEdit(this.mender!)}`}>
      <span class="text" role="status">${first}
        ${notes.length > 0 ? html`<span class="notes">${notes.join(' ')}</span>` : nothing}</span>
      <div class="buttons">
        ${beforeButton(this.mender!, (c) => this.send(c), 'line', html`${icons.compare}Before`)}
        <button class="icon" aria-label="Details" title="Details"
          @click=${() => this.send({ name: 'panel' })}>${icons.panel}</button>
        <button class="line" title="Discard (Esc)" ?disabled=${busy}
          @click=${() => this.send({ name: 'discard' })}>Discard</button>
        <button class="primary" title="Keep (Enter)" ?disabled=${busy}
          @click=${() => this.send({ name: 'accept' })}>${icons.check}Keep</button>
      </div>
    </div>`;
  }
}
customElements.define('splatmend-actions', SplatmendActions);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-actions': SplatmendActions;
  }
}
