/** Splatmend in a Babylon scene: click an object, remove it in the panel. Everything but the sample scene is here. */
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine.js';
import { PointerEventTypes } from '@babylonjs/core/Events/pointerEvents.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { cameraAxes, cameraCenter } from '../../core/camera.ts';
import { createBabylonHost } from '../../plugin/hosts/babylon.ts';
import { createMender } from '../../plugin/index.ts';
import type { SplatmendPanel } from '../../plugin/ui/index.ts';
import '../../plugin/ui/index.ts';
import { readParams } from '../editor/params.ts';
import { makeSample } from '../editor/sample.ts';

const canvas = document.querySelector<HTMLCanvasElement>('#view')!;

const withGpu = await WebGPUEngine.IsSupportedAsync;
const engine = withGpu ? new WebGPUEngine(canvas) : new Engine(canvas, false);
if (engine instanceof WebGPUEngine) await engine.initAsync();
const scene = new Scene(engine);
// The mender finds what is clicked; Babylon need not look for it too.
scene.skipPointerDownPicking = scene.skipPointerMovePicking = scene.skipPointerUpPicking = true;
const camera = new ArcRotateCamera('view', 0, 1, 2, Vector3.Zero(), scene);
camera.minZ = 0.02;
camera.wheelDeltaPercentage = 0.02;
camera.attachControl();

// Drawn while something moves, and until the order of the splats is final: a removal wants the GPU too.
let drawUntil = 0;
let unfinished = true;
const draw = () => {
  drawUntil = performance.now() + 1000;
};
for (const type of ['pointermove', 'wheel', 'keydown']) canvas.addEventListener(type, draw);
new ResizeObserver(() => {
  engine.resize();
  draw();
}).observe(canvas);

const sample = await makeSample(readParams(location.search, 40_000));
const host = createBabylonHost(scene, { cloud: sample.cloud, up: sample.up, requestRender: draw });
const { forward } = cameraAxes(sample.camera);
const [x, y, z] = cameraCenter(sample.camera);
camera.target = host.toBabylon([x + 1.5 * forward[0], y + 1.5 * forward[1], z + 1.5 * forward[2]]);
camera.setPosition(host.toBabylon([x, y, z]));
engine.runRenderLoop(() => {
  if (!unfinished && performance.now() > drawUntil) return;
  scene.render();
  unfinished = !host.settled || !scene.isReady();
});

const mender = createMender(host);
const panel = document.querySelector<SplatmendPanel>('splatmend-panel')!;
panel.mender = mender;
panel.host = host;

scene.onPointerObservable.add(({ event: { clientX, clientY, shiftKey } }) => {
  mender.selectAt(clientX, clientY, { mode: shiftKey ? 'add' : 'set' }).catch(console.error);
}, PointerEventTypes.POINTERTAP);

// For the page's own tests.
Object.assign(window, { splatmend: { host, mender, scene } });
