/** What edits show alike while they wait. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Mender } from '../mender-types.ts';
import { beforeButton } from './before-button.ts';
import type { EditorCommand } from './command.ts';
import { icons } from './icons.ts';
import { keyHint } from './keys.ts';

export const waitingEditStyles = css`
  :host {
    display: block;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 13px;
    font-weight: 600;
  }
  p {
    margin: 0 0 6px;
    overflow-wrap: anywhere;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-top: 8px;
  }
  .row button {
    flex: 1 1 auto;
  }
  .row .small {
    height: 30px;
    background: var(--sm-hover);
    font-weight: 400;
  }
  .row .small:hover:not(:disabled),
  .row .small[aria-pressed='true'] {
    background: var(--sm-pressed);
  }
  .main {
    margin-top: 14px;
  }
`;

type Send = (command: EditorCommand) => void;

/** @param slider whether the slider between before and after shows; undefined: there is none */
export function compareRow(
  mender: Mender,
  send: Send,
  slider: boolean | undefined,
): TemplateResult {
  return html`<div class="row" role="group" aria-label="Compare">
    ${beforeButton(mender, send, 'small', 'Hold for before')}
    ${
      slider === undefined
        ? nothing
        : html`<button class="small" aria-pressed=${slider} ?disabled=${mender.task !== undefined}
            title="Before and after, side by side${keyHint('compare-slider')}"
            @click=${() => send({ name: 'compare-slider' })}>${icons.compare}Slider</button>`
    }
  </div>`;
}

export function decideRow(mender: Mender, send: Send): TemplateResult {
  const busy = mender.task !== undefined;
  return html`<div class="row main">
    <button class="line" title="Discard (Esc)" ?disabled=${busy}
      @click=${() => send({ name: 'discard' })}>Discard</button>
    <button class="primary" title="Keep${keyHint('accept')}" ?disabled=${busy}
      @click=${() => send({ name: 'accept' })}>${icons.check}Keep</button>
  </div>`;
}
