import { html } from 'lit';
import { toFailure } from '../../core/errors.ts';
import type { DepthForm } from '../../core/photo-types.ts';
import { canPerform, type EditorCommand } from './command.ts';
import type { CommandTarget } from './command-target.ts';
import { takeDrag } from './dialog-drag.ts';
import { onDialogKey } from './dialog-keys.ts';
import { MenderElement } from './element.ts';
import { pickFile } from './files.ts';
import { loadDepth } from './filler-choice.ts';
import { type GivenDepth, type GivenPhoto, readGivenDepth, readGivenPhoto } from './given-photo.ts';
import { icons } from './icons.ts';
import { openPhoto } from './open-photo.ts';
import { photoDialogStyles } from './photo-dialog-styles.ts';
import { DEPTH_ACCEPT, PHOTO_ACCEPT, sortGiven } from './photo-files.ts';
import { type PhotoFormActions, photoForm } from './photo-form.ts';
import { OFFERED_DEFAULTS, type OfferedWishes, typedFault } from './photo-options.ts';
import { photoQuestion } from './photo-question.ts';
import type { TakenFrom } from './photo-source.ts';
import { BUSY, NEITHER, NO_DEPTH } from './photo-words.ts';

/** What comes with a photo. */
type Beside = Pick<Extract<EditorCommand, { name: 'photo' }>, 'depth' | 'handle' | 'either'>;

/**
 * `<splatmend-photo-dialog>`: makes a scene of a photo: shows it, asks for its depth, and runs. It takes over `photo` with a
 * file for its mender. Mount it once, out of anything that is hidden.
 */
export class SplatmendPhotoDialog extends MenderElement {
  static override properties = {
    target: { attribute: false },
    photo: { state: true },
    depth: { state: true },
    byModel: { state: true },
    wishes: { state: true },
    lensSaid: { state: true },
    either: { state: true },
    failure: { state: true },
    told: { state: true },
    over: { state: true },
    running: { state: true },
  };

  /** Whose scene it becomes: the editor. */
  declare target: CommandTarget | undefined;
  declare photo: GivenPhoto | undefined;
  declare depth: GivenDepth | undefined;
  /** Depth is the model's, whatever file there is. */
  declare byModel: boolean;
  declare wishes: OfferedWishes;
  /** The angle is what the photo's EXIF says. */
  declare lensSaid: boolean;
  /** The photo may be meant for inserting: that is asked first. */
  declare either: boolean;
  declare failure: string | undefined;
  declare told: string | undefined;
  /** Something hovers over the dialog that can be dropped. */
  declare over: boolean;
  /** What the mender works at for the dialog. */
  declare running: 'reading' | 'making' | undefined;

  constructor() {
    super();
    this.byModel = false;
    this.wishes = OFFERED_DEFAULTS;
    this.lensSaid = false;
    this.either = false;
    this.over = false;
  }

  static override styles = photoDialogStyles;

  #onCommand = (event: Event) => {
    const { detail } = event as CustomEvent<EditorCommand>;
    if (detail.name !== 'photo' || !detail.file || event.defaultPrevented || !this.isOurs(event))
      return;
    event.preventDefault();
    void this.open(detail.file, detail);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    // At the window: a command may start outside of whatever this element lies in.
    window.addEventListener('splatmend-command', this.#onCommand);
    // Ahead of the insert dialog, which takes what is pasted on the page.
    window.addEventListener('paste', this.#onPaste, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('splatmend-command', this.#onCommand);
    window.removeEventListener('paste', this.#onPaste, { capture: true });
    this.#close();
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  /** Shows the photo, with its depth where that came with it. A failure is said in the dialog. */
  async open(file: File, { depth, handle, either = false }: Beside = {}): Promise<void> {
    const { mender } = this;
    if (!mender || !canPerform('photo', mender) || this.#dialog.open) return;
    this.#dialog.showModal();
    // What was closed over may still be on its way.
    await this.#working;
    this.#forget();
    this.either = either;
    this.byModel = mender.depth !== undefined && !depth;
    await this.#take({ photo: file, ...(depth && { depth }) }, handle);
  }

  #forget(): void {
    this.photo = undefined;
    this.depth = undefined;
    this.failure = undefined;
    this.told = undefined;
  }

  async #sort(files: readonly File[]): Promise<void> {
    if (this.running === 'making') {
      this.told = BUSY;
      return;
    }
    // What is being read, or asked for, comes first.
    await this.#working;
    if (!this.#dialog.open) return;
    const given = await sortGiven(files, this.photo !== undefined);
    if (given) await this.#take(given);
    else this.failure = NEITHER;
  }

  async #take(
    { photo, depth }: { photo?: File; depth?: File },
    handle?: FileSystemFileHandle,
  ): Promise<void> {
    await this.#work('reading', async () => {
      if (photo) {
        this.depth = undefined;
        this.photo = await readGivenPhoto(photo, handle);
        this.#takeLens(this.photo);
      }
      if (depth) await this.#readDepth(depth);
    });
    await this.updateComplete;
    if (this.#dialog.open) this.renderRoot.querySelector<HTMLElement>('button.primary')?.focus();
  }

  /** The photo's own angle, where it says one; what another photo said is not this one's. */
  #takeLens({ fovDeg }: GivenPhoto): void {
    if (fovDeg !== undefined || this.lensSaid) {
      this.wishes = { ...this.wishes, fovDeg: fovDeg ?? OFFERED_DEFAULTS.fovDeg };
    }
    this.lensSaid = fovDeg !== undefined;
  }

