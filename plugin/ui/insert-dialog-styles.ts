import { css } from 'lit';
import { dialogBox, theme } from './theme.ts';

export const insertDialogStyles = [
  theme,
  dialogBox,
  css`
    :host {
      display: contents;
    }
    dialog {
      width: min(920px, calc(100vw - 32px));
      max-height: calc(100vh - 24px);
      padding: 16px 20px 18px;
    }
    dialog.over {
      outline: 2px dashed var(--sm-accent);
      outline-offset: -7px;
    }
    header {
      display: flex;
      align-items: center;
      justify-content: space-between;
    }
    h2 {
      margin: 0;
      font-size: 17px;
    }
    p {
      margin: 2px 0 10px;
      overflow-wrap: anywhere;
    }
    .wait {
      display: grid;
      place-items: center;
      gap: 14px;
      min-height: 240px;
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
      padding: 0 6px;
      border: 1px solid var(--sm-line);
      border-radius: 8px;
      background: var(--sm-hover);
      color: inherit;
      font: inherit;
    }
    .told {
      min-height: 19px;
      margin: 8px 0 0;
    }
    .error {
      color: var(--sm-danger);
    }
    footer {
      display: flex;
      justify-content: flex-end;
      align-items: center;
      gap: 6px;
      margin-top: 10px;
    }
    splatmend-job {
      flex: 1;
    }
  `,
];
