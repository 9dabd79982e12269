/** A COLMAP workspace as views: its sparse model, pictures, and dense depth maps where it has them. */
import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Camera, cameraOfSize } from '../core/camera.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { resizeRgb } from '../core/depth-files/resize.ts';
import { SplatmendError } from '../core/errors.ts';
import { badFile } from '../core/formats/format.ts';
import { createScalarImage } from '../core/image.ts';
import {
  type ColmapImage,
  type ColmapPoint,
  type Intrinsics,
  readCamerasBinary,
  readCamerasText,
  readDenseDepth,
  readImagesBinary,
  readImagesText,
  readPointsBinary,
  readPointsText,
} from '../core/refine/colmap.ts';
import type { PosedView, ViewSource } from '../core/refine/view.ts';
import { readBytes } from './files.ts';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Where a model may lie in what the user gives. */
const MODEL_FOLDERS = ['', 'sparse/0', 'sparse', 'dense/sparse', 'dense/0/sparse'];
/** From the model's folder to where images/ and stereo/ are. */
const ABOVE: Record<string, string> = {
  '': '',
  'sparse/0': '',
  sparse: '',
  'dense/sparse': 'dense',
  'dense/0/sparse': 'dense/0',
};

export interface Model {
  folder: string;
  /** Holds images/ and stereo/. */
  workspace: string;
  ending: 'bin' | 'txt';
}

export async function findModel(path: string): Promise<Model | undefined> {
  // A dense workspace holds depth too: it is looked for first.
  for (const at of [...MODEL_FOLDERS.slice(3), ...MODEL_FOLDERS.slice(0, 3)]) {
    const folder = join(path, at);
    for (const ending of ['bin', 'txt'] as const) {
      const whole = await Promise.all(
        ['cameras', 'images'].map((name) => exists(join(folder, `${name}.${ending}`))),
      );
      if (whole.every(Boolean)) return { folder, workspace: join(path, ABOVE[at]!), ending };
    }
  }
  return undefined;
}

interface ReadModel {
  cameras: Map<number, Intrinsics>;
  images: ColmapImage[];
  points: Map<number, ColmapPoint>;
}

async function readModel({ folder, ending }: Model): Promise<ReadModel> {
  const read = async <T>(name: string, text: Reader<T>, binary: Reader<T>): Promise<T> => {
    const file = `${name}.${ending}`;
    return (ending === 'bin' ? binary : text)(await readBytes(join(folder, file)), file);
  };
  type Reader<T> = (bytes: Uint8Array, name: string) => T;
  const cameras = await read('cameras', readCamerasText, readCamerasBinary);
  const images = await read('images', readImagesText, readImagesBinary);
  const hasPoints = await exists(join(folder, `points3D.${ending}`));
  const points = hasPoints
    ? await read('points3D', readPointsText, readPointsBinary)
    : new Map<number, ColmapPoint>();
  if (images.length === 0) throw badFile(`images.${ending}`, 'holds no image');
  // A name is a path within images/: it must not lead out of it.
  for (const { name, cameraId } of images) {
    if (name.split(/[/\\]/).includes('..') || /^([/\\]|[A-Za-z]:)/.test(name)) {
      throw badFile(`images.${ending}`, `image "${name.slice(0, 80)}" leads out of its folder`);
    }
    if (!cameras.has(cameraId))
      throw badFile(`images.${ending}`, `names camera ${cameraId}, which is not there`);
  }
  return { cameras, images: images.sort((a, b) => (a.name < b.name ? -1 : 1)), points };
}

/** Depth where an image observes points: the model knows that they are seen. Confidence is how many images see one. */
function observedDepth(camera: Camera, image: ColmapImage, points: Map<number, ColmapPoint>) {
  const { width, height, worldToCamera: m } = camera;
  const depth = createScalarImage(width, height);
  const confidence = createScalarImage(width, height);
  for (const { u, v, pointId } of image.observations) {
    const point = points.get(pointId);
    if (point === undefined) continue;
    const [x, y, z] = point.position;
    const d = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!;
    const [column, row] = [Math.floor(u), Math.floor(v)];
    if (!(d > 0 && column >= 0 && row >= 0 && column < width && row < height)) continue;
    const i = row * width + column;
    if (depth.data[i]! > 0 && confidence.data[i]! >= point.track) continue;
    depth.data[i] = d;
    confidence.data[i] = point.track;
  }
  return { depth, confidence };
}

const ASPECT_TOLERANCE = 0.02;

export async function colmapSource(path: string, model: Model): Promise<ViewSource> {
  const { cameras, images, points } = await readModel(model);
  const maps = join(model.workspace, 'stereo/depth_maps');
  const kinds = ['geometric', 'photometric'] as const;
  const denseOf = async (name: string): Promise<string | undefined> => {
    for (const kind of kinds) {
      const file = join(maps, `${name}.${kind}.bin`);
      if (await exists(file)) return file;
    }
    return undefined;
  };
  const dense = await Promise.all(images.map(({ name }) => denseOf(name)));
  const count = dense.filter((d) => d !== undefined).length;
  const notes: string[] = [];
  if (count > 0 && count < images.length) {
    notes.push(
      `${images.length - count} images have no dense depth map; their observed points are used`,
    );
  }
  if (count === 0 && points.size === 0) {
    throw new SplatmendError('bad-file', `refine: ${path}: no dense depth maps and no points3D`);
  }
  const pictures = join(model.workspace, 'images');
  const hasPictures = await exists(join(pictures, images[0]!.name));
  if (!hasPictures)
    notes.push(`no pictures in ${pictures}: completed without their edges, in grey`);
  return {
    kind: count > 0 ? 'COLMAP, dense depth maps' : 'COLMAP, observed points',
    ids: images.map((image) => image.name),
    notes,
    load: async (n): Promise<PosedView> => {
      const image = images[n]!;
      const full: Camera = {
        id: image.name,
        ...cameras.get(image.cameraId)!,
        worldToCamera: image.worldToCamera,
      };
      const file = dense[n];
      let view: PosedView;
      if (file !== undefined) {
        const depth = readDenseDepth(await readBytes(file), basename(file));
        view = { id: image.name, camera: cameraOfSize(full, depth), depth };
      } else view = { id: image.name, camera: full, ...observedDepth(full, image, points) };
      if (hasPictures) {
        const rgb = readPicture(await readBytes(join(pictures, image.name)), image.name);
        const aspect = (rgb.width * full.height) / (rgb.height * full.width);
        if (Math.abs(aspect - 1) > ASPECT_TOLERANCE) {
          throw badFile(
            image.name,
            `is ${rgb.width} × ${rgb.height}; its camera ${full.width} × ${full.height}`,
          );
        }
        view.rgb = resizeRgb(rgb, view.camera.width, view.camera.height);
      }
      return view;
    },
  };
}
