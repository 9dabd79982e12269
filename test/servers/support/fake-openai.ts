/**
 * `POST /v1/images/edits` as the OpenAI API's CreateImageEditRequest has it: GPT Image models in three sizes and without
 * `response_format`; others square, answering with an address unless asked for `b64_json`.
 */
import { FakeServer, fileOf, json, must, painted, parseForm, pictureOf } from './fake-server.ts';

const FIELDS = ['image', 'mask', 'prompt', 'model', 'n', 'size', 'response_format'];
const GPT_SIZES = ['1024x1024', '1536x1024', '1024x1536'];
const SQUARES = ['256x256', '512x512', '1024x1024'];

export interface FakeOpenai {
  server: FakeServer;
  /** The last prompt that came. */
  prompt: string;
  /** Answers with addresses whatever is asked for. */
  answersUrl: boolean;
}

export async function startOpenai(key: string | undefined): Promise<FakeOpenai> {
  const fake: FakeOpenai = {
    server: await FakeServer.start(
      async (request, response) => {
        must(`${request.method} ${request.path}` === 'POST /v1/images/edits', 'a known route');
        if (key !== undefined) {
          must(request.headers.authorization === `Bearer ${key}`, 'the key as a bearer token');
        }
        const form = await parseForm(request);
        for (const name of form.keys()) must(FIELDS.includes(name), `${name} is a field`);
        const model = String(form.get('model'));
        const size = String(form.get('size'));
        const isGpt = model.startsWith('gpt-image');
        must((isGpt ? GPT_SIZES : SQUARES).includes(size), `${size} is a size of ${model}`);
        must(isGpt === !form.has('response_format'), 'response_format only where it is known');
        must(String(form.get('n')) === '1', 'one picture');
        fake.prompt = String(form.get('prompt'));
        must(fake.prompt.length > 0 && fake.prompt.length <= 32000, 'a prompt');
        const image = pictureOf(await fileOf(form, 'image'), 3);
        const mask = pictureOf(await fileOf(form, 'mask'), 4);
        must(`${image.width}x${image.height}` === size, 'the picture has the size');
        must(mask.width === image.width && mask.height === image.height, 'the mask’s size');
        if (fake.answersUrl || (!isGpt && form.get('response_format') !== 'b64_json')) {
          json(response, { created: 1, data: [{ url: 'http://127.0.0.1:9/picture.png' }] });
          return;
        }
        const picture = painted(image, 3, (i) => mask.data[4 * i + 3] === 0);
        json(response, {
          created: 1,
          data: [{ b64_json: fake.server.png(picture).toString('base64') }],
        });
      },
      (path) => path === '/v1/images/edits',
    ),
    prompt: '',
    answersUrl: false,
  };
  return fake;
}
