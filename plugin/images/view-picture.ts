import type { Camera } from '../../core/camera.ts';
import type { RgbImage } from '../../core/image.ts';
import { HIDDEN, LOCKED, markedWith } from '../../core/marks.ts';
import type { MendHost, ShownMarks } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import { waits } from '../waits.ts';
import { rgbImageOf } from './rgb-image.ts';

/** What the user sees, at the size of the view's own pixels. */
export interface ViewPicture {
  camera: Camera;
  image: RgbImage;
}

/** The view's picture without the tints of selection and locks, which are not the scene's. */
export async function takeViewPicture(host: MendHost, mender: Mender): Promise<ViewPicture> {
  const camera = host.currentCamera();
  const { cloud, selection, marks } = mender;
  const hidden = markedWith(marks, HIDDEN);
  const locked = markedWith(marks, LOCKED);
  const tinted = selection !== undefined || locked !== undefined;
  if (tinted) host.showMarks(hidden ? { hidden } : {});
  try {
    const bitmap = await host.capture();
    const image = rgbImageOf(bitmap, camera);
    bitmap.close();
    return { camera, image };
  } finally {
    // What changed the scene meanwhile has shown marks of its own.
    if (tinted && mender.cloud === cloud && !waits(mender)) showMarksOf(host, mender);
  }
}

function showMarksOf(host: MendHost, { selection, marks }: Mender): void {
  const shown: ShownMarks = {};
  const hidden = markedWith(marks, HIDDEN);
  const locked = markedWith(marks, LOCKED);
  if (selection) shown.selected = selection;
  if (hidden) shown.hidden = hidden;
  if (locked) shown.locked = locked;
  host.showMarks(shown);
  host.requestRender();
}

/** Whether both cameras give the same picture of the same scene. */
export function sameView(a: Camera, b: Camera): boolean {
  const sizes = ['width', 'height', 'fx', 'fy', 'cx', 'cy'] as const;
  return (
    sizes.every((key) => a[key] === b[key]) &&
    a.worldToCamera.every((value, k) => value === b.worldToCamera[k])
  );
}
