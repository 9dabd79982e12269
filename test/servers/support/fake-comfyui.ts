/**
 * ComfyUI as server.py and execution.py of 0.3 have it: uploads into temp, `/prompt` that checks the workflow, a queue that is
 * worked off, WebSocket messages to the client's id, `/history`, `/view`, `/interrupt` by prompt id (else of whatever runs).
 */
import { type WebSocket, WebSocketServer } from 'ws';
import {
  FakeServer,
  fileOf,
  json,
  must,
  painted,
  parseBody,
  parseForm,
  pictureOf,
  wait,
} from './fake-server.ts';

interface Job {
  id: string;
  client: string;
  prompt: Record<string, { class_type: string; inputs: Record<string, unknown> }>;
}

export interface FakeComfyui {
  server: FakeServer;
  steps: number;
  stepMs: number;
  /** Prompt ids that were interrupted; `all` for an interrupt without one. */
  interrupted: string[];
  /** Prompts that ran to their end. */
  finished: string[];
  /** Inputs of the last prompt, node by node. */
  lastPrompt: Job['prompt'] | undefined;
  /** Sockets that were opened. */
  sockets: number;
  /** The next job fails in its sampler. */
  failsNext: boolean;
  /** Forgets jobs as if it had been started again. */
  forgets: boolean;
  close(): Promise<void>;
}

/** Classes that it knows, with the inputs that they need. */
const CLASSES: Record<string, string[]> = {
  LoadImage: ['image'],
  LoadImageMask: ['image', 'channel'],
  CLIPTextEncode: ['text', 'clip'],
  CheckpointLoaderSimple: ['ckpt_name'],
  VAEEncodeForInpaint: ['pixels', 'vae', 'mask', 'grow_mask_by'],
  KSampler: ['seed', 'steps', 'cfg', 'denoise', 'model', 'positive', 'negative', 'latent_image'],
  VAEDecode: ['samples', 'vae'],
  PreviewImage: ['images'],
};

