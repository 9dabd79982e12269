/**
 * Accepts: the built command refines a generated scene (floor, wall, box; five views of 96 × 72, or their middle three; holes from seed 3) from every form of
 * input to splats that lie on its surfaces (95 % within 1 % of the scene's depth), with withheld depth less than half as wrong as the
 * nearest known; output is read by NumPy, by splat-transform and by COLMAP's layout written out here; failures are named and leave nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decode } from 'fast-png';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomMask } from '../../bench/depth/masks.ts';
import type { RefineJson } from '../../cli/refine-command.ts';
import { nearestSet } from '../../core/cpu/complete-depth/nearest.ts';
import { readNpy } from '../../core/depth-files/npy.ts';
import { readSplats } from '../../core/formats/index.ts';
import { createRandom } from '../../core/random.ts';
import {
  distanceToScene,
  H,
  refineScene,
  type TestView,
  W,
  writeColmap,
  writeDust3r,
  writeFrames,
  writeVggt,
} from './support/refine-scene.ts';
import { buildCli, removeBuild, runCli, temporaryFolder } from './support/run-cli.ts';

const truth = refineScene();
const random = createRandom(3);
const masks = truth.map(() => randomMask(W, H, 0.3, random));
/** Without the masks' depth. */
const holed = (views: readonly TestView[]): TestView[] =>
  views.map((v, n) => ({ ...v, depth: v.depth.map((z, i) => (masks[n]![i] ? 0 : z)) }));
const views = holed(truth);
/** The middle ones, where what is tested is the way in or out. */
const few = views.slice(1, 4);

let script: string;
let folder: string;
const at = (name: string) => join(folder, name);

/** The frames' refinement with every output, made once and read by several tests. */
let shared: string | undefined;
let made: Promise<RefineJson> | undefined;
const inShared = (name: string) => join(shared!, name);
function framesRefined(): Promise<RefineJson> {
  made ??= (async () => {
    shared = temporaryFolder();
    const input = writeFrames(inShared('frames'), views);
    const out = ['-o', inShared('out.ply'), '--points', inShared('p.bin')];
    return refine(input, ...out, '--depths', inShared('d'), '--preview', inShared('p.png'));
  })();
  return made;
}

beforeAll(async () => {
  script = await buildCli('refine');
});
afterAll(() => {
  removeBuild(script);
  if (shared !== undefined) rmSync(shared, { recursive: true, force: true });
});
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function refine(...args: string[]): Promise<RefineJson> {
  const run = await runCli(script, ['refine', ...args, '--backend', 'cpu', '--json', '--quiet']);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as RefineJson;
}

/** Share of the points within 1 % of 3, the scene's middle depth, of a surface. */
function onSurfaces(positions: ArrayLike<number>, scale = 1): number {
  let near = 0;
  for (let i = 0; i < positions.length; i += 3) {
    const p = [0, 1, 2].map((k) => positions[i + k]! / scale);
    if (distanceToScene(p) < 0.03) near++;
  }
  return near / (positions.length / 3);
}
const readCloud = async (path: string) =>
  (await readSplats(new Uint8Array(readFileSync(path)), path)).cloud;

async function expectGood(json: RefineJson, path: string, least = 0.95) {
  const cloud = await readCloud(path);
  expect(cloud.count).toBe(json.output.splats);
  expect(cloud.count).toBe(json.figures.points);
  expect(cloud.count).toBeGreaterThan(1000);
  expect(onSurfaces(cloud.positions)).toBeGreaterThan(least);
  return cloud;
}

/** Mean relative error of the masked pixels, of nearest and of the depths that were written. */
function withheld(depths: string): { nearest: number; refined: number } {
  const sums = { nearest: 0, refined: 0, count: 0 };
  for (const [n, view] of truth.entries()) {
    const given = views[n]!.depth;
    const { index } = nearestSet(
      Uint8Array.from(given, (z) => +(z > 0)),
      W,
      H,
    );
    const { data } = readNpy(new Uint8Array(readFileSync(join(depths, `${view.id}.depth.npy`))));
    for (let i = 0; i < given.length; i++) {
      if (given[i]! > 0) expect(data[i]).toBe(given[i]);
      // Rejected pixels have no answer to judge; the test below bounds how many.
      if (masks[n]![i] === 0 || data[i] === 0) continue;
      sums.nearest += Math.abs(given[index[i]!]! / view.depth[i]! - 1);
      sums.refined += Math.abs(data[i]! / view.depth[i]! - 1);
      sums.count++;
    }
  }
  return { nearest: sums.nearest / sums.count, refined: sums.refined / sums.count };
}

