import { css, html, LitElement } from 'lit';
import { icons } from './icons.ts';
import { FIXED_GROUPS, keyNames, SHORTCUT_GROUPS } from './keys.ts';
import { dialogBox, dialogHead, theme } from './theme.ts';

const GROUPS = [
  ...FIXED_GROUPS,
  ...SHORTCUT_GROUPS.map(({ title, shortcuts }) => ({
    title,
    rows: shortcuts.map((s) => [keyNames(s), s.what] as const),
  })),
];

/** `<splatmend-help>`: what the keys and the mouse do. */
export class SplatmendHelp extends LitElement {
  static override styles = [
    theme,
    dialogBox,
    dialogHead,
    css`
      dialog {
        width: min(960px, calc(100vw - 32px));
        max-height: calc(100vh - 48px);
        padding: 18px 26px 8px;
      }
      header {
        margin: 0 -8px 2px 0;
      }
      p {
        margin: 0 0 14px;
        max-width: 62ch;
      }
      .groups {
        columns: 3 230px;
        column-gap: 34px;
      }
      section {
        break-inside: avoid;
        padding-bottom: 18px;
      }
      h3 {
        margin: 0 0 9px;
        font-size: 12px;
        font-weight: 600;
        color: var(--sm-muted);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 6px 14px;
        margin: 0;
        align-items: baseline;
      }
      dt {
        white-space: nowrap;
      }
      dd {
        margin: 0;
        color: var(--sm-text);
      }
      kbd + kbd {
        margin-left: 4px;
      }
    `,
  ];

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  get open(): boolean {
    return this.hasUpdated && this.#dialog.open;
  }

  toggle(): void {
    if (this.#dialog.open) this.#dialog.close();
    else this.#dialog.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title"
      @click=${(e: Event) => e.target === this.#dialog && this.#dialog.close()}>
      <header>
        <h2 id="title">Remove an object, mend the hole</h2>
        <button class="icon" aria-label="Close" @click=${() => this.#dialog.close()}>${icons.close}</button>
      </header>
      <p class="muted">Click an object, press Remove and mend, look around, keep it or not. Everything runs
        in this browser, and no file leaves the computer, unless you choose a server.</p>
      <div class="groups">
        ${GROUPS.map(
          (g) => html`<section>
            <h3>${g.title}</h3>
            <dl>${g.rows.map(
              ([keys, what]) =>
                html`<dt>${keys.map((k) => html`<kbd>${k}</kbd>`)}</dt><dd>${what}</dd>`,
            )}</dl>
          </section>`,
        )}
      </div>
    </dialog>`;
  }
}
customElements.define('splatmend-help', SplatmendHelp);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-help': SplatmendHelp;
  }
}
