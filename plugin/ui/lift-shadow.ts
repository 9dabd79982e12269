import { KeptChoice, KeptSwitch } from './kept-switch.ts';

/** Whether a removal takes the object's cast shadow away, too: that changes splats beside the object. */
export const shadowLifted = new KeptChoice('splatmend-lift-shadow');

/** `<splatmend-lift-shadow>`: the switch for it. */
export class SplatmendLiftShadow extends KeptSwitch {
  protected readonly choice = shadowLifted;
  protected readonly label = 'Lift its shadow, too';
  protected readonly what =
    'Brighten what lies in the object’s cast shadow; else nothing but the selection is changed';
}
customElements.define('splatmend-lift-shadow', SplatmendLiftShadow);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-lift-shadow': SplatmendLiftShadow;
  }
}