describe('RGB-D frames', () => {
  it('are completed, checked and fused; known depth bit for bit', async () => {
    const json = await framesRefined();
    expect(json).toMatchObject({
      input: { path: inShared('frames'), kind: 'RGB-D frames', views: 5, notes: [] },
      output: { path: inShared('out.ply'), format: 'ply' },
      options: { spacingPx: 2, minConfidence: null },
      figures: { views: 5, pixels: 5 * W * H, outside: 0 },
    });
    const f = json.figures;
    expect(f.known + f.fromOthers + f.filled).toBeCloseTo(1, 9);
    expect(f.fromOthers).toBeGreaterThan(0.03);
    expect(f.rejected).toBeLessThan(0.03 * f.pixels);
    expect(f.agreement.before.covered).toBeCloseTo(f.known, 2);
    expect(f.agreement.completed.covered).toBe(1);
    expect(f.agreement.after.confirmed).toBeGreaterThan(1.2 * f.agreement.before.confirmed);
    expect(f.agreement.after.through).toBeLessThan(0.02);
    await expectGood(json, inShared('out.ply'));
    const errors = withheld(inShared('d'));
    expect(errors.refined).toBeLessThan(0.5 * errors.nearest);
    expect(json.files).toHaveLength(3 + 2 * 5);
    for (const path of json.files) expect(existsSync(path), path).toBe(true);
    const preview = decode(readFileSync(inShared('p.png')));
    expect([preview.width, preview.height]).toEqual([4 * W, 4 * H]);
  });
  it('give the same at a hundred times the size', async () => {
    const large = writeFrames(at('large'), holed(refineScene(128)));
    const one = await framesRefined();
    const many = await refine(large, '-o', at('128.ply'));
    expect(many.figures.tolerance).toBeCloseTo(one.figures.tolerance, 6);
    expect(Math.abs(many.figures.points / one.figures.points - 1)).toBeLessThan(1e-3);
    expect(onSurfaces((await readCloud(at('128.ply'))).positions, 128)).toBeGreaterThan(0.95);
  });
  it('of every second view, coarser, as SPZ', async () => {
    const input = writeFrames(at('frames'), views);
    const fine = await refine(input, '-o', at('a.ply'), '--every', '2');
    const flags = ['--every', '2', '--spacing', '4', '--max-side', '72'];
    const coarse = await refine(input, '-o', at('b.spz'), ...flags);
    expect(coarse.input.views).toBe(3);
    expect(coarse.figures.pixels).toBe(3 * 72 * 54);
    // Cells of (4 · 96 / 72 / 2)² times the area.
    const ratio = fine.figures.points / coarse.figures.points;
    expect(ratio).toBeGreaterThan(4);
    expect(ratio).toBeLessThan(11);
    await expectGood(fine, at('a.ply'));
  });
});

