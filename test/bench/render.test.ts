/**
 * Accepts: the render bench's views keep their distance and differ enough for every engine to sort anew; processes are
 * counted with what they start; the page draws the same cloud from the same place in ours and in an engine (mean
 * difference of a byte under 12 of 255: engines cut footprints in their own ways, 6 when this was written; a mirrored picture
 * is 52 off). Scene seed 1.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchPeers } from '../../bench/render/peers.ts';
import { childrenCpuMs } from '../../bench/render/processes.ts';
import { benchScene } from '../../bench/render/scene.ts';
import { BENCH_VIEW, cameraOf, turned } from '../../bench/render/views.ts';
import { cameraCenter, projectPoint } from '../../core/camera.ts';
import { takeSplats } from '../../core/splat-cloud.ts';

describe('views', () => {
  const views = [0, 1, 2, 3, 4].map((k) => turned(BENCH_VIEW, k));
  it('turn around the target at one distance and height', () => {
    for (const { eye, target, up } of views) {
      const from = (p: readonly number[]) => p.map((v, i) => v - target[i]!);
      const distance = Math.hypot(...from(BENCH_VIEW.eye));
      expect(Math.hypot(...from(eye))).toBeCloseTo(distance, 9);
      expect(eye[1]).toBeCloseTo(BENCH_VIEW.eye[1], 9);
      expect(up).toEqual(BENCH_VIEW.up);
    }
    // Over 3 degrees of turn for Spark's 0.999, and well over a splat's size of way.
    for (let k = 1; k < views.length; k++) {
      expect(Math.hypot(...views[k]!.eye.map((v, i) => v - views[k - 1]!.eye[i]!))).toBeGreaterThan(
        0.3,
      );
    }
  });
  it('are cameras that look at the target', () => {
    const camera = cameraOf(views[1]!, 640, 480);
    expect(projectPoint(camera, views[1]!.target)).toMatchObject({
      u: expect.closeTo(320, 6),
      v: expect.closeTo(240, 6),
    });
    for (const [i, v] of cameraCenter(camera).entries())
      expect(v).toBeCloseTo(views[1]!.eye[i]!, 6);
  });
});

it.skipIf(process.platform !== 'linux')('counts what started processes compute', async () => {
  const before = childrenCpuMs();
  const child = spawn(process.execPath, ['-e', 'for (;;);']);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(childrenCpuMs() - before).toBeGreaterThan(100);
  child.kill();
  await once(child, 'exit');
});

describe('the page', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'splatmend-render-bench-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('draws one scene from one place in ours and in an engine, and times it', async () => {
    // Without the faint ones and all opaque: what engines leave out of the rest is little.
    const scene = benchScene(4000);
    const cloud = takeSplats(
      scene,
      [...scene.opacityLogits.keys()].filter((i) => scene.opacityLogits[i]! > 1),
    );
    cloud.opacityLogits.fill(6);
    const clouds = [{ name: '4000', cloud, view: BENCH_VIEW }];
    const { frames, memory } = await benchPeers({
      clouds,
      sizes: [[160, 120]],
      engines: ['cpu', 'playcanvas'],
      runs: 1,
      png: folder,
      say: () => {},
    });
    expect(frames.map((row) => row.engine)).toEqual([
      expect.stringMatching(/^Splatmend CPU/),
      expect.stringMatching(/^PlayCanvas \d/),
    ]);
    for (const row of frames) expect(row['best, ms']).toBeGreaterThan(0);
    if (process.platform === 'linux') {
      for (const row of memory) expect(row['page and its workers, peak MB']).toBeGreaterThan(20);
    }
    const [ours, theirs] = await Promise.all(
      ['cpu', 'playcanvas'].map(async (engine) =>
        decode(await readFile(join(folder, `4000-160x120-${engine}.png`))),
      ),
    );
    const apart = (flip: boolean) => {
      let sum = 0;
      for (let y = 0; y < 120; y++) {
        for (let x = 0; x < 160; x++) {
          const [p, q] = [y * 160 + x, y * 160 + (flip ? 159 - x : x)];
          for (let c = 0; c < 3; c++) {
            sum += Math.abs(
              ours!.data[p * ours!.channels + c]! - theirs!.data[q * theirs!.channels + c]!,
            );
          }
        }
      }
      return sum / (160 * 120 * 3);
    };
    expect(apart(false)).toBeLessThan(12);
    expect(apart(true)).toBeGreaterThan(30);
  }, 120_000);
});
