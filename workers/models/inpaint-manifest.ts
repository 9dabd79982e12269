/** How an inpainting model wants its tensors. The two known kinds, and how a user's own is checked. */
import { SplatmendError } from '../../core/errors.ts';
import type { TensorFacts } from './onnx.ts';
import type { Layout, MaskTensor, PictureTensor } from './picture-tensors.ts';
import type { TensorNames } from './sam-manifest.ts';

export interface InpaintManifest {
  /** For people and reports. */
  id: string;
  image: PictureTensor;
  mask: MaskTensor;
  output: {
    name: string;
    layout: Layout;
    /** What stands for a colour of 0 and of 1; `either`: [0, 1] or [0, 255], whichever is nearer to the known pixels. */
    range: readonly [number, number] | 'either';
  };
  /** One size, or any of a multiple between a least shorter and a longest side, pixels. */
  size: { width: number; height: number } | { multiple: number; least: number; most: number };
  /** Colour 0..1 to put into the hole before; left out: it is filled smoothly from around. */
  holeColour?: number;
}

/** What a model file says of itself. */
export interface ModelTensors extends TensorNames {
  tensors: Readonly<Record<string, TensorFacts>>;
}

const SIDE = 512;

/**
 * LaMa (Suvorov et al., WACV 2022): `image` [1, 3, 512, 512] 0..1, `mask` [1, 1, 512, 512] 1 = hole. Carve's export answers
 * in 0..255, others in 0..1.
 */
function lama(model: ModelTensors): InpaintManifest {
  const shape = model.tensors.image?.shape ?? [];
  const fixed = (axis: number) =>
    typeof shape[axis] === 'number' && shape[axis]! > 0 ? shape[axis] : SIDE;
  return {
    id: 'lama',
    image: { name: 'image', layout: 'nchw', type: floatOf(model, 'image'), range: [0, 1] },
    mask: { name: 'mask', layout: 'nchw', type: floatOf(model, 'mask'), hole: 1, known: 0 },
    output: { name: model.outputs[0]!, layout: 'nchw', range: 'either' },
    size: { width: fixed(3), height: fixed(2) },
    holeColour: 0,
  };
}

/**
 * MI-GAN's pipeline export (Sargsyan et al., ICCV 2023, scripts/create_onnx_pipeline.py): `image` uint8 [1, 3, h, w], `mask`
 * uint8 [1, 1, h, w] with 255 = known, `result` uint8 with the picture outside the hole. It works at 512 × 512 inside.
 */
function migan(model: ModelTensors): InpaintManifest {
  return {
    id: 'mi-gan',
    image: { name: 'image', layout: 'nchw', type: 'uint8', range: [0, 255] },
    mask: { name: 'mask', layout: 'nchw', type: 'uint8', hole: 0, known: 255 },
    output: { name: model.outputs[0]!, layout: 'nchw', range: [0, 255] },
    size: { width: SIDE, height: SIDE },
  };
}

/**
 * The known kind that the model's tensors fit, or the manifest given, if it fits.
 * @throws SplatmendError `bad-file` when the tensors do not fit; `bad-option` when the given one cannot be right
 */
export function fitInpaintManifest(
  model: ModelTensors,
  given: InpaintManifest | undefined,
): InpaintManifest {
  const manifest = given ?? known(model);
  if (manifest === undefined) {
    throw new SplatmendError(
      'bad-file',
      `${model.file}: an inpainting model of no known kind (it takes ${described(model, model.inputs)} and gives ${described(model, model.outputs)}); give a manifest, see docs/models.md`,
    );
  }
  const fed = [manifest.image, manifest.mask];
  for (const { name, type } of fed)
    expectTensor(model, manifest.id, 'takes', model.inputs, name, type);
  expectTensor(model, manifest.id, 'gives', model.outputs, manifest.output.name);
  const unfed = model.inputs.filter((name) => !fed.some((tensor) => tensor.name === name));
  if (unfed.length > 0) {
    throw new SplatmendError(
      'bad-file',
      `${model.file}: also wants ${described(model, unfed)}, which ${manifest.id} does not give; choose another export, or give a manifest`,
    );
  }
  return manifest;
}

function known(model: ModelTensors): InpaintManifest | undefined {
  const { inputs, outputs, tensors } = model;
  if (!inputs.includes('image') || !inputs.includes('mask') || outputs.length === 0)
    return undefined;
  const type = tensors.image?.type;
  if (type === 'uint8') return migan(model);
  return type === 'float32' || type === 'float16' ? lama(model) : undefined;
}

/** Exports come in both kinds of floats, under the same names. */
export const floatOf = ({ tensors }: ModelTensors, name: string): 'float32' | 'float16' =>
  tensors[name]?.type === 'float16' ? 'float16' : 'float32';

/** `image (float32 1 × 3 × 512 × 512), mask (…)` */
export function described({ tensors }: ModelTensors, names: readonly string[]): string {
  return names
    .map((name) => {
      const facts = tensors[name];
      const what = facts ? ` (${facts.type} ${facts.shape.join(' × ')})` : '';
      return name.slice(0, 60) + what;
    })
    .join(', ');
}

/** @throws SplatmendError `bad-file` when the tensor is not there, or of another type */
export function expectTensor(
  model: ModelTensors,
  id: string,
  verb: 'takes' | 'gives',
  there: readonly string[],
  name: string,
  type?: string,
): void {
  const facts = model.tensors[name];
  if (there.includes(name) && (type === undefined || facts === undefined || facts.type === type))
    return;
  const wanted = type === undefined ? name : `${type} ${name}`;
  throw new SplatmendError(
    'bad-file',
    `${model.file}: ${verb} ${described(model, there)}, without the ${wanted} of ${id}; choose another export, or give a manifest`,
  );
}
