import { css, html, LitElement, nothing } from 'lit';
import { toFailure } from '../../core/errors.ts';
import { serverAddress } from '../../core/server-address.ts';
import {
  MOST_WORKFLOW_BYTES,
  SERVER_KINDS,
  type ServerKind,
  type ServerSpec,
} from '../../core/server-spec.ts';
import { dialogBox, theme } from './theme.ts';

/** `<splatmend-server-dialog>`: asks which server fills the holes. Used by `askServer`. */
export class SplatmendServerDialog extends LitElement {
  static override properties = {
    kind: { state: true },
    failure: { state: true },
    workflow: { state: true },
  };

  declare kind: ServerKind;
  declare failure: string | undefined;
  /** The picked workflow's text and name. */
  declare workflow: { name: string; text: string } | undefined;
  /** What the fields show at first. */
  initial: Partial<ServerSpec> = {};
  /** Hears what the user decided: undefined where they thought better of it. */
  decided: (spec: ServerSpec | undefined) => void = () => {};

  constructor() {
    super();
    this.kind = 'iopaint';
  }

  static override styles = [
    theme,
    dialogBox,
    css`
      dialog {
        width: min(480px, calc(100vw - 32px));
        padding: 18px 22px 20px;
      }
      h2 {
        margin: 0 0 10px;
        font-size: 17px;
      }
      label {
        display: block;
        margin-top: 10px;
        font-weight: 500;
      }
      input,
      select {
        display: block;
        width: 100%;
        height: 32px;
        margin-top: 3px;
        padding: 0 9px;
        border: 1px solid var(--sm-line);
        border-radius: 8px;
        background: var(--sm-hover);
        color: inherit;
        font: inherit;
      }
      input[type='file'] {
        padding: 5px 9px;
      }
      p {
        margin: 10px 0 0;
        font-size: 12px;
      }
      .error {
        color: var(--sm-danger);
      }
      footer {
        display: flex;
        justify-content: flex-end;
        gap: 6px;
        margin-top: 14px;
      }
    `,
  ];

  override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')!.showModal();
  }

  #field(name: string): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? '';
  }

  async #pickWorkflow(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    this.failure = undefined;
    if (file === undefined) return;
    if (file.size > MOST_WORKFLOW_BYTES) this.failure = `${file.name}: over 10 MB is no workflow`;
    else this.workflow = { name: file.name, text: await file.text() };
  }

  #submit(event: Event): void {
    event.preventDefault();
    try {
      const spec = this.#spec();
      this.decided(spec);
      this.renderRoot.querySelector('dialog')!.close();
    } catch (error) {
      this.failure = toFailure(error).message;
    }
  }

  /** @throws SplatmendError, or Error with a sentence, for what is missing or cannot be used */
  #spec(): ServerSpec {
    const { kind } = this;
    const info = SERVER_KINDS[kind];
    const spec: ServerSpec = { kind, address: this.#field('address') };
    serverAddress(kind, spec.address);
    for (const name of ['key', 'model', 'prompt', 'negativePrompt'] as const) {
      const text = this.#field(name);
      if (text !== '') spec[name] = text;
    }
    const strength = this.#field('strength');
    if (strength !== '') spec.strength = Number(strength);
    if (info.model === 'needed' && !spec.model) throw new Error('Name the model.');
    if (info.workflow) {
      if (!this.workflow)
        throw new Error('Choose the workflow, exported by Workflow → Export (API).');
      spec.workflow = this.workflow.text;
    }
    return spec;
  }

  #kindChanged(event: Event): void {
    this.kind = (event.target as HTMLSelectElement).value as ServerKind;
    this.failure = undefined;
    const address = this.renderRoot.querySelector<HTMLInputElement>('[name=address]')!;
    const usual = Object.values(SERVER_KINDS).some((k) => k.usualAddress === address.value);
    if (usual) address.value = SERVER_KINDS[this.kind].usualAddress;
  }

  override render() {
    const info = SERVER_KINDS[this.kind];
    const { initial } = this;
    const text = (name: string, label: string, value: string | number | undefined, more = '') =>
      html`<label>${label}<input name=${name} .value=${String(value ?? '')} placeholder=${more}
        autocomplete="off" spellcheck="false"></label>`;
    return html`<dialog aria-label="Server that fills the holes" @close=${() => this.#closed()}>
      <form @submit=${this.#submit} @input=${() => {
        this.failure = undefined;
      }} novalidate>
        <h2>Server that fills the holes</h2>
        <label>Kind<select name="kind" .value=${this.kind} @change=${this.#kindChanged}>
          ${Object.entries(SERVER_KINDS).map(
            ([kind, { label }]) =>
              html`<option value=${kind} ?selected=${kind === this.kind}>${label}</option>`,
          )}
        </select></label>
        ${text('address', 'Address', initial.address ?? info.usualAddress, 'http://HOST:PORT')}
        ${info.model === 'needed' ? text('model', 'Model', initial.model, 'its name on the server') : nothing}
        ${
          info.workflow
            ? html`<label>Workflow, exported for the API<input type="file" name="workflow"
                accept=".json" @change=${this.#pickWorkflow}></label>
                ${this.workflow ? html`<p class="muted">${this.workflow.name}</p>` : nothing}`
            : nothing
        }
        ${info.prompt ? text('prompt', 'Prompt', initial.prompt, 'what should be there, in words') : nothing}
        ${info.negativePrompt ? text('negativePrompt', 'Not there', initial.negativePrompt) : nothing}
        ${
          info.strength
            ? html`<label>Strength<input name="strength" type="number" min="0" max="1" step="0.05"
                placeholder="the server’s own" .value=${String(initial.strength ?? '')}></label>`
            : nothing
        }
        <label>Key<input name="key" type="password" autocomplete="off" .value=${initial.key ?? ''}
          placeholder="none"></label>
        <p class="muted">Pictures of the views, and the holes in them, are sent to the address above
          and nowhere else. The key is kept in this page’s memory only, and is gone when it is closed.
          A page can only ask a server that lets it (CORS): ${info.corsAdvice}.</p>
        ${this.failure === undefined ? nothing : html`<p class="error" role="alert">${this.failure}</p>`}
        <footer>
          <button type="button" @click=${() => this.renderRoot.querySelector('dialog')!.close()}>Cancel</button>
          <button class="primary">Use it</button>
        </footer>
      </form>
    </dialog>`;
  }

  /** Escape and Cancel close it too; a decision was told before. */
  #closed(): void {
    this.decided(undefined);
    this.remove();
  }
}
customElements.define('splatmend-server-dialog', SplatmendServerDialog);

/** Asks for a server. @returns undefined where the user thought better of it */
export function askServer(initial: Partial<ServerSpec>): Promise<ServerSpec | undefined> {
  return new Promise((resolve) => {
    const dialog = document.createElement('splatmend-server-dialog');
    dialog.kind = initial.kind ?? 'iopaint';
    dialog.initial = initial;
    if (initial.workflow !== undefined) {
      dialog.workflow = { name: 'The workflow as before', text: initial.workflow };
    }
    dialog.decided = resolve;
    document.body.append(dialog);
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-server-dialog': SplatmendServerDialog;
  }
}
