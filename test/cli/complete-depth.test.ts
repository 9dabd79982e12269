/**
 * Accepts: the built command completes a generated room's corner (seed 1, 96 × 72) in each form of file, keeps known numbers bit for
 * bit, fills the hole to 0.5 % on average (the corner and the box's edge lie inside it), refuses each bad file by name with its exit
 * code, and leaves nothing behind. What it writes is read by NumPy and OpenCV where this machine has them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decode, encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cornerScene } from '../../bench/depth/corner-scene.ts';
import type { CompleteDepthJson } from '../../cli/complete-depth-command.ts';
import { encodePng } from '../../cli/report/png.ts';
import { readExr, writeExr } from '../../core/depth-files/exr.ts';
import { readNpy, writeNpy } from '../../core/depth-files/npy.ts';
import { readPfm, writePfm } from '../../core/depth-files/pfm.ts';
import { rgbPicture } from '../../core/pictures.ts';
import { buildCli, removeBuild, runCli, temporaryFolder } from './support/run-cli.ts';

const W = 96;
const H = 72;
const { problem, truth, mask } = cornerScene(W, H, { width: 30, height: 22 });
const given = problem.depth.data;
const image = (data: Float32Array) => ({ width: W, height: H, data });

let script: string;
let folder: string;
const at = (name: string) => join(folder, name);
const put = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(at(name), bytes);
  return at(name);
};
const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

beforeAll(async () => {
  script = await buildCli('complete-depth');
});
afterAll(() => removeBuild(script));
beforeEach(() => {
  folder = temporaryFolder();
  put('rgb.png', encodePng(rgbPicture(problem.rgb!)));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<CompleteDepthJson> {
  const flags = ['--backend', 'cpu', '--json', '--quiet'];
  const done = await runCli(script, ['complete-depth', ...flags, ...args]);
  expect(done.stderr).toBe('');
  expect(done.code).toBe(0);
  return JSON.parse(done.stdout) as CompleteDepthJson;
}
const complete = (...args: string[]) => run('--rgb', at('rgb.png'), ...args);

/** Mean relative error inside the hole. */
function hole(depth: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < truth.length; i++) {
    if (mask[i] === 0) continue;
    sum += Math.abs(depth[i]! - truth[i]!) / truth[i]!;
    count++;
  }
  return sum / count;
}

/** The bits of known pixels are those of `before`. */
function expectKept(before: Float32Array, after: Float32Array): void {
  const [a, b] = [before, after].map((d) => new Uint32Array(d.slice().buffer));
  expect(a!.every((bits, i) => mask[i] !== 0 || bits === b![i])).toBe(true);
}

