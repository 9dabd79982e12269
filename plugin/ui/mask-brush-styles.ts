import { css } from 'lit';
import { pictureStage } from './picture-stage.ts';
import { theme } from './theme.ts';

export const maskBrushStyles = [
  theme,
  pictureStage,
  css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 10px;
        min-height: 0;
      }
      .picture {
        cursor: none;
      }
      /* Of little colour: orange on a wooden table would not be seen. */
      .base {
        filter: saturate(0.3);
      }
      .layer {
        image-rendering: pixelated;
      }
      .brush {
        position: absolute;
        border: 1.5px solid #fff;
        border-radius: 50%;
        box-shadow:
          0 0 0 1px rgb(0 0 0 / 0.65),
          inset 0 0 0 1px rgb(0 0 0 / 0.65);
        transform: translate(-50%, -50%);
        pointer-events: none;
      }
      .brush.erases {
        border-style: dashed;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
      }
      .group {
        display: flex;
        padding: 2px;
        border-radius: 9px;
        background: var(--sm-sunken);
      }
      .group button {
        height: 30px;
        font-weight: 400;
      }
      .group [aria-checked='true'] {
        background: var(--sm-raised);
        box-shadow: 0 1px 3px var(--sm-shadow);
        font-weight: 600;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      input {
        width: 120px;
        accent-color: var(--sm-accent);
      }
      .tools > button {
        height: 32px;
      }
      .told {
        margin: 0;
      }
    `,
];
