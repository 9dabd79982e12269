// Accepts: what `splatmend/node` names, built, mends a generated table (seed 5) in a plain Node process: survivors bit for bit, nine of ten
// new splats within 5 mm of the table's plane (their spacing is 25 mm). Completes depth: a plane's within 0.1 % (exact but for single precision).
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSplats } from '../../core/formats/index.ts';
import { buildCli, removeBuild, temporaryFolder } from './support/run-cli.ts';
import { tinyScene } from './support/tiny-scene.ts';

let script: string;
let folder: string;
const { exports } = JSON.parse(readFileSync(resolve('package.json'), 'utf8'));
const entry = () => join(dirname(script), basename(exports['./node'].default));

beforeAll(async () => {
  script = await buildCli('node-entry');
  folder = temporaryFolder();
});
afterAll(() => {
  removeBuild(script);
  rmSync(folder, { recursive: true, force: true });
});

function runInNode(body: string): unknown {
  const file = join(folder, 'program.mjs');
  writeFileSync(
    file,
    `import * as s from ${JSON.stringify(pathToFileURL(entry()).href)};\n${body}`,
  );
  return JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
}

it('removes, and keeps the survivors bit for bit', async () => {
  const scene = join(folder, 'table.ply');
  writeFileSync(scene, await writeSplats(tinyScene(), 'ply'));
  const said = runInNode(`
    import { readFileSync } from 'node:fs';
    const { cloud } = await s.readSplats(new Uint8Array(readFileSync(${JSON.stringify(scene)})), 'table.ply');
    const volume = { shape: 'box', center: [0, -0.1, 0], axes: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], halfExtents: [0.11, 0.098, 0.11] };
    const { selection, count } = await s.select(cloud, { kind: 'volume', volume });
    const models = { inpainter: s.createExemplarInpainter() };
    const { patch, figures } = await s.remove(cloud, selection, [], s.createCpuKernels(), models, { views: 1 });
    const mended = s.applyPatch(cloud, patch);
    const kept = [];
    for (let i = 0, r = 0; i < cloud.count; i++) if (patch.removed[r] === i) r++; else kept.push(i);
    const same = kept.every((row, i) => cloud.positions[3 * row] === mended.positions[3 * i]
      && cloud.dc[3 * row + 2] === mended.dc[3 * i + 2]);
    const heights = [...patch.added.positions].filter((_, k) => k % 3 === 1).map(Math.abs).sort((a, b) => a - b);
    console.log(JSON.stringify({ count, same, added: heights.length, off: heights[Math.floor(0.9 * heights.length)], notes: figures.notes }));
  `) as { count: number; same: boolean; added: number; off: number; notes: string[] };
  expect(said.same).toBe(true);
  expect(said.count).toBeGreaterThan(100);
  // As dense as the table: 0.22² of it at a spacing of 0.025 are 77.
  expect(said.added).toBeGreaterThan(60);
  expect(said.off).toBeLessThan(0.005);
  expect(said.notes.join(' ')).toContain('Filled');
});

it('completes depth', () => {
  const worst = runInNode(`
    const [width, height] = [48, 32];
    const truth = Float32Array.from({ length: width * height }, (_, i) => 1 / (0.4 + 0.005 * (i % width) - 0.003 * Math.floor(i / width)));
    const known = s.createMask(width, height);
    for (let i = 0; i < truth.length; i++) known.data[i] = Math.hypot((i % width) - 24, Math.floor(i / width) - 16) > 9 ? 1 : 0;
    const depth = { width, height, data: truth.map((z, i) => z * known.data[i]) };
    const done = await s.createCpuKernels().complete({ depth, known });
    console.log(JSON.stringify(Math.max(...truth.map((z, i) => Math.abs(done.depth.data[i] / z - 1)))));
  `) as number;
  expect(worst).toBeLessThan(1e-3);
});

it('says what is wrong by name', () => {
  const code = runInNode(`
    const e = await s.readSplats(new Uint8Array([1, 2, 3]), 'x.ply').catch((e) => e);
    console.log(JSON.stringify([e instanceof s.SplatmendError, e.code]));
  `);
  expect(code).toEqual([true, 'bad-file']);
});
