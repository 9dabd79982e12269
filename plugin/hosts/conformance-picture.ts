/** Host checks: that the camera and the pixels mean what the core's mean, and that splats look as the reference draws them. */
import { cameraAxes, cameraCenter, projectPoint, type Vec3 } from '../../core/camera.ts';
import { shBasis, shChannel } from '../../core/cpu/render/sh.ts';
import { createRandom } from '../../core/random.ts';
import { SH_C0, SH_REST_COUNT, type ShDegree, type SplatCloud } from '../../core/splat-cloud.ts';
import type { MendHost } from '../host.ts';
import type { HostCheck } from './conformance.ts';
import {
  cloudOf,
  colourAt,
  contrasting,
  DOTS,
  type Dot,
  dotsOn,
  EMPTY,
  fail,
  mustEqual,
  type Picture,
  pictureOf,
  spotNear,
  takePicture,
} from './conformance-stage.ts';

/** Levels that a splat's middle may be off: 8-bit colours, 8-bit opacity, blending. */
const COLOUR_TOLERANCE = 8;

/** Splat colours as the reference computes them from where the camera stands, 0..1. */
function expectedColours(host: MendHost, cloud: SplatCloud, degree: ShDegree): number[][] {
  const eye = cameraCenter(host.currentCamera());
  const basis = new Float64Array(15);
  const stored = SH_REST_COUNT[cloud.shDegree];
  return Array.from({ length: cloud.count }, (_, i) => {
    const d = [0, 1, 2].map((c) => cloud.positions[i * 3 + c]! - eye[c]!);
    const n = Math.hypot(...d);
    shBasis(degree, d[0]! / n, d[1]! / n, d[2]! / n, basis);
    return [0, 1, 2].map((c) => {
      const rest = shChannel(
        cloud.shRest,
        (i * 3 + c) * stored,
        basis,
        Math.min(stored, SH_REST_COUNT[degree]),
      );
      return Math.min(1, Math.max(0, 0.5 + SH_C0 * cloud.dc[i * 3 + c]! + rest));
    });
  });
}

/** The middle of a splat of opacity σ(6) that covers a pixel wholly shows its colour but for a few levels. */
function mustShowColours(
  picture: Picture,
  dots: readonly Dot[],
  colours: number[][],
  what: string,
): void {
  for (const [i, dot] of dots.entries()) {
    const seen = colourAt(picture, dot.at);
    const wanted = colours[i]!.map((v) => Math.round(v * 255));
    if (seen.some((v, c) => Math.abs(v - wanted[c]!) > COLOUR_TOLERANCE)) {
      fail(`${what}: splat ${i} shows rgb ${seen.join(' ')}, expected ${wanted.join(' ')}`);
    }
  }
}

