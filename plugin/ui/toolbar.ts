import { css, html, nothing } from 'lit';
import { SPLAT_FORMATS, type SplatFormat } from '../../core/formats/format.ts';
import { MenderElement } from './element.ts';
import { icons, theme } from './theme.ts';

const FORMAT_NOTES: Record<SplatFormat, string> = {
  ply: 'keeps everything',
  'compressed.ply': 'small',
  splat: 'no view-dependent colour',
  ksplat: 'for GaussianSplats3D',
  spz: 'smallest',
  sog: 'for the web',
};

/** `<splatmend-toolbar>`: file, history and view. */
export class SplatmendToolbar extends MenderElement {
  static override properties = {
    fileName: { attribute: false },
    formats: { attribute: false },
    menuOpen: { state: true },
  };

  /** Shown as text only. */
  declare fileName: string;
  /** Formats that can be written. */
  declare formats: readonly SplatFormat[];
  declare menuOpen: boolean;

  constructor() {
    super();
    this.fileName = '';
    this.formats = SPLAT_FORMATS;
    this.menuOpen = false;
  }

  static override styles = [
    theme,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 4px;
        height: 52px;
        padding: 0 12px 0 16px;
        background: var(--sm-panel);
        border-bottom: 1px solid var(--sm-line);
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 9px;
        font-weight: 650;
        font-size: 15px;
        letter-spacing: -0.01em;
      }
      .mark {
        width: 20px;
        height: 20px;
        border-radius: 6px;
        background:
          radial-gradient(circle at 68% 34%, #fff3d8 0 12%, transparent 13%),
          linear-gradient(135deg, #ffcf70, #ff8a3d 55%, #c84b8a);
      }
      .file {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        margin-left: 12px;
        padding-left: 13px;
        border-left: 1px solid var(--sm-line);
      }
      .grow {
        flex: 1;
      }
      .gap {
        width: 1px;
        height: 20px;
        margin: 0 6px;
        background: var(--sm-line);
      }
      .menu {
        position: relative;
      }
      .list {
        position: absolute;
        z-index: 5;
        top: calc(100% + 8px);
        right: 0;
        min-width: 252px;
        padding: 6px;
        border: 1px solid var(--sm-line);
        border-radius: 12px;
        background: #191c24;
        box-shadow: 0 14px 40px rgb(0 0 0 / 0.5);
      }
      .list button {
        display: flex;
        width: 100%;
        justify-content: space-between;
        gap: 24px;
      }
      @media (max-width: 760px) {
        .label,
        .file,
        .optional {
          display: none;
        }
      }
    `,
  ];

  #closeOnOutside = (event: Event) => {
    if (!event.composedPath().includes(this)) this.menuOpen = false;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#closeOnOutside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#closeOnOutside);
  }

  #menuKey(event: KeyboardEvent): void {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('.list button')];
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    if (event.key === 'Escape') {
      this.menuOpen = false;
      this.renderRoot.querySelector<HTMLElement>('#export')?.focus();
    } else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items[(at - 1 + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async #toggleMenu(): Promise<void> {
    this.menuOpen = !this.menuOpen;
    await this.updateComplete;
    if (this.menuOpen) this.renderRoot.querySelector<HTMLElement>('.list button')?.focus();
  }

  #export(format: SplatFormat): void {
    this.menuOpen = false;
    this.send({ name: 'export', format });
  }

  override render() {
    const mender = this.mender;
    const busy = mender?.task !== undefined;
    const empty = (mender?.cloud?.count ?? 0) === 0;
    const waiting = mender?.proposal !== undefined;
    return html`
      <span class="brand"><span class="mark"></span>Splatmend</span>
      <span class="file muted" title=${this.fileName}>${this.fileName}</span>
      <span class="grow"></span>
      <button class="icon" aria-label="Undo" title="Undo (Ctrl+Z)"
        ?disabled=${busy || !(mender?.canUndo || waiting)}
        @click=${() => this.send({ name: 'undo' })}>${icons.undo}</button>
      <button class="icon" aria-label="Redo" title="Redo (Ctrl+Shift+Z)"
        ?disabled=${busy || waiting || !mender?.canRedo}
        @click=${() => this.send({ name: 'redo' })}>${icons.redo}</button>
      <span class="gap"></span>
      <button class="icon" aria-label="Frame the selection or the scene" title="Frame (F)"
        ?disabled=${empty} @click=${() => this.send({ name: 'frame' })}>${icons.frame}</button>
      <button class="icon optional" aria-label="Turn the scene upright: next axis up" title="Turn upright (U)"
        ?disabled=${empty} @click=${() => this.send({ name: 'turn-up' })}>${icons.up}</button>
      <span class="gap"></span>
      <button title="Open a file (O)" aria-label="Open a file" ?disabled=${busy}
        @click=${() => this.send({ name: 'open' })}>${icons.open}<span class="label">Open</span></button>
      <span class="menu" @keydown=${this.menuOpen ? this.#menuKey : nothing}>
        <button id="export" aria-label="Export" aria-haspopup="menu" aria-expanded=${this.menuOpen}
          ?disabled=${busy || empty || waiting}
          title=${waiting ? 'Keep or discard the removal first' : 'Export'}
          @click=${this.#toggleMenu}>${icons.export}<span class="label">Export</span></button>
        ${
          this.menuOpen
            ? html`<div class="list" role="menu" aria-label="Export as">
                ${this.formats.map(
                  (format) =>
                    html`<button role="menuitem" @click=${() => this.#export(format)}>
                      <span>.${format}</span><span class="muted">${FORMAT_NOTES[format]}</span>
                    </button>`,
                )}
              </div>`
            : nothing
        }
      </span>
      <button class="icon" aria-label="Help" title="Help (?)"
        @click=${() => this.send({ name: 'help' })}>${icons.help}</button>
    `;
  }
}
customElements.define('splatmend-toolbar', SplatmendToolbar);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-toolbar': SplatmendToolbar;
  }
}
