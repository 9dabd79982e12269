// Accepts: the built command line fills by an ONNX model of our own (LaMa's tensors, made greener by 0.5 than anything in the
// scene) and by a picture painted by hand (magenta): the new splats of the first view have that colour within 0.15, survivors
// keep their bits; what cannot be used has the exit codes of docs/cli.md and writes nothing. Scene seed 5.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReferenceJson, RemoveJson } from '../../cli/remove-json.ts';
import { cameraToJson } from '../../core/camera.ts';
import { readSplats, writeSplats } from '../../core/formats/index.ts';
import { SH_C0 } from '../../core/splat-cloud.ts';
import { depthModel, interleavedModel, lamaModel } from '../support/onnx-paint-models.ts';
import { buildCli, removeBuild, runCli, temporaryFolder } from './support/run-cli.ts';
import { BALL_SPLATS, tinyCamera, tinyScene } from './support/tiny-scene.ts';

let script: string;
let sceneBytes: Uint8Array;
let folder: string;
const at = (name: string) => join(folder, name);
const BALL = ['--box', '0,-0.1,0,0.11,0.098,0.11'];
const remove = (...args: string[]) =>
  runCli(script, ['remove', at('t.ply'), ...BALL, '--backend', 'cpu', '--views', '1', ...args]);

beforeAll(async () => {
  script = await buildCli('inpainter');
  sceneBytes = await writeSplats(tinyScene(), 'ply');
});
afterAll(() => removeBuild(script));
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(at('t.ply'), sceneBytes);
  writeFileSync(at('camera.json'), JSON.stringify(cameraToJson(tinyCamera())));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = async (name: string, model: Blob) =>
  writeFileSync(at(name), new Uint8Array(await model.arrayBuffer()));

/** Mean colour of the splats that the mended scene has more, and that its survivors are the scene's bits. */
async function addedColour(path: string): Promise<number[]> {
  const { cloud } = await readSplats(new Uint8Array(readFileSync(path)), path);
  const before = tinyScene();
  const kept = before.count - BALL_SPLATS;
  expect(cloud.positions.slice(0, kept * 3)).toEqual(before.positions.slice(0, kept * 3));
  expect(cloud.dc.slice(0, kept * 3)).toEqual(before.dc.slice(0, kept * 3));
  const sum = [0, 0, 0];
  for (let i = kept; i < cloud.count; i++) {
    for (let c = 0; c < 3; c++) sum[c]! += 0.5 + SH_C0 * cloud.dc[i * 3 + c]!;
  }
  return sum.map((v) => v / (cloud.count - kept));
}

