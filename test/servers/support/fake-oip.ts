/**
 * The Open Inference Protocol v2 as kserve/open-inference-protocol's inference_rest.md and Triton's extension_binary_data.md have
 * it, with a filler of any layout, and a depth model. Its own reading of tensors, not the client's.
 */
import { FakeServer, json, must, PAINT, type Received } from './fake-server.ts';

interface Tensor {
  name: string;
  datatype: string;
  shape: number[];
  data: number[];
}

export interface OipShape {
  /** Shapes with −1 for any. */
  image: number[];
  mask: number[];
  datatype: 'FP32' | 'UINT8' | 'FP16';
  /** The output's largest value. */
  outputRange: 1 | 255;
  binary: boolean;
}

export const OIP_SHAPES: Record<string, OipShape> = {
  'binary, FP32, N·C·H·W of any size': {
    image: [-1, 3, -1, -1],
    mask: [-1, 1, -1, -1],
    datatype: 'FP32',
    outputRange: 255,
    binary: true,
  },
  'JSON, FP32, 1·3·256·256': {
    image: [1, 3, 256, 256],
    mask: [1, 1, 256, 256],
    datatype: 'FP32',
    outputRange: 1,
    binary: false,
  },
  'binary, UINT8, H·W·C': {
    image: [-1, -1, 3],
    mask: [-1, -1],
    datatype: 'UINT8',
    outputRange: 255,
    binary: true,
  },
  'JSON, UINT8, N·H·W·C': {
    image: [-1, 256, 256, 3],
    mask: [-1, 256, 256, 1],
    datatype: 'UINT8',
    outputRange: 255,
    binary: false,
  },
  'binary, FP16, N·C·H·W': {
    image: [1, 3, 256, 320],
    mask: [1, 1, 256, 320],
    datatype: 'FP16',
    outputRange: 1,
    binary: true,
  },
};

const BYTES: Record<string, number> = { FP32: 4, FP16: 2, UINT8: 1 };

/** Half floats by their definition: sign, exponent, fraction. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  const sign = bits >> 15 ? -1 : 1;
  return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction);
}

function readTensors(
  request: Received,
  wantsBinary: boolean,
): { inputs: Tensor[]; output: string } {
  const length = request.headers['inference-header-content-length'];
  must((length !== undefined) === wantsBinary, 'binary exactly where the server says that it can');
  const jsonBytes = length === undefined ? request.body.length : Number(length);
  const type = request.headers['content-type'];
  must(type === (wantsBinary ? 'application/octet-stream' : 'application/json'), 'its type');
  const header = JSON.parse(request.body.subarray(0, jsonBytes).toString()) as {
    inputs: (Tensor & { parameters?: { binary_data_size: number } })[];
    outputs: { name: string; parameters?: { binary_data: boolean } }[];
  };
  let at = jsonBytes;
  const inputs = header.inputs.map(({ parameters, ...rest }): Tensor => {
    const tensor: Tensor = rest;
    const count = tensor.shape.reduce((a, b) => a * b, 1);
    if (!wantsBinary) {
      must(tensor.data.length === count, `${tensor.name} has the data of its shape`);
      return tensor;
    }
    const bytes = BYTES[tensor.datatype]!;
    must(parameters?.binary_data_size === count * bytes, `${tensor.name}’s bytes fit its shape`);
    must(!Reflect.has(tensor, 'data'), 'no data beside the bytes');
    const part = request.body.subarray(at, at + count * bytes);
    must(part.length === count * bytes, 'the bytes are there');
    at += part.length;
    const data = Array.from({ length: count }, (_, i) => {
      if (tensor.datatype === 'FP32') return part.readFloatLE(4 * i);
      return tensor.datatype === 'FP16' ? half(part.readUInt16LE(2 * i)) : part[i]!;
    });
    return { ...tensor, data };
  });
  must(!wantsBinary || at === request.body.length, 'no byte is left over');
  must(header.outputs.length === 1, 'one output is asked for');
  must(!wantsBinary || header.outputs[0]!.parameters?.binary_data === true, 'it as bytes');
  return { inputs, output: header.outputs[0]!.name };
}

/** The index in a tensor of a pixel's channel. */
function indexer(shape: readonly number[], channels: number) {
  const first = shape.length - 2;
  const isLast = shape.at(-1) === channels && shape.length > 2;
  const height = isLast ? shape.at(-3)! : shape[first]!;
  const width = isLast ? shape.at(-2)! : shape[first + 1]!;
  return {
    height,
    width,
    at: (pixel: number, c: number) => (isLast ? pixel * channels + c : c * width * height + pixel),
  };
}

