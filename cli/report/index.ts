/** The report of a removal: pictures from several sides, how each fill was made, and the figures. */
import type { Camera } from '../../core/camera.ts';
import { CONFIDENCE_MAP, DEPTH_MAP, robustRange } from '../../core/colour-map.ts';
import { countMask, type Mask, maskBounds } from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import { deletedRows } from '../../core/patch.ts';
import { fullRect, growRect, mappedPicture, maskPicture, rgbPicture } from '../../core/pictures.ts';
import { breathe, throwIfCancelled } from '../../core/progress.ts';
import type { FilledView, RemoveResult } from '../../core/remove-types.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { type FillPictures, type ReportFacts, reportPage, type ViewPictures } from './page.ts';
import { encodePng } from './png.ts';
import { chooseReportCameras, closeUp, type HolePlace, holePlace } from './report-cameras.ts';
import { createStateRenderer, STATES, type State, type StateRenderer } from './states.ts';

/** The page's file name in the report's folder. */
export const REPORT_PAGE = 'report.html';

export interface ReportRequest {
  scene: SplatCloud;
  result: RemoveResult;
  /** The cameras that the user gave; may be none. */
  cameras: readonly Camera[];
  kernels: Kernels;
  facts: Omit<ReportFacts, 'figures' | 'backend'>;
}

/** Renders and lays out the report. The answer's files are for one folder, the page last. */
export async function makeReport(
  request: ReportRequest,
  onFraction?: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const { scene, result, cameras, kernels } = request;
  const files = new Map<string, Uint8Array>();
  const place = holePlace(scene, deletedRows(result));
  const states = await createStateRenderer(kernels, scene, result);
  const views: ViewPictures[] = [];
  try {
    const chosen = await chooseReportCameras(
      scene,
      place,
      cameras,
      result.filledViews.map((v) => v.camera),
      (camera) => states.seen(camera, signal),
    );
    for (const [i, { camera, caption }] of chosen.entries()) {
      views.push(await renderView(states, camera, caption, place, signal));
      const { full, close } = views[i]!;
      for (const state of STATES) {
        files.set(`view-${i + 1}-${state}.png`, full[state]);
        files.set(`view-${i + 1}-${state}-close.png`, close[state]);
      }
      onFraction?.((0.9 * (i + 1)) / chosen.length);
    }
  } finally {
    states.destroy();
  }

  const fills: FillPictures[] = [];
  for (const [i, view] of result.filledViews.entries()) {
    throwIfCancelled(signal);
    await breathe();
    const fill = fillPictures(view, `Fill ${i + 1}, from ${view.camera.id ?? 'a chosen camera'}`);
    fills.push(fill);
    const { before, mask, inpainted, depthBefore, depthCompleted, confidence } = fill;
    const name = `fill-${i + 1}`;
    files.set(`${name}-before.png`, before);
    files.set(`${name}-mask.png`, mask);
    files.set(`${name}-inpainted.png`, inpainted);
    files.set(`${name}-depth-before.png`, depthBefore);
    files.set(`${name}-depth-completed.png`, depthCompleted);
    files.set(`${name}-confidence.png`, confidence);
  }
  const page = reportPage(
    { ...request.facts, figures: result.figures, backend: result.backend },
    views,
    fills,
  );
  files.set(REPORT_PAGE, new TextEncoder().encode(page));
  onFraction?.(1);
  return files;
}

async function renderView(
  states: StateRenderer,
  camera: Camera,
  caption: string,
  place: HolePlace,
  signal: AbortSignal | undefined,
): Promise<ViewPictures> {
  const near = closeUp(camera, place);
  const full = {} as Record<State, Uint8Array>;
  const close = {} as Record<State, Uint8Array>;
  for (const state of STATES) {
    throwIfCancelled(signal);
    await breathe();
    full[state] = encodePng(rgbPicture((await states.render(camera, state, signal)).rgb));
    close[state] = encodePng(rgbPicture((await states.render(near, state, signal)).rgb));
  }
  return { caption, full, close };
}

/** The hole and a surrounding of half its size, at least a quarter of the picture's shorter side. */
function cropOf(mask: Mask) {
  const tight = maskBounds(mask);
  if (tight === undefined) return fullRect(mask);
  const margin = Math.round(Math.max(tight.x1 - tight.x0, tight.y1 - tight.y0) / 2);
  const least = Math.round(Math.min(mask.width, mask.height) / 4);
  return growRect(maskBounds(mask, margin)!, Math.round((least * 4) / 3), least, mask);
}

function fillPictures(view: FilledView, caption: string): FillPictures {
  const rect = cropOf(view.mask);
  const depthRange = robustRange([view.depthBefore, view.depthCompleted], rect);
  const depth = (image: FilledView['depthBefore']) =>
    encodePng(mappedPicture(image, DEPTH_MAP, depthRange, rect, 0));
  return {
    caption,
    before: encodePng(rgbPicture(view.rgbBefore, rect)),
    mask: encodePng(maskPicture(view.rgbBefore, view.mask, view.footprint, rect)),
    inpainted: encodePng(rgbPicture(view.rgbInpainted, rect)),
    depthBefore: depth(view.depthBefore),
    depthCompleted: depth(view.depthCompleted),
    confidence: encodePng(
      mappedPicture(view.confidence, CONFIDENCE_MAP, { low: 0, high: 1 }, rect),
    ),
    depthRange,
    maskPixels: countMask(view.mask),
    added: view.added,
  };
}
