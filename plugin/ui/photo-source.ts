import { html, nothing, type TemplateResult } from 'lit';
import type { DepthForm } from '../../core/photo-types.ts';
import type { DepthModel } from '../filler.ts';
import type { GivenDepth } from './given-photo.ts';
import { icons } from './icons.ts';

/** What a depth file's numbers can be. */
const FORMS: Record<DepthForm, string> = {
  depth: 'Distances, 0 is unknown',
  relative: 'Relative, larger is nearer',
};

export interface DepthSource {
  /** The file, where one was given and counts. */
  depth: GivenDepth | undefined;
  /** What the panel's *Depth by* has. */
  model: DepthModel | undefined;
  byModel: boolean;
  disabled: boolean;
}

/** A file, the model that there is, or one that is asked for. */
export type TakenFrom = 'file' | 'model' | 'load' | 'server';

export interface DepthSourceActions {
  takes(from: TakenFrom): void;
  /** The file's numbers mean something else. */
  reads(form: DepthForm): void;
  choose(what: 'depth'): void;
}

/** Where a photo's depth comes from. */
export function depthSource(
  { depth, model, byModel, disabled }: DepthSource,
  on: DepthSourceActions,
): TemplateResult {
  const sourceChanged = (event: Event) => {
    const select = event.target as HTMLSelectElement;
    const from = select.value as TakenFrom;
    // It shows what is chosen, not what is being asked for.
    if (from === 'load' || from === 'server') select.value = byModel ? 'model' : 'file';
    on.takes(from);
  };
  return html`<label>Depth from
      <select ?disabled=${disabled} .value=${byModel ? 'model' : 'file'} @change=${sourceChanged}>
        <option value="file" ?selected=${!byModel}>A depth file</option>
        ${model ? html`<option value="model" ?selected=${byModel}>${model.label}</option>` : nothing}
        <option value="load">ONNX depth model…</option>
        <option value="server">Depth server…</option>
      </select></label>
    ${
      byModel
        ? nothing
        : html`<button class="line" ?disabled=${disabled} @click=${() => on.choose('depth')}>${icons.load}Choose depth file…</button>`
    }
    ${
      !depth
        ? nothing
        : html`<label title="What the file's numbers are">Its numbers
            <select ?disabled=${disabled} .value=${depth.form} @change=${(event: Event) =>
              on.reads((event.target as HTMLSelectElement).value as DepthForm)}>
              ${Object.entries(FORMS).map(
                ([value, label]) =>
                  html`<option value=${value} ?selected=${value === depth.form}>${label}</option>`,
              )}
            </select></label>`
    }`;
}
