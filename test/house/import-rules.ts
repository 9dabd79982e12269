/**
 * The rooms' import rules that Biome's patterns cannot say (types only, sub-rooms, one place for a
 * package). Biome checks the coarse directions and the cycles; see docs/architecture.md.
 */
import { posix } from 'node:path';

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  path: string;
  text: string;
}

interface Import {
  from: string;
  typeOnly: boolean;
}

interface Rule {
  /** Files the rule is for: the first rule whose prefix fits counts. */
  prefix: string;
  /** Own rooms that may be imported. */
  may: string[];
  /** Own rooms of which only types may be imported. */
  types?: string[];
}

const RULES: Rule[] = [
  { prefix: 'core/', may: ['core/'] },
  { prefix: 'workers/steps/', may: ['core/'] },
  { prefix: 'workers/gpu/', may: ['core/', 'shaders/', 'workers/gpu/'], types: ['workers/'] },
  { prefix: 'workers/inpainters/', may: ['core/', 'workers/inpainters/'] },
  { prefix: 'workers/', may: ['core/', 'shaders/', 'workers/'] },
  { prefix: 'plugin/', may: ['core/', 'plugin/'], types: ['workers/'] },
  { prefix: 'cli/', may: ['core/', 'workers/', 'cli/', 'package.json'] },
  { prefix: 'samples/', may: ['core/', 'plugin/', 'samples/'], types: ['workers/'] },
];

/** Packages that only these places import. */
const PACKAGES: { name: RegExp; only: string[] }[] = [
  { name: /^lit(\/|$)/, only: ['plugin/ui/'] },
  {
    name: /^(@babylonjs\/|three(\/|$)|@mkkellogg\/)/,
    only: ['plugin/hosts/', 'samples/'],
  },
  {
    name: /^comlink$/,
    only: [
      'workers/entry.ts',
      'workers/models/model-entry.ts',
      'plugin/models/',
      'plugin/client.ts',
      'plugin/worker-link.ts',
      'samples/editor/sample',
    ],
  },
  { name: /^onnxruntime/, only: ['workers/models/'] },
  { name: /^@playcanvas\//, only: ['core/formats/'] },
  { name: /^(node:|(webgpu|ws)$)/, only: ['cli/'] },
];

const STATEMENT =
  /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

function importsOf(text: string): Import[] {
  return [...text.matchAll(STATEMENT)].map((m) => ({
    from: m[2] ?? m[3]!,
    // `typeof import('x')` names a type; so does `import type`.
    typeOnly:
      m[1] !== undefined || /typeof\s*$/.test(text.slice(Math.max(0, m.index - 12), m.index)),
  }));
}

const fits = (path: string, prefixes: readonly string[]) =>
  prefixes.some((prefix) => path.startsWith(prefix));

/** One sentence for each import that breaks a rule. */
export function importOffences(files: readonly SourceFile[]): string[] {
  const out: string[] = [];
  for (const { path, text } of files) {
    const rule = RULES.find((r) => path.startsWith(r.prefix));
    for (const { from, typeOnly } of importsOf(text)) {
      const offends = from.startsWith('.')
        ? rule !== undefined && breaks(rule, target(path, from), typeOnly)
        : PACKAGES.some((p) => p.name.test(from) && !typeOnly && !fits(path, p.only));
      if (offends) out.push(`${path} imports ${from}${typeOnly ? ' (types)' : ''}`);
    }
  }
  return out;
}

function target(path: string, from: string): string {
  return posix.join(posix.dirname(path), from.replace(/\?.*$/, ''));
}

function breaks(rule: Rule, to: string, typeOnly: boolean): boolean {
  return !fits(to, rule.may) && !(typeOnly && fits(to, rule.types ?? []));
}
