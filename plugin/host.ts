import type { Camera, Vec3 } from '../core/camera.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';

/** Why the shown cloud changes; a host may use it to update only a part of its buffers. */
export interface CloudChange {
  kind: 'open' | 'proposal' | 'discard' | 'accept' | 'compare' | 'undo' | 'redo' | 'restore';
  /** Rows of the cloud before that are gone now, ascending. For `proposal`, of the scene without any proposal. */
  removed?: Uint32Array;
  /** How many new splats stand at the end of the cloud. */
  added?: number;
}

/** How the splats of the shown cloud should look; each one byte a splat, absent = none. */
export interface ShownMarks {
  /** Tinted. */
  selected?: Selection;
  /** Not drawn. */
  hidden?: Uint8Array;
  /** Drawn dimmed or greyed, so that one sees why a tool passes them over. */
  locked?: Uint8Array;
}

/**
 * What Splatmend asks of a viewer. A host keeps a display copy only: the mender's cloud is the truth.
 * Everything is in the cloud's own frame and units with the core camera's axes: a host that turns or
 * scales its scene converts here, at its edge. `checkHost` (plugin/hosts/conformance.ts) tries a host
 * of your own.
 */
export interface MendHost {
  /** Short name for messages, e.g. `Babylon`. */
  readonly name: string;
  /** What shows the picture; tools listen to its pointer and draw over its box. */
  readonly element: HTMLElement;
  /** The cloud the host shows at the start; undefined when it has none yet (the mender opens one later). */
  readCloud(): SplatCloud | undefined;
  /** The view the user looks through now, at the size of its picture in pixels. */
  currentCamera(): Camera;
  /** More viewpoints of the scene, e.g. its capture's: a removal fills from them too. */
  cameras?(): readonly Camera[];
  /** A pointer's `clientX/clientY` as pixels of `currentCamera`; undefined outside the picture. */
  pixelAt(clientX: number, clientY: number): { x: number; y: number } | undefined;
  /**
   * Shows this cloud in place of the one before, without marks. Splatmend does not change it afterwards,
   * nor may the host. Resolves when the buffers are the new ones; must not hold the page for long at a time.
   */
  showCloud(cloud: SplatCloud, change: CloudChange): void | Promise<void>;
  /** Marks splats of the shown cloud; what is absent is no longer marked. The arrays may change afterwards. */
  showMarks(marks: ShownMarks): void;
  /** Asks for a new frame, where the host does not draw all the time. */
  requestRender(): void;
  /** The picture as it is now, drawn and sorted to the end, without anything of the page over it. */
  capture(): Promise<ImageBitmap>;
  /** Calls back when the view or the picture's size changed, at most once a frame. @returns stops it */
  onViewChange(listener: () => void): () => void;
  /** Looks at a ball of the cloud's frame so that it fills the picture, from the direction as now. */
  frame?(center: Vec3, radius: number): void;
  /**
   * Looks through a camera of the cloud's frame, which sees up as `setUp` has it, so that all of its picture shows.
   * @param pivotDepth where the view turns around, world units before the camera
   */
  look?(camera: Camera, pivotDepth: number): void;
  /** Turns the shown scene so that this direction of the cloud's frame is up in the picture. */
  setUp?(up: Vec3): void;
  /** The direction that `setUp` was last given, or the one before any. */
  readonly up?: Vec3;
  /** Frees what the host made for Splatmend; the viewer itself stays. */
  dispose?(): void;
}
