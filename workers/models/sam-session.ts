/** A SAM-style encoder and decoder: looks at a picture once, then finds what points mean in it quickly. */
import { SplatmendError } from '../../core/errors.ts';
import type { Mask, RgbImage } from '../../core/image.ts';
import { type OnProgress, throwIfCancelled } from '../../core/progress.ts';
import type { SegmentPrompts } from '../../core/segmenter.ts';
import type { ModelProvider, NumberedPicture, SamInfo, SamRequest } from './api.ts';
import {
  chooseProvider,
  type FloatTensor,
  type OnnxModel,
  openOnnx,
  type PlainTensor,
} from './onnx.ts';
import { checkFinite } from './picture-tensors.ts';
import { fitManifest, type SamManifest } from './sam-manifest.ts';
import { bestMask, encoderInput, type Placed, place, toModel } from './sam-pictures.ts';

export interface SamSession {
  readonly info: SamInfo;
  segment(
    picture: NumberedPicture,
    prompts: SegmentPrompts,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Mask>;
  release(): Promise<void>;
}

const MOST_SIDE = 8192;
const MOST_POINTS = 256;

interface Models {
  encoder: OnnxModel;
  decoder: OnnxModel;
  manifest: SamManifest;
}

interface Seen {
  key: number;
  image: RgbImage;
  placed: Placed;
  /** By the decoder's names. */
  embeddings: Record<string, FloatTensor>;
}

async function openBoth(
  { encoder, decoder, manifest }: SamRequest,
  provider: ModelProvider,
): Promise<Models> {
  const first = await openOnnx(encoder, provider);
  let second: OnnxModel | undefined;
  try {
    second = await openOnnx(decoder, provider);
    return { encoder: first, decoder: second, manifest: fitManifest(first, second, manifest) };
  } catch (error) {
    await first.release();
    await second?.release();
    throw error;
  }
}

/** @throws SplatmendError `bad-file`, `bad-option`, `not-readable`, `out-of-memory`, `cancelled` */
export async function openSam(
  request: SamRequest,
  signal?: AbortSignal,
  onProgress?: OnProgress,
): Promise<SamSession> {
  onProgress?.({ step: 'read the models', fraction: 0 });
  const provider = await chooseProvider(request.preferred);
  // Operators that WebGPU lacks, or a driver of its own mind: WASM runs everything.
  let models = await openBoth(request, provider).catch((error: unknown) => {
    if (provider === 'wasm') throw error;
    return openBoth(request, 'wasm');
  });
  let seen: Seen | undefined;

  async function release(): Promise<void> {
    seen = undefined;
    await models.encoder.release();
    await models.decoder.release();
  }
  try {
    throwIfCancelled(signal);
  } catch (error) {
    await release();
    throw error;
  }
  onProgress?.({ step: 'read the models', fraction: 1 });

  async function look({ key, image }: NumberedPicture): Promise<Seen> {
    if (seen?.key === key) return seen;
    if (image === undefined) {
      throw new SplatmendError('internal', `segmenter: picture ${key} is not known; send it again`);
    }
    checkImage(image);
    const { encoder, manifest } = models;
    const placed = place(image, manifest.size);
    const feeds = { [manifest.encoder.image]: encoderInput(image, placed, manifest) };
    const given = await encoder.run(feeds, Object.keys(manifest.embeddings));
    const embeddings: Seen['embeddings'] = {};
    for (const [from, to] of Object.entries(manifest.embeddings)) {
      checkFinite(given[from]!.data, encoder.file, 'bad-file');
      embeddings[to] = given[from]!;
    }
    seen = { key, image, placed, embeddings };
    return seen;
  }

  async function find(
    picture: NumberedPicture,
    prompts: SegmentPrompts,
    signal: AbortSignal | undefined,
    onProgress: OnProgress | undefined,
  ): Promise<Mask> {
    if (seen?.key !== picture.key) onProgress?.({ step: 'look at the picture', fraction: 0 });
    const { placed, embeddings } = await look(picture);
    throwIfCancelled(signal);
    onProgress?.({ step: 'find the object', fraction: 0.9 });
    const { decoder, manifest } = models;
    const { masks, scores } = manifest.decoder;
    const feeds = { ...embeddings, ...promptTensors(prompts, placed, manifest) };
    const given = await decoder.run(feeds, [masks, scores]);
    const mask = bestMask(given[masks]!, given[scores]!, placed, manifest, decoder.file);
    onProgress?.({ step: 'find the object', fraction: 1 });
    return mask;
  }

  return {
    get info() {
      const { encoder, decoder, manifest } = models;
      return {
        id: manifest.id,
        provider: encoder.provider,
        encoder: encoder.facts,
        decoder: decoder.facts,
      };
    },
    async segment(picture, prompts, signal, onProgress) {
      checkPrompts(prompts, models.manifest);
      const image = picture.image ?? (seen?.key === picture.key ? seen.image : undefined);
      try {
        return await find(picture, prompts, signal, onProgress);
      } catch (error) {
        const failed = error instanceof SplatmendError && error.code !== 'cancelled';
        if (!failed || models.encoder.provider === 'wasm' || image === undefined) throw error;
        // The device was lost, or a kernel is wrong: once more where nothing depends on a driver.
        await release().catch(() => undefined);
        models = await openBoth(request, 'wasm');
        return find({ key: picture.key, image }, prompts, signal, onProgress);
      }
    },
    release,
  };
}

function checkImage({ width, height, data }: RgbImage): void {
  const whole = (side: number) => Number.isInteger(side) && side >= 1 && side <= MOST_SIDE;
  if (whole(width) && whole(height) && data.length === width * height * 3) return;
  throw new SplatmendError(
    'bad-option',
    `segmenter: a picture of ${width} × ${height} with ${data.length} numbers; give three a pixel, at most ${MOST_SIDE} a side`,
  );
}

function checkPrompts({ points, box }: SegmentPrompts, { id, decoder }: SamManifest): void {
  const bad = (what: string) => new SplatmendError('bad-option', `segmenter: ${what}`);
  const numbers = [
    ...points.flatMap(({ x, y }) => [x, y]),
    ...(box ? [box.x0, box.y0, box.x1, box.y1] : []),
  ];
  if (numbers.length === 0) throw bad('neither a point nor a box; give one');
  if (!numbers.every(Number.isFinite)) throw bad('a point that is not finite; correct it');
  if (points.length > MOST_POINTS) throw bad(`over ${MOST_POINTS} points; begin anew`);
  if (box && !decoder.boxes) throw bad(`${id} knows points only; leave the box out`);
}

/** The prompts as the decoder takes them, and its inputs that say nothing. */
function promptTensors(
  { points, box }: SegmentPrompts,
  placed: Placed,
  { decoder, size }: SamManifest,
): Record<string, PlainTensor> {
  const list = points.map(({ x, y, label }) => ({ at: toModel(placed, x, y), label: +label }));
  if (box) {
    list.push({ at: toModel(placed, box.x0, box.y0), label: 2 });
    list.push({ at: toModel(placed, box.x1, box.y1), label: 3 });
  } else if (decoder.padded) list.push({ at: [0, 0], label: -1 });
  const labels = list.map((p) => p.label);
  const dims = [...new Array<number>(decoder.batchAxes).fill(1), list.length];
  const out: Record<string, PlainTensor> = {
    [decoder.points]: { data: Float32Array.from(list.flatMap((p) => p.at)), dims: [...dims, 2] },
    [decoder.labels]: {
      data:
        decoder.labelType === 'int64'
          ? BigInt64Array.from(labels, BigInt)
          : Float32Array.from(labels),
      dims,
    },
  };
  if (decoder.earlierMask) {
    const side = size / 4;
    out[decoder.earlierMask.mask] = {
      data: new Float32Array(side * side),
      dims: [1, 1, side, side],
    };
    out[decoder.earlierMask.has] = { data: new Float32Array(1), dims: [1] };
  }
  if (decoder.pictureSize) {
    out[decoder.pictureSize] = {
      data: Float32Array.of(placed.height, placed.width),
      dims: [2],
    };
  }
  return out;
}
