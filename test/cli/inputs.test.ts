// Accepts: every flag and file form of docs/cli.md is read as written there, everything else is refused with
// its code. Exact comparisons: parsing has no tolerance.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCameras, readCameras } from '../../cli/camera-input.ts';
import { EXIT_CODES } from '../../cli/exit-codes.ts';
import {
  checkWritableFile,
  checkWritableFolder,
  readBytes,
  readJson,
  writeWhole,
} from '../../cli/files.ts';
import { defaultOutput, outputFormat } from '../../cli/output-path.ts';
import {
  parseBox,
  parseSelectionInput,
  parseSphere,
  readSelectionInput,
  selectOn,
} from '../../cli/selection-input.ts';
import { ERROR_CODES } from '../../core/errors.ts';
import { countSelected } from '../../core/selection.ts';
import { writeSelections } from '../../core/selection-file.ts';
import { copySplats } from '../../core/splat-cloud.ts';
import { isSoftwareAdapter } from '../../workers/gpu/software-adapter.ts';
import { BALL_SPLATS, tinyCamera, tinyCase, tinyScene } from './support/tiny-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'splatmend-inputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (name: string, content: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

describe('exit codes', () => {
  it('has one for every error code, none of them 0', () => {
    for (const code of ERROR_CODES) expect(EXIT_CODES[code], code).toBeGreaterThan(0);
  });
  it('are the ones that docs/cli.md lists', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
    for (const [code, exit] of Object.entries(EXIT_CODES)) {
      expect(page, code).toMatch(new RegExp(`^\\| ${exit} \\|.*\`${code}\``, 'm'));
    }
  });
});

