import { type Camera, parseCamera } from '../camera.ts';
import { SplatmendError } from '../errors.ts';

/** Of a folder of RGB-D frames; docs/refine.md has the form. */
export interface FramesIndex {
  ids: string[];
  cameras: Camera[];
}

const MAX_FRAMES = 100_000;

/**
 * Reads frames.json: one set of intrinsics, and `cameraToWorld` (rows of 4 × 4, OpenCV axes) by frame.
 * @throws SplatmendError `bad-camera`
 */
export function parseFrames(json: unknown): FramesIndex {
  const bad = (why: string) =>
    new SplatmendError('bad-camera', `frames.json: ${why}; see docs/refine.md for the form`);
  if (typeof json !== 'object' || json === null) throw bad('not an object');
  const { cameraToWorld, ...rest } = json as Record<string, unknown>;
  if (typeof cameraToWorld !== 'object' || cameraToWorld === null) throw bad('no cameraToWorld');
  const ids = Object.keys(cameraToWorld).sort();
  if (ids.length === 0) throw bad('no frame');
  if (ids.length > MAX_FRAMES) throw bad(`${ids.length} frames; at most ${MAX_FRAMES} are read`);
  const { width, height, fx, fy, cx, cy } = rest;
  const cameras = ids.map((id) => {
    // An id names files: it must not lead out of the folder.
    if (/[/\\]/.test(id)) throw bad(`frame "${id.slice(0, 60)}" is no file's name`);
    const rows = (cameraToWorld as Record<string, unknown>)[id];
    try {
      return parseCamera({ ...{ id, width, height, fx, fy, cx, cy }, cameraToWorld: rows });
    } catch (error) {
      throw bad(`frame ${id}: ${(error as Error).message}`);
    }
  });
  return { ids, cameras };
}
