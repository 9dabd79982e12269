/** Who can fill holes, by the word before the colon of `--inpainter KIND:…`. A new kind is a line here. */
import type { DepthPrior } from '../core/depth-prior.ts';
import { SplatmendError } from '../core/errors.ts';
import type { Inpainter } from '../core/inpainter.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { createOnnxInpainter } from '../workers/inpainters/onnx.ts';
import { openDepth } from '../workers/models/depth-session.ts';
import { openInpaint } from '../workers/models/inpaint-session.ts';
import { readDepthManifest, readInpaintManifest } from '../workers/models/read-manifest.ts';
import { readModelFlag } from './model-flag.ts';

/** What was chosen. An inpainter is made for each run of the line: some remember what they filled. */
export interface ChosenInpainter {
  make(): Inpainter;
  /** For the report and `--json`. */
  json: Record<string, unknown>;
  /** For people. */
  sentence: string;
}

export interface InpainterKind {
  kind: string;
  /** As the help shows it. */
  usage: string;
  choose(rest: string): Promise<ChosenInpainter> | ChosenInpainter;
}

export const INPAINTER_KINDS: readonly InpainterKind[] = [
  {
    kind: 'built-in',
    usage: 'built-in',
    choose: () => ({
      make: () => createExemplarInpainter(),
      json: { id: 'exemplar' },
      sentence: 'the built-in filler',
    }),
  },
  {
    kind: 'onnx',
    usage: 'onnx:FILE[,MANIFEST.json]',
    async choose(rest) {
      const { file, manifest } = await readModelFlag('--inpainter', rest, readInpaintManifest);
      const session = await openInpaint({ file, ...(manifest ? { manifest } : {}) });
      const { id, provider, model, size } = session.info;
      return {
        make: () =>
          createOnnxInpainter({ id, who: model.name, size, cancel: false }, (image, mask) =>
            session.paint(image, mask),
          ),
        json: { id, provider, model },
        sentence: `${id} (${model.name}, ${model.bytes} bytes, SHA-256 ${model.sha256})`,
      };
    },
  },
];

/** @throws SplatmendError `bad-option` for a kind that there is not, and as the kind does */
export async function chooseInpainter(text: string | undefined): Promise<ChosenInpainter> {
  const [kind, ...rest] = (text ?? 'built-in').split(':');
  const found = INPAINTER_KINDS.find((k) => k.kind === kind);
  if (found === undefined) {
    const usages = INPAINTER_KINDS.map((k) => k.usage).join(', ');
    throw new SplatmendError('bad-option', `--inpainter: ${text} is none of ${usages}`);
  }
  return found.choose(rest.join(':'));
}

/** A depth model, if one was chosen: `onnx:FILE[,MANIFEST.json]`. */
export interface ChosenPrior {
  prior: DepthPrior;
  json: Record<string, unknown>;
  sentence: string;
}

/** @throws SplatmendError `bad-option`, and as the model does */
export async function choosePrior(text: string | undefined): Promise<ChosenPrior | undefined> {
  if (text === undefined) return undefined;
  if (!text.startsWith('onnx:')) {
    throw new SplatmendError(
      'bad-option',
      `--prior-depth: ${text} is not onnx:FILE[,MANIFEST.json]`,
    );
  }
  const { file, manifest } = await readModelFlag('--prior-depth', text.slice(5), readDepthManifest);
  const session = await openDepth({ file, ...(manifest ? { manifest } : {}) });
  const { id, provider, model } = session.info;
  return {
    prior: { id, estimate: (image) => session.estimate(image) },
    json: { id, provider, model },
    sentence: `${id} (${model.name}, ${model.bytes} bytes, SHA-256 ${model.sha256})`,
  };
}
