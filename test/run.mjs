// `npm test`: checks, build, then every test. Finds a Chromium (or gets one), and gives Dawn in Node the
// software Vulkan that Chromium brings, unless the machine already names a driver.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, swiftShaderEnv } from './support/chromium.mjs';

function run(command, args, env = {}) {
  const done = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
const bin = (name) => `node_modules/.bin/${name}`;

if (findChromium() === undefined) {
  console.log('No Chrome, Edge or Chromium found; trying to get one.');
  const asRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  const got = asRoot
    ? spawnSync('sh', ['-c', 'apt-get update -qq && apt-get install -y -qq chromium'], {
        stdio: 'inherit',
      })
    : spawnSync(bin('playwright'), ['install', 'chromium'], { stdio: 'inherit' });
  if (got.status !== 0) {
    console.error(
      'Install Chrome, Edge or Chromium (Debian: apt-get install chromium), or set CHROME_PATH, and run npm test again.',
    );
    process.exit(1);
  }
}

const env = { ...swiftShaderEnv() };
const only = process.argv.slice(2);
if (only.length === 0) {
  run(bin('biome'), ['check', '--error-on-warnings', '.']);
  run(process.execPath, ['test/house/types.mjs']);
  run('npm', ['run', 'build']);
  // What was built just now need not be built by every file that runs it.
  env.SPLATMEND_BUILT = '1';
}

const folder = mkdtempSync(join(tmpdir(), 'splatmend-test-'));
const results = join(folder, 'results.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
const tests = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...only],
  { stdio: 'inherit', env: { ...process.env, ...env } },
);
// A run that died before it could report has no count; its exit status still says so.
if (existsSync(results)) {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'));
  console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
}
rmSync(folder, { recursive: true, force: true });
process.exit(tests.status ?? 1);
