import { SplatmendError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import type { PhotoFile } from '../../core/photo-exif.ts';
import { readPhotoFov } from '../../core/photo-lens.ts';
import type { DepthFile, Photo, PhotoSceneOptions } from '../../core/photo-types.ts';
import { readPhoto } from './read-photo.ts';

/**
 * A photo for `mender.openPhoto`, by its pixels, its file, or both. The file's EXIF says the horizontal angle where the options give none; of a
 * file alone the pixels are what `readPhoto` makes of it.
 */
export type PhotoInput = Partial<DepthFile> &
  ({ rgb: RgbImage; file?: PhotoFile } | { rgb?: undefined; file: PhotoFile });

/** Refuses what can be no photo. @throws SplatmendError `bad-option` */
export function checkPhotoInput({ rgb, file }: Partial<PhotoInput>): void {
  const isFile = file instanceof Blob || file instanceof Uint8Array;
  if (file === undefined ? rgb !== undefined : isFile) return;
  throw new SplatmendError(
    'bad-option',
    'photo: give its pixels as rgb, or its file as a File, a Blob or a Uint8Array of its bytes',
  );
}

/**
 * What the line takes of it.
 * @param name the file's for messages, where it has none of its own
 * @throws SplatmendError as `readPhoto` does
 */
export async function photoOfInput(
  { rgb: given, file, ...depth }: PhotoInput,
  options: PhotoSceneOptions,
  name: string,
): Promise<{ photo: Photo; options: PhotoSceneOptions }> {
  const rgb = given ?? (await readPhoto(asFile(file!, name)));
  const photo = { rgb, ...depth };
  if (options.fovDeg !== undefined || file === undefined) return { photo, options };
  const fovDeg = await readPhotoFov(file, rgb);
  return { photo, options: fovDeg === undefined ? options : { ...options, fovDeg } };
}

function asFile(file: PhotoFile, name: string): File {
  if (file instanceof File) return file;
  return new File([file as Blob | Uint8Array<ArrayBuffer>], name || 'photo');
}
