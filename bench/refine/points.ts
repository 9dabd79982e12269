/** Points and cameras of a NumPy archive (gsplat's garden, say) with a share of the points withheld from every view. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { NpyArray } from '../../core/depth-files/npy.ts';
import { readNpz } from '../../core/depth-files/npz.ts';
import { depthFromPoints } from '../../core/depth-files/points-to-depth.ts';
import { createRandom } from '../../core/random.ts';
import { npzViews, paintPoints } from '../../core/refine/npz-views.ts';
import { type Case, sourceOf, type Truth } from './cases.ts';

const SHARES = [0.005, 0.1, 0.2, 0.5];

/** The rows of an N × 3 array for which `kept` is 1. */
function rowsOf({ shape, data }: NpyArray, kept: Uint8Array): NpyArray {
  const rows = [...kept.keys()].filter((i) => kept[i] !== 0);
  const out = new (data.constructor as new (n: number) => typeof data)(3 * rows.length);
  for (const [n, i] of rows.entries()) {
    for (let k = 0; k < 3; k++) out[3 * n + k] = data[3 * i + k]!;
  }
  return { shape: [rows.length, ...shape.slice(1)], data: out };
}

/**
 * Where all points show a withheld one that no pixel given hides, its depth is the truth.
 * @param seen the withheld points' colours are given, as a photo has them, and their depth alone is withheld
 */
async function withheld(
  arrays: ReadonlyMap<string, NpyArray>,
  share: number,
  seed: number,
  seen: boolean,
  name: string,
): Promise<Case> {
  const cloud = arrays.get('means3d');
  const colours = arrays.get('colors');
  if (!cloud || !colours) throw new Error('refine: the archive has no means3d and colors');
  const random = createRandom(seed);
  const kept = Uint8Array.from({ length: cloud.shape[0]! }, () => (random() < share ? 0 : 1));
  const source = npzViews(
    new Map([...arrays, ['means3d', rowsOf(cloud, kept)], ['colors', rowsOf(colours, kept)]]),
    name,
  );
  const truth: Truth[] = [];
  for (const n of source.ids.keys()) {
    const loaded = await source.load(n);
    const { id, camera } = loaded;
    const given = loaded.depth.data;
    const { depth, index } = depthFromPoints(cloud.data, camera);
    const mask = Uint8Array.from(index, (p, i) =>
      p >= 0 && kept[p] === 0 && given[i] === 0 ? 1 : 0,
    );
    if (seen) {
      const shown = index.map((p, i) => (mask[i] === 0 ? -1 : p));
      paintPoints(loaded.rgb!, loaded.coloured!, shown, colours.data);
    }
    // Spread from the given points alone, colours would guide nothing.
    const view = seen ? loaded : { id, camera, depth: loaded.depth };
    truth.push({ view, depth: depth.data, given, withheld: mask });
  }
  const { width, height } = truth[0]!.view.camera;
  const title = `${truth.length} views of ${width} × ${height}, ${cloud.shape[0]} points`;
  const percent = 100 * share;
  return {
    key: `${seen ? 'depths' : 'points'}-${percent}`,
    name: seen ? `${percent} % of the depths withheld` : `${percent} % of the points withheld`,
    title,
    source: seen ? sourceOf(truth.map((t) => t.view)) : source,
    truth,
  };
}

/** Every share, each drawn anew: points withheld with their colours, and the same points' depths alone. */
export async function withheldPoints(path: string, seed: number): Promise<Case[]> {
  const name = basename(path);
  const arrays = readNpz(new Uint8Array(await readFile(path)), name);
  const both = SHARES.flatMap((share) => [
    { share, seen: false },
    { share, seen: true },
  ]);
  return Promise.all(both.map(({ share, seen }) => withheld(arrays, share, seed, seen, name)));
}
