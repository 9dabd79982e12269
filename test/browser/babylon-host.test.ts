// Accepts: Babylon draws our table where the core camera says and how the CPU reference renders it, on both
// engines. A lone splat's centroid within 0.5 px of projectPoint (1.5 px would already misplace a click; 8-bit
// blending moves a centroid by some 0.1 px); a whole scene with SH 3 at PSNR ≥ 38 dB against the reference
// (8-bit colours, 8-bit quaternions, a cut-off at 2.8 sigma and back-to-front blending in 8 bits cost the rest).
// After a change of the cloud and back, and a highlight and back, the pixels are the same, bit for bit. Seed 3.
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it } from 'vitest';
import { projectPoint, type Vec3 } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { applyPatch } from '../../core/patch.ts';
import { createSplatCloud, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { type BabylonHost, createBabylonHost } from '../../plugin/hosts/babylon.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';

const width = 360;
const height = 240;

interface Stage {
  host: BabylonHost;
  engine: AbstractEngine;
  look(eye: Vec3, target: Vec3): void;
  /** RGBA of the settled picture, top row first. */
  picture(): Promise<Uint8ClampedArray>;
  dispose(): void;
}

async function stage(kind: 'webgpu' | 'webgl2'): Promise<Stage> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  document.body.append(canvas);
  let engine: AbstractEngine;
  if (kind === 'webgpu') {
    const gpu = new WebGPUEngine(canvas, { antialias: false });
    await gpu.initAsync();
    engine = gpu;
  } else engine = new Engine(canvas, false);
  const scene = new Scene(engine);
  scene.clearColor = new Color4(0, 0, 0, 1);
  const camera = new TargetCamera('c', new Vector3(0, 0, -3), scene);
  camera.fov = 0.8;
  camera.minZ = 0.01;
  const host = createBabylonHost(scene);
  const draw = () => {
    engine.beginFrame();
    scene.render();
    engine.endFrame();
  };
  const copy = document.createElement('canvas');
  copy.width = width;
  copy.height = height;
  const context = copy.getContext('2d', { willReadFrequently: true })!;
  return {
    host,
    engine,
    look(eye, target) {
      camera.position.copyFrom(host.toBabylon(eye));
      camera.setTarget(host.toBabylon(target));
    },
    async picture() {
      const deadline = performance.now() + 60_000;
      do {
        draw();
        // Read in the frame's own task: afterwards a canvas may be empty.
        context.drawImage(canvas, 0, 0);
        if (host.settled && scene.isReady()) break;
        while (!(host.settled && scene.isReady()) && performance.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      } while (performance.now() < deadline);
      expect(host.settled).toBe(true);
      return context.getImageData(0, 0, width, height).data;
    },
    dispose() {
      host.dispose?.();
      scene.dispose();
      engine.dispose();
      canvas.remove();
    },
  };
}

function loneSplat(at: Vec3): SplatCloud {
  const cloud = createSplatCloud(1);
  cloud.positions.set(at);
  cloud.logScales.fill(Math.log(0.02));
  cloud.rotations.set([1, 0, 0, 0]);
  cloud.opacityLogits[0] = 4;
  cloud.dc.fill(1.7);
  return cloud;
}

function centroid(rgba: Uint8ClampedArray): { u: number; v: number } {
  let [su, sv, s] = [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    const w = rgba[i * 4]!;
    su += w * ((i % width) + 0.5);
    sv += w * (Math.floor(i / width) + 0.5);
    s += w;
  }
  expect(s).toBeGreaterThan(2000);
  return { u: su / s, v: sv / s };
}

/** Mean absolute difference of a byte. */
function meanDifference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  return a.reduce((sum, x, i) => sum + Math.abs(x - b[i]!), 0) / a.length;
}

