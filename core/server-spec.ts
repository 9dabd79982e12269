/** Inpainting servers as plain data: what the page's dialog and the command line say of one, and what crosses to the worker. */

export type ServerKind = 'iopaint' | 'a1111' | 'comfyui' | 'openai' | 'oip';

/** One server that the user named. Nothing else is ever asked. */
export interface ServerSpec {
  kind: ServerKind;
  /** `http://127.0.0.1:8080`; never with a key in it. */
  address: string;
  /** Goes into the Authorization header and nowhere else; kept in memory only. */
  key?: string;
  /** The model's name; see `SERVER_KINDS`. */
  model?: string;
  /** ComfyUI's workflow as its file's text, exported for the API. */
  workflow?: string;
  /** Used where the job's hints have none. */
  prompt?: string;
  negativePrompt?: string;
  /** 0..1 */
  strength?: number;
  /** How long one picture may take. Milliseconds. Default: five minutes. */
  timeoutMs?: number;
}

/** A depth model behind the Open Inference Protocol. */
export interface DepthServerSpec {
  address: string;
  key?: string;
  model: string;
  /** What it answers: inverse depth up to scale and shift (Depth Anything, MiDaS; the default), or depth. */
  gives?: 'inverse-depth' | 'depth';
  timeoutMs?: number;
}

export interface ServerKindInfo {
  /** As people know it. */
  label: string;
  /** Where it listens when nothing else is said. */
  usualAddress: string;
  /** Whether a model has to be named, may be, or means nothing. */
  model: 'needed' | 'none';
  /** Whether a workflow file has to be given. */
  workflow: boolean;
  /** Whether what is in the hole can be said in words. */
  prompt: boolean;
  negativePrompt: boolean;
  strength: boolean;
  /** What lets a page ask it. */
  corsAdvice: string;
}

/** Five minutes: where Node's own fetch gives up, and long for one picture. */
export const SERVER_TIMEOUT_MS = 300_000;

/** Of a ComfyUI workflow's file, which is some kilobytes. */
export const MOST_WORKFLOW_BYTES = 10_000_000;

export const SERVER_KINDS: Readonly<Record<ServerKind, ServerKindInfo>> = {
  iopaint: {
    label: 'IOPaint',
    usualAddress: 'http://127.0.0.1:8080',
    model: 'none',
    workflow: false,
    prompt: true,
    negativePrompt: true,
    strength: true,
    corsAdvice: 'IOPaint allows every page by itself',
  },
  a1111: {
    label: 'AUTOMATIC1111 or Forge',
    usualAddress: 'http://127.0.0.1:7860',
    model: 'none',
    workflow: false,
    prompt: true,
    negativePrompt: true,
    strength: true,
    corsAdvice: 'start it with --api --cors-allow-origins=ORIGIN, the page’s origin for ORIGIN',
  },
  comfyui: {
    label: 'ComfyUI',
    usualAddress: 'http://127.0.0.1:8188',
    model: 'none',
    workflow: true,
    prompt: true,
    negativePrompt: true,
    strength: true,
    corsAdvice: 'start it with --enable-cors-header ORIGIN, the page’s origin for ORIGIN',
  },
  openai: {
    label: 'OpenAI-compatible',
    usualAddress: 'https://api.openai.com',
    model: 'needed',
    workflow: false,
    prompt: true,
    negativePrompt: false,
    strength: false,
    corsAdvice: 'a server of your own has to send Access-Control-Allow-Origin for the page',
  },
  oip: {
    label: 'Open Inference Protocol',
    usualAddress: 'http://127.0.0.1:8000',
    model: 'needed',
    workflow: false,
    prompt: false,
    negativePrompt: false,
    strength: false,
    corsAdvice:
      'Triton and KServe send no CORS headers: put a proxy that does before them (docs/providers.md)',
  },
};

export const isServerKind = (text: string): text is ServerKind => Object.hasOwn(SERVER_KINDS, text);
