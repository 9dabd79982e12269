import { css, html, svg, unsafeCSS } from 'lit';
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

const shape = (d: string) =>
  html`<svg viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${d}></path>`}</svg>`;

/** Line drawings on a 20 × 20 grid. */
export const icons = {
  open: shape(
    'M2.5 6a1.5 1.5 0 0 1 1.5-1.5h3.6l1.8 2H16A1.5 1.5 0 0 1 17.5 8v6A1.5 1.5 0 0 1 16 15.5H4A1.5 1.5 0 0 1 2.5 14z',
  ),
  export: shape(
    'M10 3v9m0-9L6.5 6.5M10 3l3.5 3.5M3.5 12.5v2.5A1.5 1.5 0 0 0 5 16.5h10a1.5 1.5 0 0 0 1.5-1.5v-2.5',
  ),
  undo: shape('M7 4 3.5 7.5 7 11M4 7.5h7.5a4.5 4.5 0 0 1 0 9H8'),
  redo: shape('M13 4l3.5 3.5L13 11m3-3.5H8.5a4.5 4.5 0 0 0 0 9H12'),
  frame: shape(
    'M3 7V4.5A1.5 1.5 0 0 1 4.5 3H7m6 0h2.5A1.5 1.5 0 0 1 17 4.5V7m0 6v2.5a1.5 1.5 0 0 1-1.5 1.5H13m-6 0H4.5A1.5 1.5 0 0 1 3 15.5V13M10 8.2v3.6M8.2 10h3.6',
  ),
  help: shape(
    'M7.6 7.4a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.8m0 2.7v.1M10 17.5a7.5 7.5 0 1 1 0-15 7.5 7.5 0 0 1 0 15z',
  ),
  trash: shape(
    'M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5.2 5.5l.7 10A1.5 1.5 0 0 0 7.4 17h5.2a1.5 1.5 0 0 0 1.5-1.5l.7-10',
  ),
  close: shape('M5 5l10 10M15 5 5 15'),
  mend: shape(
    'M4 16 13 7m1.5-4v3M16 4.5h-3M6 3v2.4M7.2 4.2H4.8M16.5 11v2.4m1.2-1.2h-2.4M11.6 5.6l2.8 2.8',
  ),
  insert: shape(
    'M17 9.500V14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h5M3 13.200 7 9.500l6.500 6.500M15 2.500v6M12 5.500h6',
  ),
  extend: shape(
    'M7.500 6.500h5v7h-5zM4.500 7.300 1.800 10l2.700 2.700M1.800 10H5M15.500 7.300 18.200 10l-2.700 2.700M18.200 10H15M10 4V2M10 18v-2',
  ),
  up: shape('M10 16.5v-13m0 0L5.5 8M10 3.5 14.5 8'),
  compare: shape(
    'M10 3v14M8 4.5H4.5A1.5 1.5 0 0 0 3 6v8a1.5 1.5 0 0 0 1.5 1.5H8M12 4.5h3.5A1.5 1.5 0 0 1 17 6v8a1.5 1.5 0 0 1-1.5 1.5H12',
  ),
  alert: shape(
    'M10 7v4m0 2.6v.1M8.7 3.6 2.4 14.3a1.5 1.5 0 0 0 1.3 2.2h12.6a1.5 1.5 0 0 0 1.3-2.2L11.3 3.6a1.5 1.5 0 0 0-2.6 0z',
  ),
  check: shape('M4 10.5 8 14.5 16 6'),
  light: shape(
    'M10 6.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8zM10 2.2v1.6m0 12.4v1.6M2.2 10h1.6m12.4 0h1.6M4.5 4.5l1.1 1.1m8.8 8.8 1.1 1.1m0-11-1.1 1.1m-8.8 8.8-1.1 1.1',
  ),
  dark: shape('M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z'),
  panel: shape(
    'M4 3.5h12A1.5 1.5 0 0 1 17.5 5v10a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V5A1.5 1.5 0 0 1 4 3.5zM12.2 3.5v13',
  ),
  all: shape(
    'M3 5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM6.5 10.2 9 12.7l4.7-5.2',
  ),
  invert: shape('M10 2.8a7.2 7.2 0 1 0 0 14.4zM10 2.8a7.2 7.2 0 0 1 0 14.4M12.4 6.2v7.6M14.6 8v4'),
  grow: shape(
    'M7 3H4a1 1 0 0 0-1 1v3m10-4h3a1 1 0 0 1 1 1v3M7 17H4a1 1 0 0 1-1-1v-3m10 4h3a1 1 0 0 0 1-1v-3M10 7v6M7 10h6',
  ),
  shrink: shape(
    'M3 7h3a1 1 0 0 0 1-1V3m10 4h-3a1 1 0 0 1-1-1V3M3 13h3a1 1 0 0 1 1 1v3m10-4h-3a1 1 0 0 0-1 1v3M8.3 10h3.4',
  ),
  shadow: shape('M10 2.5a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM3 15.5c2 2.600 12 2.600 14 0M6 14.800h8'),
  hide: shape(
    'M3 3l14 14M8.3 8.4a2.4 2.4 0 0 0 3.3 3.3M5.5 5.9A13 13 0 0 0 2.2 10s2.8 5.2 7.8 5.2a7.6 7.6 0 0 0 3.7-1M8.3 5a7.5 7.5 0 0 1 1.7-.2c5 0 7.8 5.2 7.8 5.200a13 13 0 0 1-1.9 2.5',
  ),
  show: shape(
    'M2.2 10S5 4.8 10 4.8 17.8 10 17.8 10 15 15.2 10 15.2 2.2 10 2.2 10zM10 7.600a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.800z',
  ),
  lock: shape(
    'M5.5 9h9A1.5 1.5 0 0 1 16 10.500v5a1.5 1.5 0 0 1-1.5 1.500h-9A1.5 1.5 0 0 1 4 15.500v-5A1.5 1.5 0 0 1 5.5 9zM6.8 9V6.200a3.2 3.2 0 0 1 6.4 0V9',
  ),
  unlock: shape(
    'M5.5 9h9A1.5 1.5 0 0 1 16 10.500v5a1.5 1.5 0 0 1-1.5 1.500h-9A1.5 1.5 0 0 1 4 15.500v-5A1.5 1.5 0 0 1 5.5 9zM6.8 9V6.200a3.2 3.2 0 0 1 6.1-1.3',
  ),
  save: shape(
    'M10 3v9m0 0 3.5-3.500M10 12 6.5 8.500M3.5 13v2A1.5 1.5 0 0 0 5 16.500h10a1.5 1.5 0 0 0 1.5-1.500v-2',
  ),
  load: shape(
    'M10 12V3m0 0L6.5 6.500M10 3l3.5 3.500M3.5 13v2A1.5 1.5 0 0 0 5 16.500h10a1.5 1.5 0 0 0 1.5-1.500v-2',
  ),
} as const;
