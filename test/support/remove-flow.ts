/** A mender and a host that only remember, for tests of the remove flow's panels. */
import { type Camera, lookAt } from '../../core/camera.ts';
import { createMask, createRgbImage, createScalarImage } from '../../core/image.ts';
import type { EditedReference, InsertOptions } from '../../core/insert-types.ts';
import type { DepthFile, Photo, PhotoScene, PhotoSceneOptions } from '../../core/photo-types.ts';
import type {
  FilledView,
  HolePreview,
  RemoveFigures,
  RemoveResult,
} from '../../core/remove-types.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import { BUILT_IN_FILLER, type DepthModel } from '../../plugin/filler.ts';
import type { MendHost } from '../../plugin/host.ts';
import type {
  Extension,
  Insertion,
  MenderEvents,
  MenderTask,
  RemoveCandidate,
  ViewReference,
} from '../../plugin/mender-types.ts';

export const WIDTH = 64;
export const HEIGHT = 40;
export const camera: Camera = {
  width: WIDTH,
  height: HEIGHT,
  fx: 60,
  fy: 60,
  cx: WIDTH / 2,
  cy: HEIGHT / 2,
  worldToCamera: lookAt([0, 0, -4], [0, 0, 0], [0, -1, 0]),
};

/** A checked floor under a grey wall, and in `fill`'s colour the disc in its middle. */
export function floor(fill?: readonly [number, number, number]) {
  const image = createRgbImage(WIDTH, HEIGHT);
  const disc = discMask(9);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const checked = ((x >> 3) + (y >> 3)) % 2 === 0 ? 0.72 : 0.5;
    const grey = y < 14 ? 0.85 : checked;
    image.data.set(disc.data[i] && fill ? fill : [grey, grey * 0.9, grey * 0.75], i * 3);
  }
  return image;
}

export function discMask(radius: number) {
  const mask = createMask(WIDTH, HEIGHT);
  for (let i = 0; i < mask.data.length; i++) {
    const x = (i % WIDTH) + 0.5 - WIDTH / 2;
    const y = Math.floor(i / WIDTH) + 0.5 - HEIGHT / 2;
    mask.data[i] = Math.hypot(x, y) <= radius ? 1 : 0;
  }
  return mask;
}

/** Depth 2 at the left to 2 + WIDTH / 10 at the right, unknown in the first column. */
function ramp() {
  const depth = createScalarImage(WIDTH, HEIGHT);
  for (let i = 0; i < depth.data.length; i++) {
    const x = i % WIDTH;
    depth.data[i] = x === 0 ? 0 : 2 + x / 10;
  }
  return depth;
}

export function filledView(fill: readonly [number, number, number]): FilledView {
  const confidence = createScalarImage(WIDTH, HEIGHT);
  confidence.data.fill(0.75);
  return {
    camera,
    rgbBefore: floor([0.05, 0.05, 0.08]),
    rgbInpainted: floor(fill),
    depthBefore: ramp(),
    depthCompleted: ramp(),
    confidence,
    footprint: discMask(7),
    mask: discMask(9),
    added: 1234,
  };
}

export function removal(
  figures: Partial<RemoveFigures> = {},
  fill: readonly [number, number, number] = [0.6, 0.5, 0.4],
  views = 2,
): RemoveResult {
  return {
    patch: { removed: Uint32Array.of(1), added: createSplatCloud(0) },
    figures: {
      selected: 1203,
      added: 3456,
      coverage: 0.984,
      unseen: 0,
      seamDepth: 0.004,
      seamDepth90: 0.004,
      seamPx: 0.4,
      seamColour: 0.012,
      seamDeltaE: 1.5,
      views,
      perView: [],
      seconds: { render: 1.2, inpaint: 2.1 },
      notes: [
        'Filled 98 % of the hole from 2 views; seam 0.4 px / 0.4 % of depth; the back side was never seen.',
      ],
      ...figures,
    },
    filledViews: Array.from({ length: views }, () => filledView(fill)),
    backend: 'cpu',
  };
}

export const holePreview = (): HolePreview => ({
  camera,
  rgb: floor([0.05, 0.05, 0.08]),
  depth: ramp(),
  footprint: discMask(7),
  mask: discMask(9),
});

