/** Writes the package's workers as a host page's bundler knows them. */
import type { Plugin } from 'vite';

/** What Vite makes of a worker: right in a browser, but opaque to the next bundler. */
const AS_BUILT =
  /new Worker\(\s*new URL\(\s*new URL\(\s*(["'`])([^"'`]+)\1\s*,\s*import\.meta\.url\s*\)\.href\s*,\s*(["'`])\3\s*\+\s*import\.meta\.url\s*\)/g;

/**
 * Bundlers take `new Worker(new URL('…', import.meta.url))` literally, for a worker to be bundled; in any other form the script is copied
 * alone, without the modules that it imports, and does not start.
 * @param workers how many the package has: one that is written in another form ends the build
 */
export function plainWorkers(workers: number): Plugin {
  return {
    name: 'splatmend-plain-workers',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      let found = 0;
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        chunk.code = chunk.code.replace(AS_BUILT, (_all, _quote, path: string) => {
          found++;
          return `new Worker(new URL(${JSON.stringify(path)}, import.meta.url)`;
        });
      }
      if (found !== workers) this.error(`${found} workers are plain, not ${workers}`);
    },
  };
}
