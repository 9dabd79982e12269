import { css, html, LitElement } from 'lit';
import { sendCommand } from './command.ts';
import { icons, theme } from './theme.ts';

/** `<splatmend-drop>`: takes files dropped anywhere on the page, and says so while they hover. */
export class SplatmendDrop extends LitElement {
  static override properties = { over: { type: Boolean, reflect: true } };
  declare over: boolean;
  #depth = 0;
  #stop: AbortController | undefined;

  constructor() {
    super();
    this.over = false;
  }

  static override styles = [
    theme,
    css`
      :host {
        position: fixed;
        inset: 0;
        z-index: 30;
        display: none;
        place-items: center;
        background: rgb(8 10 14 / 0.72);
        pointer-events: none;
      }
      :host([over]) {
        display: grid;
      }
      div {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 10px;
        padding: 44px 72px;
        border: 2px dashed var(--sm-accent);
        border-radius: 22px;
        background: rgb(23 26 33 / 0.9);
        font-size: 16px;
        font-weight: 600;
      }
      svg {
        width: 30px;
        height: 30px;
        color: var(--sm-accent);
      }
      .muted {
        font-size: 13px;
        font-weight: 400;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = new AbortController();
    const options = { signal: this.#stop.signal };
    const hasFiles = (e: DragEvent) => e.dataTransfer?.types.includes('Files') === true;
    const show = (by: number) => {
      this.#depth = Math.max(0, this.#depth + by);
      this.over = this.#depth > 0;
    };
    addEventListener(
      'dragenter',
      (e) => {
        if (!hasFiles(e)) return;
        e.preventDefault();
        show(1);
      },
      options,
    );
    addEventListener('dragleave', (e) => hasFiles(e) && show(-1), options);
    addEventListener('dragover', (e) => hasFiles(e) && e.preventDefault(), options);
    addEventListener(
      'drop',
      (e) => {
        if (!hasFiles(e)) return;
        e.preventDefault();
        show(-Infinity);
        const files = [...(e.dataTransfer?.files ?? [])];
        if (files.length > 0) sendCommand(this, { name: 'open-files', files });
      },
      options,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.abort();
  }

  override render() {
    return html`<div>${icons.open}Drop to open
      <span class="muted">ply, compressed.ply, splat, ksplat, spz or sog</span></div>`;
  }
}
customElements.define('splatmend-drop', SplatmendDrop);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-drop': SplatmendDrop;
  }
}
