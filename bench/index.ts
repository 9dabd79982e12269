/** `npm run bench -- NAME …`: one file a benchmark, each with `run(args)`; what it takes is at its top. */
import { loadBuilt } from './build.ts';

interface Bench {
  run(args: string[]): Promise<void>;
}

/** Benches of hot loops are built whole; what runs elsewhere (a browser) or builds its own part is loaded as it is. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  completion: () => loadBuilt('bench/completion.ts'),
  depthlab: () => loadBuilt('bench/depthlab.ts'),
  exemplar: () => import('./exemplar.ts'),
  extend: () => loadBuilt('bench/extend.ts'),
  fillers: () => loadBuilt('bench/fillers.ts'),
  kitchen: () => import('./kitchen.ts'),
  'inpaint-onnx': () => import('./inpaint-onnx.ts'),
  'kitchen-sides': () => loadBuilt('bench/kitchen-sides.ts'),
  insert: () => loadBuilt('bench/insert.ts'),
  integrate: () => loadBuilt('bench/integrate.ts'),
  'novel-view': () => loadBuilt('bench/novel-view.ts'),
  photo: () => loadBuilt('bench/photo.ts'),
  picture: () => import('./picture.ts'),
  polish: () => loadBuilt('bench/polish.ts'),
  refine: () => loadBuilt('bench/refine.ts'),
  'removal-growth': () => loadBuilt('bench/removal-growth.ts'),
  removal: () => import('./removal.ts'),
  render: () => loadBuilt('bench/render.ts'),
  sce: () => loadBuilt('bench/sce.ts'),
  screenshot: () => import('./screenshot.ts'),
  select: () => import('./select.ts'),
  shadow: () => loadBuilt('bench/shadow.ts'),
  sparse: () => loadBuilt('bench/sparse.ts'),
};

export async function main(args: string[]): Promise<void> {
  const [name = '', ...rest] = args;
  const load = BENCHES[name];
  if (load === undefined) {
    const names = Object.keys(BENCHES).join(', ');
    throw new Error(`bench: "${name}" is not a benchmark; choose one of ${names}`);
  }
  await (await load()).run(rest);
}