describe('--box and --sphere', () => {
  it('reads numbers, negative and exponential ones too', () => {
    expect(parseBox('-1,2.5,3e-1,0.1,0.2,0.3')).toMatchObject({
      shape: 'box',
      center: [-1, 2.5, 0.3],
      halfExtents: [0.1, 0.2, 0.3],
      axes: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    });
    expect(parseSphere('0,0,0,2')).toEqual({ shape: 'sphere', center: [0, 0, 0], radius: 2 });
  });
  it.each([
    '1,2,3',
    '1,2,3,4,5,6,7',
    'a,b,c,d,e,f',
    '0,0,0,1,1,0',
    '0,0,,1,1,1',
    '0,0,0,1,1,Infinity',
    '',
  ])('refuses --box %j', (text) => {
    expect(() => parseBox(text)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
  it.each(['1,2,3', '0,0,0,-1', '0,0,0,NaN'])('refuses --sphere %j', (text) => {
    expect(() => parseSphere(text)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
  it('wants exactly one selection', async () => {
    for (const flags of [{}, { box: '0,0,0,1,1,1', sphere: '0,0,0,1' }]) {
      await expect(readSelectionInput(flags)).rejects.toMatchObject({ code: 'bad-option' });
    }
  });
});

describe('--selection', () => {
  const scene = tinyScene();
  it('reads a whole case.json, the bare volume, and a box file, all the same', async () => {
    const whole = fileOf('case.json', tinyCase());
    const bare = fileOf('bare.json', tinyCase().select);
    const inputs = await Promise.all([
      readSelectionInput({ selection: whole }),
      readSelectionInput({ selection: bare }),
      readSelectionInput({ box: bare }),
    ]);
    for (const input of inputs) {
      expect(countSelected(selectOn(scene, input))).toBe(BALL_SPLATS);
    }
  });
  it('reads a file of selections saved in the editor: all that it holds, on its own scene only', () => {
    const half = Uint8Array.from({ length: scene.count }, (_, i) => (i % 2 === 0 ? 1 : 0));
    const first = half.map((_, i) => (i === 1 ? 1 : 0));
    const text = writeSelections(scene, [
      { name: 'half', selection: half },
      { name: 'first', selection: first },
    ]);
    const input = parseSelectionInput(JSON.parse(text));
    expect(selectOn(scene, input)).toEqual(half.map((v, i) => v | first[i]!));
    const moved = copySplats(scene);
    moved.positions[0]! += 1;
    expect(() => selectOn(moved, input)).toThrowError(
      expect.objectContaining({ code: 'bad-selection' }),
    );
  });

  it('reads row numbers and a saved selection', () => {
    for (const json of [[3, 1], { rows: [3, 1] }, { rows: [3, 1], count: scene.count }]) {
      const selection = selectOn(scene, parseSelectionInput(json));
      expect(countSelected(selection)).toBe(2);
      expect([selection[1], selection[3]]).toEqual([1, 1]);
    }
  });
  it.each([
    { name: 'a row beyond the end', json: [scene.count] },
    { name: 'a negative row', json: [-1] },
    { name: 'half a row', json: [0.5] },
    { name: 'text for a row', json: ['1'] },
    { name: 'another scene', json: { rows: [0], count: scene.count + 1 } },
  ])('refuses $name', ({ json }) => {
    expect(() => selectOn(scene, parseSelectionInput(json))).toThrow(
      expect.objectContaining({ code: 'bad-selection' }),
    );
  });
  it.each([null, 7, 'box', {}, { select: { shape: 'cone', center: [0, 0, 0] } }])(
    'refuses %j',
    (json) => {
      expect(() => parseSelectionInput(json)).toThrow(
        expect.objectContaining({ code: 'bad-selection' }),
      );
    },
  );
  it('names a file that is missing, or no JSON', async () => {
    await expect(readSelectionInput({ selection: join(folder, 'no.json') })).rejects.toMatchObject({
      code: 'not-readable',
    });
    const broken = fileOf('broken.json', '{"shape":');
    await expect(readJson(broken, 'bad-selection')).rejects.toMatchObject({
      code: 'bad-selection',
    });
  });
});

describe('--camera', () => {
  const camera = tinyCase().cameras[0]!;
  it('reads one camera, an array, and a file with cameras', () => {
    for (const json of [camera, [camera], { cameras: [camera] }]) {
      const [read] = parseCameras(json);
      expect(read?.id).toBe('front');
      for (const [i, v] of tinyCamera().worldToCamera.entries()) {
        expect(read?.worldToCamera[i]).toBeCloseTo(v, 12);
      }
    }
  });
  it('prefers --camera, then the selection file, then none', async () => {
    const selection = parseSelectionInput(tinyCase());
    const file = fileOf('cameras.json', [camera, { ...camera, id: 'other' }]);
    expect(await readCameras(file, selection)).toMatchObject({
      source: 'camera-file',
      cameras: [{ id: 'front' }, { id: 'other' }],
    });
    expect(await readCameras(undefined, selection)).toMatchObject({
      source: 'selection-file',
      cameras: [{ id: 'front' }],
    });
    expect(await readCameras(undefined, parseSelectionInput(tinyCase().select))).toEqual({
      source: 'none',
      cameras: [],
    });
  });
  it('names the camera that is wrong', () => {
    expect(() => parseCameras([camera, { ...camera, fx: -1 }])).toThrow(/camera 2 of 2/);
    expect(() => parseCameras([])).toThrow(expect.objectContaining({ code: 'bad-camera' }));
  });
});

describe('the output', () => {
  it('is beside the input, in its format, by default', () => {
    expect(defaultOutput('/a/room.ply')).toBe('/a/room.mended.ply');
    expect(defaultOutput('b.c/room.compressed.ply')).toBe('b.c/room.mended.compressed.ply');
    expect(defaultOutput('Room.SPZ')).toBe('Room.mended.SPZ');
    expect(() => defaultOutput('room.obj')).toThrow(
      expect.objectContaining({ code: 'unknown-format' }),
    );
  });
  it('has a known extension', () => {
    expect(outputFormat('x.compressed.ply')).toBe('compressed.ply');
    expect(() => outputFormat('x.obj')).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
  it('is checked before the work, and nothing is left of the check', async () => {
    const there = fileOf('there.ply', 'x');
    mkdirSync(join(folder, 'sub.ply'));
    const refused = [
      () => checkWritableFile(there, false),
      () => checkWritableFile(join(folder, 'sub.ply'), true),
      () => checkWritableFile(join(folder, 'no', 'out.ply'), false),
      () => checkWritableFile(join(there, 'out.ply'), false),
      () => checkWritableFolder(there, 'report.html', false),
      () => checkWritableFolder(join(there, 'deep'), 'report.html', false),
    ];
    // Refused to root too.
    if (process.platform === 'linux') {
      refused.push(() => checkWritableFile('/proc/splatmend.ply', false));
      refused.push(() => checkWritableFolder('/proc/report', 'report.html', false));
    }
    for (const check of refused) {
      await expect(check()).rejects.toMatchObject({ code: 'not-writable' });
    }
    const before = readdirSync(folder);
    await checkWritableFile(there, true);
    await checkWritableFile(join(folder, 'new.ply'), false);
    await checkWritableFolder(join(folder, 'report', 'deep'), 'report.html', false);
    expect(readdirSync(folder)).toEqual(before);
  });
  it('refuses a folder that holds an earlier report, unless forced', async () => {
    mkdirSync(join(folder, 'old'));
    writeFileSync(join(folder, 'old', 'report.html'), '');
    const check = (force: boolean) =>
      checkWritableFolder(join(folder, 'old'), 'report.html', force);
    await expect(check(false)).rejects.toMatchObject({ code: 'not-writable' });
    await check(true);
  });
  it('is written whole, over what was there', async () => {
    const path = fileOf('whole.ply', 'a longer text than the new one');
    await writeWhole(path, new TextEncoder().encode('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(new TextDecoder().decode(await readBytes(path))).toBe('new');
    expect(readdirSync(folder).filter((f) => f.includes('.tmp'))).toEqual([]);
  });
});

describe('a file to read', () => {
  it.skipIf(process.platform === 'win32')('may be a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const text = JSON.stringify([...Array(30_000).keys()]);
    const [read] = await Promise.all([readJson(pipe, 'bad-selection'), writeFile(pipe, text)]);
    expect(read).toHaveLength(30_000);
  });
  it('is refused where it is larger than memory can hold', async () => {
    const path = fileOf('large.ply', 'ply');
    truncateSync(path, 2 ** 32 + 1); // sparse: takes no room
    await expect(readBytes(path)).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('software adapters', () => {
  const facts = { vendor: '', architecture: '', device: '', description: '' };
  it('are told by name or by flag', () => {
    expect(isSoftwareAdapter({ ...facts, architecture: 'swiftshader' })).toBe(true);
    expect(isSoftwareAdapter({ ...facts, description: 'llvmpipe (LLVM 15.0.6)' })).toBe(true);
    expect(isSoftwareAdapter({ ...facts, description: 'Microsoft Basic Render Driver' })).toBe(
      true,
    );
    expect(isSoftwareAdapter({ ...facts, isFallbackAdapter: true })).toBe(true);
    expect(isSoftwareAdapter({ ...facts, vendor: 'nvidia', description: 'NVIDIA H200' })).toBe(
      false,
    );
    expect(isSoftwareAdapter({ ...facts, vendor: 'apple', architecture: 'metal-3' })).toBe(false);
  });
});
