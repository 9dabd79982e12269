/** `--path view|orbit|ring|FILE` of `splatmend extend`. */

import { SplatmendError } from '../core/errors.ts';
import type { ExtendPath } from '../core/extend-types.ts';
import { parseCameras } from './camera-input.ts';
import { readJson } from './files.ts';

/** More views than these are no path to extend along but a capture's film. */
const MOST_CAMERAS = 720;

/**
 * A file named `ring` is given as `./ring`.
 * @throws SplatmendError `bad-camera`, `not-readable`
 */
export async function readPath(text: string): Promise<ExtendPath> {
  if (text === 'view' || text === 'ring' || text === 'orbit') return { kind: text };
  const cameras = parseCameras(await readJson(text, 'bad-camera'));
  if (cameras.length > MOST_CAMERAS) {
    throw new SplatmendError(
      'bad-camera',
      `--path: ${cameras.length} cameras; give ${MOST_CAMERAS} at most, each of which sees something of the one before`,
    );
  }
  return { kind: 'cameras', cameras };
}
