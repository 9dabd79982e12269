/**
 * AUTOMATIC1111's web UI and its forks (Forge, reForge): `POST /sdapi/v1/img2img`, `GET /sdapi/v1/progress`,
 * `POST /sdapi/v1/interrupt`. Schema: modules/api/api.py and models.py of version 1.9; `force_task_id` and `current_task`,
 * by which a job is told from other people's, are in 1.8 and later.
 */
import { sizeOfMultiple } from '../crop.ts';
import { fieldsOf, listOf, need, numberOf, textOf } from './answer-fields.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { isGivenUp, whoIs } from './failures.ts';
import { type Http, SHORT_MS, sleep } from './http.ts';
import { decodePng, maskPng, rgbPng } from './png.ts';
import { capabilitiesOf, type Provider, type ServerJob } from './provider.ts';

/** Latents are an eighth of the picture; the first models were trained at 512. */
const SIZES = { multiple: 8, least: 512, most: 1536 };
/** The hole is sent filled smoothly; less than this leaves it smooth. */
const STRENGTH = 0.9;
const POLL_MS = 1000;
/** A cancelled call does not wait longer for its server to hear of it. */
const INTERRUPT_MS = 2000;

export function createA1111(http: Http, pollMs = POLL_MS): Provider {
  const { peer } = http;
  return {
    id: 'a1111',
    who: peer.provider,
    capabilities: capabilitiesOf('a1111', peer, { seed: true, progress: true, cancel: true }),
    sizeFor: (window) => sizeOfMultiple(window, SIZES),
    async paint(job) {
      const task = `task(splatmend-${crypto.randomUUID()})`;
      const done = new AbortController();
      const watching = watch(http, task, job, pollMs, done.signal);
      try {
        const answer = await http.json({
          method: 'POST',
          route: '/sdapi/v1/img2img',
          body: { json: requestOf(job, task) },
          timeoutMs: job.timeoutMs,
          signal: job.signal,
        });
        const picture = need(peer, textOf(listOf(fieldsOf(answer)?.images)[0]), 'images[0]');
        return decodePng(peer, fromBase64(whoIs(peer), picture), job.image);
      } catch (error) {
        if (isGivenUp(error)) await interrupt(http, task);
        throw error;
      } finally {
        done.abort();
        await watching;
      }
    },
  };
}

function requestOf(job: ServerJob, task: string): unknown {
  return {
    init_images: [toBase64(rgbPng(job.image))],
    mask: toBase64(maskPng(job.mask)),
    prompt: job.prompt,
    negative_prompt: job.negativePrompt,
    seed: job.seed,
    denoising_strength: job.strength ?? STRENGTH,
    width: job.image.width,
    height: job.image.height,
    resize_mode: 0,
    mask_blur: 4,
    // 1: begin from what is sent, not from noise. The window is cut already, so the whole of it is painted.
    inpainting_fill: 1,
    inpaint_full_res: false,
    inpainting_mask_invert: 0,
    batch_size: 1,
    n_iter: 1,
    send_images: true,
    save_images: false,
    include_init_images: false,
    force_task_id: task,
  };
}

/** Asks how far it is until told to stop. A failure to tell is no failure of the job. */
async function watch(
  http: Http,
  task: string,
  job: ServerJob,
  pollMs: number,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await sleep(pollMs, stop);
      const now = await progressOf(http, stop, SHORT_MS);
      if (now.task === undefined || now.task === task) job.report(now.fraction);
    } catch {
      // Stopped, or no progress to be had: asked again, or not, by the loop's condition.
    }
  }
}

async function progressOf(http: Http, signal: AbortSignal | undefined, timeoutMs: number) {
  const answer = fieldsOf(
    await http.json({
      route: '/sdapi/v1/progress',
      query: { skip_current_image: 'true' },
      timeoutMs,
      attempts: 1,
      signal,
    }),
  );
  return { fraction: numberOf(answer?.progress) ?? 0, task: textOf(answer?.current_task) };
}

/** Its interrupt stops whatever runs: sent only while what runs is ours, or the server does not say whose it is. */
async function interrupt(http: Http, task: string): Promise<void> {
  try {
    const now = await progressOf(http, undefined, INTERRUPT_MS / 2);
    if (now.task !== undefined && now.task !== task) return;
    await http.send({
      method: 'POST',
      route: '/sdapi/v1/interrupt',
      expects: 'anything',
      attempts: 1,
      timeoutMs: INTERRUPT_MS / 2,
    });
  } catch {
    // The user's cancel holds here whatever the server does.
  }
}
