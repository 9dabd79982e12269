/**
 * AUTOMATIC1111's web UI, as modules/api/api.py and models.py of 1.9 have it: `img2img` holds its answer while it samples,
 * `progress` names the task that runs, `interrupt` ends it early with what there is.
 */
import {
  base64Of,
  FakeServer,
  json,
  must,
  painted,
  parseBody,
  pictureOf,
  wait,
} from './fake-server.ts';

/** The fields that it is sent here, of StableDiffusionImg2ImgProcessingAPI. */
const FIELDS: Record<string, string> = {
  init_images: 'object',
  mask: 'string',
  prompt: 'string',
  negative_prompt: 'string',
  seed: 'number',
  denoising_strength: 'number',
  width: 'number',
  height: 'number',
  resize_mode: 'number',
  mask_blur: 'number',
  inpainting_fill: 'number',
  inpaint_full_res: 'boolean',
  inpainting_mask_invert: 'number',
  batch_size: 'number',
  n_iter: 'number',
  send_images: 'boolean',
  save_images: 'boolean',
  include_init_images: 'boolean',
  force_task_id: 'string',
};

export interface FakeA1111 {
  server: FakeServer;
  /** Of each img2img. */
  steps: number;
  stepMs: number;
  interrupted: number;
  /** Somebody else's job runs. */
  othersTask: string | undefined;
}

export async function startA1111(): Promise<FakeA1111> {
  let running: string | undefined;
  let step = 0;
  let interruptAsked = false;
  const fake: FakeA1111 = {
    server: await FakeServer.start(
      async (request, response) => {
        const route = `${request.method} ${request.path}`;
        if (route === 'GET /sdapi/v1/progress') {
          must(request.query.get('skip_current_image') === 'true', 'no preview is asked for');
          const task = fake.othersTask ?? running ?? null;
          const progress = task === null ? 0 : Math.min(1, 0.01 + step / fake.steps);
          json(response, {
            progress,
            eta_relative: 0,
            state: { job_count: task === null ? 0 : 1 },
            current_image: null,
            textinfo: null,
            current_task: task,
          });
          return;
        }
        if (route === 'POST /sdapi/v1/interrupt') {
          fake.interrupted++;
          interruptAsked = true;
          json(response, {});
          return;
        }
        must(route === 'POST /sdapi/v1/img2img', 'a known route');
        const body = parseBody(request);
        for (const [name, value] of Object.entries(body)) {
          must(FIELDS[name] !== undefined, `${name} is a field`);
          must(typeof value === FIELDS[name], `${name} is a ${FIELDS[name]}`);
        }
        must(Array.isArray(body.init_images) && body.init_images.length === 1, 'one init image');
        const image = pictureOf(base64Of(body.init_images[0], 'init_images[0]'), 3);
        const mask = pictureOf(base64Of(body.mask, 'mask'), 1);
        must(image.width === body.width && image.height === body.height, 'width and height');
        must(image.width % 8 === 0 && image.height % 8 === 0, 'multiples of 8');
        must(mask.width === image.width && mask.height === image.height, 'the mask’s size');
        const strength = body.denoising_strength as number;
        must(strength >= 0 && strength <= 1, 'denoising_strength is within 0 and 1');
        must([0, 1, 2, 3].includes(body.inpainting_fill as number), 'a known inpainting_fill');
        must(
          /^task\([\w-]+\)$/.test(body.force_task_id as string),
          'a task id as the web UI makes',
        );
        running = body.force_task_id as string;
        interruptAsked = false;
        for (step = 0; step < fake.steps && !interruptAsked; step++) await wait(fake.stepMs);
        running = undefined;
        const picture = fake.server.png(painted(image, 3, (i) => mask.data[i]! > 127));
        json(response, {
          images: [picture.toString('base64')],
          parameters: { ...body, init_images: null, mask: null },
          info: '{}',
        });
      },
      (path) => path === '/sdapi/v1/img2img',
    ),
    steps: 1,
    stepMs: 0,
    interrupted: 0,
    othersTask: undefined,
  };
  return fake;
}
