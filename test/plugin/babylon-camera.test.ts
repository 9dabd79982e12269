// Accepts: a Babylon camera and its core twin put the same point on the same pixel (within 0.01 px: Babylon
// computes in float32) and agree on depth, for every up vector, an off-centre projection and a scaled mesh;
// views that no pinhole camera in the cloud's frame can stand for are refused. Seed 7.
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Viewport } from '@babylonjs/core/Maths/math.viewport.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterAll, describe, expect, it } from 'vitest';
import { projectPoint, type Vec3 } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import { coreCameraOf, uprightRotation } from '../../plugin/hosts/babylon-camera.ts';

const width = 640;
const height = 360;
const engine = new NullEngine({
  renderWidth: width,
  renderHeight: height,
  textureSize: 256,
  deterministicLockstep: false,
  lockstepMaxSteps: 1,
});
const scene = new Scene(engine);
afterAll(() => engine.dispose());

function arc(): ArcRotateCamera {
  const camera = new ArcRotateCamera('c', 0.7, 1.1, 4, new Vector3(0.2, -0.3, 0.1), scene);
  camera.fov = 0.9;
  camera.minZ = 0.01;
  camera.computeWorldMatrix();
  return camera;
}
const placed = (up: Vec3, scale = 1) =>
  Matrix.Compose(
    new Vector3(scale, -scale, scale),
    uprightRotation(up),
    new Vector3(0.3, 0.1, -0.2),
  );

const ups: Vec3[] = [
  [0, -1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, -1],
  [1, 0, 0],
  [0.2, -0.9, 0.3],
];

describe('Babylon camera as core camera', () => {
  it.each(ups)('turns up (%f, %f, %f) into +y', (x, y, z) => {
    const turned = Vector3.TransformNormal(
      new Vector3(x, y, z).normalize(),
      Matrix.Compose(new Vector3(1, -1, 1), uprightRotation([x, y, z]), Vector3.Zero()),
    );
    expect(turned.subtract(new Vector3(0, 1, 0)).length()).toBeLessThan(1e-6);
  });

  it.each([
    ...ups.map((up) => ({ up, scale: 1, shift: 0 })),
    { up: [0, -1, 0] as Vec3, scale: 250, shift: 0 },
    { up: [0, 0, 1] as Vec3, scale: 0.01, shift: 0.2 },
  ])('projects as Babylon does: up $up, scale $scale, shift $shift', ({ up, scale, shift }) => {
    const camera = arc();
    const projection = camera.getProjectionMatrix(true).clone();
    projection.setRowFromFloats(2, shift, -shift / 2, projection.m[10]!, projection.m[11]!);
    const view = camera.getViewMatrix(true);
    const world = placed(up, scale);
    const core = coreCameraOf({
      view: view.m,
      projection: projection.m,
      meshWorld: world.m,
      rightHanded: false,
      width,
      height,
    });
    const random = createRandom(7);
    for (let i = 0; i < 50; i++) {
      const inWorld = new Vector3(random() * 2 - 1, random() * 2 - 1, random() * 2 - 1);
      const p = Vector3.TransformCoordinates(inWorld, Matrix.Invert(world));
      const babylon = Vector3.Project(
        inWorld,
        Matrix.Identity(),
        view.multiply(projection),
        new Viewport(0, 0, width, height),
      );
      const { u, v, depth } = projectPoint(core, [p.x, p.y, p.z]);
      expect(Math.hypot(u - babylon.x, v - babylon.y)).toBeLessThan(0.01);
      const seenDepth = Vector3.TransformCoordinates(inWorld, view).z / scale;
      expect(Math.abs(depth / seenDepth - 1)).toBeLessThan(1e-4);
    }
  });

  it('refuses a mirrored, an uneven and an orthographic view', () => {
    const camera = arc();
    const good = {
      view: camera.getViewMatrix(true).m,
      projection: camera.getProjectionMatrix(true).m,
      meshWorld: placed([0, -1, 0]).m,
      rightHanded: false,
      width,
      height,
    };
    expect(() => coreCameraOf({ ...good, meshWorld: Matrix.Identity().m })).toThrow(/mirrored/);
    expect(() => coreCameraOf({ ...good, meshWorld: Matrix.Scaling(1, -2, 1).m })).toThrow(
      /unevenly/,
    );
    const flat = Matrix.OrthoLH(2, 2, 0.1, 10);
    expect(() => coreCameraOf({ ...good, projection: flat.m })).toThrow(/orthographic/);
  });
});
