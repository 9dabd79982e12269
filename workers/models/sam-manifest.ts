/** How a SAM-style encoder and decoder want their tensors. The two known kinds, and how a user's own is checked. */
import { SplatmendError } from '../../core/errors.ts';

export interface SamManifest {
  /** For people. */
  id: string;
  /** The picture's longer side is brought to this, pixels; points are in these pixels. */
  size: number;
  encoder: {
    /** Input's name. */
    image: string;
    /** `nchw`: [1, 3, size, size], padded with 0 at the right and below. `hwc`: [height, width, 3], not padded. */
    layout: 'nchw' | 'hwc';
    /** Colour 0..1 or 0..255, then (colour − mean) / std a channel. */
    range: 1 | 255;
    mean: readonly [number, number, number];
    std: readonly [number, number, number];
  };
  /** The encoder's outputs, and as which inputs the decoder takes them. */
  embeddings: Readonly<Record<string, string>>;
  decoder: {
    /** float32 [1, …, points, 2], x before y; whole numbers are pixel centres. */
    points: string;
    /** [1, …, points]; 1 on it, 0 not, 2 and 3 a box's corners, −1 no point. */
    labels: string;
    labelType: 'int64' | 'float32';
    /** How many axes of length 1 stand before the points. */
    batchAxes: 1 | 2;
    /** Knows the labels 2 and 3. */
    boxes: boolean;
    /** Wants a point with label −1 where there is no box. */
    padded: boolean;
    /** Inputs for an earlier mask [1, 1, size / 4, size / 4] and whether there is one [1]; given as none. */
    earlierMask?: { mask: string; has: string };
    /** Input for height and width of the picture, float32 [2]. */
    pictureSize?: string;
    /** Output: logits [1, …, masks, height, width] over the padded square. */
    masks: string;
    /** Output: how good each mask is [1, …, masks]; the best is taken. */
    scores: string;
  };
  /** A pixel above it is in the mask. */
  threshold: number;
}

/** transformers.js exports: SlimSAM, and SAM itself under the same names. */
const SLIM_SAM: SamManifest = {
  id: 'slimsam',
  size: 1024,
  encoder: {
    image: 'pixel_values',
    layout: 'nchw',
    range: 1,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  embeddings: {
    image_embeddings: 'image_embeddings',
    image_positional_embeddings: 'image_positional_embeddings',
  },
  decoder: {
    points: 'input_points',
    labels: 'input_labels',
    labelType: 'int64',
    batchAxes: 2,
    boxes: false,
    padded: false,
    masks: 'pred_masks',
    scores: 'iou_scores',
  },
  threshold: 0,
};

/** SAM's own decoder export, and an encoder that prepares the picture itself, as MobileSAM comes. */
const MOBILE_SAM: SamManifest = {
  id: 'mobilesam',
  size: 1024,
  encoder: {
    image: 'input_image',
    layout: 'hwc',
    range: 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  embeddings: { image_embeddings: 'image_embeddings' },
  decoder: {
    points: 'point_coords',
    labels: 'point_labels',
    labelType: 'float32',
    batchAxes: 1,
    boxes: true,
    padded: true,
    earlierMask: { mask: 'mask_input', has: 'has_mask_input' },
    pictureSize: 'orig_im_size',
    masks: 'low_res_masks',
    scores: 'iou_predictions',
  },
  threshold: 0,
};

const KNOWN = [SLIM_SAM, MOBILE_SAM];

/** What a model file says of itself. */
export interface TensorNames {
  file: string;
  inputs: readonly string[];
  outputs: readonly string[];
}

/**
 * The known manifest that the models' names fit, or the one given, if it fits.
 * @throws SplatmendError `bad-file` when the names do not fit; `bad-option` when the given one cannot be right
 */
export function fitManifest(
  encoder: TensorNames,
  decoder: TensorNames,
  given: SamManifest | undefined,
): SamManifest {
  if (given !== undefined) checkManifest(given);
  const manifest = given ?? KNOWN.find((known) => decoder.inputs.includes(known.decoder.points));
  if (manifest === undefined) {
    const known = KNOWN.map((k) => k.decoder.points).join(' or ');
    throw new SplatmendError(
      'bad-file',
      `${decoder.file}: a decoder of no known kind (it takes ${listed(decoder.inputs)}, not ${known}); are encoder and decoder swapped? else give a manifest`,
    );
  }
  const { decoder: wants, encoder: has } = manifest;
  const fed = [wants.points, wants.labels, ...Object.values(manifest.embeddings)];
  if (wants.earlierMask) fed.push(wants.earlierMask.mask, wants.earlierMask.has);
  if (wants.pictureSize) fed.push(wants.pictureSize);
  same(manifest, encoder.file, 'takes', [has.image], encoder.inputs);
  among(manifest, encoder.file, 'gives', Object.keys(manifest.embeddings), encoder.outputs);
  same(manifest, decoder.file, 'takes', fed, decoder.inputs);
  among(manifest, decoder.file, 'gives', [wants.masks, wants.scores], decoder.outputs);
  return manifest;
}

const listed = (names: readonly string[]) => names.map((n) => n.slice(0, 60)).join(', ');

function among(
  { id }: SamManifest,
  file: string,
  verb: string,
  wanted: readonly string[],
  there: readonly string[],
): void {
  const missing = wanted.filter((name) => !there.includes(name));
  if (missing.length === 0) return;
  throw new SplatmendError(
    'bad-file',
    `${file}: ${verb} ${listed(there)}, without the ${listed(missing)} of ${id}; choose another export, or give a manifest`,
  );
}

/** An input that is not fed stops a model as surely as a missing one. */
function same(
  manifest: SamManifest,
  file: string,
  verb: string,
  wanted: readonly string[],
  there: readonly string[],
): void {
  among(manifest, file, verb, wanted, there);
  const unfed = there.filter((name) => !wanted.includes(name));
  if (unfed.length === 0) return;
  throw new SplatmendError(
    'bad-file',
    `${file}: also wants ${listed(unfed)}, which ${manifest.id} does not give; choose another export, or give a manifest`,
  );
}

const MOST_SIZE = 4096;

function checkManifest({ size, encoder, threshold }: SamManifest): void {
  const bad = (what: string) =>
    new SplatmendError('bad-option', `manifest: ${what}; see docs/models.md`);
  if (!(Number.isInteger(size) && size >= 64 && size <= MOST_SIZE && size % 4 === 0)) {
    throw bad(`size is ${size}; it is a multiple of 4 from 64 to ${MOST_SIZE}`);
  }
  const numbers = [...encoder.mean, ...encoder.std, threshold];
  if (!numbers.every(Number.isFinite) || encoder.std.includes(0)) {
    throw bad('mean, std and threshold are finite numbers, and no std is 0');
  }
}
