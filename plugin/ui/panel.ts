import { css, html, nothing } from 'lit';
import type { ExtendOptions } from '../../core/extend-types.ts';
import type { RemoveOptions } from '../../core/remove-types.ts';
import type { MendHost } from '../host.ts';
import './alerts.ts';
import { canPerform, sendCommand } from './command.ts';
import type { CommandTarget } from './command-target.ts';
import { performCommands } from './commands.ts';
import { MenderElement } from './element.ts';
import './extend-dialog.ts';
import './extension.ts';
import './filler.ts';
import './insert-dialog.ts';
import './insertion.ts';
import './job.ts';
import './mask-dialog.ts';
import './lift-shadow.ts';
import './mask-first.ts';
import './proposal.ts';
import './selection.ts';
import { icons } from './icons.ts';
import { keyHint } from './keys.ts';
import { theme } from './theme.ts';
import './views.ts';

/**
 * `<splatmend-panel>`: selection, removal and its figures, for a page with chrome of its own. Needs a
 * `mender`; with a `host` it also shows pictures. Performs its commands itself, unless `passive`.
 */
export class SplatmendPanel extends MenderElement implements CommandTarget {
  static override properties = {
    host: { attribute: false },
    removeOptions: { attribute: false },
    extendOptions: { attribute: false },
    fileName: { attribute: false },
    passive: { type: Boolean },
    slider: { attribute: false },
  };

  declare host: MendHost | undefined;
  /** Given to every removal. */
  declare removeOptions: RemoveOptions | undefined;
  /** Given to every extension. */
  declare extendOptions: ExtendOptions | undefined;
  /** What saved files are named after. */
  declare fileName: string;
  /** Only sends its commands: an editor around it performs them. */
  declare passive: boolean;
  /** Whether the slider between before and after shows over the picture; undefined: there is none. */
  declare slider: boolean | undefined;

  constructor() {
    super();
    this.fileName = '';
    this.passive = false;
    performCommands(this, () => !this.passive);
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
        overflow-y: auto;
        background: var(--sm-panel);
      }
      .section {
        display: block;
        padding: 16px;
        border-bottom: 1px solid var(--sm-line);
      }
      .section > button {
        width: 100%;
      }
      .section > button + button {
        margin-top: 6px;
      }
      splatmend-job:not([loud]) {
        display: none;
      }
      splatmend-alerts {
        --sm-alerts-top: 12px;
        width: auto;
        padding: 0 12px;
      }
    `,
  ];

  say(kind: 'error' | 'note', message: string): void {
    this.renderRoot.querySelector('splatmend-alerts')?.show(kind, message);
  }

  override render() {
    const { mender, host, removeOptions } = this;
    const filled = (mender?.proposal?.filledViews.length ?? 0) > 0;
    const filler = html`<splatmend-filler class="section" .mender=${mender}></splatmend-filler>`;
    return html`
      ${
        this.passive
          ? nothing
          : html`<splatmend-alerts></splatmend-alerts>
              <splatmend-mask-dialog .mender=${mender} .removeOptions=${removeOptions}
              ></splatmend-mask-dialog>
              <splatmend-extend-dialog .mender=${mender}></splatmend-extend-dialog>
              <splatmend-insert-dialog .mender=${mender} .area=${this} .fileName=${this.fileName}
              ></splatmend-insert-dialog>`
      }
      <splatmend-job class="section" .mender=${mender}></splatmend-job>
      ${
        mender?.insertion
          ? html`<splatmend-insertion class="section" .mender=${mender} .host=${host}
                .slider=${this.slider}></splatmend-insertion>${filler}`
          : mender?.extension
            ? html`<splatmend-extension class="section" .mender=${mender} .host=${host}
                .slider=${this.slider}></splatmend-extension>${filler}`
            : mender?.proposal
              ? html`<splatmend-proposal class="section" .mender=${mender} .host=${host}
                .slider=${this.slider}></splatmend-proposal>
              ${filler}
              ${filled ? html`<splatmend-views class="section" .mender=${mender}></splatmend-views>` : nothing}`
              : html`<splatmend-selection class="section" .mender=${mender}>
              <splatmend-lift-shadow></splatmend-lift-shadow>
              <splatmend-mask-first></splatmend-mask-first>
            </splatmend-selection>${filler}${this.#more()}`
      }
    `;
  }

  #more() {
    return html`<div class="section"><button class="line" ?disabled=${!canPerform('insert', this.mender)}
      title="Put an image, or what you paint on a picture of the view, into the scene${keyHint('insert')}"
      @click=${() => sendCommand(this, { name: 'insert' })}>${icons.insert}Insert an image…</button>
      <button class="line" ?disabled=${!canPerform('extend', this.mender)}
        title="Go on beyond the scene’s edge: in this view, around here, or all around${keyHint('extend')}"
        @click=${() => sendCommand(this, { name: 'extend' })}>${icons.extend}Extend…</button></div>`;
  }
}
customElements.define('splatmend-panel', SplatmendPanel);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-panel': SplatmendPanel;
  }
}