describe.each(['webgpu', 'webgl2'] as const)('Babylon host on %s', (kind) => {
  it('draws a splat where the core camera projects it, whichever way is up', async () => {
    const s = await stage(kind);
    try {
      for (const [up, at] of [
        [
          [0, -1, 0],
          [0.4, -0.3, 0.2],
        ],
        [
          [0, 0, 1],
          [-0.5, 0.1, 0.35],
        ],
        [
          [0, 1, 0],
          [0.3, 0.45, -0.4],
        ],
      ] as [Vec3, Vec3][]) {
        s.host.setUp(up);
        await s.host.showCloud(loneSplat(at), { kind: 'open' });
        s.look([0.9, -1.1, -2.2], [0.05, 0.02, -0.03]);
        const seen = centroid(await s.picture());
        const { u, v } = projectPoint(s.host.currentCamera(), at);
        expect(Math.hypot(seen.u - u, seen.v - v)).toBeLessThan(0.5);
      }
    } finally {
      s.dispose();
    }
  });

  it('draws a scene as the CPU reference does, and the same again after edits', async () => {
    const { cloud } = generateTabletop({ splats: 8000, seed: 3, shDegree: 3 });
    const s = await stage(kind);
    try {
      await s.host.showCloud(cloud, { kind: 'open' });
      s.look([0.6, -1.4, -1.5], [0.05, -0.75, 0.05]);
      const seen = await s.picture();
      const kernels = createCpuKernels();
      const renderer = await kernels.createRenderer(cloud);
      const truth = await renderer.render(s.host.currentCamera());
      renderer.destroy();
      kernels.destroy();
      let squares = 0;
      for (let i = 0; i < width * height * 3; i++) {
        const a = seen[Math.floor(i / 3) * 4 + (i % 3)]! / 255;
        squares += (a - Math.min(1, Math.max(0, truth.rgb.data[i]!))) ** 2;
      }
      const psnr = -10 * Math.log10(squares / (width * height * 3));
      console.info(`${kind}: PSNR against the CPU reference ${psnr.toFixed(1)} dB`);
      expect(psnr).toBeGreaterThan(38);

      const selection = new Uint8Array(cloud.count).fill(1, 0, 500);
      s.host.showMarks({ selected: selection });
      expect(await s.picture()).not.toEqual(seen);
      s.host.showMarks({});
      expect(await s.picture()).toEqual(seen);

      // A proposal shares one table with the cloud before it: each side must look as it does alone, but for the
      // order of splats at nearly one depth (Babylon sorts into bins over the depths of all, hidden ones too).
      const removed = Uint32Array.from({ length: cloud.count >> 1 }, (_, i) => i * 2);
      const added = takeSplats(cloud, [3, 5]);
      added.positions[1]! -= 0.5;
      const after = applyPatch(cloud, { removed, added });
      await s.host.showCloud(after, { kind: 'open' });
      const alone = await s.picture();
      expect(alone).not.toEqual(seen);
      await s.host.showCloud(cloud, { kind: 'open' });
      await s.host.showCloud(after, { kind: 'proposal', removed, added: 2 });
      const proposed = await s.picture();
      expect(meanDifference(proposed, alone)).toBeLessThan(0.1);
      await s.host.showCloud(cloud, { kind: 'compare' });
      expect(meanDifference(await s.picture(), seen)).toBeLessThan(0.1);
      await s.host.showCloud(after, { kind: 'compare' });
      expect(await s.picture()).toEqual(proposed);
      const discarding = s.host.showCloud(cloud, { kind: 'discard' });
      // Asked for while the new splats are still on their way to the textures.
      s.host.showMarks({ selected: selection });
      await discarding;
      const tinted = await s.picture();
      expect(tinted).not.toEqual(seen);
      s.host.showMarks({});
      expect(await s.picture()).toEqual(seen);
    } finally {
      s.dispose();
    }
  });

  it('shows a cloud with broken splats without spoiling the others', async () => {
    const good = loneSplat([0.1, -0.1, 0]);
    const cloud = takeSplats(good, [0, 0, 0, 0]);
    cloud.positions[3] = Number.NaN;
    cloud.logScales[6] = 200;
    cloud.rotations.set([0, 0, 0, 0], 12);
    cloud.opacityLogits[3] = Number.NEGATIVE_INFINITY;
    const s = await stage(kind);
    try {
      await s.host.showCloud(cloud, { kind: 'open' });
      s.look([0, 0, -2], [0, 0, 0]);
      const seen = centroid(await s.picture());
      const { u, v } = projectPoint(s.host.currentCamera(), [0.1, -0.1, 0]);
      expect(Math.hypot(seen.u - u, seen.v - v)).toBeLessThan(0.5);
    } finally {
      s.dispose();
    }
  });
});
