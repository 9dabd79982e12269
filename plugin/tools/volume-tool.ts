import { SplatmendError } from '../../core/errors.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import type { MendHost } from '../host.ts';
import { type OverlayShape, sameHandle, volumeShapes } from './overlay-shapes.ts';
import type { PictureMap } from './picture-map.ts';
import type { ToolId } from './tool-types.ts';
import { alignVolume, type Handle, isSound, reshapeVolume } from './volume-gizmo.ts';

/** The sphere or box that the tools place: what it is now, and which of its handles is under the pointer. */
export class VolumeTool {
  readonly #host: MendHost;
  /** A place in the scene; undefined where none is put. */
  volume: SelectionVolume | undefined;
  #hovered: Handle | undefined;

  constructor(host: MendHost) {
    this.#host = host;
  }

  get hovered(): Handle | undefined {
    return this.#hovered;
  }

  /** @returns whether another handle is under the pointer than before */
  hover(handle: Handle | undefined): boolean {
    const same = handle ? sameHandle(handle, this.#hovered) : this.#hovered === undefined;
    this.#hovered = handle;
    return !same;
  }

  /** As the tool in hand has it: of its shape, and gone with tools that place none. */
  follow(tool: ToolId): void {
    if (tool !== 'sphere' && tool !== 'box') this.volume = undefined;
    else if (this.volume) this.volume = reshapeVolume(this.volume, tool);
  }

  /** @returns whether there was one */
  align(to: 'scene' | 'view'): boolean {
    if (!this.volume) return false;
    this.volume = alignVolume(this.volume, to === 'view' ? this.#host.currentCamera() : undefined);
    return true;
  }

  /** @returns whether there was one */
  drop(): boolean {
    const was = this.volume !== undefined;
    this.volume = undefined;
    return was;
  }

  /** @param pulled the handle that is dragged, if one is */
  shapes(map: PictureMap, pulled: Handle | undefined): OverlayShape[] {
    if (!this.volume) return [];
    return volumeShapes(this.volume, this.#host.currentCamera(), map, pulled ?? this.#hovered);
  }
}

/** @throws SplatmendError `bad-selection` for a volume that no tool can work on */
export function checkVolume(volume: SelectionVolume): void {
  if (isSound(volume)) return;
  throw new SplatmendError(
    'bad-selection',
    'tools: the volume has a size that is not positive, or a number that is not finite; correct it',
  );
}
