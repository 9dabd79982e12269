/**
 * OpenAI's `POST /v1/images/edits` and what is compatible with it (LocalAI, SD.Next and others): multipart, transparent in
 * `mask` = edit, `b64_json` back. Schema: CreateImageEditRequest of the OpenAI API. It has no call to cancel.
 */
import { fieldsOf, listOf, need, textOf } from './answer-fields.ts';
import { fromBase64 } from './base64.ts';
import { badAnswer, whoIs } from './failures.ts';
import type { Http } from './http.ts';
import { clearedPng, decodePng, rgbPng } from './png.ts';
import { capabilitiesOf, type Provider, type Size } from './provider.ts';

/** A prompt is required; this one asks for what a removal wants. */
export const OPENAI_PROMPT =
  'Fill in the transparent area so that the surfaces, textures and light around it continue through it. Add no new object. Change nothing else.';

/** GPT Image models have a fixed set of sizes, take no `response_format`, and answer in base64 always. */
const isGptImage = (model: string) => /^(gpt-image|chatgpt-image)/.test(model);

export function createOpenai(http: Http, model: string): Provider {
  const { peer } = http;
  return {
    id: 'openai',
    who: peer.provider,
    capabilities: capabilitiesOf('openai', peer),
    sizeFor: (window) => sizeFor(model, window),
    async paint(job) {
      const { width, height } = job.image;
      const form = new FormData();
      form.set('image', png(rgbPng(job.image)), 'image.png');
      form.set('mask', png(clearedPng(job.image, job.mask)), 'mask.png');
      form.set('prompt', job.prompt === '' ? OPENAI_PROMPT : job.prompt);
      form.set('model', model);
      form.set('n', '1');
      form.set('size', `${width}x${height}`);
      if (!isGptImage(model)) form.set('response_format', 'b64_json');
      const answer = await http.json({
        method: 'POST',
        route: '/v1/images/edits',
        body: { form },
        timeoutMs: job.timeoutMs,
        signal: job.signal,
      });
      const first = fieldsOf(listOf(fieldsOf(answer)?.data)[0]);
      if (first?.b64_json === undefined && typeof first?.url === 'string') {
        // It may lie anywhere; only the server that was named is asked.
        throw badAnswer(
          peer,
          'it answered with an address in place of the picture',
          'set it to answer with b64_json',
        );
      }
      const picture = need(peer, textOf(first?.b64_json), 'data[0].b64_json');
      return decodePng(peer, fromBase64(whoIs(peer), picture), job.image);
    },
  };
}

const png = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)], { type: 'image/png' });

function sizeFor(model: string, { width, height }: Size): Size {
  if (isGptImage(model)) {
    const ratio = width / height;
    if (ratio > 1.25) return { width: 1536, height: 1024 };
    if (ratio < 0.8) return { width: 1024, height: 1536 };
    return { width: 1024, height: 1024 };
  }
  const side = Math.max(width, height) > 512 ? 1024 : 512;
  return { width: side, height: side };
}
