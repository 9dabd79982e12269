import { KeptChoice, KeptSwitch } from './kept-switch.ts';

/** Whether the user wants to see and correct the mask before each mending. */
export const maskFirst = new KeptChoice('splatmend-mask-first');

/** `<splatmend-mask-first>`: the switch for it. */
export class SplatmendMaskFirst extends KeptSwitch {
  protected readonly choice = maskFirst;
  protected readonly label = 'Check the mask before mending';
  protected readonly what = 'See the hole and paint on it before it is mended';
}
customElements.define('splatmend-mask-first', SplatmendMaskFirst);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-mask-first': SplatmendMaskFirst;
  }
}
