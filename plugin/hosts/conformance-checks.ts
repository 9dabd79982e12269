/** What a host must do, one check each. Every check shows clouds of its own, so that a failure stays with its check. */
import {
  cameraAxes,
  cameraCenter,
  projectPoint,
  unprojectPoint,
  type Vec3,
} from '../../core/camera.ts';
import { shBasis, shChannel } from '../../core/cpu/render/sh.ts';
import { applyPatch } from '../../core/patch.ts';
import { createRandom } from '../../core/random.ts';
import {
  copySplats,
  createSplatCloud,
  SH_C0,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
  takeSplats,
} from '../../core/splat-cloud.ts';
import type { MendHost } from '../host.ts';
import type { HostCheck } from './conformance.ts';
import {
  cloudOf,
  colourAt,
  comparePictures,
  type Dot,
  differenceAt,
  fail,
  type Picture,
  pictureOf,
  spotNear,
  takePicture,
} from './conformance-stage.ts';

/** A byte more or less is rounding. */
const SAME = 1;
/** Levels that a splat's middle may be off: 8-bit colours, 8-bit opacity, blending. */
const COLOUR_TOLERANCE = 8;
const EMPTY = createSplatCloud(0);

/** Apart from each other, not symmetric to anything, near and far. */
const DOTS: readonly Dot[] = [
  { at: [0.24, 0.3], depth: 0.8, rgb: [0.9, 0.2, 0.2] },
  { at: [0.71, 0.22], depth: 1.2, rgb: [0.2, 0.9, 0.3] },
  { at: [0.47, 0.52], depth: 1, rgb: [0.9, 0.9, 0.9] },
  { at: [0.18, 0.77], depth: 1.5, rgb: [0.3, 0.4, 0.9] },
  { at: [0.83, 0.81], depth: 0.9, rgb: [0.9, 0.8, 0.1] },
];

/** On a bright ground bright splats would not stand out. */
function contrasting(ground: Picture): readonly Dot[] {
  const mean = ground.data.reduce((sum, v, i) => sum + (i % 4 === 3 ? 0 : v), 0);
  const bright = mean / ((ground.data.length / 4) * 3) > 127;
  return DOTS.map((d) => {
    const rgb: [number, number, number] = [d.rgb[0], d.rgb[1], d.rgb[2]];
    return bright ? { ...d, rgb: rgb.map((v) => 1 - v) as [number, number, number] } : d;
  });
}

async function dotsOn(host: MendHost, depth: number) {
  const ground = await pictureOf(host, EMPTY);
  const dots = contrasting(ground);
  return { ground, dots, cloud: cloudOf(host, dots, depth) };
}

function mustEqual(a: Picture, b: Picture, what: string): void {
  const { largest, pixels } = comparePictures(a, b, SAME);
  if (pixels > 0) {
    fail(`${what}: ${pixels} pixels differ, by up to ${largest} of 255; they must be the same`);
  }
}

const only = (count: number, ...rows: number[]) =>
  Uint8Array.from({ length: count }, (_, i) => (rows.includes(i) ? 1 : 0));

const frames = (n: number) =>
  new Promise<void>((resolve) => {
    const next = (left: number) =>
      left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1));
    next(n);
  });

/** Bytes of everything a host could have changed. */
const bytesOf = (cloud: SplatCloud) =>
  [cloud.positions, cloud.logScales, cloud.rotations, cloud.opacityLogits, cloud.dc, cloud.shRest]
    .map((a) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength).join())
    .join(';');

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

