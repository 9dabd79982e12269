import { type Camera, cameraCenter } from '../../camera.ts';
import type { Rect } from '../../image.ts';
import { SH_C0, SH_REST_COUNT, type SplatCloud } from '../../splat-cloud.ts';
import { fastExp } from './exp.ts';
import {
  BLUE,
  CUTOFF,
  DILATION_PX2,
  GREEN,
  L11,
  L21,
  L22,
  MARKED,
  MIN_ALPHA,
  OPACITY,
  RECORD_FLOATS,
  RED,
  RHO,
  RHO_DX,
  RHO_DY,
  RHO_MAX,
  RHO_MIN,
  SLACK_PX,
  U,
  V,
} from './records.ts';
import { freshScratch, type Scratch } from './scratch.ts';
import { shBasis, shChannel } from './sh.ts';

/**
 * A splat's depth on a ray stays within its own depth extent and this many pixel footprints. The dilation
 * draws a splat up to 1.8 px beyond itself, where its plane must still be followed: up to a slope of 5.5
 * (80°) here. With 2 footprints a plane of sub-pixel splats at 60° was 1.4 % off, with its nearer neighbours
 * drawn first; without any bound a thin splat seen edge-on would throw depths anywhere.
 */
const DEPTH_SIGMAS = 3;
const DEPTH_FOOTPRINTS = 10;
/** For the splat's plane only: thinner than this share of its largest axis makes no difference. */
const MIN_FLATNESS = 1e-4;
/** Above this a colour is damage (a broken SH coefficient), not light. */
const MAX_COLOUR = 1e4;

export interface ProjectInputs {
  cloud: SplatCloud;
  /** Rows to project, in this order. Default: all of the cloud's. */
  rows?: Uint32Array;
  camera: Camera;
  region: Rect;
  /** Splats nearer than this along z are left out, world units. */
  near: number;
  usable: Uint8Array;
  visible: Uint8Array | undefined;
  marked: Uint8Array | undefined;
}

/** Projected splats, in the cloud's order; `count` of the capacity are written. */
export interface Projected {
  count: number;
  /** RECORD_FLOATS a splat. */
  records: Float32Array;
  /** Depth of the centre along z. */
  depths: Float32Array;
  /** 4 a splat: first column, first row, last column, last row of the pixels that the ellipse's box reaches in the region. */
  boxes: Uint16Array;
}

export function createProjected(capacity: number, scratch: Scratch = freshScratch): Projected {
  return {
    count: 0,
    records: scratch.float32('records', capacity * RECORD_FLOATS),
    depths: scratch.float32('depths', capacity),
    boxes: scratch.uint16('boxes', capacity * 4),
  };
}

function room(out: Projected, wanted: number): void {
  if (out.depths.length >= wanted) return;
  const size = Math.max(wanted, Math.ceil(out.depths.length * 1.6));
  const grown = createProjected(size);
  grown.records.set(out.records.subarray(0, out.count * RECORD_FLOATS));
  grown.depths.set(out.depths.subarray(0, out.count));
  grown.boxes.set(out.boxes.subarray(0, out.count * 4));
  Object.assign(out, grown, { count: out.count });
}

/**
 * EWA projection (Zwicker et al. 2001, as in the 3DGS reference): the covariance through the Jacobian at the
 * centre, whose x/z and y/z are clamped to 1.3 × the field of view, plus 0.3 px² on the diagonal.
 *
 * Depth a pixel: on the ray through a pixel, with direction d = (x/z, y/z, 1), the Gaussian is largest at
 * t = dᵀP m / dᵀP d (P the precision, m the centre; RaDe-GS, Zhang et al. 2024). To first order around the
 * centre's ray d₀ this is an inverse depth that is affine in the pixel, ρ = ρ₀ (1 + (P d₀ · δ) / (d₀ᵀP d₀)),
 * and for a flat splat that is its plane exactly.
 *
 * @returns a function that projects the splats [from, to) and appends those that touch the region
 */
