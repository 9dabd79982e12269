import { createRequire } from 'node:module';
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** Versions of what a result depends on, for the report and `--json`. */
export function versions(): Record<string, string> {
  const out: Record<string, string> = { splatmend: VERSION, node: process.versions.node };
  const require = createRequire(import.meta.url);
  for (const name of ['webgpu', '@playcanvas/splat-transform']) {
    try {
      out[name] = (require(`${name}/package.json`) as { version: string }).version;
    } catch {
      // Its package.json is not exported, or it is not installed here: nothing to say.
    }
  }
  return out;
}
