import { css, html, LitElement } from 'lit';
import { theme } from './theme.ts';

const KEY = 'splatmend-mask-first';
const CHANGED = 'splatmend-mask-first';
/** Where the browser keeps nothing it lasts as long as the page. */
let chosen: boolean | undefined;

/** Whether the user wants to see and correct the mask before each mending. */
export function wantsMaskFirst(): boolean {
  if (chosen !== undefined) return chosen;
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

function setMaskFirst(wanted: boolean): void {
  chosen = wanted;
  try {
    localStorage.setItem(KEY, wanted ? 'yes' : 'no');
  } catch {
    // Storage is switched off for this page.
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** `<splatmend-mask-first>`: the switch for it, remembered by the browser and the same in every panel. */
export class SplatmendMaskFirst extends LitElement {
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
    window.addEventListener(CHANGED, this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(CHANGED, this.#changed);
  }

  override render() {
    return html`<label title="See the hole and paint on it before it is mended">
      <input type="checkbox" .checked=${wantsMaskFirst()}
        @change=${(e: Event) => setMaskFirst((e.target as HTMLInputElement).checked)} />
      Check the mask before mending</label>`;
  }
}
customElements.define('splatmend-mask-first', SplatmendMaskFirst);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-mask-first': SplatmendMaskFirst;
  }
}
