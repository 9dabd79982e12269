/** Host checks that move the view; the last one ends the host. */
import {
  cameraAxes,
  cameraCenter,
  lookAt,
  projectPoint,
  unprojectPoint,
  type Vec3,
} from '../../core/camera.ts';
import type { HostCheck } from './conformance.ts';
import { dotsOn, fail, frames, takePicture } from './conformance-stage.ts';

export const VIEW_CHECKS: readonly HostCheck[] = [
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
    name: 'looks through a camera',
    async run(host, { depth }) {
      if (!host.look) return 'the host has no look()';
      const { cloud } = await dotsOn(host, depth);
      await host.showCloud(cloud, { kind: 'open' });
      const now = host.currentCamera();
      // As it looks now, which is upright, from beside.
      const { right, down, forward } = cameraAxes(now);
      const from = cameraCenter(now);
      const moved = (p: Vec3, by: number, axis: Vec3) =>
        p.map((c, k) => c + by * axis[k]!) as unknown as Vec3;
      const eye = moved(from, 0.3 * depth, right);
      const target = moved(eye, depth, forward);
      // Of another shape, with the principal point aside.
      const [width, height, f] = [400, 300, 350];
      const worldToCamera = lookAt(eye, target, moved([0, 0, 0], -1, down));
      const wanted = { width, height, fx: f, fy: f, cx: 210, cy: 150, worldToCamera };
      host.look(wanted, depth);
      await takePicture(host);
      const seen = host.currentCamera();
      const at = cameraCenter(seen);
      const off = Math.hypot(...at.map((c, k) => c - eye[k]!));
      if (off > 1e-3 * depth) fail(`look: the eye is ${off} off, at a depth of ${depth}`);
      for (const [u, v] of [
        [0, 0],
        [width, 0],
        [0, height],
        [width, height],
      ] as const) {
        const p = projectPoint(seen, unprojectPoint(wanted, u, v, depth));
        const inside = Math.min(p.u, p.v, seen.width - p.u, seen.height - p.v);
        if (!(inside > -1)) fail(`look: a corner of the picture is ${-inside} pixels outside`);
      }
      const [top, bottom] = [0, height].map((v) =>
        projectPoint(seen, unprojectPoint(wanted, width / 2, v, depth)),
      );
      const tilt = Math.atan2(top!.u - bottom!.u, bottom!.v - top!.v) * (180 / Math.PI);
      if (Math.abs(tilt) > 1) fail(`look: the picture is turned by ${tilt.toFixed(0)} degrees`);
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
