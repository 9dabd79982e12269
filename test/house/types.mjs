// Type-checks every room with its own tsconfig (a worker has no DOM, core has no node:), then the rest.
import { spawnSync } from 'node:child_process';

let failed = 0;
for (const project of ['core', 'workers', 'plugin', 'cli', '.']) {
  const run = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    stdio: 'inherit',
  });
  if (run.status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
