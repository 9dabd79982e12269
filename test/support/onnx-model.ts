/**
 * Tiny ONNX models with the tensors of real SAM exports. The encoder keeps how red a 16 × 16 block is; the decoder means the
 * red pixels in a disc around each point.
 */
import { FLOAT, floats, INT64, ints, model, node, value } from './onnx-proto.ts';

/** Half the width of the decoder's disc, model pixels. */
export const DISC = 200;
const CHANNELS = 256;
const only = (length: number, at: number) => Array.from({ length }, (_, i) => (i === at ? 1 : 0));

/** Channel 0 of the embedding is the red channel's mean over each block. */
const blocks = (from: string) => [
  node('AveragePool', [from], 'pooled', { kernel_shape: [16, 16], strides: [16, 16] }),
  node('Conv', ['pooled', 'pick'], 'image_embeddings', { kernel_shape: [1, 1] }),
];
const pick = floats('pick', [CHANNELS, 3, 1, 1], ...only(CHANNELS * 3, 0));
const EMBEDDING = [1, CHANNELS, 64, 64];

/** As transformers.js exports SlimSAM. @param times the second embedding; NaN makes it one */
export function slimEncoder(times = 0): Blob {
  return model({
    nodes: [
      ...blocks('pixel_values'),
      node('Mul', ['image_embeddings', 'times'], 'image_positional_embeddings'),
    ],
    constants: [pick, floats('times', [1], times)],
    inputs: [value('pixel_values', [1, 3, 1024, 1024])],
    outputs: [
      value('image_embeddings', EMBEDDING),
      value('image_positional_embeddings', EMBEDDING),
    ],
  });
}

/** As MobileSAM comes: the picture as it is, 0..255, of any size. */
export function mobileEncoder(): Blob {
  return model({
    nodes: [
      node('Transpose', ['input_image'], 'planes', { perm: [2, 0, 1] }),
      node('Unsqueeze', ['planes', 'zero'], 'batch'),
      node('Shape', ['batch'], 'shape'),
      node('Sub', ['square', 'shape'], 'missing'),
      node('Concat', ['none', 'missing'], 'pads', { axis: 0 }),
      node('Pad', ['batch', 'pads'], 'padded'),
      node('Sub', ['padded', 'half'], 'signed'),
      ...blocks('signed'),
    ],
    constants: [
      pick,
      ints('zero', 0),
      ints('square', 1, 3, 1024, 1024),
      ints('none', 0, 0, 0, 0),
      floats('half', [1], 128),
    ],
    inputs: [value('input_image', ['h', 'w', 3])],
    outputs: [value('image_embeddings', EMBEDDING)],
  });
}

/** Where the decoder's mask pixels stand, model pixels. */
const GRID = Array.from({ length: 256 }, (_, i) => 4 * (i + 0.5) - 0.5);

/** Three masks of which the second is right and best: minus it, it, and everything. */
function decoder(
  points: string,
  labels: string,
  inputs: ReturnType<typeof value>[],
  more: string[],
  masks: { name: string; dims: number[] },
  scores: { name: string; dims: number[] },
): Blob {
  return model({
    nodes: [
      node('Reshape', [points, 'pairs'], 'list'),
      ...['x', 'y'].flatMap((axis) => [
        node('Gather', ['list', axis], `${axis}s`, { axis: 1 }),
        node('Reshape', [`${axis}s`, 'column'], `${axis}p`),
        node('Sub', [`${axis}p`, `${axis}grid`], `${axis}d`),
        node('Mul', [`${axis}d`, `${axis}d`], `${axis}2`),
      ]),
      node('Add', ['x2', 'y2'], 'd2'),
      node('Div', ['d2', 'r2'], 'far'),
      node('Sub', ['one', 'far'], 'near'),
      node('Relu', ['near'], 'discs'),
      node('Cast', [labels], 'signs', { to: FLOAT }),
      node('Add', ['signs', 'signs'], 'doubled'),
      node('Sub', ['doubled', 'one'], 'plusminus'),
      node('Reshape', ['plusminus', 'column'], 'weights'),
      node('Mul', ['discs', 'weights'], 'signed'),
      node('ReduceSum', ['signed', 'zero'], 'disc'),
      node('Sub', ['disc', 'little'], 'inside'),
      node('Sum', ['image_embeddings', ...more], 'seen'),
      node('Conv', ['seen', 'first'], 'red', { kernel_shape: [1, 1] }),
      node('Resize', ['red', '', 'scales'], 'wide', { mode: 'nearest' }),
      node('Min', ['inside', 'wide'], 'right'),
      node('Neg', ['right'], 'wrong'),
      node('Abs', ['right'], 'all'),
      node('Concat', ['wrong', 'right', 'all'], 'three', { axis: 1 }),
      node('Reshape', ['three', 'shape'], masks.name),
      node('Identity', ['scores'], scores.name),
    ],
    constants: [
      ints('pairs', -1, 2),
      ints('column', -1, 1, 1),
      ints('x', 0),
      ints('y', 1),
      ints('zero', 0),
      ints('shape', ...masks.dims),
      floats('xgrid', [1, 1, 256], ...GRID),
      floats('ygrid', [1, 256, 1], ...GRID),
      floats('r2', [1], DISC * DISC),
      floats('one', [1], 1),
      floats('little', [1], 0.001),
      floats('first', [1, CHANNELS, 1, 1], ...only(CHANNELS, 0)),
      floats('scales', [4], 1, 1, 4, 4),
      floats('scores', scores.dims, 0.1, 0.9, 0.5),
    ],
    inputs: [...inputs, value('image_embeddings', EMBEDDING)],
    outputs: [value(masks.name, masks.dims), value(scores.name, scores.dims)],
  });
}

export const slimDecoder = () =>
  decoder(
    'input_points',
    'input_labels',
    [
      value('input_points', [1, 1, 'n', 2]),
      value('input_labels', [1, 1, 'n'], INT64),
      value('image_positional_embeddings', EMBEDDING),
    ],
    ['image_positional_embeddings'],
    { name: 'pred_masks', dims: [1, 1, 3, 256, 256] },
    { name: 'iou_scores', dims: [1, 1, 3] },
  );

export const mobileDecoder = () =>
  decoder(
    'point_coords',
    'point_labels',
    [
      value('point_coords', [1, 'n', 2]),
      value('point_labels', [1, 'n']),
      value('mask_input', [1, 1, 256, 256]),
      value('has_mask_input', [1]),
      value('orig_im_size', [2]),
    ],
    [],
    { name: 'low_res_masks', dims: [1, 3, 256, 256] },
    { name: 'iou_predictions', dims: [1, 3] },
  );