  async #readDepth(file: File, form?: DepthForm): Promise<void> {
    if (!this.mender || !this.photo) return;
    const before = this.depth;
    // A file that cannot be read must not leave an earlier one's depth to go on with unnoticed.
    this.depth = undefined;
    this.depth = await readGivenDepth(this.mender, file, form, this.photo).catch((error) => {
      if (toFailure(error).code === 'cancelled') this.depth = before;
      throw error;
    });
    this.byModel = false;
    // Nobody inserts depth.
    this.either = false;
  }

  #working = Promise.resolve();

  /** One thing at a time; a failure is said, unless it was asked for. */
  #work(what: 'reading' | 'making', work: () => Promise<void>): Promise<void> {
    if (!this.running) this.#working = this.#perform(what, work);
    return this.#working;
  }

  async #perform(what: 'reading' | 'making', work: () => Promise<void>): Promise<void> {
    this.failure = undefined;
    this.told = undefined;
    this.running = what;
    try {
      await work();
    } catch (error) {
      const { code, message } = toFailure(error);
      if (code !== 'cancelled') this.failure = message;
    } finally {
      this.running = undefined;
      this.told = undefined;
      // Closed meanwhile: what was read late is let go.
      if (!this.#dialog.open) this.#forget();
    }
  }

  async #choose(what: 'photo' | 'depth'): Promise<void> {
    const file = await pickFile(what === 'photo' ? PHOTO_ACCEPT : DEPTH_ACCEPT);
    if (file) await this.#take({ [what]: file });
  }

  #takeFrom(from: TakenFrom): void {
    this.failure = undefined;
    if (from === 'file' || from === 'model') {
      this.byModel = from === 'model';
      return;
    }
    const say = (_kind: 'error' | 'note', message: string) => {
      this.told = message;
    };
    void this.#work('reading', async () => {
      if (await loadDepth({ say }, this.mender!, from === 'server' ? 'server' : 'file'))
        this.byModel = true;
    });
  }

  async #make(): Promise<void> {
    const { mender, target, photo, wishes } = this;
    if (!mender || !target || !photo || this.running) return;
    const depth = this.byModel ? undefined : this.depth;
    const missing = depth || (this.byModel && mender.depth) ? undefined : NO_DEPTH;
    this.failure = missing ?? typedFault(wishes);
    if (this.failure !== undefined) return;
    await this.#work('making', async () => {
      await openPhoto(target, mender, photo, depth, wishes);
      this.#close();
    });
  }

  readonly #answer = {
    cancel: () => this.#close(),
    insert: () => {
      const file = this.photo?.file;
      this.#close();
      if (file) this.send({ name: 'insert', file });
    },
    make: () => {
      this.either = false;
    },
  };

  readonly #actions: PhotoFormActions = {
    choose: (what) => void this.#choose(what),
    takes: (from) => this.#takeFrom(from),
    reads: (form) => {
      const file = this.depth?.file;
      if (file) void this.#work('reading', () => this.#readDepth(file, form));
    },
    change: (one) => {
      this.wishes = { ...this.wishes, ...one };
      if (one.fovDeg !== undefined) this.lensSaid = false;
    },
    close: () => this.#close(),
    make: () => void this.#make(),
  };

  #close(): void {
    if (this.hasUpdated && this.#dialog.open) this.#dialog.close();
  }

  /** Escape stops what runs before it closes anything. */
  #onCancel(event: Event): void {
    if (this.running !== 'making') return;
    event.preventDefault();
    this.mender?.cancel();
  }

  #onClosed(): void {
    // The browser tells of it later: it may be open again.
    if (this.#dialog.open) return;
    if (this.running) this.mender?.cancel();
    else this.#forget();
  }

  #onKey(event: KeyboardEvent): void {
    onDialogKey(event, this.renderRoot);
  }

  #onPaste = (event: ClipboardEvent) => {
    if (!this.hasUpdated || !this.#dialog.open) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void this.#sort(files);
  };

  #onDrag(event: DragEvent): void {
    const { over, dropped = [] } = takeDrag(event, this.#dialog, this.over);
    this.over = over;
    if (dropped.length > 0) void this.#sort(dropped);
  }

  override render() {
    return html`<dialog class=${this.over ? 'over' : ''} tabindex="-1" aria-labelledby="title" @close=${this.#onClosed}
      @cancel=${this.#onCancel} @keydown=${this.#onKey}
      @dragenter=${this.#onDrag} @dragover=${this.#onDrag} @dragleave=${this.#onDrag} @drop=${this.#onDrag}>
      <header>
        <h2 id="title">A scene from a photo</h2>
        <button class="icon" aria-label="Close" title="Close (Esc)" @click=${this.#close}>${icons.close}</button>
      </header>
      ${this.photo && this.either ? photoQuestion(this.photo, this.#answer) : photoForm(this, this.#actions)}
    </dialog>`;
  }
}
customElements.define('splatmend-photo-dialog', SplatmendPhotoDialog);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-photo-dialog': SplatmendPhotoDialog;
  }
}
