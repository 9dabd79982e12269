import { css, html, nothing } from 'lit';
import { MenderElement } from './element.ts';
import { theme } from './theme.ts';

/** `<splatmend-status>`: how big the scene is, and what mends it. */
export class SplatmendStatus extends MenderElement {
  static override styles = [
    theme,
    css`
      :host {
        display: flex;
        gap: 14px;
        font-size: 12px;
        color: var(--sm-muted);
        font-variant-numeric: tabular-nums;
        text-shadow: 0 1px 3px rgb(0 0 0 / 0.8);
      }
      .dot {
        display: inline-block;
        width: 7px;
        height: 7px;
        margin-right: 6px;
        border-radius: 50%;
        background: #58d68d;
      }
      .dot.slow {
        background: #f5b041;
      }
    `,
  ];

  override render() {
    const backend = this.mender?.backend;
    const cloud = this.mender?.cloud;
    const slow = backend?.backend === 'cpu';
    return html`
      ${
        cloud === undefined
          ? nothing
          : html`<span>${cloud.count.toLocaleString('en')} splats${
              cloud.shDegree > 0 ? `, SH ${cloud.shDegree}` : ''
            }</span>`
      }
      ${
        backend === undefined
          ? nothing
          : html`<span id="backend" title=${backend.reason ?? ''}><span
              class="dot ${slow ? 'slow' : ''}"></span>${
                slow
                  ? `${backend.description}: slower`
                  : /webgpu/i.test(backend.description)
                    ? backend.description
                    : `WebGPU: ${backend.description}`
              }</span>`
      }
    `;
  }
}
customElements.define('splatmend-status', SplatmendStatus);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-status': SplatmendStatus;
  }
}
