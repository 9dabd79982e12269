/** The picture: engine, camera and drawing on demand. Nothing here knows about selecting or mending. */
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import {
  type Camera,
  cameraCenter,
  type Lens,
  lensOf,
  unprojectPoint,
  type Vec3,
} from '../../core/camera.ts';
import { type BabylonHost, createBabylonHost } from '../../plugin/hosts/babylon.ts';
import type { Extent } from '../../plugin/ui/extent.ts';
import { fitDistance, verticalAngle } from './framing.ts';
import type { KeptView } from './kept-view.ts';
import { attachOrbit, type OrbitView, orbitAxes, orbitEye, orbitFrom } from './orbit.ts';

export type Engine3d = 'webgpu' | 'webgl2';

export interface Viewer {
  readonly host: BabylonHost;
  readonly engine: AbstractEngine;
  readonly kind: Engine3d;
  /** Frames drawn so far: it stands still while nothing changes. */
  readonly frames: number;
  requestRender(): void;
  /** Resolves when the picture is final: sorted for this camera, nothing waiting to be drawn. */
  settle(): Promise<void>;
  /**
   * Looks at an extent (in the cloud's frame) so that it fills the picture; keeps the direction unless told.
   * `margin` 1 fits exactly, 2 leaves half of the picture around it.
   */
  frame(extent: Extent, options?: { azimuth?: number; elevation?: number; margin?: number }): void;
  /** Puts the eye and its target, in the cloud's frame. */
  look(eye: Vec3, target: Vec3): void;
  /** Looks through a camera of the cloud's frame, so that all of its picture shows, and turns around what lies `pivotDepth` before it. */
  lookThrough(camera: Camera, pivotDepth: number): void;
  /** What has to fit the picture, however it is resized; undefined: the viewer's own angle. */
  lens: Lens | undefined;
  /** How the scene is looked at now: set it to look so again. */
  view: KeptView;
  dispose(): void;
}

const copyOf = (view: OrbitView): OrbitView => ({ ...view, target: [...view.target] });

const FOV = 0.8;
const BACKGROUND = Color4.FromHexString('#0d0f13ff');

async function createEngine(
  canvas: HTMLCanvasElement,
  wanted: Engine3d | undefined,
): Promise<{ engine: AbstractEngine; kind: Engine3d }> {
  if (wanted !== 'webgl2' && 'gpu' in navigator) {
    try {
      const { WebGPUEngine } = await import('@babylonjs/core/Engines/webgpuEngine.js');
      if (await WebGPUEngine.IsSupportedAsync) {
        const engine = new WebGPUEngine(canvas, { antialias: false, adaptToDeviceRatio: true });
        await engine.initAsync();
        return { engine, kind: 'webgpu' };
      }
    } catch (error) {
      // A browser with a WebGPU that cannot start still has WebGL2.
      console.warn('Babylon: WebGPU did not start, using WebGL2', error);
    }
  }
  const { Engine } = await import('@babylonjs/core/Engines/engine.js');
  const engine = new Engine(canvas, false, { preserveDrawingBuffer: true }, true);
  if (engine.version < 2) throw new Error('WebGL2 is not available');
  return { engine, kind: 'webgl2' };
}

