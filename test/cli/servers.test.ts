// `splatmend remove --inpainter SERVER`, built and run as a process, against servers that check each request (test/servers/support).
// Accepts: the scene is mended by the server's paint and `--json` says whose it is; a server that fails ends in its code, exit
// code 8, no file and the input byte for byte; a key from the environment goes in the header and is nowhere in what is printed;
// an address with a key in it is refused unsaid; Ctrl-C reaches the server.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { RemoveJson } from '../../cli/remove-json.ts';
import { writeNpy } from '../../core/depth-files/npy.ts';
import { readSplats, writeSplats } from '../../core/formats/index.ts';
import { SH_C0 } from '../../core/splat-cloud.ts';
import { startA1111 } from '../servers/support/fake-a1111.ts';
import { comfyuiWorkflow, startComfyui } from '../servers/support/fake-comfyui.ts';
import { startIopaint } from '../servers/support/fake-iopaint.ts';
import type { FakeServer } from '../servers/support/fake-server.ts';
import { buildCli, removeBuild, runCli, temporaryFolder } from './support/run-cli.ts';
import { BALL_SPLATS, tinyScene } from './support/tiny-scene.ts';

const KEY = 'sk-test-Zx81kQ0pL7';
let script: string;
let sceneBytes: Uint8Array;
let folder: string;
let scene: string;
let iopaint: FakeServer;
const at = (name: string) => join(folder, name);
const remove = (...args: string[]) =>
  runCli(script, [
    ...['remove', scene, '--box', '0,-0.1,0,0.11,0.098,0.11', '--backend', 'cpu', '--views', '1'],
    ...['--json', ...args],
  ]);

beforeAll(async () => {
  script = await buildCli('servers');
  sceneBytes = await writeSplats(tinyScene(), 'ply');
});
afterAll(() => removeBuild(script));
beforeEach(async () => {
  folder = temporaryFolder();
  scene = at('table.ply');
  writeFileSync(scene, sceneBytes);
  iopaint = await startIopaint();
  process.env.SPLATMEND_API_KEY = KEY;
});
afterEach(async () => {
  delete process.env.SPLATMEND_API_KEY;
  await iopaint.close();
  rmSync(folder, { recursive: true, force: true });
});

it('lifts a photo whose hidden parts the server paints, as it is told', async () => {
  const [width, height] = [64, 48];
  const near = (i: number) => Math.abs((i % width) - 32) < 10;
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) =>
    near(Math.floor(i / 3)) ? 200 : 90,
  );
  writeFileSync(at('i.png'), encode({ width, height, data, channels: 3, depth: 8 }));
  const depth = Float32Array.from({ length: width * height }, (_, i) => (near(i) ? 1 : 3));
  writeFileSync(at('d.npy'), writeNpy({ shape: [height, width], data: depth }));
  const run = await runCli(script, [
    ...['photo', at('i.png'), '--depth', at('d.npy'), '--layers', '1', '-o', at('o.ply')],
    ...['--inpainter', `iopaint:${iopaint.address}`, '--prompt', 'a wall', '--backend', 'cpu'],
    ...['--json', '--quiet'],
  ]);
  expect(JSON.parse(run.stdout)).toMatchObject({ inpainter: { id: 'iopaint', prompt: 'a wall' } });
  expect(iopaint.violations).toEqual([]);
  const asked = iopaint.received.filter((r) => r.path === '/api/v1/inpaint');
  expect(asked.length).toBeGreaterThan(0);
  for (const { body } of asked) expect(JSON.parse(body.toString()).prompt).toBe('a wall');
});

it('mends by the server’s paint, and says whose it is', async () => {
  const words = ['--prompt', 'a table', '--negative-prompt', 'ball', '--strength', '0.5'];
  const run = await remove('--inpainter', `iopaint:${iopaint.address}`, ...words);
  expect([run.code, run.stderr]).toEqual([0, run.stderr]);
  const done = JSON.parse(run.stdout) as RemoveJson;
  expect(done.inpainter).toEqual({
    id: 'iopaint',
    server: iopaint.address,
    prompt: 'a table',
    negativePrompt: 'ball',
    strength: 0.5,
  });
  expect(run.stderr).toContain(`Filled by IOPaint at ${iopaint.address}: pictures of the hole`);
  const { cloud } = await readSplats(new Uint8Array(readFileSync(done.output.path)), 'out.ply');
  const survivors = tinyScene().count - BALL_SPLATS;
  expect(cloud.count).toBe(survivors + done.figures.added);
  // The paint is green, where the table is brown: 2.5 times as much green as red, before the rim's match.
  let green = 0;
  for (let i = survivors; i < cloud.count; i++) {
    const [red, g] = [cloud.dc[3 * i]! * SH_C0 + 0.5, cloud.dc[3 * i + 1]! * SH_C0 + 0.5];
    if (g > red + 0.1) green++;
  }
  expect(green / done.figures.added).toBeGreaterThan(0.5);
  expect(iopaint.violations).toEqual([]);
  const { headers, body } = iopaint.received[0]!;
  expect(headers.authorization).toBe(`Bearer ${KEY}`);
  expect(JSON.parse(body.toString())).toMatchObject({ prompt: 'a table', sd_strength: 0.5 });
  expect(run.stdout + run.stderr).not.toContain(KEY);
});

