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
    .told {
      min-height: 38px;
      margin: 10px 0 0;
    }
  `,
];
