import { cameraOfSize } from '../core/camera.ts';
import type { DepthFileOptions } from '../core/depth-files/depth-of.ts';
import { SplatmendError } from '../core/errors.ts';
import type { ExtendOptions, ExtendPath, ExtendResult } from '../core/extend-types.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import type { EditedReference, InsertOptions, InsertResult } from '../core/insert-types.ts';
import { HIDDEN, markedWith } from '../core/marks.ts';
import { applyPatchSliced } from '../core/patch.ts';
import type { DepthFile, PhotoScene, PhotoSceneOptions } from '../core/photo-types.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import {
  type HolePreview,
  REMOVE_DEFAULTS,
  type RemoveOptions,
  type RemoveResult,
} from '../core/remove-types.ts';
import { selectedRows } from '../core/selection.ts';
import { createSplatCloud, type SplatCloud } from '../core/splat-cloud.ts';
import type { BackendInfo, ExtendRequest, RemoveRequest } from '../workers/api.ts';
import { createMendClient } from './client.ts';
import { askedAgain, extendRequest, extensionOf, refuseNothing } from './extension.ts';
import { BUILT_IN_FILLER, type DepthModel, type Filler } from './filler.ts';
import type { HistoryState, Step } from './history-types.ts';
import type { MendHost } from './host.ts';
import { checkPhotoInput, type PhotoInput, photoOfInput } from './images/photo-input.ts';
import { candidateLabel, readyModels } from './mender-models.ts';
import type {
  ExtendCandidate,
  Mender,
  MenderOptions,
  RemoveCandidate,
  ViewReference,
} from './mender-types.ts';
import { insertionAt } from './proposals.ts';
import { ProposingMender } from './proposing-mender.ts';
import { referenceSize } from './reference-size.ts';
import { countedSplats } from './selecting-mender.ts';

export type {
  ExtendCandidate,
  Extension,
  Insertion,
  Mender,
  MenderEvents,
  MenderOptions,
  MenderTask,
  RemoveCandidate,
  ViewReference,
} from './mender-types.ts';
export type { SelectMode } from './selection-modes.ts';

export function createMender(host: MendHost, options: MenderOptions = {}): Mender {
  return new MenderCore(host, options);
}

class MenderCore extends ProposingMender implements Mender {
  readonly #ownsClient: boolean;
  #toldBackend: BackendInfo | undefined;
  #filler = BUILT_IN_FILLER;
  #depth: DepthModel | undefined;

  constructor(host: MendHost, options: MenderOptions) {
    const client = options.client ?? createMendClient(options);
    super(host, client, options);
    this.#ownsClient = options.client === undefined;
  }

