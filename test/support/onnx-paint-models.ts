/**
 * Small ONNX models with the tensors of real exports: fillers (LaMa, MI-GAN) that mean the known pixels around, as a partial
 * convolution does (Liu et al., ECCV 2018), and depth models that read depth off a colour.
 */
import { FLOAT, FLOAT16, floats, ints, model, node, UINT8, value } from './onnx-proto.ts';

/** Side of the square that a hole's pixel is the mean of, model pixels. */
export const REACH = 65;

/**
 * From `known` (1 where known) and `seen` (0..1, 0 in the hole) the hole's colour: the mean of the known pixels in the
 * square, of all where it holds none. Gives `fill`.
 */
const partialConvolution = [
  node('Concat', ['seen', 'known'], 'both', { axis: 1 }),
  node('AveragePool', ['both'], 'rows', box([1, REACH])),
  node('AveragePool', ['rows'], 'means', box([REACH, 1])),
  node('ReduceMean', ['both'], 'all', { axes: [2, 3], keepdims: 1 }),
  node('Mul', ['all', 'little'], 'rest'),
  node('Add', ['means', 'rest'], 'weighed'),
  node('Slice', ['weighed', 'zero', 'three', 'one'], 'colours'),
  node('Slice', ['weighed', 'three', 'four', 'one'], 'weights'),
  node('Div', ['colours', 'weights'], 'fill'),
];
const constants = [
  ints('zero', 0),
  ints('one', 1),
  ints('three', 3),
  ints('four', 4),
  floats('little', [1], 1e-5),
  floats('unit', [1], 1),
];

function box([height, width]: [number, number]): Record<string, number[] | number> {
  const [v, u] = [height >> 1, width >> 1];
  return { kernel_shape: [height, width], pads: [v, u, v, u], count_include_pad: 1 };
}

export interface LamaTraits {
  /** 255: Carve's export, which pastes. 1: others; their answer is their own everywhere. */
  range?: 1 | 255;
  /** Added to all that it answers, in 0..1; makes the answer its own. NaN makes it one. */
  shift?: number;
  /** Added to the hole's colours alone: paint that nothing around has. */
  tint?: readonly [number, number, number];
  /** Half floats at both ends. */
  half?: boolean;
  /** The file's own names. */
  names?: { image?: string; mask?: string; output?: string };
  /** Sides of what it gives; it takes 512. */
  answerSide?: number;
  /** Side that it takes; a text: any. */
  side?: number | string;
}

/** `image`, `mask` float32 [batch, 3 and 1, 512, 512] → `output`. */
export function lamaModel({
  range = 255,
  shift = 0,
  tint = [0, 0, 0],
  names,
  answerSide,
  side = 512,
  half = false,
}: LamaTraits = {}) {
  const { image = 'image', mask = 'mask', output = 'output' } = names ?? {};
  const [pixels, holes] = half ? ['pixels', 'holes'] : [image, mask];
  const cut = answerSide !== undefined;
  const whole = half ? 'floats' : output;
  return model({
    nodes: [
      ...(half
        ? [node('Cast', [image], pixels, { to: FLOAT }), node('Cast', [mask], holes, { to: FLOAT })]
        : []),
      node('Sub', ['unit', holes], 'known'),
      node('Mul', [pixels, 'known'], 'seen'),
      ...partialConvolution,
      node('Add', ['fill', 'tint'], 'tinted'),
      node('Mul', ['tinted', holes], 'filled'),
      node('Add', ['seen', 'filled'], 'whole'),
      node('Add', ['whole', 'shift'], 'shifted'),
      node('Mul', ['shifted', 'range'], cut ? 'ranged' : whole),
      ...(cut ? [node('Slice', ['ranged', 'corner', 'end', 'axes'], whole)] : []),
      ...(half ? [node('Cast', [whole], output, { to: FLOAT16 })] : []),
    ],
    constants: [
      ...constants,
      floats('shift', [1], shift),
      floats('tint', [1, 3, 1, 1], ...tint),
      floats('range', [1], range),
      ...(cut
        ? [ints('corner', 0, 0), ints('end', answerSide, answerSide), ints('axes', 2, 3)]
        : []),
    ],
    inputs: [
      value(image, ['batch', 3, side, side], half ? FLOAT16 : FLOAT),
      value(mask, ['batch', 1, side, side], half ? FLOAT16 : FLOAT),
    ],
    outputs: [
      value(output, ['batch', 3, answerSide ?? side, answerSide ?? side], half ? FLOAT16 : FLOAT),
    ],
  });
}

