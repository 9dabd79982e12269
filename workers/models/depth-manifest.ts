/** How a monocular depth model wants its picture and says its depth. The known kind, and a user's own. */
import { SplatmendError } from '../../core/errors.ts';
import { described, expectTensor, floatOf, type ModelTensors } from './inpaint-manifest.ts';
import type { PictureTensor } from './picture-tensors.ts';

export interface DepthManifest {
  /** For people and reports. */
  id: string;
  image: PictureTensor;
  output: {
    /** [1, h, w], [1, 1, h, w] or [1, h, w, 1]. */
    name: string;
    /** `inverse`: larger is nearer, any scale and shift (relative models). `depth`: along z, any scale (metric models too). */
    gives: 'inverse' | 'depth';
  };
  /** One size, or any of a multiple whose longer side is at most `most`, pixels. */
  size: { width: number; height: number } | { multiple: number; least: number; most: number };
}

/**
 * Depth Anything V2 (Yang et al. 2024), transformers.js' exports: `pixel_values` [batch, 3, h, w] normalised as ImageNet is, sides
 * of a multiple of 14 → `predicted_depth` [batch, h, w], relative inverse depth. Trained at 518.
 */
function depthAnything(model: ModelTensors): DepthManifest | undefined {
  if (!model.inputs.includes('pixel_values') || !model.outputs.includes('predicted_depth')) {
    return undefined;
  }
  const [, , height, width] = model.tensors.pixel_values?.shape ?? [];
  const fixed = typeof height === 'number' && typeof width === 'number' && height * width > 0;
  return {
    id: 'depth-anything-v2',
    image: {
      name: 'pixel_values',
      layout: 'nchw',
      type: floatOf(model, 'pixel_values'),
      range: [0, 1],
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
    output: { name: 'predicted_depth', gives: 'inverse' },
    size: fixed ? { width, height } : { multiple: 14, least: 518, most: 518 },
  };
}

/** @throws SplatmendError `bad-file` when the tensors fit neither the known kind nor the manifest given */
export function fitDepthManifest(
  model: ModelTensors,
  given: DepthManifest | undefined,
): DepthManifest {
  const manifest = given ?? depthAnything(model);
  if (manifest === undefined) {
    throw new SplatmendError(
      'bad-file',
      `${model.file}: a depth model of no known kind (it takes ${described(model, model.inputs)} and gives ${described(model, model.outputs)}); give a manifest, see docs/models.md`,
    );
  }
  const { id, image, output } = manifest;
  expectTensor(model, id, 'takes', model.inputs, image.name, image.type);
  expectTensor(model, id, 'gives', model.outputs, output.name);
  const unfed = model.inputs.filter((name) => name !== image.name);
  if (unfed.length > 0) {
    throw new SplatmendError(
      'bad-file',
      `${model.file}: also wants ${described(model, unfed)}, which ${id} does not give; choose another export`,
    );
  }
  return manifest;
}
