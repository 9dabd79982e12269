/**
 * ComfyUI: `POST /upload/image`, `POST /prompt`, `GET /history/ID`, `GET /view`, `GET /queue`, `POST /queue` and
 * `/interrupt` to cancel. Schema: server.py and execution.py of 0.3; `/interrupt` with a `prompt_id` of later ones.
 */
import { SplatmendError } from '../../../core/errors.ts';
import { sizeOfMultiple } from '../crop.ts';
import { type Fields, fieldsOf, listOf, need, textOf } from './answer-fields.ts';
import { listen, type OpenSocket } from './comfyui-socket.ts';
import { readWorkflow, type Workflow } from './comfyui-workflow.ts';
import { badAnswer, isGivenUp, tooSlow, whoIs } from './failures.ts';
import { type Http, SHORT_MS, sleep } from './http.ts';
import { clearedPng, decodePng, rgbMaskPng, rgbPng } from './png.ts';
import { capabilitiesOf, type Provider, type ServerJob } from './provider.ts';

const SIZES = { multiple: 8, least: 512, most: 1536 };
const POLL_MS = 1000;
/** A cancelled call does not wait longer for its server to hear of it. */
const INTERRUPT_MS = 2000;
/** Not in the queue and not in the history, so often in a row: the server has forgotten it (it was started again). */
const LOST_AFTER = 3;

export interface ComfyuiOptions {
  /** The workflow file's text. */
  workflow: string;
  /** Opens the WebSocket for progress; undefined: progress is not measured. */
  openSocket?: OpenSocket | undefined;
  pollMs?: number;
}

/** @throws bad-file for a workflow without its marks */
export function createComfyui(http: Http, options: ComfyuiOptions): Provider {
  const { peer } = http;
  const workflow = readWorkflow(options.workflow);
  return {
    id: 'comfyui',
    who: peer.provider,
    capabilities: capabilitiesOf('comfyui', peer, {
      prompt: workflow.reads.prompt,
      negativePrompt: workflow.reads.negative,
      seed: workflow.reads.seed,
      strength: workflow.reads.strength,
      progress: options.openSocket !== undefined,
      cancel: true,
    }),
    sizeFor: (window) => sizeOfMultiple(window, SIZES),
    async paint(job) {
      const client = `splatmend-${crypto.randomUUID()}`;
      let wake: (() => void) | undefined;
      const socket = await listen(
        peer.address.url('/ws', { clientId: client }).replace(/^http/, 'ws'),
        options.openSocket,
        {
          onStep: (fraction) => job.report(0.05 + 0.9 * fraction),
          onEnd: () => wake?.(),
        },
      );
      const ended = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let id: string | undefined;
      try {
        const prompt = await upload(http, workflow, client, job);
        job.report(0.03);
        id = await queue(http, prompt, client, job);
        socket.job = id;
        job.report(0.05);
        const outputs = await wait(http, id, job, options.pollMs ?? POLL_MS, ended);
        return await view(http, outputs, workflow.output, job);
      } catch (error) {
        if (isGivenUp(error) && id !== undefined) await interrupt(http, id);
        throw error;
      } finally {
        socket.close();
      }
    },
  };
}

/** Sends picture and mask to the server's temporary folder, and puts their names into the workflow. */
async function upload(
  http: Http,
  workflow: Workflow,
  client: string,
  job: ServerJob,
): Promise<Fields> {
  const send = async (what: string, bytes: Uint8Array): Promise<string> => {
    const form = new FormData();
    const blob = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
    form.set('image', blob, `${client}-${what}.png`);
    form.set('type', 'temp');
    form.set('overwrite', 'true');
    const answer = fieldsOf(
      await http.json({
        method: 'POST',
        route: '/upload/image',
        body: { form },
        timeoutMs: job.timeoutMs,
        signal: job.signal,
      }),
    );
    const name = need(http.peer, textOf(answer?.name), 'name of the upload');
    const folder = textOf(answer?.subfolder) ?? '';
    const type = textOf(answer?.type) ?? 'temp';
    return `${folder === '' ? name : `${folder}/${name}`} [${type}]`;
  };
  // Without a node for the mask it is LoadImage's own: what is transparent.
  const picture = workflow.ownMask ? rgbPng(job.image) : clearedPng(job.image, job.mask);
  return workflow.filled({
    image: await send('image', picture),
    mask: workflow.ownMask ? await send('mask', rgbMaskPng(job.mask)) : undefined,
    // Nothing said: the workflow's own stay.
    prompt: job.prompt === '' ? undefined : job.prompt,
    negative: job.negativePrompt === '' ? undefined : job.negativePrompt,
    seed: job.seed,
    strength: job.strength,
  });
}

