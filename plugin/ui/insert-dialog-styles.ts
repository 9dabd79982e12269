import { css } from 'lit';
import { dialogBox, givenPictureDialog, selectBox, theme } from './theme.ts';

export const insertDialogStyles = [
  theme,
  dialogBox,
  givenPictureDialog,
  selectBox,
  css`
    .tools button {
      height: 32px;
    }
    fieldset {
      display: flex;
      gap: 12px;
      margin: 0;
      padding: 0;
      border: 0;
    }
    input {
      margin: 0;
      accent-color: var(--sm-accent);
    }
    select {
      height: 32px;
    }
    .told {
      min-height: 19px;
      margin: 8px 0 0;
    }
  `,
];
