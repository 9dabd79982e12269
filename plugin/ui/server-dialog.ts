import { html, nothing } from 'lit';
import { serverAddress } from '../../core/server-address.ts';
import {
  MOST_WORKFLOW_BYTES,
  SERVER_KINDS,
  type ServerKind,
  type ServerSpec,
} from '../../core/server-spec.ts';
import { asked, ServerQuestion } from './server-question.ts';

/** `<splatmend-server-dialog>`: asks which server fills the holes. Used by `askServer`. */
export class SplatmendServerDialog extends ServerQuestion<ServerSpec> {
  static override properties = { kind: { state: true }, workflow: { state: true } };

  declare kind: ServerKind;
  /** The picked workflow's text and name. */
  declare workflow: { name: string; text: string } | undefined;

  protected readonly heading = 'Server that fills the holes';

  constructor() {
    super();
    this.kind = 'iopaint';
  }

  protected sent = () => 'Pictures of the views, and the holes in them, are';
  protected advice = () => SERVER_KINDS[this.kind].corsAdvice;

  async #pickWorkflow(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    this.failure = undefined;
    if (file === undefined) return;
    if (file.size > MOST_WORKFLOW_BYTES) this.failure = `${file.name}: over 10 MB is no workflow`;
    else this.workflow = { name: file.name, text: await file.text() };
  }

  protected spec(): ServerSpec {
    const { kind } = this;
    const info = SERVER_KINDS[kind];
    const spec: ServerSpec = { kind, address: this.field('address') };
    serverAddress(kind, spec.address);
    for (const name of ['key', 'model', 'prompt', 'negativePrompt'] as const) {
      const text = this.field(name);
      if (text !== '') spec[name] = text;
    }
    const strength = this.field('strength');
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

  protected fields() {
    const info = SERVER_KINDS[this.kind];
    const { initial } = this;
    return html`<label>Kind<select name="kind" .value=${this.kind} @change=${this.#kindChanged}>
        ${Object.entries(SERVER_KINDS).map(
          ([kind, { label }]) =>
            html`<option value=${kind} ?selected=${kind === this.kind}>${label}</option>`,
        )}
      </select></label>
      ${this.text('address', 'Address', initial.address ?? info.usualAddress, 'http://HOST:PORT')}
      ${info.model === 'needed' ? this.text('model', 'Model', initial.model, 'its name on the server') : nothing}
      ${
        info.workflow
          ? html`<label>Workflow, exported for the API<input type="file" name="workflow"
              accept=".json" @change=${this.#pickWorkflow}></label>
              ${this.workflow ? html`<p class="muted">${this.workflow.name}</p>` : nothing}`
          : nothing
      }
      ${info.prompt ? this.text('prompt', 'Prompt', initial.prompt, 'what should be there, in words') : nothing}
      ${info.negativePrompt ? this.text('negativePrompt', 'Not there', initial.negativePrompt) : nothing}
      ${
        info.strength
          ? html`<label>Strength<input name="strength" type="number" min="0" max="1" step="0.05"
              placeholder="the server’s own" .value=${String(initial.strength ?? '')}></label>`
          : nothing
      }`;
  }
}
customElements.define('splatmend-server-dialog', SplatmendServerDialog);

/** Asks for a server. @returns undefined where the user thought better of it */
export function askServer(initial: Partial<ServerSpec>): Promise<ServerSpec | undefined> {
  const dialog = document.createElement('splatmend-server-dialog');
  dialog.kind = initial.kind ?? 'iopaint';
  if (initial.workflow !== undefined) {
    dialog.workflow = { name: 'The workflow as before', text: initial.workflow };
  }
  return asked(dialog, initial);
}

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-server-dialog': SplatmendServerDialog;
  }
}
