import { css, html, LitElement } from 'lit';
import { theme } from './theme.ts';

/** A yes or no of the user's that the browser remembers, the same in every panel of the page; no to begin with. */
export class KeptChoice {
  readonly key: string;
  /** Where the browser keeps nothing it lasts as long as the page. */
  #chosen: boolean | undefined;

  /** @param key in the browser's storage, and the window's event when it changes */
  constructor(key: string) {
    this.key = key;
  }

  get wanted(): boolean {
    if (this.#chosen !== undefined) return this.#chosen;
    try {
      return localStorage.getItem(this.key) === 'yes';
    } catch {
      return false;
    }
  }

  set wanted(wanted: boolean) {
    this.#chosen = wanted;
    try {
      localStorage.setItem(this.key, wanted ? 'yes' : 'no');
    } catch {
      // Storage is switched off for this page.
    }
    window.dispatchEvent(new Event(this.key));
  }
}

/** A labelled checkbox for such a choice. */
export abstract class KeptSwitch extends LitElement {
  protected abstract readonly choice: KeptChoice;
  protected abstract readonly label: string;
  /** What it does, in a sentence. */
  protected abstract readonly what: string;

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        cursor: pointer;
      }
      input {
        flex: none;
        margin: 0;
        accent-color: var(--sm-accent);
      }
    `,
  ];

  #changed = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(this.choice.key, this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(this.choice.key, this.#changed);
  }

  override render() {
    const { choice } = this;
    return html`<label title=${this.what}>
      <input type="checkbox" .checked=${choice.wanted}
        @change=${(e: Event) => {
          choice.wanted = (e.target as HTMLInputElement).checked;
        }} />
      ${this.label}</label>`;
  }
}
