import { css, html, nothing, type TemplateResult } from 'lit';
import type { RecentRecord } from '../storage/database.ts';
import type { RecentFiles } from '../storage/recent-files.ts';
import type { SavedSession, SessionStore } from '../storage/session-store.ts';
import { canPerform } from './command.ts';
import { icons } from './icons.ts';
import { keyHint } from './keys.ts';
import { MenuElement } from './menu-element.ts';
import { theme } from './theme.ts';

/** A scene that the page offers itself. */
export interface OfferedScene {
  label: string;
  open(): void;
}

/** `<splatmend-open-menu>`: opens a file; beside it, where something is kept, recent files and saved sessions. */
export class SplatmendOpenMenu extends MenuElement {
  static override properties = {
    session: { attribute: false },
    recent: { attribute: false },
    scenes: { attribute: false },
    files: { state: true },
    saved: { state: true },
    asked: { state: true },
  };

  declare session: SessionStore | undefined;
  declare recent: RecentFiles | undefined;
  declare scenes: readonly OfferedScene[];
  declare files: readonly RecentRecord[];
  declare saved: readonly SavedSession[];
  /** Id of the session whose discarding was asked for once: nothing brings it back. */
  declare asked: string | undefined;

  constructor() {
    super('#more');
    this.scenes = [];
    this.files = [];
    this.saved = [];
  }

  static override styles = [
    theme,
    css`
      :host {
        position: relative;
        display: flex;
      }
      #more {
        min-width: 24px;
        width: 24px;
        padding: 0;
      }
      .list {
        position: absolute;
        z-index: 5;
        top: calc(100% + 8px);
        right: 0;
        width: 380px;
        padding: 6px;
        border: 1px solid var(--sm-line);
        border-radius: 12px;
        background: var(--sm-raised);
        box-shadow: 0 14px 40px var(--sm-shadow);
      }
      .row {
        display: flex;
      }
      .row > :first-child {
        flex: 1;
        min-width: 0;
        justify-content: space-between;
        gap: 16px;
      }
      .sure {
        flex: none;
        color: var(--sm-danger);
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .title {
        margin: 8px 11px 3px;
        font-size: 12px;
        font-weight: 600;
        color: var(--sm-muted);
      }
      /* As the toolbar around it, whose width this is. */
      @container (max-width: 900px) {
        .label {
          display: none;
        }
      }
      /* There the list hangs from the bar's end: from its button it would leave the page at the left. */
      @container (max-width: 680px) {
        :host {
          position: static;
        }
        .list {
          right: 6px;
          width: min(380px, 100cqw - 12px);
        }
      }
      @container (max-width: 540px) {
        button:first-child {
          padding: 0;
        }
      }
    `,
  ];

  /** Nothing kept, or storage refused: then the lists are empty, and opening works as ever. */
  async #look(): Promise<void> {
    this.files = (await this.recent?.list().catch(() => [])) ?? [];
    this.saved = (await this.session?.list().catch(() => [])) ?? [];
    this.asked = undefined;
  }

  async #toggle(): Promise<void> {
    if (this.menuOpen) {
      this.menuOpen = false;
      return;
    }
    await this.#look();
    this.menuOpen = true;
    await this.focusFirst();
  }

  async #discard(id: string): Promise<void> {
    if (this.asked !== id) {
      this.asked = id;
      return;
    }
    this.send({ name: 'discard-session', id });
    this.saved = this.saved.filter((s) => s.id !== id);
    await this.focusFirst();
  }

  override render() {
    const able = canPerform('open', this.mender);
    const keeps = this.session ?? this.recent ?? (this.scenes.length > 0 || undefined);
    return html`<button title="Open a file${keyHint('open')}" aria-label="Open a file" ?disabled=${!able}
        @click=${() => this.send({ name: 'open' })}>${icons.open}<span class="label">Open</span></button>
      ${
        keeps === undefined
          ? nothing
          : html`<button id="more" aria-label="Recent files and sessions" aria-haspopup="menu"
              title="Recent files and sessions" aria-expanded=${this.menuOpen} ?disabled=${!able}
              @click=${this.#toggle}>▾</button>`
      }
      ${this.menuOpen ? this.#list() : nothing}`;
  }

  #discardButton(id: string, name: string) {
    const sure = this.asked === id;
    return html`<button class=${sure ? 'sure' : 'icon'} role="menuitem" title="Discard"
      aria-label="${sure ? 'Really discard' : 'Discard'} the session of ${name}"
      @click=${() => this.#discard(id)}>${sure ? 'Discard?' : icons.close}</button>`;
  }

  #list() {
    const act = (run: () => void) => () => {
      this.closeMenu();
      run();
    };
    const item = (run: () => void, name: string, note = '', title = name) =>
      html`<button role="menuitem" title=${title} @click=${act(run)}>
        <span class="name">${name}</span>${note ? html`<span class="muted">${note}</span>` : nothing}
      </button>`;
    const nothingYet = this.scenes.length + this.files.length + this.saved.length === 0;
    return html`<div class="list" role="menu" aria-label="Open" @keydown=${this.menuKey}>
      ${this.scenes.map(({ label, open }) => row(item(open, label)))}
      ${row(
        item(
          () => this.send({ name: 'photo' }),
          'A photo…',
          '',
          'Makes a scene of a photo and its depth',
        ),
      )}
      ${group(
        'Recent files',
        this.files.map((file) => {
          const open = () => this.send({ name: 'open-recent', file });
          return row(item(open, file.name, ago(file.openedAt)));
        }),
      )}
      ${group(
        'Saved sessions',
        this.saved.map((s) => {
          const name = s.fileName || 'Untitled';
          const steps = `${s.done} ${s.done === 1 ? 'step' : 'steps'}, ${ago(s.savedAt)}`;
          return row(html`${item(() => this.send({ name: 'restore', id: s.id }), name, steps)}
            ${this.#discardButton(s.id, name)}`);
        }),
      )}
      ${nothingYet ? html`<p class="title" role="presentation">Nothing yet</p>` : nothing}
      ${group('Select by a model', [
        row(
          item(
            () => this.send({ name: 'load-segmenter' }),
            'Load a segmenter…',
            '',
            'Two ONNX files, an encoder and a decoder such as SlimSAM’s',
          ),
        ),
      ])}
    </div>`;
  }
}
const row = (content: TemplateResult) =>
  html`<div class="row" role="presentation">${content}</div>`;

function group(title: string, rows: readonly TemplateResult[]) {
  if (rows.length === 0) return nothing;
  return html`<div role="group" aria-label=${title}>
    <p class="title" aria-hidden="true">${title}</p>${rows}</div>`;
}
customElements.define('splatmend-open-menu', SplatmendOpenMenu);

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `5 minutes ago`. */
function ago(time: number): string {
  const passed = Date.now() - time;
  const [unit, ms] = UNITS.find(([, length]) => passed >= length) ?? ['minute', 60_000];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(
    -Math.floor(passed / ms),
    unit,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-open-menu': SplatmendOpenMenu;
  }
}
