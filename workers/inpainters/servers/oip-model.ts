/** What a model of the Open Inference Protocol takes and gives, learned from its metadata (`GET /v2/models/NAME`). */
import { SplatmendError } from '../../../core/errors.ts';
import { fieldsOf, listOf, numberOf, textOf } from './answer-fields.ts';
import { whoIs } from './failures.ts';
import { type Http, SHORT_MS } from './http.ts';
import { isKnownDatatype, sizeOfShape, type Tensor } from './oip-tensors.ts';

export interface TensorInfo {
  name: string;
  datatype: string;
  /** −1 = any. */
  shape: readonly number[];
}

export interface OipModel {
  inputs: TensorInfo[];
  outputs: TensorInfo[];
  /** The server reads and writes tensors as bytes. */
  binary: boolean;
}

/** Where a picture's axes are in a tensor; −1: it has no such axis. */
export interface Layout {
  channels: number;
  channelAxis: number;
  heightAxis: number;
  widthAxis: number;
  /** Undefined = any. */
  height: number | undefined;
  width: number | undefined;
}

/** @throws server-refused for a model that is not there, bad-answer */
export async function askModel(
  http: Http,
  model: string,
  signal: AbortSignal | undefined,
): Promise<OipModel> {
  const quick = { timeoutMs: SHORT_MS, signal };
  const route = `/v2/models/${encodeURIComponent(model)}`;
  const metadata = fieldsOf(await http.json({ route, ...quick }));
  const server = await http.json({ route: '/v2', ...quick }).then(fieldsOf, (error) => {
    // Some routers pass the models' routes on only.
    if (error instanceof SplatmendError && error.code === 'server-refused') return undefined;
    throw error;
  });
  return {
    inputs: infosOf(metadata?.inputs),
    outputs: infosOf(metadata?.outputs),
    // KServe's Python server reads both without saying so.
    binary:
      listOf(server?.extensions).includes('binary_tensor_data') ||
      /kserve/i.test(textOf(server?.name) ?? ''),
  };
}

function infosOf(list: unknown): TensorInfo[] {
  return listOf(list).flatMap((item) => {
    const fields = fieldsOf(item);
    const name = textOf(fields?.name);
    if (name === undefined) return [];
    return [
      {
        name,
        datatype: textOf(fields?.datatype) ?? '',
        shape: listOf(fields?.shape).map((v) => numberOf(v) ?? -1),
      },
    ];
  });
}

/**
 * How a picture of `channels` lies in a tensor: N·C·H·W, N·H·W·C, C·H·W, H·W·C, and for one channel N·H·W and H·W too.
 * Undefined when it does not.
 */
export function layoutOf({ shape }: TensorInfo, channels: number): Layout | undefined {
  const rank = shape.length;
  const fits = (axis: number) => shape[axis] === channels || shape[axis] === -1;
  const named = (axis: number) => shape[axis] === channels;
  const at = (channelAxis: number, heightAxis: number, widthAxis: number): Layout => ({
    channels,
    channelAxis,
    heightAxis,
    widthAxis,
    height: shape[heightAxis]! > 0 ? shape[heightAxis] : undefined,
    width: shape[widthAxis]! > 0 ? shape[widthAxis] : undefined,
  });
  if (rank === 4) {
    if (!named(1) && named(3)) return at(3, 1, 2);
    return fits(1) ? at(1, 2, 3) : undefined;
  }
  if (rank === 3) {
    if (named(0) && !(named(2) && channels !== 1)) return at(0, 1, 2);
    if (named(2)) return at(2, 0, 1);
    if (channels === 1) return at(-1, 1, 2);
    return fits(0) ? at(0, 1, 2) : undefined;
  }
  if (rank === 2 && channels === 1) return at(-1, 0, 1);
  return undefined;
}

/** The channels that a tensor's shape names for certain: 3, 1, or undefined. */
export function channelsOf(info: TensorInfo): 1 | 3 | undefined {
  const { shape } = info;
  const axes = shape.length === 4 ? [1, 3] : shape.length === 3 ? [0, 2] : [];
  if (axes.some((axis) => shape[axis] === 3)) return 3;
  if (axes.some((axis) => shape[axis] === 1) || shape.length === 2) return 1;
  return undefined;
}

/**
 * Values as a tensor of the model's.
 * @param value of a channel at a pixel, in the tensor's own range
 */
export function toTensor(
  info: TensorInfo,
  layout: Layout,
  width: number,
  height: number,
  value: (pixel: number, channel: number) => number,
): Tensor {
  const { channelAxis, heightAxis, widthAxis, channels } = layout;
  const shape = info.shape.map((v, axis) => {
    if (axis === heightAxis) return height;
    if (axis === widthAxis) return width;
    return axis === channelAxis ? channels : Math.abs(v);
  });
  const stride = (axis: number) => (axis < 0 ? 0 : sizeOfShape(shape.slice(axis + 1)));
  const [sy, sx, sc] = [stride(heightAxis), stride(widthAxis), stride(channelAxis)];
  const data = new Float32Array(sizeOfShape(shape));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        data[y * sy + x * sx + c * sc] = value(y * width + x, c);
      }
    }
  }
  return { name: info.name, datatype: info.datatype, shape, data };
}

/** A picture's values back, interleaved; undefined when the tensor is no picture of that size. */
export function fromTensor(
  tensor: Tensor,
  channels: number,
  width: number,
  height: number,
): Float32Array | undefined {
  const layout = layoutOf(tensor, channels);
  if (layout === undefined || layout.width !== width || layout.height !== height) return undefined;
  if (tensor.data.length !== width * height * channels) return undefined;
  const stride = (axis: number) => (axis < 0 ? 0 : sizeOfShape(tensor.shape.slice(axis + 1)));
  const [sy, sx, sc] = [
    stride(layout.heightAxis),
    stride(layout.widthAxis),
    stride(layout.channelAxis),
  ];
  const out = new Float32Array(tensor.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        out[(y * width + x) * channels + c] = tensor.data[y * sy + x * sx + c * sc]!;
      }
    }
  }
  return out;
}

/** An error that says what the model has, for a model that is used for what it is not. */
export function unfitModel(http: Http, model: OipModel, wanted: string): SplatmendError {
  const list = (infos: TensorInfo[]) =>
    infos.map((i) => `${i.name} ${i.datatype} [${i.shape}]`).join(', ') || 'none';
  const unknown = [...model.inputs, ...model.outputs].find((i) => !isKnownDatatype(i.datatype));
  const why = unknown === undefined ? '' : ` (${unknown.datatype} is none of a picture’s types)`;
  return new SplatmendError(
    'bad-option',
    `${whoIs(http.peer)}: the model has inputs ${http.quote(list(model.inputs))} and outputs ${http.quote(list(model.outputs))}, not ${wanted}${why}; name another, or wrap it so that it has`,
  );
}
