/** Polish: the definition (its twin: workers/gpu/polish.ts and shaders/polish*.wgsl). */
import { SplatmendError } from '../../errors.ts';
import {
  POLISH_DEFAULTS,
  type Polished,
  type Polisher,
  type PolishOptions,
} from '../../polish-types.ts';
import { throwIfCancelled } from '../../progress.ts';
import { createPacer } from '../render/pacer.ts';
import { adamStep, ratesAt } from './adam.ts';
import { blendPlan, SUMS, weighPlan } from './blend.ts';
import { chainBack } from './chain.ts';
import { lensOf } from './lens.ts';
import { createPolishScene, type PolishPlan, type PolishScene, planPolish } from './plan.ts';
import { projectNew } from './project.ts';
import { createPolishState, hold, OFFSET, type PolishState, polishedSplats } from './state.ts';

/** Steps between two plans: order, tiles and slopes change little meanwhile. */
const STEPS_A_PLAN = 30;

/** A view sees a splat that gives it the light of this many pixels. */
const SEEN_PIXELS = 1;

/** A run of steps on one set of plans. */
export interface PolishRun {
  plans: readonly PolishPlan[];
  /** Changed in place. */
  state: PolishState;
  /** The run's steps [first, end) of `steps`; step k is against view k mod the number of views. */
  first: number;
  end: number;
  steps: number;
  depthWeight: number;
}

/** Takes a run's steps. */
export type PolishSteps = (run: PolishRun, signal: AbortSignal | undefined) => Promise<void>;

/**
 * One view's loss and its gradient.
 * @param gradient PARAMS a splat, added to; left out where only the loss is wanted
 */
export function polishGradient(
  plan: PolishPlan,
  values: Float64Array,
  depthWeight: number,
  gradient?: Float64Array,
): number {
  const lens = lensOf(plan.view.camera);
  projectNew(plan, lens, values);
  if (gradient === undefined) return blendPlan(plan, depthWeight);
  const sums = new Float64Array(plan.newCount * SUMS);
  const loss = blendPlan(plan, depthWeight, sums);
  chainBack(plan, lens, values, sums, gradient);
  return loss;
}

const stepsOnCpu: PolishSteps = async (run, signal) => {
  const { plans, state, first, end, steps, depthWeight } = run;
  const pause = createPacer(signal);
  const gradient = new Float64Array(state.values.length);
  for (let step = first; step < end; step++) {
    gradient.fill(0);
    polishGradient(plans[step % plans.length]!, state.values, depthWeight, gradient);
    adamStep(state, gradient, ratesAt(step, steps));
    await pause();
  }
};

/**
 * Holds what the pictures do not say. A splat that no view sees stays as it is: Adam's steps are as long for the faintest
 * gradient. Place and rotation stay where fewer than two views see it: one picture is met as well by splats that lie anywhere
 * (the sample's books with the truth as the painted picture, one view: 40.9 dB from held cameras by colour, opacity and scales,
 * 36.0 dB with place and rotation, 38.2 dB without a polish).
 * @returns whether any splat may still move
 */
function holdUnconstrained(plans: readonly PolishPlan[], state: PolishState): boolean {
  const views = new Uint8Array(state.count);
  for (const plan of plans) {
    weighPlan(plan).forEach((pixels, k) => {
      if (pixels >= SEEN_PIXELS) views[plan.rows[k]!]!++;
    });
  }
  for (let row = 0; row < state.count; row++) {
    if (views[row]! < 2) hold(state, row, views[row] === 0 ? 0 : OFFSET);
  }
  return views.some((seen) => seen >= 2);
}

/** A polisher whose steps are taken by `take`: plans, bounds and the last word are the same for both twins. */
export function createPolisher(take: PolishSteps): Polisher {
  return {
    async polish(splats, views, options: PolishOptions = {}, onStep = () => {}, signal) {
      throwIfCancelled(signal);
      const { steps, depthWeight: wish } = { ...POLISH_DEFAULTS, ...options };
      if (!(Number.isInteger(steps) && steps >= 0 && wish >= 0)) {
        throw new SplatmendError(
          'bad-option',
          `polish: ${steps} steps with depth weight ${wish}; give a whole number of steps and a weight, neither negative`,
        );
      }
      const scenes: PolishScene[] = [];
      for (const view of views) {
        const scene = await createPolishScene(view, signal);
        if (scene !== undefined) scenes.push(scene);
      }
      const unchanged: Polished = { splats, before: 0, after: 0 };
      if (scenes.length === 0 || splats.count === 0) return unchanged;
      const state = createPolishState(splats);
      const pause = createPacer(signal);
      const planAll = async (now: typeof splats) => {
        const plans: PolishPlan[] = [];
        for (const scene of scenes) {
          plans.push(planPolish(scene, now, state));
          await pause();
        }
        return plans;
      };
      let now = splats;
      let plans = await planAll(now);
      // Where nothing moves, a wrong depth would be made good by opacity and size: 2 dB worse on the same books.
      const depthWeight = holdUnconstrained(plans, state) ? wish : 0;
      const meanLoss = () =>
        plans.reduce((sum, plan) => sum + polishGradient(plan, state.values, depthWeight), 0) /
        plans.length;
      const before = meanLoss();
      for (let first = 0; first < steps; ) {
        const end = Math.min(steps, first + Math.max(STEPS_A_PLAN, scenes.length));
        await take({ plans, state, first, end, steps, depthWeight }, signal);
        throwIfCancelled(signal);
        now = polishedSplats(splats, state);
        plans = await planAll(now);
        onStep(end / steps);
        first = end;
      }
      const after = meanLoss();
      return after < before
        ? { splats: now, before, after }
        : { ...unchanged, before, after: before };
    },
  };
}

export const polishCpu: Polisher['polish'] = createPolisher(stepsOnCpu).polish;
