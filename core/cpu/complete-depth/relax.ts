import { KNOWN, OUT } from './classify.ts';
import type { BlockLevel } from './hierarchy.ts';
import type { Quadratic } from './operator.ts';

/** One Gauss–Seidel sweep of 3×3 (known pixels: 2×2) blocks on the finest level, A x = b. */
export function relaxFine(q: Quadratic, b: Float64Array, x: Float64Array, forward: boolean): void {
  const { width, role, aX, aY, bX, bY, lean } = q;
  const n = role.length;
  const row = 3 * width;
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    const kind = role[i]!;
    if (kind === OUT) continue;
    const s = 3 * i;
    const px = i % width;
    let uu = 0;
    let ux = 0;
    let uy = 0;
    let xx = lean[i]!;
    let yy = xx;
    let ru = b[s]!;
    let rx = b[s + 1]!;
    let ry = b[s + 2]!;
    let a = aX[i]!;
    if (a !== 0) {
      const c = bX[i]!;
      const t = s + 3;
      const e = a * (x[t]! - 0.5 * x[t + 1]!);
      ru += e;
      rx += 0.5 * e + c * x[t + 1]!;
      ry += c * x[t + 2]!;
      uu += a;
      ux += 0.5 * a;
      xx += 0.25 * a + c;
      yy += c;
    }
    a = px > 0 ? aX[i - 1]! : 0;
    if (a !== 0) {
      const c = bX[i - 1]!;
      const t = s - 3;
      const e = a * (x[t]! + 0.5 * x[t + 1]!);
      ru += e;
      rx += -0.5 * e + c * x[t + 1]!;
      ry += c * x[t + 2]!;
      uu += a;
      ux -= 0.5 * a;
      xx += 0.25 * a + c;
      yy += c;
    }
    a = aY[i]!;
    if (a !== 0) {
      const c = bY[i]!;
      const t = s + row;
      const e = a * (x[t]! - 0.5 * x[t + 2]!);
      ru += e;
      ry += 0.5 * e + c * x[t + 2]!;
      rx += c * x[t + 1]!;
      uu += a;
      uy += 0.5 * a;
      yy += 0.25 * a + c;
      xx += c;
    }
    a = i >= width ? aY[i - width]! : 0;
    if (a !== 0) {
      const c = bY[i - width]!;
      const t = s - row;
      const e = a * (x[t]! + 0.5 * x[t + 2]!);
      ru += e;
      ry += -0.5 * e + c * x[t + 2]!;
      rx += c * x[t + 1]!;
      uu += a;
      uy -= 0.5 * a;
      yy += 0.25 * a + c;
      xx += c;
    }
    if (kind === KNOWN) {
      // u's correction is 0.
      x[s + 1] = rx / xx;
      x[s + 2] = ry / yy;
    } else if (uu > 0) {
      // The block is an arrow (xy = 0): eliminate both slopes, then u.
      const ix = 1 / xx;
      const iy = 1 / yy;
      const u = (ru - ux * rx * ix - uy * ry * iy) / (uu - ux * ux * ix - uy * uy * iy);
      x[s] = u;
      x[s + 1] = (rx - ux * u) * ix;
      x[s + 2] = (ry - uy * u) * iy;
    }
  }
}

/** One Gauss–Seidel sweep on a coarse level. */
export function relaxBlocks(
  level: BlockLevel,
  b: Float64Array,
  x: Float64Array,
  forward: boolean,
): void {
  const { width, inverse, right, down } = level;
  const n = level.width * level.height;
  const row = 3 * width;
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    const v = 6 * i;
    if (inverse[v + 3] === 0) continue;
    const s = 3 * i;
    let ru = b[s]!;
    let rx = b[s + 1]!;
    let ry = b[s + 2]!;
    const px = i % width;
    if (px + 1 < width) {
      const k = 9 * i;
      const u = x[s + 3]!;
      const p = x[s + 4]!;
      const q = x[s + 5]!;
      ru -= right[k]! * u + right[k + 1]! * p + right[k + 2]! * q;
      rx -= right[k + 3]! * u + right[k + 4]! * p + right[k + 5]! * q;
      ry -= right[k + 6]! * u + right[k + 7]! * p + right[k + 8]! * q;
    }
    if (px > 0) {
      const k = 9 * (i - 1);
      const u = x[s - 3]!;
      const p = x[s - 2]!;
      const q = x[s - 1]!;
      ru -= right[k]! * u + right[k + 3]! * p + right[k + 6]! * q;
      rx -= right[k + 1]! * u + right[k + 4]! * p + right[k + 7]! * q;
      ry -= right[k + 2]! * u + right[k + 5]! * p + right[k + 8]! * q;
    }
    if (i + width < n) {
      const k = 9 * i;
      const t = s + row;
      const u = x[t]!;
      const p = x[t + 1]!;
      const q = x[t + 2]!;
      ru -= down[k]! * u + down[k + 1]! * p + down[k + 2]! * q;
      rx -= down[k + 3]! * u + down[k + 4]! * p + down[k + 5]! * q;
      ry -= down[k + 6]! * u + down[k + 7]! * p + down[k + 8]! * q;
    }
    if (i >= width) {
      const k = 9 * (i - width);
      const t = s - row;
      const u = x[t]!;
      const p = x[t + 1]!;
      const q = x[t + 2]!;
      ru -= down[k]! * u + down[k + 3]! * p + down[k + 6]! * q;
      rx -= down[k + 1]! * u + down[k + 4]! * p + down[k + 7]! * q;
      ry -= down[k + 2]! * u + down[k + 5]! * p + down[k + 8]! * q;
    }
    x[s] = inverse[v]! * ru + inverse[v + 1]! * rx + inverse[v + 2]! * ry;
    x[s + 1] = inverse[v + 1]! * ru + inverse[v + 3]! * rx + inverse[v + 4]! * ry;
    x[s + 2] = inverse[v + 2]! * ru + inverse[v + 4]! * rx + inverse[v + 5]! * ry;
  }
}
