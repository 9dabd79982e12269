import { cameraCenter, projectPoint, type Vec3 } from '../../core/camera.ts';
import { toFailure } from '../../core/errors.ts';
import { createMendClient } from '../../plugin/client.ts';
import { createMender, type Mender } from '../../plugin/mender.ts';
import '../../plugin/ui/actions.ts';
import '../../plugin/ui/alerts.ts';
import type { EditorCommand } from '../../plugin/ui/command.ts';
import '../../plugin/ui/drop.ts';
import '../../plugin/ui/help.ts';
import '../../plugin/ui/status.ts';
import '../../plugin/ui/toolbar.ts';
import { baseName, download, readFileBytes } from './files.ts';
import { extentOf } from './framing.ts';
import { attachKeys } from './keys.ts';
import { readParams } from './params.ts';
import { makeSample, type SampleScene } from './sample.ts';
import { createViewer, type Viewer } from './viewer.ts';

const $ = <T extends Element>(selector: string) => document.querySelector<T>(selector)!;
const canvas = $<HTMLCanvasElement>('#view');
const picker = $<HTMLInputElement>('#file');
const loading = $<HTMLElement>('#loading');
const toolbar = $<HTMLElementTagNameMap['splatmend-toolbar']>('splatmend-toolbar');
const actions = $<HTMLElementTagNameMap['splatmend-actions']>('splatmend-actions');
const status = $<HTMLElementTagNameMap['splatmend-status']>('splatmend-status');
const alerts = $<HTMLElementTagNameMap['splatmend-alerts']>('splatmend-alerts');
const help = $<HTMLElementTagNameMap['splatmend-help']>('splatmend-help');

const SAMPLE_NAME = 'Sample: tabletop';
/** Ways up that `U` goes through: PLY captures are y down, others follow glTF or CAD. */
const UPS: Vec3[] = [
  [0, -1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, -1],
  [1, 0, 0],
  [-1, 0, 0],
];
const FIRST_LOOK = { azimuth: 0.35, elevation: 0.38 };

const params = readParams(location.search);

/** For tests and the console; see docs/editor.md. */
export interface DebugHandle {
  mender: Mender;
  viewer: Viewer;
  sample: SampleScene | undefined;
  /** Where a point of the scene's frame is on the page now, CSS pixels. */
  project(p: Vec3): { clientX: number; clientY: number };
}
declare global {
  interface Window {
    splatmend?: DebugHandle;
  }
}

function showError(error: unknown): void {
  const failure = toFailure(error);
  // The user asked for it: the picture says it already.
  if (failure.code === 'cancelled') return;
  if (failure.code === 'internal') console.error(error);
  alerts.show('error', failure.message);
}

