/** A server as the panel's filler: asked for in a dialog, remembered without its key. */
import { serverAddress } from '../../core/server-address.ts';
import { isServerKind, SERVER_KINDS, type ServerSpec } from '../../core/server-spec.ts';
import { createServerFiller, type Filler } from '../filler.ts';
import { askServer } from './server-dialog.ts';

/** What was used last in this page, key and all: in memory only. */
let last: Partial<ServerSpec> = {};
/** More than this is not kept by the browser for another session. */
const MOST_KEPT = 200_000;

/** Asks, and makes the filler. Nothing is sent before the first removal. */
export async function chooseServer(): Promise<Filler | undefined> {
  const spec = await askServer(last);
  if (spec === undefined) return undefined;
  last = spec;
  return fillerOf(spec);
}

/** From what the browser kept: without a key, so a server that wants one says so at the first removal. */
export async function restoreServer(data: unknown): Promise<Filler | undefined> {
  const { kind, address, ...rest } = (data ?? {}) as Record<string, unknown>;
  if (typeof kind !== 'string' || !isServerKind(kind) || typeof address !== 'string')
    return undefined;
  serverAddress(kind, address);
  const spec: ServerSpec = { kind, address };
  for (const name of ['model', 'workflow', 'prompt', 'negativePrompt'] as const) {
    const text = rest[name];
    if (typeof text === 'string') spec[name] = text;
  }
  if (typeof rest.strength === 'number') spec.strength = rest.strength;
  last = spec;
  return fillerOf(spec);
}

function fillerOf(spec: ServerSpec): Filler {
  // Never the key.
  const { key: _, ...data } = spec;
  const { label } = SERVER_KINDS[spec.kind];
  return {
    ...createServerFiller(spec),
    label: spec.model === undefined ? label : `${label}: ${spec.model}`,
    note: `Pictures of the views are sent to ${spec.address}.`,
    ...(JSON.stringify(data).length <= MOST_KEPT ? { kept: { kind: 'server', data } } : {}),
  };
}