  get backend() {
    return this.client.backend;
  }
  get filler() {
    return this.#filler;
  }
  set filler(filler: Filler) {
    this.#filler = filler;
    this.tell('filler', { filler, depth: this.#depth });
  }
  get depth() {
    return this.#depth;
  }
  set depth(depth: DepthModel | undefined) {
    this.#depth = depth;
    this.tell('filler', { filler: this.#filler, depth });
  }

  state(): HistoryState | undefined {
    const { cloud, selection, marks } = this.scene;
    return cloud && { cloud, selection, marks };
  }

  async open(bytes: Uint8Array, fileName: string): Promise<SceneFile> {
    if (!(bytes instanceof Uint8Array)) {
      throw new SplatmendError('bad-option', 'open: give the bytes of the file, a Uint8Array');
    }
    return this.tasks.run('open', async (signal) => {
      const file = await this.client.readScene(bytes, fileName, signal);
      await this.replaceScene(() => this.scene.open(file.cloud, fileName));
      return file;
    });
  }

  async setCloud(cloud: SplatCloud, fileName = ''): Promise<void> {
    await this.tasks.run('open', () => this.replaceScene(() => this.scene.open(cloud, fileName)));
  }

  async openPhoto(
    photo: PhotoInput,
    options: PhotoSceneOptions = {},
    fileName = '',
  ): Promise<PhotoScene> {
    checkPhotoInput(photo);
    if (!photo.depth && !this.depth) {
      throw new SplatmendError(
        'bad-option',
        'photo: there is no depth; give a depth map of the photo, or choose a depth model',
      );
    }
    return this.tasks.run('photo', async (signal) => {
      const depth = photo.depth ? undefined : this.depth;
      const models = await readyModels(this.filler, depth, this.#onProgress, signal);
      const asked = await photoOfInput(photo, options, fileName);
      throwIfCancelled(signal);
      const request = { ...asked, models: models.spec };
      const made = await this.client.photo(request, models.onProgress, signal, models.running);
      throwIfCancelled(signal);
      await this.replaceScene(() => this.scene.open(made.cloud, fileName));
      return made;
    });
  }

  async readDepth(
    bytes: Uint8Array,
    fileName: string,
    options?: DepthFileOptions,
  ): Promise<DepthFile> {
    return this.tasks.run('open', (signal) =>
      this.client.readDepth(bytes, fileName, options, signal),
    );
  }

  async restore(base: SplatCloud, steps: readonly Step[], done: number): Promise<void> {
    await this.tasks.run('open', (signal) =>
      this.replaceScene(() => this.scene.restore(base, steps, done, signal)),
    );
  }

  async previewHole(options?: RemoveOptions): Promise<HolePreview> {
    const { cameras, ...request } = this.#removeRequest('look', options);
    return this.tasks.run('look', (signal) =>
      this.client.previewHole({ ...request, camera: cameras[0]! }, this.#onProgress, signal),
    );
  }

  async remove(options?: RemoveOptions, filler = this.filler): Promise<RemoveResult> {
    this.refuseProposal('remove');
    const request = this.#removeRequest('remove', options);
    return this.#propose(request, request, [], filler);
  }

  async addCandidate(options: RemoveOptions = {}, filler = this.filler): Promise<RemoveResult> {
    const { request, candidates } = this.requireRemoval('another candidate');
    const seed = (request.options?.seed ?? REMOVE_DEFAULTS.seed) + candidates.length;
    const wanted = { ...request, options: { ...request.options, seed, ...options } };
    return this.#propose(wanted, request, candidates, filler);
  }

  async takeReference(): Promise<ViewReference> {
    const { count } = this.scene.requireCloud('reference');
    const view = this.host.currentCamera();
    const camera = cameraOfSize(view, referenceSize(view));
    const hidden = markedWith(this.marks, HIDDEN);
    const visible = hidden && Uint8Array.from({ length: count }, (_, i) => 1 - hidden[i]!);
    return this.tasks.run('look', async (signal) => {
      const request = { camera, ...(visible && { visible }) };
      const { rgb } = await this.client.renderView(request, signal);
      return { camera, rgb };
    });
  }

  async insert(reference: EditedReference, options: InsertOptions = {}): Promise<InsertResult> {
    this.scene.requireCloud('insert');
    this.refuseProposal('insert');
    return this.#proposeInsertion(reference, options);
  }

  async insertAgain(options: InsertOptions): Promise<InsertResult> {
    const { reference, options: before } = this.requireInsertion('insert again');
    return this.#proposeInsertion(reference, { ...before, ...options });
  }

  async extend(
    path: ExtendPath = { kind: 'view' },
    options: ExtendOptions = {},
    filler = this.filler,
  ): Promise<ExtendResult> {
    this.scene.requireCloud('extend');
    this.refuseProposal('extend');
    const request = extendRequest(this.host.currentCamera(), path, options, this.marks);
    return this.#proposeExtension(request, [], filler);
  }

  async extendAgain(options: ExtendOptions = {}, filler = this.filler): Promise<ExtendResult> {
    const extension = this.requireExtension('extend again');
    const request = askedAgain(extension, options, this.marks);
    return this.#proposeExtension(request, extension.candidates, filler);
  }

  async deleteSelection(): Promise<void> {
    const cloud = this.scene.requireCloud('delete');
    this.refuseProposal('delete');
    const removed = selectedRows(this.scene.requireSelection('delete'));
    if (removed.length === cloud.count) {
      throw new SplatmendError(
        'everything-selected',
        'delete: every splat is selected; leave some of the scene',
      );
    }
    await this.tasks.run('edit', async (signal) => {
      const patch = { removed, added: createSplatCloud(0, cloud.shDegree) };
      const after = await applyPatchSliced(cloud, patch, signal);
      const marks = this.scene.marksAfter(patch);
      await this.scene.show(after, { kind: 'accept', removed, added: 0 }, { marks });
      this.scene.adoptEdit(patch, after, `Delete ${countedSplats(removed.length)}`);
    });
  }

  async export(format: SplatFormat): Promise<Uint8Array> {
    this.scene.requireCloud('export');
    return this.tasks.run('export', (signal) => this.client.writeScene(format, signal));
  }

  cancel(): void {
    this.tasks.cancel();
  }

  dispose(): void {
    this.tasks.close();
    if (this.#ownsClient) this.client.dispose();
    this.scene.history.clear();
    this.proposals.waiting = undefined;
    this.host.dispose?.();
  }

  /** Runs a removal and shows it beside the candidates there are. */
  async #propose(
    request: RemoveRequest,
    first: RemoveRequest,
    others: readonly RemoveCandidate[],
    filler: Filler,
  ): Promise<RemoveResult> {
    return this.tasks.run('remove', async (signal) => {
      const models = await readyModels(filler, this.depth, this.#onProgress, signal);
      const result = await this.client.remove(
        { ...request, models: models.spec },
        models.onProgress,
        signal,
        models.running,
      );
      throwIfCancelled(signal);
      const candidates = [...others, { label: candidateLabel(filler, request.options), result }];
      await this.proposals.show(
        { kind: 'removal', request: first, candidates, chosen: others.length },
        signal,
      );
      return result;
    });
  }

  /** Runs an insertion and shows it, in place of the one that waits. */
  async #proposeInsertion(
    reference: EditedReference,
    options: InsertOptions,
  ): Promise<InsertResult> {
    const { marks } = this;
    return this.tasks.run('insert', async (signal) => {
      const models = await readyModels(undefined, this.depth, this.#onProgress, signal);
      // Where it was found is kept: the distance is the page's to change, without the line.
      const { distance = 1, ...wanted } = options;
      const request = {
        reference,
        options: wanted,
        models: models.spec,
        ...(marks ? { marks } : {}),
      };
      const result = await this.client.insert(request, models.onProgress, signal, models.running);
      throwIfCancelled(signal);
      const insertion = insertionAt({ reference, options: wanted, result }, distance);
      await this.proposals.show({ kind: 'insertion', insertion }, signal);
      return result;
    });
  }

  /** Runs an extension and shows it beside the candidates there are. */
  async #proposeExtension(
    request: ExtendRequest,
    others: readonly ExtendCandidate[],
    filler: Filler,
  ): Promise<ExtendResult> {
    return this.tasks.run('extend', async (signal) => {
      const models = await readyModels(filler, this.depth, this.#onProgress, signal);
      const asked = { ...request, models: models.spec };
      const result = await this.client.extend(asked, models.onProgress, signal, models.running);
      throwIfCancelled(signal);
      refuseNothing(result, request.path);
      const { options = {} } = request;
      const candidates = [...others, { label: candidateLabel(filler, options), options, result }];
      const extension = extensionOf(request, candidates, others.length);
      await this.proposals.show({ kind: 'extension', extension }, signal);
      return result;
    });
  }

  #removeRequest(where: string, options: RemoveOptions = {}): RemoveRequest {
    const selection = this.scene.requireSelection(where);
    const { marks } = this;
    return {
      selection,
      cameras: [this.host.currentCamera(), ...(this.host.cameras?.() ?? [])],
      // The panels show what each view saw and made.
      options: { keepViews: true, ...options },
      ...(marks ? { marks } : {}),
    };
  }

  #onProgress: OnProgress = (progress) => this.tell('progress', progress);

  protected override tasksChanged(): void {
    this.#tellBackend();
    this.tell('busy', { task: this.task });
  }

  #tellBackend(): void {
    const { backend } = this;
    if (this.task !== undefined || !backend || backend === this.#toldBackend) return;
    this.#toldBackend = backend;
    this.tell('backend', backend);
  }
}
