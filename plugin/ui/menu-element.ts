import type { PropertyDeclarations } from 'lit';
import { MenderElement } from './element.ts';

/** A panel with one drop-down list (`.list`): arrow keys go through it, Escape and a press elsewhere close it. */
export class MenuElement extends MenderElement {
  static override properties: PropertyDeclarations = { menuOpen: { state: true } };

  declare menuOpen: boolean;
  /** What opened the list, and gets the focus back. */
  protected readonly opener: string;

  constructor(opener: string) {
    super();
    this.opener = opener;
    this.menuOpen = false;
  }

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

  protected get items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.list button:enabled')];
  }

  protected async focusFirst(): Promise<void> {
    await this.updateComplete;
    if (this.menuOpen) this.items[0]?.focus();
  }

  protected closeMenu(): void {
    this.menuOpen = false;
    this.renderRoot.querySelector<HTMLElement>(this.opener)?.focus();
  }

  protected menuKey(event: KeyboardEvent): void {
    const { items } = this;
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    if (event.key === 'Tab') {
      // The browser goes on from what opened the list.
      this.closeMenu();
      return;
    }
    if (event.key === 'Escape') this.closeMenu();
    else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items[(at - 1 + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
