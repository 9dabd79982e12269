/** `splatmend remove`: read, remove and mend, report, write. */
import { basename, join } from 'node:path';
import { SplatmendError } from '../core/errors.ts';
import { readSplats, type SplatFormat, writeSplats } from '../core/formats/index.ts';
import type { Kernels } from '../core/kernels.ts';
import { applyPatch } from '../core/patch.ts';
import { throwIfCancelled } from '../core/progress.ts';
import { REMOVE_DEFAULTS, type RemoveFigures } from '../core/remove-types.ts';
import { countSelected } from '../core/selection.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { remove } from '../workers/remove.ts';
import { type CameraSource, readCameras } from './camera-input.ts';
import { checkWritableFile, checkWritableFolder, readBytes, writeWhole } from './files.ts';
import { type BackendChoice, chooseKernels } from './kernels-node.ts';
import { defaultOutput, outputFormat } from './output-path.ts';
import type { ProgressView } from './progress.ts';
import { makeReport, REPORT_PAGE } from './report/index.ts';
import { readSelectionInput, selectOn } from './selection-input.ts';
import { versions } from './version.ts';

/** The flags as parsed; lengths in scene units. */
export interface RemoveFlags {
  box?: string;
  sphere?: string;
  selection?: string;
  camera?: string;
  views?: number;
  seed?: number;
  output?: string;
  report?: string;
  backend: BackendChoice;
  force?: boolean;
}

/** What `--json` prints. Paths as given; seconds of wall time. */
export interface RemoveJson {
  ok: true;
  input: { path: string; format: SplatFormat; splats: number; shDegree: number; notes: string[] };
  output: { path: string; format: SplatFormat; splats: number; bytes: number };
  cameras: { source: CameraSource; count: number };
  backend: { kind: 'webgpu' | 'cpu'; description: string; reason: string };
  options: { views: number; seed: number };
  figures: RemoveFigures;
  /** The report's page, when one was asked for. */
  report: string | null;
  /** Every file written, the scene first. */
  files: string[];
  seconds: { read: number; remove: number; report: number; write: number };
  versions: Record<string, string>;
}

const CAMERA_SOURCES: Record<CameraSource, (count: number) => string> = {
  'camera-file': (n) => `${n} ${n === 1 ? 'camera' : 'cameras'} from --camera`,
  'selection-file': (n) =>
    `${n} ${n === 1 ? 'camera' : 'cameras'} from the selection file (no --camera was given)`,
  none: () => 'no cameras given: views are chosen around the hole',
};

const secondsSince = (start: number) => (performance.now() - start) / 1000;

/** @throws SplatmendError with any code of docs/cli.md's table */
export async function removeCommand(
  input: string,
  flags: RemoveFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<RemoveJson> {
  // All that can be refused without reading the scene is refused first.
  const output = flags.output ?? defaultOutput(input);
  const format = outputFormat(output);
  const selectionInput = await readSelectionInput(flags);
  const { cameras, source } = await readCameras(flags.camera, selectionInput);
  await checkWritableFile(output, flags.force ?? false);
  if (flags.report !== undefined) {
    await checkWritableFolder(flags.report, REPORT_PAGE, flags.force ?? false);
  }
  const cameraSource = CAMERA_SOURCES[source](cameras.length);
  progress.say(`Cameras: ${cameraSource}`);

  let start = performance.now();
  progress.update(0, `read ${basename(input)}`);
  const file = await readSplats(await readBytes(input), basename(input), signal);
  const scene = file.cloud;
  const selection = selectOn(scene, selectionInput);
  progress.say(
    `${basename(input)}: ${scene.count} splats, SH degree ${scene.shDegree}; ${countSelected(selection)} selected`,
  );
  for (const note of file.report.notes) progress.say(`Note: ${note}`);
  const seconds = { read: secondsSince(start), remove: 0, report: 0, write: 0 };

  const wantsReport = flags.report !== undefined;
  const shares = wantsReport ? { from: 0.05, mended: 0.65 } : { from: 0.05, mended: 0.97 };
  const options = {
    views: flags.views ?? REMOVE_DEFAULTS.views,
    seed: flags.seed ?? REMOVE_DEFAULTS.seed,
  };

  const { keeper, reason: firstReason } = await chooseKernels(flags.backend);
  const work = async (kernels: Kernels) => {
    const reason = keeper.info?.reason ?? firstReason;
    const backend = { kind: kernels.kind, description: kernels.description, reason };
    progress.say(`Backend: ${kernels.kind}, ${kernels.description} (${reason})`);
    start = performance.now();
    const result = await remove(
      scene,
      selection,
      cameras,
      kernels,
      { inpainter: createExemplarInpainter() },
      { ...options, keepViews: wantsReport },
      ({ step, fraction, view, views }) => {
        const where = view === undefined ? '' : ` (view ${view}${views ? ` of ${views}` : ''})`;
        progress.update(shares.from + fraction * (shares.mended - shares.from), `${step}${where}`);
      },
      signal,
    );
    seconds.remove = secondsSince(start);
    const mended = applyPatch(scene, result.patch);
    if (!wantsReport) return { result, mended, backend, pictures: undefined, failed: undefined };

    start = performance.now();
    const facts = {
      inputPath: basename(input),
      outputPath: basename(output),
      splatsBefore: scene.count,
      splatsAfter: mended.count,
      shDegree: scene.shDegree,
      backendDescription: kernels.description,
      backendReason: reason,
      seed: options.seed,
      cameraSource,
      versions: versions(),
      date: new Date(),
    };
    progress.update(shares.mended, 'render the report');
    try {
      const pictures = await makeReport(
        { scene, result, cameras, kernels, facts },
        (fraction) =>
          progress.update(shares.mended + fraction * (0.97 - shares.mended), 'render the report'),
        signal,
      );
      seconds.report = secondsSince(start);
      return { result, mended, backend, pictures, failed: undefined };
    } catch (failed) {
      // The mended scene is worth more than its pictures: it is written all the same, below.
      throwIfCancelled(signal);
      if (failed instanceof SplatmendError && failed.code === 'device-lost') throw failed;
      return { result, mended, backend, pictures: undefined, failed };
    }
  };
  const { result, mended, backend, pictures, failed } = await keeper.use(work, signal);

  start = performance.now();
  progress.update(0.97, `write ${basename(output)}`);
  const bytes = await writeSplats(mended, format, signal);
  throwIfCancelled(signal);
  const files = [output];
  await writeWhole(output, bytes);
  let report: string | null = null;
  if (flags.report !== undefined && pictures !== undefined) {
    for (const [name, png] of pictures) {
      files.push(join(flags.report, name));
      await writeWhole(join(flags.report, name), png);
    }
    report = join(flags.report, REPORT_PAGE);
  }
  seconds.write = secondsSince(start);
  progress.stop();
  if (failed !== undefined) {
    const why = failed instanceof Error ? failed.message : String(failed);
    throw new SplatmendError(
      failed instanceof SplatmendError ? failed.code : 'internal',
      `report: ${why}; the mended scene was written to ${output}`,
      { cause: failed },
    );
  }
  return {
    ok: true,
    input: {
      path: input,
      format: file.format,
      splats: scene.count,
      shDegree: scene.shDegree,
      notes: file.report.notes,
    },
    output: { path: output, format, splats: mended.count, bytes: bytes.length },
    cameras: { source, count: cameras.length },
    backend,
    options,
    figures: result.figures,
    report,
    files,
    seconds,
    versions: versions(),
  };
}
