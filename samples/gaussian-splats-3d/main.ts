/** Splatmend in a GaussianSplats3D viewer: click an object, remove it in the panel. Everything but the sample scene is here. */
import { Viewer } from '@mkkellogg/gaussian-splats-3d';
import { cameraAxes, cameraCenter } from '../../core/camera.ts';
import { createGaussianSplats3DHost } from '../../plugin/hosts/gaussian-splats-3d.ts';
import { createMender } from '../../plugin/index.ts';
import type { SplatmendPanel } from '../../plugin/ui/index.ts';
import '../../plugin/ui/index.ts';
import { readParams } from '../editor/params.ts';
import { makeSample } from '../editor/sample.ts';

const { cloud, camera, up } = await makeSample(readParams(location.search, 40_000));
const eye = cameraCenter(camera);
const { forward } = cameraAxes(camera);

const viewer = new Viewer({
  rootElement: document.querySelector('#view'),
  cameraUp: [...up],
  initialCameraPosition: [...eye],
  initialCameraLookAt: eye.map((v, i) => v + forward[i]! * 1.5),
  // Only a page with COOP and COEP headers can share memory with workers.
  sharedMemoryForWorkers: false,
  sphericalHarmonicsDegree: 2,
});
viewer.start();

const host = createGaussianSplats3DHost(viewer, { cloud });
const mender = createMender(host);
const panel = document.querySelector<SplatmendPanel>('splatmend-panel')!;
panel.mender = mender;
panel.host = host;

let pressed = { x: 0, y: 0 };
host.element.addEventListener('pointerdown', ({ clientX, clientY }) => {
  pressed = { x: clientX, y: clientY };
});
host.element.addEventListener('click', ({ clientX, clientY, shiftKey }) => {
  // A drag turns the view.
  if (Math.hypot(clientX - pressed.x, clientY - pressed.y) > 4) return;
  mender.selectAt(clientX, clientY, { mode: shiftKey ? 'add' : 'set' }).catch(console.error);
});

// For the page's own tests.
Object.assign(window, { splatmend: { host, mender, viewer } });
