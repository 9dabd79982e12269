import { css, html, nothing } from 'lit';
import type { MendHost } from '../host.ts';
import './candidates.ts';
import { MenderElement } from './element.ts';
import { type Judgement, judgeRemoval, removalSentences } from './figures.ts';
import { icons, theme } from './theme.ts';
import { compareRow, decideRow, waitingEditStyles } from './waiting-edit.ts';

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
    waitingEditStyles,
    css`
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
      splatmend-candidates {
        margin-top: 8px;
      }
    `,
  ];

  override render() {
    const proposal = this.mender?.proposal;
    if (proposal === undefined) return nothing;
    const busy = this.mender!.task !== undefined;
    const send = this.send.bind(this);
    const [first, ...others] = removalSentences(proposal);
    return html`<section aria-labelledby="title">
      <h2 id="title">Removal</h2>
      <div role="status">
        <p>${first}</p>
        ${others.map((sentence) => html`<p class="muted">${sentence}</p>`)}
      </div>
      <dl>${judgeRemoval(proposal.figures).map(judgement)}</dl>
      ${compareRow(this.mender!, send, this.slider)}
      <div class="row" role="group" aria-label="Other ways">
        <button class="small" title="Mend once more from another seed, and choose" ?disabled=${busy}
          @click=${() => this.send({ name: 'add-candidate' })}>Try another</button>
        <button class="small" title="Paint what is to be filled in this view" ?disabled=${busy}
          @click=${() => this.send({ name: 'correct-mask' })}>Correct the mask</button>
      </div>
      <splatmend-candidates .mender=${this.mender} .host=${this.host}></splatmend-candidates>
      ${decideRow(this.mender!, send)}
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
