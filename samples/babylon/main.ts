/** Splatmend in a Babylon scene: click an object, remove it in the panel. Everything but the sample scene is here. */
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { cameraAxes, cameraCenter } from '../../core/camera.ts';
import { createBabylonHost } from '../../plugin/hosts/babylon.ts';
import { createMender } from '../../plugin/index.ts';
import type { SplatmendPanel } from '../../plugin/ui/index.ts';
import '../../plugin/ui/index.ts';
import { makeSample } from '../editor/sample.ts';

const canvas = document.querySelector<HTMLCanvasElement>('#view')!;

async function makeEngine() {
  if (!(await WebGPUEngine.IsSupportedAsync)) return new Engine(canvas, false);
  const engine = new WebGPUEngine(canvas);
  await engine.initAsync();
  return engine;
}

const engine = await makeEngine();
const scene = new Scene(engine);
const camera = new ArcRotateCamera('view', 0, 1, 2, Vector3.Zero(), scene);
camera.minZ = 0.02;
camera.wheelDeltaPercentage = 0.02;
camera.attachControl();
engine.runRenderLoop(() => scene.render());
addEventListener('resize', () => engine.resize());

const sample = await makeSample({ splats: 40_000, seed: 1 });
const host = createBabylonHost(scene, { cloud: sample.cloud, up: sample.up });
const { forward } = cameraAxes(sample.camera);
const [x, y, z] = cameraCenter(sample.camera);
camera.target = host.toBabylon([x + 1.5 * forward[0], y + 1.5 * forward[1], z + 1.5 * forward[2]]);
camera.setPosition(host.toBabylon([x, y, z]));

const mender = createMender(host);
const panel = document.querySelector<SplatmendPanel>('splatmend-panel')!;
panel.mender = mender;
panel.host = host;

let pressed = { x: 0, y: 0 };
canvas.addEventListener('pointerdown', ({ clientX, clientY }) => {
  pressed = { x: clientX, y: clientY };
});
canvas.addEventListener('click', ({ clientX, clientY, shiftKey }) => {
  // A drag turns the view.
  if (Math.hypot(clientX - pressed.x, clientY - pressed.y) > 4) return;
  mender.selectAt(clientX, clientY, { mode: shiftKey ? 'add' : 'set' }).catch(console.error);
});

// For the page's own tests.
Object.assign(window, { splatmend: { host, mender, scene } });