/** @param wanted engine to draw with; default WebGPU where there is an adapter */
export async function createViewer(
  canvas: HTMLCanvasElement,
  wanted: Engine3d | undefined,
): Promise<Viewer> {
  const { engine, kind } = await createEngine(canvas, wanted);
  const scene = new Scene(engine);
  scene.clearColor = BACKGROUND;
  scene.skipPointerMovePicking = true;
  scene.detachControl();
  const camera = new TargetCamera('view', new Vector3(0, 0, -3), scene);
  // There is nothing to update from inputs: the orbit moves this camera.
  camera.inputs?.clear?.();

  let frames = 0;
  let dirty = true;
  let waiting = false;
  let scheduled = 0;
  let idle: (() => void)[] = [];

  const requestRender = () => {
    dirty = true;
    schedule();
  };
  const schedule = () => {
    if (scheduled === 0) scheduled = requestAnimationFrame(tick);
  };
  const host = createBabylonHost(scene, { requestRender });

  function tick(): void {
    scheduled = 0;
    if (dirty) {
      dirty = false;
      engine.beginFrame();
      scene.render();
      engine.endFrame();
      frames++;
      // Babylon asks its sort worker while it draws: a picture is final when no answer is outstanding.
      waiting = !host.settled || !scene.isReady();
    } else if (waiting && host.settled && scene.isReady()) {
      waiting = false;
      dirty = true;
    }
    if (dirty || waiting) {
      schedule();
      return;
    }
    const done = idle;
    idle = [];
    for (const resolve of done) resolve();
  }

  const view: OrbitView = orbitFrom([0, 0.6, -3], [0, 0, 0]);
  /** Size of what is looked at, Babylon units; near and far planes follow it. */
  let sceneRadius = 1;
  let lens: Lens | undefined;
  const aspect = () => engine.getRenderWidth() / Math.max(1, engine.getRenderHeight());
  const fov = () => (lens ? verticalAngle(lens, aspect()) : FOV);
  const place = () => {
    camera.fov = fov();
    view.distance = Math.max(sceneRadius * 1e-3, Math.min(sceneRadius * 100, view.distance));
    camera.minZ = Math.min(view.distance, sceneRadius) * 0.02;
    camera.maxZ = view.distance + sceneRadius * 100;
    camera.position.set(...orbitEye(view));
    camera.setTarget(new Vector3(...view.target));
    requestRender();
  };
  const detach = attachOrbit(canvas, {
    view,
    unitsPerPx: () => (2 * Math.tan(fov() / 2) * view.distance) / Math.max(1, canvas.clientHeight),
    onChange: place,
  });
  const resized = new ResizeObserver(() => {
    engine.resize();
    place();
  });
  resized.observe(canvas);
  engine.onContextRestoredObservable.add(requestRender);
  place();

  return {
    host,
    engine,
    kind,
    get frames() {
      return frames;
    },
    requestRender,
    settle: () =>
      new Promise((resolve) => {
        idle.push(resolve);
        schedule();
      }),
    frame(extent, { margin = 1.2, ...direction } = {}) {
      Object.assign(view, direction);
      const target = host.toBabylon(extent.center);
      view.target = [target.x, target.y, target.z];
      sceneRadius = extent.radius;
      const { right, up, back } = orbitAxes(view);
      const along = (p: Vector3, axis: readonly [number, number, number]) =>
        (p.x - target.x) * axis[0] + (p.y - target.y) * axis[1] + (p.z - target.z) * axis[2];
      const offsets = extent.points.map((point): Vec3 => {
        const p = host.toBabylon(point);
        return [along(p, right), along(p, up), along(p, back)];
      });
      const tanY = Math.tan(fov() / 2);
      const tanX = tanY * aspect();
      // Something flat seen edge-on would fit from no distance at all.
      view.distance = Math.max(fitDistance(offsets, tanX, tanY) * margin, extent.radius * 0.6);
      place();
    },
    look(eye, target) {
      const [e, t] = [host.toBabylon(eye), host.toBabylon(target)];
      Object.assign(view, orbitFrom([e.x, e.y, e.z], [t.x, t.y, t.z]));
      place();
    },
    lookThrough(through, pivotDepth) {
      const target = unprojectPoint(through, through.cx, through.cy, pivotDepth);
      const [e, t] = [host.toBabylon(cameraCenter(through)), host.toBabylon(target)];
      Object.assign(view, orbitFrom([e.x, e.y, e.z], [t.x, t.y, t.z]));
      sceneRadius = view.distance;
      lens = lensOf(through);
      place();
    },
    get lens() {
      return lens;
    },
    set lens(next) {
      lens = next;
      place();
    },
    get view() {
      return { up: host.up, orbit: copyOf(view), radius: sceneRadius, ...(lens && { lens }) };
    },
    set view({ up, orbit, radius, lens: kept }) {
      host.setUp(up);
      Object.assign(view, copyOf(orbit));
      sceneRadius = radius;
      lens = kept;
      place();
    },
    dispose() {
      detach();
      resized.disconnect();
      cancelAnimationFrame(scheduled);
      host.dispose?.();
      scene.dispose();
      engine.dispose();
    },
  };
}