/** Does what the mender promises of a proposal's sides; the rest is set by the test. */
export class FakeMender extends EventTarget {
  cloud = createSplatCloud(10);
  selection = new Uint8Array(10).fill(1, 0, 3);
  selectedCount = 3;
  marks = undefined;
  task: MenderTask | undefined;
  candidates: RemoveCandidate[] = [];
  chosen = 0;
  showsBefore = false;
  previews = 0;
  cancelled = 0;
  preview: () => Promise<HolePreview> = async () => holePreview();
  insertion: Insertion | undefined;
  extension: Extension | undefined;
  inserted: { reference: EditedReference; options: InsertOptions }[] = [];
  filler = BUILT_IN_FILLER;
  depth: DepthModel | undefined;
  photos: { photo: Photo; options: PhotoSceneOptions; name: string }[] = [];
  photoNotes: string[] = [];
  photoOnce: () => Promise<void> = async () => undefined;
  depthFile: (name: string, options: object) => Promise<DepthFile> = async () => ({
    depth: ramp(),
    form: 'depth',
  });
  insertOnce: (reference: EditedReference) => Promise<void> = async () => undefined;

  get proposal(): RemoveResult | undefined {
    return this.candidates[this.chosen]?.result;
  }

  tell<K extends keyof MenderEvents>(type: K, detail: MenderEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  propose(...results: RemoveResult[]): void {
    this.candidates = results.map((result, i) => ({ label: `Seed ${i + 1}`, result }));
    this.show(results.length - 1);
  }
  show(index: number): void {
    this.chosen = Math.max(0, index);
    this.showsBefore = false;
    this.tell('proposal', { result: this.proposal });
  }
  run(task: MenderTask | undefined): void {
    this.task = task;
    this.tell('busy', { task });
  }

  async compare(before: boolean): Promise<void> {
    if (this.task) throw new Error('busy');
    if (!this.proposal) throw new Error('nothing is proposed');
    if (this.showsBefore === before) return;
    this.showsBefore = before;
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.tell('compare', { showsBefore: before });
  }
  async previewHole(): Promise<HolePreview> {
    this.previews++;
    this.run('look');
    try {
      return await this.preview();
    } finally {
      this.run(undefined);
    }
  }
  async takeReference(): Promise<ViewReference> {
    return { camera, rgb: floor() };
  }
  async insert(reference: EditedReference, options: InsertOptions): Promise<void> {
    this.inserted.push({ reference, options });
    this.run('insert');
    try {
      await this.insertOnce(reference);
    } finally {
      this.run(undefined);
    }
  }
  async readDepth(_bytes: Uint8Array, fileName: string, options: object): Promise<DepthFile> {
    this.run('open');
    try {
      return await this.depthFile(fileName, options);
    } finally {
      this.run(undefined);
    }
  }
  async openPhoto(photo: Photo, options: PhotoSceneOptions, name: string): Promise<PhotoScene> {
    this.photos.push({ photo, options, name });
    this.run('photo');
    try {
      await this.photoOnce();
    } finally {
      this.run(undefined);
    }
    const seconds = { sharpen: 0, complete: 0, inpaint: 0, lift: 0 };
    const figures = { pixels: [9600, 12], notes: this.photoNotes, seconds };
    return { cloud: createSplatCloud(9612), camera, pivotDepth: 3, figures };
  }
  cancel(): void {
    this.cancelled++;
  }
}

/** Shows one colour: red before, and after a green that tells the candidate. */
export function fakeHost(mender: FakeMender, element: HTMLElement) {
  const listeners = new Set<() => void>();
  const state = { captures: 0, beforeCapture: undefined as (() => Promise<void>) | undefined };
  const host: MendHost = {
    name: 'fake',
    element,
    readCloud: () => mender.cloud,
    currentCamera: () => camera,
    pixelAt: () => undefined,
    showCloud: () => undefined,
    showMarks: () => undefined,
    requestRender: () => undefined,
    async capture() {
      state.captures++;
      const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
      const context = canvas.getContext('2d')!;
      context.fillStyle = mender.showsBefore ? 'rgb(200 0 0)' : `rgb(0 ${100 + mender.chosen} 0)`;
      context.fillRect(0, 0, WIDTH, HEIGHT);
      await state.beforeCapture?.();
      return createImageBitmap(canvas);
    },
    onViewChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const moveView = () => {
    for (const listener of listeners) listener();
  };
  return { host, state, listeners, moveView };
}
