import { html, type TemplateResult } from 'lit';
import type { Attachment, InsertOptions } from '../../core/insert-types.ts';

/** How what is inserted hangs together with the scene, for people. */
export const ATTACHMENT_LABELS: Record<Attachment, string> = {
  surface: 'On the surface',
  relief: 'Relief',
  standing: 'Standing',
};
const TITLES: Record<Attachment | 'auto', string> = {
  auto: 'Chosen by where it lies and by its foot',
  surface: 'Painted on what is there: a label, a stain',
  relief: 'Stands out of what is there, as a depth model sees it',
  standing: 'Upright where its foot touches the scene',
};

/** A choice of them. @param found what `auto` came to, where that is known */
export function attachmentChoice(
  chosen: NonNullable<InsertOptions['attach']>,
  choose: (attach: NonNullable<InsertOptions['attach']>) => void,
  disabled: boolean,
  found?: Attachment,
): TemplateResult {
  const auto = found ? `Automatic (${ATTACHMENT_LABELS[found].toLowerCase()})` : 'Automatic';
  const all = [['auto', auto], ...Object.entries(ATTACHMENT_LABELS)] as [
    Attachment | 'auto',
    string,
  ][];
  return html`<label title=${TITLES[chosen]}>Attach
    <select ?disabled=${disabled} .value=${chosen} @change=${(event: Event) => {
      choose((event.target as HTMLSelectElement).value as Attachment | 'auto');
    }}>
      ${all.map(
        ([value, label]) =>
          html`<option value=${value} title=${TITLES[value]} ?selected=${value === chosen}>${label}</option>`,
      )}
    </select></label>`;
}
