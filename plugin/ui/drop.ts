import { css, html, LitElement } from 'lit';
import { sendCommand } from './command.ts';
import { icons } from './icons.ts';
import { theme } from './theme.ts';

interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** `<splatmend-drop>`: takes files dropped on its area, and says so while they hover. Fills its positioned parent. */
export class SplatmendDrop extends LitElement {
  static override properties = {
    area: { attribute: false },
    over: { type: Boolean, reflect: true },
  };
  /** Where files may be dropped; default the whole window. */
  declare area: EventTarget;
  declare over: boolean;
  #depth = 0;
  #stop: AbortController | undefined;

  constructor() {
    super();
    this.area = window;
    this.over = false;
  }

  static override styles = [
    theme,
    css`
      :host {
        position: absolute;
        inset: 0;
        z-index: 30;
        display: none;
        place-items: center;
        background: var(--sm-backdrop);
        pointer-events: none;
      }
      :host([over]) {
        display: grid;
      }
      div {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 10px;
        padding: 44px 72px;
        border: 2px dashed var(--sm-accent);
        border-radius: 22px;
        background: var(--sm-raised);
        font-size: 16px;
        font-weight: 600;
        text-align: center;
      }
      svg {
        width: 30px;
        height: 30px;
        color: var(--sm-focus);
      }
      .muted {
        font-size: 13px;
        font-weight: 400;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#listen();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('area')) this.#listen();
  }

  #listen(): void {
    this.#stop?.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#depth = 0;
    const on = (type: string, run: (event: DragEvent) => void) =>
      this.area.addEventListener(
        type,
        (event) => {
          const drag = event as DragEvent;
          if (drag.dataTransfer?.types.includes('Files')) run(drag);
        },
        { signal },
      );
    const show = (by: number) => {
      this.#depth = Math.max(0, this.#depth + by);
      this.over = this.#depth > 0;
    };
    on('dragenter', (event) => {
      event.preventDefault();
      show(1);
    });
    on('dragleave', () => show(-1));
    on('dragover', (event) => event.preventDefault());
    on('drop', (event) => {
      event.preventDefault();
      show(-Infinity);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      // Has to be asked for while the event is there; only Chromium gives one.
      const item = event.dataTransfer?.items[0] as HandleItem | undefined;
      const asked = item?.getAsFileSystemHandle?.() ?? Promise.resolve(null);
      void asked
        .catch(() => null)
        .then((handle) => {
          const known = handle?.kind === 'file' ? { handle: handle as FileSystemFileHandle } : {};
          sendCommand(this, { name: 'open-files', files, ...known });
        });
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.abort();
  }

  override render() {
    return html`<div>${icons.open}Drop to open
      <span class="muted">ply, compressed.ply, splat, ksplat, spz, sog; a photo, with its depth; a saved selection; an image to insert</span></div>`;
  }
}
customElements.define('splatmend-drop', SplatmendDrop);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-drop': SplatmendDrop;
  }
}
