import { css } from 'lit';
import { dialogBox, givenPictureDialog, selectBox, theme } from './theme.ts';

export const photoDialogStyles = [
  theme,
  dialogBox,
  givenPictureDialog,
  selectBox,
  css`
    .tools {
      column-gap: 16px;
    }
    .tools button,
    .tools select,
    .tools input {
      height: 32px;
    }
    input {
      width: 66px;
      padding: 0 8px;
      border: 1px solid var(--sm-line);
      border-radius: 8px;
      background: var(--sm-hover);
      color: inherit;
      font: inherit;
    }
    input:invalid {
      border-color: var(--sm-danger);
    }
    /* In sight, however low the window: the rest scrolls under it. */
    footer {
      position: sticky;
      bottom: -18px;
      margin: 10px -20px -18px;
      padding: 8px 20px 18px;
      background: var(--sm-raised);
    }
    .told {
      min-height: 38px;
      margin: 10px 0 0;
    }
  `,
];
