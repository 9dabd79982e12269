import { readSplats, SPLAT_FORMATS, writeSplats } from '../../core/formats/index.ts';
import { createRandom } from '../../core/random.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';

const COUNT = 400;

/** Writes and reads a small scene in every format; `close` = its sorted x agree to 0.002. */
export async function roundTripAll() {
  const random = createRandom(7);
  const cloud = createSplatCloud(COUNT, 1);
  for (let i = 0; i < COUNT * 3; i++) cloud.positions[i] = random() * 2 - 1;
  for (let i = 0; i < COUNT * 3; i++) cloud.logScales[i] = random() - 5;
  for (let i = 0; i < COUNT; i++) cloud.rotations[i * 4] = 1;
  for (let i = 0; i < cloud.shRest.length; i++) cloud.shRest[i] = random() - 0.5;
  const sortedX = (positions: Float32Array) => positions.filter((_, i) => i % 3 === 0).sort();
  const wanted = sortedX(cloud.positions);
  const results = [];
  for (const format of SPLAT_FORMATS) {
    const read = await readSplats(await writeSplats(cloud, format), `scene.${format}`);
    const x = sortedX(read.cloud.positions);
    const close = x.every((v, i) => Math.abs(v - wanted[i]!) < 0.002);
    results.push({ format: read.format, count: read.report.count, close });
  }
  return results;
}
