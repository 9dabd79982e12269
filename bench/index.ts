/** `npm run bench -- NAME …`: one file a benchmark, each with `run(args)`; what it takes is at its top. */
interface Bench {
  run(args: string[]): Promise<void>;
}

const BENCHES: Record<string, () => Promise<Bench>> = {
  completion: () => import('./completion.ts'),
  exemplar: () => import('./exemplar.ts'),
  kitchen: () => import('./kitchen.ts'),
  integrate: () => import('./integrate.ts'),
  picture: () => import('./picture.ts'),
  removal: () => import('./removal.ts'),
  render: () => import('./render.ts'),
  sce: () => import('./sce.ts'),
  screenshot: () => import('./screenshot.ts'),
  select: () => import('./select.ts'),
  sparse: () => import('./sparse.ts'),
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