describe('forms', () => {
  it('NPY of float32: known bits kept, hole filled, confidence and preview beside it', async () => {
    const depth = put('d.npy', writeNpy({ shape: [H, W], data: given }));
    const json = await complete('--depth', depth, '-o', at('out.npy'));
    const hidden = mask.reduce((a, b) => a + b, 0);
    expect(json).toMatchObject({
      ok: true,
      input: { width: W, height: H, depth, scale: 1, mask: null, prior: null },
      output: { path: at('out.npy'), format: 'npy', scale: 1 },
      backend: { kind: 'cpu' },
      figures: { known: W * H - hidden, wanted: hidden, filled: hidden, open: 0, notes: [] },
      files: [at('out.npy'), at('out.confidence.png'), at('out.preview.png')],
    });
    expect(json.figures.meanConfidence).toBeGreaterThan(0.3);
    const { shape, data } = readNpy(bytesOf(at('out.npy')));
    expect(shape).toEqual([H, W]);
    expectKept(given, data as Float32Array);
    expect(hole(data)).toBeLessThan(0.005);
    const confidence = decode(readFileSync(at('out.confidence.png')));
    expect([confidence.width, confidence.height, confidence.channels]).toEqual([W, H, 1]);
    expect(mask.every((m, i) => (m ? confidence.data[i]! < 255 : confidence.data[i] === 255))).toBe(
      true,
    );
    const preview = decode(readFileSync(at('out.preview.png')));
    expect([preview.width, preview.height]).toEqual([4 * W, H]);
  });
  it('PNG of 16 bits: known numbers kept, at a scale of its own', async () => {
    const stored = Uint16Array.from(given, (z) => Math.round(z * 5000));
    const png = { width: W, height: H, data: stored, depth: 16 as const, channels: 1 };
    const depth = put('d.png', encode(png));
    const json = await complete('--depth', depth, '--depth-scale', '5000', '-o', at('out.png'));
    expect(json.output.scale).toBe(5000);
    const out = decode(readFileSync(at('out.png')));
    expect([out.depth, out.channels]).toEqual([16, 1]);
    expect(stored.every((v, i) => mask[i] !== 0 || v === out.data[i])).toBe(true);
    expect(hole(Array.from(out.data, (v) => v / 5000))).toBeLessThan(0.005);
  });
  it('PFM and OpenEXR, from one to the other', async () => {
    put('d.pfm', writePfm(image(given)));
    put('d.exr', await writeExr(image(given)));
    await complete('--depth', at('d.pfm'), '-o', at('a.exr'), '--confidence', at('a.npy'));
    await complete('--depth', at('d.exr'), '-o', at('b.pfm'));
    const a = await readExr(bytesOf(at('a.exr')), 'a.exr');
    const b = readPfm(bytesOf(at('b.pfm')), 'b.pfm');
    expectKept(given, a.data);
    expect(b.data).toEqual(a.data);
    expect(hole(a.data)).toBeLessThan(0.005);
    expect(readNpy(bytesOf(at('a.npy'))).shape).toEqual([H, W]);
  });
  it('NPY of float64 keeps what float32 would round', async () => {
    const fine = Float64Array.from(given, (z) => z * (1 + 1e-12));
    put('d.npy', writeNpy({ shape: [1, H, W], data: fine }));
    await complete('--depth', at('d.npy'), '-o', at('out.npy'));
    const { data } = readNpy(bytesOf(at('out.npy')));
    expect(data).toBeInstanceOf(Float64Array);
    expect(fine.every((z, i) => mask[i] !== 0 || z === data[i])).toBe(true);
  });
  it('says what 16 bits cannot hold, and writes it as unknown', async () => {
    const far = given.map((z) => z * 25);
    put('d.npy', writeNpy({ shape: [H, W], data: far }));
    const json = await complete('--depth', at('d.npy'), '-o', at('out.png'));
    expect(json.figures.notes.join()).toContain('farther than 65.535');
    const out = decode(readFileSync(at('out.png')));
    expect(far.every((z, i) => z < 65.535 || out.data[i] === 0)).toBe(true);
  });
});

