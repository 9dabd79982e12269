import { css, html, nothing } from 'lit';
import type { ExtendOptions, ExtendPath } from '../../core/extend-types.ts';
import { canPerform, type EditorCommand } from './command.ts';
import { MenderElement } from './element.ts';
import { icons } from './icons.ts';
import { dialogBox, dialogHead, theme } from './theme.ts';

type Where = Exclude<ExtendPath['kind'], 'cameras'>;
/** An orbit's, to either side. */
const ANGLE = { usual: 30, least: 5, most: 180 };

/**
 * `<splatmend-extend-dialog>`: asks where the scene is to be extended. It takes over `extend` for its mender, and sends it on with what was
 * chosen. What was chosen last is kept for the next time. Mount it once, out of anything that is hidden.
 */
export class SplatmendExtendDialog extends MenderElement {
  static override properties = { where: { state: true } };

  declare where: Where;

  constructor() {
    super();
    this.where = 'view';
  }

  static override styles = [
    theme,
    dialogBox,
    dialogHead,
    css`
      :host {
        display: contents;
      }
      dialog {
        width: min(460px, calc(100vw - 32px));
        max-height: calc(100vh - 24px);
        padding: 16px 20px 18px;
      }
      p {
        margin: 2px 0 12px;
        overflow-wrap: anywhere;
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      .way,
      .check {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: baseline;
        gap: 1px 10px;
        padding: 9px 12px;
        border: 1px solid var(--sm-line);
        border-radius: 10px;
        cursor: pointer;
      }
      .way + .way {
        margin-top: 6px;
      }
      .way:has(:checked) {
        border-color: var(--sm-accent);
        background: var(--sm-hover);
      }
      .check {
        margin-top: 10px;
        padding: 0 12px;
        border: 0;
      }
      strong {
        font-weight: 600;
      }
      .what {
        grid-column: 2 / -1;
        font-size: 12px;
      }
      input {
        margin: 0;
        accent-color: var(--sm-accent);
      }
      [type='number'],
      [type='text'] {
        height: 28px;
        padding: 0 8px;
        border: 1px solid var(--sm-line);
        border-radius: 8px;
        background: var(--sm-sunken);
        color: inherit;
        font: inherit;
      }
      [type='number'] {
        width: 62px;
      }
      .words {
        display: block;
        margin-top: 12px;
        font-weight: 500;
      }
      [type='text'] {
        display: block;
        width: 100%;
        height: 32px;
        margin-top: 3px;
      }
      .by {
        margin: 12px 0 0;
        font-size: 12px;
      }
      footer {
        display: flex;
        justify-content: flex-end;
        gap: 6px;
        margin-top: 14px;
      }
    `,
  ];

  #onCommand = (event: Event) => {
    const { detail } = event as CustomEvent<EditorCommand>;
    if (event.defaultPrevented || !this.isOurs(event)) return;
    // A file was dropped or pasted over this dialog, and opens its own: that one gives the focus back to what had it before both.
    if ((detail.name === 'photo' || detail.name === 'insert') && detail.file) this.#close();
    if (detail.name !== 'extend' || detail.path !== undefined) return;
    event.preventDefault();
    this.open();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    // At the window: a command may start outside of whatever this element lies in.
    window.addEventListener('splatmend-command', this.#onCommand);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('splatmend-command', this.#onCommand);
    this.#close();
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  #close(): void {
    if (this.hasUpdated) this.#dialog.close();
  }

  open(): void {
    if (!canPerform('extend', this.mender) || this.#dialog.open) return;
    this.#dialog.showModal();
    this.renderRoot.querySelector<HTMLElement>('[name=where]:checked')?.focus();
  }

  protected override onMender(): void {
    // Another scene, or something that waits: what is asked here makes no sense any more.
    if (!canPerform('extend', this.mender)) this.#close();
  }

  #extend(event: Event): void {
    event.preventDefault();
    const field = (name: string) =>
      this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`);
    const orbits = this.where === 'orbit';
    // The browser says what is wrong with it.
    if (orbits && !field('angle')!.reportValidity()) return;
    const prompt = field('prompt')?.value.trim() ?? '';
    const options: ExtendOptions = {
      ...(orbits && { angleDeg: field('angle')!.valueAsNumber }),
      // Asked for in so many words: from a camera that looks past the edge much is empty above what it sees.
      sky: field('sky')!.checked ? 'leave' : 'fill',
      ...(prompt !== '' && { prompt }),
    };
    this.#dialog.close();
    this.send({ name: 'extend', path: { kind: this.where }, options });
  }

  #way(where: Where, title: string, what: string, more: unknown = nothing) {
    return html`<label class="way"><input type="radio" name="where" .checked=${this.where === where}
        @change=${() => {
          this.where = where;
        }} /><strong>${title}</strong>${more}<span class="what muted">${what}</span></label>`;
  }

  override render() {
    const { filler, depth } = this.mender ?? {};
    // Not on focus: Tab passes through on its way to the buttons.
    const orbits = () => {
      this.where = 'orbit';
    };
    const angle = html`<span>± <input type="number" name="angle" aria-label="Degrees to either side" required
      min=${ANGLE.least} max=${ANGLE.most} step="1" value=${ANGLE.usual} @click=${orbits} @input=${orbits} />°</span>`;
    return html`<dialog aria-labelledby="title" @keydown=${(e: Event) => e.stopPropagation()}>
      <form novalidate @submit=${this.#extend}>
        <header>
          <h2 id="title">Extend the scene</h2>
          <button type="button" class="icon" aria-label="Close" title="Close (Esc)"
            @click=${() => this.#dialog.close()}>${icons.close}</button>
        </header>
        <p class="muted">What is empty is painted on from what is beside it, and lifted to splats. What is there stays
          as it is.</p>
        <fieldset aria-label="Where">
          ${this.#way('view', 'This view', 'What is empty in the picture as it is now')}
          ${this.#way('orbit', 'Around here', 'What shows from the sides, around what the view looks at', angle)}
          ${this.#way('ring', 'Full ring (360°)', 'All around, turning on the spot until it closes; takes longest')}
        </fieldset>
        <label class="check"><input type="checkbox" name="sky" /><span>Leave the sky empty</span>
          <span class="what muted">For a scene outdoors: what is empty above it stays so</span></label>
        ${
          filler?.prompts
            ? html`<label class="words">What should be there, in words<input type="text" name="prompt"
                autocomplete="off" maxlength="2000" placeholder="optional: a brick wall with a door" /></label>`
            : nothing
        }
        <p class="by muted">Filled by: ${filler?.label}. Depth by: ${depth?.label ?? 'the surfaces around'}.
          ${filler?.sendsTo ? `Pictures of the views are sent to ${filler.sendsTo}.` : nothing}
          ${depth?.server ? `Pictures of the views are sent to ${depth.server.address} for their depth.` : nothing}</p>
        <footer>
          <button type="button" class="line" @click=${() => this.#dialog.close()}>Cancel</button>
          <button class="primary">${icons.extend}Extend</button>
        </footer>
      </form>
    </dialog>`;
  }
}
customElements.define('splatmend-extend-dialog', SplatmendExtendDialog);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-extend-dialog': SplatmendExtendDialog;
  }
}
