/** How the CPU renderer's time and memory grow with the scene, in Node. */
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import type { SplatRenderer } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';
import { SH_REST_COUNT, type SplatCloud } from '../../core/splat-cloud.ts';
import type { Row } from '../score/record.ts';
import { benchScene } from './scene.ts';
import { timed } from './timed.ts';
import { BENCH_VIEW, cameraOf, turned } from './views.ts';

/** The same scene with harmonics of degree 3, small ones. */
function withHarmonics(cloud: SplatCloud): SplatCloud {
  const random = createRandom(2);
  const shRest = new Float32Array(cloud.count * 3 * SH_REST_COUNT[3]);
  for (let i = 0; i < shRest.length; i++) shRest[i] = (random() - 0.5) * 0.1;
  return { ...cloud, shDegree: 3, shRest };
}

const mb = (bytes: number) => Math.round(bytes / 2 ** 20);

/** A row a count, all of degree 3: best of the runs, and what the process has resident after them. */
export async function benchGrowth(
  counts: readonly number[],
  [width, height]: readonly [number, number],
  runs: number,
  say: (line: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of counts) {
    const cloud = withHarmonics(benchScene(count));
    let renderer!: SplatRenderer;
    const made = await timed(() => {
      renderer = createCpuRenderer(cloud);
    });
    const times = [];
    for (let k = 0; k < runs; k++) {
      times.push(
        await timed(() => renderer.render(cameraOf(turned(BENCH_VIEW, k), width, height))),
      );
    }
    renderer.destroy();
    const arrays = [cloud.positions, cloud.logScales, cloud.rotations, cloud.opacityLogits];
    const held = [...arrays, cloud.dc, cloud.shRest].reduce((sum, a) => sum + a.byteLength, 0);
    const row: Row = {
      splats: count,
      size: `${width}×${height}`,
      'best, ms': Math.round(Math.min(...times.map((t) => t.wall))),
      'best cpu, ms': Math.round(Math.min(...times.map((t) => t.cpu))),
      'making the renderer, cpu ms': Math.round(made.cpu),
      'the cloud, MB': mb(held),
      'process, resident MB': mb(process.memoryUsage().rss),
    };
    rows.push(row);
    say(Object.values(row).join('\t'));
  }
  return rows;
}
