/**
 * Accepts: the built command lifts one picture of a generated scene (floor, wall, box; 96 × 72, exact depth) to splats that, seen from 15°
 * to either side, cover 98 % of what lies in the photo's frame, lie on the scene's surfaces (under 3 % of the pixels between them: no rubber
 * sheets), and are nearer to the truth than the photo's single layer by 3 dB and more. Failures are named and leave nothing.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decode, encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PhotoJson } from '../../cli/photo-command.ts';
import { type Camera, lookAt, projectPoint, unprojectPoint } from '../../core/camera.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import { writeNpy } from '../../core/depth-files/npy.ts';
import { readSplats } from '../../core/formats/index.ts';
import { orbitCamera } from '../../core/orbit.ts';
import { jpegWithExif, pngWithExif } from '../support/exif.ts';
import { castView, distanceToScene, H, W } from './support/refine-scene.ts';
import { buildCli, removeBuild, runCli, temporaryFolder } from './support/run-cli.ts';

const camera: Camera = {
  ...{ width: W, height: H, fx: 84, fy: 84, cx: W / 2, cy: H / 2 },
  worldToCamera: lookAt([0, 0, 0], [0, 0, 1], [0, -1, 0]),
};
const FOV = ['--fov', String((360 / Math.PI) * Math.atan(W / 2 / 84))];
const photo = castView(camera);

let script: string;
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  script = await buildCli('photo');
});
afterAll(() => removeBuild(script));
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(
    at('i.png'),
    encode({ width: W, height: H, data: photo.rgb, channels: 3, depth: 8 }),
  );
  writeFileSync(at('d.npy'), writeNpy({ shape: [H, W], data: photo.depth }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function lift(...args: string[]): Promise<PhotoJson> {
  const run = await runCli(script, ['photo', ...args, '--backend', 'cpu', '--json', '--quiet']);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as PhotoJson;
}

/** How a cloud looks from the side, where the photo's frame holds what the truth shows. */
async function fromSide(path: string, degrees: number, pivotDepth: number) {
  const { cloud } = await readSplats(new Uint8Array(readFileSync(path)), path);
  const side = orbitCamera(camera, [0, 0, pivotDepth], [0, -1, 0], degrees);
  const truth = castView(side);
  const view = await createCpuRenderer(cloud).render(side);
  const sums = { pixels: 0, covered: 0, between: 0, square: 0 };
  for (let i = 0; i < W * H; i++) {
    const [u, v] = [(i % W) + 0.5, Math.floor(i / W) + 0.5];
    const p = projectPoint(camera, unprojectPoint(side, u, v, truth.depth[i]!));
    if (!(p.depth > 0 && p.u > 2 && p.v > 2 && p.u < W - 2 && p.v < H - 2)) continue;
    sums.pixels++;
    for (let c = 0; c < 3; c++) {
      const shown = Math.min(1, view.rgb.data[3 * i + c]!);
      sums.square += (shown - truth.rgb[3 * i + c]! / 255) ** 2 / 3;
    }
    if (view.alpha.data[i]! < 0.5) continue;
    sums.covered++;
    const z = view.depthMedian.data[i]!;
    if (distanceToScene(unprojectPoint(side, u, v, z)) > 0.06) sums.between++;
  }
  return {
    covered: sums.covered / sums.pixels,
    between: sums.between / sums.covered,
    db: -10 * Math.log10(sums.square / sums.pixels),
  };
}

