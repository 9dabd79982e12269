import { css, unsafeCSS } from 'lit';
import { paletteCss } from './palette.ts';

/**
 * Shared looks. Colours are custom properties with a light and a dark default, so that a page can set its
 * own; light or dark is what `color-scheme` says, the page's own or `<splatmend-editor theme>`'s.
 */
export const theme = css`
  :host {
    ${unsafeCSS(paletteCss())}
    font: 13px/1.45 Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
    color: var(--sm-text);
    -webkit-font-smoothing: antialiased;
  }
  * {
    box-sizing: border-box;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 7px;
    height: 34px;
    min-width: 34px;
    padding: 0 11px;
    border: 1px solid transparent;
    border-radius: 9px;
    background: transparent;
    color: inherit;
    font: inherit;
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
    transition: background 120ms;
  }
  button:hover:not(:disabled) {
    background: var(--sm-hover);
  }
  button:active:not(:disabled) {
    background: var(--sm-pressed);
  }
  :focus-visible {
    outline: 2px solid var(--sm-focus);
    outline-offset: 1px;
  }
  button:disabled {
    color: var(--sm-disabled);
    cursor: default;
  }
  button[aria-pressed='true'] {
    background: var(--sm-pressed);
    color: var(--sm-focus);
  }
  button.icon {
    padding: 0;
    width: 34px;
  }
  button.line {
    border-color: var(--sm-line);
  }
  button.primary {
    background: var(--sm-accent);
    color: var(--sm-on-accent);
    font-weight: 600;
    padding: 0 15px;
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--sm-accent), white 18%);
  }
  button.primary:disabled {
    background: var(--sm-pressed);
    color: var(--sm-disabled);
  }
  @media (prefers-reduced-motion: reduce) {
    button {
      transition: none;
    }
  }
  kbd {
    display: inline-block;
    min-width: 20px;
    padding: 1px 6px;
    border: 1px solid var(--sm-line);
    border-bottom-width: 2px;
    border-radius: 5px;
    background: var(--sm-hover);
    font: 600 11px/1.5 ui-monospace, 'SF Mono', Menlo, monospace;
    text-align: center;
  }
  svg {
    width: 17px;
    height: 17px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .muted {
    color: var(--sm-muted);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** What every dialog looks like; its size and padding are its own. */
export const dialogBox = css`
  dialog {
    border: 1px solid var(--sm-line);
    border-radius: 18px;
    background: var(--sm-raised);
    color: var(--sm-text);
    box-shadow: 0 30px 90px var(--sm-shadow);
  }
  dialog::backdrop {
    background: var(--sm-backdrop);
  }
`;

/** A dialog's title and what stands at its other end. */
export const dialogHead = css`
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  h2 {
    margin: 0;
    font-size: 17px;
  }
`;

const pictureBody = css`
  :host {
    display: contents;
  }
  dialog {
    width: min(920px, calc(100vw - 32px));
    max-height: calc(100vh - 24px);
    padding: 16px 20px 18px;
  }
  .wait {
    display: grid;
    place-items: center;
    gap: 14px;
    min-height: 240px;
  }
  footer {
    display: flex;
    justify-content: flex-end;
    gap: 6px;
    margin-top: 10px;
  }
  .error {
    color: var(--sm-danger);
  }
`;

/** The large dialogs that work on a picture of the view. */
export const pictureDialog = [dialogHead, pictureBody];

/** One that is given the picture, by drop too: what is said of it, its tools, and a job in its footer. */
export const givenPictureDialog = [
  pictureDialog,
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
    label {
      display: flex;
      align-items: center;
      gap: 6px;
    }
    footer {
      flex-wrap: wrap;
      align-items: center;
    }
    footer button {
      flex: none;
    }
    splatmend-job {
      flex: 1;
    }
  `,
];

/** A choice from a list; its height and place are its own. */
export const selectBox = css`
  select {
    padding: 0 6px;
    border: 1px solid var(--sm-line);
    border-radius: 8px;
    background: var(--sm-hover);
    color: inherit;
    font: inherit;
  }
`;

/** A panel's row of a label and what is chosen. */
export const panelChoice = [
  selectBox,
  css`
    label {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    select {
      flex: 1;
      min-width: 0;
      height: 30px;
    }
  `,
];
