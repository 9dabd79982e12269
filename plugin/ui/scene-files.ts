/** What the user opens: scenes, sessions, and selections dropped on the scene that they are of. */
import type { Mender } from '../mender-types.ts';
import { waits } from '../waits.ts';
import { type EditorCommand, sendCommand } from './command.ts';
import { type CommandTarget, tell } from './command-target.ts';
import { count } from './figures.ts';
import { readFileBytes } from './files.ts';
import { isImageName, selectByMaskImage } from './mask-image.ts';
import { notNow } from './not-now.ts';
import { loadSelection } from './selection-files.ts';
import { UPS } from './ups.ts';

/** Another scene would take an edit away that waits to be kept: says so, and then nothing is opened. */
function editWaits(target: CommandTarget, mender: Mender): boolean {
  const why = waits(mender) ? notNow(mender, 'open') : undefined;
  if (why !== undefined) target.say('note', why);
  return why !== undefined;
}

export async function openScene(
  target: CommandTarget,
  mender: Mender,
  source: File,
  handle?: FileSystemFileHandle,
): Promise<void> {
  if (isImageName(source.name)) {
    return askPhoto(target, mender, { file: source, ...(handle && { handle }) });
  }
  if (editWaits(target, mender)) return;
  const scene = await mender.open(await readFileBytes(source), source.name);
  target.fileName = source.name;
  // A list of files is a comfort: that it could not be kept is no failure of opening.
  if (handle) target.recent?.add(handle).catch(() => undefined);
  const frame = tell(target, 'splatmend-opened', { fileName: source.name, scene, source });
  if (frame) showUpright(target);
  const { nonFinite, oversized, zeroRotations, notes } = scene.report;
  const broken = nonFinite + oversized + zeroRotations;
  const all = [...notes];
  if (broken > 0) {
    all.push(
      `${count(broken, 'splat has', 'splats have')} values that cannot be drawn; ${broken === 1 ? 'it is kept as it is' : 'they are kept as they are'}`,
    );
  }
  for (const note of all) target.say('note', `${source.name}: ${note}`);
}

/** Asks, in the target's dialog, what kind of scene is to be made of a photo. */
export async function askPhoto(
  target: CommandTarget,
  mender: Mender,
  what: Omit<Extract<EditorCommand, { name: 'photo' }>, 'name'>,
): Promise<void> {
  if (editWaits(target, mender)) return;
  // It loads when first used.
  await import('./photo-dialog.ts');
  const dialog = target.shadowRoot?.querySelector('splatmend-photo-dialog');
  await dialog?.updateComplete;
  if (dialog) sendCommand(target, { name: 'photo', ...what });
}

export async function restoreSession(
  target: CommandTarget,
  mender: Mender,
  id: string,
): Promise<void> {
  if (editWaits(target, mender)) return;
  const { base, steps, done, fileName, view, goOn } = await target.session!.load(id);
  await mender.restore(base, steps, done);
  goOn();
  target.fileName = fileName;
  if (tell(target, 'splatmend-restored', { fileName, view })) showUpright(target);
  target.say(
    'note',
    `Brought back ${fileName} with ${count(done, 'step', 'steps')}, as it was left.`,
  );
}

/** A saved selection, or a mask image of the view as it is now. */
export async function openSelection(
  target: CommandTarget,
  mender: Mender,
  file: File,
): Promise<void> {
  if (isImageName(file.name) && target.host) {
    await selectByMaskImage(mender, target.host, file);
    return;
  }
  const names = await loadSelection(mender, file);
  if (names.length > 1) target.say('note', `Selected together: ${names.join(', ')}.`);
}

/** Whether a file is something to select by, and there is a scene to select in. */
export const isSelection = (mender: Mender, { name }: File): boolean =>
  mender.cloud !== undefined && (isImageName(name) || /\.json$/i.test(name));

function showUpright(target: CommandTarget): void {
  target.host?.setUp?.(UPS[0]!);
  sendCommand(target, { name: 'frame' });
}
