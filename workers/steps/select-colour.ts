/** Tools that go by colour: the eyedropper, and the flood over the picture. */
import type { Camera } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import { createMask, type Mask } from '../../core/image.ts';
import type { Marks } from '../../core/marks.ts';
import { pickSplat } from '../../core/select/pick-splat.ts';
import { buildSceneIndex } from '../../core/select/scene-index.ts';
import { surfaceUnder } from '../../core/select/under-shape.ts';
import { checkCamera, type ViewSurface, viewSurface } from '../../core/select/view-surface.ts';
import type { Selection } from '../../core/selection.ts';
import { colourOf, type SplatCloud } from '../../core/splat-cloud.ts';

/** A pixel, and how far from its colour one may be: root mean square of the three differences, 0..1. */
export interface ColourPick {
  camera: Camera;
  x: number;
  y: number;
  tolerance: number;
}

/** A cell that lets more than this share of the light through shows nothing that one could mean. */
const MOST_THROUGH = 0.8;

function check(tool: string, { camera, x, y, tolerance }: ColourPick): void {
  checkCamera(camera);
  if (Number.isFinite(x + y) && tolerance >= 0 && Number.isFinite(tolerance)) return;
  throw new SplatmendError(
    'bad-option',
    `${tool}: pixel (${x}, ${y}) with tolerance ${tolerance}; give pixels, and a tolerance from 0 to 1`,
  );
}

/**
 * All splats whose zeroth-order colour is like that of the splat seen at the pixel, wherever they are.
 * @param marks what is hidden is not seen
 * @returns nothing selected where the pixel shows nothing
 * @throws SplatmendError `bad-option`; `bad-camera`; `cancelled`
 */
export async function selectByColour(
  cloud: SplatCloud,
  pick: ColourPick,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<Selection> {
  check('colour', pick);
  const selection = new Uint8Array(cloud.count);
  await buildSceneIndex(cloud, signal);
  const row = pickSplat(cloud, pick.camera, pick, marks)?.row;
  if (row === undefined) return selection;
  // Colours are drawn within 0..1 at best: what lies beyond is not another colour.
  const c = Float32Array.from(cloud.dc.subarray(row * 3, row * 3 + 3), toShown);
  const most = 3 * pick.tolerance ** 2;
  const { dc, count } = cloud;
  for (let i = 0; i < count; i++) {
    const r = toShown(dc[i * 3]!) - c[0]!;
    const g = toShown(dc[i * 3 + 1]!) - c[1]!;
    const b = toShown(dc[i * 3 + 2]!) - c[2]!;
    if (r * r + g * g + b * b <= most) selection[i] = 1;
  }
  selection[row] = 1;
  return selection;
}

const toShown = (dc: number) => Math.max(0, Math.min(1, colourOf(dc)));

/** The connected patch of cells around the picked one whose colours are like its own. */
function floodCells(view: ViewSurface, pick: ColourPick): Mask {
  const { width, height } = view.camera;
  const cells = createMask(width, height);
  const x = Math.floor((pick.x * width) / pick.camera.width);
  const y = Math.floor((pick.y * height) / pick.camera.height);
  if (x < 0 || y < 0 || x >= width || y >= height) return cells;
  const rgb = view.rgb!.data;
  const through = view.through.data;
  const start = y * width + x;
  if (through[start]! > MOST_THROUGH) return cells;
  const most = 3 * pick.tolerance ** 2;
  const colourAt = (cell: number, c: number) => Math.min(1, rgb[cell * 3 + c]!);
  const visit = (cell: number) => {
    if (cells.data[cell] !== 0 || through[cell]! > MOST_THROUGH) return;
    let squared = 0;
    for (let c = 0; c < 3; c++) squared += (colourAt(cell, c) - colourAt(start, c)) ** 2;
    if (squared > most) return;
    cells.data[cell] = 1;
    stack.push(cell);
  };
  const stack: number[] = [];
  visit(start);
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const column = cell % width;
    if (column > 0) visit(cell - 1);
    if (column < width - 1) visit(cell + 1);
    if (cell >= width) visit(cell - width);
    if (cell < width * (height - 1)) visit(cell + width);
  }
  return cells;
}

/**
 * The visible splats of the connected patch of like colour around a pixel. The picture is a coarse one of
 * zeroth-order colours: the patch's border is exact to about three pixels.
 * @param marks what is hidden is not in the picture
 * @returns nothing selected where the pixel shows nothing
 * @throws SplatmendError `bad-option`; `bad-camera`; `cancelled`
 */
export async function selectFlood(
  cloud: SplatCloud,
  pick: ColourPick,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<Selection> {
  check('flood', pick);
  const view = await viewSurface(cloud, pick.camera, { marks, colours: true }, signal);
  return surfaceUnder(cloud, view, floodCells(view, pick));
}
