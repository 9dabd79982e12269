import { css, html, LitElement } from 'lit';
import { icons } from './icons.ts';
import { theme } from './theme.ts';

export interface Alert {
  id: number;
  kind: 'error' | 'note';
  /** Plain text. */
  message: string;
}
const NOTE_MS = 7000;
const MOST = 4;

/** `<splatmend-alerts>`: what went wrong and what to do, until dismissed; notes leave by themselves. */
export class SplatmendAlerts extends LitElement {
  static override properties = { alerts: { state: true } };
  declare alerts: Alert[];
  #next = 1;

  constructor() {
    super();
    this.alerts = [];
  }

  static override styles = [
    theme,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        width: min(460px, calc(100vw - 32px));
      }
      .alert {
        display: flex;
        align-items: flex-start;
        gap: 11px;
        padding: 11px 8px 11px 14px;
        border: 1px solid var(--sm-line);
        border-radius: 12px;
        background: var(--sm-raised);
        box-shadow: 0 10px 30px var(--sm-shadow);
      }
      /* Within a panel; room that an empty list must not take. */
      .alert:first-of-type {
        margin-top: var(--sm-alerts-top, 0);
      }
      .alert.error {
        border-color: var(--sm-danger);
      }
      .alert.error > svg {
        color: var(--sm-danger);
      }
      .alert > svg {
        margin-top: 1px;
      }
      .message {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
        max-height: 40vh;
        overflow-y: auto;
      }
      button.icon {
        width: 26px;
        min-width: 26px;
        height: 26px;
        margin: -3px 0;
      }
    `,
  ];

  show(kind: Alert['kind'], message: string): void {
    const alert = { id: this.#next++, kind, message };
    this.alerts = [...this.alerts.filter((a) => a.message !== message), alert].slice(-MOST);
    if (kind === 'note') setTimeout(() => this.dismiss(alert.id), NOTE_MS);
  }

  dismiss(id: number): void {
    this.alerts = this.alerts.filter((a) => a.id !== id);
  }

  /** Takes back what was said, where it still shows: it is not true any more. */
  withdraw(message: string): void {
    this.alerts = this.alerts.filter((a) => a.message !== message);
  }

  /** Takes the newest error away; notes leave by themselves. @returns false when there was none */
  dismissNewest(): boolean {
    const newest = this.alerts.filter((a) => a.kind === 'error').at(-1);
    if (newest !== undefined) this.dismiss(newest.id);
    return newest !== undefined;
  }

  override render() {
    return this.alerts.map(
      (a) => html`<div class="alert ${a.kind}" role=${a.kind === 'error' ? 'alert' : 'status'}>
        ${a.kind === 'error' ? icons.alert : icons.info}
        <span class="message">${a.message}</span>
        <button class="icon" aria-label="Dismiss" @click=${() => this.dismiss(a.id)}>${icons.close}</button>
      </div>`,
    );
  }
}
customElements.define('splatmend-alerts', SplatmendAlerts);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-alerts': SplatmendAlerts;
  }
}
