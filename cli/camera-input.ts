/** The cameras to mend from: `--camera`, else the selection file's own, else none. */
import { type Camera, parseCamera } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import { readJson } from './files.ts';
import type { SelectionInput } from './selection-input.ts';

/** Where the cameras came from; `none` leaves the choice to the line. */
export type CameraSource = 'camera-file' | 'selection-file' | 'none';

/** More than this are no viewpoints around a hole but a capture's whole path. */
const MAX_CAMERAS = 10_000;

/**
 * Cameras in case.json's form: its `cameras` array, one camera, or an array of them.
 * @throws SplatmendError `bad-camera`
 */
export function parseCameras(json: unknown): Camera[] {
  const inner =
    typeof json === 'object' && json !== null && 'cameras' in json ? json.cameras : json;
  const list = Array.isArray(inner) ? (inner as unknown[]) : [inner];
  if (list.length === 0) throw new SplatmendError('bad-camera', 'camera: the list is empty');
  if (list.length > MAX_CAMERAS) {
    throw new SplatmendError(
      'bad-camera',
      `camera: ${list.length} cameras; give ${MAX_CAMERAS} at most`,
    );
  }
  return list.map((item, i) => {
    try {
      return parseCamera(item);
    } catch (error) {
      if (!(error instanceof SplatmendError) || list.length === 1) throw error;
      throw new SplatmendError(error.code, `camera ${i + 1} of ${list.length}: ${error.message}`);
    }
  });
}

/** @throws SplatmendError `bad-camera`, `not-readable` */
export const readCameraFile = async (file: string): Promise<Camera[]> =>
  parseCameras(await readJson(file, 'bad-camera'));

/** @throws SplatmendError `bad-camera`, `not-readable` */
export async function readCameras(
  file: string | undefined,
  selection: SelectionInput,
): Promise<{ cameras: Camera[]; source: CameraSource }> {
  if (file !== undefined) {
    return { cameras: await readCameraFile(file), source: 'camera-file' };
  }
  if (selection.kind === 'volume' && selection.cameras && selection.cameras.length > 0) {
    return { cameras: parseCameras(selection.cameras), source: 'selection-file' };
  }
  return { cameras: [], source: 'none' };
}
