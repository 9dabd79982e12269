import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from './root.ts';

/**
 * Builds a file of ours with all that it imports, as a page's worker is built, and loads what came out: modules that
 * Vite serves one by one run hot loops more than twice as slowly. What is built finds the repository by bench/root.ts, not by its own place.
 * @param entry path from the repository's folder, `bench/….ts`
 */
export async function loadBuilt<T>(entry: string): Promise<T> {
  const name = basename(entry, '.ts');
  // Inside node_modules, so that packages are found from there.
  const outDir = join(ROOT, 'node_modules/.splatmend-bench', name);
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: { ssr: entry, outDir, emptyOutDir: true, target: 'node20' },
  });
  return import(/* @vite-ignore */ pathToFileURL(join(outDir, `${name}.js`)).href);
}

/** Lets engines and runtimes of a page share memory with their workers. */
export const ISOLATED: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Builds a page of ours. @param folder path from the repository's folder, `bench/NAME/page`. @returns the built folder */
export async function buildPage(folder: string): Promise<string> {
  const outDir = join(ROOT, 'node_modules/.splatmend-bench', `${basename(dirname(folder))}-page`);
  await build({
    configFile: false,
    root: join(ROOT, folder),
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1e5 },
  });
  return outDir;
}
