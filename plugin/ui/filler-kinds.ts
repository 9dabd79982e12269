/** Who can be asked to fill holes, as the panel offers them. A kind of your own: `addFillerKind`. */
import { SplatmendError } from '../../core/errors.ts';
import type { DepthModel, Filler } from '../filler.ts';
import type { StoredModel } from '../models/model-store.ts';
import type { OnnxDepthOptions } from '../models/onnx-depth.ts';
import type { OnnxFiller, OnnxFillerOptions } from '../models/onnx-filler.ts';
import { askText } from './ask-text.ts';
import type { CommandTarget } from './command-target.ts';
import { pickFiles } from './files.ts';

export interface FillerKind {
  id: string;
  /** In the menu, with `…` where something is asked first. */
  label: string;
  /**
   * Asks the user and makes it ready. @param files what was dropped, or undefined: ask
   * @returns undefined where the user thought better of it
   * @throws SplatmendError for what cannot be used
   */
  choose(target: CommandTarget, files?: readonly File[]): Promise<Filler | undefined>;
  /** From what a filler's `kept.data` was in an earlier session; reads nothing big yet. Undefined: it is gone. */
  restore?(data: unknown): Promise<Filler | undefined>;
}

/** Most bytes of a model. */
const MOST_BYTES = 1_000_000_000;

/** The store and the models' code load when they are first wanted. */
async function modelStore() {
  const { openModelStore } = await import('../models/model-store.ts');
  return openModelStore();
}

const STORED = 'splatmend-models';

/** Models that this browser keeps. Where none ever was, not even the store's code is loaded. */
export async function storedModels(): Promise<readonly StoredModel[]> {
  try {
    if (localStorage.getItem(STORED) === null) return [];
    return (await (await modelStore())?.list()) ?? [];
  } catch {
    return [];
  }
}

function noteStored(): void {
  try {
    localStorage.setItem(STORED, 'kept');
  } catch {
    // Storage is switched off for this page.
  }
}

/** Takes a model out of this browser. */
export async function deleteStored(name: string): Promise<void> {
  await (await modelStore())?.delete(name);
}

/** The model, read; let go where it cannot be. */
async function opened<M extends { open(): Promise<unknown>; dispose(): void }>(
  model: M,
): Promise<M> {
  try {
    await model.open();
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function open(options: OnnxFillerOptions): Promise<OnnxFiller> {
  const { createOnnxFiller } = await import('../models/onnx-filler.ts');
  return opened(createOnnxFiller(options));
}

/** A depth model, and a manifest if it needs one, that the user picks. Undefined where they thought better of it. */
export async function chooseDepth(
  target: Pick<CommandTarget, 'say'>,
): Promise<DepthModel | undefined> {
  const picked = await pickFiles('.onnx,.json');
  if (picked.length === 0) return undefined;
  const { model, manifest } = await pickedModel<OnnxDepthOptions['manifest']>(picked);
  target.say('note', `Reading ${model.name}…`);
  const { createOnnxDepth } = await import('../models/onnx-depth.ts');
  return opened(createOnnxDepth({ model, ...(manifest && { manifest }) }));
}

async function pickedModel<M>(files: readonly File[]): Promise<{ model: File; manifest?: M }> {
  const model = files.find((f) => /\.onnx$/i.test(f.name));
  const manifest = await manifestIn<M>(files.find((f) => /\.json$/i.test(f.name)));
  if (model === undefined) {
    throw new SplatmendError(
      'bad-option',
      'model: no .onnx file among what was chosen; choose one, with a manifest (.json) if it needs one',
    );
  }
  return { model, ...(manifest && { manifest }) };
}

async function manifestIn<M>(file: File | undefined): Promise<M | undefined> {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(await file.text()) as M;
  } catch (error) {
    throw new SplatmendError('bad-option', `${file.name}: not JSON; see docs/models.md`, {
      cause: error,
    });
  }
}

const onnxFile: FillerKind = {
  id: 'onnx',
  label: 'ONNX model…',
  async choose(target, files) {
    const picked = files ?? (await pickFiles('.onnx,.json'));
    if (picked.length === 0) return undefined;
    const { model, manifest } = await pickedModel<OnnxFillerOptions['manifest']>(picked);
    target.say('note', `Reading ${model.name}…`);
    const options = { model, ...(manifest && { manifest }) };
    const filler = await open(options);
    // That it could not be kept is no failure of choosing it.
    const stored = await (await modelStore())?.keep(model).catch(() => undefined);
    if (stored === undefined) return filler;
    noteStored();
    filler.kept = { kind: 'onnx', data: { name: stored.name, ...(manifest && { manifest }) } };
    return filler;
  },
  async restore(data) {
    const { name, manifest } = (data ?? {}) as { name?: unknown; manifest?: unknown };
    const store = await modelStore();
    if (typeof name !== 'string' || store === undefined) return undefined;
    if (!(await store.list()).some((m) => m.name === name)) return undefined;
    const { createOnnxFiller } = await import('../models/onnx-filler.ts');
    return createOnnxFiller({
      model: async () => (await store.read(name)).blob,
      ...(manifest ? { manifest: manifest as NonNullable<OnnxFillerOptions['manifest']> } : {}),
      kept: { kind: 'onnx', data },
      label: name,
    });
  },
};

const onnxAddress: FillerKind = {
  id: 'onnx-address',
  label: 'ONNX model from an address…',
  async choose(target) {
    const address = await askText({
      title: 'ONNX model from an address',
      label: 'Address of the .onnx file',
      note: 'Its server is asked for this one file, and must allow this page (CORS). It is kept in this browser.',
      placeholder: 'https://…/model.onnx',
    });
    if (!address) return undefined;
    if (!URL.canParse(address, location.href)) {
      throw new SplatmendError('bad-option', 'filler: that is no address; begin with https://');
    }
    const url = new URL(address, location.href).href;
    const store = await modelStore();
    if (store === undefined) {
      target.say(
        'note',
        'This browser keeps nothing for this page: the model is read for now only.',
      );
      return open({ model: url });
    }
    let told = 0;
    const { name, blob } = await store.download(
      url,
      MOST_BYTES,
      undefined,
      ({ step, fraction }) => {
        if (fraction < told) return;
        target.say('note', `${step}: ${Math.round(100 * fraction)} %`);
        told += 0.25;
      },
    );
    noteStored();
    return open({ model: blob, kept: { kind: 'onnx', data: { name } } });
  },
};

/** A depth model behind a server that the user names. Undefined where they thought better of it. */
export async function chooseDepthServer(): Promise<DepthModel | undefined> {
  return (await import('./depth-server.ts')).chooseDepthServer();
}

const server: FillerKind = {
  id: 'server',
  label: 'Server…',
  choose: async () => (await import('./server-filler.ts')).chooseServer(),
  restore: async (data) => (await import('./server-filler.ts')).restoreServer(data),
};

const KINDS: FillerKind[] = [onnxFile, onnxAddress, server];

export const fillerKinds = (): readonly FillerKind[] => KINDS;

/** Offers one more kind, in every panel. */
export function addFillerKind(kind: FillerKind): void {
  KINDS.push(kind);
}
