/**
 * Accepts: no file of the house imports against the rooms' directions (docs/architecture.md), and every
 * check of that bites: a file that offends on purpose is refused, its harmless neighbour is not.
 * Biome runs with the repository's own biome.json on a temporary folder laid out like the house.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importOffences, type SourceFile } from './import-rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/.bin/biome');
const ROOMS = ['core', 'workers', 'plugin', 'cli', 'samples'];

const uses = (from: string) => `import { a } from '${from}';\nexport const b = a;\n`;
const fine = "import { a } from './harmless.ts';\nexport const b = a;\n";

/** Offending file → the rule that must refuse it. */
const BAD: Record<string, [string, string]> = {
  'core/uses-workers.ts': [uses('../workers/remove.ts'), 'noRestrictedImports'],
  'core/uses-node.ts': [uses('node:fs'), 'noRestrictedImports'],
  'core/uses-engine.ts': [uses('@babylonjs/core/scene.js'), 'noRestrictedImports'],
  'workers/uses-plugin.ts': [uses('../plugin/index.ts'), 'noRestrictedImports'],
  'workers/line/uses-node.ts': [uses('node:fs'), 'noRestrictedImports'],
  'workers/steps/uses-step.ts': [uses('./lift.ts'), 'noRestrictedImports'],
  'workers/steps/uses-line.ts': [uses('../remove.ts'), 'noRestrictedImports'],
  'workers/steps/uses-gpu.ts': [uses('../gpu/kernels.ts'), 'noRestrictedImports'],
  'plugin/uses-cli.ts': [uses('../cli/main.ts'), 'noRestrictedImports'],
  'plugin/uses-node.ts': [uses('node:path'), 'noRestrictedImports'],
  'cli/uses-plugin.ts': [uses('../plugin/index.ts'), 'noRestrictedImports'],
  'core/circle-one.ts': [uses('./circle-two.ts'), 'noImportCycles'],
  'core/circle-two.ts': [
    "import { b } from './circle-one.ts';\nexport const a = b;\n",
    'noImportCycles',
  ],
};
const GOOD: Record<string, string> = {
  'core/harmless.ts': 'export const a = 1;\n',
  'core/neighbour.ts': fine,
  'workers/neighbour.ts': uses('../core/harmless.ts'),
  'workers/steps/neighbour.ts': uses('../../core/harmless.ts'),
  'cli/neighbour.ts': uses('node:fs'),
};

describe('Biome refuses what offends', () => {
  let folder = '';
  let found: { category: string; path: string }[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'splatmend-imports-'));
    copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    const texts = Object.entries(BAD).map(([path, [text]]) => [path, text] as const);
    for (const [path, text] of [...texts, ...Object.entries(GOOD)]) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
    const done = spawnSync(BIOME, args, { cwd: folder, encoding: 'utf8' });
    expect(done.status, done.stderr).not.toBe(0);
    const { diagnostics } = JSON.parse(done.stdout) as {
      diagnostics: { category: string; severity: string; location: { path: string } }[];
    };
    found = diagnostics
      .filter((d) => d.severity === 'error')
      .map((d) => ({ category: d.category, path: d.location.path }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.keys(BAD))('%s', (path) => {
    const rule = BAD[path]![1];
    expect(found.filter((d) => d.path === path).map((d) => d.category.split('/').at(-1))).toContain(
      rule,
    );
  });
  it('and nothing else', () => {
    expect(found.filter((d) => d.path in GOOD)).toEqual([]);
  });
});

describe('the house rules that Biome cannot say', () => {
  const offences = (path: string, text: string) => importOffences([{ path, text }]);

  it('bite on values from workers in the plugin, and let types through', () => {
    const from = "'../workers/api.ts'";
    expect(offences('plugin/x.ts', `import { a } from ${from};`)).toHaveLength(1);
    expect(offences('plugin/x.ts', `export { a } from ${from};`)).toHaveLength(1);
    expect(offences('plugin/x.ts', `const a = await import(${from});`)).toHaveLength(1);
    expect(offences('plugin/x.ts', `import {\n  a,\n  b,\n} from ${from};`)).toHaveLength(1);
    expect(offences('plugin/x.ts', `import type { A } from ${from};`)).toEqual([]);
    expect(offences('plugin/x.ts', `export type { A } from ${from};`)).toEqual([]);
  });
  it('bite on a step that imports anything but core', () => {
    expect(offences('workers/steps/x.ts', "import { a } from '../line/look.ts';")).toHaveLength(1);
    expect(offences('workers/steps/x.ts', "import { a } from '../../core/image.ts';")).toEqual([]);
  });
  it('bite on packages outside their one place', () => {
    const places: [string, string, string][] = [
      ['lit', 'plugin/mender.ts', 'plugin/ui/x.ts'],
      ['three', 'plugin/ui/x.ts', 'plugin/hosts/x.ts'],
      ['comlink', 'workers/session.ts', 'workers/entry.ts'],
      ['node:fs', 'samples/scenes/x.ts', 'cli/x.ts'],
      ['webgpu', 'workers/gpu/device.ts', 'cli/x.ts'],
    ];
    for (const [name, wrong, right] of places) {
      expect(offences(wrong, `import { a } from '${name}';`), name).toHaveLength(1);
      expect(offences(right, `import { a } from '${name}';`), name).toEqual([]);
    }
    expect(offences('plugin/mender.ts', "import 'lit';")).toHaveLength(1);
  });
  it('are kept by every file of the house', () => {
    const tracked = execFileSync('git', ['ls-files', '--', ...ROOMS], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const files: SourceFile[] = tracked
      .split('\n')
      .filter((path) => path.endsWith('.ts'))
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
    expect(files.length).toBeGreaterThan(40);
    expect(importOffences(files)).toEqual([]);
  });
});
