import { css, html, LitElement } from 'lit';
import { icons, theme } from './theme.ts';

const GROUPS: { title: string; rows: [keys: string[], what: string][] }[] = [
  {
    title: 'Look',
    rows: [
      [['Drag'], 'orbit'],
      [['Right drag'], 'pan'],
      [['Wheel'], 'zoom'],
      [['← ↑ → ↓', '+', '−'], 'the same by keys'],
      [['F'], 'frame the selection or the scene'],
      [['U'], 'turn the scene upright'],
    ],
  },
  {
    title: 'Select',
    rows: [
      [['Click'], 'select an object'],
      [['Shift', 'Click'], 'add to the selection'],
      [['Ctrl', 'Click'], 'take out of it'],
      [['Space'], 'select in the middle of the picture'],
      [['Ctrl', 'A'], 'everything'],
      [['Ctrl', 'I'], 'the others instead'],
      [['Esc'], 'cancel, discard or clear'],
    ],
  },
  {
    title: 'Edit',
    rows: [
      [['Shift', 'Del'], 'remove and mend the hole'],
      [['Del'], 'delete and leave the hole'],
      [['B'], 'hold to see before'],
      [['Enter'], 'keep the removal'],
      [['Ctrl', 'Z'], 'undo'],
      [['Ctrl', 'Shift', 'Z'], 'redo'],
      [['O'], 'open a file'],
    ],
  },
];

/** `<splatmend-help>`: what the keys and the mouse do. */
export class SplatmendHelp extends LitElement {
  static override styles = [
    theme,
    css`
      dialog {
        width: min(860px, calc(100vw - 32px));
        max-height: calc(100vh - 48px);
        padding: 22px 26px 26px;
        border: 1px solid var(--sm-line);
        border-radius: 18px;
        background: #171a21;
        color: var(--sm-text);
        box-shadow: 0 30px 90px rgb(0 0 0 / 0.6);
      }
      dialog::backdrop {
        background: rgb(5 6 9 / 0.6);
      }
      header {
        display: flex;
        justify-content: space-between;
        align-items: center;
        margin: 0 -8px 2px 0;
      }
      h2 {
        margin: 0;
        font-size: 17px;
      }
      p {
        margin: 0 0 18px;
        max-width: 62ch;
      }
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(230px, 1fr));
        gap: 22px 34px;
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
        gap: 8px 14px;
        margin: 0;
        align-items: baseline;
      }
      dt {
        white-space: nowrap;
      }
      dd {
        margin: 0;
        color: #c9cdd6;
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
        in this browser: no file leaves the computer.</p>
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
