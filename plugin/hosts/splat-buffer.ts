/**
 * Our float table as the 32-byte rows and 8-bit SH textures that Babylon (and `.splat`) display from.
 * Lossy on purpose: it is a picture of the scene, the float table stays the truth.
 */
import { inSlices } from '../../core/slices.ts';
import { SH_C0, SH_REST_COUNT, type SplatCloud } from '../../core/splat-cloud.ts';

/** Bytes of one display splat: position f32×3, scale f32×3 (standard deviation), RGBA8, quaternion u8 wxyz. */
export const DISPLAY_ROW_BYTES = 32;

const byte = (v: number): number => (v <= 0 ? 0 : v >= 1 ? 255 : Math.round(v * 255));

/** Splats packed between two looks at the clock. */
const BLOCK = 4096;

/** RGBA8 of every splat: the zeroth SH as colour, the opacity as alpha. 4N bytes; broken splats get alpha 0. */
export async function packColours(cloud: SplatCloud): Promise<Uint8Array> {
  const out = new Uint8Array(cloud.count * 4);
  await inSlices(cloud.count, BLOCK, (first, end) => packColourRange(cloud, out, first, end));
  return out;
}

function packColourRange(cloud: SplatCloud, out: Uint8Array, first: number, end: number): void {
  const { dc, opacityLogits } = cloud;
  for (let i = first; i < end; i++) {
    for (let c = 0; c < 3; c++) out[i * 4 + c] = byte(0.5 + SH_C0 * dc[i * 3 + c]!);
    // A logit of ±Infinity is an opacity of exactly 0 or 1; NaN compares false and shows nothing.
    const opacity = isDrawable(cloud, i) ? 1 / (1 + Math.exp(-opacityLogits[i]!)) : 0;
    out[i * 4 + 3] = opacity > 0 ? byte(opacity) : 0;
  }
}

/** Whether a splat's geometry can be drawn: one NaN in the display buffer would spoil the whole mesh's bounds. */
function isDrawable(cloud: SplatCloud, i: number): boolean {
  for (let c = 0; c < 3; c++) {
    if (!Number.isFinite(cloud.positions[i * 3 + c]!)) return false;
    const s = cloud.logScales[i * 3 + c]!;
    // -Infinity is a flat splat and fine; e^40 is 2e17 units and no scene's.
    if (!(s < 40)) return false;
  }
  return true;
}

/**
 * Display rows of a cloud in its own order and frame.
 * @param colours RGBA8 to show, 4N bytes (see `packColours`); lets the caller tint the selection
 * @returns DISPLAY_ROW_BYTES × N bytes
 */
export async function packRows(cloud: SplatCloud, colours: Uint8Array): Promise<ArrayBuffer> {
  const buffer = new ArrayBuffer(cloud.count * DISPLAY_ROW_BYTES);
  await inSlices(cloud.count, BLOCK, (first, end) =>
    packRowRange(cloud, colours, buffer, first, end),
  );
  return buffer;
}

function packRowRange(
  cloud: SplatCloud,
  colours: Uint8Array,
  buffer: ArrayBuffer,
  first: number,
  end: number,
): void {
  const floats = new Float32Array(buffer);
  const bytes = new Uint8Array(buffer);
  const { positions, logScales, rotations } = cloud;
  for (let i = first; i < end; i++) {
    const f = i * 8;
    const b = i * DISPLAY_ROW_BYTES;
    bytes.set(colours.subarray(i * 4, i * 4 + 4), b + 24);
    if (!isDrawable(cloud, i)) {
      bytes[b + 28] = 255;
      floats[f + 3] = floats[f + 4] = floats[f + 5] = 1e-12;
      continue;
    }
    for (let c = 0; c < 3; c++) {
      floats[f + c] = positions[i * 3 + c]!;
      // Babylon divides by the largest covariance: it must not be 0, nor underflow when squared in float32.
      floats[f + 3 + c] = Math.max(Math.exp(logScales[i * 3 + c]!), 1e-12);
    }
    const w = rotations[i * 4]!;
    const x = rotations[i * 4 + 1]!;
    const y = rotations[i * 4 + 2]!;
    const z = rotations[i * 4 + 3]!;
    const n = Math.hypot(w, x, y, z);
    const k = n > 0 && Number.isFinite(n) ? 127.5 / n : 0;
    bytes[b + 28] = k === 0 ? 255 : toQuatByte(w * k);
    bytes[b + 29] = toQuatByte(x * k);
    bytes[b + 30] = toQuatByte(y * k);
    bytes[b + 31] = toQuatByte(z * k);
  }
}

const toQuatByte = (v: number): number => Math.min(255, Math.max(0, Math.round(v + 127.5)));

/** The byte of an SH coefficient of 0. */
const SH_ZERO = 128;

/**
 * The higher SH as Babylon reads it: 16 bytes a splat a texture, coefficient by coefficient with red, green
 * and blue together, a byte b standing for 2b/255 − 1 (so coefficients beyond ±1 are clipped on screen).
 * @param degree the display's; what the cloud does not have is 0, what the display has not is left out
 * @returns undefined for degree 0, else ceil(3K / 16) arrays of 16N bytes
 */
export async function packSh(
  cloud: SplatCloud,
  degree: number = cloud.shDegree,
): Promise<Uint8Array[] | undefined> {
  if (degree === 0) return undefined;
  const perChannel = SH_REST_COUNT[cloud.shDegree];
  const coefficients = perChannel * 3;
  const shown = ((degree + 1) ** 2 - 1) * 3;
  const textures = Array.from({ length: Math.ceil(shown / 16) }, () =>
    new Uint8Array(cloud.count * 16).fill(SH_ZERO),
  );
  for (let k = 0; k < Math.min(coefficients, shown); k++) {
    const texture = textures[k >> 4]!;
    const at = k & 15;
    // PLY holds all red, all green, all blue; the display wants them interleaved.
    const from = (k % 3) * perChannel + Math.floor(k / 3);
    await inSlices(cloud.count, BLOCK, (first, end) => {
      for (let i = first; i < end; i++) {
        const v = cloud.shRest[i * coefficients + from]!;
        texture[i * 16 + at] = Math.min(255, Math.max(0, Math.round((v + 1) * 127.5)));
      }
    });
  }
  return textures;
}
