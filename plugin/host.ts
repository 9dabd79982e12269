import type { Camera } from '../core/camera.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';

/** Why the shown cloud changes; a host may use it to update only a part of its buffers. */
export interface CloudChange {
  kind: 'open' | 'proposal' | 'discard' | 'accept' | 'compare' | 'undo' | 'redo' | 'restore';
  /** Rows of the cloud shown before that are gone now, ascending. */
  removed?: Uint32Array;
  /** How many new splats stand at the end of the cloud. */
  added?: number;
}

/**
 * What Splatmend asks of a viewer. A host keeps a display copy only: the mender's cloud is the truth.
 * Everything is in the cloud's own frame and units with the core camera's axes: a host that turns or
 * scales its scene converts here, at its edge.
 */
export interface MendHost {
  /** Short name for messages, e.g. `Babylon`. */
  readonly name: string;
  /** The cloud the host shows at the start; undefined when it has none yet (the mender opens one later). */
  readCloud(): SplatCloud | undefined;
  /** The view the user looks through now, at the size of its picture in pixels. */
  currentCamera(): Camera;
  /** A pointer's `clientX/clientY` as pixels of `currentCamera`; undefined outside the picture. */
  pixelAt(clientX: number, clientY: number): { x: number; y: number } | undefined;
  /** Shows this cloud in place of the one before. Splatmend does not change it afterwards, nor may the host. */
  showCloud(cloud: SplatCloud, change: CloudChange): void | Promise<void>;
  /** Tints the selected splats of the shown cloud; undefined or all 0 takes the tint away. */
  highlight(selection: Selection | undefined): void;
  /** Asks for a new frame, where the host does not draw all the time. */
  requestRender(): void;
  /** Frees what the host made for Splatmend; the viewer itself stays. */
  dispose?(): void;
}
