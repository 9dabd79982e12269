import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from 'lit';
import { toFailure } from '../../core/errors.ts';
import { dialogBox, theme } from './theme.ts';

/** A dialog that asks for a server: its fields, what is sent where, a key. Made for one question, and gone after it. */
export abstract class ServerQuestion<Spec extends { key?: string }> extends LitElement {
  static override properties: PropertyDeclarations = { failure: { state: true } };

  declare failure: string | undefined;
  /** What the fields show at first. */
  initial: Partial<Spec> = {};
  /** Hears what the user decided: undefined where they thought better of it. */
  decided: (spec: Spec | undefined) => void = () => {};

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

  protected abstract readonly heading: string;
  protected abstract fields(): TemplateResult;
  /** What is sent there. */
  protected abstract sent(): string;
  /** What lets a page ask it. */
  protected abstract advice(): string;
  /** @throws SplatmendError, or Error with a sentence, for what is missing or cannot be used */
  protected abstract spec(): Spec;

  override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')!.showModal();
  }

  protected field(name: string): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? '';
  }

  protected text(name: string, label: string, value: string | undefined, placeholder = '') {
    return html`<label>${label}<input name=${name} .value=${value ?? ''} placeholder=${placeholder}
      autocomplete="off" spellcheck="false"></label>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    try {
      this.decided(this.spec());
      this.renderRoot.querySelector('dialog')!.close();
    } catch (error) {
      this.failure = toFailure(error).message;
    }
  }

  override render() {
    // The page under it must not hear its keys: Escape there discards what waits.
    return html`<dialog aria-label=${this.heading} @close=${() => this.#closed()}
      @keydown=${(e: Event) => e.stopPropagation()}>
      <form @submit=${this.#submit} @input=${() => {
        this.failure = undefined;
      }} novalidate>
        <h2>${this.heading}</h2>
        ${this.fields()}
        <label>Key<input name="key" type="password" autocomplete="off" .value=${this.initial.key ?? ''}
          placeholder="none"></label>
        <p class="muted">${this.sent()} sent to the address above
          and nowhere else. The key is kept in this page’s memory only, and is gone when it is closed.
          A page can only ask a server that lets it (CORS): ${this.advice()}.</p>
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

/** Shows the question. @returns undefined where the user thought better of it */
export function asked<Spec extends { key?: string }>(
  question: ServerQuestion<Spec>,
  initial: Partial<Spec>,
): Promise<Spec | undefined> {
  return new Promise((resolve) => {
    question.initial = initial;
    question.decided = resolve;
    document.body.append(question);
  });
}
