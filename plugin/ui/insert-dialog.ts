import { html, nothing } from 'lit';
import { toFailure } from '../../core/errors.ts';
import type { InsertOptions } from '../../core/insert-types.ts';
import type { MenderEvents } from '../mender-types.ts';
import { attachmentChoice } from './attachments.ts';
import { canPerform, type EditorCommand } from './command.ts';
import { takeDrag } from './dialog-drag.ts';
import { onDialogKey } from './dialog-keys.ts';
import { MenderElement } from './element.ts';
import { pickFile } from './files.ts';
import { type GivenImage, readGivenImage, referenceOf } from './given-image.ts';
import './image-placement.ts';
import { insertDialogStyles } from './insert-dialog-styles.ts';
import './job.ts';
import { icons } from './icons.ts';
import { isImageName } from './mask-image.ts';
import { type PicturedView, pictureView, saveView } from './view-references.ts';

const ACCEPT = 'image/png,image/jpeg,image/webp';
const isImage = ({ type, name }: File): boolean => type.startsWith('image/') || isImageName(name);

/**
 * `<splatmend-insert-dialog>`: puts something into the scene by way of a picture of it: one that is edited elsewhere
 * and comes back, or an image that is placed over it here. It takes over `insert` for its mender, and images that are
 * pasted on `area`. Mount it once, out of anything that is hidden.
 */
export class SplatmendInsertDialog extends MenderElement {
  static override properties = {
    area: { attribute: false },
    fileName: { attribute: false },
    view: { state: true },
    given: { state: true },
    failure: { state: true },
    told: { state: true },
    attach: { state: true },
    over: { state: true },
    inserting: { state: true },
  };

  /** Where a pasted image opens the dialog; undefined: nowhere. */
  declare area: EventTarget | undefined;
  /** What the saved picture is named after. */
  declare fileName: string;
  /** The view that showed when the dialog was opened. */
  declare view: PicturedView | undefined;
  declare given: GivenImage | undefined;
  declare failure: string | undefined;
  declare told: string;
  declare attach: NonNullable<InsertOptions['attach']>;
  /** Something hovers over the dialog that can be dropped. */
  declare over: boolean;
  declare inserting: boolean;
  #looking = false;
  /** Came before there was a view to show it over. */
  #early: File | undefined;

  constructor() {
    super();
    this.fileName = '';
    this.told = '';
    this.attach = 'auto';
    this.over = false;
    this.inserting = false;
  }

  static override styles = insertDialogStyles;