describe('--inpainter', () => {
  it('onnx:FILE: the model’s picture is lifted, and the result says which file it was', async () => {
    await write('filler.onnx', lamaModel({ tint: [0, 0.5, 0] }));
    const built = await remove('-o', at('built.ply'), '--json', '--quiet');
    expect((JSON.parse(built.stdout) as RemoveJson).inpainter).toEqual({ id: 'exemplar' });
    const run = await remove('--inpainter', `onnx:${at('filler.onnx')}`, '--json', '--quiet');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect((JSON.parse(run.stdout) as RemoveJson).inpainter).toEqual({
      id: 'lama',
      provider: 'wasm',
      model: {
        name: 'filler.onnx',
        bytes: readFileSync(at('filler.onnx')).length,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    const plain = await addedColour(at('built.ply'));
    const painted = await addedColour(at('t.mended.ply'));
    expect(painted[1]! - plain[1]!).toBeGreaterThan(0.3);
    expect(Math.abs(painted[0]! - plain[0]!)).toBeLessThan(0.15);
  });

  it('onnx:FILE,MANIFEST.json: another maker’s model', async () => {
    await write('other.onnx', interleavedModel());
    const manifest = {
      id: 'other',
      image: { name: 'rgb', layout: 'nhwc', range: [-1, 1] },
      mask: { name: 'valid', hole: 0, known: 1 },
      output: { name: 'painted', range: [-1, 1] },
      size: { multiple: 8, least: 64, most: 256 },
    };
    writeFileSync(at('other.json'), JSON.stringify(manifest));
    const flag = `onnx:${at('other.onnx')},${at('other.json')}`;
    const run = await remove('--inpainter', flag, '--json', '--quiet');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ inpainter: { id: 'other' } });
  });

  it('--prior-depth onnx:FILE: is asked, and said', async () => {
    await write('depth.onnx', depthModel());
    const run = await remove('--prior-depth', `onnx:${at('depth.onnx')}`, '--json', '--quiet');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const json = JSON.parse(run.stdout) as RemoveJson;
    expect(json.priorDepth).toMatchObject({
      id: 'depth-anything-v2',
      model: { name: 'depth.onnx' },
    });
    expect(json.figures.seconds['guess depth']).toBeGreaterThan(0);
    await addedColour(at('t.mended.ply'));
  });

  it('what cannot be used has its exit code, and nothing is written', async () => {
    await write('nan.onnx', lamaModel({ shift: Number.NaN }));
    await write('names.onnx', lamaModel({ names: { image: 'x' } }));
    writeFileSync(at('noise.onnx'), new Uint8Array(500).fill(7));
    writeFileSync(at('wrong.json'), '{ "image": {} }');
    const before = readdirSync(folder);
    const told = async (exit: number, code: string, who: string) => {
      const run = await remove('--inpainter', who, '--json', '--quiet');
      expect(JSON.parse(run.stdout), who).toMatchObject({ ok: false, code, exitCode: exit });
      expect(run.code, who).toBe(exit);
      expect(readdirSync(folder)).toEqual(before);
    };
    await told(2, 'bad-option', 'dall-e');
    await told(2, 'bad-option', 'onnx:');
    await told(2, 'bad-option', `onnx:${at('nan.onnx')},${at('wrong.json')}`);
    await told(3, 'not-readable', `onnx:${at('none.onnx')}`);
    await told(3, 'bad-file', `onnx:${at('noise.onnx')}`);
    await told(3, 'bad-file', `onnx:${at('names.onnx')}`);
    await told(8, 'bad-answer', `onnx:${at('nan.onnx')}`);
  });
});

describe('by hand', () => {
  const CAMERA = () => ['--camera', at('camera.json')];

  /** The saved picture, and what lay beside it then; made once. */
  let saved: Promise<ReferenceJson & { files: string[]; bytes: Uint8Array }> | undefined;
  async function save() {
    const run = await remove(...CAMERA(), '--save-reference', at('ref.png'), '--json', '--quiet');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const json = JSON.parse(run.stdout) as ReferenceJson;
    return { ...json, files: readdirSync(folder).sort(), bytes: readFileSync(at('ref.png')) };
  }
  const savedReference = () => {
    saved ??= save();
    return saved;
  };

  it('saves the picture with a transparent hole; painted, it fills that hole', async () => {
    const { reference, files, bytes } = await savedReference();
    expect(files).toEqual(['camera.json', 'ref.png', 't.ply']);
    const png = decode(bytes);
    expect([png.width, png.height, png.channels]).toEqual([reference.width, reference.height, 4]);
    const data = Uint8Array.from(png.data);
    let hole = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 255) continue;
      expect(data[i + 3]).toBe(0);
      hole++;
      data.set([255, 0, 255, 255], i);
    }
    expect(hole).toBe(reference.holePixels);
    expect(hole).toBeGreaterThan(50);
    writeFileSync(at('painted.png'), encode({ ...png, data }));

    const run = await remove(...CAMERA(), '--edited', at('painted.png'), '--json', '--quiet');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const json = JSON.parse(run.stdout) as RemoveJson;
    expect(json.inpainter).toMatchObject({ id: 'by-hand', rest: { id: 'exemplar' } });
    const [r, g, b] = await addedColour(at('t.mended.ply'));
    expect(r).toBeGreaterThan(0.75);
    expect(g).toBeLessThan(0.25);
    expect(b).toBeGreaterThan(0.75);
  });

  it('says what is missing', async () => {
    const told = async (exit: number, code: string, ...args: string[]) => {
      const run = await remove(...args, '--json', '--quiet');
      expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, code, exitCode: exit });
    };
    writeFileSync(at('ref.png'), (await savedReference()).bytes);
    await told(2, 'bad-option', '--save-reference', at('other.png'));
    await told(5, 'not-writable', ...CAMERA(), '--save-reference', at('ref.png'));
    await told(
      2,
      'bad-option',
      ...CAMERA(),
      '--save-reference',
      at('x.png'),
      '--edited',
      at('y.png'),
    );
    // Nobody has painted on it yet.
    await told(8, 'bad-answer', ...CAMERA(), '--edited', at('ref.png'));
    const wide = encode({
      width: 40,
      height: 10,
      data: new Uint8Array(1200),
      channels: 3,
      depth: 8,
    });
    writeFileSync(at('wide.png'), wide);
    await told(8, 'bad-answer', ...CAMERA(), '--edited', at('wide.png'));
    await told(3, 'unsupported-file', ...CAMERA(), '--edited', at('t.ply'));
    expect(readdirSync(folder)).not.toContain('t.mended.ply');
  });
});
