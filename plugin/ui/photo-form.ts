import { html, nothing, type TemplateResult } from 'lit';
import type { Mender } from '../mender-types.ts';
import type { GivenDepth, GivenPhoto } from './given-photo.ts';
import './job.ts';
import { type OfferedWishes, photoOptions } from './photo-options.ts';
import './photo-pictures.ts';
import { icons } from './icons.ts';
import { type DepthSourceActions, depthSource } from './photo-source.ts';
import { DROP_DEPTH, INTRO, photoSentence } from './photo-words.ts';

/** What the photo dialog shows. */
export interface PhotoFormState {
  mender: Mender | undefined;
  photo: GivenPhoto | undefined;
  depth: GivenDepth | undefined;
  /** Depth is the model's, whatever file there is. */
  byModel: boolean;
  wishes: OfferedWishes;
  /** The angle is what the photo's EXIF says. */
  lensSaid: boolean;
  /** What the mender works at for the dialog. */
  running: 'reading' | 'making' | undefined;
  failure: string | undefined;
  /** In the place of what will be made. */
  told: string | undefined;
}

export interface PhotoFormActions extends DepthSourceActions {
  choose(what: 'photo' | 'depth'): void;
  change(one: Partial<OfferedWishes>): void;
  close(): void;
  make(): void;
}

/** The photo, its depth, the options, and what runs. */
export function photoForm(state: PhotoFormState, on: PhotoFormActions): TemplateResult {
  const { mender, photo, byModel, running } = state;
  const busy = running !== undefined;
  const depth = byModel ? undefined : state.depth;
  const model = mender?.depth;
  const instead = byModel && model ? `${model.label} sees it when the scene is made.` : DROP_DEPTH;
  return html`<p class="muted">${INTRO}</p>
    <splatmend-photo-pictures .photo=${photo} .depth=${depth} .instead=${instead}></splatmend-photo-pictures>
    ${
      photo
        ? html`<div class="tools">${depthSource({ depth, model, byModel, disabled: busy }, on)}</div>
          <div class="tools">${photoOptions(state.wishes, on.change, { spread: byModel || depth?.form === 'relative', lensSaid: state.lensSaid, disabled: busy })}</div>`
        : nothing
    }
    ${
      state.failure === undefined
        ? html`<p class="told muted" role="status">${state.told ?? promise(state)}</p>`
        : html`<p class="told error" role="alert">${state.failure}</p>`
    }
    <footer>
      <splatmend-job .mender=${mender}></splatmend-job>
      ${
        running === 'making'
          ? nothing
          : html`<button class="line" ?disabled=${busy} @click=${() => on.choose('photo')}>${icons.load}Another photo…</button>
            <button class="line" @click=${() => on.close()}>Cancel</button>
            <button class="primary" ?disabled=${!photo || busy} @click=${() => on.make()}>${icons.open}Make the scene</button>`
      }
    </footer>`;
}

const promise = ({ mender, photo, wishes, byModel }: PhotoFormState): string =>
  mender && photo ? photoSentence(mender, photo, { ...wishes, byModel }) : '';
