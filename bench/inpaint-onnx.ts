/**
 * `npm run bench -- inpaint-onnx [--runs 3] [--dry]`: seconds and memory of a LaMa-sized model (51M parameters, random
 * weights, 512 × 512) in Chromium, through the package's own filler and worker: on a plain page (WASM with one thread) and on
 * an isolated one (COOP and COEP: a thread a core). Writes bench/results/inpaint-onnx.json and .md (not with --dry).
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { launchChromium } from '../test/e2e/support.ts';
import { serveFolder } from '../test/support/serve.ts';
import { buildPage, ISOLATED } from './build.ts';
import { lamaSized } from './inpaint-onnx/lama-sized.ts';
import type {} from './inpaint-onnx/page/main.ts';
import { browserPeakMb, childrenCpuMs } from './render/processes.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

const WAIT_MS = 1_200_000;
const seconds = (ms: number) => Number((ms / 1000).toFixed(1));

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { runs: { type: 'string', default: '3' }, dry: { type: 'boolean', default: false } },
  });
  const runs = Number(values.runs);
  if (!(Number.isInteger(runs) && runs > 0)) {
    throw new Error('inpaint-onnx: --runs takes a positive whole number');
  }
  const { model, parameters } = lamaSized();
  const bytes = new Uint8Array(await model.arrayBuffer());
  const outDir = await buildPage('bench/inpaint-onnx/page');
  const rows: Row[] = [];
  for (const headers of [{}, ISOLATED]) {
    const server = await serveFolder(outDir, {
      headers,
      made: (pathname) => (pathname === '/lama.onnx' ? bytes : undefined),
    });
    const browser = await launchChromium(false);
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(WAIT_MS);
      await page.goto(`${server.url}/`);
      await page.waitForFunction(() => window.onnxBench);
      const cpu = childrenCpuMs();
      const { openMs, runMs, where } = await page.evaluate((n) => window.onnxBench!(n), runs);
      const row: Row = {
        parameters: `${Math.round(parameters / 1e6)}M`,
        'file MB': Math.round(bytes.length / 1e6),
        where,
        'open s': seconds(openMs),
        'first picture s': seconds(runMs[0]!),
        'best picture s': seconds(Math.min(...runMs)),
        'cpu s, all': seconds(childrenCpuMs() - cpu),
        'page and its workers, peak MB': browserPeakMb().page,
        'load (1 min)': Number(loadavg()[0]!.toFixed(1)),
      };
      rows.push(row);
      console.log(Object.values(row).join('\t'));
    } finally {
      await browser.close();
      await server.close();
    }
  }
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const origin = originOf(
    `npm run bench -- inpaint-onnx ${args.join(' ')}`.trim(),
    'onnxruntime-web, WASM with SIMD, in Chromium',
  );
  console.log(await record('inpaint-onnx', 'LaMa-sized inpainting, 512×512', origin, rows));
}
