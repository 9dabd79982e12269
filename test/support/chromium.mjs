import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright';

/** Flags that give WebGPU (compute and canvas) and WebGL2 on SwiftShader, and no background traffic. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

const CANDIDATES = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * Path of an installed Chromium, Chrome or Edge; undefined when there is none (Playwright then uses its own).
 * @returns {string | undefined}
 */
export function findChromium() {
  return CANDIDATES.find((path) => path !== undefined && existsSync(path));
}

/**
 * Environment that lets Dawn in Node find a software Vulkan, and the Vulkan loader where the system has none:
 * Chromium brings both, in its own folder. Empty when the machine names a driver, or nothing is found.
 * @returns {Record<string, string>}
 */
export function swiftShaderEnv() {
  if (process.env.VK_ICD_FILENAMES) return {};
  const found = findChromium();
  const folders = [
    ...(found === undefined ? [] : [dirname(realpathSync(found))]),
    '/usr/lib/chromium',
    '/opt/google/chrome',
    '/opt/microsoft/msedge',
    dirname(chromium.executablePath()),
  ];
  const folder = folders.find((f) => existsSync(join(f, 'vk_swiftshader_icd.json')));
  if (folder === undefined) return {};
  return {
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, folder].filter(Boolean).join(delimiter),
  };
}
