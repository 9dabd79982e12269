import type { Mender } from '../mender-types.ts';
import { fillByHand, isEdited } from './by-hand.ts';
import { type EditorCommand, sendCommand } from './command.ts';
import type { CommandTarget } from './command-target.ts';
import { imageMeaning } from './dropped-image.ts';
import { loadFiller } from './filler-choice.ts';
import { notNow } from './not-now.ts';
import { isDepthName, photoAndDepth } from './photo-files.ts';
import { removalOptions } from './removal-options.ts';
import { askPhoto, isSelection, openScene, openSelection } from './scene-files.ts';

/**
 * Does with dropped files what they are for: scenes, photos, selections of the scene that is open, a segmenter's two files, a
 * filler's one, the hole's picture, painted, or an image to insert.
 * @param loadSegmenter takes a segmenter's two files
 */
export async function openDropped(
  target: CommandTarget,
  mender: Mender,
  { files, handle }: Pick<Extract<EditorCommand, { name: 'open-files' }>, 'files' | 'handle'>,
  loadSegmenter: (files: readonly File[]) => Promise<void>,
): Promise<void> {
  const [file, ...others] = files;
  if (file === undefined) return;
  const onnx = files.filter((f) => /\.onnx$/i.test(f.name));
  if (onnx.length === 2) return loadSegmenter(onnx);
  if (onnx.length === 1) return loadFiller(target, mender, 'onnx', files);
  if (isEdited(mender, file)) {
    await fillByHand(mender, file, removalOptions(target));
    return;
  }
  const pair = await photoAndDepth(files);
  if (pair) return askPhoto(target, mender, { file: pair.photo, depth: pair.depth });
  if (isDepthName(file.name)) {
    target.say('note', `${file.name} is a depth map: drop it together with its photo.`);
    return;
  }
  const meaning = await imageMeaning(target, mender, file);
  if (meaning === 'photo' || meaning === 'either') {
    const either = meaning === 'either';
    await askPhoto(target, mender, { file, either, ...(handle && { handle }) });
  } else if (meaning === 'insert' || isSelection(mender, file)) {
    const why = notNow(mender, 'drop');
    if (why !== undefined) target.say('note', why);
    else if (meaning === 'insert') sendCommand(target, { name: 'insert', file });
    else await openSelection(target, mender, file);
  } else await openScene(target, mender, file, handle);
  if (others.length > 0) {
    target.say('note', 'One at a time: the first file was opened.');
  }
}
