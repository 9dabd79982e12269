import type { ExtendOptions } from '../../core/extend-types.ts';
import type { RemoveOptions } from '../../core/remove-types.ts';
import type { Engine3d } from './viewer.ts';

/** What the page's address may say; see docs/editor.md. Anything else in it is ignored. */
export interface EditorParams {
  engine: Engine3d | undefined;
  backend: 'webgpu' | 'cpu' | undefined;
  splats: number;
  seed: number;
  /** Start with the sample even where a session was saved. */
  fresh: boolean;
  remove: RemoveOptions;
  extend: ExtendOptions;
}

/** Reads the address's query; a number out of range falls back to the default. @param splats the sample scene's default */
export function readParams(query: string, splats = 150_000): EditorParams {
  const q = new URLSearchParams(query);
  const whole = (name: string, low: number, high: number) => {
    const n = Number(q.get(name) ?? Number.NaN);
    return Number.isInteger(n) && n >= low && n <= high ? n : undefined;
  };
  const one = <T extends string>(name: string, ...values: T[]) =>
    values.find((v) => v === q.get(name));
  const views = whole('views', 1, 12);
  const resolution = whole('resolution', 64, 2048);
  return {
    engine: one('engine', 'webgpu', 'webgl2'),
    backend: one('backend', 'webgpu', 'cpu'),
    splats: whole('splats', 5_000, 400_000) ?? splats,
    seed: whole('seed', 0, 2 ** 31) ?? 1,
    fresh: q.has('fresh'),
    remove: {
      ...(views === undefined ? {} : { views }),
      ...(resolution === undefined ? {} : { resolution }),
    },
    extend: resolution === undefined ? {} : { maxSidePx: resolution },
  };
}
