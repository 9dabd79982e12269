import { css, html } from 'lit';
import { TOOLS, type ToolInfo } from '../tools/tool-list.ts';
import { theme } from './theme.ts';
import { ToolElement } from './tool-element.ts';
import { toolIcons } from './tool-icons.ts';

/** `<splatmend-tool-strip>`: one button a tool. Tab reaches the active one, arrow keys go on from there. */
export class SplatmendToolStrip extends ToolElement {
  static override styles = [
    theme,
    css`
      :host {
        display: flex;
      }
      .strip {
        display: flex;
        flex-direction: column;
        overflow-y: auto;
        scrollbar-width: none;
        gap: 2px;
        padding: 5px;
        border: 1px solid var(--sm-line);
        border-radius: 13px;
        background: var(--sm-panel);
        box-shadow: 0 8px 26px var(--sm-shadow);
      }
      button[aria-pressed='true']:enabled {
        background: var(--sm-accent);
        color: var(--sm-on-accent);
      }
      button,
      .gap {
        flex: none;
      }
      .gap {
        height: 1px;
        margin: 3px 5px;
        background: var(--sm-line);
      }
      @media (pointer: coarse) {
        button.icon {
          width: 42px;
          height: 42px;
        }
      }
    `,
  ];

  #onKey(event: KeyboardEvent): void {
    const buttons = [...this.renderRoot.querySelectorAll('button')];
    const at = buttons.indexOf(this.shadowRoot?.activeElement as HTMLButtonElement);
    const last = buttons.length - 1;
    const to: Record<string, number> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const next = to[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    for (const [k, button] of buttons.entries()) button.tabIndex = k === next ? 0 : -1;
    buttons[next]!.focus();
  }

  #button({ id, title, key, hint }: ToolInfo) {
    const active = this.tools?.state.tool === id;
    const waits = this.tools?.state.blocked === 'proposal';
    return html`<button
      class="icon"
      data-tool=${id}
      aria-pressed=${active}
      aria-label=${title}
      aria-keyshortcuts=${key.toUpperCase()}
      title=${waits ? 'Keep or discard the removal first' : `${title} (${key.toUpperCase()}). ${hint}`}
      ?disabled=${waits}
      .tabIndex=${active ? 0 : -1}
      @click=${() => this.tools?.setTool(id)}
    >${toolIcons[id]}</button>`;
  }

  override render() {
    const there = TOOLS.filter(({ needs }) => needs === undefined || this.tools?.state.segments);
    const [navigate, object, ...others] = there;
    return html`<div class="strip" role="toolbar" aria-label="Selection tools"
      aria-orientation="vertical" @keydown=${this.#onKey}>
      ${this.#button(navigate!)} ${this.#button(object!)}
      <span class="gap"></span>
      ${others.map((tool) => this.#button(tool))}
    </div>`;
  }
}
customElements.define('splatmend-tool-strip', SplatmendToolStrip);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-tool-strip': SplatmendToolStrip;
  }
}