describe('mask, prior, points', () => {
  it('fills the mask and nothing else', async () => {
    put('d.npy', writeNpy({ shape: [H, W], data: truth.map((z, i) => (i % W === 0 ? 0 : z)) }));
    const picture = { width: W, height: H, depth: 8 as const, channels: 1 };
    put('m.png', encode({ ...picture, data: mask.map((m) => 255 * m) }));
    const json = await complete('--depth', at('d.npy'), '--mask', at('m.png'), '-o', at('o.npy'));
    const { data } = readNpy(bytesOf(at('o.npy')));
    expect(json.figures.known).toBe(truth.length - H - json.figures.wanted);
    expect(data.every((z, i) => (i % W === 0 ? z === 0 : z > 0))).toBe(true);
    expect(hole(data)).toBeLessThan(0.005);
  });
  it('takes a relative depth of either form, and is better for it where no picture says it', async () => {
    put('d.npy', writeNpy({ shape: [H, W], data: given }));
    put('near.npy', writeNpy({ shape: [H, W], data: truth.map((z) => 3 / z - 0.4) }));
    put('far.npy', writeNpy({ shape: [H, W], data: truth }));
    const depth = ['--depth', at('d.npy')];
    await run(...depth, '-o', at('0.npy'));
    await run(...depth, '--prior', at('near.npy'), '-o', at('1.npy'));
    await run(...depth, '--prior', at('far.npy'), '--prior-form', 'far', '-o', at('2.npy'));
    const errors = ['0', '1', '2'].map((n) => hole(readNpy(bytesOf(at(`${n}.npy`))).data));
    expect(errors[1]).toBeLessThan(0.5 * errors[0]!);
    expect(errors[2]).toBeLessThan(0.5 * errors[0]!);
  });
  it('takes points as u v depth, and as x y z with a camera, to the same answer', async () => {
    const camera = { width: W, height: H, fx: 80, fy: 80, cx: 47, cy: 37 };
    const rows: string[] = ['u,v,depth'];
    const world: number[] = [];
    for (let i = 0; i < truth.length; i += 7) {
      const [u, v, z] = [(i % W) + 0.5, Math.floor(i / W) + 0.5, truth[i]!];
      rows.push(`${u},${v},${z}`);
      world.push(((u - 47) / 80) * z + 5, ((v - 37) / 80) * z, z);
    }
    put('p.csv', rows.join('\n'));
    put('p.npy', writeNpy({ shape: [world.length / 3, 3], data: Float64Array.from(world) }));
    const cameraToWorld = [
      [1, 0, 0, 5],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ];
    put('c.json', JSON.stringify({ ...camera, cameraToWorld }));
    const json = await complete('--points', at('p.csv'), '-o', at('a.npy'));
    expect(json.input.scale).toBe(null);
    await complete('--points', at('p.npy'), '--camera', at('c.json'), '-o', at('b.npy'));
    const [a, b] = ['a', 'b'].map((n) => readNpy(bytesOf(at(`${n}.npy`))).data);
    expect(a!.every((z, i) => Math.abs(z - b![i]!) < 1e-3 * z)).toBe(true);
    // From a seventh of the pixels, at the box's edges too.
    expect(hole(a!)).toBeLessThan(0.03);
  });
  it('a picture of twice the size is averaged; one of another shape is refused', async () => {
    put('d.npy', writeNpy({ shape: [H / 2, W / 2], data: new Float32Array((W * H) / 4).fill(2) }));
    const json = await complete('--depth', at('d.npy'), '-o', at('out.npy'));
    expect(json.input).toMatchObject({ width: W / 2, height: H / 2 });
    put('e.npy', writeNpy({ shape: [H, H], data: new Float32Array(H * H).fill(2) }));
    const refused = await runCli(script, [
      ...['complete-depth', '--rgb', at('rgb.png'), '--depth', at('e.npy'), '-o', at('f.npy')],
    ]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('96 × 72');
  });
});

describe('failures', () => {
  /** A 16-bit grey PNG's header that claims a size. */
  function claims(width: number, height: number): Uint8Array {
    const png = encode({ width: 1, height: 1, data: Uint16Array.of(7), depth: 16, channels: 1 });
    const view = new DataView(png.buffer, png.byteOffset);
    view.setUint32(16, width);
    view.setUint32(20, height);
    return png;
  }
  const good = () => writeNpy({ shape: [H, W], data: given });
  const refused = async (exit: number, code: string, ...args: string[]) => {
    const before = readdirSync(folder).sort();
    const done = await runCli(script, ['complete-depth', '--json', '--backend', 'cpu', ...args]);
    expect(JSON.parse(done.stdout), args.join(' ')).toMatchObject({ ok: false, code });
    expect(done.code).toBe(exit);
    expect(readdirSync(folder).sort()).toEqual(before);
  };
  it('3: files that are damaged, of another kind, or claim what they do not hold', async () => {
    const out = ['-o', at('out.npy')];
    put('d.npy', good());
    await refused(3, 'not-readable', '--depth', at('no.npy'), ...out);
    await refused(3, 'bad-file', '--depth', put('cut.npy', good().subarray(0, 900)), ...out);
    await refused(3, 'bad-file', '--depth', put('cut.png', claims(9, 9)), ...out);
    await refused(3, 'too-large', '--depth', put('big.png', claims(60000, 60000)), ...out);
    await refused(3, 'unsupported-file', '--depth', at('rgb.png'), ...out);
    await refused(3, 'bad-file', '--depth', put('x.pfm', 'Pf\n9 9\n-1\n'), ...out);
    await refused(3, 'too-large', '--depth', put('y.pfm', 'Pf\n99999 9\n-1\n'), ...out);
    const exr = await writeExr(image(given));
    await refused(3, 'bad-file', '--depth', put('x.exr', exr.subarray(0, 400)), ...out);
    await refused(3, 'bad-file', '--depth', put('y.exr', good()), ...out);
    await refused(3, 'unknown-format', '--depth', put('d.tif', good()), ...out);
    const none = writeNpy({ shape: [H, W], data: new Float32Array(W * H) });
    await refused(3, 'bad-file', '--depth', put('none.npy', none), ...out);
    await refused(
      3,
      'unsupported-file',
      '--depth',
      at('d.npy'),
      '--rgb',
      put('r.png', 'x'),
      ...out,
    );
    await refused(
      3,
      'bad-file',
      '--points',
      put('p.txt', '1 2 3\n1 2\n'),
      ...[...['--rgb', at('rgb.png')], ...out],
    );
  });
  it('2 and 5: flags that do not go together, and places that cannot be written', async () => {
    put('d.npy', good());
    const depth = ['--depth', at('d.npy')];
    await refused(2, 'bad-option', '-o', at('o.npy'));
    await refused(2, 'bad-option', ...depth, '-o', at('o.jpg'));
    await refused(2, 'bad-option', ...depth, '-o', at('o.npy'), '--depth-scale', '0');
    await refused(2, 'bad-option', ...depth, '-o', at('o.npy'), '--prior-form', 'far');
    await refused(2, 'bad-option', '--points', at('p.txt'), '-o', at('o.npy'));
    await refused(5, 'not-writable', ...depth, '-o', at('d.npy'));
    await refused(5, 'not-writable', ...depth, '-o', at('no/such/o.npy'));
  });
  it('6: Ctrl-C leaves no file', async () => {
    const big = cornerScene(640, 480, { width: 500, height: 400 });
    put('big.npy', writeNpy({ shape: [480, 640], data: big.problem.depth.data }));
    let sent = false;
    const args = ['--depth', at('big.npy'), '-o', at('out.npy'), '--backend', 'cpu', '--json'];
    const done = await runCli(script, ['complete-depth', ...args], (text, kill) => {
      if (sent || !text.includes('complete depth')) return;
      sent = true;
      kill('SIGINT');
    });
    expect(JSON.parse(done.stdout)).toMatchObject({ ok: false, code: 'cancelled', exitCode: 6 });
    expect(readdirSync(folder).sort()).toEqual(['big.npy', 'rgb.png']);
  });
});

const python = spawnSync('python3', ['-c', 'import numpy, cv2']).status === 0;
it.skipIf(!python)('NumPy and OpenCV read what was written as it was meant', async () => {
  put('d.npy', writeNpy({ shape: [H, W], data: given }));
  for (const name of ['a.npy', 'a.pfm', 'a.png']) {
    await complete('--depth', at('d.npy'), '-o', at(name), '--force');
  }
  const code = `
import cv2, numpy as np, sys
d = sys.argv[1] + '/a.'
a = np.load(d + 'npy'); b = cv2.imread(d + 'pfm', -1); c = cv2.imread(d + 'png', -1)
print(a.dtype, (a == b).all(), c.dtype, np.abs(c / 1000 - a).max() < 0.00051)`;
  const read = spawnSync('python3', ['-c', code, folder], { encoding: 'utf8' });
  expect(read.stdout.trim()).toBe('float32 True uint16 True');
});

const kitchen = resolve(import.meta.dirname, '../../../shared/data/rgbd-kitchen');
/** The middle of a picture, of a quarter of its width and height. */
function middle(from: ArrayLike<number>, width: number, height: number, channels: number) {
  const out: number[] = [];
  for (let y = (3 * height) / 8; y < (5 * height) / 8; y++) {
    for (let k = (3 * channels * width) / 8; k < (5 * channels * width) / 8; k++) {
      out.push(from[channels * width * y + k]!);
    }
  }
  return { width: width / 4, height: height / 4, data: out };
}

it.skipIf(!existsSync(kitchen))(
  'completes the middle of a real frame of a depth camera',
  async () => {
    const whole = decode(readFileSync(join(kitchen, '000000.depth.png')));
    const part = middle(whole.data, whole.width, whole.height, 1);
    const depth = at('real.png');
    writeFileSync(
      depth,
      encode({ ...part, data: Uint16Array.from(part.data), channels: 1, depth: 16 }),
    );
    const photo = jpeg.decode(readFileSync(join(kitchen, '000000.color.jpg')));
    const shown = middle(photo.data, photo.width, photo.height, 4);
    const rgb = at('real.jpg');
    writeFileSync(rgb, jpeg.encode({ ...shown, data: Uint8Array.from(shown.data) }, 95).data);
    const json = await run('--rgb', rgb, '--depth', depth, '-o', at('out.png'));
    expect(json.figures.open).toBe(0);
    expect(json.figures.wanted).toBeGreaterThan(500);
    const [before, after] = [depth, at('out.png')].map((path) => decode(readFileSync(path)).data);
    expect(before!.every((v, i) => v === 0 || v === after![i])).toBe(true);
    expect(after!.every((v) => v > 0)).toBe(true);
  },
);
