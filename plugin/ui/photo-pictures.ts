import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { drawPicture } from '../images/canvas.ts';
import { depthPreview, type GivenDepth, type GivenPhoto } from './given-photo.ts';
import { theme } from './theme.ts';

/** `<splatmend-photo-pictures>`: a photo and, beside it, its depth or what is to be done about it. */
export class SplatmendPhotoPictures extends LitElement {
  static override properties = {
    photo: { attribute: false },
    depth: { attribute: false },
    instead: { attribute: false },
  };

  declare photo: GivenPhoto | undefined;
  declare depth: GivenDepth | undefined;
  /** Said in the place of the depth, where there is none to show; undefined: the photo is alone. */
  declare instead: string | undefined;

  static override styles = [
    theme,
    css`
      :host {
        display: flex;
        gap: 12px;
      }
      figure {
        flex: 1 1 0;
        min-width: 0;
        margin: 0;
      }
      figcaption {
        margin-top: 5px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: 12px;
      }
      .frame {
        display: flex;
        align-items: center;
        justify-content: center;
        /* What is left beside the rest of the dialog, in a low window. */
        height: min(320px, 36vh, max(86px, calc(100vh - 434px)));
        border-radius: 10px;
        background: var(--sm-sunken);
        overflow: hidden;
      }
      .empty {
        padding: 0 22px;
        border: 1px dashed var(--sm-edge);
        text-align: center;
      }
      canvas {
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      @media (max-width: 560px) {
        :host {
          flex-direction: column;
        }
        .frame {
          height: 16vh;
        }
      }
    `,
  ];

  protected override updated(changed: PropertyValues<this>): void {
    const canvas = (id: string) => this.renderRoot.querySelector<HTMLCanvasElement>(id);
    const [photo, depth] = [canvas('#photo'), canvas('#depth')];
    if (photo && this.photo && changed.has('photo')) {
      const { picture } = this.photo;
      photo.width = picture.width;
      photo.height = picture.height;
      photo.getContext('2d')!.drawImage(picture, 0, 0);
    }
    if (depth && this.depth && changed.has('depth')) drawPicture(depth, depthPreview(this.depth));
  }

  override render() {
    const { photo, depth, instead } = this;
    if (!photo) return nothing;
    return html`<figure>
        <div class="frame"><canvas id="photo" role="img" aria-label="The photo"></canvas></div>
        <figcaption title=${photo.file.name}>${photo.file.name}</figcaption>
      </figure>
      ${instead === undefined ? nothing : html`<figure>${depth ? this.#depth(depth) : html`<div class="frame empty muted">${instead}</div>`}</figure>`}`;
  }

  #depth({ file }: GivenDepth) {
    return html`<div class="frame"><canvas id="depth" role="img" aria-label="Its depth: near is yellow, far is dark, unknown is grey"></canvas></div>
      <figcaption title=${file.name}>${file.name} <span class="muted">near is yellow</span></figcaption>`;
  }
}
customElements.define('splatmend-photo-pictures', SplatmendPhotoPictures);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-photo-pictures': SplatmendPhotoPictures;
  }
}
