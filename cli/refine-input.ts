/** The places that `splatmend refine` reads posed views from: a COLMAP folder, a NumPy archive, a folder of RGB-D frames. */
import { access, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readDepthMap, readNumbers } from '../core/depth-files/depth-map.ts';
import { readNpz } from '../core/depth-files/npz.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { SplatmendError } from '../core/errors.ts';
import { parseFrames } from '../core/refine/frames-json.ts';
import { NPZ_ARRAYS } from '../core/refine/npz-arrays.ts';
import { npzViews } from '../core/refine/npz-views.ts';
import type { PosedView, ViewSource } from '../core/refine/view.ts';
import { readBytes, readJson } from './files.ts';
import { colmapSource, findModel } from './refine-colmap.ts';

export interface RefineInputFlags {
  depthScale?: number;
  /** Take every so many-th view. */
  every?: number;
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The first of the paths that is there. */
export async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

async function framesSource(folder: string, depthScale: number | undefined): Promise<ViewSource> {
  const { ids, cameras } = parseFrames(await readJson(join(folder, 'frames.json'), 'bad-camera'));
  return {
    kind: 'RGB-D frames',
    ids,
    notes: [],
    load: async (n): Promise<PosedView> => {
      const camera = cameras[n]!;
      const base = join(folder, ids[n]!);
      const picture = await firstOf(['png', 'jpg', 'jpeg'].map((e) => `${base}.color.${e}`));
      const depthPath = await firstOf(
        ['png', 'npy', 'pfm', 'exr'].map((e) => `${base}.depth.${e}`),
      );
      if (depthPath === undefined) {
        throw new SplatmendError('not-readable', `refine: there is no ${base}.depth.png`);
      }
      const { depth } = await readDepthMap(
        await readBytes(depthPath),
        basename(depthPath),
        depthScale,
      );
      const view: PosedView = { id: ids[n]!, camera, depth };
      const sized = { [depthPath]: depth } as Record<string, { width: number; height: number }>;
      if (picture !== undefined) {
        view.rgb = readPicture(await readBytes(picture), basename(picture));
        sized[picture] = view.rgb;
      }
      const sure = await firstOf(['png', 'npy'].map((e) => `${base}.confidence.${e}`));
      if (sure !== undefined) {
        view.confidence = await readNumbers(await readBytes(sure), basename(sure));
        sized[sure] = view.confidence;
      }
      for (const [path, { width, height }] of Object.entries(sized)) {
        if (width === camera.width && height === camera.height) continue;
        throw new SplatmendError(
          'bad-file',
          `refine: ${path} is ${width} × ${height}, not ${camera.width} × ${camera.height} as frames.json says`,
        );
      }
      return view;
    },
  };
}

function everyOf(source: ViewSource, every: number): ViewSource {
  if (every === 1) return source;
  const kept = source.ids.map((_, i) => i).filter((i) => i % every === 0);
  return {
    ...source,
    ids: kept.map((i) => source.ids[i]!),
    load: (n) => source.load(kept[n]!),
  };
}

/**
 * Finds out what IN is. Views are read when they are asked for.
 * @throws SplatmendError `not-readable`, `unknown-format`, `bad-file`, `bad-camera`, `unsupported-file`, `too-large`
 */
export async function openViews(path: string, flags: RefineInputFlags): Promise<ViewSource> {
  const every = flags.every ?? 1;
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) {
    throw new SplatmendError('not-readable', `refine: ${path}: there is no such file or folder`);
  }
  if (!info.isDirectory()) {
    if (!path.toLowerCase().endsWith('.npz')) {
      throw new SplatmendError(
        'unknown-format',
        `refine: ${path}: give a COLMAP folder, an .npz, or a folder with frames.json`,
      );
    }
    const name = basename(path);
    const arrays = readNpz(await readBytes(path), name, (array) => NPZ_ARRAYS.has(array));
    return everyOf(npzViews(arrays, name), every);
  }
  if (await exists(join(path, 'frames.json'))) {
    return everyOf(await framesSource(path, flags.depthScale), every);
  }
  const model = await findModel(path);
  if (model === undefined) {
    throw new SplatmendError(
      'unknown-format',
      `refine: ${path} holds no frames.json and no COLMAP model (cameras and images as .bin or .txt, in it or in its sparse/ or sparse/0/)`,
    );
  }
  return everyOf(await colmapSource(path, model), every);
}
