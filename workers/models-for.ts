/** The models of one job, from what the page chose. */
import type { DepthPrior } from '../core/depth-prior.ts';
import { type Result, SplatmendError, unwrap } from '../core/errors.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { InpainterSpec, ModelsSpec } from '../core/inpainter-spec.ts';
import { throwIfCancelled } from '../core/progress.ts';
import type { PageModels } from './api.ts';
import { createByHand } from './inpainters/by-hand.ts';
import { createExemplarInpainter } from './inpainters/exemplar/index.ts';
import { createOnnxInpainter } from './inpainters/onnx.ts';
import { createDepthServer } from './inpainters/servers/oip-depth.ts';
import { createServerInpainter } from './inpainters/servers/server-inpainter.ts';
import type { Models } from './remove.ts';

/** @param page runs what is of kind `model`. @throws SplatmendError `bad-option` for what cannot be made */
export function modelsFor(spec: ModelsSpec = {}, page?: PageModels): Models {
  return { inpainter: inpainterFor(spec.inpainter, page), prior: priorFor(spec.depth, page) };
}

function inpainterFor(
  spec: InpainterSpec = { kind: 'built-in' },
  page: PageModels | undefined,
): Inpainter {
  switch (spec.kind) {
    case 'built-in':
      return createExemplarInpainter();
    case 'server':
      return createServerInpainter(spec.server);
    case 'picture':
      return createByHand(spec.picture, spec.hole, createExemplarInpainter());
    case 'model':
      return createOnnxInpainter(spec.model, (image, mask, signal) =>
        asked((models) => models.paint?.(image, mask), page, signal),
      );
  }
}

function priorFor(id: ModelsSpec['depth'], page: PageModels | undefined): DepthPrior | undefined {
  if (id === undefined) return undefined;
  if (typeof id === 'object') return createDepthServer(id);
  return {
    id,
    estimate: (image, signal) => asked((models) => models.estimateDepth?.(image), page, signal),
  };
}

/** What the page's model answers, or its failure thrown. A cancel does not wait for it. */
async function asked<T>(
  ask: (models: PageModels) => Promise<Result<T>> | undefined,
  page: PageModels | undefined,
  signal: AbortSignal | undefined,
): Promise<T> {
  throwIfCancelled(signal);
  const answer = page && ask(page);
  if (answer === undefined) {
    throw new SplatmendError('internal', 'model: the page runs none; choose one again');
  }
  let stop: (() => void) | undefined;
  const cancelled = new Promise<never>((_, reject) => {
    stop = () => {
      reject(new SplatmendError('cancelled', 'cancelled; the scene is as it was'));
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return unwrap(await Promise.race([answer, cancelled]));
  } finally {
    if (stop) signal?.removeEventListener('abort', stop);
  }
}
