/**
 * `npm run bench -- fillers [--objects vase,pear …] [--splats 60000] [--views 3] [--resolution 384] [--iopaint PROGRAM]
 * [--onnx FILE] [--pictures DIR] [--dry]`: the same holes of the sample scene filled by the built-in filler, ONNX models
 * (small ones of our own with LaMa's and MI-GAN's tensors, which mean what is around; or FILE), a server (IOPaint with its OpenCV
 * model, where it is installed: `iopaint` on PATH or PROGRAM) and a person who paints the truth into the first view, against
 * that truth from held cameras. Writes bench/results/fillers.json and .md (not with --dry).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import { countMask } from '../core/image.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookOnce } from '../core/look-once.ts';
import type { PaintedMask, RemoveOptions } from '../core/remove-types.ts';
import {
  generateTabletop,
  type TabletopObject,
  type TabletopScene,
} from '../samples/scenes/tabletop.ts';
import { findProgram, type RealServer, startProgram } from '../test/servers/support/real-server.ts';
import { lamaModel, miganModel } from '../test/support/onnx-paint-models.ts';
import { createByHand } from '../workers/inpainters/by-hand.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { createOnnxInpainter } from '../workers/inpainters/onnx.ts';
import { createServerInpainter } from '../workers/inpainters/servers/server-inpainter.ts';
import { openInpaint } from '../workers/models/inpaint-session.ts';
import { nodeRuntime } from '../workers/models/node-runtime.ts';
import { useRuntime } from '../workers/models/onnx.ts';
import { previewHole } from '../workers/preview-hole.ts';
import { remove } from '../workers/remove.ts';
import { createHeldTruth } from './score/picture-score.ts';
import { pictureStrip } from './score/picture-strip.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';
import { meanOf, selectObject, userCamera } from './score/remove-known.ts';

const HELD_PX = 256;

interface Filler {
  name: string;
  /** Anew for each object. @returns its inpainter, and the mask that it paints; undefined where it has nothing to paint */
  make(
    scene: TabletopScene,
    object: TabletopObject,
  ): Promise<{ inpainter: Inpainter; painted?: PaintedMask } | undefined>;
}

async function onnx(name: string, blob: Blob, file: string): Promise<Filler> {
  const session = await openInpaint({ file: { name: file, blob } });
  const { id, size } = session.info;
  const inpainter = createOnnxInpainter({ id, who: file, size, cancel: false }, (image, mask) =>
    session.paint(image, mask),
  );
  return { name, make: async () => ({ inpainter }) };
}

/** What the first view would show without the object, painted into its hole. */
function byHand(kernels: Kernels, options: RemoveOptions): Filler {
  return {
    name: 'by hand: the truth in the first view',
    async make(scene, object) {
      const selection = selectObject(scene, object);
      const { camera, mask } = await previewHole(
        scene.cloud,
        selection,
        userCamera(scene, object),
        kernels,
        options,
      );
      if (countMask(mask) === 0) return undefined;
      const { rgb } = await lookOnce(kernels, scene.truthWithout(object.id), camera);
      const inpainter = createByHand(rgb, mask, createExemplarInpainter());
      return { inpainter, painted: { camera, mask } };
    },
  };
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      objects: { type: 'string', default: 'vase,pear' },
      splats: { type: 'string', default: '60000' },
      views: { type: 'string', default: '3' },
      resolution: { type: 'string', default: '384' },
      iopaint: { type: 'string' },
      onnx: { type: 'string' },
      pictures: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  const options = { views: Number(values.views), resolution: Number(values.resolution) };
  const kernels = createCpuKernels();
  useRuntime(() => nodeRuntime(1));
  const fillers: Filler[] = [
    { name: 'built in', make: async () => ({ inpainter: createExemplarInpainter() }) },
  ];
  if (values.onnx === undefined) {
    fillers.push(await onnx('ONNX, LaMa’s tensors (a mean)', lamaModel(), 'lama.onnx'));
    fillers.push(await onnx('ONNX, MI-GAN’s tensors (a mean)', miganModel(), 'mi-gan.onnx'));
  } else {
    const name = basename(values.onnx);
    fillers.push(await onnx(`ONNX, ${name}`, new Blob([await readFile(values.onnx)]), name));
  }
  const program = values.iopaint ?? findProgram('SPLATMEND_IOPAINT', 'iopaint');
  let server: RealServer | undefined;
  if (program === undefined) console.log('IOPaint is not installed: no server in the table');
  else {
    const start = (port: number) => [
      'start',
      '--model=cv2',
      '--device=cpu',
      '--host=127.0.0.1',
      `--port=${port}`,
    ];
    server = await startProgram(program, start, '/api/v1/model');
    const inpainter = createServerInpainter({ kind: 'iopaint', address: server.address });
    fillers.push({ name: 'server: IOPaint (OpenCV)', make: async () => ({ inpainter }) });
  }
  fillers.push(byHand(kernels, options));
  const rows: Row[] = [];
  try {
    const scene = generateTabletop({ splats: Number(values.splats) });
    for (const name of values.objects.split(',')) {
      const object = scene.objects.find((o) => o.name === name);
      if (object === undefined) throw new Error(`fillers: the sample has no ${name}`);
      rows.push(...(await fillOne(scene, object, fillers, kernels, options, values.pictures)));
    }
  } finally {
    server?.stop();
  }
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const paths = [values.pictures, values.iopaint, values.onnx];
  const shown = args.map((a) => (paths.includes(a) ? `…/${basename(a)}` : a)).join(' ');
  const origin = originOf(`npm run bench -- fillers ${shown}`.trim(), kernels.description);
  const title = 'The same holes of the sample scene, filled by each filler; held cameras';
  console.log(await record('fillers', title, origin, rows));
}

async function fillOne(
  scene: TabletopScene,
  object: TabletopObject,
  fillers: readonly Filler[],
  kernels: Kernels,
  options: RemoveOptions,
  folder: string | undefined,
): Promise<Row[]> {
  const selection = selectObject(scene, object);
  const camera = userCamera(scene, object);
  const held = await createHeldTruth(scene, object, kernels, HELD_PX);
  const rows: Row[] = [];
  const strip = [];
  for (const { name, make } of fillers) {
    const made = await make(scene, object);
    if (made === undefined) {
      console.log(`${object.name}\t${name}: no hole shows in that view`);
      continue;
    }
    const { inpainter, painted } = made;
    const { patch, figures } = await remove(
      scene.cloud,
      selection,
      [camera],
      kernels,
      { inpainter },
      painted ? { ...options, painted } : options,
    );
    const scores = await held.score(patch);
    const row: Row = {
      object: object.name,
      filler: name,
      'hole’s box dB': Number(meanOf(scores, 'boxDb').toFixed(1)),
      'hidden surface dB': Number(meanOf(scores, 'hiddenDb').toFixed(1)),
      filled: Number(figures.coverage.toFixed(3)),
      'seam in colour': Number(figures.seamColour.toFixed(3)),
      'inpaint s': Number((figures.seconds.inpaint ?? 0).toFixed(1)),
    };
    rows.push(row);
    console.log(Object.values(row).join('\t'));
    const { before, result, truth } = scores[0]!.pictures;
    if (strip.length === 0) strip.push(before, truth);
    strip.push(result);
  }
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${object.name}.png`), pictureStrip([strip]));
  }
  return rows;
}