describe('from the side', () => {
  it('is layered: covered, on surfaces, and what was hidden is filled', async () => {
    const json = await lift(
      at('i.png'),
      '--depth',
      at('d.npy'),
      ...FOV,
      '-o',
      at('a.ply'),
      '--preview',
      at('p.png'),
    );
    expect(json).toMatchObject({
      input: { width: W, height: H, depth: at('d.npy') },
      options: { angleDeg: 15, layers: 3, sharpen: true, seed: 1 },
      inpainter: { id: 'exemplar' },
      files: [at('a.ply'), at('p.png')],
    });
    expect(json.camera.fx).toBeCloseTo(84, 6);
    expect(json.figures.pixels[0]).toBe(W * H);
    expect(json.figures.pixels[1]).toBeGreaterThan(200);
    expect(json.output.splats).toBe(json.figures.pixels.reduce((a, b) => a + b, 0));
    const single = await lift(
      at('i.png'),
      '--depth',
      at('d.npy'),
      ...FOV,
      '--layers',
      '0',
      '-o',
      at('b.ply'),
    );
    expect(single.output.splats).toBe(W * H);
    for (const degrees of [-15, 15]) {
      const layered = await fromSide(at('a.ply'), degrees, json.camera.pivotDepth);
      const flat = await fromSide(at('b.ply'), degrees, json.camera.pivotDepth);
      expect(layered.covered).toBeGreaterThan(0.98);
      expect(layered.between).toBeLessThan(0.03);
      expect(layered.db).toBeGreaterThan(flat.db + 3);
    }
    const front = await fromSide(at('a.ply'), 0, json.camera.pivotDepth);
    expect(front.covered).toBe(1);
    expect(front.db).toBeGreaterThan(28);
    const preview = decode(readFileSync(at('p.png')));
    expect([preview.width, preview.height]).toEqual([3 * W, H]);
  });
  it('from relative depth with soft outlines: sharpened, none of it between the surfaces', async () => {
    // A network's: inverse depth of unknown scale and shift, its outlines blurred over five pixels.
    const soft = new Float32Array(W * H);
    for (let i = 0; i < soft.length; i++) {
      let sum = 0;
      let count = 0;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          const [x, y] = [(i % W) + dx, Math.floor(i / W) + dy];
          if (x < 0 || y < 0 || x >= W || y >= H) continue;
          sum += 1 / photo.depth[y * W + x]!;
          count++;
        }
      }
      soft[i] = 40 * (sum / count) - 3;
    }
    writeFileSync(at('s.npy'), writeNpy({ shape: [H, W], data: soft }));
    const sorted = photo.depth.slice().sort();
    const [near, far] = [
      sorted[Math.floor(0.01 * sorted.length)]!,
      sorted[Math.floor(0.99 * sorted.length)]!,
    ];
    const relative = [
      '--depth',
      at('s.npy'),
      '--depth-form',
      'relative',
      '--far-over-near',
      String(far / near),
    ];
    const sharp = await lift(at('i.png'), ...relative, ...FOV, '-o', at('a.ply'));
    await lift(at('i.png'), ...relative, ...FOV, '--no-sharpen', '-o', at('b.ply'));
    // Its nearest is 1: brought to the scene's own size.
    const between = async (name: string) => {
      const { cloud } = await readSplats(new Uint8Array(readFileSync(at(name))), name);
      let off = 0;
      for (let i = 0; i < W * H; i++) {
        const p = [0, 1, 2].map((k) => near * cloud.positions[3 * i + k]!);
        if (distanceToScene(p) > 0.12) off++;
      }
      return off / (W * H);
    };
    expect(sharp.camera.pivotDepth).toBeGreaterThan(1);
    expect(await between('b.ply')).toBeGreaterThan(2 * (await between('a.ply')));
  });
  it('a photo that is stored on its side stands up, and its depth with it', async () => {
    // Orientation 6: what is stored on the left is seen at the top, so the stored rows are the seen columns from the left, upwards.
    const [rgb, depth] = [new Uint8Array(3 * W * H), new Float32Array(W * H)];
    for (let i = 0; i < W * H; i++) {
      const [sx, sy] = [i % H, Math.floor(i / H)];
      const seen = (H - 1 - sx) * W + sy;
      const stored = (W - 1 - sy) * H + (H - 1 - sx);
      rgb.set(photo.rgb.subarray(3 * seen, 3 * seen + 3), 3 * stored);
      depth[stored] = photo.depth[seen]!;
    }
    const png = encode({ width: H, height: W, data: rgb, channels: 3, depth: 8 });
    writeFileSync(at('s.png'), pngWithExif(Uint8Array.from(png), { orientation: 6 }));
    writeFileSync(at('s.npy'), writeNpy({ shape: [W, H], data: depth }));
    const run = (image: string, map: string, out: string) =>
      lift(...[at(image), '--depth', at(map), '--layers', '0', '-o', at(out), '--force']);
    await run('i.png', 'd.npy', 'a.ply');
    for (const map of ['s.npy', 'd.npy']) {
      await run('s.png', map, 'b.ply');
      expect(readFileSync(at('b.ply')).equals(readFileSync(at('a.ply')))).toBe(true);
    }
  });
  it('the angle is what the photo says, unless another is given', async () => {
    const rgba = Uint8Array.from({ length: 4 * W * H }, (_, i) =>
      i % 4 === 3 ? 255 : photo.rgb[3 * (i >> 2) + (i % 4)]!,
    );
    const plain = jpeg.encode({ width: W, height: H, data: rgba }, 90).data;
    writeFileSync(at('i.jpg'), jpegWithExif(Uint8Array.from(plain), { focal35: 26 }));
    const run = (image: string, ...more: string[]) =>
      lift(
        at(image),
        '--depth',
        at('d.npy'),
        '--layers',
        '0',
        '-o',
        at('a.ply'),
        '--force',
        ...more,
      );
    const { camera: said } = await run('i.jpg');
    // 4:3 by the diagonal.
    const across = Math.hypot(36, 24) * 0.8;
    expect(said).toMatchObject({ fovDeg: 67.3, fovFrom: 'exif' });
    expect(said.fx / W).toBeCloseTo(26 / across, 2);
    expect((await run('i.jpg', '--fov', '40')).camera).toMatchObject({
      fovDeg: 40,
      fovFrom: 'flag',
    });
    expect((await run('i.png')).camera).toMatchObject({ fovDeg: 55, fovFrom: 'default' });
    const told = await runCli(script, [
      ...['photo', at('i.jpg'), '--depth', at('d.npy'), '--layers', '0', '-o', at('b.ply')],
      ...['--backend', 'cpu'],
    ]);
    expect(told.stdout).toContain('field of view 67.3° (from its EXIF)');
  });
  it('completes depth that is missing, and is the same again', async () => {
    const holes = photo.depth.map((z, i) => (i % 3 === 0 ? z : 0));
    writeFileSync(at('h.npy'), writeNpy({ shape: [H, W], data: holes }));
    const json = await lift(at('i.png'), '--depth', at('h.npy'), ...FOV, '-o', at('a.ply'));
    expect(json.figures.pixels[0]).toBe(W * H);
    await lift(at('i.png'), '--depth', at('h.npy'), ...FOV, '-o', at('b.ply'));
    expect(readFileSync(at('a.ply')).equals(readFileSync(at('b.ply')))).toBe(true);
    const { covered, between } = await fromSide(at('a.ply'), 15, json.camera.pivotDepth);
    expect(covered).toBeGreaterThan(0.97);
    expect(between).toBeLessThan(0.05);
  });
});

