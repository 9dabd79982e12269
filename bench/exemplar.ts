/**
 * `npm run bench -- exemplar [--dry]`: the exemplar inpainter on generated textures with known truth, against a
 * harmonic fill of the same hole; CPU seconds of one run (one thread), which other programs disturb less than
 * wall time. Writes bench/results/exemplar.json and .md (not with --dry).
 */
import { countMask, type Mask, type RgbImage } from '../core/image.ts';
import {
  bricks,
  checker,
  psnrIn,
  punch,
  rectMask,
  shadedNoise,
  stripes,
  textureIn,
} from '../test/workers/exemplar-textures.ts';
import { createExemplarInpainter } from '../workers/inpainters/exemplar/index.ts';
import { fillHarmonic, HOLE, KNOWN } from '../workers/inpainters/harmonic.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

const WIDTH = 512;
const HEIGHT = 384;

function harmonic(image: RgbImage, mask: Mask): RgbImage {
  const values = image.data.slice();
  const state = Uint8Array.from(mask.data, (m) => (m ? HOLE : KNOWN));
  fillHarmonic({ ...image, channels: 3, values, state });
  return { ...image, data: values };
}

export async function run(args: string[]): Promise<void> {
  const pictures: [string, RgbImage][] = [
    ['stripes', stripes(WIDTH, HEIGHT)],
    ['checker', checker(WIDTH, HEIGHT)],
    ['bricks', bricks(WIDTH, HEIGHT, 3)],
    ['noise on a gradient', shadedNoise(WIDTH, HEIGHT, 5)],
  ];
  const inpainter = createExemplarInpainter();
  // One small fill first, so that no row pays for compiling.
  await inpainter.inpaint(bricks(120, 90, 1), rectMask(120, 90, 40, 30, 30, 30));
  const rows: Row[] = [];
  for (const side of [60, 120, 250]) {
    for (const [name, truth] of pictures) {
      const mask = rectMask(WIDTH, HEIGHT, 130, 66, side, side);
      const image = punch(truth, mask);
      const before = process.cpuUsage();
      const filled = await inpainter.inpaint(image, mask, { seed: 7 });
      const { user, system } = process.cpuUsage(before);
      const smooth = harmonic(image, mask);
      const texture = textureIn(mask, truth);
      rows.push({
        texture: name,
        'hole px': countMask(mask),
        'harmonic dB': Math.round(psnrIn(mask, smooth, truth) * 10) / 10,
        'exemplar dB': Math.round(psnrIn(mask, filled, truth) * 10) / 10,
        'texture kept, harmonic': Math.round((100 * textureIn(mask, smooth)) / texture) / 100,
        'texture kept, exemplar': Math.round((100 * textureIn(mask, filled)) / texture) / 100,
        'CPU s': Math.round((user + system) / 1e4) / 100,
      });
    }
  }
  console.log(markdownTable(rows));
  if (args.includes('--dry')) return;
  const origin = originOf(['npm run bench -- exemplar', ...args].join(' '), 'none (CPU, 1 thread)');
  console.log(await record('exemplar', `Exemplar inpainter, ${WIDTH}×${HEIGHT}`, origin, rows));
}
