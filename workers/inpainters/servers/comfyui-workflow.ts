/**
 * A ComfyUI workflow with marked nodes: what a node is for is said in its title, `splatmend:image`, `splatmend:mask`,
 * `splatmend:prompt`, `splatmend:negative`, `splatmend:seed`, `splatmend:strength`, `splatmend:output`; several in one title
 * where one node has several of the fields. Only the marked fields are changed.
 */
import { SplatmendError } from '../../../core/errors.ts';
import { type Fields, fieldsOf, textOf } from './answer-fields.ts';

type Role = 'image' | 'mask' | 'prompt' | 'negative' | 'seed' | 'strength' | 'output';

/** The inputs in which a role's value goes, the first that the node has. */
const INPUTS: Readonly<Record<Exclude<Role, 'output'>, readonly string[]>> = {
  image: ['image'],
  mask: ['image', 'mask'],
  prompt: ['text', 'prompt', 'value', 'string'],
  negative: ['text', 'negative_prompt', 'value', 'string'],
  seed: ['seed', 'noise_seed', 'value'],
  strength: ['denoise', 'strength', 'value'],
};
const MARK = /splatmend:(\w+)/gi;

export interface Workflow {
  /** Whether the mask is a picture of its own; else it is the picture's alpha. */
  ownMask: boolean;
  /** Which of these it has a place for. */
  reads: { prompt: boolean; negative: boolean; seed: boolean; strength: boolean };
  /** Id of the node that shows or saves the painted picture. */
  output: string;
  /** How many nodes run. */
  nodes: number;
  /** A copy with the values in their places, as `/prompt` takes it. */
  filled(values: WorkflowValues): Fields;
}

export interface WorkflowValues {
  /** Names that the uploads got, as LoadImage takes them. */
  image: string;
  mask?: string | undefined;
  prompt?: string | undefined;
  negative?: string | undefined;
  seed?: number | undefined;
  strength?: number | undefined;
}

const bad = (what: string, next: string) =>
  new SplatmendError('bad-file', `ComfyUI workflow: ${what}; ${next}`);

/** @throws bad-file */
export function readWorkflow(text: string): Workflow {
  let nodes: Fields | undefined;
  try {
    nodes = fieldsOf(JSON.parse(text));
  } catch {
    throw bad('it is no JSON', 'export it from ComfyUI by Workflow → Export (API)');
  }
  if (nodes === undefined || Array.isArray(nodes.nodes)) {
    throw bad('it is saved for the editor', 'export it by Workflow → Export (API)');
  }
  const marked = new Map<Role, { id: string; inputs: Fields }>();
  for (const [id, node] of Object.entries(nodes)) {
    const fields = fieldsOf(node);
    const inputs = fieldsOf(fields?.inputs);
    if (textOf(fields?.class_type) === undefined || inputs === undefined) {
      throw bad(
        `“${id.slice(0, 40)}” is no node with class_type and inputs`,
        'export it by Workflow → Export (API)',
      );
    }
    const title = textOf(fieldsOf(fields?._meta)?.title) ?? '';
    for (const [, name] of title.matchAll(MARK)) {
      const role = name!.toLowerCase();
      if (role !== 'output' && !Object.hasOwn(INPUTS, role)) {
        throw bad(`“splatmend:${role}” marks nothing known`, 'docs/providers.md lists the marks');
      }
      if (marked.has(role as Role)) {
        throw bad(`two nodes are called “splatmend:${role}”`, 'leave the mark on one of them');
      }
      marked.set(role as Role, { id, inputs });
    }
  }
  for (const role of ['image', 'output'] as const) {
    if (!marked.has(role)) {
      throw bad(`no node is called “splatmend:${role}”`, 'set a node’s title and export it again');
    }
  }
  for (const [role, { inputs }] of marked) {
    if (role !== 'output' && fieldOf(role, inputs) === undefined) {
      throw bad(
        `the node “splatmend:${role}” has none of the inputs ${INPUTS[role].join(', ')} of its own`,
        'mark the node where the value is typed, not one that it is led to',
      );
    }
  }
  return {
    ownMask: marked.has('mask'),
    reads: {
      prompt: marked.has('prompt'),
      negative: marked.has('negative'),
      seed: marked.has('seed'),
      strength: marked.has('strength'),
    },
    output: marked.get('output')!.id,
    nodes: Object.keys(nodes).length,
    filled(values) {
      const copy = structuredClone(nodes);
      for (const [role, { id }] of marked) {
        if (role === 'output') continue;
        const value = values[role];
        if (value === undefined) continue;
        const inputs = fieldsOf(fieldsOf(copy[id])?.inputs)!;
        inputs[fieldOf(role, inputs)!] = value;
        // LoadImageMask looks at one channel; white is to be painted.
        if (role === 'mask' && typeof inputs.channel === 'string') inputs.channel = 'red';
      }
      return copy;
    },
  };
}

/** An input that is led to from another node is a list, not a value. */
function fieldOf(role: Exclude<Role, 'output'>, inputs: Fields): string | undefined {
  return INPUTS[role].find((name) => name in inputs && !Array.isArray(inputs[name]));
}
