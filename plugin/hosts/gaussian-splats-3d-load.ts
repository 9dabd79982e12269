/** Putting splats into a GaussianSplats3D viewer and waiting for it, with an end in every case. */
import { SplatmendError } from '../../core/errors.ts';
import type {
  ColourTexture,
  SplatBufferLike,
  SplatMesh,
  SplatSceneOptions,
  SplatViewer,
} from './gaussian-splats-3d-viewer.ts';

const NAME = 'GaussianSplats3D';
/** The library's sort worker and octree builder say nothing when they fail. */
const DEADLINE_MS = 60_000;
/** The library's SceneRevealMode.Instant: no fading in after each edit. */
const REVEAL_AT_ONCE = 2;

/** What the library goes on with, to no effect, after its build failed: thrown on it would reach nobody. */
const NOTHING_BUILT = {
  from: 0,
  to: -1,
  count: 0,
  centers: new Int32Array(),
  sceneIndexes: new Uint32Array(),
};

const nap = () => new Promise((resolve) => setTimeout(resolve, 5));

/**
 * Waits until `done`.
 * @throws SplatmendError `internal` after a minute, or when the viewer is disposed of meanwhile
 */
async function until(viewer: SplatViewer, done: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!done()) {
    if (viewer.isDisposingOrDisposed()) {
      throw new SplatmendError('internal', `${NAME}: the viewer was disposed of; make a new host`);
    }
    if (performance.now() > deadline) {
      throw new SplatmendError(
        'internal',
        `${NAME}: ${what} took over a minute; look for an error of the library in the console`,
      );
    }
    await nap();
  }
}

function isTreeBuilt({ splatMesh }: SplatViewer): boolean {
  return splatMesh.splatTree !== null || splatMesh.getSplatCount() === 0;
}

/**
 * Replaces all that the viewer shows. Its mesh, and where it stands, stay.
 * @param onBuilt called in the task that made the new textures, before anything of them is drawn
 * @throws SplatmendError `busy` while the viewer loads a file, `internal` where the library fails or does not answer
 */
export async function replaceSplats(
  viewer: SplatViewer,
  buffer: SplatBufferLike,
  options: SplatSceneOptions,
  onBuilt: () => void,
): Promise<void> {
  if (viewer.isLoadingOrUnloading()) {
    throw new SplatmendError('busy', `${NAME}: the viewer is still loading; wait for it first`);
  }
  // A running sort would hand its order, and take the place of the one that brings the new positions. An octree
  // that is given up half built has the library take the next one, still empty, for finished.
  await until(viewer, () => !viewer.sortRunning && isTreeBuilt(viewer), 'sorting');
  viewer.sceneRevealMode = REVEAL_AT_ONCE;
  const build = viewer.addSplatBuffersToMesh;
  let failure: unknown;
  let settled = false;
  // The library builds in a timer, where what it throws reaches no promise.
  viewer.addSplatBuffersToMesh = (...args) => {
    try {
      const built = build.apply(viewer, args);
      onBuilt();
      return built;
    } catch (error) {
      failure = error;
      return NOTHING_BUILT;
    }
  };
  try {
    void viewer.addSplatBuffers([buffer], [options], true, false, false, true).then(() => {
      settled = true;
    });
    await until(viewer, () => settled || failure !== undefined, 'loading splats');
    if (failure !== undefined) {
      const why = failure instanceof Error ? failure.message : String(failure);
      throw new SplatmendError(
        'internal',
        `${NAME}: the library could not build its mesh (${why}); is the scene too large for the GPU?`,
        { cause: failure },
      );
    }
  } finally {
    viewer.addSplatBuffersToMesh = build;
  }
  // The library leaves the scenes of before behind as the mesh's children.
  const { splatMesh } = viewer;
  for (const child of [...splatMesh.children]) {
    if ('splatBuffer' in child && !splatMesh.scenes.includes(child as never)) {
      splatMesh.remove(child);
    }
  }
}

/** Waits until the octree stands and all splats are in the order of the camera as it is now. */
export async function sortNow(viewer: SplatViewer): Promise<void> {
  if (viewer.splatMesh.getSplatCount() === 0) return;
  await until(
    viewer,
    () => viewer.splatRenderReady && isTreeBuilt(viewer) && !viewer.sortRunning,
    'sorting',
  );
  // A view that turned far is sorted in parts, nearest first; the last part is the whole.
  do {
    viewer.camera?.updateWorldMatrix(true, false);
    if (!(await viewer.runSplatSort(true, true))) return;
    await until(viewer, () => !viewer.sortRunning, 'sorting');
  } while (viewer.splatSortCount < viewer.splatRenderCount);
}

/** The colours that show now, RGBA8 of every splat: without a host's marks before it painted any. */
export function shownColours(mesh: SplatMesh): Uint8Array {
  return mesh.splatDataTextures.baseData!.colors!.slice();
}

/** Shows these colours, RGBA8 of every splat: the texture's own rows alone are sent. */
export function putColours(mesh: SplatMesh, colours: Uint8Array): void {
  const { data, texture, size } = mesh.splatDataTextures.centerColors!;
  const words = data!;
  const count = mesh.scenes[0]!.splatBuffer.getSplatCount();
  for (let i = 0; i < count; i++) {
    const at = i * 4;
    // The points at the end have none.
    words[at] =
      at < colours.length
        ? colours[at]! |
          (colours[at + 1]! << 8) |
          (colours[at + 2]! << 16) |
          (colours[at + 3]! << 24)
        : 0;
  }
  sendRows(texture, size.x * 4, Math.ceil(count / size.x));
}

/** @param rowWords numbers in a row of the texture */
function sendRows(texture: ColourTexture, rowWords: number, rows: number): void {
  for (let row = 0; row < rows; row++) texture.addUpdateRange?.(row * rowWords, rowWords);
  texture.needsUpdate = true;
}
