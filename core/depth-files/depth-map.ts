/** Depth maps in files: PNG of 16 bits, NPY, PFM, OpenEXR. */
import { encode } from 'fast-png';
import { SplatmendError } from '../errors.ts';
import { badFile, unsupportedFile } from '../formats/format.ts';
import type { Mask, ScalarImage } from '../image.ts';
import type { NumberArray } from '../number-array.ts';
import { readExr, writeExr } from './exr.ts';
import { checkImageSize } from './limits.ts';
import { readNpy, writeNpy } from './npy.ts';
import { readPfm, writePfm } from './pfm.ts';
import { readPicture } from './picture.ts';
import { decodePng } from './png.ts';

export const DEPTH_FORMATS = ['png', 'npy', 'pfm', 'exr'] as const;
export type DepthFormat = (typeof DEPTH_FORMATS)[number];

/** Stored numbers a world unit where nothing else is said: whole numbers are millimetres of a world in metres. */
export const INTEGER_DEPTH_SCALE = 1000;

export interface DepthMap {
  /** World units along z; 0 = unknown (also where the file has NaN, infinity or a number that is not positive). */
  depth: ScalarImage;
  format: DepthFormat;
  /** Stored numbers a world unit. */
  scale: number;
  /** As stored, row-major: what known pixels are written back from, so that they keep their bits. */
  stored: NumberArray;
}

/**
 * The depth format that a file's name says.
 * @throws SplatmendError `unknown-format`
 */
export function depthFormatOf(name: string): DepthFormat {
  const lower = name.toLowerCase();
  const found = DEPTH_FORMATS.find((format) => lower.endsWith(`.${format}`));
  if (found !== undefined) return found;
  throw new SplatmendError(
    'unknown-format',
    `${name}: not a depth map; use one of ${DEPTH_FORMATS.map((f) => `.${f}`).join(', ')}`,
  );
}

interface Stored {
  width: number;
  height: number;
  stored: NumberArray;
}

async function readStored(bytes: Uint8Array, name: string, format: DepthFormat): Promise<Stored> {
  if (format === 'png') {
    const { width, height, data, depth, channels, palette } = decodePng(bytes, name);
    if (depth !== 16 || channels !== 1 || palette) {
      throw unsupportedFile(
        name,
        `a PNG of ${channels} × ${depth} bits; depth is one channel of 16 (a coloured preview holds no depth); save it as grey of 16 bits, NPY, PFM or EXR, or give it as relative depth`,
      );
    }
    return { width, height, stored: data as Uint16Array };
  }
  if (format === 'npy') {
    const { shape, data } = readNpy(bytes, name);
    // Networks save depth with a batch or a channel of one.
    const sides = shape.filter((side) => side !== 1);
    const [height, width] = shape.length === 2 ? shape : sides;
    if (width === undefined || height === undefined || (shape.length !== 2 && sides.length !== 2)) {
      throw badFile(
        name,
        `is ${shape.join(' × ')}; a depth map has two dimensions, height × width; save one map alone`,
      );
    }
    checkImageSize(width, height, name);
    return { width, height, stored: data };
  }
  const { width, height, data } = await (format === 'pfm' ? readPfm : readExr)(bytes, name);
  return { width, height, stored: data };
}

export const isWhole = (data: NumberArray) =>
  !(data instanceof Float32Array || data instanceof Float64Array);

/**
 * @param scale stored numbers a world unit; default 1000 for whole numbers, 1 for floats
 * @throws SplatmendError `unknown-format`, `bad-file`, `unsupported-file`, `too-large`
 */
export async function readDepthMap(
  bytes: Uint8Array,
  name: string,
  scale?: number,
): Promise<DepthMap> {
  const format = depthFormatOf(name);
  const { width, height, stored } = await readStored(bytes, name, format);
  const by = scale ?? (isWhole(stored) ? INTEGER_DEPTH_SCALE : 1);
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const v = stored[i]!;
    const z = by === 1 ? v : v / by;
    if (z > 0 && Number.isFinite(Math.fround(z))) data[i] = z;
  }
  return { depth: { width, height, data }, format, scale: by, stored };
}

