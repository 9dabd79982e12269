/**
 * A renderer written down from the formulas, for comparison: 64 bits, matrices as arrays of rows, every splat
 * at every pixel, no culling, no tiles. It shares nothing with core/cpu/render.
 */
import type { Camera } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

type M3 = [number[], number[], number[]];
const mul = (a: number[][], b: number[][]) =>
  a.map((row) => b[0]!.map((_, c) => row.reduce((s, v, k) => s + v * b[k]![c]!, 0)));
const transpose = (a: number[][]) => a[0]!.map((_, c) => a.map((row) => row[c]!));
const dot = (a: number[], b: number[]) => a.reduce((s, v, k) => s + v * b[k]!, 0);
const apply = (m: number[][], v: number[]) => m.map((row) => dot(row, v));

function inverse3(m: number[][]): number[][] {
  const [a, b, c] = m as M3;
  const cross = (p: number[], q: number[]) => [
    p[1]! * q[2]! - p[2]! * q[1]!,
    p[2]! * q[0]! - p[0]! * q[2]!,
    p[0]! * q[1]! - p[1]! * q[0]!,
  ];
  const det = dot(a, cross(b, c));
  return transpose([cross(b, c), cross(c, a), cross(a, b)].map((r) => r.map((v) => v / det)));
}

/** Real spherical harmonics of degree 0 to 3 with their constants from their definition, 3DGS signs and order. */
function harmonics(d: number[]): number[] {
  const [x, y, z] = d as [number, number, number];
  const k = (v: number) => Math.sqrt(v / Math.PI);
  return [
    k(1 / 4),
    -k(3 / 4) * y,
    k(3 / 4) * z,
    -k(3 / 4) * x,
    k(15 / 4) * x * y,
    -k(15 / 4) * y * z,
    k(5 / 16) * (3 * z * z - 1),
    -k(15 / 4) * x * z,
    k(15 / 16) * (x * x - y * y),
    -k(35 / 32) * y * (3 * x * x - y * y),
    k(105 / 4) * x * y * z,
    -k(21 / 32) * y * (5 * z * z - 1),
    k(7 / 16) * z * (5 * z * z - 3),
    -k(21 / 32) * x * (5 * z * z - 1),
    k(105 / 16) * z * (x * x - y * y),
    -k(35 / 32) * x * (x * x - 3 * y * y),
  ];
}

export interface NaiveView {
  rgb: number[];
  alpha: number[];
  depthMean: number[];
  depthMedian: number[];
  marked: number[];
}

