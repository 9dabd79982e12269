/** Removal of a mending scene's object, small, and what the result is measured by. */
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import type { Kernels } from '../../core/kernels.ts';
import type { OnProgress } from '../../core/progress.ts';
import type { RemoveOptions, RemoveResult } from '../../core/remove-types.ts';
import { SH_C0, type SplatCloud } from '../../core/splat-cloud.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { remove } from '../../workers/remove.ts';
import type { HiddenSplat, MendingScene } from './mending-scene.ts';

export const SMALL: RemoveOptions = { resolution: 96, views: 3, seed: 1 };

export interface RunOverrides {
  options?: RemoveOptions;
  kernels?: Kernels;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

export function mend(scene: MendingScene, over: RunOverrides = {}): Promise<RemoveResult> {
  return remove(
    scene.cloud,
    scene.selection,
    scene.cameras,
    over.kernels ?? createCpuKernels(),
    { inpainter: createExemplarInpainter() },
    { ...SMALL, ...over.options },
    over.onProgress,
    over.signal,
  );
}

/** Row of the splat that is nearest to a point, and its distance. */
export function nearest(cloud: SplatCloud, point: ArrayLike<number>): { row: number; d: number } {
  let row = -1;
  let d = Number.POSITIVE_INFINITY;
  const p = cloud.positions;
  for (let i = 0; i < cloud.count; i++) {
    const e = Math.hypot(
      p[i * 3]! - point[0]!,
      p[i * 3 + 1]! - point[1]!,
      p[i * 3 + 2]! - point[2]!,
    );
    if (e < d) {
      d = e;
      row = i;
    }
  }
  return { row, d };
}

export interface Truth {
  /** Share of the hidden splats with a new one within a spacing, 0..1. */
  covered: number;
  /** Largest distance of a new splat from the support, in spacings. */
  offSupport: number;
  /** Mean |Δrgb| between each hidden splat and the nearest new one. */
  colour: number;
}

export function againstTruth(scene: MendingScene, added: SplatCloud): Truth {
  let covered = 0;
  let colour = 0;
  scene.hidden.forEach((h: HiddenSplat) => {
    const { row, d } = nearest(added, h.position);
    if (row < 0) return;
    if (d <= scene.spacing) covered++;
    for (let k = 0; k < 3; k++)
      colour += Math.abs(0.5 + SH_C0 * added.dc[row * 3 + k]! - h.rgb[k]!) / 3;
  });
  let offSupport = 0;
  for (let i = 0; i < added.count; i++) {
    const off = Math.abs(added.positions[i * 3 + 2]! - scene.supportZ) / scene.spacing;
    offSupport = Math.max(offSupport, off);
  }
  const n = scene.hidden.length;
  return { covered: covered / n, offSupport, colour: colour / n };
}