/** MI-GAN's pipeline: uint8 of any size, 255 = known, the picture itself outside. */
export function miganModel(): Blob {
  return model({
    nodes: [
      node('Cast', ['image'], 'bytes', { to: FLOAT }),
      node('Cast', ['mask'], 'maskBytes', { to: FLOAT }),
      node('Div', ['bytes', 'most'], 'picture'),
      node('Div', ['maskBytes', 'most'], 'known'),
      node('Mul', ['picture', 'known'], 'seen'),
      ...partialConvolution,
      node('Sub', ['unit', 'known'], 'hole'),
      node('Mul', ['fill', 'hole'], 'filled'),
      node('Add', ['seen', 'filled'], 'whole'),
      node('Mul', ['whole', 'most'], 'scaled'),
      node('Add', ['scaled', 'half'], 'rounded'),
      node('Cast', ['rounded'], 'result', { to: UINT8 }),
    ],
    constants: [...constants, floats('most', [1], 255), floats('half', [1], 0.5)],
    inputs: [
      value('image', ['batch_size', 3, 'height', 'width'], UINT8),
      value('mask', ['batch_size', 1, 'height', 'width'], UINT8),
    ],
    outputs: [value('result', ['batch_size', 3, 'height', 'width'], UINT8)],
  });
}

/** Another maker's filler: interleaved, −1..1, 1 = known, sides of a multiple of 8. `rgb`, `valid` → `painted`. */
export function interleavedModel(): Blob {
  return model({
    nodes: [
      node('Transpose', ['valid'], 'known', { perm: [0, 3, 1, 2] }),
      node('Transpose', ['rgb'], 'planes', { perm: [0, 3, 1, 2] }),
      node('Add', ['planes', 'unit'], 'raised'),
      node('Mul', ['raised', 'half'], 'picture'),
      node('Mul', ['picture', 'known'], 'seen'),
      ...partialConvolution,
      node('Sub', ['unit', 'known'], 'hole'),
      node('Mul', ['fill', 'hole'], 'filled'),
      node('Add', ['seen', 'filled'], 'whole'),
      node('Add', ['whole', 'whole'], 'doubled'),
      node('Sub', ['doubled', 'unit'], 'signed'),
      node('Transpose', ['signed'], 'painted', { perm: [0, 2, 3, 1] }),
    ],
    constants: [...constants, floats('half', [1], 0.5)],
    inputs: [value('rgb', [1, 'h', 'w', 3]), value('valid', [1, 'h', 'w', 1])],
    outputs: [value('painted', [1, 'h', 'w', 3])],
  });
}

/** What the depth models add to the red that they read. */
export const NEAR = 0.25;

/**
 * Depth Anything V2 small's tensors, `pixel_values` [batch, 3, h, w] normalised as ImageNet is → `predicted_depth`
 * [batch, h, w]: relative inverse depth, the red 0..1 and a little.
 */
export function depthModel(times = 1): Blob {
  return model({
    nodes: [
      node('Slice', ['pixel_values', 'zero', 'one', 'one'], 'reds'),
      node('Mul', ['reds', 'std'], 'spread'),
      node('Add', ['spread', 'mean'], 'red'),
      node('Squeeze', ['red', 'one'], 'flat'),
      node('Add', ['flat', 'near'], 'raised'),
      node('Mul', ['raised', 'times'], 'predicted_depth'),
    ],
    constants: [
      ints('zero', 0),
      ints('one', 1),
      floats('std', [1], 0.229),
      floats('mean', [1], 0.485),
      floats('near', [1], NEAR),
      floats('times', [1], times),
    ],
    inputs: [value('pixel_values', ['batch_size', 3, 'height', 'width'])],
    outputs: [value('predicted_depth', ['batch_size', 'height', 'width'])],
  });
}
