/** What one kind of server has to say of itself; `server-inpainter.ts` does what is the same for all. */
import type { Mask, RgbImage } from '../../../core/image.ts';
import type { InpainterCapabilities } from '../../../core/inpainter.ts';
import { SERVER_KINDS, type ServerKind } from '../../../core/server-spec.ts';
import type { Peer } from './failures.ts';

export interface Size {
  width: number;
  height: number;
}

/** One window of a picture, brought to a size that the server takes. */
export interface ServerJob {
  /** Finite, 0..1; the hole filled smoothly. */
  image: RgbImage;
  /** 1 = fill. */
  mask: Mask;
  /** Empty where nothing was said. */
  prompt: string;
  negativePrompt: string;
  /** 0..1; undefined: the server's own. */
  strength: number | undefined;
  /** Whole, 0 to 2³² − 1. */
  seed: number;
  timeoutMs: number;
  signal: AbortSignal | undefined;
  /** Share of the job that is done, 0..1. */
  report: (fraction: number) => void;
}

export interface Provider {
  /** For reports, e.g. `iopaint`. */
  id: string;
  /** As messages begin. */
  who: string;
  capabilities: InpainterCapabilities;
  /** The size that a window is brought to. May ask the server. */
  sizeFor(window: Size, signal: AbortSignal | undefined): Promise<Size> | Size;
  /** @returns the painted picture, of the job's size */
  paint(job: ServerJob): Promise<RgbImage>;
}

/** A kind's capabilities by its table, and what a provider adds. */
export function capabilitiesOf(
  kind: ServerKind,
  { address }: Peer,
  more: Partial<InpainterCapabilities> = {},
): InpainterCapabilities {
  const { prompt, negativePrompt, strength } = SERVER_KINDS[kind];
  return {
    prompt,
    negativePrompt,
    strength,
    seed: false,
    depth: false,
    runs: 'elsewhere',
    host: address.host,
    progress: false,
    cancel: false,
    ...more,
  };
}
