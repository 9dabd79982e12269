import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** The version of an installed package, by the package.json above its entry; undefined when it is not there. */
function versionOf(name: string): string | undefined {
  try {
    let folder = dirname(createRequire(import.meta.url).resolve(name));
    for (;;) {
      try {
        const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
          name?: string;
          version?: string;
        };
        if (found.name === name) return found.version;
      } catch {
        // No package.json on this level.
      }
      if (dirname(folder) === folder) return undefined;
      folder = dirname(folder);
    }
  } catch {
    return undefined;
  }
}

/** Versions of what a result depends on, for the report and `--json`. */
export function versions(): Record<string, string> {
  const out: Record<string, string> = { splatmend: VERSION, node: process.versions.node };
  for (const name of ['webgpu', '@playcanvas/splat-transform']) {
    const version = versionOf(name);
    if (version !== undefined) out[name] = version;
  }
  return out;
}
