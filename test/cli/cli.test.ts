// Accepts: the built command line, run as a process on a generated table with a ball (seed 5), answers every case with the
// exit code of docs/cli.md, and leaves no file where it fails. Counts and bytes are exact; nothing else is compared.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RemoveJson } from '../../cli/remove-json.ts';
import { readSplats, writeSplats } from '../../core/formats/index.ts';
import { buildCli, removeBuild, runCli, temporaryFolder } from './support/run-cli.ts';
import { BALL_SPLATS, tinyCase, tinyScene } from './support/tiny-scene.ts';

let script: string;
let sceneBytes: Uint8Array;
let folder: string;
let scene: string;
const at = (name: string) => join(folder, name);
const cli = (...args: string[]) => runCli(script, args);
/** On the small scene, on the CPU, from one view: about a second. */
const FAST = ['--backend', 'cpu', '--views', '1'];
const BALL = ['--box', '0,-0.1,0,0.11,0.098,0.11'];

beforeAll(async () => {
  script = await buildCli('main');
  sceneBytes = await writeSplats(tinyScene(), 'ply');
});
afterAll(() => removeBuild(script));
beforeEach(() => {
  folder = temporaryFolder();
  scene = at('table.ply');
  writeFileSync(scene, sceneBytes);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readCloud = async (path: string) =>
  (await readSplats(new Uint8Array(readFileSync(path)), path)).cloud;

describe('usage', () => {
  it('says version and help on stdout, with exit code 0', async () => {
    const version = await cli('--version');
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await cli('--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('Examples:');
    expect((await cli('remove', '--help')).stdout).toContain('--sphere');
  });
  it('has exit code 2 for everything it cannot read in the flags', async () => {
    const wrong = [
      [],
      ['remove'],
      ['mend', scene],
      ['remove', scene],
      ['remove', scene, '--box', '1,2,3'],
      ['remove', scene, '--sphere', '0,0,0,1', ...BALL],
      ['remove', scene, ...BALL, '--views', '0'],
      ['remove', scene, ...BALL, '--seed', 'x'],
      ['remove', scene, ...BALL, '--backend', 'cuda'],
      ['remove', scene, ...BALL, '--colour'],
      ['remove', scene, ...BALL, '-o', at('out.obj')],
    ];
    for (const args of wrong) {
      const run = await cli(...args);
      expect(run.code, args.join(' ')).toBe(2);
      expect(run.stdout, args.join(' ')).toBe('');
      expect(run.stderr.trim(), args.join(' ')).not.toBe('');
    }
    expect(readdirSync(folder)).toEqual(['table.ply']);
  });
  it('says a usage error as JSON too', async () => {
    const run = await cli('remove', scene, ...BALL, '--views', '0', '--json');
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, code: 'bad-option', exitCode: 2 });
  });
});

describe('bad input', () => {
  const refused = async (exit: number, code: string, input: string, ...args: string[]) => {
    const before = readdirSync(folder);
    const run = await cli('remove', input, ...FAST, ...args, '--json');
    expect(run.stderr).toContain('splatmend: ');
    expect(JSON.parse(run.stdout)).toEqual({
      ok: false,
      code,
      message: expect.stringMatching(/.{10}/),
      exitCode: exit,
    });
    expect(run.code).toBe(exit);
    expect(readdirSync(folder)).toEqual(before);
  };
  it('3: a file that is not there', () => refused(3, 'not-readable', at('no.ply'), ...BALL));
  it('3: an unknown extension', async () => {
    copyFileSync(scene, at('table.obj'));
    await refused(3, 'unknown-format', at('table.obj'), ...BALL, '-o', at('out.ply'));
  });
  it('3: a truncated file', async () => {
    writeFileSync(at('cut.ply'), sceneBytes.subarray(0, sceneBytes.length - 7));
    await refused(3, 'bad-file', at('cut.ply'), ...BALL);
  });
  it('3: an empty file', async () => {
    writeFileSync(at('empty.ply'), '');
    await refused(3, 'bad-file', at('empty.ply'), ...BALL);
  });
  it('3: a camera file that is wrong', async () => {
    writeFileSync(at('cameras.json'), '[{"width": 10}]');
    await refused(3, 'bad-camera', scene, ...BALL, '--camera', at('cameras.json'));
  });
  it('4: a selection file that is wrong', async () => {
    writeFileSync(at('selection.json'), '{"shape": "cone"}');
    await refused(4, 'bad-selection', scene, '--selection', at('selection.json'));
  });
  it('4: nothing selected', () => refused(4, 'empty-selection', scene, '--sphere', '9,9,9,0.1'));
  it('4: everything selected', () =>
    refused(4, 'everything-selected', scene, '--sphere', '0,0,0,9'));
  it('5: an output that cannot be written, before the scene is even read', async () => {
    await refused(5, 'not-writable', at('no.ply'), ...BALL, '-o', at('no/such/out.ply'));
    await refused(5, 'not-writable', scene, ...BALL, '-o', scene);
    await refused(5, 'not-writable', scene, ...BALL, '--report', scene);
  });
});

describe('remove', () => {
  it('removes and mends, survivors bit for bit, writes the report, and prints one JSON object', async () => {
    const report = at('report');
    const flags = ['--json', '--quiet', '--seed', '3', '--report', report];
    const run = await cli('remove', scene, ...FAST, ...BALL, ...flags);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const json = JSON.parse(run.stdout) as RemoveJson;
    const before = tinyScene();
    expect(json).toMatchObject({
      ok: true,
      input: { path: scene, format: 'ply', splats: before.count, shDegree: 0 },
      output: { path: at('table.mended.ply'), format: 'ply' },
      cameras: { source: 'none', count: 0 },
      backend: { kind: 'cpu', description: expect.any(String), reason: expect.any(String) },
      options: { views: 1, seed: 3, polish: 0 },
      figures: { selected: BALL_SPLATS, seconds: expect.any(Object), notes: expect.any(Array) },
      report: join(report, 'report.html'),
      versions: { splatmend: expect.any(String), node: process.versions.node },
    });
    expect(json.figures.added).toBeGreaterThan(0);
    expect(json.output.splats).toBe(before.count - BALL_SPLATS + json.figures.added);
    expect(json.output.bytes).toBe(readFileSync(json.output.path).length);
    for (const s of Object.values(json.seconds)) expect(s).toBeGreaterThanOrEqual(0);

    const after = await readCloud(json.output.path);
    expect(after.count).toBe(json.output.splats);
    const kept = before.count - BALL_SPLATS;
    expect(after.positions.slice(0, kept * 3)).toEqual(before.positions.slice(0, kept * 3));
    expect(after.dc.slice(0, kept * 3)).toEqual(before.dc.slice(0, kept * 3));
    expect(Buffer.compare(readFileSync(scene), sceneBytes)).toBe(0);

    expect(json.files[0]).toBe(json.output.path);
    const pictures = readdirSync(report).map((name) => join(report, name));
    expect(json.files.slice(1).sort()).toEqual(pictures.sort());
    // Three cameras, three states, whole and close; one fill of six; the page.
    expect(pictures).toHaveLength(18 + 6 * json.figures.views + 1);
    const page = readFileSync(join(report, 'report.html'), 'utf8');
    expect(/<script|https?:\/\//i.test(page)).toBe(false);
  });
  it('uses the cameras of a case.json and says so, overwrites with --force only, repeats its bytes', async () => {
    writeFileSync(at('case.json'), JSON.stringify(tinyCase()));
    writeFileSync(at('a.ply'), 'precious');
    const args = ['remove', scene, ...FAST, '--selection', at('case.json'), '-o'];
    expect((await cli(...args, at('a.ply'))).code).toBe(5);
    expect(readFileSync(at('a.ply'), 'utf8')).toBe('precious');
    const first = await cli(...args, at('a.ply'), '--force');
    expect(first.stderr).toContain('1 camera from the selection file (no --camera was given)');
    expect(first.stderr).toContain('Backend: cpu');
    expect(first.stdout).toContain(`${BALL_SPLATS} splats removed`);
    expect(first.code).toBe(0);
    await cli(...args, at('b.ply'));
    expect(readFileSync(at('a.ply')).equals(readFileSync(at('b.ply')))).toBe(true);
  });
  it('6: Ctrl-C leaves the scene and no other file', async () => {
    let sent = false;
    const run = await runCli(
      script,
      ['remove', scene, ...BALL, '--backend', 'cpu', '--json', '--report', at('report')],
      (text, kill) => {
        if (sent || !text.includes('Backend: cpu')) return;
        sent = true;
        kill('SIGINT');
      },
    );
    expect(sent).toBe(true);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, code: 'cancelled', exitCode: 6 });
    expect(run.code).toBe(6);
    expect(readdirSync(folder)).toEqual(['table.ply']);
    expect(Buffer.compare(readFileSync(scene), sceneBytes)).toBe(0);
  });
});

describe('info', () => {
  it('says what is in a file', async () => {
    const run = await cli('info', scene);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(new RegExp(`^Splats +${tinyScene().count}$`, 'm'));
    const json = JSON.parse((await cli('info', scene, '--json')).stdout);
    expect(json).toMatchObject({
      ok: true,
      format: 'ply',
      report: { count: tinyScene().count, shDegree: 0, nonFinite: 0 },
    });
    expect(json.bounds.min[0]).toBeCloseTo(-0.6, 5);
    expect(json.bounds.max[2]).toBeCloseTo(0.6, 5);
  });
  it('has the same exit codes', async () => {
    expect((await cli('info', at('no.ply'))).code).toBe(3);
    expect((await cli('info')).code).toBe(2);
  });
});
