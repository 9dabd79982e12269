import { html } from 'lit';
import { serverAddress } from '../../core/server-address.ts';
import { type DepthServerSpec, SERVER_KINDS } from '../../core/server-spec.ts';
import { asked, ServerQuestion } from './server-question.ts';

const OIP = SERVER_KINDS.oip;
/** What a depth model's numbers can be. */
const GIVES: Record<NonNullable<DepthServerSpec['gives']>, string> = {
  'inverse-depth': 'Larger is nearer (Depth Anything, MiDaS)',
  depth: 'Distances (metric models)',
};

/** `<splatmend-depth-server-dialog>`: asks which server guesses depth. Used by `askDepthServer`. */
export class SplatmendDepthServerDialog extends ServerQuestion<DepthServerSpec> {
  protected readonly heading = 'Server that guesses depth';

  protected sent = () => 'Pictures of the views, or the photo, are';
  protected advice = () => OIP.corsAdvice;

  protected spec(): DepthServerSpec {
    const [address, model, key] = [this.field('address'), this.field('model'), this.field('key')];
    serverAddress('oip', address);
    if (model === '') throw new Error('Name the model.');
    const gives = this.field('gives') as NonNullable<DepthServerSpec['gives']>;
    return { address, model, gives, ...(key !== '' && { key }) };
  }

  protected fields() {
    const { initial } = this;
    const gives = initial.gives ?? 'inverse-depth';
    return html`<p class="muted">A depth model behind the ${OIP.label}, version 2: Triton, KServe, Ray Serve, OpenVINO Model Server.</p>
      ${this.text('address', 'Address', initial.address ?? OIP.usualAddress, 'http://HOST:PORT')}
      ${this.text('model', 'Model', initial.model, 'its name on the server')}
      <label>Its numbers<select name="gives" .value=${gives}>
        ${Object.entries(GIVES).map(
          ([value, label]) =>
            html`<option value=${value} ?selected=${value === gives}>${label}</option>`,
        )}
      </select></label>`;
  }
}
customElements.define('splatmend-depth-server-dialog', SplatmendDepthServerDialog);

/** Asks for a depth server. @returns undefined where the user thought better of it */
export const askDepthServer = (
  initial: Partial<DepthServerSpec>,
): Promise<DepthServerSpec | undefined> =>
  asked(document.createElement('splatmend-depth-server-dialog'), initial);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-depth-server-dialog': SplatmendDepthServerDialog;
  }
}
