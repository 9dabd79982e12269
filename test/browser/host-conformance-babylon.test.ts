// Accepts: every check of plugin/hosts/conformance.ts passes on the Babylon host, on both engines: with a mesh of its
// own, and with a mesh that Babylon's loader made of a PLY, below a parent that is turned, scaled and moved. And the
// checks bite: hosts that are wrong on purpose fail the check that is meant for it.
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine.js';
import { ImportMeshAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { GaussianSplattingMesh } from '@babylonjs/core/Meshes/GaussianSplatting/gaussianSplattingMesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/SPLAT/splatFileLoader.js';
import { describe, expect, it } from 'vitest';
import { writeSplats } from '../../core/formats/index.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { MendHost } from '../../plugin/host.ts';
import { type BabylonHostOptions, createBabylonHost } from '../../plugin/hosts/babylon.ts';
import {
  checkHost,
  HOST_CHECKS,
  type HostCheckOptions,
  type HostFinding,
} from '../../plugin/hosts/conformance.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';

const width = 320;
const height = 240;

type Kind = 'webgpu' | 'webgl2';

interface Stage {
  scene: Scene;
  camera: TargetCamera;
  dispose(): void;
}

async function stage(kind: Kind): Promise<Stage> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  // Half the size on the page, away from its corner: what mixes the two up fails.
  canvas.style.cssText = `position:fixed;left:37px;top:21px;width:${width / 2}px;height:${height / 2}px`;
  document.body.append(canvas);
  let engine: AbstractEngine;
  if (kind === 'webgpu') {
    const gpu = new WebGPUEngine(canvas, { antialias: false });
    await gpu.initAsync();
    engine = gpu;
  } else engine = new Engine(canvas, false);
  engine.setSize(width, height);
  const scene = new Scene(engine);
  scene.clearColor = new Color4(0.05, 0.06, 0.08, 1);
  const camera = new TargetCamera('c', new Vector3(0.4, 1.1, -2.6), scene);
  camera.setTarget(new Vector3(0.1, 0.2, -0.1));
  camera.fov = 0.8;
  camera.minZ = 0.05;
  engine.runRenderLoop(() => scene.render());
  return {
    scene,
    camera,
    dispose() {
      scene.dispose();
      engine.dispose();
      canvas.remove();
    },
  };
}

const failures = (findings: HostFinding[]) => findings.filter((f) => f.outcome === 'failed');

async function check(
  kind: Kind,
  makeOptions: (s: Stage) => Promise<BabylonHostOptions>,
  options: HostCheckOptions = {},
  spoil: (host: MendHost) => MendHost = (host) => host,
): Promise<HostFinding[]> {
  const s = await stage(kind);
  try {
    return await checkHost(async () => spoil(createBabylonHost(s.scene, await makeOptions(s))), {
      timeoutMs: 20_000,
      moveView: () => {
        s.camera.position.x += 0.2;
      },
      ...options,
    });
  } finally {
    s.dispose();
  }
}

/** A page's own mesh: loaded by Babylon, below a parent that is not where the cloud's frame is. */
async function loadMesh(scene: Scene, cloud: SplatCloud): Promise<GaussianSplattingMesh> {
  const bytes = await writeSplats(cloud, 'ply');
  const file = new File([bytes as BlobPart], 'scene.ply');
  const { meshes } = await ImportMeshAsync(file, scene, {
    pluginExtension: '.ply',
    pluginOptions: { splat: { keepInRam: true, disableAutoCameraLimits: true } },
  });
  const mesh = meshes.find((m) => m instanceof GaussianSplattingMesh)!;
  const parent = new TransformNode('parent', scene);
  parent.position.set(0.3, -0.2, 0.1);
  parent.rotationQuaternion = Quaternion.FromEulerAngles(0.3, 0.8, -0.2);
  parent.scaling.setAll(0.5);
  mesh.parent = parent;
  return mesh;
}

