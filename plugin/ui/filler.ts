import { css, html, nothing } from 'lit';
import type { Filler } from '../filler.ts';
import type { MenderEvents } from '../mender-types.ts';
import type { StoredModel } from '../models/model-store.ts';
import { canPerform } from './command.ts';
import { MenderElement } from './element.ts';
import { byteSize } from './figures.ts';
import { knownFillers, restoreFiller, storedName } from './filler-choice.ts';
import { fillerKinds, storedModels } from './filler-kinds.ts';
import { panelChoice, theme } from './theme.ts';

/**
 * `<splatmend-filler>`: who fills the holes: the built-in filler, a model, a server, or the user by hand. What is
 * chosen is the mender's `filler`, and the browser remembers it.
 */
export class SplatmendFiller extends MenderElement {
  static override properties = { stored: { state: true } };

  /** Models that this browser keeps. */
  declare stored: readonly StoredModel[];
  #restored: unknown;

  constructor() {
    super();
    this.stored = [];
  }

  static override styles = [
    theme,
    panelChoice,
    css`
      :host {
        display: block;
      }
      .more {
        margin-top: 8px;
      }
      p {
        margin: 6px 0 0;
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        margin-top: 8px;
      }
      .row button {
        flex: 1 1 0;
        height: 28px;
        padding: 0 6px;
        white-space: nowrap;
        background: var(--sm-hover);
        font-weight: 400;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    super.willUpdate(changed as never);
    if (this.mender && this.#restored !== this.mender) {
      this.#restored = this.mender;
      if (knownFillers(this.mender).length === 1) void restoreFiller(this.mender);
      void this.#look();
    }
  }

  protected override onMender<K extends keyof MenderEvents>(type: K): void {
    if (type === 'filler') void this.#look();
  }

  async #look(): Promise<void> {
    this.stored = await storedModels();
  }

  #changed(event: Event): void {
    const select = event.target as HTMLSelectElement;
    const [what, id] = [select.value.slice(0, 1), select.value.slice(2)];
    const { mender } = this;
    if (mender === undefined) return;
    if (what === 'f') {
      this.send({ name: 'use-filler', filler: knownFillers(mender)[Number(id)]! });
    } else this.send({ name: 'load-filler', kind: what === 's' ? `stored:${id}` : id });
    // It shows what is chosen, not what is being asked for.
    this.requestUpdate();
    void this.updateComplete.then(() => {
      select.value = `f:${knownFillers(mender).indexOf(mender.filler)}`;
    });
  }

  #depthChanged(event: Event): void {
    const select = event.target as HTMLSelectElement;
    if (select.value === 'load') this.send({ name: 'load-depth' });
    else if (select.value === 'server') this.send({ name: 'load-depth', from: 'server' });
    else if (select.value === 'none') this.send({ name: 'no-depth' });
    select.value = this.mender?.depth ? 'model' : 'none';
  }

  override render() {
    const { mender } = this;
    if (mender === undefined) return nothing;
    const fillers = knownFillers(mender);
    const { filler, depth } = mender;
    const busy = mender.task !== undefined;
    const open = new Set(fillers.map((f) => storedName(f)));
    const closed = this.stored.filter((m) => !open.has(m.name));
    return html`<label>Filled by
        <select ?disabled=${busy} @change=${this.#changed} .value=${`f:${fillers.indexOf(filler)}`}>
          ${fillers.map(
            (f, i) => html`<option value="f:${i}" ?selected=${f === filler}>${f.label}</option>`,
          )}
          ${closed.map(
            (m) => html`<option value="s:${m.name}">${m.name} (${byteSize(m.bytes)})</option>`,
          )}
          ${fillerKinds().map((k) => html`<option value="k:${k.id}">${k.label}</option>`)}
        </select>
      </label>
      ${this.#note(filler, busy)}
      <label class="more">Depth by
        <select ?disabled=${busy} @change=${this.#depthChanged} .value=${depth ? 'model' : 'none'}>
          <option value="none" ?selected=${!depth}>The surfaces around</option>
          ${depth ? html`<option value="model" selected>${depth.label}</option>` : nothing}
          <option value="load">ONNX depth model…</option>
          <option value="server">Depth server…</option>
        </select>
      </label>
      ${
        depth?.server
          ? html`<p class="muted">Pictures of the view are sent to ${depth.server.address} for their depth.</p>`
          : nothing
      }
      <div class="row" role="group" aria-label="By hand"><span class="muted">By hand</span>
        <button title="The view with its hole transparent, as a PNG, to paint on in any image editor"
          ?disabled=${!canPerform('save-reference', mender)}
          @click=${() => this.send({ name: 'save-reference' })}>Save picture</button>
        <button title="Fill the hole with the saved picture, painted"
          ?disabled=${!canPerform('load-edited', mender)}
          @click=${() => this.send({ name: 'load-edited' })}>Load painted</button>
      </div>`;
  }

  #note(filler: Filler, busy: boolean) {
    const name = storedName(filler);
    const sent = filler.sendsTo && `Pictures of the view are sent to ${filler.sendsTo}.`;
    const note =
      sent ?? filler.note ?? (name && 'Kept in this browser; it is read when it is first used.');
    if (!note) return nothing;
    return html`<p class="muted">${note}
      ${
        name === undefined
          ? nothing
          : html`<button class="link" ?disabled=${busy} title="Delete the model from this browser"
              @click=${() => this.send({ name: 'delete-model', model: name })}>Delete</button>`
      }</p>`;
  }
}
customElements.define('splatmend-filler', SplatmendFiller);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-filler': SplatmendFiller;
  }
}
