/**
 * Several things far apart that are removed at once, one after the other: what a hole is and how near is near go by the size of
 * what was removed, and the size of all together says little about each.
 */
import type { Camera } from '../../core/camera.ts';
import { partsApart } from '../../core/far-apart.ts';
import type { Kernels } from '../../core/kernels.ts';
import { measureExtent } from '../../core/object-shape.ts';
import { applyPatchSliced } from '../../core/patch.ts';
import type { OnProgress } from '../../core/progress.ts';
import type { RemoveFigures, RemoveOptions, RemoveResult } from '../../core/remove-types.ts';
import { type Selection, selectedRows } from '../../core/selection.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { notesOn } from './figures.ts';
import { type Models, mend } from './mend.ts';

/** The things that are selected, the largest first, one byte a splat of the scene each. */
export function thingsIn(scene: SplatCloud, selection: Selection): Selection[] {
  const rows = selectedRows(selection);
  const selected = takeSplats(scene, rows);
  const parts = partsApart(selected, measureExtent(selected).radius);
  if (parts === undefined) return [selection];
  const things: Selection[] = [];
  parts.forEach((part, i) => {
    things[part] ??= new Uint8Array(scene.count);
    things[part]![rows[i]!] = 1;
  });
  return things;
}

/** As `mend` for each thing, while those to come are not there and those before it are mended. */
export async function mendParts(
  scene: SplatCloud,
  things: readonly Selection[],
  cameras: readonly Camera[],
  kernels: Kernels,
  models: Models,
  options: RemoveOptions,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<RemoveResult> {
  const inAny = things.reduce((all, thing) => all.map((v, row) => v | thing[row]!));
  const results: RemoveResult[] = [];
  let added = takeSplats(scene, []);
  for (const [k, thing] of things.entries()) {
    const others = selectedRows(inAny.map((v, row) => (thing[row] === 0 ? v : 0)));
    const before = await applyPatchSliced(scene, { removed: others, added }, signal);
    const selection = new Uint8Array(before.count);
    let at = 0;
    for (let row = 0; row < scene.count; row++) {
      if (thing[row] !== 0) selection[at] = 1;
      if (thing[row] !== 0 || inAny[row] === 0) at++;
    }
    const result = await mend(
      before,
      selection,
      cameras,
      kernels,
      models,
      options,
      (p) => onProgress({ ...p, fraction: (k + p.fraction) / things.length }),
      signal,
    );
    added = concatSplats(added, result.patch.added);
    results.push(result);
  }
  return {
    patch: { removed: selectedRows(inAny), added },
    figures: together(results.map(({ figures }) => figures)),
    filledViews: results.flatMap(({ filledViews }) => filledViews),
    backend: kernels.kind,
  };
}

/** Sums; shares weighted by what was removed, a seam's middle by what was added, and its worst as it is. */
function together(parts: readonly RemoveFigures[]): RemoveFigures {
  const sum = (of: (f: RemoveFigures) => number) => parts.reduce((all, f) => all + of(f), 0);
  const mean = (of: (f: RemoveFigures) => number, weight: (f: RemoveFigures) => number) => {
    const measured = parts.filter((f) => Number.isFinite(of(f)));
    const all = measured.reduce((total, f) => total + weight(f), 0);
    if (all === 0) return Number.NaN;
    return measured.reduce((total, f) => total + (of(f) * weight(f)) / all, 0);
  };
  const worst = (of: (f: RemoveFigures) => number) => {
    const measured = parts.map(of).filter(Number.isFinite);
    return measured.length === 0 ? Number.NaN : Math.max(...measured);
  };
  const selected = (f: RemoveFigures) => f.selected;
  const added = (f: RemoveFigures) => f.added;
  const polished = parts.flatMap(({ polish }) => (polish ? [polish] : []));
  const figures = {
    selected: sum(selected),
    added: sum(added),
    coverage: mean((f) => f.coverage, selected),
    unseen: mean((f) => f.unseen, selected),
    seamDepth: mean((f) => f.seamDepth, added),
    seamDepth90: worst((f) => f.seamDepth90),
    seamPx: mean((f) => f.seamPx, added),
    seamColour: mean((f) => f.seamColour, added),
    seamDeltaE: mean((f) => f.seamDeltaE, added),
    views: sum((f) => f.views),
  };
  const seconds: Record<string, number> = {};
  for (const f of parts) {
    for (const [step, s] of Object.entries(f.seconds)) seconds[step] = (seconds[step] ?? 0) + s;
  }
  return {
    ...figures,
    perView: parts.flatMap(({ perView }) => perView),
    ...(polished.length > 0 && {
      polish: {
        before: polished.reduce((all, p) => all + p.before / polished.length, 0),
        after: polished.reduce((all, p) => all + p.after / polished.length, 0),
      },
    }),
    seconds,
    notes: [...notesOn(figures), `${parts.length} things far apart, mended one after the other.`],
  };
}
