import { html, LitElement, nothing } from 'lit';
import type { ExtendOptions } from '../../core/extend-types.ts';
import { SPLAT_FORMATS, type SplatFormat } from '../../core/formats/format.ts';
import type { RemoveOptions } from '../../core/remove-types.ts';
import type { Segmenter } from '../../core/segmenter.ts';
import type { MendHost } from '../host.ts';
import { createMender, type Mender, type MenderOptions } from '../mender.ts';
import type { RecentFiles } from '../storage/recent-files.ts';
import type { SessionStore } from '../storage/session-store.ts';
import { createToolController } from '../tools/controller.ts';
import type { ToolController } from '../tools/controller-types.ts';
import { waits } from '../waits.ts';
import './actions.ts';
import './alerts.ts';
import type { EditorCommand } from './command.ts';
import type { CommandTarget, Toggled } from './command-target.ts';
import { type Commands, performCommands } from './commands.ts';
import './drop.ts';
import { attachEditorKeys } from './editor-keys.ts';
import { editorStyles } from './editor-styles.ts';
import './compare-slider.ts';
import { letGoFillers } from './filler-choice.ts';
import './extend-dialog.ts';
import './help.ts';
import './insert-dialog.ts';
import './mask-dialog.ts';
import './no-scene.ts';
import type { OfferedScene } from './open-menu.ts';
import './panel.ts';
import './status.ts';
import { rememberedScheme, rememberScheme, type Scheme, shownScheme } from './theme-choice.ts';
import './tool-options.ts';
import './tool-overlay.ts';
import './tool-strip.ts';
import './toolbar.ts';

/** From this width on the panel stands beside the picture, CSS pixels. */
const WIDE_PX = 1000;

/**
 * `<splatmend-editor>`: the whole editor around a viewer. Put the viewer's element inside, set `host`, and
 * it makes a mender; or set a `mender` of your own as well. Events: `splatmend-command` (prevent it to act
 * on your own), `splatmend-opened`, `splatmend-restored`, `splatmend-error`; what happens to the scene are the mender's events.
 */
export class SplatmendEditor extends LitElement implements CommandTarget {
  static override properties = {
    menderOptions: { attribute: false },
    removeOptions: { attribute: false },
    extendOptions: { attribute: false },
    formats: { attribute: false },
    session: { attribute: false },
    recent: { attribute: false },
    scenes: { attribute: false },
    segmenter: { attribute: false },
    fileName: { attribute: 'file-name' },
    theme: { reflect: true },
    page: { type: Boolean },
    wide: { type: Boolean, reflect: true },
    panelChoice: { state: true },
    byKeys: { state: true },
    slider: { state: true },
  };

  /** For the mender that the editor makes; set before `host`. */
  declare menderOptions: MenderOptions | undefined;
  /** Given to every removal. */
  declare removeOptions: RemoveOptions | undefined;
  /** Given to every extension. */
  declare extendOptions: ExtendOptions | undefined;
  /** Formats that can be exported; default all. */
  declare formats: readonly SplatFormat[];
  /** Where the mender's journal is kept (`createSessionStore`): offers what was saved. */
  declare session: SessionStore | undefined;
  /** Remembers opened files (`createRecentFiles`) and offers them. */
  declare recent: RecentFiles | undefined;
  /** Scenes of the page's own, offered beside files. */
  declare scenes: readonly OfferedScene[];
  /** What the segment tool asks (`splatmend/models`); the user can load one too. */
  declare segmenter: Segmenter | undefined;
  /** Name of the open file: shown, and what saved files are named after. */
  declare fileName: string;
  /** Default: what the user chose before, else what the system prefers. */
  declare theme: Scheme | undefined;
  /** The editor is the page: it hears keys and takes drops wherever they happen, not only inside itself. */
  declare page: boolean;
  declare wide: boolean;
  /** What the user wants of the panel; undefined: it shows where there is room. */
  declare panelChoice: boolean | undefined;
  /** The picture has the focus, and it came by keys. */
  declare byKeys: boolean;
  /** While a removal waits: before and after, side by side. */
  declare slider: boolean;

