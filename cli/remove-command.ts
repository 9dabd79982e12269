/** `splatmend remove`: check, read, mend, write. */
import { basename, join } from 'node:path';
import { SplatmendError, toFailure } from '../core/errors.ts';
import { countMask } from '../core/image.ts';
import { throwIfCancelled } from '../core/progress.ts';
import { type HolePreview, REMOVE_DEFAULTS } from '../core/remove-types.ts';
import { countSelected } from '../core/selection.ts';
import { createByHand } from '../workers/inpainters/by-hand.ts';
import { selectHalo } from '../workers/steps/select-halo.ts';
import { type CameraSource, readCameras } from './camera-input.ts';
import { checkWritableFile, checkWritableFolder, writeWhole } from './files.ts';
import { type InpainterFlags, wordsOf } from './inpainter-grammar.ts';
import { chooseInpainter, choosePrior } from './inpainter-kinds.ts';
import type { BackendChoice } from './kernels-node.ts';
import { mendScene } from './mend-scene.ts';
import { defaultOutput, outputFormat } from './output-path.ts';
import { type ProgressView, secondsSince } from './progress.ts';
import { forHole, holeInFirst, readEdited, referencePng } from './reference.ts';
import type { ReferenceJson, RemoveJson } from './remove-json.ts';
import { REPORT_PAGE } from './report/index.ts';
import { readScene, writeScene } from './scene-files.ts';
import { readSelectionInput, selectOn } from './selection-input.ts';
import { splats } from './splats.ts';
import { versions } from './version.ts';

/** The flags as parsed; lengths in scene units. */
export interface RemoveFlags extends InpainterFlags {
  box?: string;
  sphere?: string;
  withShadow?: boolean;
  liftShadow?: boolean;
  selection?: string;
  camera?: string;
  views?: number;
  seed?: number;
  polish?: number;
  output?: string;
  report?: string;
  backend: BackendChoice;
  force?: boolean;
  priorDepth?: string;
  saveReference?: string;
  edited?: string;
}

function cameraSentence(source: CameraSource, count: number): string {
  const cameras = `${count} ${count === 1 ? 'camera' : 'cameras'}`;
  if (source === 'camera-file') return `${cameras} from --camera`;
  if (source === 'selection-file') {
    return `${cameras} from the selection file (no --camera was given)`;
  }
  return 'no cameras given: views are chosen around the hole';
}

/** @throws SplatmendError with any code of docs/cli.md's table */
export async function removeCommand(
  input: string,
  flags: RemoveFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<RemoveJson | ReferenceJson> {
  checkTogether(flags);
  // All that can be refused without reading the scene is refused first.
  const output = flags.output ?? defaultOutput(input);
  const format = outputFormat(output);
  const force = flags.force ?? false;
  const selectionInput = await readSelectionInput(flags);
  const { cameras, source } = await readCameras(flags.camera, selectionInput);
  await checkWritableFile(flags.saveReference ?? output, force);
  const chosen = await chooseInpainter(flags.inpainter, wordsOf(flags));
  const painted = flags.edited === undefined ? undefined : await readEdited(flags.edited);
  const prior = await choosePrior(flags.priorDepth);
  if (flags.report !== undefined) await checkWritableFolder(flags.report, REPORT_PAGE, force);
  const cameraSource = cameraSentence(source, cameras.length);
  progress.say(`Cameras: ${cameraSource}`);

  let start = performance.now();
  const { scene, input: sceneJson } = await readScene(input, progress, signal);
  const bare = selectOn(scene, selectionInput);
  const selection = flags.withShadow ? await selectHalo(scene, bare, undefined, signal) : bare;
  const read = secondsSince(start);
  progress.say(
    `${basename(input)}: ${splats(scene.count)}, SH degree ${scene.shDegree}; ${countSelected(selection)} selected`,
  );
  for (const note of sceneJson.notes) progress.say(`Note: ${note}`);

  const options = {
    views: flags.views ?? REMOVE_DEFAULTS.views,
    seed: flags.seed ?? REMOVE_DEFAULTS.seed,
    polish: flags.polish ?? REMOVE_DEFAULTS.polish,
    liftShadow: flags.liftShadow ?? REMOVE_DEFAULTS.liftShadow,
  };
  const wantsReport = flags.report !== undefined;
  const { backend } = flags;
  const byHand = flags.saveReference ?? flags.edited;
  const hole =
    byHand === undefined
      ? undefined
      : await holeInFirst(scene, selection, cameras, options, backend, progress, signal);
  if (hole !== undefined && flags.saveReference !== undefined) {
    return saveReference(flags.saveReference, hole, signal);
  }
  const edited = hole && painted && forHole(painted, hole);
  const inpainter =
    edited === undefined
      ? chosen
      : {
          make: () => createByHand(edited, hole!.mask, chosen.make()),
          json: { id: 'by-hand', picture: flags.edited, rest: chosen.json },
          sentence: `${basename(flags.edited!)}, and ${chosen.sentence} for the other views`,
        };
  const guided = prior ? `; depth guided by ${prior.sentence}` : '';
  const filledBy = `${inpainter.sentence}${guided}`;
  progress.say(`Filled by ${filledBy}`);
  const { result, mended, report, reportFailure, ...done } = await mendScene(
    {
      input,
      output,
      scene,
      selection,
      cameras,
      cameraSource,
      backend,
      options: hole ? { ...options, painted: { camera: hole.camera, mask: hole.mask } } : options,
      filledBy,
      models: () => ({ inpainter: inpainter.make(), prior: prior?.prior }),
      wantsReport,
    },
    progress,
    signal,
  );

  start = performance.now();
  progress.update(0.97, `write ${basename(output)}`);
  const written = await writeScene(mended, { path: output, format }, [], signal);
  const files = [...written.files, ...(await writeReport(flags.report, report))];
  progress.stop();
  if (reportFailure !== undefined) {
    const { code, message } = toFailure(reportFailure);
    throw new SplatmendError(code, `${message}; the mended scene was written to ${output}`, {
      cause: reportFailure,
    });
  }
  return {
    ok: true,
    input: sceneJson,
    output: written.output,
    cameras: { source, count: cameras.length },
    backend: done.backend,
    options,
    inpainter: inpainter.json,
    ...(prior && { priorDepth: prior.json }),
    figures: result.figures,
    report: report === undefined ? null : (files.at(-1) ?? null),
    files,
    seconds: { read, ...done.seconds, write: secondsSince(start) },
    versions: versions(),
  };
}

function checkTogether({ saveReference, edited, report }: RemoveFlags): void {
  if (saveReference !== undefined && (edited !== undefined || report !== undefined)) {
    throw new SplatmendError(
      'bad-option',
      'remove: --save-reference mends nothing yet; give it without --edited and --report',
    );
  }
}

async function saveReference(
  path: string,
  hole: HolePreview,
  signal: AbortSignal,
): Promise<ReferenceJson> {
  const png = referencePng(hole);
  throwIfCancelled(signal);
  await writeWhole(path, png);
  const { width, height } = hole.rgb;
  const reference = { path, width, height, holePixels: countMask(hole.mask) };
  return { ok: true, reference, files: [path] };
}

/** The paths written, the page last. */
async function writeReport(
  folder: string | undefined,
  files: ReadonlyMap<string, Uint8Array> | undefined,
): Promise<string[]> {
  const written: string[] = [];
  if (folder === undefined || files === undefined) return written;
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    await writeWhole(path, bytes);
    written.push(path);
  }
  return written;
}
