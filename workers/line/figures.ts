import type { Camera } from '../../core/camera.ts';
import { quantile } from '../../core/quantile.ts';
import type { ViewFigures } from '../../core/remove-types.ts';
import type { SeamSteps } from '../steps/measure-seam.ts';
import type { FilledPatch } from './fill-view.ts';

/** Figures of the views that were filled, as they come. */
export class FillTally {
  readonly perView: ViewFigures[] = [];
  #seamDepth: number[] = [];
  #seamPx: number[] = [];
  #seamColour: number[] = [];
  #seamDeltaE: number[] = [];

  add({ seam, view, filled }: FilledPatch): void {
    this.#addSeam(seam, view.camera);
    const { id } = view.camera;
    this.perView.push({ ...(id === undefined ? {} : { id }), filled, added: view.added });
  }

  /** The views' seams as they are after a polish, in place of those before. */
  setSeams(seams: readonly SeamSteps[], cameras: readonly Camera[]): void {
    this.#seamDepth = [];
    this.#seamPx = [];
    this.#seamColour = [];
    this.#seamDeltaE = [];
    for (const [k, seam] of seams.entries()) this.#addSeam(seam, cameras[k]!);
  }

  #addSeam(seam: SeamSteps, camera: Camera): void {
    for (const step of seam.depth) {
      this.#seamDepth.push(step);
      // A step of one pixel's footprint, z / fx, is the relative step 1 / fx.
      this.#seamPx.push(step * camera.fx);
    }
    for (const step of seam.colour) this.#seamColour.push(step);
    for (const step of seam.deltaE) this.#seamDeltaE.push(step);
  }

  get seam() {
    return {
      seamDepth: quantile(this.#seamDepth, 0.5),
      seamDepth90: quantile(this.#seamDepth, 0.9),
      seamPx: quantile(this.#seamPx, 0.5),
      seamColour: quantile(this.#seamColour, 0.5),
      seamDeltaE: quantile(this.#seamDeltaE, 0.5),
    };
  }
}

export interface Outcome {
  /** Shares of the hole, 0..1. */
  coverage: number;
  unseen: number;
  views: number;
  added: number;
  /** NaN where there is no seam to measure. */
  seamPx: number;
  seamDepth: number;
}

/** Below this share what is left open is not worth a word. */
const WORTH_SAYING = 0.02;
/** Below this share of the hole it is said why more was not filled. */
const WELL_COVERED = 0.9;

/** Plain sentences on what was and was not mended. */
export function notesOn(outcome: Outcome): string[] {
  const { coverage, unseen, views, seamPx, seamDepth } = outcome;
  const leftOpen = unseen >= WORTH_SAYING;
  if (outcome.added === 0) {
    return [
      leftOpen || coverage < WELL_COVERED
        ? 'Nothing was filled: the hole borders on nothing that was captured, and is left open.'
        : 'Nothing was filled: no hole shows where the splats were.',
    ];
  }
  const parts = [
    `Filled ${wholePercent(coverage)} of the hole from ${views} view${views === 1 ? '' : 's'}`,
  ];
  if (Number.isFinite(seamPx)) {
    parts.push(`seam ${tenths(seamPx)} px / ${tenths(100 * seamDepth)} % of depth`);
  }
  if (leftOpen) {
    parts.push(`${wholePercent(unseen)} borders on nothing that was captured, and is left open`);
  }
  const notes = [`${parts.join('; ')}.`];
  if (coverage < WELL_COVERED && !leftOpen) {
    notes.push(
      'Some of the hole is seen only at a glancing angle; a look from another side fills more.',
    );
  }
  return notes;
}

const tenths = (value: number) => (value < 0.1 ? 'under 0.1' : value.toFixed(1));

/** Never `100 %` of what is not all. */
function wholePercent(share: number): string {
  const percent = share >= 0.9995 ? 100 : Math.min(99, Math.round(100 * share));
  return `${percent} %`;
}
