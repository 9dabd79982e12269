/** The fillers that a mender can choose among, and the one that the browser remembers. No secret is ever written. */
import { BUILT_IN_FILLER, type DepthModel, type Filler } from '../filler.ts';
import type { Mender } from '../mender-types.ts';
import type { CommandTarget } from './command-target.ts';
import { chooseDepth, chooseDepthServer, deleteStored, fillerKinds } from './filler-kinds.ts';

const KEY = 'splatmend-filler';
const known = new WeakMap<Mender, Filler[]>();
const depths = new WeakMap<Mender, DepthModel>();

/** The built-in one first, then in the order they came. */
export function knownFillers(mender: Mender): readonly Filler[] {
  let fillers = known.get(mender);
  if (fillers === undefined) {
    fillers = [BUILT_IN_FILLER];
    known.set(mender, fillers);
  }
  if (!fillers.includes(mender.filler)) fillers.push(mender.filler);
  return fillers;
}

/** Makes it the mender's, and remembers it where it can be brought back. */
export function useFiller(mender: Mender, filler: Filler): void {
  mender.filler = filler;
  knownFillers(mender);
  try {
    if (filler.kept) localStorage.setItem(KEY, JSON.stringify(filler.kept));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is switched off for this page.
  }
}

/**
 * Asks for a filler of a kind (`stored:NAME`: a model that this browser keeps), and makes it the mender's.
 * @throws SplatmendError for what cannot be used; the mender's filler is then as it was
 */
export async function loadFiller(
  target: CommandTarget,
  mender: Mender,
  kind: string,
  files?: readonly File[],
): Promise<void> {
  const [id, ...rest] = kind.split(':');
  const found = fillerKinds().find((k) => k.id === (id === 'stored' ? 'onnx' : id));
  const filler =
    id === 'stored'
      ? await found?.restore?.({ name: rest.join(':') })
      : await found?.choose(target, files);
  if (filler === undefined) return;
  useFiller(mender, filler);
  if (filler.note)
    target.say('note', `${filler.label} fills the holes from now on. ${filler.note}`);
}

/** Asks for a depth model's file, or for a server that has one. @returns whether one was chosen. @throws SplatmendError for what cannot be used; the mender's is then as it was */
export async function loadDepth(
  target: Pick<CommandTarget, 'say'>,
  mender: Mender,
  from: 'file' | 'server' = 'file',
): Promise<boolean> {
  const depth = from === 'server' ? await chooseDepthServer() : await chooseDepth(target);
  if (depth === undefined) return false;
  useDepth(mender, depth);
  const where = depth.server ? `Pictures are sent to ${depth.server.address}.` : 'It runs here.';
  target.say('note', `${depth.label} guides the holes’ depth from now on. ${where}`);
  return true;
}

/** Makes it the mender's; what was chosen here before is freed. */
export function useDepth(mender: Mender, depth: DepthModel | undefined): void {
  depths.get(mender)?.dispose?.();
  if (depth) depths.set(mender, depth);
  else depths.delete(mender);
  mender.depth = depth;
}

/** The model in the browser's storage that a filler is of. */
export function storedName({ kept }: Filler): string | undefined {
  const name = kept?.kind === 'onnx' ? (kept.data as { name?: unknown }).name : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Takes a model out of this browser; what it filled goes to the built-in filler. */
export async function deleteModel(mender: Mender, name: string): Promise<void> {
  await deleteStored(name);
  const isIts = (filler: Filler) => storedName(filler) === name;
  const fillers = known.get(mender) ?? [];
  for (const filler of fillers.filter(isIts)) filler.dispose?.();
  known.set(
    mender,
    fillers.filter((f) => !isIts(f)),
  );
  useFiller(mender, isIts(mender.filler) ? BUILT_IN_FILLER : mender.filler);
}

/** Brings back what the user chose in an earlier session. A filler that is gone is forgotten. */
export async function restoreFiller(mender: Mender): Promise<void> {
  try {
    const { kind, data } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const found = fillerKinds().find((k) => k.id === kind);
    const filler = await found?.restore?.(data);
    // Chosen meanwhile: that counts.
    if (filler && mender.filler === BUILT_IN_FILLER) useFiller(mender, filler);
  } catch {
    // What cannot be read is as good as nothing.
  }
}

/** Frees the mender's fillers; the built-in one is its own again. */
export function letGoFillers(mender: Mender): void {
  for (const filler of known.get(mender) ?? []) filler.dispose?.();
  known.delete(mender);
  depths.get(mender)?.dispose?.();
  depths.delete(mender);
}