describe('COLMAP', () => {
  it('dense depth maps, text and binary to the same answer', async () => {
    const text = writeColmap(at('text'), few, { ending: 'txt', dense: true });
    const binary = writeColmap(at('bin'), few, { ending: 'bin', dense: true });
    const a = await refine(text, '-o', at('a.ply'));
    expect(a.input).toMatchObject({ kind: 'COLMAP, dense depth maps', views: 3, notes: [] });
    await expectGood(a, at('a.ply'));
    await refine(binary, '-o', at('b.ply'));
    expect(readFileSync(at('b.ply')).equals(readFileSync(at('a.ply')))).toBe(true);
  });
  it('observed points alone, one of 25 pixels', async () => {
    const input = writeColmap(at('c'), truth.slice(1, 4), {
      ...{ ending: 'bin', dense: false, every: 25 },
    });
    const json = await refine(input, '-o', at('a.ply'), '--depths', at('d'));
    expect(json.input.kind).toBe('COLMAP, observed points');
    expect(json.figures.known).toBeCloseTo(1 / 25, 2);
    // Points are few: the box's outline is the picture's.
    await expectGood(json, at('a.ply'), 0.9);
  });
  it('names what it cannot use', async () => {
    const input = writeColmap(at('c'), views, { ending: 'txt', dense: true });
    const cameras = join(input, 'sparse/0/cameras.txt');
    const said = async (text: string) => {
      writeFileSync(cameras, text);
      const run = await runCli(script, ['refine', input, '-o', at('o.ply'), '--json']);
      expect(existsSync(at('o.ply'))).toBe(false);
      return JSON.parse(run.stdout) as { code: string; message: string; exitCode: number };
    };
    expect(await said(`1 OPENCV ${W} ${H} 84 84 47 37 0.1 0 0 0\n`)).toMatchObject({
      code: 'unsupported-file',
      exitCode: 3,
      message: expect.stringContaining('image_undistorter'),
    });
    expect(await said(`2 PINHOLE ${W} ${H} 84 84 47 37\n`)).toMatchObject({ code: 'bad-file' });
    expect(await said(`1 PINHOLE ${W} ${H} 84 x 47 37\n`)).toMatchObject({ code: 'bad-file' });
    writeFileSync(cameras, `1 PINHOLE ${W} ${H} 84 84 47 37\n`);
    const images = join(input, 'sparse/0/images.txt');
    const text = readFileSync(images, 'utf8');
    writeFileSync(images, text.replace('v1.png', '../../v1.png'));
    expect(await said(readFileSync(cameras, 'utf8'))).toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('leads out'),
    });
    writeFileSync(images, text);
    writeFileSync(join(input, 'stereo/depth_maps/v2.png.geometric.bin'), '9000&9000&1&abc');
    expect(await said(readFileSync(cameras, 'utf8'))).toMatchObject({ code: 'bad-file' });
  });
  it('a count that the file does not hold is refused before anything is made', async () => {
    const input = writeColmap(at('c'), views, { ending: 'bin', dense: false });
    const images = readFileSync(join(input, 'sparse/0/images.bin'));
    images.writeBigUInt64LE(2n ** 40n);
    writeFileSync(join(input, 'sparse/0/images.bin'), images);
    const run = await runCli(script, ['refine', input, '-o', at('o.ply'), '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ code: 'bad-file', exitCode: 3 });
  });
});

describe('NumPy archives', () => {
  /** Outside the masks sure, inside wrong by a third and unsure. */
  const guessed = truth.slice(1, 4).map((v, n) => ({
    ...v,
    depth: v.depth.map((z, i) => (masks[n + 1]![i] ? z * 1.3 : z)),
  }));
  const confidence = (n: number, i: number) => (masks[n + 1]![i] ? 1.1 : 6 + (i % 5));
  it("DUSt3R's: what is not sure is not believed, whichever way the poses go", async () => {
    const input = writeDust3r(at('a.npz'), guessed, confidence);
    const json = await refine(input, '-o', at('a.ply'), '--min-confidence', '3');
    expect(json.input.kind).toBe('NumPy archive, points a pixel with confidence');
    await expectGood(json, at('a.ply'));
    const turned = writeDust3r(at('b.npz'), guessed, confidence, true);
    const other = await refine(turned, '-o', at('b.ply'), '--min-confidence', '3');
    expect(other.input.notes.join()).toContain('the other way round');
    const [a, b] = [await readCloud(at('a.ply')), await readCloud(at('b.ply'))];
    expect(Math.abs(a.count / b.count - 1)).toBeLessThan(0.01);
    // Believed, they are off.
    await refine(input, '-o', at('c.ply'), '--min-confidence', '0');
    expect(onSurfaces((await readCloud(at('c.ply'))).positions)).toBeLessThan(0.9);
  });
  it("VGGT's, to the same place as the frames' within a tenth of a pixel", async () => {
    const json = await refine(
      writeVggt(at('v.npz'), views),
      '-o',
      at('a.ply'),
      '--min-confidence',
      '2',
    );
    expect(json.input).toMatchObject({
      kind: 'NumPy archive, depth a pixel with confidence',
      views: 5,
    });
    const cloud = await expectGood(json, at('a.ply'));
    await framesRefined();
    const frames = await readCloud(inShared('out.ply'));
    // A pixel is 0.048 wide at the wall.
    expect(Math.abs(frames.count / cloud.count - 1)).toBeLessThan(0.01);
    const mean = (c: typeof cloud) =>
      [0, 1, 2].map(
        (k) => c.positions.filter((_, i) => i % 3 === k).reduce((a, b) => a + b, 0) / c.count,
      );
    for (const [k, v] of mean(cloud).entries()) expect(v).toBeCloseTo(mean(frames)[k]!, 2);
  });
  it('say what is missing or does not fit', async () => {
    const said = async (path: string) => {
      const run = await runCli(script, ['refine', path, '-o', at('o.ply'), '--json']);
      return JSON.parse(run.stdout) as { code: string; message: string };
    };
    writeFileSync(at('no.npz'), 'PKnothing');
    expect((await said(at('no.npz'))).code).toBe('bad-file');
    const wide = truth.map((v) => ({ ...v, camera: { ...v.camera, fx: 2 * v.camera.fx } }));
    const good = readFileSync(writeDust3r(at('a.npz'), truth, () => 9));
    const files = unzipSync(good);
    const { 'poses.npy': poses, ...others } = files;
    writeFileSync(at('none.npz'), zipSync(others));
    expect((await said(at('none.npz'))).message).toContain('no poses');
    const { 'focals.npy': focals } = unzipSync(
      readFileSync(writeDust3r(at('b.npz'), wide, () => 9)),
    );
    writeFileSync(
      at('mixed.npz'),
      zipSync({ ...others, 'poses.npy': poses!, 'focals.npy': focals! }),
    );
    expect((await said(at('mixed.npz'))).message).toContain('pixels off their own');
    writeFileSync(at('cut.npz'), good.subarray(0, good.length >> 1));
    expect((await said(at('cut.npz'))).code).toBe('bad-file');
  });
});