export const PICTURE_CHECKS: readonly HostCheck[] = [
  {
    name: 'reads back a whole cloud, or none',
    async run(host) {
      const cloud = host.readCloud();
      if (cloud === undefined) return undefined;
      const n = cloud.count;
      const lengths: [string, number, number][] = [
        ['positions', cloud.positions.length, 3 * n],
        ['logScales', cloud.logScales.length, 3 * n],
        ['rotations', cloud.rotations.length, 4 * n],
        ['opacityLogits', cloud.opacityLogits.length, n],
        ['dc', cloud.dc.length, 3 * n],
        ['shRest', cloud.shRest.length, 3 * SH_REST_COUNT[cloud.shDegree] * n],
      ];
      for (const [name, is, wanted] of lengths) {
        if (is !== wanted) fail(`readCloud: ${name} has ${is} numbers; ${n} splats need ${wanted}`);
      }
      return undefined;
    },
  },
  {
    name: 'gives a camera in the core convention',
    async run(host) {
      await host.showCloud(EMPTY, { kind: 'open' });
      const { width, height, fx, fy, cx, cy, worldToCamera: m } = host.currentCamera();
      if (!Number.isInteger(width) || !Number.isInteger(height) || width < 160 || height < 120) {
        fail(
          `currentCamera: the picture is ${width}×${height}; make it 160×120 or more for the checks`,
        );
      }
      if (![fx, fy, cx, cy, ...m].every(Number.isFinite) || !(fx > 0) || !(fy > 0)) {
        fail('currentCamera: all numbers must be finite and the focal lengths positive');
      }
      const { right, down, forward } = cameraAxes(host.currentCamera());
      const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
      const unit = [right, down, forward].every((a) => Math.abs(Math.hypot(...a) - 1) < 1e-3);
      const across = [dot(right, down), dot(down, forward), dot(forward, right)];
      if (!unit || across.some((v) => Math.abs(v) > 1e-3)) {
        fail('currentCamera: worldToCamera must be rigid; divide the scene’s scale out of it');
      }
      const handed =
        right[0] * (down[1] * forward[2] - down[2] * forward[1]) +
        right[1] * (down[2] * forward[0] - down[0] * forward[2]) +
        right[2] * (down[0] * forward[1] - down[1] * forward[0]);
      if (handed < 0) fail('currentCamera: the axes are mirrored; x right, y down, z forward');
      return undefined;
    },
  },
  {
    name: 'draws splats where the camera projects them',
    async run(host, { depth }) {
      const { ground, dots, cloud } = await dotsOn(host, depth);
      const picture = await pictureOf(host, cloud);
      const camera = host.currentCamera();
      for (let i = 0; i < dots.length; i++) {
        const p: Vec3 = [
          cloud.positions[i * 3]!,
          cloud.positions[i * 3 + 1]!,
          cloud.positions[i * 3 + 2]!,
        ];
        const { u, v } = projectPoint(camera, p);
        const spot = spotNear(picture, ground, u, v, 16);
        if (spot === undefined)
          fail(`splat ${i} does not show near pixel ${u.toFixed(1)}, ${v.toFixed(1)}`);
        const off = Math.hypot(spot.u - u, spot.v - v);
        if (off > 1) {
          fail(
            `splat ${i} shows at ${spot.u.toFixed(2)}, ${spot.v.toFixed(2)}; currentCamera projects it to ${u.toFixed(2)}, ${v.toFixed(2)}`,
          );
        }
      }
      return undefined;
    },
  },
  {
    name: 'draws splats in their size and direction',
    async run(host, { depth }) {
      const ground = await pictureOf(host, EMPTY);
      const rgb = contrasting(ground)[2]!.rgb;
      const dots: Dot[] = [
        { at: [0.5, 0.25], rgb, sigmaPx: [9, 2, 2] },
        { at: [0.5, 0.65], rgb, sigmaPx: [2, 9, 2] },
        { at: [0.15, 0.5], rgb, sigmaPx: [2, 2, 9] },
      ];
      const picture = await pictureOf(host, cloudOf(host, dots, depth));
      for (const [i, { at, sigmaPx }] of dots.entries()) {
        const spot = spotNear(picture, ground, at[0] * picture.width, at[1] * picture.height, 27);
        if (spot === undefined) fail(`long splat ${i} does not show`);
        // Seen along its third axis a splat is round, but for what perspective shows of its length.
        for (const [seen, wanted] of [
          [spot.sigmaU, sigmaPx![0]],
          [spot.sigmaV, sigmaPx![1]],
        ] as const) {
          if (i < 2 && (seen < wanted * 0.75 || seen > wanted * 1.25 + 0.5)) {
            fail(
              `long splat ${i} is ${spot.sigmaU.toFixed(1)} × ${spot.sigmaV.toFixed(1)} pixels (sigma), expected ${sigmaPx!.slice(0, 2).join(' × ')}; scales are logarithms, quaternions w x y z`,
            );
          }
          if (i === 2 && seen > 6)
            fail('a splat that points away from the camera shows its length');
        }
      }
      return undefined;
    },
  },
  {
    name: 'draws colours as trained',
    async run(host, { depth }) {
      const dots = DOTS.map((d): Dot => ({ ...d, sigmaPx: [8, 8, 8] }));
      const picture = await pictureOf(host, cloudOf(host, dots, depth));
      mustShowColours(
        picture,
        dots,
        dots.map((d) => [...d.rgb]),
        'colours (display-referred: linearise nothing)',
      );
      return undefined;
    },
  },
  {
    name: 'draws spherical harmonics of every degree',
    async run(host, { depth, maxShDegree }) {
      const random = createRandom(5);
      for (const degree of [3, 1, 2, 0] as const) {
        await host.showCloud(EMPTY, { kind: 'open' });
        const dots = DOTS.map((d): Dot => ({ ...d, rgb: [0.5, 0.45, 0.55], sigmaPx: [8, 8, 8] }));
        const cloud = cloudOf(host, dots, depth, degree);
        for (let k = 0; k < cloud.shRest.length; k++) cloud.shRest[k] = (random() - 0.5) * 0.3;
        const picture = await pictureOf(host, cloud);
        const drawn = Math.min(degree, maxShDegree) as ShDegree;
        mustShowColours(picture, dots, expectedColours(host, cloud, drawn), `SH degree ${degree}`);
      }
      return undefined;
    },
  },
  {
    name: 'finds the pixel under a pointer',
    async run(host) {
      const { width, height } = host.currentCamera();
      const box = host.element.getBoundingClientRect();
      for (const [sx, sy] of [
        [0.01, 0.01],
        [0.5, 0.5],
        [0.31, 0.87],
        [0.99, 0.99],
      ] as const) {
        const at = host.pixelAt(box.left + sx * box.width, box.top + sy * box.height);
        if (at === undefined) fail(`pixelAt: undefined at ${sx}, ${sy} of the element's box`);
        if (Math.hypot(at.x - sx * width, at.y - sy * height) > 1) {
          fail(
            `pixelAt: ${at.x.toFixed(1)}, ${at.y.toFixed(1)} at ${sx}, ${sy} of a ${width}×${height} picture`,
          );
        }
      }
      if (host.pixelAt(box.left - 5, box.top + 5) !== undefined)
        fail('pixelAt: must be undefined left of the picture');
      if (host.pixelAt(box.right - 5, box.bottom + 5) !== undefined)
        fail('pixelAt: must be undefined below the picture');
      return undefined;
    },
  },
  {
    name: 'captures the settled picture alone, at the camera’s size',
    async run(host, { depth }) {
      const { cloud } = await dotsOn(host, depth);
      const first = await pictureOf(host, cloud);
      const { width, height } = host.currentCamera();
      if (first.width !== width || first.height !== height) {
        fail(`capture: ${first.width}×${first.height}; currentCamera says ${width}×${height}`);
      }
      host.requestRender();
      mustEqual(await takePicture(host), first, 'a second capture');
      const box = host.element.getBoundingClientRect();
      const cover = document.createElement('div');
      cover.style.cssText = `position:fixed;z-index:9999;background:#f0f;left:${box.left}px;top:${box.top}px;width:${box.width}px;height:${box.height}px`;
      document.body.append(cover);
      try {
        mustEqual(await takePicture(host), first, 'capture under something of the page');
      } finally {
        cover.remove();
      }
      return undefined;
    },
  },
];
