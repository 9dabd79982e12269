import { breathe, throwIfCancelled } from '../progress.ts';
import { colourOf, createSplatCloud, dcOf, type SplatCloud } from '../splat-cloud.ts';
import { badFile } from './format.ts';

/** Position and scale as float32, colour with opacity and rotation as bytes. No header, no mark. */
const ROW_BYTES = 32;
const ROWS_A_BREATH = 1 << 17;
/** A coordinate or scale of another file's bytes read as .splat: beyond any scene, or denormal rubbish. */
const PLAUSIBLE = 1e12;

/** Share of rows whose bytes make no sense as a splat, over up to 1000 rows evenly spaced. */
function implausibleShare(view: DataView, count: number): number {
  const step = Math.max(1, Math.floor(count / 1000));
  let rows = 0;
  let bad = 0;
  for (let i = 0; i < count; i += step) {
    rows++;
    for (let k = 0; k < 6; k++) {
      const v = view.getFloat32(i * ROW_BYTES + k * 4, true);
      // Scales are never negative; NaN fails both comparisons.
      if (!(Math.abs(v) < PLAUSIBLE) || (k >= 3 && v < 0)) {
        bad++;
        break;
      }
    }
  }
  return bad / rows;
}

/** Logit of a byte's opacity: exactly 0 and 1 are ∓Infinity, so that the byte comes back. */
const logitOfByte = (byte: number) => Math.log(byte / (255 - byte));

/**
 * Reads .splat (antimatter15's 32 bytes a splat) with its own decoder's constants: a quaternion byte
 * is (b − 128) / 128. (splat-transform takes b / 127.5 − 1, which turns every splat by up to 0.4°.)
 * There is no mark to know the format by: a file of which most rows make no sense is refused.
 * @throws SplatmendError `bad-file`, `cancelled`
 */
export async function readSplat(
  bytes: Uint8Array,
  fileName: string,
  signal?: AbortSignal,
): Promise<{ cloud: SplatCloud; notes: string[] }> {
  throwIfCancelled(signal);
  if (bytes.length % ROW_BYTES !== 0) {
    throw badFile(
      fileName,
      `${bytes.length} bytes are no multiple of 32; cut off or no .splat file`,
    );
  }
  const count = bytes.length / ROW_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (implausibleShare(view, count) > 0.5) {
    throw badFile(fileName, 'most rows make no sense as splats; this is no .splat file');
  }
  const cloud = createSplatCloud(count);
  for (let i = 0; i < count; i++) {
    if (i % ROWS_A_BREATH === ROWS_A_BREATH - 1) {
      await breathe();
      throwIfCancelled(signal);
    }
    const at = i * ROW_BYTES;
    for (let k = 0; k < 3; k++) {
      cloud.positions[i * 3 + k] = view.getFloat32(at + k * 4, true);
      cloud.logScales[i * 3 + k] = Math.log(view.getFloat32(at + 12 + k * 4, true));
      cloud.dc[i * 3 + k] = dcOf(bytes[at + 24 + k]! / 255);
    }
    cloud.opacityLogits[i] = logitOfByte(bytes[at + 27]!);
    for (let k = 0; k < 4; k++) cloud.rotations[i * 4 + k] = (bytes[at + 28 + k]! - 128) / 128;
  }
  return { cloud, notes: [] };
}

/** Display colour and opacity of a splat as four bytes (Uint8ClampedArray rounds and clamps). */
export function writeColourBytes(cloud: SplatCloud, i: number, out: Uint8ClampedArray): void {
  for (let k = 0; k < 3; k++) out[k] = colourOf(cloud.dc[i * 3 + k]!) * 255;
  out[3] = 255 / (1 + Math.exp(-cloud.opacityLogits[i]!));
}

/** Writes .splat: degree 0 colour only, 8 bits a colour, opacity and quaternion part; rows in order. */
export async function writeSplat(cloud: SplatCloud, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfCancelled(signal);
  const bytes = new Uint8Array(cloud.count * ROW_BYTES);
  const view = new DataView(bytes.buffer);
  const clamped = new Uint8ClampedArray(bytes.buffer);
  for (let i = 0; i < cloud.count; i++) {
    if (i % ROWS_A_BREATH === ROWS_A_BREATH - 1) {
      await breathe();
      throwIfCancelled(signal);
    }
    const at = i * ROW_BYTES;
    for (let k = 0; k < 3; k++) {
      view.setFloat32(at + k * 4, cloud.positions[i * 3 + k]!, true);
      view.setFloat32(at + 12 + k * 4, Math.exp(cloud.logScales[i * 3 + k]!), true);
    }
    writeColourBytes(cloud, i, clamped.subarray(at + 24, at + 28));
    const q = cloud.rotations.subarray(i * 4, i * 4 + 4);
    const length = Math.hypot(q[0]!, q[1]!, q[2]!, q[3]!) || 1;
    for (let k = 0; k < 4; k++) clamped[at + 28 + k] = (q[k]! / length) * 128 + 128;
  }
  return bytes;
}
