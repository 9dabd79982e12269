/** Says after the plugin's build what a host page downloads, gzipped, and fails past the bar. */
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

/** What an entry needs at once: itself and what it imports statically, by file name. */
function eager(bundle: Bundle, entry: string): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string) => {
    const chunk = bundle[name];
    if (seen.has(name) || chunk?.type !== 'chunk') return;
    seen.add(name);
    chunk.imports.forEach(visit);
  };
  visit(entry);
  return seen;
}

function gzipped(bundle: Bundle, names: Iterable<string>): number {
  let bytes = 0;
  for (const name of names) {
    const part = bundle[name]!;
    bytes += gzipSync(part.type === 'chunk' ? part.code : part.source).length;
  }
  return bytes;
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** @param limit gzipped bytes that all entries and the worker's script may weigh together */
export function reportSizes(limit: number): Plugin {
  return {
    name: 'splatmend-sizes',
    apply: 'build',
    writeBundle(_options, bundle) {
      const entries = Object.values(bundle).filter((c) => c.type === 'chunk' && c.isEntry);
      const all = new Set<string>();
      for (const { fileName } of entries) {
        const needs = eager(bundle, fileName);
        for (const name of needs) all.add(name);
        console.log(
          `${fileName.padEnd(26)} ${kB(gzipped(bundle, needs)).padStart(9)} gzip, at once`,
        );
      }
      const worker = Object.keys(bundle).filter((name) => /\/entry-[^/]*\.js$/.test(name));
      const total = gzipped(bundle, [...all, ...worker]);
      console.log(`${'worker'.padEnd(26)} ${kB(gzipped(bundle, worker)).padStart(9)} gzip`);
      const models = Object.keys(bundle).filter((name) => /model-entry|ort[.-]/.test(name));
      for (const name of models) {
        const size = kB(gzipped(bundle, [name])).padStart(9);
        console.log(`${name.replace(/.*\/|-[^-]*$/g, '').padEnd(26)} ${size} gzip, with a model`);
      }
      console.log(
        `plugin, every entry and the worker: ${kB(total)} gzip of ${kB(limit)} allowed; engines, formats' WASM and the ONNX runtime load when used`,
      );
      if (total > limit) this.error(`the plugin weighs ${kB(total)} gzip, over ${kB(limit)}`);
    },
  };
}
