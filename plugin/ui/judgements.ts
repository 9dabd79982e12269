/** Figures of a waiting edit, each with whether it is good and what it means. */
import { css, html, type TemplateResult } from 'lit';
import type { Judgement } from './figures.ts';
import { icons } from './icons.ts';

export const judgementStyles = css`
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 7px 12px;
    margin: 12px 0 14px;
  }
  dt {
    color: var(--sm-muted);
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .verdict {
    display: flex;
    gap: 5px;
    color: var(--sm-good);
  }
  .look {
    color: var(--sm-warn);
  }
  .verdict svg {
    width: 13px;
    height: 13px;
    margin-top: 3px;
  }
`;

export function judgementList(judgements: readonly Judgement[]): TemplateResult {
  return html`<dl>${judgements.map(
    ({ name, value, verdict, meaning }) => html`<dt>${name}</dt>
      <dd>${value}
        <span class="verdict ${verdict}">
          ${verdict === 'good' ? icons.check : icons.alert}
          <span>${verdict === 'good' ? 'Good' : 'Look closely'}: ${meaning}</span>
        </span>
      </dd>`,
  )}</dl>`;
}