async function queue(http: Http, prompt: Fields, client: string, job: ServerJob): Promise<string> {
  const answer = fieldsOf(
    await http.json({
      method: 'POST',
      route: '/prompt',
      body: { json: { prompt, client_id: client } },
      timeoutMs: Math.min(SHORT_MS, job.timeoutMs),
      signal: job.signal,
    }),
  );
  return need(http.peer, textOf(answer?.prompt_id), 'prompt_id');
}

/** @returns the outputs of each node, once it is done */
async function wait(
  http: Http,
  id: string,
  job: ServerJob,
  pollMs: number,
  ended: Promise<void>,
): Promise<Fields> {
  const until = performance.now() + job.timeoutMs;
  let missed = 0;
  for (;;) {
    const quick = { timeoutMs: Math.min(SHORT_MS, job.timeoutMs), signal: job.signal };
    const history = fieldsOf(await http.json({ route: `/history/${id}`, ...quick }));
    const entry = fieldsOf(history?.[id]);
    if (entry !== undefined) return outcome(http, entry);
    const queued = fieldsOf(await http.json({ route: '/queue', ...quick }));
    missed =
      isQueued(queued, 'queue_running', id) || isQueued(queued, 'queue_pending', id)
        ? 0
        : missed + 1;
    if (missed >= LOST_AFTER) {
      throw new SplatmendError(
        'server-failed',
        `${whoIs(http.peer)}: the job is neither in its queue nor in its history; it was cleared or started again there, so try again`,
      );
    }
    if (performance.now() > until) throw tooSlow(http.peer, 'the workflow', job.timeoutMs);
    await Promise.race([sleep(pollMs, job.signal), ended]);
    // Once woken the history has it after a moment; `ended` would not wait any more.
    await sleep(Math.min(pollMs, 100), job.signal);
  }
}

/** Each entry is [number, id, …]. */
const isQueued = (queued: Fields | undefined, list: string, id: string) =>
  listOf(queued?.[list]).some((item) => listOf(item)[1] === id);

function outcome(http: Http, entry: Fields): Fields {
  const status = fieldsOf(entry.status);
  if (textOf(status?.status_str) === 'error') {
    const failure = listOf(status?.messages)
      .map((m) => fieldsOf(listOf(m)[1]))
      .findLast((m) => textOf(m?.exception_message) !== undefined);
    const said = textOf(failure?.exception_message);
    const node = textOf(failure?.node_type);
    throw new SplatmendError(
      'server-failed',
      `${whoIs(http.peer)}: the workflow failed${node === undefined ? '' : ` in ${http.quote(node)}`}${said === undefined ? '' : `: “${http.quote(said)}”`}; run it in ComfyUI to see why`,
    );
  }
  return fieldsOf(entry.outputs) ?? {};
}

async function view(http: Http, outputs: Fields, node: string, job: ServerJob) {
  const image = fieldsOf(listOf(fieldsOf(outputs[node])?.images)[0]);
  const filename = textOf(image?.filename);
  if (filename === undefined) {
    throw badAnswer(
      http.peer,
      'the node “splatmend:output” gave no picture',
      'mark a Preview Image or a Save Image node',
    );
  }
  const { bytes } = await http.send({
    route: '/view',
    query: {
      filename,
      subfolder: textOf(image?.subfolder) ?? '',
      type: textOf(image?.type) ?? 'output',
    },
    expects: 'image',
    timeoutMs: job.timeoutMs,
    signal: job.signal,
  });
  return decodePng(http.peer, bytes, job.image);
}

/** Out of the queue, and stopped where it runs. Older servers stop whatever runs, so that is asked first. */
async function interrupt(http: Http, id: string): Promise<void> {
  const quick = { timeoutMs: INTERRUPT_MS / 3, attempts: 1 };
  try {
    await http.send({
      method: 'POST',
      route: '/queue',
      body: { json: { delete: [id] } },
      expects: 'anything',
      ...quick,
    });
    const queued = fieldsOf(await http.json({ route: '/queue', ...quick }));
    if (!isQueued(queued, 'queue_running', id)) return;
    await http.send({
      method: 'POST',
      route: '/interrupt',
      body: { json: { prompt_id: id } },
      expects: 'anything',
      ...quick,
    });
  } catch {
    // The user's cancel holds here whatever the server does.
  }
}
