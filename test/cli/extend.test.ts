/**
 * Accepts: the built command grows a generated room (96 × 72, seed 1, only what one camera sees is kept) along a file's cameras and an orbit;
 * its splats come out bit for bit in a PLY, the same again the second time; 97 % of what was open shows a surface. Failures are
 * named and leave nothing. On a frame of ../shared/data/rgbd-kitchen, where it is there: lifted, then a part of a ring.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onlySeen } from '../../bench/score/only-seen.ts';
import type { ExtendJson } from '../../cli/extend-command.ts';
import type { PhotoJson } from '../../cli/photo-command.ts';
import { type Camera, cameraCenter, cameraToJson, lookAt } from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { readSplats, writeSplats } from '../../core/formats/index.ts';
import { orbitCamera } from '../../core/orbit.ts';
import { takeSplats } from '../../core/splat-cloud.ts';
import { generateAroundRoom } from '../../samples/scenes/around.ts';
import { firstDifference } from '../support/clouds.ts';
import { buildCli, removeBuild, runCli, temporaryFolder } from './support/run-cli.ts';

const room = generateAroundRoom({ width: 96, height: 72 });
const turn = (degrees: number): Camera =>
  orbitCamera(room.camera, cameraCenter(room.camera), room.up, -degrees);

let script: string;
let folder: string;
let ply: Uint8Array;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  script = await buildCli('extend');
  ply = await writeSplats(await onlySeen(room.cloud, room.camera, createCpuKernels()), 'ply');
});
afterAll(() => removeBuild(script));
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(at('room.ply'), ply);
  writeFileSync(at('c.json'), JSON.stringify(cameraToJson(room.camera)));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function grow(...args: string[]): Promise<ExtendJson> {
  const run = await runCli(script, ['extend', ...args, '--backend', 'cpu', '--json', '--quiet']);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as ExtendJson;
}
const read = async (name: string) =>
  (await readSplats(new Uint8Array(readFileSync(at(name))), name)).cloud;

describe('grows', () => {
  it('along the cameras of a file, with a preview; the scene bit for bit, and the same again', async () => {
    writeFileSync(at('p.json'), JSON.stringify([25, 50].map((d) => cameraToJson(turn(d)))));
    const args = [at('room.ply'), '--camera', at('c.json'), '--path', at('p.json')];
    const json = await grow(...args, '-o', at('a.ply'), '--preview', at('p.png'));
    expect(json).toMatchObject({
      ok: true,
      path: at('p.json'),
      inpainter: { id: 'exemplar' },
      options: { seed: 1, sky: 'leave', maxSidePx: 640 },
      files: [at('a.ply'), at('p.png')],
    });
    expect(json.views).toHaveLength(3);
    expect(json.figures.coverage).toBeGreaterThan(0.97);
    expect(json.figures.seamDepth).toBeLessThan(0.02);
    expect(json.output.splats).toBe(json.input.splats + json.figures.added);
    const grown = await read('a.ply');
    const rows = Uint32Array.from({ length: json.input.splats }, (_, k) => k);
    expect(firstDifference(await read('room.ply'), takeSplats(grown, rows))).toBeUndefined();
    // In proportion to the area: about a splat a pixel of the scene's own pictures, or fewer.
    const open = json.views.reduce((sum, v) => sum + v.open * 96 * 72, 0);
    expect(json.figures.added).toBeGreaterThan(0.1 * open);
    expect(json.figures.added).toBeLessThan(1.5 * open);
    const preview = decode(readFileSync(at('p.png')));
    expect([preview.width, preview.height]).toEqual([3 * 96 + 4, 2 * 72 + 2]);
    await grow(...args, '-o', at('b.ply'));
    expect(readFileSync(at('a.ply')).equals(readFileSync(at('b.ply')))).toBe(true);
  });
  it('what one view leaves empty alone, and says how much stays so', async () => {
    writeFileSync(at('aside.json'), JSON.stringify(cameraToJson(turn(25))));
    const args = [at('room.ply'), '--camera', at('aside.json'), '--path', 'view'];
    const json = await grow(...args, '--sky', 'fill', '-o', at('v.ply'));
    expect(json.views).toHaveLength(1);
    expect(json.views[0]).toMatchObject({ left: 0, added: json.figures.added });
    expect(json.views[0]!.open).toBeGreaterThan(0.2);
    expect(json.figures).toMatchObject({ sky: false });
    expect(json.figures.coverage).toBeGreaterThan(0.97);
  });
  it('along an orbit', async () => {
    const args = [at('room.ply'), '--camera', at('c.json'), '--path', 'orbit'];
    const json = await grow(...args, '--angle', '20', '--steps', '4', '-o', at('o.spz'));
    expect(json.views).toHaveLength(5);
    expect(json.figures.coverage).toBeGreaterThan(0.95);
    expect(json.output.format).toBe('spz');
  });
});

describe('failures', () => {
  const refused = async (exit: number, code: string, says: string, ...args: string[]) => {
    const before = readdirSync(folder).sort();
    const run = await runCli(script, ['extend', ...args, '--json', '--backend', 'cpu']);
    const failure = JSON.parse(run.stdout) as { message: string };
    expect(failure, args.join(' ')).toMatchObject({ ok: false, code });
    expect(failure.message).toContain(says);
    expect(run.code).toBe(exit);
    expect(readdirSync(folder).sort()).toEqual(before);
  };
  it('2, 3, 4 and 5', async () => {
    const scene = at('room.ply');
    const camera = ['--camera', at('c.json')];
    const out = ['-o', at('o.ply')];
    const ring = ['--path', 'ring'];
    await refused(2, 'bad-option', '--path', scene, ...camera, ...out);
    await refused(
      2,
      'bad-option',
      'hardly overlap',
      scene,
      ...camera,
      ...ring,
      ...out,
      '--steps',
      '2',
    );
    await refused(
      2,
      'bad-option',
      'prompt',
      scene,
      ...camera,
      ...ring,
      ...out,
      '--prompt',
      'a door',
    );
    const file = ['--path', at('c.json')];
    await refused(2, 'bad-option', '--angle', scene, ...camera, ...file, ...out, '--angle', '20');
    const view = ['--path', 'view'];
    await refused(2, 'bad-option', '--angle', scene, ...camera, ...view, ...out, '--angle', '20');
    writeFileSync(at('none.json'), '[]');
    await refused(3, 'bad-camera', 'empty', scene, ...camera, '--path', at('none.json'), ...out);
    await refused(3, 'not-readable', 'spiral', scene, ...camera, '--path', at('spiral'), ...out);
    await refused(3, 'not-readable', 'no.ply', at('no.ply'), ...camera, ...ring, ...out);
    const away = { ...room.camera, worldToCamera: lookAt([0, 0, -50], [0, 0, -60], room.up) };
    writeFileSync(at('away.json'), JSON.stringify(cameraToJson(away)));
    const nothing = ['--camera', at('away.json')];
    const says = 'nothing to extend from';
    await refused(4, 'camera-sees-nothing', says, scene, ...nothing, ...ring, ...out);
    await refused(5, 'not-writable', 'no', scene, ...camera, ...ring, '-o', at('no/o.ply'));
  });
  it('6: Ctrl-C leaves no file', async () => {
    let sent = false;
    const args = ['extend', at('room.ply'), '--camera', at('c.json'), '--path', 'ring'];
    const more = ['-o', at('o.ply'), '--backend', 'cpu', '--json'];
    const run = await runCli(script, [...args, ...more], (text, kill) => {
      if (sent || !text.includes('inpaint')) return;
      sent = true;
      kill('SIGINT');
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, code: 'cancelled', exitCode: 6 });
    expect(readdirSync(folder).sort()).toEqual(['c.json', 'room.ply']);
  });
});

const kitchen = resolve(import.meta.dirname, '../../../shared/data/rgbd-kitchen');
it.skipIf(!existsSync(kitchen))(
  'a real frame of an RGB-D camera, lifted, and a part of a ring from it',
  async () => {
    const frame = (kind: string) => join(kitchen, `000240.${kind}`);
    const fov = String((360 / Math.PI) * Math.atan(320 / 585));
    const lifted = await runCli(script, [
      ...['photo', frame('color.jpg'), '--depth', frame('depth.png'), '--fov', fov],
      ...['--max-side', '96', '-o', at('k.ply'), '--backend', 'cpu', '--json', '--quiet'],
    ]);
    const { camera, input } = JSON.parse(lifted.stdout) as PhotoJson;
    const { width, height } = input;
    const { fx, fy, cx, cy } = camera;
    const pose = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ];
    writeFileSync(
      at('k.json'),
      JSON.stringify({ width, height, fx, fy, cx, cy, cameraToWorld: pose }),
    );
    const args = [at('k.ply'), '--camera', at('k.json'), '--path', 'ring', '--angle', '40'];
    const json = await grow(...args, '-o', at('o.ply'));
    expect(json.figures.coverage).toBeGreaterThan(0.9);
    expect(json.figures.added).toBeGreaterThan(500);
    expect(json.figures.seamDepth).toBeLessThan(0.02);
  },
);