  #onCommand = (event: Event) => {
    const { detail } = event as CustomEvent<EditorCommand>;
    if (detail.name !== 'insert' || event.defaultPrevented || !this.isOurs(event)) return;
    // Whoever performs commands says why not.
    if (!canPerform('insert', this.mender)) return;
    event.preventDefault();
    void this.open(detail.file);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    // At the window: a command may start outside of whatever this element lies in.
    window.addEventListener('splatmend-command', this.#onCommand);
    window.addEventListener('paste', this.#onPaste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('splatmend-command', this.#onCommand);
    window.removeEventListener('paste', this.#onPaste);
    this.#close();
  }

  #onPaste = (event: ClipboardEvent) => {
    const file = [...(event.clipboardData?.files ?? [])].find(isImage);
    const { area } = this;
    const here = area === window || (area !== undefined && event.composedPath().includes(area));
    if (!file || event.defaultPrevented || !this.hasUpdated) return;
    if (this.#dialog.open) void this.#take(file);
    else if (here && this.mender) this.send({ name: 'insert', file });
    else return;
    event.preventDefault();
  };

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  /** Shows the user's view as it is now, with an image where one is given. A failure is said in the dialog. */
  async open(file?: File): Promise<void> {
    const { mender } = this;
    if (!mender || !canPerform('insert', mender) || this.#dialog.open) return;
    this.view = undefined;
    this.given = undefined;
    this.failure = undefined;
    this.told = '';
    this.#dialog.showModal();
    this.#looking = true;
    this.#early = file;
    try {
      this.view = await pictureView(mender);
      this.#looking = false;
      if (this.#dialog.open && this.#early) await this.#take(this.#early);
    } catch (error) {
      this.#looking = false;
      this.failure = toFailure(error).message;
    }
  }

  /** An image came: by paste, by drop, or chosen. */
  async #take(file: File): Promise<void> {
    const { mender, view } = this;
    if (!mender) return;
    if (!view) {
      if (this.#looking) this.#early = file;
      else
        this.failure = 'There is no picture of the view to put it on. Close this, and try again.';
      return;
    }
    if (this.inserting) {
      this.failure = 'What was placed goes in now. Wait for it or cancel it, then give the next.';
      return;
    }
    this.failure = undefined;
    try {
      this.given = await readGivenImage(mender, file, view);
      await this.updateComplete;
      if (this.given.kind === 'placed') {
        this.renderRoot.querySelector('splatmend-image-placement')?.focusPicture();
      } else this.renderRoot.querySelector<HTMLElement>('button.primary')?.focus();
    } catch (error) {
      this.failure = toFailure(error).message;
    }
  }

  async #choose(): Promise<void> {
    const file = await pickFile(ACCEPT);
    if (file) await this.#take(file);
  }

  async #save(): Promise<void> {
    this.failure = undefined;
    try {
      const name = await saveView(this.mender!, this.view!, this.fileName);
      this.told = `Saved ${name}. Edit it anywhere, and drop it back here, or on the scene: it fits this view, wherever you look by then.`;
    } catch (error) {
      this.failure = toFailure(error).message;
    }
  }

  async #insert(): Promise<void> {
    const { mender, view, given, attach } = this;
    if (!mender || !view || !given || this.inserting) return;
    this.failure = undefined;
    this.inserting = true;
    try {
      await mender.insert(referenceOf(given, view), { attach });
      this.inserting = false;
      this.#close();
    } catch (error) {
      const { code, message } = toFailure(error);
      this.failure = code === 'cancelled' ? undefined : message;
    } finally {
      this.inserting = false;
    }
  }

  #close(): void {
    if (!this.hasUpdated || !this.#dialog.open) return;
    this.#dialog.close();
  }

  /** Escape stops what runs before it closes anything. */
  #onCancel(event: Event): void {
    if (!this.inserting) return;
    event.preventDefault();
    this.mender?.cancel();
  }

  #onClosed(): void {
    // The browser tells of it later: it may be open again.
    if (this.#dialog.open) return;
    if (this.#looking || this.inserting) this.mender?.cancel();
    this.#looking = false;
    this.view = undefined;
    this.given = undefined;
    this.failure = undefined;
  }

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    _detail: MenderEvents[K],
  ): void {
    // Another scene, while this one's picture is looked at.
    if (type === 'cloud' && !this.inserting) this.#close();
  }