describe('output', () => {
  it("points3D as text and binary in COLMAP's layout, and as PLY, are one set", async () => {
    const input = writeFrames(at('f'), views.slice(1, 3));
    const small = ['--max-side', '48'];
    await refine(input, '-o', at('a.ply'), ...small, '--points', at('points3D.txt'));
    await refine(input, '-o', at('b.ply'), ...small, '--points', at('points3D.bin'));
    await refine(input, '-o', at('c.ply'), ...small, '--points', at('points3D.ply'));
    const cloud = await readCloud(at('a.ply'));
    const text = readFileSync(at('points3D.txt'), 'utf8')
      .split('\n')
      .filter((l) => l && !l.startsWith('#'));
    // As COLMAP's read_write_model.py reads it: u64 count; u64 id, 3 f64, 3 u8, f64 error, u64 track length.
    const b = readFileSync(at('points3D.bin'));
    expect(cloud.count).toBeGreaterThan(200);
    expect(Number(b.readBigUInt64LE(0))).toBe(cloud.count);
    expect(b.length).toBe(8 + 51 * cloud.count);
    expect(text).toHaveLength(cloud.count);
    for (let i = 0; i < cloud.count; i += 17) {
      const o = 8 + 51 * i;
      const xyz = [0, 1, 2].map((k) => b.readDoubleLE(o + 8 + 8 * k));
      expect(xyz).toEqual([...cloud.positions.subarray(3 * i, 3 * i + 3)]);
      expect(Number(b.readBigUInt64LE(o + 43))).toBe(0);
      const words = text[i]!.split(' ').map(Number);
      expect(words.slice(1, 4).map(Math.fround)).toEqual(xyz);
      expect(words.slice(4, 7)).toEqual([...b.subarray(o + 32, o + 35)]);
      for (let c = 0; c < 3; c++) {
        expect(0.5 + 0.28209479177387814 * cloud.dc[3 * i + c]!).toBeCloseTo(
          words[4 + c]! / 255,
          4,
        );
      }
    }
    const ply = readFileSync(at('points3D.ply'));
    const start = ply.indexOf('end_header\n') + 11;
    expect(ply.length - start).toBe(27 * cloud.count);
    expect(ply.readFloatLE(start)).toBe(cloud.positions[0]);
  });
  it('splats are read by splat-transform', async () => {
    await framesRefined();
    const { readPly, MemoryReadFileSystem } = await import('@playcanvas/splat-transform');
    const files = new MemoryReadFileSystem();
    files.set('a.ply', new Uint8Array(readFileSync(inShared('out.ply'))));
    const table = await readPly(await files.createSource('a.ply'));
    const cloud = await readCloud(inShared('out.ply'));
    const x = table.getColumnByName('x')!.data;
    expect(x.length).toBe(cloud.count);
    expect(x[5]).toBe(cloud.positions[15]);
    const opacity = table.getColumnByName('opacity')!.data[0]!;
    expect(1 / (1 + Math.exp(-opacity))).toBeCloseTo(0.95, 5);
  });
  const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
  it.skipIf(!numpy)('splats are what a trainer expects, by NumPy', async () => {
    await framesRefined();
    const code = `
import numpy as np, sys
raw = open(sys.argv[1], 'rb').read()
head, body = raw.split(b'end_header\\n', 1)
lines = head.decode().split('\\n')
n = [int(l.split()[2]) for l in lines if l.startswith('element vertex')][0]
names = [l.split()[2] for l in lines if l.startswith('property float')]
a = np.frombuffer(body, np.dtype([(k, '<f4') for k in names]))
assert len(a) == n and all(np.isfinite(a[k]).all() for k in names)
need = 'x y z f_dc_0 f_dc_1 f_dc_2 opacity scale_0 scale_1 scale_2 rot_0 rot_1 rot_2 rot_3'.split()
assert all(k in names for k in need), names
q = np.stack([a[f'rot_{k}'] for k in range(4)]); assert np.abs(np.linalg.norm(q, axis=0) - 1).max() < 1e-5
s = np.exp(np.stack([a[f'scale_{k}'] for k in range(3)]))
print((s[0] == s[1]).all() and (s[2] < s[0]).all(), 0.005 < np.median(s[0]) < 0.2)`;
    const read = spawnSync('python3', ['-c', code, inShared('out.ply')], { encoding: 'utf8' });
    expect(read.stderr).toBe('');
    expect(read.stdout.trim()).toBe('True True');
  });
});

