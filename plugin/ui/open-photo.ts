/** Photos on their way to a scene: asked for, and opened as a file is. */
import type { PhotoSceneOptions } from '../../core/photo-types.ts';
import { sizeWithin } from '../images/read-photo.ts';
import { rgbImageOf } from '../images/rgb-image.ts';
import type { Mender } from '../mender-types.ts';
import { sendCommand } from './command.ts';
import { type CommandTarget, tell } from './command-target.ts';
import { count } from './figures.ts';
import { type GivenDepth, type GivenPhoto, photoName } from './given-photo.ts';
import { UPS } from './ups.ts';

export interface PhotoWishes extends PhotoSceneOptions {
  /** Longer side that a larger photo is made to, pixels. */
  maxSidePx: number;
}

/** Makes the photo the scene. @throws SplatmendError as `mender.openPhoto` does; the scene is then as it was */
export async function openPhoto(
  target: CommandTarget,
  mender: Mender,
  { file, handle, picture }: GivenPhoto,
  depth: GivenDepth | undefined,
  { maxSidePx, ...options }: PhotoWishes,
): Promise<void> {
  const rgb = rgbImageOf(picture, sizeWithin(picture, maxSidePx));
  const photo = { rgb, ...(depth && { depth: depth.depth, form: depth.form }) };
  const fileName = photoName(file);
  const { cloud, camera, pivotDepth, figures } = await mender.openPhoto(photo, options, fileName);
  target.fileName = fileName;
  // A list of files is a comfort: that it could not be kept is no failure of opening.
  if (handle) target.recent?.add(handle).catch(() => undefined);
  const report = {
    count: cloud.count,
    shDegree: cloud.shDegree,
    nonFinite: 0,
    oversized: 0,
    zeroRotations: 0,
    notes: [],
  };
  const detail = {
    ...{ fileName, source: file, scene: { cloud, report } },
    look: { camera, pivotDepth },
  };
  if (tell(target, 'splatmend-opened', detail)) {
    target.host?.setUp?.(UPS[0]!);
    if (target.host?.look) target.host.look(camera, pivotDepth);
    else sendCommand(target, { name: 'frame' });
  }
  const [seen, ...behind] = figures.pixels;
  const hidden =
    behind.length > 0
      ? `, ${behind.map((n) => n.toLocaleString('en')).join(' and ')} behind it`
      : '';
  const made = `${file.name}: ${count(seen!, 'splat', 'splats')} of the photo${hidden}.`;
  const next = 'Look a little to the side. Export keeps it as a file.';
  target.say('note', [made, ...figures.notes, next].join(' '));
}