  #onKey(event: KeyboardEvent): void {
    onDialogKey(event, this.renderRoot);
  }

  #onDrag(event: DragEvent): void {
    const { over, dropped } = takeDrag(event, this.#dialog, this.over);
    this.over = over;
    if (!dropped) return;
    const file = dropped.find(isImage);
    if (file) void this.#take(file);
    else this.failure = 'That is no image. Drop a PNG, JPEG or WebP.';
  }

  override render() {
    return html`<dialog class=${this.over ? 'over' : ''} tabindex="-1" aria-labelledby="title" @close=${this.#onClosed}
      @cancel=${this.#onCancel} @keydown=${this.#onKey}
      @dragenter=${this.#onDrag} @dragover=${this.#onDrag} @dragleave=${this.#onDrag} @drop=${this.#onDrag}>
      <header>
        <h2 id="title">Insert into this view</h2>
        <button class="icon" aria-label="Close" title="Close (Esc)" @click=${this.#close}>${icons.close}</button>
      </header>
      ${this.view ? this.#content(this.view) : this.#waiting()}
    </dialog>`;
  }

  #waiting() {
    if (this.failure !== undefined) {
      return html`<p class="error" role="alert">${this.failure}</p>
        <footer><button class="line" @click=${this.#close}>Close</button></footer>`;
    }
    return html`<div class="wait"><span role="status">Taking a picture of the view…</span>
      <button class="line" @click=${this.#close}>Cancel</button></div>`;
  }

  #content(view: PicturedView) {
    const { given, inserting } = this;
    const edited = given?.kind === 'edited' ? given : undefined;
    return html`<p class="muted">Paste (Ctrl+V), drop or choose an image, best with transparency around it, and
        place it. Or save the picture, edit it anywhere, and drop it back.</p>
      <splatmend-image-placement .picture=${edited?.whole ?? view.picture} .disabled=${inserting}
        .image=${edited ? undefined : given?.content} .placement=${given?.placement}
        @change=${(event: Event) => {
          const { placement } = event.target as HTMLElementTagNameMap['splatmend-image-placement'];
          if (this.given && placement) this.given = { ...this.given, placement };
        }}></splatmend-image-placement>
      <div class="tools">
        <button class="line" ?disabled=${inserting} title="This view as a PNG, to edit anywhere"
          @click=${this.#save}>${icons.save}Save picture</button>
        <button class="line" ?disabled=${inserting} @click=${this.#choose}>${icons.load}Choose image…</button>
        ${given ? this.#kinds(given) : nothing}
        ${attachmentChoice(
          this.attach,
          (attach) => {
            this.attach = attach;
          },
          inserting,
        )}
      </div>
      ${
        this.failure === undefined
          ? html`<p class="told muted" role="status">${given ? this.#sentence(given, view) : this.told}</p>`
          : html`<p class="told error" role="alert">${this.failure}</p>`
      }
      <footer>
        <splatmend-job .mender=${this.mender}></splatmend-job>
        ${
          inserting
            ? nothing
            : html`<button class="line" @click=${this.#close}>Cancel</button>
                <button class="primary" ?disabled=${!given} title=${given ? nothing : 'Paste or drop an image first'}
                  @click=${this.#insert}>${icons.insert}Insert</button>`
        }
      </footer>`;
  }

  #kinds(given: GivenImage) {
    const kind = (value: GivenImage['kind'], label: string, title: string) =>
      html`<label title=${title}><input type="radio" name="kind" .checked=${given.kind === value}
        ?disabled=${this.inserting || (value === 'edited' && !given.editedFrom)}
        @change=${() => {
          this.given = { ...given, kind: value };
        }} />${label}</label>`;
    return html`<fieldset aria-label="The image is">
      ${kind('placed', 'Image to place', 'It is placed over the view; what is transparent in it is not there')}
      ${kind('edited', 'Edited picture', 'What differs from the view is inserted')}
    </fieldset>`;
  }

  #sentence(given: GivenImage, view: PicturedView): string {
    const { kind, name, editedFrom, content, placement } = given;
    if (kind === 'edited' && editedFrom) {
      const of =
        editedFrom === view ? 'this view' : `the view saved as ${editedFrom.saved?.name}.png`;
      const changed =
        editedFrom.cloud === view.cloud
          ? ''
          : ' The scene has changed since then: what has changed counts as edited, too.';
      return `${name}: what was edited in it goes in where ${of} shows it.${changed}`;
    }
    const px = (v: number) => Math.round(v * placement.scale).toLocaleString('en');
    return `${name}: ${px(content.width)} × ${px(content.height)} pixels of the picture. Drag it, pull its corners or turn the wheel; arrows and + − do the same.`;
  }
}
customElements.define('splatmend-insert-dialog', SplatmendInsertDialog);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-insert-dialog': SplatmendInsertDialog;
  }
}
