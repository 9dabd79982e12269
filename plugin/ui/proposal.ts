import { css, html, nothing } from 'lit';
import type { MendHost } from '../host.ts';
import './candidates.ts';
import { beforeButton } from './before-button.ts';
import { MenderElement } from './element.ts';
import { type Judgement, judgeRemoval, removalSentences } from './figures.ts';
import { keyHint } from './keys.ts';
import { icons, theme } from './theme.ts';

/** `<splatmend-proposal>`: a removal that waits: what it did, whether to trust it, other ways, keep or discard. */
export class SplatmendProposal extends MenderElement {
  static override properties = {
    host: { attribute: false },
    slider: { attribute: false },
  };

  declare host: MendHost | undefined;
  /** Whether the slider between before and after shows over the picture; undefined: there is none. */
  declare slider: boolean | undefined;

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      h2 {
        margin: 0 0 8px;
        font-size: 13px;
        font-weight: 600;
      }
      p {
        margin: 0 0 6px;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 7px 12px;
        margin: 12px 0 14px;
      }
      dt {
        color: var(--sm-muted);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
      }
      .verdict {
        display: flex;
        gap: 5px;
        color: var(--sm-good);
      }
      .look {
        color: var(--sm-warn);
      }
      .verdict svg {
        width: 13px;
        height: 13px;
        margin-top: 3px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 8px;
      }
      .row button {
        flex: 1 1 auto;
      }
      .row .small {
        height: 30px;
        background: var(--sm-hover);
        font-weight: 400;
      }
      .row .small:hover:not(:disabled),
      .row .small[aria-pressed='true'] {
        background: var(--sm-pressed);
      }
      splatmend-candidates {
        margin-top: 8px;
      }
      .main {
        margin-top: 14px;
      }
    `,
  ];

  override render() {
    const proposal = this.mender?.proposal;
    if (proposal === undefined) return nothing;
    const busy = this.mender!.task !== undefined;
    const [first, ...others] = removalSentences(proposal);
    return html`<section aria-labelledby="title">
      <h2 id="title">Removal</h2>
      <div role="status">
        <p>${first}</p>
        ${others.map((sentence) => html`<p class="muted">${sentence}</p>`)}
      </div>
      <dl>${judgeRemoval(proposal.figures).map(judgement)}</dl>
      <div class="row" role="group" aria-label="Compare">
        ${beforeButton(this.mender!, (c) => this.send(c), 'small', 'Hold for before')}
        ${
          this.slider !== undefined
            ? html`<button class="small" aria-pressed=${this.slider} ?disabled=${busy}
                title="Before and after, side by side${keyHint('compare-slider')}"
                @click=${() => this.send({ name: 'compare-slider' })}>${icons.compare}Slider</button>`
            : nothing
        }
      </div>
      <div class="row" role="group" aria-label="Other ways">
        <button class="small" title="Mend once more from another seed, and choose" ?disabled=${busy}
          @click=${() => this.send({ name: 'add-candidate' })}>Try another</button>
        <button class="small" title="Paint what is to be filled in this view" ?disabled=${busy}
          @click=${() => this.send({ name: 'correct-mask' })}>Correct the mask</button>
      </div>
      <splatmend-candidates .mender=${this.mender} .host=${this.host}></splatmend-candidates>
      <div class="row main">
        <button class="line" title="Discard (Esc)" ?disabled=${busy}
          @click=${() => this.send({ name: 'discard' })}>Discard</button>
        <button class="primary" title="Keep${keyHint('accept')}" ?disabled=${busy}
          @click=${() => this.send({ name: 'accept' })}>${icons.check}Keep</button>
      </div>
    </section>`;
  }
}
customElements.define('splatmend-proposal', SplatmendProposal);

function judgement({ name, value, verdict, meaning }: Judgement) {
  return html`<dt>${name}</dt>
    <dd>${value}
      <span class="verdict ${verdict}">
        ${verdict === 'good' ? icons.check : icons.alert}
        <span>${verdict === 'good' ? 'Good' : 'Look closely'}: ${meaning}</span>
      </span>
    </dd>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-proposal': SplatmendProposal;
  }
}
