import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, seen from a source file or from what bench/build.ts made of it inside node_modules. */
function findRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  let folder = start;
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`bench: no package.json above ${start}`);
    folder = above;
  }
  return folder;
}

export const ROOT = findRoot();
export const RESULTS = join(ROOT, 'bench/results');
/** Ignored by git: pictures of data that may not be copied into the repository, and dry runs. */
export const OUT = join(ROOT, 'out');
