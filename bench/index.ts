/// <reference types="vite/client" />
/** `npm run bench -- NAME …`: one file a benchmark, each with `run(args)`. */
interface Bench {
  run(args: string[]): Promise<void>;
}

const BENCHES = import.meta.glob<Bench>(['./*.ts', '!./index.ts']);

export async function main(args: string[]): Promise<void> {
  const names = Object.keys(BENCHES).map((path) => path.replace(/^\.\/|\.ts$/g, ''));
  const [name = '', ...rest] = args;
  const load = BENCHES[`./${name}.ts`];
  if (load === undefined) {
    throw new Error(`bench: "${name}" is not a benchmark; choose one of ${names.join(', ')}`);
  }
  await (await load()).run(rest);
}
