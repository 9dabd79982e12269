/** IEEE 754 half floats, which neither Node 20 nor every browser has as an array. */

const bits = new DataView(new ArrayBuffer(4));

/** Rounds to nearest, ties to even; beyond ±65504 is infinite. */
export function toHalf(value: number): number {
  bits.setFloat32(0, value);
  const x = bits.getUint32(0);
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal: whole multiples of 2⁻²⁴.
    const steps = Math.abs(value) * 2 ** 24;
    const down = Math.floor(steps);
    const rest = steps - down;
    return sign | (rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