export function renderNaive(
  cloud: SplatCloud,
  camera: Camera,
  near: number,
  marked: Uint8Array,
  background: readonly number[],
): NaiveView {
  const { fx, fy, cx, cy, width, height } = camera;
  const w = camera.worldToCamera;
  const W = [0, 1, 2].map((r) => [w[r]!, w[4 + r]!, w[8 + r]!]);
  const t = [w[12]!, w[13]!, w[14]!];
  const eye = apply(transpose(W), t).map((v) => -v);
  const splats = [];
  for (let i = 0; i < cloud.count; i++) {
    const p = [...cloud.positions.subarray(i * 3, i * 3 + 3)];
    const m = apply(W, p).map((v, k) => v + t[k]!);
    const [mx, my, mz] = m as [number, number, number];
    if (mz <= near) continue;
    const q = [...cloud.rotations.subarray(i * 4, i * 4 + 4)];
    const n = Math.hypot(...q);
    const [r, x, y, z] = q.map((v) => v / n) as [number, number, number, number];
    const R = [
      [1 - 2 * (y * y + z * z), 2 * (x * y - r * z), 2 * (x * z + r * y)],
      [2 * (x * y + r * z), 1 - 2 * (x * x + z * z), 2 * (y * z - r * x)],
      [2 * (x * z - r * y), 2 * (y * z + r * x), 1 - 2 * (x * x + y * y)],
    ];
    const s = [...cloud.logScales.subarray(i * 3, i * 3 + 3)].map(Math.exp);
    const A = mul(
      mul(W, R),
      [0, 1, 2].map((k) => [0, 1, 2].map((c) => (c === k ? s[k]! : 0))),
    );
    const cov = mul(A, transpose(A));
    // 1.3 × the field of view, measured from each border.
    const clamp = (v: number, f: number, c: number, size: number) =>
      Math.min((size - c + 0.15 * size) / f, Math.max((-c - 0.15 * size) / f, v));
    const jx = clamp(mx / mz, fx, cx, width);
    const jy = clamp(my / mz, fy, cy, height);
    const J = [
      [fx / mz, 0, (-fx * jx) / mz],
      [0, fy / mz, (-fy * jy) / mz],
    ];
    const cov2 = mul(mul(J, cov), transpose(J)) as [number[], number[]];
    const [a, b, d] = [cov2[0]![0]! + 0.3, cov2[0]![1]!, cov2[1]![1]! + 0.3];
    // Inverse depth of the Gaussian's largest value on the ray through a pixel, and its slope at the centre.
    const P = inverse3(cov);
    const rhoOnRay = (u: number, v: number) => {
      const ray = [(u - cx) / fx, (v - cy) / fy, 1];
      return dot(ray, apply(P, ray)) / dot(ray, apply(P, m));
    };
    const u = (fx * mx) / mz + cx;
    const v = (fy * my) / mz + cy;
    const h = 1e-4;
    const slopeX = (rhoOnRay(u + h, v) - rhoOnRay(u - h, v)) / (2 * h);
    const slopeY = (rhoOnRay(u, v + h) - rhoOnRay(u, v - h)) / (2 * h);
    const reach = 3 * Math.sqrt(cov[2]![2]!) + (10 * mz) / Math.max(fx, fy);
    const towards = p.map((value, k) => value - eye[k]!);
    const basis = harmonics(towards.map((value) => value / Math.hypot(...towards)));
    const terms = cloud.shRest.length / cloud.count / 3;
    const rgb = [0, 1, 2].map((c) => {
      let sum = 0.5 + basis[0]! * cloud.dc[i * 3 + c]!;
      for (let k = 0; k < terms; k++) sum += basis[k + 1]! * cloud.shRest[(i * 3 + c) * terms + k]!;
      return Math.max(0, sum);
    });
    splats.push({
      ...{
        u,
        v,
        mz,
        rgb,
        slopeX,
        slopeY,
        near: Math.max(mz - reach, near, mz * 1e-3),
        far: mz + reach,
      },
      precision: [d, -b, a].map((e) => e / (a * d - b * b)) as [number, number, number],
      opacity: 1 / (1 + Math.exp(-cloud.opacityLogits[i]!)),
      marked: marked[i]!,
    });
  }
  splats.sort((one, other) => one.mz - other.mz);

  const out: NaiveView = { rgb: [], alpha: [], depthMean: [], depthMedian: [], marked: [] };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let through = 1;
      let depth = 0;
      let median = 0;
      let markedSum = 0;
      const rgb = [0, 0, 0];
      for (const s of splats) {
        if (through < 1e-4) break;
        const dx = x + 0.5 - s.u;
        const dy = y + 0.5 - s.v;
        const [pa, pb, pc] = s.precision;
        const gauss = Math.exp(-0.5 * (pa * dx * dx + 2 * pb * dx * dy + pc * dy * dy));
        const alpha = Math.min(0.99, s.opacity * gauss);
        if (alpha < 1 / 255) continue;
        const z = Math.min(s.far, Math.max(s.near, 1 / (1 / s.mz + s.slopeX * dx + s.slopeY * dy)));
        // A plane seen past its horizon has a negative inverse depth: that is far, not near.
        const zFar = 1 / s.mz + s.slopeX * dx + s.slopeY * dy <= 0 ? s.far : z;
        const weight = alpha * through;
        for (let c = 0; c < 3; c++) rgb[c] = rgb[c]! + weight * s.rgb[c]!;
        depth += weight * zFar;
        markedSum += weight * s.marked;
        if (through > 0.5 && through - weight <= 0.5) median = zFar;
        through -= weight;
      }
      out.rgb.push(...rgb.map((value, c) => value + through * background[c]!));
      out.alpha.push(1 - through);
      out.depthMean.push(1 - through < 1e-3 ? 0 : depth / (1 - through));
      out.depthMedian.push(median);
      out.marked.push(markedSum);
    }
  }
  return out;
}
