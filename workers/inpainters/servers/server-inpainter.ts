/** An `Inpainter` of a server: windows around the holes, brought to the server's size, painted there, put back. */
import { SplatmendError } from '../../../core/errors.ts';
import type { Mask, RgbImage } from '../../../core/image.ts';
import type { Inpainter } from '../../../core/inpainter.ts';
import { serverAddress } from '../../../core/server-address.ts';
import { SERVER_KINDS, SERVER_TIMEOUT_MS, type ServerSpec } from '../../../core/server-spec.ts';
import { type CropOptions, cutMask, cutRgb, fitInto, pasteRgb, windowsAround } from '../crop.ts';
import { isCopiedOutside } from '../finish-inpainting.ts';
import { createForeignInpainter } from '../foreign.ts';
import { createA1111 } from './a1111.ts';
import { createComfyui } from './comfyui.ts';
import type { OpenSocket } from './comfyui-socket.ts';
import { whoIs } from './failures.ts';
import { createHttp, type Http } from './http.ts';
import { createIopaint } from './iopaint.ts';
import { authorization } from './keys.ts';
import { createOip } from './oip.ts';
import { createOpenai } from './openai.ts';
import type { Provider } from './provider.ts';

export interface ServerEnvironment {
  /** Opens WebSockets where the platform has none (Node 20). */
  openSocket?: OpenSocket;
  /** First wait before a retry. Milliseconds. Default 500. */
  backOffMs?: number;
  /** How often progress is asked for. Milliseconds. Default 1000. */
  pollMs?: number;
  crop?: CropOptions;
}

/** A prompt that is longer is a mistake. */
const LONGEST_PROMPT = 4000;
const SHORTEST_TIMEOUT_MS = 1000;
const LONGEST_TIMEOUT_MS = 3_600_000;
/** A channel of a pixel that was sent as 8 bits and came back as it was. */
const MOST_OFF = 1.5 / 255;

/** The way to a server. @throws bad-option for an address or a key that is not used */
export function httpTo(spec: ServerSpec, environment: ServerEnvironment = {}): Http {
  const { label, corsAdvice } = SERVER_KINDS[spec.kind];
  const address = serverAddress(spec.kind, spec.address);
  // A1111's --api-auth is a user and a password.
  const kind = spec.kind === 'a1111' && spec.key?.includes(':') ? 'basic' : 'bearer';
  return createHttp({
    peer: { provider: label, address, corsAdvice },
    authorization: authorization(label, spec.key, kind, address),
    key: spec.key,
    ...(environment.backOffMs === undefined ? {} : { backOffMs: environment.backOffMs }),
  });
}

/**
 * Makes the inpainter; nothing is asked of the server before its first picture.
 * @throws bad-option, or bad-file for a ComfyUI workflow without its marks
 */
export function createServerInpainter(
  spec: ServerSpec,
  environment: ServerEnvironment = {},
): Inpainter {
  checkSpec(spec);
  const http = httpTo(spec, environment);
  const provider = providerOf(spec, http, environment);
  return createForeignInpainter({
    id: provider.id,
    who: whoIs(http.peer),
    capabilities: provider.capabilities,
    async paint(image, mask, hints, signal, report) {
      const result: RgbImage = { ...image, data: image.data.slice() };
      const windows = windowsAround(mask, environment.crop);
      for (const [k, window] of windows.entries()) {
        const part = cutRgb(image, window);
        const size = await provider.sizeFor(part, signal);
        const hole = cutMask(mask, window);
        const fitted = fitInto(part, hole, size.width, size.height);
        const answer = await provider.paint({
          image: fitted.image,
          mask: fitted.mask,
          prompt: hints.prompt ?? spec.prompt ?? '',
          negativePrompt: hints.negativePrompt ?? spec.negativePrompt ?? '',
          strength: hints.strength ?? spec.strength,
          seed: (hints.seed ?? 1) >>> 0,
          timeoutMs: spec.timeoutMs ?? SERVER_TIMEOUT_MS,
          signal,
          report: (fraction) => report((k + fraction) / windows.length),
        });
        const shown = fitted.back(answer);
        // Scaling changes what was only sent and returned: it is left as it was.
        if (isCopiedOutside(answer, fitted.image, fitted.mask, MOST_OFF)) {
          restoreOutside(shown, part, hole);
        }
        pasteRgb(result, shown, window);
        report((k + 1) / windows.length);
      }
      return result;
    },
  });
}

function restoreOutside(answer: RgbImage, sent: RgbImage, hole: Mask): void {
  for (let i = 0; i < hole.data.length; i++) {
    if (hole.data[i] !== 0) continue;
    for (let c = 0; c < 3; c++) answer.data[3 * i + c] = sent.data[3 * i + c]!;
  }
}

function checkSpec(spec: ServerSpec): void {
  const { label, model, workflow } = SERVER_KINDS[spec.kind];
  const refuse = (what: string) => new SplatmendError('bad-option', `${label}: ${what}`);
  if (model === 'needed' && !spec.model?.trim()) {
    throw refuse('no model is named; give its name after the address');
  }
  if (workflow && spec.workflow === undefined) {
    throw refuse('no workflow is given; export one by Workflow → Export (API) and name its file');
  }
  if ([spec.prompt, spec.negativePrompt].some((p) => (p?.length ?? 0) > LONGEST_PROMPT)) {
    throw refuse(`the prompt has more than ${LONGEST_PROMPT} characters; shorten it`);
  }
  if (spec.strength !== undefined && !(spec.strength >= 0 && spec.strength <= 1)) {
    throw refuse('the strength is not within 0 and 1; correct it');
  }
  const { timeoutMs = SERVER_TIMEOUT_MS } = spec;
  if (!(timeoutMs >= SHORTEST_TIMEOUT_MS && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw refuse('the time-out is not within 1 s and an hour; correct it');
  }
}

function providerOf(spec: ServerSpec, http: Http, environment: ServerEnvironment): Provider {
  const { pollMs } = environment;
  switch (spec.kind) {
    case 'iopaint':
      return createIopaint(http);
    case 'a1111':
      return createA1111(http, pollMs);
    case 'comfyui':
      return createComfyui(http, {
        workflow: spec.workflow!,
        openSocket: spec.key ? undefined : (environment.openSocket ?? platformSocket()),
        ...(pollMs === undefined ? {} : { pollMs }),
      });
    case 'openai':
      return createOpenai(http, spec.model!.trim());
    case 'oip':
      return createOip(http, spec.model!.trim());
  }
}

/** A browser's WebSocket takes no header, so with a key there is none: a key in its address would be logged. */
function platformSocket(): OpenSocket | undefined {
  return typeof WebSocket === 'undefined' ? undefined : (url) => new WebSocket(url);
}
