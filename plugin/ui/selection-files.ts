/** Selections to and from files of the user's. */
import { SplatmendError } from '../../core/errors.ts';
import { readSelections, writeSelections } from '../../core/selection-file.ts';
import type { Mender } from '../mender-types.ts';
import { byteSize } from './figures.ts';
import { baseName, download } from './files.ts';

/** More than the longest honest file needs: a run has some ten characters, and a name is short. */
const mostBytes = (splats: number) => 1_000_000 + 20 * splats;

/** Downloads what is selected, named after the open file. */
export function saveSelection(mender: Mender, fileName: string): void {
  const name = baseName(fileName);
  const selections = [{ name, selection: mender.selection! }];
  download(new Blob([writeSelections(mender.cloud!, selections)]), `${name}-selection.json`);
}

/**
 * Selects what a saved file says; of several selections all together.
 * @returns their names
 * @throws SplatmendError `bad-selection` for a damaged file or one of another scene, `too-large`
 */
export async function loadSelection(mender: Mender, file: File): Promise<string[]> {
  const cloud = mender.cloud!;
  if (file.size > mostBytes(cloud.count)) {
    throw new SplatmendError(
      'too-large',
      `${file.name}: ${byteSize(file.size)} is too much for selections of this scene; is it the right file?`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(await file.text());
  } catch (error) {
    throw new SplatmendError(
      'bad-selection',
      `${file.name}: not a file of saved selections (no JSON); choose another`,
      { cause: error },
    );
  }
  const saved = readSelections(json, cloud);
  const all = new Uint8Array(cloud.count);
  for (const { selection } of saved) {
    for (let i = 0; i < all.length; i++) all[i]! |= selection[i]!;
  }
  mender.setSelection(all, 'set', `Load ${file.name}`);
  return saved.map(({ name }) => name);
}
