/** Which cloud the worker holds, and how it comes to hold the page's. */
import { type Result, SplatmendError, toResult, unwrap } from '../core/errors.ts';
import { breathe } from '../core/progress.ts';
import type { SplatPatch } from '../core/remove-types.ts';
import type { ExtraData, SplatCloud } from '../core/splat-cloud.ts';
import type { WorkerLink } from './worker-link.ts';

/** How a cloud came from another: by a patch, or (with `removedSplats`) by a patch taken back. */
export interface CloudDerivation {
  from: SplatCloud;
  patch: SplatPatch;
  removedSplats?: SplatCloud;
}

/** Bytes copied between two breaths: some 10 ms. */
const COPY_BYTES = 8 * 1024 * 1024;

/** A copy whose buffers can be transferred, made with breaths in between so that the page stays alive. */
async function copyForTransfer(cloud: SplatCloud): Promise<SplatCloud> {
  async function copied<T extends ExtraData>(from: T): Promise<T> {
    const out = new (from.constructor as new (n: number) => T)(from.length);
    const step = COPY_BYTES / from.BYTES_PER_ELEMENT;
    for (let first = 0; first < from.length; first += step) {
      out.set(from.subarray(first, first + step), first);
      await breathe();
    }
    return out;
  }
  const extras: SplatCloud['extras'] = [];
  for (const { name, data } of cloud.extras) extras.push({ name, data: await copied(data) });
  return {
    ...cloud,
    positions: await copied(cloud.positions),
    logScales: await copied(cloud.logScales),
    rotations: await copied(cloud.rotations),
    opacityLogits: await copied(cloud.opacityLogits),
    dc: await copied(cloud.dc),
    shRest: await copied(cloud.shRest),
    extras,
  };
}

/** Past so many a copy of the whole is quicker. */
const MOST_CHANGES = 16;

const NO_SCENE = () =>
  new SplatmendError('no-scene', 'client: there is no scene; open a file first');

/** Moves a whole cloud to a worker. */
type SendCloud = (to: WorkerLink, copy: SplatCloud) => Promise<Result<unknown>>;

/** The page's cloud, which is the truth, and the copy of it that a worker may lose. */
export class SceneSync {
  #cloud: SplatCloud | undefined;
  /** The cloud that the running worker holds a copy of. */
  #synced: SplatCloud | undefined;
  /** What leads from the worker's cloud to the page's; undefined where only a whole copy does. */
  #changes: Omit<CloudDerivation, 'from'>[] | undefined;
  /** Which worker read a cloud, in which job: it may still have it. */
  readonly #readBy = new WeakMap<SplatCloud, { link: WorkerLink; job: number }>();

  readonly #send: SendCloud;

  constructor(send: SendCloud) {
    this.#send = send;
  }

  get cloud(): SplatCloud | undefined {
    return this.#cloud;
  }

  set(cloud: SplatCloud | undefined, derivation?: CloudDerivation): void {
    const follows = derivation !== undefined && derivation.from === this.#cloud;
    if (cloud === this.#cloud) return;
    if (follows && this.#changes && this.#changes.length < MOST_CHANGES) {
      const { from: _, ...change } = derivation;
      this.#changes = [...this.#changes, change];
    } else this.#changes = undefined;
    this.#cloud = cloud;
  }

  wasRead(cloud: SplatCloud, link: WorkerLink, job: number): void {
    this.#readBy.set(cloud, { link, job });
  }

  /** The worker is another one: it holds nothing. */
  forget(): void {
    this.#synced = undefined;
  }

  /** Whether a worker comes to the page's cloud without a copy of the whole. */
  isNear(to: WorkerLink): boolean {
    if (this.#cloud === undefined) return false;
    const follows = this.#synced !== undefined && this.#changes !== undefined;
    return follows || this.#readBy.get(this.#cloud)?.link === to;
  }

  /** Brings the worker's copy to the page's cloud: by what was changed where it can, else all of it. */
  async bring(to: WorkerLink): Promise<void> {
    const wanted = this.#cloud;
    if (wanted === undefined) throw NO_SCENE();
    if (this.#synced === wanted) return;
    const way = this.#changes;
    const read = this.#readBy.get(wanted);
    if (this.#synced && way) {
      this.#synced = undefined;
      for (const { patch, removedSplats } of way) {
        unwrap(await to.settle((remote) => remote.patchScene(patch, removedSplats)));
      }
    } else if (
      read?.link !== to ||
      !unwrap(await to.settle((remote) => remote.keepRead(read.job)))
    ) {
      const copy = unwrap(await toResult(() => copyForTransfer(wanted)));
      unwrap(await this.#send(to, copy));
    }
    this.#synced = wanted;
    this.#changes = this.#cloud === wanted ? [] : undefined;
  }
}