export function createProjector(
  inputs: ProjectInputs,
  out: Projected,
): (from: number, to: number) => void {
  const { cloud, rows, camera, region, near, usable, visible, marked } = inputs;
  const { positions, logScales, rotations, opacityLogits, dc, shRest, shDegree } = cloud;
  const { fx, fy, cx, cy, width, height } = camera;
  const terms = SH_REST_COUNT[shDegree];
  const basis = new Float64Array(16);
  const w = camera.worldToCamera;
  const [w0, w4, w8, w12] = [w[0]!, w[4]!, w[8]!, w[12]!];
  const [w1, w5, w9, w13] = [w[1]!, w[5]!, w[9]!, w[13]!];
  const [w2, w6, w10, w14] = [w[2]!, w[6]!, w[10]!, w[14]!];
  const [eyeX, eyeY, eyeZ] = cameraCenter(camera);
  const marginX = (0.3 * 0.5 * width) / fx;
  const marginY = (0.3 * 0.5 * height) / fy;
  const minTx = -cx / fx - marginX;
  const maxTx = (width - cx) / fx + marginX;
  const minTy = -cy / fy - marginY;
  const maxTy = (height - cy) / fy + marginY;
  const fMax = Math.max(fx, fy);
  const { x0, y0, x1, y1 } = region;

  return (from, to) => {
    room(out, out.count + to - from);
    const { records, depths, boxes } = out;
    let n = out.count;
    for (let k = from; k < to; k++) {
      const i = rows === undefined ? k : rows[k]!;
      if (usable[i] === 0 || (visible !== undefined && visible[i] === 0)) continue;
      const px = positions[i * 3]!;
      const py = positions[i * 3 + 1]!;
      const pz = positions[i * 3 + 2]!;
      const z = w2 * px + w6 * py + w10 * pz + w14;
      if (!(z > near)) continue;
      const opacity = 1 / (1 + fastExp(-opacityLogits[i]!));
      if (!(opacity >= MIN_ALPHA)) continue;
      const rho = 1 / z;
      const tx = (w0 * px + w4 * py + w8 * pz + w12) * rho;
      const ty = (w1 * px + w5 * py + w9 * pz + w13) * rho;
      const u = fx * tx + cx;
      const v = fy * ty + cy;
      const jx = Math.max(minTx, Math.min(maxTx, tx));
      const jy = Math.max(minTy, Math.min(maxTy, ty));
      const cutoff = 2 * Math.log(opacity / MIN_ALPHA);
      const s0 = fastExp(logScales[i * 3]!);
      const s1 = fastExp(logScales[i * 3 + 1]!);
      const s2 = fastExp(logScales[i * 3 + 2]!);
      const sMax = Math.max(s0, s1, s2);
      // An upper bound of the footprint first: most splats outside a small region end here.
      const reach = sMax * fMax * rho;
      const bound = Math.sqrt(cutoff * (reach * reach * (1 + jx * jx + jy * jy) + DILATION_PX2));
      if (u + bound < x0 || u - bound > x1 || v + bound < y0 || v - bound > y1) continue;

      const qw = rotations[i * 4]!;
      const qx = rotations[i * 4 + 1]!;
      const qy = rotations[i * 4 + 2]!;
      const qz = rotations[i * 4 + 3]!;
      // The rotation's matrix, for a quaternion of any length: its columns are the splat's axes.
      const twice = 2 / (qw * qw + qx * qx + qy * qy + qz * qz);
      const xx = twice * qx * qx;
      const yy = twice * qy * qy;
      const zz = twice * qz * qz;
      const xy = twice * qx * qy;
      const xz = twice * qx * qz;
      const yz = twice * qy * qz;
      const wx = twice * qw * qx;
      const wy = twice * qw * qy;
      const wz = twice * qw * qz;
      const r00 = 1 - yy - zz;
      const r10 = xy + wz;
      const r20 = xz - wy;
      const r01 = xy - wz;
      const r11 = 1 - xx - zz;
      const r21 = yz + wx;
      const r02 = xz + wy;
      const r12 = yz - wx;
      const r22 = 1 - xx - yy;
      // The axes a, b, e in the camera's frame.
      const ax = w0 * r00 + w4 * r10 + w8 * r20;
      const ay = w1 * r00 + w5 * r10 + w9 * r20;
      const az = w2 * r00 + w6 * r10 + w10 * r20;
      const bx = w0 * r01 + w4 * r11 + w8 * r21;
      const by = w1 * r01 + w5 * r11 + w9 * r21;
      const bz = w2 * r01 + w6 * r11 + w10 * r21;
      const ex = w0 * r02 + w4 * r12 + w8 * r22;
      const ey = w1 * r02 + w5 * r12 + w9 * r22;
      const ez = w2 * r02 + w6 * r12 + w10 * r22;

      // The 2D covariance: each axis, scaled, through the Jacobian.
      const a0 = s0 * (ax - jx * az);
      const a1 = s0 * (ay - jy * az);
      const b0 = s1 * (bx - jx * bz);
      const b1 = s1 * (by - jy * bz);
      const e0 = s2 * (ex - jx * ez);
      const e1 = s2 * (ey - jy * ez);
      const pxX = fx * rho;
      const pxY = fy * rho;
      const cxx = DILATION_PX2 + pxX * pxX * (a0 * a0 + b0 * b0 + e0 * e0);
      const cxy = pxX * pxY * (a0 * a1 + b0 * b1 + e0 * e1);
      const cyy = DILATION_PX2 + pxY * pxY * (a1 * a1 + b1 * b1 + e1 * e1);
      const det = cxx * cyy - cxy * cxy;
      if (!(det > 0) || !Number.isFinite(det)) continue;
      const halfX = Math.sqrt(cutoff * cxx);
      const halfY = Math.sqrt(cutoff * cyy);
      // Pixel centres are at + 0.5. The alpha test decides; the box is a little too wide, so that rounding never does.
      const left = Math.max(x0, Math.ceil(u - halfX - 0.5 - SLACK_PX));
      const right = Math.min(x1 - 1, Math.floor(u + halfX - 0.5 + SLACK_PX));
      const top = Math.max(y0, Math.ceil(v - halfY - 0.5 - SLACK_PX));
      const bottom = Math.min(y1 - 1, Math.floor(v + halfY - 0.5 + SLACK_PX));
      if (left > right || top > bottom) continue;

      let red = 0.5 + SH_C0 * dc[i * 3]!;
      let green = 0.5 + SH_C0 * dc[i * 3 + 1]!;
      let blue = 0.5 + SH_C0 * dc[i * 3 + 2]!;
      if (terms > 0) {
        const dx = px - eyeX;
        const dy = py - eyeY;
        const dz = pz - eyeZ;
        const inv = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
        shBasis(shDegree, dx * inv, dy * inv, dz * inv, basis);
        const at = i * terms * 3;
        red += shChannel(shRest, at, basis, terms);
        green += shChannel(shRest, at + terms, basis, terms);
        blue += shChannel(shRest, at + 2 * terms, basis, terms);
      }
      if (!(red < MAX_COLOUR && green < MAX_COLOUR && blue < MAX_COLOUR)) continue;

      // Its plane: the precision of the three axes times the ray through the centre. Smallest axes may be exactly 0: only
      // their ratio to the largest is needed.
      const flattest = sMax * MIN_FLATNESS;
      const k0 = s0 > flattest ? sMax / s0 : 1 / MIN_FLATNESS;
      const k1 = s1 > flattest ? sMax / s1 : 1 / MIN_FLATNESS;
      const k2 = s2 > flattest ? sMax / s2 : 1 / MIN_FLATNESS;
      const along0 = k0 * (ax * tx + ay * ty + az);
      const along1 = k1 * (bx * tx + by * ty + bz);
      const along2 = k2 * (ex * tx + ey * ty + ez);
      const planeX = ax * along0 * k0 + bx * along1 * k1 + ex * along2 * k2;
      const planeY = ay * along0 * k0 + by * along1 * k1 + ey * along2 * k2;
      const planeA = along0 * along0 + along1 * along1 + along2 * along2;
      const slope = planeA > 0 ? rho / planeA : 0;
      const varianceZ = s0 * s0 * az * az + s1 * s1 * bz * bz + s2 * s2 * ez * ez;
      const l11 = Math.sqrt(cyy / det);
      const depthReach = DEPTH_SIGMAS * Math.sqrt(varianceZ) + (DEPTH_FOOTPRINTS * z) / fMax;
      const o = n * RECORD_FLOATS;
      records[o + U] = u;
      records[o + V] = v;
      records[o + L11] = l11;
      records[o + L21] = -cxy / (det * l11);
      records[o + L22] = 1 / Math.sqrt(cyy);
      records[o + OPACITY] = opacity;
      records[o + RED] = Math.max(red, 0);
      records[o + GREEN] = Math.max(green, 0);
      records[o + BLUE] = Math.max(blue, 0);
      records[o + RHO] = rho;
      records[o + RHO_DX] = (slope * planeX) / fx;
      records[o + RHO_DY] = (slope * planeY) / fy;
      records[o + RHO_MIN] = 1 / (z + depthReach);
      records[o + RHO_MAX] = 1 / Math.max(z - depthReach, near, z * 1e-3);
      records[o + MARKED] = marked !== undefined && marked[i] !== 0 ? 1 : 0;
      records[o + CUTOFF] = cutoff;
      depths[n] = z;
      boxes[n * 4] = left;
      boxes[n * 4 + 1] = top;
      boxes[n * 4 + 2] = right;
      boxes[n * 4 + 3] = bottom;
      n++;
    }
    out.count = n;
  };
}
