// Accepts: the framed crop is the same view (points land on scaled pixels to 1e-9 px), square and centred on
// the object; cameras that do not see the object drop out; ours look at it from all around, at a distance that
// follows its size.
import { expect, test } from 'vitest';
import { cameraAxes, cameraCenter, projectPoint, type Vec3 } from '../../../core/camera.ts';
import type { ObjectShape } from '../../../core/object-shape.ts';
import {
  candidateCameras,
  frameObject,
  viewDirection,
} from '../../../workers/steps/choose-cameras.ts';
import { pinhole } from '../../support/mending-scene.ts';

const shapeAt = (center: Vec3, radius: number): ObjectShape => ({
  center,
  radius,
  outside: () => 0,
  exit: () => undefined,
});
const shape = shapeAt([1, 2, 0.5], 0.4);
const camera = pinhole([0, -2, 2], [0.7, 2, 0.3]);

test('the framed view is a crop of the camera’s', () => {
  const framed = frameObject(camera, shape, 90)!;
  expect([framed.width, framed.height]).toEqual([90, 90]);
  expect(framed.worldToCamera).toEqual(camera.worldToCamera);
  const center = projectPoint(framed, shape.center);
  expect(Math.abs(center.u - 45)).toBeLessThan(1e-9);
  expect(Math.abs(center.v - 45)).toBeLessThan(1e-9);
  const before = projectPoint(camera, [1.2, 1.9, 0.4]);
  const c = projectPoint(camera, shape.center);
  const after = projectPoint(framed, [1.2, 1.9, 0.4]);
  const scale = framed.fx / camera.fx;
  expect(Math.abs(after.u - 45 - scale * (before.u - c.u))).toBeLessThan(1e-9);
  expect(Math.abs(after.v - 45 - scale * (before.v - c.v))).toBeLessThan(1e-9);
  // The whole object is in it, and at least half as much again around.
  for (const axis of [0, 1, 2]) {
    for (const side of [-1.5, 1.5]) {
      const p = shape.center.map((v, k) => v + (k === axis ? side * shape.radius : 0));
      const { u, v } = projectPoint(framed, p as unknown as Vec3);
      expect(Math.min(u, v)).toBeGreaterThan(0);
      expect(Math.max(u, v)).toBeLessThan(90);
    }
  }
});

test('no frame when the object is behind or around the camera', () => {
  expect(frameObject(camera, shapeAt([0, -4, 2], 0.4), 90)).toBeUndefined();
  expect(frameObject(camera, shapeAt([0, -1.8, 2], 0.4), 90)).toBeUndefined();
});

test('candidates: the given cameras that see the object, then ours all around it', () => {
  const away = pinhole([0, -2, 2], [0, -9, 2]);
  const beside = pinhole([0, -2, 2], [9, -2, 2]);
  const found = candidateCameras([away, camera, beside], shape);
  expect(found.filter((c) => c.given).map((c) => c.camera)).toEqual([camera]);
  const ours = found.filter((c) => !c.given);
  expect(ours.length).toBeGreaterThan(12);
  const directions = ours.map((c) => viewDirection(c.camera, shape));
  for (const { camera: own } of ours) {
    const { u, v, depth } = projectPoint(own, shape.center);
    expect(u).toBeCloseTo(own.width / 2, 6);
    expect(v).toBeCloseTo(own.height / 2, 6);
    expect(depth).toBeGreaterThan(2 * shape.radius);
    expect(depth).toBeLessThan(10 * shape.radius);
    const { right, down, forward } = cameraAxes(own);
    for (const a of [right, down, forward]) expect(Math.hypot(...a)).toBeCloseTo(1, 9);
  }
  // Wherever one looks from, a camera of ours stands within 40°.
  for (let i = 0; i < 200; i++) {
    const z = 1 - (2 * (i + 0.5)) / 200;
    const r = Math.sqrt(1 - z * z);
    const d = [Math.cos(2.4 * i) * r, Math.sin(2.4 * i) * r, z];
    const best = Math.max(...directions.map((o) => o[0] * d[0]! + o[1] * d[1]! + o[2] * d[2]!));
    expect(best).toBeGreaterThan(Math.cos((40 * Math.PI) / 180));
  }
});

test('many given cameras: some of them, evenly', () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ ...camera, id: String(i) }));
  const given = candidateCameras(many, shape).filter((c) => c.given);
  expect(given.length).toBeGreaterThan(1);
  expect(given.length).toBeLessThan(20);
  expect(Number(given.at(-1)!.camera.id)).toBeGreaterThan(70);
});

test.each([0.01, 100])('at scale × %d our cameras stand at scaled places', (scale) => {
  const scaled = shapeAt(shape.center.map((v) => v * scale) as unknown as Vec3, 0.4 * scale);
  const a = candidateCameras([], shape);
  const b = candidateCameras([], scaled);
  expect(b.length).toBe(a.length);
  a.forEach((one, i) => {
    const [p, q] = [cameraCenter(one.camera), cameraCenter(b[i]!.camera)];
    for (let k = 0; k < 3; k++) expect(Math.abs(q[k]! / scale - p[k]!)).toBeLessThan(1e-9);
  });
});

test('the view direction points from the object to the camera', () => {
  const d = viewDirection(camera, shapeAt([0, -2, 0], 0.1));
  expect(d[2]).toBeCloseTo(1, 12);
});
