/** OpenEXR with one channel of depth, through exrs (the Rust crate in WebAssembly). Loaded when first used. */

import { SplatmendError } from '../errors.ts';
import { badFile } from '../formats/format.ts';
import type { ScalarImage } from '../image.ts';
import { NAME_OR_SAVE, SAVE_AGAIN } from './advice.ts';
import { checkImageSize } from './limits.ts';

const MAGIC = 20000630;
/** Depth's channel by custom (Z: the OpenEXR standard's), then a picture of one channel. */
const CHANNELS = ['Z', 'depth', 'Depth', 'Y', 'V', 'R'];
const MAX_ATTRIBUTES = 1000;
/** A channel more than this is no depth file, and each is decoded. */
const MAX_CHANNELS = 32;

async function loadExrs() {
  const exrs = await import('exrs');
  await exrs.init();
  return exrs;
}

/**
 * The size of the first part by its header's data window, checked before anything is decoded.
 * @throws SplatmendError `bad-file`, `too-large`
 */
function checkHeader(bytes: Uint8Array, name: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || view.getUint32(0, true) !== MAGIC) {
    throw badFile(name, `does not begin like an OpenEXR file; ${NAME_OR_SAVE}`);
  }
  let at = 8;
  const text = (): string => {
    const end = bytes.indexOf(0, at);
    if (end < 0 || end - at > 255)
      throw badFile(name, `the OpenEXR's header is damaged; ${SAVE_AGAIN}`);
    const found = new TextDecoder().decode(bytes.subarray(at, end));
    at = end + 1;
    return found;
  };
  let channels = 0;
  for (let k = 0; k < MAX_ATTRIBUTES; k++) {
    const attribute = text();
    if (attribute === '') break;
    text();
    if (at + 4 > bytes.length) throw badFile(name, `ends within its header; ${SAVE_AGAIN}`);
    const size = view.getUint32(at, true);
    at += 4;
    if (at + size > bytes.length) throw badFile(name, `ends within its header; ${SAVE_AGAIN}`);
    if (attribute === 'dataWindow' && size === 16) {
      const [x0, y0, x1, y1] = [0, 4, 8, 12].map((o) => view.getInt32(at + o, true));
      checkImageSize(x1! - x0! + 1, y1! - y0! + 1, name);
    }
    // Each channel takes at least a name, its end and 16 bytes.
    if (attribute === 'channels') channels = Math.floor(size / 18);
    at += size;
  }
  if (channels > MAX_CHANNELS) {
    throw new SplatmendError('too-large', `${name}: ${channels} channels; give depth alone`);
  }
}

/** @throws SplatmendError `bad-file`, `too-large` */
export async function readExr(bytes: Uint8Array, name: string): Promise<ScalarImage> {
  checkHeader(bytes, name);
  const { decodeExr } = await loadExrs();
  let image: ReturnType<typeof decodeExr>;
  try {
    image = decodeExr(bytes);
  } catch (error) {
    throw badFile(
      name,
      `the OpenEXR does not decode (${String(error).slice(0, 120)}); ${SAVE_AGAIN}`,
      error,
    );
  }
  for (const channel of CHANNELS) {
    for (const layer of image.layers) {
      const data = layer.getInterleavedPixels([channel]);
      if (data) return { width: image.width, height: image.height, data: Float32Array.from(data) };
    }
  }
  const names = image.layers.flatMap((l) => [...l.channelNamesAlphabetical]).join(', ');
  throw badFile(
    name,
    `no channel of ${CHANNELS.join(', ')}; it has ${names}; save depth as channel Z`,
  );
}

/** One channel Z of float32, lossless. */
export async function writeExr({ width, height, data }: ScalarImage): Promise<Uint8Array> {
  const { encodeExr } = await loadExrs();
  const layer = { channelNames: ['Z'], interleavedPixels: data, precision: 'f32' as const };
  return encodeExr({ width, height, layers: [{ ...layer, compression: 'zip16' as const }] });
}
