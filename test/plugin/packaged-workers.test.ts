// Accepts: the built package's workers go through another bundler whole. Each script that a host page's build writes finds beside it
// what it imports. A worker in a form that bundlers do not know is copied alone, and does not start.
import { rmSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { build, type Rolldown } from 'vite';
import { afterAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const BUILT = process.env.SPLATMEND_BUILT !== undefined;
const outDir = join(ROOT, 'dist', BUILT ? 'plugin' : 'plugin-test');
afterAll(() => {
  if (!BUILT) rmSync(outDir, { recursive: true, force: true });
});

/** A page's build with Vite's defaults, of these modules. */
async function hostBuild(...modules: string[]) {
  const [entry, name] = ['virtual:page', '\0page'];
  const page = modules.map((m) => `export * from ${JSON.stringify(join(outDir, m))};`).join('\n');
  const built = (await build({
    root: outDir,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === entry ? name : undefined),
        load: (id) => (id === name ? page : undefined),
      },
    ],
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput;
  return built.output;
}

const IMPORTED = /(?:\bfrom\s*|\bimport\s*\(?\s*)(["'`])(\.\.?\/[^"'`]+)\1/g;

test('a page that Vite builds has both workers, with all that they import', async () => {
  if (!BUILT) {
    await build({ root: ROOT, mode: 'plugin', logLevel: 'error', build: { outDir } });
  }
  const output = await hostBuild('index.js', 'models.js');
  const files = new Set(output.map((file) => file.fileName));
  const missing: string[] = [];
  for (const file of output) {
    if (!/\.m?js$/.test(file.fileName)) continue;
    const text = String(file.type === 'chunk' ? file.code : file.source);
    for (const [, , path] of text.matchAll(IMPORTED)) {
      const wanted = posix.join(posix.dirname(file.fileName), path!);
      if (!files.has(wanted)) missing.push(`${file.fileName} → ${wanted}`);
    }
  }
  expect(missing).toEqual([]);
  expect([...files].filter((f) => /\/(entry|model-entry)-[^/]*\.js$/.test(f))).toHaveLength(2);
});
