/** A server as what guesses depth: asked for in a dialog. */
import type { DepthServerSpec } from '../../core/server-spec.ts';
import { createServerDepth, type DepthModel } from '../filler.ts';
import { askDepthServer } from './depth-server-dialog.ts';

/** What was used last in this page, key and all: in memory only. */
let last: Partial<DepthServerSpec> = {};

/** Asks, and makes the depth model. Nothing is sent before the first job. */
export async function chooseDepthServer(): Promise<DepthModel | undefined> {
  const spec = await askDepthServer(last);
  if (spec === undefined) return undefined;
  last = spec;
  return createServerDepth(spec);
}
