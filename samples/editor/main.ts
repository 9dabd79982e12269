import { cameraCenter, projectPoint, type Vec3 } from '../../core/camera.ts';
import { createMendClient } from '../../plugin/client.ts';
import { createMender, type Mender } from '../../plugin/mender.ts';
import { createRecentFiles } from '../../plugin/storage/recent-files.ts';
import { createSessionStore } from '../../plugin/storage/session-store.ts';
import type { ToolController } from '../../plugin/tools/controller-types.ts';
import '../../plugin/ui/editor.ts';
import { extentOf } from '../../plugin/ui/extent.ts';
import { waits } from '../../plugin/waits.ts';
import { keepViews, readKeptView } from './kept-view.ts';
import { readParams } from './params.ts';
import { makeSample, type SampleScene } from './sample.ts';
import { createViewer, type Viewer } from './viewer.ts';

const editor = document.querySelector('splatmend-editor')!;
const canvas = document.querySelector<HTMLCanvasElement>('#view')!;
const loading = document.querySelector<HTMLElement>('#loading')!;

const SAMPLE_NAME = 'tabletop';
const FIRST_LOOK = { azimuth: 0.35, elevation: 0.38 };
/** Up in captures saved as PLY. */
const Y_DOWN: Vec3 = [0, -1, 0];
/** A selection is looked at with what surrounds it. */
const ROUND_SELECTION = 2.4;

const params = readParams(location.search);

/** For tests and the console; see docs/editor.md. */
export interface DebugHandle {
  mender: Mender;
  viewer: Viewer;
  tools: ToolController;
  sample: SampleScene | undefined;
  /** Where a point of the scene's frame is on the page now, CSS pixels. */
  project(p: Vec3): { clientX: number; clientY: number };
}
declare global {
  interface Window {
    splatmend?: DebugHandle;
  }
}

async function start(): Promise<void> {
  const viewer = await createViewer(canvas, params.engine);
  const client = createMendClient(
    params.backend === undefined ? {} : { preferred: params.backend },
  );
  const session = createSessionStore({
    onProblem: (problem) => editor.say('error', problem.message),
  });
  const mender = createMender(viewer.host, { client, journal: session.journal });
  editor.session = session;
  editor.recent = createRecentFiles();
  editor.scenes = [{ label: 'Sample scene', open: () => void openSample() }];
  editor.mender = mender;
  editor.host = viewer.host;
  editor.removeOptions = params.remove;
  editor.extendOptions = params.extend;
  await editor.updateComplete;

  const handle: DebugHandle = {
    mender,
    viewer,
    tools: editor.tools!,
    sample: undefined,
    project(p) {
      const camera = viewer.host.currentCamera();
      const box = canvas.getBoundingClientRect();
      const { u, v } = projectPoint(camera, p);
      return {
        clientX: box.left + (u / camera.width) * box.width,
        clientY: box.top + (v / camera.height) * box.height,
      };
    },
  };
  window.splatmend = handle;

  // This viewer frames the splats themselves, closer than any ball around them.
  function frame(direction: Partial<typeof FIRST_LOOK> = {}): void {
    const { cloud, selection } = mender;
    const extent = cloud && extentOf(cloud, selection);
    const margin = selection ? { margin: ROUND_SELECTION } : {};
    if (extent) viewer.frame(extent, { ...direction, ...margin });
  }
  editor.addEventListener('splatmend-opened', (event) => {
    event.preventDefault();
    const { fileName, look } = event.detail;
    showFile(fileName);
    if (look) viewer.lookThrough(look.camera, look.pivotDepth);
  });
  editor.addEventListener('splatmend-restored', (event) => {
    event.preventDefault();
    showFile(event.detail.fileName);
    const kept = readKeptView(event.detail.view);
    if (kept) viewer.view = kept;
  });
  keepViews(viewer, session);
  function showFile(fileName: string): void {
    handle.sample = undefined;
    document.title = `${fileName} · Splatmend`;
    viewer.host.setUp(Y_DOWN);
    viewer.lens = undefined;
    frame(FIRST_LOOK);
  }
  editor.addEventListener('splatmend-command', (event) => {
    if (event.detail.name !== 'frame') return;
    event.preventDefault();
    frame();
  });
  addEventListener('beforeunload', (event) => {
    // Everything done is saved as it is done, unless the browser's storage refuses it; an edit that waits is not.
    if (waits(mender) || (session.problem && mender.canUndo)) event.preventDefault();
  });

  async function openSample(): Promise<void> {
    loading.textContent = 'Building the sample scene';
    const sample = await makeSample(params);
    handle.sample = sample;
    await mender.setCloud(sample.cloud, SAMPLE_NAME);
    viewer.host.setUp(sample.up);
    viewer.lens = undefined;
    viewer.look(cameraCenter(sample.camera), lookedAt(sample));
    editor.fileName = SAMPLE_NAME;
    loading.textContent = '';
  }

  /** What was worked on last, or the sample. */
  async function openFirst(): Promise<void> {
    const [last] = params.fresh ? [] : await session.list().catch(() => []);
    if (last) {
      loading.textContent = `Bringing back ${last.fileName}`;
      await editor.perform({ name: 'restore', id: last.id });
      loading.textContent = '';
    }
    if (mender.cloud === undefined) await openSample();
  }

  /** From then on the editor itself says where a scene comes from. */
  const began = () => {
    loading.slot = '';
  };
  // The worker starts beside the scene, so that the first click does not wait for it.
  await Promise.all([
    openFirst().finally(began),
    client.start().then(() => editor.requestUpdate()),
  ]);
}

/** The point in the middle of the start view, at the objects' distance. */
function lookedAt(sample: SampleScene): Vec3 {
  const m = sample.camera.worldToCamera;
  const forward: Vec3 = [m[2]!, m[6]!, m[10]!];
  const eye = cameraCenter(sample.camera);
  const centers = sample.objects.map((o) => o.center);
  const distance =
    centers.reduce((sum, c) => sum + c.reduce((d, x, k) => d + (x - eye[k]!) * forward[k]!, 0), 0) /
    Math.max(1, centers.length);
  return [0, 1, 2].map((k) => eye[k]! + forward[k]! * distance) as unknown as Vec3;
}

/** The same page, drawn with WebGL2. */
function startOnWebGl2(): void {
  const address = new URL(location.href);
  address.searchParams.set('engine', 'webgl2');
  location.replace(address);
}

start().catch((error: unknown) => {
  loading.textContent = '';
  console.error(error);
  // A WebGPU that gives a device and then loses it, as some browsers without graphics acceleration do: WebGL2 draws as well.
  if (params.engine === undefined && 'gpu' in navigator) {
    startOnWebGl2();
    return;
  }
  editor.say(
    'error',
    `Splatmend could not start: ${error instanceof Error ? error.message : String(error)}. Use a recent Chrome, Edge, Firefox or Safari with graphics acceleration on.`,
  );
});