/**
 * Numbers as stored, whatever they mean: a prior, a confidence. PNGs and JPEGs of any kind give their first channel as 0..1.
 * @throws SplatmendError `unknown-format`, `bad-file`, `unsupported-file`, `too-large`
 */
export async function readNumbers(bytes: Uint8Array, name: string): Promise<ScalarImage> {
  if (/\.(png|jpe?g)$/i.test(name)) {
    const { width, height, data } = readPicture(bytes, name);
    return {
      width,
      height,
      data: Float32Array.from({ length: width * height }, (_, i) => data[3 * i]!),
    };
  }
  const { width, height, stored } = await readStored(bytes, name, depthFormatOf(name));
  return { width, height, data: Float32Array.from(stored as ArrayLike<number>) };
}

/** What a map is to be written as. */
export interface DepthTarget {
  format: DepthFormat;
  /** Stored numbers a world unit. */
  scale: number;
  /** Pixels with known = 1 are written as they were stored, when type and scale are the target's. */
  from?: { map: DepthMap; known: Mask };
}

/** The array that the target stores: of the source's own type in an NPY, so that its known numbers fit. */
function storage(count: number, { format, scale, from }: DepthTarget): NumberArray {
  if (format === 'png') return new Uint16Array(count);
  const stored = from?.map.scale === scale ? from.map.stored : undefined;
  if (format === 'npy' && stored instanceof Float64Array) return new Float64Array(count);
  if (format === 'npy' && stored instanceof Uint16Array) return new Uint16Array(count);
  return new Float32Array(count);
}

/**
 * @returns the file, and how many pixels were too far for 16 bits and are 0 (unknown) in it
 */
export async function writeDepthMap(
  depth: ScalarImage,
  target: DepthTarget,
): Promise<{ bytes: Uint8Array; tooFar: number }> {
  const { width, height } = depth;
  const { scale, from } = target;
  const out = storage(width * height, target);
  const whole = out instanceof Uint16Array;
  let tooFar = 0;
  for (let i = 0; i < out.length; i++) {
    const z = depth.data[i]!;
    if (!(z > 0)) continue;
    if (!whole) out[i] = scale === 1 ? z : z * scale;
    // A depth nearer than half a step is still known: 0 would say that it is not.
    else if (z * scale < 65535.5) out[i] = Math.max(1, Math.round(z * scale));
    else tooFar++;
  }
  if (from !== undefined && from.map.scale === scale) {
    const { stored } = from.map;
    if (out.constructor === stored.constructor) {
      for (let i = 0; i < out.length; i++) {
        if (from.known.data[i] !== 0) out[i] = stored[i]!;
      }
    }
  }
  const image = () => ({ width, height, data: out as Float32Array });
  const encoders: Record<DepthFormat, () => Uint8Array | Promise<Uint8Array>> = {
    png: () => encode({ width, height, data: out as Uint16Array, depth: 16, channels: 1 }),
    npy: () => writeNpy({ shape: [height, width], data: out }),
    pfm: () => writePfm(image()),
    exr: () => writeExr(image()),
  };
  return { bytes: await encoders[target.format](), tooFar };
}

/** Shares 0..1 (a confidence): PNG of 8 bits, else floats as they are. */
export async function writeShares(share: ScalarImage, format: DepthFormat): Promise<Uint8Array> {
  const { width, height, data } = share;
  if (format !== 'png') return (await writeDepthMap(share, { format, scale: 1 })).bytes;
  const bytes = Uint8Array.from(data, (v) => Math.round(255 * Math.min(1, Math.max(0, v))));
  return encode({ width, height, data: bytes, depth: 8, channels: 1 });
}
