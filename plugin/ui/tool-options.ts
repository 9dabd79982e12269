import { css, html, nothing, type TemplateResult } from 'lit';
import type { SelectionVolume } from '../../core/selection.ts';
import type { SelectMode } from '../selection-modes.ts';
import { toolInfo } from '../tools/tool-list.ts';
import { TOOL_LIMITS, type ToolOptions, type ToolState } from '../tools/tool-types.ts';
import { theme } from './theme.ts';
import { ToolElement } from './tool-element.ts';

const MODES: readonly { mode: SelectMode; label: string; title: string }[] = [
  { mode: 'set', label: 'Set', title: 'Selects anew' },
  { mode: 'add', label: 'Add', title: 'Adds to the selection (hold Shift)' },
  { mode: 'remove', label: 'Take out', title: 'Takes out of the selection (hold Ctrl)' },
  { mode: 'intersect', label: 'Intersect', title: 'Keeps what is in both (hold Shift and Ctrl)' },
];
const DEPTHS: readonly { depth: ToolOptions['depth']; label: string; title: string }[] = [
  { depth: 'visible', label: 'Visible', title: 'Only the surface that one sees' },
  { depth: 'through', label: 'Through', title: 'Everything under it, however deep' },
];
/** Numbers of a volume are shown with so many digits. */
const DIGITS = 4;

