import { html, type TemplateResult } from 'lit';
import { LENS_DEFAULTS, PHOTO_DEFAULTS, PHOTO_MAX_SIDE_PX } from '../../core/photo-types.ts';
import { PHOTO_SIDES_PX } from './given-photo.ts';
import type { PhotoWishes } from './open-photo.ts';

/** What the dialog offers of the line's options; the others keep their defaults. */
export type OfferedWishes = Required<
  Pick<PhotoWishes, 'fovDeg' | 'farOverNear' | 'layers' | 'maxSidePx'>
>;

export const OFFERED_DEFAULTS: OfferedWishes = {
  fovDeg: LENS_DEFAULTS.fovDeg,
  farOverNear: LENS_DEFAULTS.farOverNear,
  layers: PHOTO_DEFAULTS.layers,
  maxSidePx: PHOTO_MAX_SIDE_PX,
};

/** Bounds of the fields that are typed, within the line's own. */
export const TYPED_BOUNDS = { fovDeg: [2, 150], farOverNear: [1.1, 1000] } as const;

/** The first typed number that is out of bounds, as a sentence; undefined where all can be used. */
export function typedFault(wishes: OfferedWishes): string | undefined {
  const fields = { fovDeg: 'Field of view', farOverNear: 'Far ÷ near' } as const;
  for (const [name, label] of Object.entries(fields)) {
    const [least, most] = TYPED_BOUNDS[name as keyof typeof fields];
    const value = wishes[name as keyof typeof fields];
    if (!(value >= least && value <= most))
      return `${label}: give a number from ${least} to ${most}.`;
  }
  return undefined;
}

/**
 * The options' fields.
 * @param spread whether the depth is relative, and has to be spread
 * @param lensSaid whether the angle is what the photo's EXIF says
 */
export function photoOptions(
  wishes: OfferedWishes,
  change: (one: Partial<OfferedWishes>) => void,
  { spread, lensSaid, disabled }: { spread: boolean; lensSaid: boolean; disabled: boolean },
): TemplateResult {
  const typed = (name: keyof typeof TYPED_BOUNDS) =>
    html`<input type="number" required min=${TYPED_BOUNDS[name][0]} max=${TYPED_BOUNDS[name][1]} step="any"
      .value=${`${wishes[name]}`} ?disabled=${disabled} @input=${(event: Event) =>
        change({ [name]: (event.target as HTMLInputElement).valueAsNumber })} />`;
  const choice = (
    name: 'layers' | 'maxSidePx',
    values: readonly number[],
    label: (v: number) => string,
  ) =>
    html`<select ?disabled=${disabled} .value=${`${wishes[name]}`} @change=${(event: Event) =>
      change({ [name]: Number((event.target as HTMLSelectElement).value) })}>
      ${values.map((v) => html`<option value=${v} ?selected=${v === wishes[name]}>${label(v)}</option>`)}
    </select>`;
  return html`<label title="The photo's horizontal angle: 55 to 70° for a phone, less for a zoom">
      Field of view ${typed('fovDeg')}°${
        lensSaid
          ? html` <span class="muted" title="By its EXIF: the focal length as of a 35 mm camera">from the photo</span>`
          : ''
      }</label>
    ${
      spread
        ? html`<label title="How many times as far the farthest is as the nearest: relative depth does not say">
            Far ÷ near ${typed('farOverNear')}</label>`
        : ''
    }
    <label title="What is filled in behind each outline, and behind that again">Layers behind
      ${choice('layers', [0, 1, 2, 3, 4], (v) => (v === 0 ? 'None' : `${v}`))}</label>
    <label title="A splat a pixel: larger shows more and takes longer">Longer side
      ${choice('maxSidePx', PHOTO_SIDES_PX, (v) => `${v.toLocaleString('en')} px`)}</label>`;
}
