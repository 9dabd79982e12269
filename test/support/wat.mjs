// `npm run wat`: assembles core/cpu/render/composite.wat into composite-wasm.ts beside it. The result is checked in, so
// that nothing needs an assembler to build; test/core/render-wasm.test.ts fails when the two are not of one mind.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import createWabt from 'wabt';

const folder = new URL('../../core/cpu/render/', import.meta.url);
const at = (name) => fileURLToPath(new URL(name, folder));

/**
 * The module's TypeScript, from its WebAssembly text.
 * @returns {Promise<string>}
 */
export async function assembleComposite() {
  const wabt = await createWabt();
  const module = wabt.parseWat('composite.wat', readFileSync(at('composite.wat'), 'utf8'), {
    simd: true,
  });
  module.validate();
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  const lines = base64.match(/.{1,96}/g).map((line) => `  '${line}'`);
  return `// Written by \`npm run wat\` from composite.wat; do not edit.\nexport const COMPOSITE_WASM_BASE64 =\n${lines.join(' +\n')};\n`;
}

export const COMPOSITE_WASM = at('composite-wasm.ts');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(COMPOSITE_WASM, await assembleComposite());
}
