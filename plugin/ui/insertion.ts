import { css, html, nothing } from 'lit';
import type { MendHost } from '../host.ts';
import type { MenderEvents } from '../mender-types.ts';
import { attachmentChoice } from './attachments.ts';
import { MenderElement } from './element.ts';
import { insertionSentences } from './figures.ts';
import { icons } from './icons.ts';
import { DISTANCE_LIMITS } from './move-inserted.ts';
import { panelChoice, theme } from './theme.ts';
import { compareRow, decideRow, waitingEditStyles } from './waiting-edit.ts';

/** The slider is even in the logarithm: half and twice the distance are equally far from where it was put. */
const LIMITS = DISTANCE_LIMITS.map(Math.log2) as [number, number];
const STEP = 0.005;

/** `<splatmend-insertion>`: an insertion that waits: what it did, how it attaches, how far away it is, keep or discard. */
export class SplatmendInsertion extends MenderElement {
  static override properties = {
    host: { attribute: false },
    slider: { attribute: false },
    wanted: { state: true },
  };

  declare host: MendHost | undefined;
  /** Whether the slider between before and after shows over the picture; undefined: there is none. */
  declare slider: boolean | undefined;
  /** Where the slider is held, ahead of what shows. */
  declare wanted: number | undefined;

  static override styles = [
    theme,
    waitingEditStyles,
    panelChoice,
    css`
      .field {
        margin-top: 10px;
      }
      .distance {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .distance label {
        flex: 1;
        min-width: 0;
      }
      input {
        flex: 1;
        min-width: 0;
        accent-color: var(--sm-accent);
      }
      output {
        min-width: 48px;
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .distance button {
        min-width: 28px;
        width: 28px;
        height: 28px;
        padding: 0;
      }
      .hint {
        margin: 4px 0 0;
        font-size: 12px;
      }
    `,
  ];

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    _detail: MenderEvents[K],
  ): void {
    if (type === 'proposal' && this.mender?.insertion?.distance === this.wanted) {
      this.wanted = undefined;
    }
    if (type === 'busy' || !this.mender?.insertion) this.wanted = undefined;
  }

  #move(distance: number): void {
    this.wanted = distance;
    this.send({ name: 'move-inserted', distance });
  }

  override render() {
    const mender = this.mender;
    const insertion = mender?.insertion;
    if (!mender || !insertion) return nothing;
    const busy = mender.task !== undefined;
    const send = this.send.bind(this);
    const [first, ...others] = insertionSentences(insertion);
    const { attach = 'auto' } = insertion.options;
    return html`<section aria-labelledby="title">
      <h2 id="title">Insertion</h2>
      <div role="status">
        <p>${first}</p>
        ${others.map((sentence) => html`<p class="muted">${sentence}</p>`)}
      </div>
      <div class="field">${attachmentChoice(
        attach,
        (chosen) => this.send({ name: 'insert-again', attach: chosen }),
        busy,
        attach === 'auto' ? insertion.result.figures.attach : undefined,
      )}</div>
      ${this.#distance(this.wanted ?? insertion.distance, busy)}
      ${compareRow(mender, send, this.slider)}
      ${decideRow(mender, send)}
    </section>`;
  }

  #distance(distance: number, busy: boolean) {
    const times = `${distance.toFixed(2)}\u00a0×`;
    return html`<div class="field distance" title="Along the lines of sight: from where the picture was taken it looks the same ([ and ])">
        <label>Distance
          <input type="range" min=${LIMITS[0]} max=${LIMITS[1]} step=${STEP} ?disabled=${busy}
            aria-valuetext="${distance.toFixed(2)} times as far as it was put"
            .value=${String(Math.log2(distance))}
            @input=${(e: Event) => {
              const at = Number((e.target as HTMLInputElement).value);
              this.#move(Math.abs(at) < STEP / 2 ? 1 : 2 ** at);
            }} /></label>
        <output>${times}</output>
        <button class="icon" aria-label="Back to where it was put" title="Back to where it was put"
          ?disabled=${busy || distance === 1} @click=${() => this.#move(1)}>${icons.undo}</button>
      </div>
      <p class="hint muted">Look at it from the side: orbit as always.</p>`;
  }
}
customElements.define('splatmend-insertion', SplatmendInsertion);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-insertion': SplatmendInsertion;
  }
}