  #host: MendHost | undefined;
  #given: Mender | undefined;
  #own: Mender | undefined;
  #tools: ToolController | undefined;
  #toolsOf: Mender | undefined;
  #stopKeys: (() => void) | undefined;
  #stopMender: AbortController | undefined;
  #stopScheme: AbortController | undefined;
  readonly #commands: Commands;
  readonly #resized = new ResizeObserver(() => {
    this.wide = this.clientWidth >= WIDE_PX;
  });

  constructor() {
    super();
    this.formats = SPLAT_FORMATS;
    this.scenes = [];
    this.fileName = '';
    this.page = false;
    this.wide = true;
    this.byKeys = false;
    this.slider = false;
    this.theme = rememberedScheme();
    this.#commands = performCommands(this);
  }

  static override styles = editorStyles;

  get host(): MendHost | undefined {
    return this.#host;
  }
  set host(host: MendHost | undefined) {
    if (host === this.#host) return;
    this.#letGo();
    this.#host = host;
    this.requestUpdate();
  }

  /** The page's own, or the one made for `host`. */
  get mender(): Mender | undefined {
    if (this.#given) return this.#given;
    if (this.#host) this.#own ??= createMender(this.#host, this.menderOptions);
    return this.#own;
  }
  set mender(mender: Mender | undefined) {
    if (mender === this.#given) return;
    this.#letGo();
    this.#given = mender;
    this.requestUpdate();
  }

  /** The selection tools; there are some once the editor has a host and has drawn itself. */
  get tools(): ToolController | undefined {
    return this.#tools;
  }

  get panelOpen(): boolean {
    return this.panelChoice ?? this.wide;
  }

  /** Frees the tools and the mender that the editor made. A given mender is the page's. */
  dispose(): void {
    this.#commands.dispose();
    this.#letGo();
    this.#host = undefined;
    this.#given = undefined;
    this.requestUpdate();
  }

  #letGo(): void {
    this.#stopMender?.abort();
    this.#tools?.dispose();
    this.#tools = undefined;
    if (this.#own) letGoFillers(this.#own);
    this.#own?.dispose();
    this.#own = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#stopScheme = new AbortController();
    matchMedia('(prefers-color-scheme: dark)').addEventListener(
      'change',
      () => this.requestUpdate(),
      { signal: this.#stopScheme.signal },
    );
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#stopScheme?.abort();
    this.#stopKeys?.();
    this.#stopKeys = undefined;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const { mender, host } = this;
    if (mender !== this.#toolsOf || this.#tools === undefined) {
      this.#stopMender?.abort();
      this.#stopMender = new AbortController();
      const { signal } = this.#stopMender;
      for (const type of ['proposal', 'cloud'] as const) {
        mender?.addEventListener(type, () => this.requestUpdate(), { signal });
      }
      this.#tools?.dispose();
      this.#tools = mender && host && createToolController({ mender, host });
      this.#toolsOf = mender;
      this.#tools?.addEventListener('failure', (event) => this.#commands.fail(event.detail.error));
    }
    if (this.#tools) this.#tools.segmenter = this.segmenter;
    if (changed.has('page') || this.#stopKeys === undefined) this.#hearKeys();
  }

  #hearKeys(): void {
    this.#stopKeys?.();
    this.#stopKeys = attachEditorKeys(this, this.page ? window : this, this.#commands);
  }

  /** Does a command, as if a button had sent it; resolves when it is done or has failed and said so. */
  perform(command: EditorCommand): Promise<void> {
    return this.#commands.perform(command);
  }

  say(kind: 'error' | 'note', message: string): void {
    this.renderRoot.querySelector('splatmend-alerts')?.show(kind, message);
  }

  toggle(what: Toggled): void {
    if (what === 'help') this.renderRoot.querySelector('splatmend-help')?.toggle();
    else if (what === 'panel') this.panelChoice = !this.panelOpen;
    else if (what === 'compare-slider') this.slider = !this.slider;
    else if (what === 'theme') {
      this.theme = shownScheme(this) === 'dark' ? 'light' : 'dark';
      rememberScheme(this.theme);
    }
  }

  /** Where Space selects is shown while the keyboard works the picture. */
  #onFocus(event: FocusEvent): void {
    const picture = this.host?.element;
    const from = event.composedPath()[0];
    const visible = picture?.matches(':focus-visible') === true;
    this.byKeys = from === picture && visible && !this.#pressed;
  }

  /** A press gives the picture the focus, too, and not for keys; the tools take it before it comes up to the stage. */
  #pressed = false;
  readonly #onPress = {
    handleEvent: () => {
      this.#pressed = true;
      this.byKeys = false;
      setTimeout(() => {
        this.#pressed = false;
      });
    },
    capture: true,
  };

  override render() {
    const { mender, host } = this;
    const tools = this.#tools;
    const open = this.panelOpen;
    const empty = mender?.cloud === undefined;
    const stage = `stage ${empty ? 'empty' : ''} ${this.byKeys ? 'by-keys' : ''} ${mender && waits(mender) ? 'waits' : ''}`;
    return html`
      <splatmend-toolbar role=${this.page ? 'banner' : nothing} .mender=${mender} .fileName=${this.fileName} .formats=${this.formats}
        .session=${this.session} .recent=${this.recent} .scenes=${this.scenes}
        .canTurn=${host?.setUp !== undefined} .scheme=${this.theme ?? shownScheme(this)} .panelOpen=${open}
      ></splatmend-toolbar>
      <div class="body">
        <div class=${stage} role=${this.page ? 'main' : nothing} @focusin=${this.#onFocus}
          @focusout=${() => {
            this.byKeys = false;
          }}
          @pointerdown=${this.#onPress}>
          <splatmend-tool-strip .mender=${mender} .tools=${tools}></splatmend-tool-strip>
          <splatmend-tool-options .mender=${mender} .tools=${tools}></splatmend-tool-options>
          <div class="picture">
            <slot></slot>
            <splatmend-tool-overlay .mender=${mender} .tools=${tools}></splatmend-tool-overlay>
            <splatmend-compare-slider .mender=${mender} .host=${host} .active=${this.slider}
            ></splatmend-compare-slider>
            ${
              empty
                ? html`<slot name="no-scene"><splatmend-no-scene .mender=${mender}
                    .anywhere=${this.page}></splatmend-no-scene></slot>`
                : nothing
            }
            <div class="cross" aria-hidden="true"></div>
          </div>
          <splatmend-status .mender=${mender} .backend=${mender?.backend}></splatmend-status>
          ${open ? nothing : html`<splatmend-actions .mender=${mender}></splatmend-actions>`}
          <splatmend-alerts></splatmend-alerts>
        </div>
        ${
          open
            ? html`<splatmend-panel passive role="complementary" aria-label="Selection and removal"
                .mender=${mender} .host=${host} .slider=${this.slider}></splatmend-panel>`
            : nothing
        }
      </div>
      <splatmend-help></splatmend-help>
      <splatmend-extend-dialog .mender=${mender}></splatmend-extend-dialog>
      <splatmend-mask-dialog .mender=${mender} .removeOptions=${this.removeOptions}></splatmend-mask-dialog>
      <splatmend-insert-dialog .mender=${mender} .area=${this.page ? window : this} .fileName=${this.fileName}></splatmend-insert-dialog>
      <splatmend-drop .area=${this.page ? window : this}></splatmend-drop>
      <splatmend-photo-dialog .mender=${mender} .target=${this}></splatmend-photo-dialog>
    `;
  }
}
customElements.define('splatmend-editor', SplatmendEditor);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-editor': SplatmendEditor;
  }
}
