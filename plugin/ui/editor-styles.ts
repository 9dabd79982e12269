import { css } from 'lit';
import { theme } from './theme.ts';

/** The editor's layout: bar on top, picture under everything that floats, panel beside it or over it. */
export const editorStyles = [
  theme,
  css`
    :host {
      position: relative;
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      min-width: 0;
      height: 100%;
      overflow: hidden;
      color-scheme: light dark;
      background: var(--sm-panel);
    }
    :host([theme='light']) {
      color-scheme: light;
    }
    :host([theme='dark']) {
      color-scheme: dark;
    }
    splatmend-toolbar {
      z-index: 4;
    }
    .body {
      position: relative;
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      min-height: 0;
    }
    .stage {
      position: relative;
      min-width: 0;
      overflow: hidden;
      background: #0d0f13;
    }
    .picture {
      position: absolute;
      inset: 0;
    }
    ::slotted(*) {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      outline: none;
      touch-action: none;
    }
    .stage > :not(.picture) {
      position: absolute;
      z-index: 2;
    }
    splatmend-tool-strip {
      top: 12px;
      left: 12px;
      /* Above the status line. */
      max-height: calc(100% - 60px);
    }
    splatmend-tool-options {
      top: 12px;
      left: 70px;
      max-width: calc(100% - 82px);
    }
    /* While a removal waits, or without a scene, no tool selects. */
    .empty splatmend-tool-options,
    .waits splatmend-tool-options,
    :host(:not([wide])) .waits splatmend-tool-strip {
      display: none;
    }
    splatmend-status {
      bottom: 12px;
      left: 12px;
    }
    splatmend-actions {
      bottom: 48px;
      left: 50%;
      width: max-content;
      max-width: calc(100% - 24px);
      transform: translateX(-50%);
    }
    .stage > splatmend-alerts {
      z-index: 3;
      /* Under a tool's options of two rows. */
      top: 112px;
      right: 12px;
      max-width: calc(100% - 24px);
    }
    splatmend-panel {
      z-index: 3;
      width: 320px;
      min-height: 0;
      border-left: 1px solid var(--sm-line);
    }
    :host(:not([wide])) splatmend-panel {
      position: absolute;
      inset: 0 0 0 auto;
      width: min(320px, 88%);
      box-shadow: 0 0 40px var(--sm-shadow);
    }
    /* Where Space selects: only when the picture has the keyboard's focus. */
    .cross {
      display: none;
      position: absolute;
      top: 50%;
      left: 50%;
      width: 22px;
      height: 22px;
      margin: -11px;
      background:
        linear-gradient(#fff, #fff) 50% 50% / 1px 100% no-repeat,
        linear-gradient(#fff, #fff) 50% 50% / 100% 1px no-repeat;
      mix-blend-mode: difference;
      pointer-events: none;
    }
    .by-keys .cross {
      display: block;
    }
    .by-keys .picture::after {
      content: '';
      position: absolute;
      inset: 0;
      box-shadow: inset 0 0 0 2px var(--sm-accent);
      pointer-events: none;
    }
  `,
];
