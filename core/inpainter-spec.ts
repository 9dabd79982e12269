/** Who fills holes and who guesses depth, as data: what the page chose, and what crosses to the mending worker. */
import type { Mask, RgbImage } from './image.ts';
import type { DepthServerSpec, ServerSpec } from './server-spec.ts';

/** What has to be known of an inpainting model to show it pictures. The model itself may run in another worker. */
export interface PaintModel {
  /** For reports: the manifest's. */
  id: string;
  /** The file, as messages begin. */
  who: string;
  /** One size, or any of a multiple between a least shorter and a longest side, pixels. */
  size: { width: number; height: number } | { multiple: number; least: number; most: number };
  /** A cancel stops the model itself. */
  cancel: boolean;
}

export type InpainterSpec =
  /** The exemplar filler. */
  | { kind: 'built-in' }
  /** A model that the page runs (`PageModels.paint`). */
  | { kind: 'model'; model: PaintModel }
  | { kind: 'server'; server: ServerSpec }
  /** What a person made of the view with this hole (`RemoveOptions.painted`); other views are filled by the built-in one. */
  | { kind: 'picture'; picture: RgbImage; hole: Mask };

export interface ModelsSpec {
  /** Default: the built-in one. */
  inpainter?: InpainterSpec;
  /** A depth model that the page runs (`PageModels.estimateDepth`), by its name, or a server's. Default: none. */
  depth?: string | DepthServerSpec;
}
