import { css } from 'lit';
import { dialogBox, pictureDialog, selectBox, theme } from './theme.ts';

export const photoDialogStyles = [
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
      gap: 6px 16px;
      margin-top: 10px;
    }
    .tools button,
    .tools select,
    .tools input {
      height: 32px;
    }
    label {
      display: flex;
      align-items: center;
      gap: 6px;
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
    footer {
      align-items: center;
    }
    splatmend-job {
      flex: 1;
    }
  `,
];