export const HOST_CHECKS: readonly HostCheck[] = [
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
  {
    name: 'shows removed and added splats, and the same picture again',
    async run(host, { depth }) {
      const { ground, dots, cloud } = await dotsOn(host, depth);
      const kept = copySplats(cloud);
      const before = await pictureOf(host, cloud);
      const removed = Uint32Array.of(1, 2);
      const added = cloudOf(host, [{ ...dots[2]!, at: [0.62, 0.66] }], depth);
      const after = applyPatch(cloud, { removed, added });
      await host.showCloud(after, { kind: 'redo', removed, added: 1 });
      const edited = await takePicture(host);
      for (const row of removed) {
        const [x, y] = [dots[row]!.at[0] * edited.width, dots[row]!.at[1] * edited.height];
        if (spotNear(edited, ground, x, y, 10)) fail(`removed splat ${row} still shows`);
      }
      if (!spotNear(edited, ground, 0.62 * edited.width, 0.66 * edited.height, 10)) {
        fail('the added splat does not show');
      }
      await host.showCloud(cloud, { kind: 'undo' });
      mustEqual(await takePicture(host), before, 'undo');
      await host.showCloud(after, { kind: 'redo', removed, added: 1 });
      mustEqual(await takePicture(host), edited, 'redo');
      if (bytesOf(cloud) !== bytesOf(kept))
        fail('showCloud: the host changed the arrays it was given');
      return undefined;
    },
  },
  {
    name: 'shows proposals, several of one scene, and both sides of each',
    async run(host, { depth }) {
      const { dots, cloud } = await dotsOn(host, depth);
      const before = await pictureOf(host, cloud);
      const candidates = [
        { removed: Uint32Array.of(0), at: [0.62, 0.66] as const },
        { removed: Uint32Array.of(0, 4), at: [0.36, 0.7] as const },
      ].map(({ removed, at }) => {
        const added = cloudOf(host, [{ ...dots[0]!, at }], depth);
        return { removed, after: applyPatch(cloud, { removed, added }) };
      });
      const alone: Picture[] = [];
      for (const { after } of candidates) alone.push(await pictureOf(host, after));
      await host.showCloud(cloud, { kind: 'open' });
      for (const [i, { removed, after }] of candidates.entries()) {
        await host.showCloud(after, { kind: 'proposal', removed, added: 1 });
        mustEqual(await takePicture(host), alone[i]!, `proposal ${i + 1}`);
        host.showMarks({ selected: only(after.count, after.count - 1) });
        const marked = await takePicture(host);
        const [x, y] = [i === 0 ? 0.62 : 0.36, i === 0 ? 0.66 : 0.7];
        if (differenceAt(marked, alone[i]!, x * marked.width, y * marked.height) < 24) {
          fail(`proposal ${i + 1}: marking the added splat must tint it, and no other`);
        }
        await host.showCloud(cloud, { kind: 'compare' });
        mustEqual(await takePicture(host), before, `the side before proposal ${i + 1}`);
        await host.showCloud(after, { kind: 'compare' });
        mustEqual(await takePicture(host), alone[i]!, `proposal ${i + 1} after comparing`);
      }
      await host.showCloud(cloud, { kind: 'discard' });
      mustEqual(await takePicture(host), before, 'discard');
      return undefined;
    },
  },
  {
    name: 'shows the last of clouds that follow at once',
    async run(host, { depth }) {
      const { cloud } = await dotsOn(host, depth);
      const last = takeSplats(cloud, [1, 3]);
      const wanted = await pictureOf(host, last);
      void host.showCloud(cloud, { kind: 'open' });
      void host.showCloud(EMPTY, { kind: 'open' });
      await host.showCloud(last, { kind: 'open' });
      mustEqual(await takePicture(host), wanted, 'three clouds one after another');
      return undefined;
    },
  },
  {
    name: 'tints selected, hides hidden and shows locked splats',
    async run(host, { depth }) {
      const { ground, dots, cloud } = await dotsOn(host, depth);
      const plain = await pictureOf(host, cloud);
      const middle = (p: Picture, i: number): [number, number] => [
        dots[i]!.at[0] * p.width,
        dots[i]!.at[1] * p.height,
      ];
      const selected = only(cloud.count, 2);
      host.showMarks({ selected });
      selected.fill(1);
      const tinted = await takePicture(host);
      if (differenceAt(tinted, plain, ...middle(plain, 2)) < 24)
        fail('a selected splat is not tinted');
      if (differenceAt(tinted, plain, ...middle(plain, 1)) > 6) {
        fail('a splat that is not selected changed; copy the marks, they may change afterwards');
      }
      host.showMarks({ hidden: only(cloud.count, 1), locked: only(cloud.count, 0) });
      const marked = await takePicture(host);
      if (spotNear(marked, ground, ...middle(plain, 1), 12)) fail('a hidden splat still shows');
      if (!spotNear(marked, ground, ...middle(plain, 0), 12)) fail('a locked splat is gone');
      if (differenceAt(marked, plain, ...middle(plain, 0)) < 24)
        fail('a locked splat looks as any other');
      if (differenceAt(marked, plain, ...middle(plain, 2)) > 6) {
        fail('marks that are absent must be taken away: a splat is still tinted');
      }
      host.showMarks({});
      mustEqual(await takePicture(host), plain, 'no marks any more');
      host.showMarks({ hidden: new Uint8Array(cloud.count).fill(1) });
      mustEqual(await takePicture(host), ground, 'everything hidden');
      await host.showCloud(cloud, { kind: 'open' });
      mustEqual(await takePicture(host), plain, 'showCloud without marks');
      return undefined;
    },
  },
  {
    name: 'marks a cloud while it is on its way',
    async run(host, { depth }) {
      const { cloud } = await dotsOn(host, depth);
      await host.showCloud(cloud, { kind: 'open' });
      host.showMarks({ selected: only(cloud.count, 2) });
      const tinted = await takePicture(host);
      const showing = host.showCloud(cloud, { kind: 'open' });
      host.showMarks({ selected: only(cloud.count, 2) });
      await showing;
      mustEqual(await takePicture(host), tinted, 'marks asked for before showCloud ended');
      return undefined;
    },
  },
  {
    name: 'shows good splats beside broken ones, and nothing of an empty cloud',
    async run(host, { depth }) {
      const { ground, dots, cloud } = await dotsOn(host, depth);
      const broken = takeSplats(cloud, [0, 1, 2, 3, 4]);
      broken.positions[3] = Number.NaN;
      broken.logScales[4 * 3] = 200;
      broken.opacityLogits[3] = Number.NEGATIVE_INFINITY;
      const picture = await pictureOf(host, broken);
      for (const i of [0, 2]) {
        const [x, y] = [dots[i]!.at[0] * picture.width, dots[i]!.at[1] * picture.height];
        if (!spotNear(picture, ground, x, y, 10)) {
          fail(`splat ${i} does not show beside broken ones (not finite, enormous, transparent)`);
        }
      }
      mustEqual(await pictureOf(host, EMPTY), ground, 'an empty cloud');
      return undefined;
    },
  },
  {
    name: 'frames a ball, and tells of view changes until stopped',
    async run(host, { depth, moveView }) {
      const { cloud } = await dotsOn(host, depth);
      await host.showCloud(cloud, { kind: 'open' });
      const camera = host.currentCamera();
      const center = unprojectPoint(camera, camera.width * 0.45, camera.height * 0.55, depth);
      const move = moveView ?? (host.frame && (() => host.frame!(center, depth * 0.3)));
      if (!move) return 'the host has no frame(), and options.moveView is not given';
      await takePicture(host);
      let calls = 0;
      const stop = host.onViewChange(() => calls++);
      await frames(3);
      if (calls > 0) fail('onViewChange: called while nothing moved');
      move(host);
      host.requestRender();
      await takePicture(host);
      await frames(2);
      if (calls === 0) fail('onViewChange: not called when the view moved');
      stop();
      calls = 0;
      if (host.frame) {
        host.frame(center, depth * 0.2);
        await takePicture(host);
        await frames(2);
        if (calls > 0) fail('onViewChange: called after it was stopped');
        const now = host.currentCamera();
        const { u, v, depth: z } = projectPoint(now, center);
        const off = Math.hypot(u - now.width / 2, v - now.height / 2);
        const radius = (now.fy * depth * 0.2) / z;
        const half = Math.min(now.width, now.height) / 2;
        if (!(z > 0) || off > 2) {
          fail(`frame: the ball's centre is ${off.toFixed(1)} pixels from the picture's`);
        }
        if (radius < half * 0.4 || radius > half * 1.05) {
          fail(`frame: the ball's radius is ${radius.toFixed(0)} pixels in a picture of ±${half}`);
        }
      }
      return undefined;
    },
  },
  {
    name: 'turns the scene upright',
    async run(host) {
      if (!host.setUp) return 'the host has no setUp()';
      const { down, right } = cameraAxes(host.currentCamera());
      // Any direction but the way the camera looks.
      const up: Vec3 = [right[0] - down[0], right[1] - down[1], right[2] - down[2]];
      host.setUp(up);
      const turned = cameraAxes(host.currentCamera());
      const along = up[0] * turned.down[0] + up[1] * turned.down[1] + up[2] * turned.down[2];
      if (along >= 0) fail('setUp: the direction points down in the picture');
      return undefined;
    },
  },
  {
    name: 'leaves the viewer when disposed',
    async run(host) {
      const { element } = host;
      host.dispose?.();
      await frames(2);
      if (!element.isConnected) fail('dispose: the viewer’s element is gone; it is the page’s');
      return undefined;
    },
  },
];
