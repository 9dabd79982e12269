/**
 * An inpainting model behind the Open Inference Protocol v2 (KServe, Triton, Ray Serve, OpenVINO Model Server, MLServer):
 * two inputs, a picture of three channels and a mask of one (1 = fill), and a picture out. Names, shapes, types and axes are
 * learned from the model's metadata. Float tensors carry 0..1, UINT8 ones 0..255; an output in 0..255 is told by its values.
 */
import type { RgbImage } from '../../../core/image.ts';
import { sizeOfMultiple } from '../crop.ts';
import { badAnswer } from './failures.ts';
import type { Http } from './http.ts';
import {
  askModel,
  channelsOf,
  fromTensor,
  type Layout,
  layoutOf,
  type OipModel,
  type TensorInfo,
  toTensor,
  unfitModel,
} from './oip-model.ts';
import { decodeTensor, encodeTensors, isKnownDatatype } from './oip-tensors.ts';
import { capabilitiesOf, type Provider, type ServerJob, type Size } from './provider.ts';

/** LaMa's and its kin's, where a model takes any size. */
const SIZES = { multiple: 8, least: 256, most: 1024 };
/** Float outputs above this are in 0..255: the darkest such picture whose brightest pixel is below it is black. */
const UNIT_RANGE = 2;

interface Roles {
  image: { info: TensorInfo; layout: Layout };
  mask: { info: TensorInfo; layout: Layout };
  output: string;
  binary: boolean;
}

export function createOip(http: Http, model: string): Provider {
  const { peer } = http;
  let asked: Roles | undefined;
  const roles = async (signal: AbortSignal | undefined) => {
    asked ??= rolesOf(http, await askModel(http, model, signal));
    return asked;
  };
  return {
    id: 'oip',
    who: peer.provider,
    capabilities: capabilitiesOf('oip', peer),
    async sizeFor(window, signal) {
      const { layout } = (await roles(signal)).image;
      return fixedSize(layout) ?? sizeOfMultiple(window, SIZES);
    },
    async paint(job) {
      const { image, mask, output, binary } = await roles(job.signal);
      const { width, height } = job.image;
      const scale = (info: TensorInfo) => (info.datatype === 'UINT8' ? 255 : 1);
      const body = encodeTensors(
        [
          toTensor(image.info, image.layout, width, height, (pixel, c) => {
            return scale(image.info) * job.image.data[3 * pixel + c]!;
          }),
          toTensor(mask.info, mask.layout, width, height, (pixel) =>
            job.mask.data[pixel] === 0 ? 0 : scale(mask.info),
          ),
        ],
        output,
        binary,
      );
      const { headers, ...bytes } = body;
      const answer = await http.send({
        method: 'POST',
        route: `/v2/models/${encodeURIComponent(model)}/infer`,
        body: bytes,
        headers,
        expects: 'tensors',
        timeoutMs: job.timeoutMs,
        signal: job.signal,
      });
      return pictureOf(http, decodeTensor(peer, answer, output), job);
    },
  };
}

export function fixedSize({ width, height }: Layout): Size | undefined {
  return width === undefined || height === undefined ? undefined : { width, height };
}

function rolesOf(http: Http, model: OipModel): Roles {
  const { inputs, outputs, binary } = model;
  const mask = inputs.find((i) => /mask/i.test(i.name)) ?? inputs.find((i) => channelsOf(i) === 1);
  const image = inputs.find((i) => i !== mask);
  const output = outputs.find((o) => channelsOf(o) === 3) ?? outputs[0];
  const imageLayout = image && layoutOf(image, 3);
  const maskLayout = mask && layoutOf(mask, 1);
  const fits =
    inputs.length === 2 &&
    [image, mask, output].every((i) => i !== undefined && isKnownDatatype(i.datatype));
  if (!fits || imageLayout === undefined || maskLayout === undefined) {
    throw unfitModel(http, model, 'a picture of 3 channels and a mask of 1');
  }
  return {
    image: { info: image!, layout: imageLayout },
    mask: { info: mask!, layout: maskLayout },
    output: output!.name,
    binary,
  };
}

function pictureOf(http: Http, tensor: ReturnType<typeof decodeTensor>, job: ServerJob): RgbImage {
  const { width, height } = job.image;
  const data = fromTensor(tensor, 3, width, height);
  if (data === undefined) {
    throw badAnswer(
      http.peer,
      `its output is [${tensor.shape}] in place of a picture of ${width} × ${height}`,
      'have the model keep the size of its input',
    );
  }
  let most = 0;
  for (const v of data) most = Math.max(most, v);
  const in255 = tensor.datatype === 'UINT8' || most > UNIT_RANGE;
  if (in255) for (let i = 0; i < data.length; i++) data[i]! /= 255;
  return { width, height, data };
}
