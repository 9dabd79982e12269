/** One selection for every tool: which step answers which request. */
import { SplatmendError } from '../core/errors.ts';
import { dropUnselectable, type Marks } from '../core/marks.ts';
import type { SelectRequest } from '../core/select-types.ts';
import { countSelected, type Selection, selectInVolume } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type { SelectAnswer } from './api.ts';
import { refineSelection } from './steps/refine-selection.ts';
import { selectByColour, selectFlood } from './steps/select-colour.ts';
import { growSelection } from './steps/select-grow.ts';
import { selectHalo } from './steps/select-halo.ts';
import { selectMask } from './steps/select-mask.ts';
import { selectObject } from './steps/select-object.ts';
import { selectShape } from './steps/select-shape.ts';

/**
 * @throws SplatmendError `bad-selection` for a `base`, `marks` or mask of the wrong size; `bad-option` for numbers that
 * are not finite or out of range; `bad-camera`; `cancelled`
 */
export async function select(
  cloud: SplatCloud,
  request: SelectRequest,
  signal?: AbortSignal,
): Promise<SelectAnswer> {
  checkLength('marks', request.marks, cloud);
  if ('base' in request) checkLength('base', request.base, cloud);
  const answer = await selectBy(cloud, request, signal);
  if (request.marks === undefined && answer.count !== undefined) {
    return { ...answer, count: answer.count };
  }
  dropUnselectable(answer.selection, request.marks);
  return { ...answer, count: countSelected(answer.selection) };
}

function checkLength(name: string, bytes: Uint8Array | undefined, cloud: SplatCloud): void {
  if (bytes === undefined || bytes.length === cloud.count) return;
  throw new SplatmendError(
    'bad-selection',
    `select: ${name} has ${bytes.length} bytes for ${cloud.count} splats; give one a splat of this scene`,
  );
}

/** What is left out is left out, so that it does not stand in a default's place. */
function strengthOf({ strength, marks }: { strength?: number; marks?: Marks }) {
  return { ...(strength !== undefined && { strength }), ...(marks && { marks }) };
}

/** The count where a step has counted. */
type Found = Omit<SelectAnswer, 'count'> & { count?: number };

async function selectBy(
  cloud: SplatCloud,
  request: SelectRequest,
  signal: AbortSignal | undefined,
): Promise<Found> {
  switch (request.kind) {
    case 'object': {
      const { camera, x, y } = request;
      return selectObject(cloud, camera, { x, y }, strengthOf(request), signal);
    }
    default:
      return { selection: await selectSplats(cloud, request, signal), onSurface: false };
  }
}

async function selectSplats(
  cloud: SplatCloud,
  request: Exclude<SelectRequest, { kind: 'object' }>,
  signal: AbortSignal | undefined,
): Promise<Selection> {
  const { marks } = request;
  switch (request.kind) {
    case 'rectangle':
    case 'polygon':
    case 'brush':
      return selectShape(cloud, request, marks, signal);
    case 'refine': {
      const { camera, base, strokes, sign } = request;
      return refineSelection(cloud, camera, base, strokes, sign, strengthOf(request), signal);
    }
    case 'mask':
      return selectMask(cloud, request, marks, signal);
    case 'flood':
      return selectFlood(cloud, request, marks, signal);
    case 'colour':
      return selectByColour(cloud, request, marks, signal);
    case 'volume':
      return selectInVolume(cloud, request.volume);
    case 'grow':
    case 'shrink':
      return growSelection(cloud, request.base, request.kind, request.steps, marks, signal);
    case 'halo':
      return selectHalo(cloud, request.base, marks, signal);
    default:
      throw new SplatmendError(
        'bad-option',
        `select: ${(request as { kind: string }).kind} is not known here`,
      );
  }
}
