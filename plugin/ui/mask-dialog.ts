import { css, html, nothing } from 'lit';
import { toFailure } from '../../core/errors.ts';
import type { HolePreview, RemoveOptions } from '../../core/remove-types.ts';
import type { MenderEvents } from '../mender-types.ts';
import type { EditorCommand } from './command.ts';
import { MenderElement } from './element.ts';
import './mask-brush.ts';
import { icons } from './icons.ts';
import { maskFirst } from './mask-first.ts';
import { dialogBox, pictureDialog, theme } from './theme.ts';

/**
 * `<splatmend-mask-dialog>`: the hole in the user's view, to look at and to paint on before it is mended. It
 * takes over `remove` where the user wants to see the mask first, and `correct-mask` always, for its mender;
 * what was painted goes out as `remove` or, beside a waiting removal, as `add-candidate`. Mount it once, out
 * of anything that is hidden.
 */
export class SplatmendMaskDialog extends MenderElement {
  static override properties = {
    removeOptions: { attribute: false },
    preview: { state: true },
    failure: { state: true },
    empty: { state: true },
    noHole: { state: true },
  };

  /** Given to the look at the hole; the same as for the removal. */
  declare removeOptions: RemoveOptions | undefined;
  declare preview: HolePreview | undefined;
  declare failure: string | undefined;
  /** Nothing is painted now. */
  declare empty: boolean;
  /** No hole was found in this view: from others there may be one. */
  declare noHole: boolean;
  #looking = false;

  constructor() {
    super();
    this.empty = false;
    this.noHole = false;
  }

  static override styles = [
    theme,
    dialogBox,
    pictureDialog,
    css`
      p {
        margin: 2px 0 12px;
      }
    `,
  ];

  #onCommand = (event: Event) => {
    const { detail } = event as CustomEvent<EditorCommand>;
    const takes =
      detail.name === 'correct-mask' ||
      (detail.name === 'remove' && detail.painted === undefined && maskFirst.wanted);
    if (!takes || event.defaultPrevented || !this.isOurs(event)) return;
    event.preventDefault();
    void this.open();
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

  /** Looks at the hole in the user's view and shows it. A failure is said in the dialog. */
  async open(): Promise<void> {
    const { mender } = this;
    if (!mender || mender.task !== undefined || this.#dialog.open) return;
    this.preview = undefined;
    this.failure = undefined;
    this.#dialog.showModal();
    this.#looking = true;
    try {
      const preview = await mender.previewHole(this.removeOptions);
      this.#looking = false;
      if (!this.#dialog.open) return;
      this.preview = preview;
      this.noHole = preview.mask.data.every((v) => v === 0);
      this.empty = this.noHole;
      await this.updateComplete;
      const brush = this.renderRoot.querySelector('splatmend-mask-brush');
      await brush?.updateComplete;
      brush?.renderRoot.querySelector<HTMLElement>('.picture')?.focus();
    } catch (error) {
      this.#looking = false;
      this.failure = toFailure(error).message;
    }
  }

  #close(): void {
    if (!this.hasUpdated || !this.#dialog.open) return;
    this.#dialog.close();
  }

  #onClosed(): void {
    // The browser tells of it later: it may be open again.
    if (this.#dialog.open) return;
    if (this.#looking) this.mender?.cancel();
    this.#looking = false;
    this.preview = undefined;
    this.failure = undefined;
  }

  /** The first mending may look for itself where this view shows no hole; a correction has to say what of. */
  get #canMend(): boolean {
    return !this.empty || (this.noHole && this.mender?.proposal === undefined);
  }

  #mend(): void {
    const mask = this.renderRoot.querySelector('splatmend-mask-brush')?.mask;
    if (!this.preview || !mask || !this.mender || !this.#canMend) return;
    const painted = { camera: this.preview.camera, mask };
    this.#close();
    if (this.mender.proposal) this.send({ name: 'add-candidate', painted });
    else this.send({ name: 'remove', painted: this.empty ? null : painted });
  }

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    _detail: MenderEvents[K],
  ): void {
    // A file that was dropped meanwhile: there is no such hole any more.
    if (type === 'cloud') this.#close();
  }

  #onKey(event: KeyboardEvent): void {
    // The page under the dialog must not hear its keys.
    event.stopPropagation();
    const brush = this.renderRoot.querySelector('splatmend-mask-brush');
    if (brush?.handleKey(event)) event.preventDefault();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${this.#onClosed} @keydown=${this.#onKey}>
      <header>
        <h2 id="title">The hole in this view</h2>
        <button class="icon" aria-label="Close" title="Close (Esc)" @click=${this.#close}>${icons.close}</button>
      </header>
      ${this.#content()}
    </dialog>`;
  }

  #content() {
    if (this.failure !== undefined) {
      return html`<p class="error" role="alert">${this.failure}</p>
        <footer><button class="line" @click=${this.#close}>Close</button></footer>`;
    }
    if (!this.preview) {
      return html`<div class="wait"><span role="status">Looking at the hole…</span>
        <button class="line" @click=${this.#close}>Cancel</button></div>`;
    }
    const intro =
      this.noHole && this.#canMend
        ? 'No hole shows in this view. Mend looks for one from other sides; or paint what is to be filled.'
        : 'What is orange is filled anew. Paint over it where something is missing or too much; other views follow by themselves.';
    return html`<p class="muted">${intro}</p>
      <splatmend-mask-brush .preview=${this.preview}
        @change=${(e: Event) => {
          this.empty = (e.target as HTMLElementTagNameMap['splatmend-mask-brush']).empty;
        }}></splatmend-mask-brush>
      <footer>
        <button class="line" @click=${this.#close}>Cancel</button>
        <button class="primary" ?disabled=${!this.#canMend}
          title=${this.#canMend ? nothing : 'Paint something first'}
          @click=${this.#mend}>${icons.mend}Mend</button>
      </footer>`;
  }
}
customElements.define('splatmend-mask-dialog', SplatmendMaskDialog);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-mask-dialog': SplatmendMaskDialog;
  }
}
