import { css, html, nothing } from 'lit';
import type { MendHost } from '../host.ts';
import './candidates.ts';
import { MenderElement } from './element.ts';
import { judgeRemoval, removalSentences } from './figures.ts';
import { judgementList, judgementStyles } from './judgements.ts';
import { theme } from './theme.ts';
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
    judgementStyles,
    css`
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
      ${judgementList(judgeRemoval(proposal.figures))}
      ${compareRow(this.mender!, send, this.slider)}
      <div class="row" role="group" aria-label="Other ways">
        <button class="small" title="Mend once more from another seed, and choose" ?disabled=${busy}
          @click=${() => this.send({ name: 'add-candidate' })}>Try another</button>
        <button class="small" title="Paint what is to be filled in this view" ?disabled=${busy}
          @click=${() => this.send({ name: 'correct-mask' })}>Correct the mask</button>
        ${
          proposal.lit
            ? nothing
            : html`<button class="small" ?disabled=${busy}
                title="Mend once more with the object’s cast shadow taken away: what lies in it is brightened"
                @click=${() => this.send({ name: 'add-candidate', liftShadow: true })}
              >Lift its shadow</button>`
        }
      </div>
      <splatmend-candidates .mender=${this.mender} .host=${this.host}></splatmend-candidates>
      ${decideRow(this.mender!, send)}
    </section>`;
  }
}
customElements.define('splatmend-proposal', SplatmendProposal);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-proposal': SplatmendProposal;
  }
}
