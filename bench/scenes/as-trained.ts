import { createRandom } from '../../core/random.ts';
import { createSplatFrame, splatFrame } from '../../core/select/splat-frame.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';

/** Splats that share one flat splat's place. */
const LAYERS = 3;
/** How far they lie from the surface, standard deviations of a flat splat along it. */
const SPREAD = 0.35;
/** Opacities of the layers, and of floaters, from .. to. */
const OPACITY: [number, number] = [0.25, 0.65];
const FLOATER_OPACITY: [number, number] = [0.05, 0.25];
/** Floaters, as a share of the surfaces' splats, and their size in the same unit as SPREAD. */
const FLOATERS = 0.01;
const FLOATER_SIZE = 1.5;

/**
 * The same scene as optimisers leave it: each flat splat is some half-transparent ones that lie in front of and behind
 * its place, and floaters hang in the air between them and the viewer.
 * @param labels one a splat; floaters get 0
 * @param eye where the viewer stands: floaters lie on the way there
 */
export function asTrained(
  cloud: SplatCloud,
  labels: Int8Array,
  eye: readonly number[],
  seed: number,
): { cloud: SplatCloud; labels: Int8Array } {
  const random = createRandom(seed);
  const between = ([from, to]: [number, number]) => from + (to - from) * random();
  const logit = (a: number) => Math.log(a / (1 - a));
  const floaters = Math.round(FLOATERS * cloud.count);
  const out = createSplatCloud(LAYERS * cloud.count + floaters, 0);
  const names = new Int8Array(out.count);
  const frame = createSplatFrame();
  let n = 0;
  const put = (row: number, place: (k: number) => number, grow: number, opacity: number) => {
    for (let k = 0; k < 3; k++) {
      out.positions[3 * n + k] = place(k);
      out.logScales[3 * n + k] = cloud.logScales[3 * row + k]! + Math.log(grow);
      out.dc[3 * n + k] = cloud.dc[3 * row + k]! + 0.12 * (random() - 0.5);
    }
    for (let k = 0; k < 4; k++) out.rotations[4 * n + k] = cloud.rotations[4 * row + k]!;
    out.opacityLogits[n] = logit(opacity);
    return n++;
  };
  for (let row = 0; row < cloud.count; row++) {
    splatFrame(cloud, row, frame);
    const sigma = frame.sigmas[0]!;
    for (let layer = 0; layer < LAYERS; layer++) {
      const off = [SPREAD, SPREAD, 1.2].map((s) => s * sigma * (random() - 0.5));
      const place = (k: number) =>
        cloud.positions[3 * row + k]! +
        off[0]! * frame.axes[k]! +
        off[1]! * frame.axes[3 + k]! +
        off[2]! * SPREAD * frame.axes[6 + k]!;
      names[put(row, place, 0.8 + 0.5 * random(), between(OPACITY))] = labels[row]!;
    }
  }
  for (let f = 0; f < floaters; f++) {
    const row = Math.floor(random() * cloud.count);
    const t = 0.1 + 0.6 * random();
    const place = (k: number) => cloud.positions[3 * row + k]! * (1 - t) + eye[k]! * t;
    put(row, place, FLOATER_SIZE, between(FLOATER_OPACITY));
  }
  return { cloud: out, labels: names };
}