export async function startOip(shape: OipShape): Promise<FakeServer> {
  const { binary, datatype, outputRange } = shape;
  const outputType = outputRange === 255 && datatype === 'UINT8' ? 'UINT8' : 'FP32';
  const server = await FakeServer.start(
    (request, response) => {
      const route = `${request.method} ${request.path}`;
      if (route === 'GET /v2') {
        const extensions = binary ? ['classification', 'binary_tensor_data'] : [];
        json(response, { name: 'triton', version: '2.50.0', extensions });
        return;
      }
      if (route === 'GET /v2/models/lama%20big') {
        json(response, {
          name: 'lama big',
          versions: ['1'],
          platform: 'onnxruntime_onnx',
          inputs: [
            { name: 'image', datatype, shape: shape.image },
            { name: 'mask', datatype, shape: shape.mask },
          ],
          outputs: [{ name: 'output', datatype: outputType, shape: shape.image }],
        });
        return;
      }
      must(route === 'POST /v2/models/lama%20big/infer', 'a known route');
      const { inputs, output } = readTensors(request, binary);
      must(output === 'output', 'the output that it has');
      const [image, mask] = inputs;
      for (const [tensor, wanted] of [
        [image!, shape.image],
        [mask!, shape.mask],
      ] as const) {
        must(tensor.datatype === datatype, 'the type of the metadata');
        must(tensor.shape.length === wanted.length, 'the rank of the metadata');
        wanted.forEach((v, axis) => {
          must(v === -1 || v === tensor.shape[axis], `axis ${axis} of ${tensor.name}`);
        });
      }
      const place = indexer(image!.shape, 3);
      const most = datatype === 'UINT8' ? 255 : 1;
      must(Math.max(...mask!.data) === most, 'the hole at the top of the range');
      const values = new Float32Array(image!.data.length);
      for (let pixel = 0; pixel < place.width * place.height; pixel++) {
        for (let c = 0; c < 3; c++) {
          const at = place.at(pixel, c);
          must(image!.data[at]! >= 0 && image!.data[at]! <= most, 'colours in range');
          const unit = mask!.data[pixel] === 0 ? image!.data[at]! / most : PAINT[c]! / 255;
          values[at] = outputType === 'UINT8' ? Math.round(unit * 255) : unit * outputRange;
        }
      }
      const shown =
        server.fault === 'wrong-size' ? image!.shape.map((v) => Math.ceil(v / 2)) : image!.shape;
      const count = shown.reduce((a, b) => a * b, 1);
      answer(server, response, binary, {
        name: 'output',
        datatype: outputType,
        shape: shown,
        values: values.subarray(0, count),
      });
    },
    (path) => path.endsWith('/infer'),
  );
  return server;
}

function answer(
  server: FakeServer,
  response: Parameters<typeof json>[0],
  binary: boolean,
  { values, ...tensor }: { name: string; datatype: string; shape: number[]; values: Float32Array },
): void {
  const outputs = (extra: object) => ({
    model_name: 'lama big',
    model_version: '1',
    outputs: [{ ...tensor, ...extra }],
  });
  const cut = (whole: Buffer) =>
    server.fault === 'cut-off' ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
  if (!binary) {
    const whole = Buffer.from(JSON.stringify(outputs({ data: Array.from(values) })));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(cut(whole));
    return;
  }
  const bytes =
    tensor.datatype === 'UINT8'
      ? Buffer.from(values)
      : Buffer.from(new Uint8Array(values.slice().buffer));
  const header = Buffer.from(
    JSON.stringify(outputs({ parameters: { binary_data_size: bytes.length } })),
  );
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(header.length),
  });
  response.end(cut(Buffer.concat([header, bytes])));
}

/** A depth model of one size, JSON: what is lower in the picture is nearer. */
export function startOipDepth(name: string): Promise<FakeServer> {
  const [height, width] = [56, 70];
  const model = `/v2/models/${encodeURIComponent(name)}`;
  const input = { name: 'pixel_values', datatype: 'FP32', shape: [1, 3, height, width] };
  const output = { name: 'predicted_depth', datatype: 'FP32', shape: [1, height, width] };
  return FakeServer.start(
    (request, response) => {
      const route = `${request.method} ${request.path}`;
      if (route === 'GET /v2') return json(response, { name: 'x', version: '1', extensions: [] });
      if (route === `GET ${model}`) {
        return json(response, { name, platform: '', inputs: [input], outputs: [output] });
      }
      must(route === `POST ${model}/infer`, 'a known route');
      const { inputs } = readTensors(request, false);
      must(inputs.length === 1, 'one picture');
      must(String(inputs[0]!.shape) === String(input.shape), 'the shape of the metadata');
      const data = Array.from({ length: height * width }, (_, i) => 1 + Math.floor(i / width));
      json(response, { model_name: name, outputs: [{ ...output, data }] });
    },
    (path) => path.endsWith('/infer'),
  );
}
