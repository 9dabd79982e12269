/**
 * `npm run bench -- removal-growth [--counts 150000,430000,1430000,5800000] [--views 4] [--resolution 512] [--dry]`
 * How a whole removal's time and memory grow with the scene: the sample scene's mug at rising counts of splats (asked for; some 0.7 of them come), SH degree
 * 3, on the CPU kernels. The process's peak is after each, so that the last row's is the largest scene's.
 * Writes bench/results/removal-growth.json and .md (not with --dry).
 */
import { parseArgs } from 'node:util';
import { createCpuKernels } from '../core/cpu/kernels.ts';
import { generateTabletop } from '../samples/scenes/tabletop.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { remove } from '../workers/remove.ts';
import { timed } from './render/timed.ts';
import { markdownTable, originOf, type Row, record, stepColumns } from './score/record.ts';
import { selectObject, userCamera } from './score/remove-known.ts';

const mb = (bytes: number) => Math.round(bytes / 2 ** 20);

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      counts: { type: 'string', default: '150000,430000,1430000,5800000' },
      views: { type: 'string', default: '4' },
      resolution: { type: 'string', default: '512' },
      dry: { type: 'boolean', default: false },
    },
  });
  const options = { views: Number(values.views), resolution: Number(values.resolution) };
  const kernels = createCpuKernels();
  const rows: Row[] = [];
  let before: { count: number; cpu: number } | undefined;
  for (const splats of values.counts.split(',').map(Number)) {
    const scene = generateTabletop({ splats, shDegree: 3 });
    const mug = scene.objects.find(({ name }) => name === 'mug')!;
    const { cloud } = scene;
    let figures!: Awaited<ReturnType<typeof remove>>['figures'];
    const { wall, cpu } = await timed(async () => {
      ({ figures } = await remove(
        cloud,
        selectObject(scene, mug),
        [userCamera(scene, mug)],
        kernels,
        { inpainter: createExemplarInpainter() },
        options,
      ));
    });
    const { positions, logScales, rotations, opacityLogits, dc, shRest } = cloud;
    const arrays = [positions, logScales, rotations, opacityLogits, dc, shRest];
    rows.push({
      splats: cloud.count,
      selected: figures.selected,
      added: figures.added,
      views: figures.views,
      'filled %': 100 * figures.coverage,
      seconds: wall / 1000,
      'cpu s': cpu / 1000,
      'exponent since the row before': before
        ? Math.log(cpu / before.cpu) / Math.log(cloud.count / before.count)
        : '',
      ...stepColumns(figures.seconds),
      'the cloud, MB': mb(arrays.reduce((sum, a) => sum + a.byteLength, 0)),
      'process peak MB': Math.round(process.resourceUsage().maxRSS / 1024),
    });
    before = { count: cloud.count, cpu };
    console.log(JSON.stringify(rows.at(-1)));
  }
  console.log(`\n${markdownTable(rows)}`);
  if (values.dry) return;
  const origin = originOf(
    `npm run bench -- removal-growth ${args.join(' ')}`.trim(),
    'CPU (1 thread)',
  );
  const title = `How a removal grows with the scene, SH degree 3, pictures of ${options.resolution} px`;
  console.log(`\nwritten: ${await record('removal-growth', title, origin, rows)}`);
}
