import type { Camera } from '../../core/camera.ts';
import type { Marks } from '../../core/marks.ts';
import type { PromptPoint, Segmenter } from '../../core/segmenter.ts';
import type { MendHost } from '../host.ts';
import { sameView, takeViewPicture, type ViewPicture } from '../images/view-picture.ts';
import type { Mender } from '../mender-types.ts';
import type { OverlayShape } from './overlay-shapes.ts';
import type { PictureMap } from './picture-map.ts';
import type { ToolRequest } from './tool-types.ts';

/** What the tool reads, and tells. */
export interface SegmentDesk {
  host: MendHost;
  mender: Mender;
  ask(make: () => Promise<ToolRequest | undefined>): void;
  /** Points, or whether it works, changed. */
  changed(): void;
}

/** Clicks that tell a segmenter what is meant in the picture that shows now; its mask selects. */
export class SegmentTool {
  readonly #desk: SegmentDesk;
  #segmenter: Segmenter | undefined;
  #picture: ViewPicture | undefined;
  /** Those of the picture. */
  #marks: Marks | undefined;
  /** A new list with every click, so that one knows which list a mask is of. */
  #points: readonly PromptPoint[] = [];
  #running: AbortController | undefined;
  #step: string | undefined;

  constructor(desk: SegmentDesk) {
    this.#desk = desk;
  }

  get segmenter(): Segmenter | undefined {
    return this.#segmenter;
  }
  set segmenter(segmenter: Segmenter | undefined) {
    if (segmenter === this.#segmenter) return;
    this.stop();
    this.#segmenter = segmenter;
    this.forget();
  }

  /** Looks at a picture or for an object in it. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /**
   * A click at a pixel of the camera.
   * @param means `new`: another object than before; `more` and `less`: on this one, and not on it
   */
  click(camera: Camera, { x, y }: { x: number; y: number }, means: 'new' | 'more' | 'less'): void {
    const before = means === 'new' ? [] : this.#points;
    if (means === 'less' && before.length === 0) return;
    const points = [...before, { x, y, label: means === 'less' ? 0 : 1 } as const];
    this.#points = points;
    this.#desk.changed();
    // A later click says all that this one says, unless the view went on.
    this.#desk.ask(async () => (points === this.#points ? this.#find(camera, points) : undefined));
  }

  /** Forgets the points and the picture. */
  forget(): void {
    this.#picture = undefined;
    if (this.#points.length === 0) return;
    this.#points = [];
    this.#desk.changed();
  }

  /** View or marks may have changed: what was looked at is forgotten if it is not what shows any more. */
  follow(): void {
    if (this.#picture === undefined) return;
    const { host, mender } = this.#desk;
    // What is hidden now was in the picture, and the other way round.
    const same = mender.marks === this.#marks;
    if (!same || !sameView(this.#picture.camera, host.currentCamera())) this.forget();
  }

  /** Stops what runs. @returns false when nothing does */
  stop(): boolean {
    this.#running?.abort();
    return this.#running !== undefined;
  }

  /** The points, and what it does at the last one. */
  shapes({ toElement }: PictureMap): OverlayShape[] {
    const shapes: OverlayShape[] = [];
    for (const { x: px, y: py, label } of this.#points) {
      const [x, y] = toElement(px, py);
      shapes.push({ kind: 'dot', x, y, active: label === 1 });
      if (label === 0) shapes.push({ kind: 'label', x: x + 8, y: y - 6, text: 'not this' });
    }
    const last = this.#points.at(-1);
    if (last && this.#step) {
      const [x, y] = toElement(last.x, last.y);
      shapes.push({ kind: 'label', x: x + 12, y: y + 20, text: `${this.#step} …` });
    }
    return shapes;
  }

  async #find(camera: Camera, points: readonly PromptPoint[]): Promise<ToolRequest | undefined> {
    const { host, mender } = this.#desk;
    const running = new AbortController();
    this.#running = running;
    this.#tell('look at the picture');
    try {
      if (!this.#picture || !sameView(this.#picture.camera, camera)) {
        const { marks } = mender;
        const picture = await takeViewPicture(host, mender);
        if (!sameView(picture.camera, camera)) {
          this.forget();
          return undefined;
        }
        this.#picture = picture;
        this.#marks = marks;
      }
      const { image } = this.#picture;
      const { signal } = running;
      const mask = await this.#segmenter?.segment(image, { points }, signal, ({ step }) =>
        this.#tell(step),
      );
      return mask && { shape: { kind: 'mask', camera, mask }, mode: 'set' };
    } finally {
      this.#running = undefined;
      this.#tell(undefined);
    }
  }

  #tell(step: string | undefined): void {
    this.#step = step;
    this.#desk.changed();
  }
}
