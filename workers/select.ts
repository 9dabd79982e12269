/** One selection for every tool: which step answers which request. */
import { SplatmendError } from '../core/errors.ts';
import { dropUnselectable } from '../core/marks.ts';
import type { SelectRequest } from '../core/select-types.ts';
import { countSelected, selectInVolume } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type { SelectAnswer } from './api.ts';
import { selectObject } from './steps/select-object.ts';

/**
 * @throws SplatmendError `bad-selection` for a `base`, `marks` or mask of the wrong size
 */
export async function select(
  cloud: SplatCloud,
  request: SelectRequest,
  signal?: AbortSignal,
): Promise<SelectAnswer> {
  const answer = await selectBy(cloud, request, signal);
  dropUnselectable(answer.selection, request.marks);
  return { ...answer, count: countSelected(answer.selection) };
}

type Found = Omit<SelectAnswer, 'count'>;

async function selectBy(
  cloud: SplatCloud,
  request: SelectRequest,
  signal: AbortSignal | undefined,
): Promise<Found> {
  switch (request.kind) {
    case 'object': {
      const { camera, x, y, strength } = request;
      return selectObject(
        cloud,
        camera,
        { x, y },
        strength === undefined ? {} : { strength },
        signal,
      );
    }
    case 'volume':
      return { selection: selectInVolume(cloud, request.volume), onSurface: false };
    default:
      throw new SplatmendError('bad-option', `select: ${request.kind} is not known here`);
  }
}
