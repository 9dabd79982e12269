import { css, html, nothing } from 'lit';
import { maskPicture, type Picture, rgbPicture } from '../../core/pictures.ts';
import type { FilledView, RemoveResult } from '../../core/remove-types.ts';
import { drawPicture } from '../images/canvas.ts';
import { pngOf } from '../images/save-png.ts';
import './depth-image.ts';
import { MenderElement } from './element.ts';
import { count } from './figures.ts';
import { download } from './files.ts';
import { icons } from './icons.ts';
import { theme } from './theme.ts';

const TABS = [
  { id: 'before', label: 'Reference', what: 'The view before it was filled' },
  { id: 'filled', label: 'Filled', what: 'The picture that the fill was made from' },
  { id: 'depth', label: 'Depth', what: 'The surface that the fill was put on' },
  { id: 'mask', label: 'Mask', what: 'Orange: filled. Blue: rim of what was removed.' },
] as const;
type TabId = (typeof TABS)[number]['id'];

/** `<splatmend-views>`: what each view of the candidate that shows saw, and what was made of it. */
export class SplatmendViews extends MenderElement {
  static override properties = {
    tab: { state: true },
    index: { state: true },
    cut: { state: true },
    failed: { state: true },
  };

  declare tab: TabId;
  declare index: number;
  /** Saved pictures have the mask as alpha. */
  declare cut: boolean;
  declare failed: boolean;
  #of: RemoveResult | undefined;
  #drawn: { view: FilledView; tab: TabId } | undefined;

  constructor() {
    super();
    this.tab = 'filled';
    this.index = 0;
    this.cut = false;
    this.failed = false;
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      header,
      .save {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
      }
      h2 {
        margin: 0;
        font-size: 13px;
        font-weight: 600;
      }
      .step {
        display: flex;
        align-items: center;
        font-variant-numeric: tabular-nums;
      }
      .step button {
        min-width: 28px;
        width: 28px;
        height: 28px;
        padding: 0;
      }
      .tabs {
        display: flex;
        margin: 8px 0 10px;
        padding: 2px;
        border-radius: 9px;
        background: var(--sm-sunken);
      }
      .tabs button {
        flex: 1 1 auto;
        min-width: 0;
        height: 28px;
        padding: 0 6px;
        border-radius: 7px;
        font-weight: 400;
      }
      .tabs [aria-selected='true'] {
        background: var(--sm-raised);
        box-shadow: 0 1px 3px var(--sm-shadow);
        font-weight: 600;
      }
      canvas {
        display: block;
        width: 100%;
        border-radius: 8px;
        background: var(--sm-sunken);
      }
      .what {
        margin: 8px 0 0;
      }
      .save {
        margin-top: 10px;
      }
      .save button {
        height: 30px;
      }
      label {
        display: flex;
        align-items: center;
        gap: 6px;
        cursor: pointer;
      }
      input {
        margin: 0;
        accent-color: var(--sm-accent);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    super.willUpdate(changed as never);
    const proposal = this.mender?.proposal;
    if (proposal === this.#of) return;
    const last = (proposal?.filledViews.length ?? 1) - 1;
    this.#of = proposal;
    this.index = Math.max(0, Math.min(this.index, last));
  }

  get #view(): FilledView | undefined {
    return this.mender?.proposal?.filledViews[this.index];
  }

  protected override updated(): void {
    const view = this.#view;
    const canvas = this.renderRoot.querySelector('canvas');
    if (!view || !canvas) {
      this.#drawn = undefined;
      return;
    }
    if (this.#drawn?.view === view && this.#drawn.tab === this.tab) return;
    this.#drawn = { view, tab: this.tab };
    drawPicture(canvas, pictureOf(view, this.tab));
  }

  #turn(by: number): void {
    const n = this.mender?.proposal?.filledViews.length ?? 1;
    this.index = (this.index + by + n) % n;
  }

  async #onTabKey(event: KeyboardEvent): Promise<void> {
    const at = TABS.findIndex((t) => t.id === this.tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.tab = TABS[(to + TABS.length) % TABS.length]!.id;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  async #save(): Promise<void> {
    const view = this.#view!;
    const tab = TABS.find((t) => t.id === this.tab)!;
    try {
      const bytes = await pngOf(pictureOf(view, tab.id), this.cut ? view.mask : undefined);
      download(bytes, `view-${this.index + 1}-${tab.label.toLowerCase()}.png`);
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  override render() {
    const views = this.mender?.proposal?.filledViews ?? [];
    const view = this.#view;
    if (!view) return nothing;
    const tab = TABS.find((t) => t.id === this.tab)!;
    return html`<section aria-labelledby="title">
      <header>
        <h2 id="title">Filled views</h2>
        <div class="step" role="group" aria-label="Views">
          <button aria-label="View before" ?disabled=${views.length < 2}
            @click=${() => this.#turn(-1)}>‹</button>
          <span role="status">${this.index + 1} of ${views.length}</span>
          <button aria-label="Next view" ?disabled=${views.length < 2}
            @click=${() => this.#turn(1)}>›</button>
        </div>
      </header>
      <div class="tabs" role="tablist" aria-label="Pictures of the view" @keydown=${this.#onTabKey}>
        ${TABS.map(
          ({ id, label }) => html`<button role="tab" id=${id} aria-controls="shown"
            aria-selected=${id === this.tab} tabindex=${id === this.tab ? 0 : -1}
            @click=${() => {
              this.tab = id;
            }}>${label}</button>`,
        )}
      </div>
      <div id="shown" role="tabpanel" aria-labelledby=${this.tab}>
        ${
          this.tab === 'depth'
            ? html`<splatmend-depth-image .depth=${view.depthCompleted} .confidence=${view.confidence}
                .filled=${view.mask}></splatmend-depth-image>`
            : html`<canvas role="img" aria-label="${tab.label}, view ${this.index + 1}"></canvas>`
        }
        <p class="what muted">${tab.what}${
          this.tab === 'filled' ? `; ${count(view.added, 'splat', 'splats')} came of it.` : ''
        }</p>
      </div>
      ${
        this.tab === 'depth'
          ? nothing
          : html`<div class="save">
              <label title="What was filled is transparent in the file; its colours stay under it">
                <input type="checkbox" .checked=${this.cut}
                  @change=${(e: Event) => {
                    this.cut = (e.target as HTMLInputElement).checked;
                  }} />Mask as alpha</label>
              <button class="line" @click=${this.#save}>${icons.save}Save PNG</button>
            </div>`
      }
      ${this.failed ? html`<p role="alert">The picture could not be saved; try once more.</p>` : nothing}
    </section>`;
  }
}
customElements.define('splatmend-views', SplatmendViews);

function pictureOf(view: FilledView, tab: TabId): Picture {
  if (tab === 'before') return rgbPicture(view.rgbBefore);
  if (tab === 'mask') return maskPicture(view.rgbInpainted, view.mask, view.footprint);
  return rgbPicture(view.rgbInpainted);
}

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-views': SplatmendViews;
  }
}
