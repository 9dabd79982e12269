import { css, html, nothing } from 'lit';
import type { MendHost } from '../host.ts';
import './candidates.ts';
import { MenderElement } from './element.ts';
import { extensionSentences, judgeExtension } from './extension-figures.ts';
import { judgementList, judgementStyles } from './judgements.ts';
import { theme } from './theme.ts';
import { compareRow, decideRow, waitingEditStyles } from './waiting-edit.ts';

/** `<splatmend-extension>`: an extension that waits: what it did, whether to trust it, other ways, keep or discard. */
export class SplatmendExtension extends MenderElement {
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
      .hint {
        font-size: 12px;
      }
      splatmend-candidates {
        margin-top: 8px;
      }
    `,
  ];

  override render() {
    const { mender } = this;
    const extension = mender?.extension;
    if (!mender || !extension) return nothing;
    const send = this.send.bind(this);
    const [first, ...others] = extensionSentences(extension.result);
    return html`<section aria-labelledby="title">
      <h2 id="title">Extension</h2>
      <div role="status">
        <p>${first}</p>
        ${others.map((sentence) => html`<p class="muted">${sentence}</p>`)}
      </div>
      ${judgementList(judgeExtension(extension.result.figures))}
      <p class="hint muted">Look at it from the side: orbit as always.</p>
      ${compareRow(mender, send, this.slider)}
      <div class="row" role="group" aria-label="Other ways">
        <button class="small" title="Extend once more from another seed, and choose"
          ?disabled=${mender.task !== undefined}
          @click=${() => this.send({ name: 'add-candidate' })}>Try another</button>
      </div>
      <splatmend-candidates .mender=${mender} .host=${this.host}></splatmend-candidates>
      ${decideRow(mender, send)}
    </section>`;
  }
}
customElements.define('splatmend-extension', SplatmendExtension);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-extension': SplatmendExtension;
  }
}