it('ends by name where the server fails, with nothing written and nothing changed', async () => {
  iopaint.fault = 'fails';
  const run = await remove('--inpainter', `iopaint:${iopaint.address}`);
  expect(run.code).toBe(8);
  expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, code: 'server-failed', exitCode: 8 });
  expect(run.stderr).toContain('CUDA out of memory');
  expect(readdirSync(folder)).toEqual(['table.ply']);
  expect(readFileSync(scene).equals(sceneBytes)).toBe(true);
  const { address } = iopaint;
  await iopaint.close();
  const dead = await remove('--inpainter', `iopaint:${address}`);
  expect(dead.code).toBe(8);
  expect(JSON.parse(dead.stdout)).toMatchObject({ code: 'server-unreachable' });
  iopaint = await startIopaint();
});

it('refuses what it cannot use before it reads the scene, and says no secret', async () => {
  const wrong = [
    ['--inpainter', `iopaint:http://user:${KEY}@127.0.0.1:9`],
    ['--inpainter', `http://user:${KEY}@127.0.0.1:9`],
    ['--inpainter', `iopaint:http://127.0.0.1:9/?key=${KEY}`],
    ['--inpainter', `iopaint:${iopaint.address},lama`],
    ['--inpainter', `openai:${iopaint.address}`],
    ['--inpainter', 'iopaint:http://192.0.2.7:8080'],
    ['--prior-depth', `oip:${iopaint.address}`],
    ['--prompt', 'a table'],
  ];
  for (const flags of wrong) {
    const run = await remove(...flags);
    expect(run.code, flags.join(' ')).toBe(2);
    expect(run.stdout + run.stderr).not.toContain(KEY);
  }
  writeFileSync(at('flow.json'), '{"nodes": []}');
  const flow = await remove('--inpainter', `comfyui:${iopaint.address},${at('flow.json')}`);
  expect(flow.code).toBe(3);
  expect(flow.stderr).toContain('Export (API)');
  expect(iopaint.received).toEqual([]);
});

it('works through ComfyUI, its progress heard in Node', async () => {
  delete process.env.SPLATMEND_API_KEY;
  const fake = await startComfyui();
  Object.assign(fake, { steps: 5, stepMs: 20 });
  try {
    writeFileSync(at('flow.json'), comfyuiWorkflow(true));
    const run = await remove('--inpainter', `comfyui:${fake.server.address},${at('flow.json')}`);
    expect([run.code, run.stderr]).toEqual([0, run.stderr]);
    expect(fake.server.violations).toEqual([]);
    expect(fake.sockets).toBeGreaterThan(0);
    expect(fake.finished.length).toBeGreaterThan(0);
  } finally {
    await fake.close();
  }
});

it('Ctrl-C stops the server’s work too', async () => {
  delete process.env.SPLATMEND_API_KEY;
  const fake = await startA1111();
  Object.assign(fake, { steps: 1000, stepMs: 20 });
  try {
    const args = ['remove', scene, '--sphere', '0,-0.1,0,0.11', '--backend', 'cpu', '--views', '1'];
    const flags = ['--inpainter', `a1111:${fake.server.address}`];
    const asked = () => fake.server.received.some((r) => r.path.endsWith('/progress'));
    let killed = false;
    let kill: ((signal: NodeJS.Signals) => void) | undefined;
    const running = runCli(script, [...args, ...flags], (_, stop) => {
      kill = stop;
    });
    await expect.poll(asked, { timeout: 60_000 }).toBe(true);
    kill!('SIGINT');
    killed = true;
    const run = await running;
    expect([killed, run.code]).toEqual([true, 6]);
    expect(fake.interrupted).toBe(1);
    expect(readdirSync(folder)).toEqual(['table.ply']);
  } finally {
    await fake.server.close();
  }
});
