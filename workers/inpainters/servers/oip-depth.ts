/**
 * A monocular depth model behind the Open Inference Protocol v2, as a prior: one picture of three channels in, one value a pixel
 * out. Float inputs are normalised with ImageNet's mean and deviation (Depth Anything, MiDaS), UINT8 ones are 0..255.
 */
import type { DepthPrior } from '../../../core/depth-prior.ts';
import {
  createMask,
  createScalarImage,
  type RgbImage,
  type ScalarImage,
} from '../../../core/image.ts';
import type { DepthServerSpec } from '../../../core/server-spec.ts';
import { SERVER_TIMEOUT_MS } from '../../../core/server-spec.ts';
import { fitInto, sizeOfMultiple } from '../crop.ts';
import { badAnswer } from './failures.ts';
import type { Http } from './http.ts';
import { fixedSize } from './oip.ts';
import { askModel, channelsOf, fromTensor, layoutOf, toTensor, unfitModel } from './oip-model.ts';
import { decodeTensor, encodeTensors, isKnownDatatype } from './oip-tensors.ts';
import { httpTo, type ServerEnvironment } from './server-inpainter.ts';

/** Depth Anything's patches are of 14; it was trained at 518. */
const SIZES = { multiple: 14, least: 518, most: 1036 };
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/**
 * Asks nothing of the server before the first picture.
 * @throws bad-option
 */
export function createDepthServer(
  spec: DepthServerSpec,
  environment: ServerEnvironment = {},
): DepthPrior {
  const http = httpTo({ ...spec, kind: 'oip' }, environment);
  let learned: Promise<Learned> | undefined;
  return {
    id: `oip:${spec.model}`,
    async estimate(image, signal) {
      learned ??= learn(http, spec.model, signal);
      // A failure is not kept: the server may have been started meanwhile.
      learned.catch(() => {
        learned = undefined;
      });
      return estimate(http, spec, await learned, image, signal);
    },
  };
}

type Learned = Awaited<ReturnType<typeof learn>>;

async function learn(http: Http, name: string, signal: AbortSignal | undefined) {
  const model = await askModel(http, name, signal);
  const [input, ...others] = model.inputs;
  const output = model.outputs.find((o) => channelsOf(o) !== 3) ?? model.outputs[0];
  const layout = input && layoutOf(input, 3);
  const fits = [input, output].every((i) => i !== undefined && isKnownDatatype(i.datatype));
  if (!fits || layout === undefined || others.length > 0) {
    throw unfitModel(http, model, 'one picture of 3 channels and a depth');
  }
  return { input: input!, layout, output: output!.name, binary: model.binary };
}

async function estimate(
  http: Http,
  spec: DepthServerSpec,
  { input, layout, output, binary }: Learned,
  image: RgbImage,
  signal: AbortSignal | undefined,
): Promise<ScalarImage> {
  const size = fixedSize(layout) ?? sizeOfMultiple(image, SIZES);
  const none = createMask(image.width, image.height);
  const fitted = fitInto(image, none, size.width, size.height);
  const colour = (pixel: number, c: number) => fitted.image.data[3 * pixel + c]!;
  const { headers, ...body } = encodeTensors(
    [
      toTensor(input, layout, size.width, size.height, (pixel, c) =>
        input.datatype === 'UINT8'
          ? 255 * colour(pixel, c)
          : (colour(pixel, c) - MEAN[c]!) / DEVIATION[c]!,
      ),
    ],
    output,
    binary,
  );
  const answer = await http.send({
    method: 'POST',
    route: `/v2/models/${encodeURIComponent(spec.model)}/infer`,
    body,
    headers,
    expects: 'tensors',
    timeoutMs: spec.timeoutMs ?? SERVER_TIMEOUT_MS,
    signal,
  });
  const tensor = decodeTensor(http.peer, answer, output);
  const values = fromTensor(tensor, 1, size.width, size.height);
  if (values === undefined || !values.every(Number.isFinite)) {
    throw badAnswer(
      http.peer,
      values === undefined
        ? `its output is [${tensor.shape}] in place of one value a pixel of ${size.width} × ${size.height}`
        : 'its depth has numbers that are not finite',
      'have the model keep the size of its input, and check its type',
    );
  }
  return backToPicture(spec.gives === 'depth' ? inverse(values) : values, fitted);
}

/** Depth as inverse depth; what is not in front counts as nearest. */
function inverse(depth: Float32Array): Float32Array {
  let nearest = Number.POSITIVE_INFINITY;
  for (const d of depth) if (d > 0) nearest = Math.min(nearest, d);
  return depth.map((d) => 1 / Math.max(d, nearest));
}

/** Only up to scale and shift it means anything, so it is scaled by pictures' means: into 0..1, and back to size. */
function backToPicture(values: Float32Array, fitted: ReturnType<typeof fitInto>): ScalarImage {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  const scale = high > low ? 1 / (high - low) : 0;
  const { width, height } = fitted.image;
  const grey = { width, height, data: new Float32Array(3 * width * height) };
  for (let i = 0; i < values.length; i++)
    grey.data.fill((values[i]! - low) * scale, 3 * i, 3 * i + 3);
  const small = fitted.back(grey);
  const out = createScalarImage(small.width, small.height);
  for (let i = 0; i < out.data.length; i++) out.data[i] = small.data[3 * i]!;
  return out;
}