describe.each(['webgpu', 'webgl2'] as const)('Babylon host on %s', (kind) => {
  it('conforms with a mesh of its own', async () => {
    const findings = await check(kind, async () => ({ up: [0.2, -0.9, 0.3] }));
    console.info(findings.map((f) => `${f.outcome} ${f.name}`).join('\n'));
    expect(failures(findings)).toEqual([]);
    expect(findings.filter((f) => f.outcome === 'skipped')).toEqual([]);
  });

  it('conforms with a mesh of the page, turned, scaled and moved', async () => {
    const { cloud } = generateTabletop({ splats: 2000, seed: 3, shDegree: 1 });
    const findings = await check(
      kind,
      async (s) => ({ mesh: await loadMesh(s.scene, cloud), cloud }),
      // The page's scale is a half: six units of the cloud are three of Babylon's.
      { depth: 6, maxShDegree: 1, skip: ['turns the scene upright'] },
    );
    expect(failures(findings)).toEqual([]);
  });

  it('reads a mesh of the page, and leaves it as it was', async () => {
    const { cloud } = generateTabletop({ splats: 2000, seed: 3, shDegree: 1 });
    const s = await stage(kind);
    try {
      const mesh = await loadMesh(s.scene, cloud);
      const host = createBabylonHost(s.scene, { mesh });
      const before = await bytesOf(host);
      const read = host.readCloud()!;
      expect([read.count, read.shDegree]).toEqual([cloud.count, 1]);
      for (const [i, p] of cloud.positions.entries()) expect(read.positions[i]).toBe(p);
      for (const [i, v] of cloud.logScales.entries()) expect(read.logScales[i]).toBeCloseTo(v, 4);
      // Eight bits a colour, over SH_C0; an SH coefficient's step is 2/255.
      for (const [i, v] of cloud.dc.entries()) {
        const clipped = Math.min(1.7725, Math.max(-1.7725, v));
        expect(Math.abs(read.dc[i]! - clipped)).toBeLessThan(0.015);
      }
      for (const [i, v] of cloud.shRest.entries()) {
        expect(Math.abs(read.shRest[i]! - v)).toBeLessThan(0.009);
      }
      host.showMarks({ hidden: new Uint8Array(read.count).fill(1) });
      expect(await bytesOf(host)).not.toEqual(before);
      host.dispose?.();
      expect(mesh.isDisposed()).toBe(false);
      const again = createBabylonHost(s.scene, { mesh });
      expect(await bytesOf(again)).toEqual(before);
    } finally {
      s.dispose();
    }
  });
});

it('has the cloud it was made with at once', async () => {
  const { cloud } = generateTabletop({ splats: 500, seed: 3 });
  const s = await stage('webgl2');
  try {
    const host = createBabylonHost(s.scene, { cloud });
    expect(host.readCloud()).toBe(cloud);
    const { cx } = host.currentCamera();
    expect(cx).toBe(width / 2);
    await host.capture();
    expect(host.readCloud()).toBe(cloud);
  } finally {
    s.dispose();
  }
});

async function bytesOf(host: MendHost): Promise<Uint8ClampedArray> {
  const bitmap = await host.capture();
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

describe('the checks', () => {
  const shifted = (host: MendHost): MendHost => ({
    ...host,
    element: host.element,
    currentCamera: () => {
      const camera = host.currentCamera();
      return { ...camera, cx: camera.cx + 2 };
    },
  });
  const cases: [string, string, (host: MendHost) => MendHost][] = [
    ['a camera two pixels off', 'draws splats where the camera projects them', shifted],
    [
      'marks that stay',
      'tints selected, hides hidden and shows locked splats',
      (host) => ({
        ...host,
        element: host.element,
        showMarks: (marks) => Object.keys(marks).length > 0 && host.showMarks(marks),
      }),
    ],
    [
      'quaternions of another order',
      'draws splats in their size and direction',
      (host) => ({
        ...host,
        element: host.element,
        showCloud(cloud, change) {
          const rotations = cloud.rotations.map(
            (_, i) => cloud.rotations[i - (i % 4) + ((i + 1) % 4)]!,
          );
          return host.showCloud({ ...cloud, rotations }, change);
        },
      }),
    ],
    [
      'a view listener that cannot be stopped',
      'frames a ball, and tells of view changes until stopped',
      (host) => ({
        ...host,
        element: host.element,
        onViewChange(listener) {
          host.onViewChange(listener);
          return () => {};
        },
      }),
    ],
    [
      'edits that do not show',
      'shows removed and added splats, and the same picture again',
      (host) => ({
        ...host,
        element: host.element,
        showCloud: (cloud, change) =>
          change.kind === 'redo' ? undefined : host.showCloud(cloud, change),
      }),
    ],
    [
      'a look at the middle alone',
      'looks through a camera',
      (host) => ({
        ...host,
        element: host.element,
        look: (camera, depth) =>
          host.look!({ ...camera, fx: 2 * camera.fx, fy: 2 * camera.fy }, depth),
      }),
    ],
  ];

  it('find what is wrong on purpose', async () => {
    for (const [what, name, spoil] of cases) {
      const skip = HOST_CHECKS.map((c) => c.name).filter((other) => other !== name);
      const findings = await check('webgl2', async () => ({}), { skip }, spoil);
      expect(
        failures(findings).map((f) => f.name),
        what,
      ).toContain(name);
    }
  });
});