export async function startComfyui(): Promise<FakeComfyui> {
  const files = new Map<string, Uint8Array>();
  const history = new Map<string, unknown>();
  const pending: Job[] = [];
  const sockets = new Map<string, WebSocket>();
  let running: Job | undefined;
  let stop = false;
  const webSockets = new WebSocketServer({ noServer: true });
  const tell = (job: Job, type: string, data: object) =>
    sockets.get(job.client)?.send(JSON.stringify({ type, data: { ...data, prompt_id: job.id } }));

  async function work(): Promise<void> {
    if (running !== undefined) return;
    const job = pending.shift();
    if (job === undefined) return;
    running = job;
    stop = false;
    tell(job, 'execution_start', {});
    let status: object = { status_str: 'success', completed: true, messages: [] };
    let outputs: object = {};
    for (let step = 1; step <= fake.steps && !stop; step++) {
      await wait(fake.stepMs);
      tell(job, 'progress', { node: '5', value: step, max: fake.steps });
    }
    if (stop) {
      status = { status_str: 'error', completed: false, messages: [['execution_interrupted', {}]] };
    } else if (fake.failsNext) {
      const failure = { exception_message: 'mat1 and mat2 shapes', node_type: 'KSampler' };
      status = { status_str: 'error', completed: false, messages: [['execution_error', failure]] };
    } else {
      outputs = paint(job);
      fake.finished.push(job.id);
    }
    if (!fake.forgets) history.set(job.id, { prompt: [], outputs, status });
    running = undefined;
    if (!stop && !fake.failsNext) tell(job, 'executing', { node: null });
    void work();
  }

  function paint(job: Job): object {
    const nodes = Object.values(job.prompt);
    const file = (name: unknown) => {
      must(typeof name === 'string' && name.endsWith(' [temp]'), 'an upload’s annotated name');
      const bytes = files.get(name.slice(0, -' [temp]'.length));
      must(bytes, 'a file that was uploaded');
      return bytes;
    };
    const load = nodes.find((n) => n.class_type === 'LoadImage')!;
    const loadMask = nodes.find((n) => n.class_type === 'LoadImageMask');
    const image = pictureOf(file(load.inputs.image), loadMask ? 3 : 4);
    const mask = loadMask && pictureOf(file(loadMask.inputs.image), 3);
    // LoadImageMask: the channel, white = 1. LoadImage's own mask: 1 − alpha.
    must(loadMask === undefined || loadMask.inputs.channel === 'red', 'the red channel');
    const channels = image.channels;
    const picture = painted(image, channels, (i) =>
      mask ? mask.data[3 * i]! > 127 : image.data[4 * i + 3] === 0,
    );
    const name = `ComfyUI_temp_${job.id.slice(0, 5)}_00001_.png`;
    files.set(name, fake.server.png(picture));
    const output = Object.entries(job.prompt).find(([, n]) => n.class_type === 'PreviewImage')![0];
    return { [output]: { images: [{ filename: name, subfolder: '', type: 'temp' }] } };
  }

  const routes: Record<
    string,
    (request: Parameters<Parameters<typeof FakeServer.start>[0]>[0]) => unknown
  > = {
    'POST /upload/image': async (request) => {
      const form = await parseForm(request);
      const file = form.get('image');
      must(file instanceof File && /^[\w.-]+\.png$/.test(file.name), 'a plain file name');
      must(form.get('type') === 'temp', 'the temporary folder');
      files.set(file.name, await fileOf(form, 'image'));
      return { name: file.name, subfolder: '', type: 'temp' };
    },
    'POST /prompt': (request) => {
      const body = parseBody(request);
      must(
        Object.keys(body).every((k) => ['prompt', 'client_id'].includes(k)),
        'known fields',
      );
      const prompt = body.prompt as Job['prompt'];
      for (const [id, node] of Object.entries(prompt)) {
        const needed = CLASSES[node.class_type];
        must(needed, `${node.class_type} exists`);
        for (const name of needed) must(name in node.inputs, `${id} has ${name}`);
        for (const value of Object.values(node.inputs)) {
          if (Array.isArray(value)) must(prompt[String(value[0])], `${value[0]} is a node`);
        }
      }
      fake.lastPrompt = prompt;
      const job = { id: crypto.randomUUID(), client: String(body.client_id), prompt };
      pending.push(job);
      void work();
      return { prompt_id: job.id, number: 1, node_errors: {} };
    },
    'GET /queue': () => ({
      queue_running: running ? [[0, running.id, running.prompt, {}, []]] : [],
      queue_pending: pending.map((job) => [1, job.id, job.prompt, {}, []]),
    }),
    'POST /queue': (request) => {
      const { delete: ids } = parseBody(request) as { delete: string[] };
      must(Array.isArray(ids), 'ids to delete');
      for (const id of ids) {
        const at = pending.findIndex((job) => job.id === id);
        if (at >= 0) pending.splice(at, 1);
      }
      return {};
    },
    'POST /interrupt': (request) => {
      const { prompt_id: id } = parseBody(request) as { prompt_id?: string };
      fake.interrupted.push(id ?? 'all');
      if (id === undefined || running?.id === id) stop = true;
      return {};
    },
  };

  const fake: FakeComfyui = {
    server: await FakeServer.start(
      async (request, response) => {
        const { path } = request;
        if (path.startsWith('/history/')) {
          const id = path.slice('/history/'.length);
          json(response, history.has(id) ? { [id]: history.get(id) } : {});
          return;
        }
        if (path === '/view') {
          must(request.query.get('type') === 'temp', 'the type that the history named');
          const bytes = files.get(request.query.get('filename') ?? '');
          must(bytes, 'a file that is there');
          response.writeHead(200, { 'content-type': 'image/png' });
          response.end(bytes);
          return;
        }
        const route = routes[`${request.method} ${path}`];
        must(route, 'a known route');
        json(response, await route(request));
      },
      (path, fault) => path === (['huge', 'echoes-key'].includes(fault) ? '/view' : '/prompt'),
      (request, socket, head) => {
        const client = new URL(request.url!, 'http://localhost').searchParams.get('clientId');
        webSockets.handleUpgrade(request, socket, head, (ws) => {
          fake.sockets++;
          sockets.set(client!, ws);
          ws.send(JSON.stringify({ type: 'status', data: { status: {}, sid: client } }));
        });
      },
    ),
    steps: 2,
    stepMs: 1,
    interrupted: [],
    finished: [],
    lastPrompt: undefined,
    sockets: 0,
    failsNext: false,
    forgets: false,
    async close() {
      for (const ws of webSockets.clients) ws.terminate();
      stop = true;
      await fake.server.close();
    },
  };
  return fake;
}

/** A usual inpainting workflow, exported for the API. @param ownMask whether the mask is a picture of its own */
export function comfyuiWorkflow(ownMask: boolean): string {
  const title = (text: string) => ({ _meta: { title: text } });
  return JSON.stringify({
    1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'inpainting.safetensors' } },
    2: { class_type: 'LoadImage', inputs: { image: 'example.png' }, ...title('splatmend:image') },
    ...(ownMask
      ? {
          3: {
            class_type: 'LoadImageMask',
            inputs: { image: 'example.png', channel: 'alpha' },
            ...title('splatmend:mask'),
          },
        }
      : {}),
    4: {
      class_type: 'CLIPTextEncode',
      inputs: { text: 'the workflow’s own words', clip: ['1', 1] },
      ...title('Prompt splatmend:prompt'),
    },
    40: {
      class_type: 'CLIPTextEncode',
      inputs: { text: 'text', clip: ['1', 1] },
      ...title('splatmend:negative'),
    },
    41: {
      class_type: 'VAEEncodeForInpaint',
      inputs: {
        pixels: ['2', 0],
        vae: ['1', 2],
        mask: ownMask ? ['3', 0] : ['2', 1],
        grow_mask_by: 6,
      },
    },
    5: {
      class_type: 'KSampler',
      inputs: {
        seed: 1,
        steps: 20,
        cfg: 7,
        denoise: 1,
        model: ['1', 0],
        positive: ['4', 0],
        negative: ['40', 0],
        latent_image: ['41', 0],
      },
      ...title('splatmend:seed splatmend:strength'),
    },
    6: { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
    7: { class_type: 'PreviewImage', inputs: { images: ['6', 0] }, ...title('splatmend:output') },
  });
}