async function start(): Promise<void> {
  const viewer = await createViewer(canvas, {
    ...(params.engine === undefined ? {} : { engine: params.engine }),
    onClick: (event) => void guard(() => selectAt(event.clientX, event.clientY, event)),
  });
  const client = createMendClient(
    params.backend === undefined ? {} : { preferred: params.backend },
  );
  const mender = createMender(viewer.host, { client });
  for (const panel of [toolbar, actions, status]) panel.mender = mender;

  const handle: DebugHandle = {
    mender,
    viewer,
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

  let fileName = '';
  let up = 0;
  const setName = (name: string) => {
    fileName = name;
    toolbar.fileName = name;
    document.title = name === SAMPLE_NAME ? 'Splatmend' : `${name} · Splatmend`;
  };

  async function guard<T>(work: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      showError(error);
      return undefined;
    }
  }

  async function selectAt(
    clientX: number,
    clientY: number,
    keys: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean },
  ): Promise<void> {
    // While something runs or waits, a click is a look around that ended early, not an order.
    if (mender.task !== undefined || mender.proposal || mender.cloud === undefined) return;
    const mode = keys.shiftKey ? 'add' : keys.ctrlKey || keys.metaKey ? 'remove' : 'set';
    await mender.selectAt(clientX, clientY, { mode });
  }

  function frameScene(): void {
    const extent = mender.cloud && extentOf(mender.cloud);
    if (extent) viewer.frame(extent, FIRST_LOOK);
  }

  async function openSample(): Promise<void> {
    loading.textContent = 'Building the sample scene';
    try {
      const sample = await makeSample(params);
      handle.sample = sample;
      await mender.setCloud(sample.cloud);
      viewer.host.setUp(sample.up);
      const eye = cameraCenter(sample.camera);
      viewer.look(eye, lookedAt(sample));
      setName(SAMPLE_NAME);
    } finally {
      loading.textContent = '';
    }
  }

  async function openFile(file: File): Promise<void> {
    const { report } = await mender.open(await readFileBytes(file), file.name);
    handle.sample = undefined;
    up = 0;
    viewer.host.setUp(UPS[up]!);
    frameScene();
    setName(file.name);
    const broken = report.nonFinite + report.oversized + report.zeroRotations;
    const notes = [...report.notes];
    if (broken > 0) {
      notes.push(
        `${broken.toLocaleString('en')} splats have values that cannot be drawn; they are kept as they are`,
      );
    }
    for (const note of notes) alerts.show('note', `${file.name}: ${note}`);
  }

  /** Holding a key repeats and releases quickly: only the last wish counts. */
  let wantBefore = false;
  let comparing = false;
  async function compare(before: boolean): Promise<void> {
    wantBefore = before;
    if (comparing) return;
    comparing = true;
    try {
      let shown: boolean | undefined;
      while (mender.proposal && shown !== wantBefore) {
        shown = wantBefore;
        await mender.compare(shown);
      }
    } finally {
      comparing = false;
    }
  }

  async function perform(command: EditorCommand): Promise<unknown> {
    switch (command.name) {
      case 'open':
        picker.value = '';
        return picker.click();
      case 'open-files': {
        const [file, ...others] = command.files;
        if (file === undefined) return;
        await openFile(file);
        if (others.length > 0)
          alerts.show('note', 'One scene at a time: the first file was opened.');
        return;
      }
      case 'sample':
        return openSample();
      case 'export': {
        const bytes = await mender.export(command.format);
        return download(
          bytes,
          baseName(fileName === SAMPLE_NAME ? 'tabletop' : fileName),
          command.format,
        );
      }
      case 'remove':
        return mender.remove(params.remove);
      case 'delete': {
        const n = mender.selectedCount;
        await mender.deleteSelection();
        return alerts.show(
          'note',
          `Deleted ${n.toLocaleString('en')} splats. Ctrl+Z brings them back.`,
        );
      }
      case 'clear':
        return mender.clearSelection();
      case 'cancel':
        return mender.cancel();
      case 'accept':
        return mender.accept();
      case 'discard':
        return mender.discard();
      case 'compare':
        return compare(command.before);
      case 'undo':
        return mender.undo();
      case 'redo':
        return mender.redo();
      case 'frame': {
        const extent = mender.cloud && extentOf(mender.cloud, mender.selection);
        // A selection is looked at with what surrounds it.
        return extent && viewer.frame(extent, mender.selection ? { margin: 2.4 } : {});
      }
      case 'turn-up':
        up = (up + 1) % UPS.length;
        viewer.host.setUp(UPS[up]!);
        return frameScene();
      case 'help':
        return help.toggle();
    }
  }
  const run = (command: EditorCommand) => void guard(() => perform(command));

  document.body.addEventListener('splatmend-command', (event) => run(event.detail));
  picker.addEventListener('change', () => {
    if (picker.files?.length) run({ name: 'open-files', files: [...picker.files] });
  });
  attachKeys({
    mender,
    run,
    canvas,
    helpIsOpen: () => help.open,
    dismissAlert: () => alerts.dismissNewest(),
    selectMiddle(event) {
      const box = canvas.getBoundingClientRect();
      void guard(() => selectAt(box.left + box.width / 2, box.top + box.height / 2, event));
    },
  });
  addEventListener('beforeunload', (event) => {
    if (mender.canUndo) event.preventDefault();
  });

  // The worker starts beside the scene, so that the first click does not wait for it.
  const started = guard(() => client.start()).then(() => status.requestUpdate());
  await Promise.all([guard(openSample), started]);
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

start().catch((error: unknown) => {
  loading.textContent = '';
  console.error(error);
  alerts.show(
    'error',
    `Splatmend could not start: ${error instanceof Error ? error.message : String(error)}. Use a recent Chrome, Edge, Firefox or Safari with graphics acceleration on.`,
  );
});
