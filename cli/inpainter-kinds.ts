/** Who can fill holes, by the word before the colon of `--inpainter KIND:…`. A new kind is a line here. */
import type { DepthPrior } from '../core/depth-prior.ts';
import { SplatmendError } from '../core/errors.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { ServerSpec } from '../core/server-spec.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { createOnnxInpainter } from '../workers/inpainters/onnx.ts';
import type { ModelFacts } from '../workers/models/api.ts';
import { openDepth } from '../workers/models/depth-session.ts';
import { openInpaint } from '../workers/models/inpaint-session.ts';
import { readDepthManifest, readInpaintManifest } from '../workers/models/read-manifest.ts';
import { readModelFlag } from './model-flag.ts';
import { chooseDepthServer, SERVER_INPAINTERS } from './server-input.ts';

/** What was chosen. An inpainter is made for each run of the line: some remember what they filled. */
export interface ChosenInpainter {
  make(): Inpainter;
  /** For the report and `--json`. */
  json: Record<string, unknown>;
  /** For people. */
  sentence: string;
}

/** What may be said to a filler that listens to words. */
export type InpaintWords = Pick<ServerSpec, 'prompt' | 'negativePrompt' | 'strength' | 'timeoutMs'>;

export interface InpainterKind {
  kind: string;
  /** As the help shows it. */
  usage: string;
  /** It reads `words`; others are not given any. */
  takesWords?: boolean;
  choose(rest: string, words: InpaintWords): Promise<ChosenInpainter> | ChosenInpainter;
}

const sentenceOf = ({ id, model }: { id: string; model: ModelFacts }) =>
  `${id} (${model.name}, ${model.bytes} bytes, SHA-256 ${model.sha256})`;

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
        sentence: sentenceOf(session.info),
      };
    },
  },
  ...SERVER_INPAINTERS,
];

/** @throws SplatmendError `bad-option` for a kind that there is not, for words that it does not read, and as the kind does */
export async function chooseInpainter(
  text: string | undefined,
  words: InpaintWords = {},
): Promise<ChosenInpainter> {
  const [kind, ...rest] = (text ?? 'built-in').split(':');
  const found = INPAINTER_KINDS.find((k) => k.kind === kind);
  if (found === undefined) {
    const usages = INPAINTER_KINDS.map((k) => k.usage).join(', ');
    // The rest may be an address with a key in it.
    throw new SplatmendError('bad-option', `--inpainter: “${kind}” is none of ${usages}`);
  }
  if (!found.takesWords && Object.keys(words).length > 0) {
    throw new SplatmendError(
      'bad-option',
      `--inpainter: ${found.kind} reads neither prompt, strength nor time-out; leave them out, or name a server`,
    );
  }
  return found.choose(rest.join(':'), words);
}

/** A depth model, if one was chosen: `onnx:FILE[,MANIFEST.json]` or `oip:URL,MODEL`. */
export interface ChosenPrior {
  prior: DepthPrior;
  json: Record<string, unknown>;
  sentence: string;
}

/** @throws SplatmendError `bad-option`, and as the model does */
export async function choosePrior(text: string | undefined): Promise<ChosenPrior | undefined> {
  if (text === undefined) return undefined;
  if (text.startsWith('oip:')) return chooseDepthServer(text.slice(4));
  if (!text.startsWith('onnx:')) {
    throw new SplatmendError(
      'bad-option',
      '--prior-depth: give onnx:FILE[,MANIFEST.json] or oip:URL,MODEL',
    );
  }
  const { file, manifest } = await readModelFlag('--prior-depth', text.slice(5), readDepthManifest);
  const session = await openDepth({ file, ...(manifest ? { manifest } : {}) });
  const { id, provider, model } = session.info;
  return {
    prior: { id, estimate: (image) => session.estimate(image) },
    json: { id, provider, model },
    sentence: sentenceOf(session.info),
  };
}
