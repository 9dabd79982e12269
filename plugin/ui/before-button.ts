import { html, type TemplateResult } from 'lit';
import type { Mender } from '../mender-types.ts';
import type { EditorCommand } from './command.ts';
import { keyHint } from './keys.ts';

/** A button that shows the scene before a waiting removal for as long as it is held, by pointer or by key. */
export function beforeButton(
  mender: Mender,
  send: (command: EditorCommand) => void,
  look: string,
  label: TemplateResult | string,
): TemplateResult {
  const compare = (before: boolean) => send({ name: 'compare', before });
  const onKey = (event: KeyboardEvent, before: boolean) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    // Held, not pressed: Enter would keep the removal.
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) compare(before);
  };
  return html`<button class=${look} aria-pressed=${mender.showsBefore}
    title="Hold to see the scene before${keyHint('compare')}" ?disabled=${mender.task !== undefined}
    @pointerdown=${() => compare(true)}
    @pointerup=${() => compare(false)}
    @pointerleave=${() => compare(false)}
    @pointercancel=${() => compare(false)}
    @keydown=${(e: KeyboardEvent) => onKey(e, true)}
    @keyup=${(e: KeyboardEvent) => onKey(e, false)}
    @blur=${() => compare(false)}>${label}</button>`;
}
