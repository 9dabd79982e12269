import { css, html, nothing } from 'lit';
import { canPerform } from './command.ts';
import { MenderElement } from './element.ts';
import { icons } from './icons.ts';
import { keyHint, keysOf } from './keys.ts';
import { theme } from './theme.ts';

/** `<splatmend-no-scene>`: says where a scene comes from, while there is none and none is being read. Fills its positioned parent. */
export class SplatmendNoScene extends MenderElement {
  static override properties = { anywhere: { type: Boolean } };

  /** Files may be dropped on the whole page, not only here. */
  declare anywhere: boolean;

  constructor() {
    super();
    this.anywhere = false;
  }

  static override styles = [
    theme,
    css`
      /* Beside the tools; a drag beside the box is the viewer's. */
      :host {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        padding: 12px 70px;
        overflow: auto;
        pointer-events: none;
      }
      div {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 10px;
        max-width: 440px;
        padding: 26px 30px;
        border: 2px dashed var(--sm-edge);
        border-radius: 22px;
        background: var(--sm-panel);
        text-align: center;
      }
      h2,
      p {
        margin: 0;
      }
      h2 {
        font-size: 16px;
        font-weight: 600;
      }
      .keys {
        white-space: nowrap;
      }
      button {
        margin: 4px 0;
        pointer-events: auto;
      }
    `,
  ];

  override render() {
    const { mender } = this;
    if (mender?.cloud !== undefined || !canPerform('open', mender)) return nothing;
    const keys = keysOf('open').map((key, i) => html`${i > 0 ? '+' : nothing}<kbd>${key}</kbd>`);
    return html`<div role="group" aria-labelledby="title">
      <h2 id="title">No scene is open</h2>
      <p>Drop a file ${this.anywhere ? 'anywhere on the page' : 'here'}, or press <span class="keys">${keys}.</span></p>
      <button class="primary" title="Open a file${keyHint('open')}"
        @click=${() => this.send({ name: 'open' })}>${icons.open}Open a file…</button>
      <p class="muted">ply, compressed.ply, splat, ksplat, spz, sog; or a photo, to make a scene of</p>
    </div>`;
  }
}
customElements.define('splatmend-no-scene', SplatmendNoScene);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-no-scene': SplatmendNoScene;
  }
}
