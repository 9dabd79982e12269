/** IOPaint 1.6.0 as iopaint/schema.py (`InpaintRequest`) and iopaint/api.py (`api_inpaint`) have it. */
import {
  base64Of,
  FakeServer,
  must,
  painted,
  parseBody,
  pictureOf,
  type Received,
} from './fake-server.ts';

/** Fields of `InpaintRequest` and their types; the model forbids none, but an unknown one would do nothing. */
const FIELDS: Record<string, string> = {
  image: 'string',
  mask: 'string',
  prompt: 'string',
  negative_prompt: 'string',
  sd_seed: 'number',
  sd_strength: 'number',
  hd_strategy: 'string',
};

export function startIopaint(): Promise<FakeServer> {
  const started = FakeServer.start(
    (request, response) => {
      must(request.path === '/api/v1/inpaint' && request.method === 'POST', 'a known route');
      const { picture } = read(request);
      // `media_type=f"image/{ext}"`, the input's own format.
      void started.then((server) => {
        response.writeHead(200, { 'content-type': 'image/png', 'x-seed': '42' });
        response.end(server.png(picture));
      });
    },
    (path) => path === '/api/v1/inpaint',
  );
  return started;
}

function read(request: Received) {
  const body = parseBody(request);
  for (const [name, value] of Object.entries(body)) {
    must(FIELDS[name] !== undefined, `${name} is a field`);
    must(typeof value === FIELDS[name], `${name} is a ${FIELDS[name]}`);
  }
  const { sd_seed: seed, sd_strength: strength = 1, hd_strategy: strategy } = body;
  must(Number.isInteger(seed) && (seed as number) >= -1, 'sd_seed is a whole number');
  must((strength as number) > 0 && (strength as number) <= 1, 'sd_strength is within 0 and 1');
  must(['Original', 'Resize', 'Crop'].includes(strategy as string), 'a known hd_strategy');
  const image = pictureOf(base64Of(body.image, 'image'), 3);
  const mask = pictureOf(base64Of(body.mask, 'mask'), 1);
  // `Image size and mask size not match` is a 400 there.
  must(image.width === mask.width && image.height === mask.height, 'one size');
  must(image.width % 8 === 0 && image.height % 8 === 0, 'multiples of 8 for diffusion models');
  return { picture: painted(image, 3, (i) => mask.data[i]! > 127) };
}