/** `<splatmend-tool-options>`: the active tool's options, and how its selection joins the one there is. */
export class SplatmendToolOptions extends ToolElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        max-width: 100%;
      }
      .bar {
        display: grid;
        gap: 4px;
        align-content: center;
        min-height: 42px;
        padding: 5px 12px 7px;
        border: 1px solid var(--sm-line);
        border-radius: 12px;
        background: var(--sm-panel);
        box-shadow: 0 8px 26px var(--sm-shadow);
      }
      .name {
        font-weight: 600;
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      /* As wide as the controls above it; alone it takes a line or two. */
      .hint {
        width: 0;
        min-width: max(100%, min(500px, 55vw));
        color: var(--sm-muted);
      }
      fieldset {
        display: flex;
        gap: 2px;
        min-width: 0;
        margin: 0;
        padding: 2px;
        border: 0;
        border-radius: 9px;
        background: var(--sm-sunken);
      }
      fieldset label {
        position: relative;
        padding: 4px 10px;
        border-radius: 7px;
        font-weight: 500;
        cursor: pointer;
      }
      fieldset label:hover {
        background: var(--sm-hover);
      }
      fieldset input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      fieldset label.on {
        background: var(--sm-accent);
        color: var(--sm-on-accent);
      }
      fieldset label:focus-within {
        outline: 2px solid var(--sm-focus);
        outline-offset: 1px;
      }
      .value {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .value output {
        min-width: 42px;
        font-variant-numeric: tabular-nums;
      }
      input[type='range'] {
        width: 92px;
        accent-color: var(--sm-accent);
      }
      .numbers {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      input[type='number'] {
        width: 78px;
        height: 28px;
        padding: 0 6px;
        border: 1px solid var(--sm-edge);
        border-radius: 7px;
        background: var(--sm-sunken);
        color: inherit;
        font: inherit;
        font-variant-numeric: tabular-nums;
        /* The browser's own arrows step by 1 and take the room of a digit. */
        appearance: textfield;
      }
      .controls button {
        height: 30px;
      }
    `,
  ];

  override render() {
    const state = this.tools?.state;
    if (state === undefined) return nothing;
    const { title, hint, uses } = toolInfo(state.tool);
    const { options } = state;
    const percent = (v: number) => `${Math.round(v * 100)} %`;
    return html`<div class="bar" role="group" aria-label="${title} options">
      <div class="controls">
      <span class="name">${title}</span>
      ${uses.includes('mode') ? this.#modes(state) : nothing}
      ${uses.includes('depth') ? this.#depths(options) : nothing}
      ${
        uses.includes('strength')
          ? this.#slider('strength', 'Strength', 0.05, percent, options)
          : nothing
      }
      ${
        uses.includes('tolerance')
          ? this.#slider('tolerance', 'Tolerance', 0.01, percent, options)
          : nothing
      }
      ${
        uses.includes('brushRadius')
          ? this.#slider('brushRadius', 'Brush', 1, (v) => `${Math.round(v)} px`, options)
          : nothing
      }
      ${uses.includes('volume') && state.volume ? this.#volume(state.volume, state) : nothing}
      </div>
      ${state.volume ? nothing : html`<span class="hint">${hint}</span>`}
    </div>`;
  }

  #modes({ mode }: ToolState) {
    return html`<fieldset aria-label="Selection mode">
      ${MODES.map((m) =>
        this.#choice('mode', m.label, m.title, m.mode === mode, () =>
          this.tools?.setOptions({ mode: m.mode }),
        ),
      )}
    </fieldset>`;
  }

  #depths({ depth }: ToolOptions) {
    return html`<fieldset aria-label="Depth">
      ${DEPTHS.map((d) =>
        this.#choice('depth', d.label, d.title, d.depth === depth, () =>
          this.tools?.setOptions({ depth: d.depth }),
        ),
      )}
    </fieldset>`;
  }

  #choice(name: string, label: string, title: string, on: boolean, choose: () => void) {
    return html`<label class=${on ? 'on' : ''} title=${title}>
      <input type="radio" name=${name} .checked=${on} @change=${choose} />${label}
    </label>`;
  }

  #slider(
    key: 'strength' | 'tolerance' | 'brushRadius',
    label: string,
    step: number,
    text: (value: number) => string,
    options: ToolOptions,
  ): TemplateResult {
    const [least, most] = TOOL_LIMITS[key];
    const value = options[key];
    return html`<label class="value">${label}
      <input type="range" min=${least} max=${most} step=${step} .value=${String(value)}
        aria-valuetext=${text(value)}
        @input=${(event: InputEvent) =>
          this.tools?.setOptions({ [key]: (event.target as HTMLInputElement).valueAsNumber })} />
      <output>${text(value)}</output></label>`;
  }

  #volume(volume: SelectionVolume, { blocked }: ToolState) {
    const axes = ['x', 'y', 'z'];
    const center = axes.map((axis, k) =>
      this.#number(`Centre ${axis}`, volume.center[k]!, volume, (v) => {
        const moved: [number, number, number] = [...volume.center];
        moved[k] = v;
        return { ...volume, center: moved };
      }),
    );
    const size =
      volume.shape === 'sphere'
        ? [this.#number('Radius', volume.radius, volume, (radius) => ({ ...volume, radius }))]
        : axes.map((axis, k) =>
            this.#number(`Size ${axis}`, volume.halfExtents[k]! * 2, volume, (v) => {
              const halfExtents: [number, number, number] = [...volume.halfExtents];
              halfExtents[k] = v / 2;
              return { ...volume, halfExtents };
            }),
          );
    return html`<span class="numbers" role="group" aria-label="Centre">Centre ${center}</span>
      <span class="numbers" role="group" aria-label="Size">
        ${volume.shape === 'sphere' ? 'Radius' : 'Size'} ${size}</span>
      ${
        volume.shape === 'box'
          ? html`<span class="numbers">
              <button class="line" title="Sides along the scene's axes"
                @click=${() => this.tools?.alignBox('scene')}>To scene</button>
              <button class="line" title="Sides along the picture's edges"
                @click=${() => this.tools?.alignBox('view')}>To view</button></span>`
          : nothing
      }
      <button class="primary" title="Select what is inside (Enter)" ?disabled=${blocked !== undefined}
        @click=${() => void this.tools?.selectVolume()}>Select</button>`;
  }

  #number(
    label: string,
    value: number,
    volume: SelectionVolume,
    changed: (value: number) => SelectionVolume,
  ) {
    const scale = volume.shape === 'sphere' ? volume.radius : Math.max(...volume.halfExtents);
    // A step is a small part of the volume, whatever the scene's unit.
    const step = 10 ** Math.floor(Math.log10(scale / 5));
    const shown = String(Number(value.toPrecision(DIGITS)));
    return html`<input type="number" step="any" aria-label=${label} title=${label} .value=${shown}
      @keydown=${(event: KeyboardEvent) => this.#nudge(event, step)}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        const wanted = input.valueAsNumber;
        try {
          if (Number.isFinite(wanted)) this.tools?.setVolume(changed(wanted));
        } catch {
          // A size that is none: the field goes back to what is.
        }
        this.requestUpdate();
        if (!Number.isFinite(wanted) || this.tools?.state.volume === volume) input.value = shown;
      }} />`;
  }

  /** Arrow keys step by what suits the volume, not by 1. */
  #nudge(event: KeyboardEvent, step: number): void {
    const sign = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (sign === 0) return;
    event.preventDefault();
    const input = event.target as HTMLInputElement;
    const value = input.valueAsNumber + sign * step * (event.shiftKey ? 10 : 1);
    input.value = String(Number(value.toPrecision(DIGITS + 2)));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
customElements.define('splatmend-tool-options', SplatmendToolOptions);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-tool-options': SplatmendToolOptions;
  }
}
