/** Servers on the command line: `iopaint:URL`, `comfyui:URL,WORKFLOW.json` and so on. Keys come from the environment alone. */
import { SplatmendError } from '../core/errors.ts';
import { serverAddress } from '../core/server-address.ts';
import {
  MOST_WORKFLOW_BYTES,
  SERVER_KINDS,
  type ServerKind,
  type ServerSpec,
} from '../core/server-spec.ts';
import type { OpenSocket } from '../workers/inpainters/servers/comfyui-socket.ts';
import { createDepthServer } from '../workers/inpainters/servers/oip-depth.ts';
import { createServerInpainter } from '../workers/inpainters/servers/server-inpainter.ts';
import { readBytes } from './files.ts';
import type { ChosenPrior, InpainterKind } from './inpainter-kinds.ts';

/** The one place that a key is read from: a flag would be in the shell's history and in the list of processes. */
export const KEY_VARIABLE = 'SPLATMEND_API_KEY';

function afterComma(text: string): [string, string | undefined] {
  const comma = text.indexOf(',');
  return comma < 0 ? [text, undefined] : [text.slice(0, comma), text.slice(comma + 1)];
}

function kindOf(kind: ServerKind): InpainterKind {
  const info = SERVER_KINDS[kind];
  const second = info.workflow ? ',WORKFLOW.json' : info.model === 'needed' ? ',MODEL' : '';
  return {
    kind,
    usage: `${kind}:URL${second}`,
    takesWords: true,
    async choose(rest, words) {
      const [address, after] = afterComma(rest);
      const { shown } = serverAddress(kind, address);
      if (second !== '' && !after) {
        throw new SplatmendError('bad-option', `--inpainter: give ${kind}:URL${second}`);
      }
      if (second === '' && after !== undefined) {
        throw new SplatmendError('bad-option', `--inpainter: ${kind}:URL takes nothing after it`);
      }
      const spec: ServerSpec = { kind, address, ...words, ...keyFromEnvironment() };
      if (info.workflow) spec.workflow = await readWorkflowFile(after!);
      else if (after !== undefined) spec.model = after;
      const openSocket = info.workflow ? await socketOfNode() : undefined;
      const inpainter = createServerInpainter(spec, openSocket ? { openSocket } : {});
      const named =
        after === undefined ? {} : info.workflow ? { workflow: after } : { model: after };
      return {
        make: () => inpainter,
        json: { id: inpainter.id, server: shown, ...named, ...words },
        sentence: `${info.label} at ${shown}${after === undefined ? '' : ` (${after})`}: pictures of the hole are sent there`,
      };
    },
  };
}

export const SERVER_INPAINTERS: readonly InpainterKind[] = (
  Object.keys(SERVER_KINDS) as ServerKind[]
).map(kindOf);

/** `URL,MODEL` of `--prior-depth oip:URL,MODEL`. @throws SplatmendError `bad-option` */
export function chooseDepthServer(rest: string): ChosenPrior {
  const [address, model] = afterComma(rest);
  const { shown } = serverAddress('oip', address);
  if (!model) throw new SplatmendError('bad-option', '--prior-depth: give oip:URL,MODEL');
  const prior = createDepthServer({ address, model, ...keyFromEnvironment() });
  return {
    prior,
    json: { id: prior.id, server: shown, model },
    sentence: `${model} at ${shown}: pictures are sent there`,
  };
}

function keyFromEnvironment(): Pick<ServerSpec, 'key'> {
  const key = process.env[KEY_VARIABLE];
  return key ? { key } : {};
}

async function readWorkflowFile(path: string): Promise<string> {
  const bytes = await readBytes(path);
  if (bytes.length > MOST_WORKFLOW_BYTES) {
    throw new SplatmendError('too-large', `${path}: over 10 MB; a workflow is some kilobytes`);
  }
  return new TextDecoder().decode(bytes);
}

/** Node 20 has no WebSocket of its own. */
async function socketOfNode(): Promise<OpenSocket | undefined> {
  if (typeof WebSocket !== 'undefined') return undefined;
  const { WebSocket: Ws } = await import('ws');
  return (url) => new Ws(url) as unknown as WebSocket;
}
