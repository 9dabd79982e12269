import { html, type TemplateResult } from 'lit';
import type { GivenPhoto } from './given-photo.ts';
import { icons } from './icons.ts';

/** What only the user knows of an image that was dropped beside an open scene. */
export function photoQuestion(
  photo: GivenPhoto,
  answer: { cancel(): void; insert(): void; make(): void },
): TemplateResult {
  return html`<p class="muted">Is ${photo.file.name} a scene of its own, or something to put into the view that shows?</p>
    <splatmend-photo-pictures .photo=${photo}></splatmend-photo-pictures>
    <footer>
      <button class="line" @click=${() => answer.cancel()}>Cancel</button>
      <button class="line" @click=${() => answer.insert()}>${icons.insert}Insert into this view</button>
      <button class="primary" @click=${() => answer.make()}>${icons.open}Make a scene of it</button>
    </footer>`;
}
