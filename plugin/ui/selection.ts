import { css, html, nothing, type TemplateResult } from 'lit';
import type { MenderEvents } from '../mender-types.ts';
import { canPerform, type EditorCommand, type PlainCommand } from './command.ts';
import { MenderElement } from './element.ts';
import { icons } from './icons.ts';
import { keyHint } from './keys.ts';
import { theme } from './theme.ts';

/** `<splatmend-selection>`: how much is selected, what can be done with it, and what is hidden or locked. Its slot is under the buttons. */
export class SplatmendSelection extends MenderElement {
  static override properties = { hiddenCount: { state: true }, lockedCount: { state: true } };

  declare hiddenCount: number;
  declare lockedCount: number;
  #onSurface = false;

  constructor() {
    super();
    this.hiddenCount = 0;
    this.lockedCount = 0;
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      h2 {
        margin: 0 0 10px;
        font-size: 13px;
        font-weight: 600;
      }
      .count {
        margin: 0 0 10px;
        font-variant-numeric: tabular-nums;
      }
      strong {
        font-weight: 600;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(88px, 1fr));
        gap: 4px;
      }
      .grid button {
        justify-content: flex-start;
        gap: 6px;
        height: 30px;
        padding: 0 8px;
        background: var(--sm-hover);
        font-weight: 400;
      }
      .grid button:hover:not(:disabled) {
        background: var(--sm-pressed);
      }
      .grid svg {
        width: 15px;
        height: 15px;
      }
      .marks {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-top: 8px;
      }
      .marks button {
        height: 28px;
      }
      .main {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 14px;
      }
      ::slotted(*) {
        margin-top: 12px;
      }
      .main button {
        flex: 1 1 auto;
        padding: 0 10px;
      }
    `,
  ];

  protected override updated(): void {
    const { mender } = this;
    if (mender === undefined || mender.marks !== undefined) return;
    this.hiddenCount = 0;
    this.lockedCount = 0;
  }

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    detail: MenderEvents[K],
  ): void {
    if (type === 'selection') this.#onSurface = (detail as MenderEvents['selection']).onSurface;
    if (type !== 'marks') return;
    const { hidden, locked } = detail as MenderEvents['marks'];
    this.hiddenCount = hidden;
    this.lockedCount = locked;
  }

  #button(name: PlainCommand, label: string, what: string, icon: TemplateResult, look = '') {
    return html`<button class=${look} title="${what}${keyHint(name)}"
      ?disabled=${!canPerform(name, this.mender)}
      @click=${() => this.send({ name } as EditorCommand)}>${icon}${label}</button>`;
  }

  override render() {
    const n = this.mender?.selectedCount ?? 0;
    return html`<section aria-labelledby="title">
      <h2 id="title">Selection</h2>
      <p class="count ${n === 0 ? 'muted' : ''}" role="status">${this.#sentence(n)}</p>
      <div class="grid" role="group" aria-label="Change the selection">
        ${this.#button('select-all', 'All', 'Select everything', icons.all)}
        ${this.#button('clear', 'None', 'Select nothing', icons.close)}
        ${this.#button('invert', 'Invert', 'Select the others instead', icons.invert)}
        ${this.#button('grow', 'Grow', 'Grow the selection', icons.grow)}
        ${this.#button('shrink', 'Shrink', 'Shrink the selection', icons.shrink)}
        ${this.#button('add-shadow', 'Shadow', 'Add its contact shadow and the colour it has spread', icons.shadow)}
        ${this.#button('hide', 'Hide', 'Hide what is selected', icons.hide)}
        ${this.#button('lock', 'Lock', 'Lock what is selected: no tool selects it', icons.lock)}
        ${this.#button('save-selection', 'Save', 'Save the selection as a file', icons.save)}
        ${this.#button('load-selection', 'Load', 'Load a saved selection, or a mask image of this view', icons.load)}
      </div>
      ${this.#marked(this.hiddenCount, 'hidden', 'show-all', 'Show all', icons.show)}
      ${this.#marked(this.lockedCount, 'locked', 'unlock', 'Unlock all', icons.unlock)}
      <div class="main">
        ${this.#button('remove', 'Remove and mend', 'Remove and mend the hole', icons.mend, 'primary')}
        ${this.#button('delete', 'Delete', 'Delete and leave the hole', icons.trash, 'line')}
      </div>
      <slot></slot>
    </section>`;
  }

  #sentence(n: number) {
    if (n === 0) {
      if (this.mender?.cloud === undefined) return 'Nothing is selected. Open a scene first.';
      return this.lockedCount === 0
        ? 'Nothing is selected. Click an object in the picture.'
        : 'Nothing is selected. Click an object in the picture; what is locked (grey) stays out.';
    }
    return html`<strong>${n.toLocaleString('en')}</strong>
      ${n === 1 ? 'splat' : 'splats'} selected${
        this.#onSurface ? '. Part of a large surface; click the object itself for less.' : nothing
      }`;
  }

  #marked(n: number, what: string, name: PlainCommand, label: string, icon: TemplateResult) {
    if (n === 0) return nothing;
    return html`<div class="marks"><span class="muted">${n.toLocaleString('en')} ${what}</span>
      ${this.#button(name, label, label, icon)}</div>`;
  }
}
customElements.define('splatmend-selection', SplatmendSelection);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-selection': SplatmendSelection;
  }
}
