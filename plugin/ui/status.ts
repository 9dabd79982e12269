import { css, html, nothing } from 'lit';
import type { BackendInfo } from '../../workers/api.ts';
import { MenderElement } from './element.ts';
import { count } from './figures.ts';
import { theme } from './theme.ts';

/** `<splatmend-status>`: how big the scene is, and what mends it. */
export class SplatmendStatus extends MenderElement {
  static override properties = { backend: { attribute: false } };

  /** What the worker said it mends with, where it was started before the mender's first job. */
  declare backend: BackendInfo | undefined;

  static override styles = [
    theme,
    css`
      :host {
        display: flex;
        gap: 12px;
        padding: 3px 10px;
        border-radius: 8px;
        background: color-mix(in srgb, var(--sm-panel), transparent 12%);
        font-size: 12px;
        color: var(--sm-muted);
        font-variant-numeric: tabular-nums;
      }
      :host(:not([filled])) {
        visibility: hidden;
      }
      .dot {
        display: inline-block;
        width: 7px;
        height: 7px;
        margin-right: 6px;
        border-radius: 50%;
        background: var(--sm-good);
      }
      .dot.slow {
        background: var(--sm-warn);
      }
    `,
  ];

  override render() {
    const backend = this.mender?.backend ?? this.backend;
    const cloud = this.mender?.cloud;
    this.toggleAttribute('filled', backend !== undefined || cloud !== undefined);
    const slow = backend?.backend === 'cpu';
    return html`
      ${
        cloud === undefined
          ? nothing
          : html`<span>${count(cloud.count, 'splat', 'splats')}${
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
