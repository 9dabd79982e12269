import { css } from 'lit';
import { dialogBox, pictureDialog, selectBox, theme } from './theme.ts';

export const insertDialogStyles = [
  theme,
  dialogBox,
  pictureDialog,
  selectBox,
  css`
    dialog.over {
      outline: 2px dashed var(--sm-accent);
      outline-offset: -7px;
    }
    p {
      margin: 2px 0 10px;
      overflow-wrap: anywhere;
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 12px;
      margin-top: 10px;
    }
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
    label {
      display: flex;
      align-items: center;
      gap: 6px;
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
    footer {
      align-items: center;
    }
    splatmend-job {
      flex: 1;
    }
  `,
];
