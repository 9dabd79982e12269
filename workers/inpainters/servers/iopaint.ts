/**
 * IOPaint (LaMa, MAT, Stable Diffusion …): `POST /api/v1/inpaint`. Schema: `InpaintRequest` of iopaint/schema.py and
 * `api_inpaint` of iopaint/api.py, 1.6.0. It has no call to cancel: a model that runs, runs to its end.
 */
import { sizeOfMultiple } from '../crop.ts';
import { toBase64 } from './base64.ts';
import type { Http } from './http.ts';
import { decodePng, maskPng, rgbPng } from './png.ts';
import { capabilitiesOf, type Provider } from './provider.ts';

/** Erasers pad to their own multiple themselves; diffusion models ask for multiples of 8. */
const SIZES = { multiple: 8, least: 256, most: 2048 };

export function createIopaint(http: Http): Provider {
  const { peer } = http;
  return {
    id: 'iopaint',
    who: peer.provider,
    capabilities: capabilitiesOf('iopaint', peer, { seed: true }),
    sizeFor: (window) => sizeOfMultiple(window, SIZES),
    async paint(job) {
      const { bytes } = await http.send({
        method: 'POST',
        route: '/api/v1/inpaint',
        body: {
          json: {
            image: toBase64(rgbPng(job.image)),
            mask: toBase64(maskPng(job.mask)),
            prompt: job.prompt,
            negative_prompt: job.negativePrompt,
            sd_seed: job.seed,
            ...(job.strength === undefined ? {} : { sd_strength: Math.max(0.01, job.strength) }),
            // The window is cut already.
            hd_strategy: 'Original',
          },
        },
        expects: 'image',
        timeoutMs: job.timeoutMs,
        signal: job.signal,
      });
      return decodePng(peer, bytes, job.image);
    },
  };
}