describe('failures', () => {
  const refused = async (exit: number, code: string, ...args: string[]) => {
    const before = readdirSync(folder).sort();
    const run = await runCli(script, ['photo', ...args, '--json', '--backend', 'cpu']);
    expect(JSON.parse(run.stdout), args.join(' ')).toMatchObject({ ok: false, code });
    expect(run.code).toBe(exit);
    expect(readdirSync(folder).sort()).toEqual(before);
  };
  it('2, 3 and 5', async () => {
    const out = ['-o', at('o.ply')];
    const depth = ['--depth', at('d.npy')];
    await refused(2, 'bad-option', at('i.png'), ...out);
    await refused(2, 'bad-option', at('i.png'), ...depth, '-o', at('o.obj'));
    await refused(2, 'bad-option', at('i.png'), ...depth, ...out, '--angle', '90');
    await refused(2, 'bad-option', at('i.png'), ...depth, ...out, '--inpainter', 'magic');
    writeFileSync(
      at('square.npy'),
      writeNpy({ shape: [H, H], data: new Float32Array(H * H).fill(1) }),
    );
    await refused(2, 'bad-option', at('i.png'), '--depth', at('square.npy'), ...out);
    await refused(3, 'not-readable', at('no.png'), ...depth, ...out);
    await refused(3, 'unsupported-file', at('d.npy'), ...depth, ...out);
    writeFileSync(at('none.npy'), writeNpy({ shape: [H, W], data: new Float32Array(W * H) }));
    await refused(3, 'bad-file', at('i.png'), '--depth', at('none.npy'), ...out);
    await refused(5, 'not-writable', at('i.png'), ...depth, '-o', at('no/o.ply'));
  });
  it('6: Ctrl-C leaves no file', async () => {
    let sent = false;
    const args = [
      'photo',
      at('i.png'),
      '--depth',
      at('d.npy'),
      '-o',
      at('o.ply'),
      '--backend',
      'cpu',
      '--json',
    ];
    const run = await runCli(script, args, (text, kill) => {
      if (sent || !text.includes('fill what is hidden')) return;
      sent = true;
      kill('SIGINT');
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, code: 'cancelled', exitCode: 6 });
    expect(readdirSync(folder).sort()).toEqual(['d.npy', 'i.png']);
  });
});

const moon = resolve(import.meta.dirname, '../../../shared/data/photo-moon');
it.skipIf(!existsSync(moon))('the moon photo of 3D Photography', async () => {
  const depth = ['--depth', join(moon, 'moon.npy'), '--depth-form', 'relative'];
  const json = await lift(join(moon, 'moon.jpg'), ...depth, '--max-side', '200', '-o', at('m.ply'));
  expect(json.input).toMatchObject({ width: 200, height: 200 });
  // The astronaut hides some of the ground.
  expect(json.figures.pixels[1]).toBeGreaterThan(1000);
});
