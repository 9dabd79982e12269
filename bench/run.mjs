// `npm run bench -- NAME …`: loads bench/index.ts through Vite, which resolves `?raw` shaders and TypeScript.
// Gives Dawn in Node the software Vulkan that Chromium brings, unless the machine names a driver.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { swiftShaderEnv } from '../test/support/chromium.mjs';

const env = swiftShaderEnv();
if (env.VK_ICD_FILENAMES !== undefined) {
  // The loader's search path is read when a process starts: start again with it.
  const again = spawnSync(process.execPath, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  process.exit(again.status ?? 1);
}

const server = await createServer({
  configFile: false,
  root: fileURLToPath(new URL('..', import.meta.url)),
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  appType: 'custom',
  logLevel: 'error',
});
let status = 0;
try {
  const { main } = await server.ssrLoadModule('/bench/index.ts');
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (process.env.DEBUG) console.error(error);
  status = 1;
}
await server.close();
process.exit(status);