describe('failures', () => {
  const refused = async (exit: number, code: string, ...args: string[]) => {
    const before = readdirSync(folder).sort();
    const run = await runCli(script, ['refine', ...args, '--json']);
    expect(JSON.parse(run.stdout), args.join(' ')).toMatchObject({ ok: false, code });
    expect(run.code).toBe(exit);
    expect(readdirSync(folder).sort()).toEqual(before);
  };
  it('2, 3 and 5', async () => {
    const input = writeFrames(at('f'), views.slice(0, 2));
    mkdirSync(at('empty'));
    writeFileSync(at('x.json'), '{}');
    const out = ['-o', at('o.ply')];
    await refused(2, 'bad-option', input);
    await refused(2, 'bad-option', input, '-o', at('o.obj'));
    await refused(2, 'bad-option', input, ...out, '--min-confidence', 'much');
    await refused(2, 'bad-option', input, ...out, '--points', at('p.las'));
    await refused(3, 'not-readable', at('no'), ...out);
    await refused(3, 'unknown-format', at('empty'), ...out);
    await refused(3, 'unknown-format', at('x.json'), ...out);
    await refused(5, 'not-writable', input, '-o', at('no/such/o.ply'));
    writeFileSync(
      join(input, 'v0.depth.npy'),
      readFileSync(join(input, 'v0.depth.npy')).subarray(0, 500),
    );
    await refused(3, 'bad-file', input, ...out);
    const none = truth.slice(0, 2).map((v) => ({ ...v, depth: new Float32Array(W * H) }));
    await refused(3, 'bad-file', writeFrames(at('f'), none), ...out);
    writeFileSync(join(input, 'frames.json'), '{"cameraToWorld": {"../v0": []}}');
    await refused(3, 'bad-camera', input, ...out);
  });
  it('6: Ctrl-C leaves no file', async () => {
    const input = writeFrames(at('f'), views);
    let sent = false;
    const args = ['refine', input, '-o', at('o.ply'), '--points', at('p.bin'), '--depths', at('d')];
    const run = await runCli(script, [...args, '--backend', 'cpu', '--json'], (text, kill) => {
      if (sent || !text.includes('complete depth')) return;
      sent = true;
      kill('SIGINT');
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, code: 'cancelled', exitCode: 6 });
    expect(readdirSync(folder)).toEqual(['f']);
  });
});

const data = resolve(import.meta.dirname, '../../../shared/data');
describe.skipIf(!existsSync(data))('real captures', () => {
  it("gsplat's garden: points and poses", async () => {
    const input = join(data, 'garden/test_garden.npz');
    const json = await refine(input, '-o', at('g.ply'), '--max-side', '100');
    expect(json.input).toMatchObject({ kind: 'NumPy archive, 138766 points', views: 3 });
    const { before, after } = json.figures.agreement;
    expect(after.confirmed).toBeGreaterThan(before.confirmed);
    expect((await readCloud(at('g.ply'))).count).toBeGreaterThan(3000);
  });
  it('a kitchen by a depth camera', async () => {
    const flags = ['--every', '10', '--max-side', '96'];
    const json = await refine(join(data, 'rgbd-kitchen'), '-o', at('k.ply'), ...flags);
    expect(json.input.views).toBe(3);
    const { before, after } = json.figures.agreement;
    expect(after.confirmed).toBeGreaterThan(before.confirmed);
    expect(after.through).toBeLessThan(0.04);
  });
});
