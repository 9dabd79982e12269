/** Frames with part of their depth withheld, as sources of views, and what each view gives alone. */
import { parseCamera } from '../../core/camera.ts';
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import type { DepthProblem } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';
import { spreadColours } from '../../core/refine/prepare-view.ts';
import type { PosedView, ViewSource } from '../../core/refine/view.ts';
import { openFrames } from '../depth/frames.ts';
import { randomMask } from '../depth/masks.ts';
import { baselines, GUIDED, OURS } from '../depth/methods.ts';

/** Of one view. Arrays have its size. */
export interface Truth {
  view: PosedView;
  /** World units, 0 = unknown. */
  depth: Float32Array;
  /** The same without what is withheld. */
  given: Float32Array;
  /** 1 = withheld, and counts. */
  withheld: Uint8Array;
}

export interface Case {
  key: string;
  name: string;
  title: string;
  source: ViewSource;
  truth: Truth[];
}

type Withhold = (width: number, height: number, random: () => number) => Uint8Array;

const pixels =
  (share: number): Withhold =>
  (width, height, random) =>
    Uint8Array.from({ length: width * height }, () => (random() < share ? 1 : 0));
const masks =
  (share: number): Withhold =>
  (width, height, random) =>
    randomMask(width, height, share, random);

const WITHHELD: Record<string, { name: string; withhold: Withhold }> = {
  'pixels-0.5': { name: '0.5 % withheld, single pixels', withhold: pixels(0.005) },
  'masks-10': { name: '10 % withheld, masks', withhold: masks(0.1) },
  'masks-50': { name: '50 % withheld, masks', withhold: masks(0.5) },
  'kept-0.5': { name: '99.5 % withheld', withhold: pixels(0.995) },
};

/** Every case on the frames of a folder; masks are drawn anew a frame. */
export async function casesOf(
  folder: string,
  { half, every, seed }: { half: boolean; every: number; seed: number },
): Promise<Case[]> {
  const set = await openFrames(folder, half);
  const ids = set.ids.filter((_, i) => i % every === 0);
  const cases: Case[] = [];
  for (const [key, { name, withhold }] of Object.entries(WITHHELD)) {
    const random = createRandom(seed);
    const truth: Truth[] = [];
    for (const id of ids) {
      const frame = await set.read(id);
      const { width, height, depth } = frame;
      const { fx, fy, cx, cy } = set;
      const camera = parseCamera({
        ...{ width, height, fx, fy, cx, cy },
        cameraToWorld: frame.cameraToWorld,
      });
      const mask = withhold(width, height, random);
      const given = depth.map((z, i) => (mask[i] !== 0 ? 0 : z));
      const rgb = { width, height, data: frame.rgb };
      const view = { id, camera, rgb, depth: { width, height, data: given } };
      truth.push({ view, depth, given, withheld: mask });
    }
    const title = `${ids.length} frames of ${set.width} × ${set.height}`;
    const source = sourceOf(truth.map((t) => t.view));
    cases.push({ key, name, title, source, truth });
  }
  return cases;
}

export function sourceOf(views: readonly PosedView[]): ViewSource {
  return {
    kind: 'bench',
    ids: views.map((view) => view.id),
    notes: [],
    load: async (index) => views[index]!,
  };
}

/** Each view by itself: depth of every pixel from what it was given. */
export function alone(): Record<string, (t: Truth) => Promise<Float32Array>> {
  const all = baselines();
  const problemOf = ({ view, given }: Truth): DepthProblem => ({
    depth: view.depth,
    known: { ...view.depth, data: Uint8Array.from(given, (z) => (z > 0 ? 1 : 0)) },
    ...(view.rgb && {
      rgb: view.coloured
        ? { ...view.rgb, data: spreadColours(view.rgb.data, view.coloured) }
        : view.rgb,
    }),
  });
  const of = (method: (p: DepthProblem) => unknown) => async (t: Truth) => {
    const answer = await method(problemOf(t));
    return answer as Float32Array;
  };
  return {
    nearest: of(all.nearest!),
    [GUIDED]: of(all[GUIDED]!),
    [OURS]: of(async (p) => (await completeDepthCpu(p)).depth.data),
  };
}
