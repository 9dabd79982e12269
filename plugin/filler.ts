import type { Mask, RgbImage, ScalarImage } from '../core/image.ts';
import type { InpainterSpec } from '../core/inpainter-spec.ts';
import type { OnProgress } from '../core/progress.ts';
import { type DepthServerSpec, SERVER_KINDS, type ServerSpec } from '../core/server-spec.ts';

/** What the mending worker is told of a filler, and what it asks the page for. */
export interface ReadyFiller {
  spec: InpainterSpec;
  /** Fills one picture of the model's size; with a spec of kind `model`. @throws SplatmendError */
  paint?(image: RgbImage, mask: Mask, signal?: AbortSignal): Promise<RgbImage>;
}

/** A filler as the browser remembers it. */
export interface KeptFiller {
  kind: string;
  data: unknown;
}

/** Who fills the holes of a removal, and what an extension adds: `mender.filler`. */
export interface Filler {
  /** For people. */
  readonly label: string;
  /** Another seed gives another candidate. */
  readonly seeds: boolean;
  /** What should be there can be said in words (`ExtendOptions.prompt`). */
  readonly prompts?: boolean;
  /** Where pictures are sent, where they leave this computer or may; undefined: nowhere. */
  readonly sendsTo?: string;
  /** For people: what it is, and where it runs. */
  readonly note?: string | undefined;
  /** What brings it back in another session: its kind, and data without secrets. */
  readonly kept?: KeptFiller;
  /** Called before each job: reads what is not read yet. @throws SplatmendError */
  ready(signal?: AbortSignal, onProgress?: OnProgress): Promise<ReadyFiller> | ReadyFiller;
  /** Frees what it holds. Whoever made it calls this. */
  dispose?(): void;
}

/** Guesses depth for the holes: `mender.depth`. One of `ready` and `server`. */
export interface DepthModel {
  /** For people. */
  readonly label: string;
  /** The mending worker asks it itself. Pictures go there. */
  readonly server?: DepthServerSpec;
  /** A model that the page runs. */
  ready?(signal?: AbortSignal, onProgress?: OnProgress): Promise<ReadyDepth>;
  dispose?(): void;
}
export interface ReadyDepth {
  id: string;
  /** As `DepthPrior.estimate` (core/depth-prior.ts). */
  estimate(image: RgbImage, signal?: AbortSignal): Promise<ScalarImage>;
}

/** The exemplar filler: no weights, nothing to load, no pixel leaves the worker. */
export const BUILT_IN_FILLER: Filler = {
  label: 'Built-in',
  seeds: true,
  ready: () => ({ spec: { kind: 'built-in' } }),
};

/** A server that the user named. Pictures go there, and nowhere else. */
export function createServerFiller(server: ServerSpec): Filler {
  return {
    label: SERVER_KINDS[server.kind].label,
    seeds: true,
    prompts: SERVER_KINDS[server.kind].prompt,
    sendsTo: server.address,
    ready: () => ({ spec: { kind: 'server', server } }),
  };
}

/** A depth model behind the Open Inference Protocol. Pictures go there, and nowhere else. */
export function createServerDepth(server: DepthServerSpec): DepthModel {
  return { label: `${server.model} at ${server.address}`, server };
}

/**
 * A picture that a person made of a view. Give the removal that view and its hole as `painted`; the built-in filler does the rest.
 * @param hole as in `painted.mask`
 */
export function createByHandFiller(picture: RgbImage, hole: Mask): Filler {
  return {
    label: 'By hand',
    seeds: false,
    ready: () => ({ spec: { kind: 'picture', picture, hole } }),
  };
}
