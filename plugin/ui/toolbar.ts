import { css, html, nothing, type TemplateResult } from 'lit';
import { SPLAT_FORMATS, type SplatFormat } from '../../core/formats/format.ts';
import type { RecentFiles } from '../storage/recent-files.ts';
import type { SessionStore } from '../storage/session-store.ts';
import { waitingEdit, waits } from '../waits.ts';
import { canPerform, type EditorCommand } from './command.ts';
import { keyHint } from './keys.ts';
import { MenuElement } from './menu-element.ts';
import './open-menu.ts';
import { icons } from './icons.ts';
import type { OfferedScene } from './open-menu.ts';
import { theme } from './theme.ts';

const FORMAT_NOTES: Record<SplatFormat, string> = {
  ply: 'keeps everything',
  'compressed.ply': 'small',
  splat: 'no view-dependent colour',
  ksplat: 'for GaussianSplats3D',
  spz: 'smallest',
  sog: 'for the web',
};

/** `<splatmend-toolbar>`: file, history and view. */
export class SplatmendToolbar extends MenuElement {
  static override properties = {
    fileName: { attribute: false },
    formats: { attribute: false },
    canTurn: { attribute: false },
    scheme: { attribute: false },
    panelOpen: { attribute: false },
    session: { attribute: false },
    recent: { attribute: false },
    scenes: { attribute: false },
  };

  /** Shown as text only. */
  declare fileName: string;
  /** Formats that can be written. */
  declare formats: readonly SplatFormat[];
  /** Whether the scene can be turned upright. */
  declare canTurn: boolean;
  /** The theme that shows. */
  declare scheme: 'light' | 'dark';
  declare panelOpen: boolean;
  declare session: SessionStore | undefined;
  declare recent: RecentFiles | undefined;
  declare scenes: readonly OfferedScene[];

  constructor() {
    super('#export');
    this.fileName = '';
    this.formats = SPLAT_FORMATS;
    this.canTurn = false;
    this.scheme = 'dark';
    this.panelOpen = false;
    this.scenes = [];
  }

  static override styles = [
    theme,
    css`
      :host {
        container-type: inline-size;
        position: relative;
        display: block;
        background: var(--sm-panel);
        border-bottom: 1px solid var(--sm-line);
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px;
        min-height: 51px;
        padding: 0 12px 0 16px;
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
      /* No width of its own: it takes what is left, and never sends a button to another row. */
      .file {
        flex: 1 1 0;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        margin-left: 12px;
        padding-left: 13px;
        border-left: 1px solid var(--sm-line);
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
        background: var(--sm-raised);
        box-shadow: 0 14px 40px var(--sm-shadow);
      }
      .list button {
        display: flex;
        width: 100%;
        justify-content: space-between;
        gap: 24px;
      }
      hr {
        margin: 5px 8px;
        border: 0;
        border-top: 1px solid var(--sm-line);
      }
      /* By its own width, not the page's: an editor may be a part of one. */
      @container (max-width: 900px) {
        .label {
          display: none;
        }
      }
      @container (max-width: 680px) {
        .title,
        .gap {
          display: none;
        }
        /* Lists hang from the bar's end, not from their button, which may stand at its start. */
        .menu {
          position: static;
        }
        .list {
          right: 6px;
        }
      }
      @container (max-width: 540px) {
        .bar {
          gap: 0;
          padding: 0 6px;
        }
        .brand,
        .optional {
          display: none;
        }
        .file {
          visibility: hidden;
        }
        #export {
          padding: 0;
        }
      }
    `,
  ];

  async #toggleMenu(): Promise<void> {
    this.menuOpen = !this.menuOpen;
    await this.focusFirst();
  }

  #choose(command: EditorCommand): void {
    this.closeMenu();
    this.send(command);
  }

  #button(
    name: 'undo' | 'redo' | 'frame' | 'turn-up' | 'insert' | 'extend',
    label: string,
    icon: TemplateResult,
    look = '',
  ) {
    return html`<button class="icon ${look}" aria-label=${label} title="${label}${keyHint(name)}"
      ?disabled=${!canPerform(name, this.mender)}
      @click=${() => this.send({ name })}>${icon}</button>`;
  }

  override render() {
    const { mender } = this;
    const waiting = mender !== undefined && waits(mender);
    const undo = waiting ? `Discard the ${waitingEdit(mender)}` : `Undo${what(mender?.undoLabel)}`;
    const next = this.scheme === 'dark' ? 'light' : 'dark';
    return html`<div class="bar">
      <span class="brand" role="heading" aria-level="1" aria-label="Splatmend"><span class="mark"></span><span class="title">Splatmend</span></span>
      <span class="file muted" title=${this.fileName}>${this.fileName}</span>
      ${this.#button('undo', undo, icons.undo)}
      ${this.#button('redo', `Redo${what(mender?.redoLabel)}`, icons.redo)}
      <span class="gap"></span>
      ${this.#button('frame', 'Frame the selection or the scene', icons.frame)}
      ${
        this.canTurn
          ? this.#button('turn-up', 'Turn the scene upright: next axis up', icons.up)
          : nothing
      }
      <span class="gap"></span>
      ${this.#button('insert', 'Insert into this view…', icons.insert)}
      ${this.#button('extend', 'Extend the scene…', icons.extend, 'optional')}
      <splatmend-open-menu .mender=${mender} .session=${this.session} .recent=${this.recent}
        .scenes=${this.scenes}></splatmend-open-menu>
      ${this.#menu(waiting)}
      <span class="gap optional"></span>
      <button class="icon optional" aria-label="Use the ${next} theme" title="Use the ${next} theme"
        @click=${() => this.send({ name: 'theme' })}>${icons[next]}</button>
      <button class="icon" aria-label="Help" title="Help${keyHint('help')}"
        @click=${() => this.send({ name: 'help' })}>${icons.help}</button>
      <button class="icon" aria-label="Panel" title="Show or hide the panel" aria-pressed=${this.panelOpen}
        @click=${() => this.send({ name: 'panel' })}>${icons.panel}</button>
    </div>`;
  }

  #menu(waiting: boolean) {
    const { mender } = this;
    const item = (command: EditorCommand, label: string, note: string) =>
      html`<button role="menuitem" ?disabled=${!canPerform(command.name, mender)}
        @click=${() => this.#choose(command)}><span>${label}</span><span class="muted">${note}</span></button>`;
    return html`<span class="menu" @keydown=${this.menuOpen ? this.menuKey : nothing}>
      <button id="export" aria-label="Export" aria-haspopup="menu" aria-expanded=${this.menuOpen}
        ?disabled=${!canPerform('save-picture', mender)}
        title=${waiting ? 'Keep or discard what waits to export the scene' : 'Export'}
        @click=${this.#toggleMenu}>${icons.export}<span class="label">Export</span></button>
      ${
        this.menuOpen
          ? html`<div class="list" role="menu" aria-label="Export as">
              ${this.formats.map((format) =>
                item({ name: 'export', format }, `.${format}`, FORMAT_NOTES[format]),
              )}
              <hr />
              ${item({ name: 'save-picture' }, '.png', 'the picture as it is')}
            </div>`
          : nothing
      }
    </span>`;
  }
}
customElements.define('splatmend-toolbar', SplatmendToolbar);

const what = (label: string | undefined) => (label === undefined ? '' : `: ${label}`);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-toolbar': SplatmendToolbar;
  }
}
