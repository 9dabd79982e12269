/** Manifests that users write as JSON: each field is checked, and named where it is wrong. */
import { SplatmendError } from '../../core/errors.ts';
import type { DepthManifest } from './depth-manifest.ts';
import type { InpaintManifest } from './inpaint-manifest.ts';

const bad = (what: string) =>
  new SplatmendError('bad-option', `manifest: ${what}; see docs/models.md`);

type Fields = Record<string, unknown>;

/** An object with no other fields than these. */
function fieldsOf(value: unknown, at: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(`${at} is not an object`);
  }
  const other = Object.keys(value).find((key) => !allowed.includes(key));
  if (other !== undefined) throw bad(`${at} has ${other.slice(0, 60)}, which means nothing`);
  return value as Fields;
}

function text(value: unknown, at: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= 200) return value;
  throw bad(`${at} is not a name`);
}

function oneOf<T extends string>(value: unknown, at: string, among: readonly T[]): T {
  if (among.includes(value as T)) return value as T;
  throw bad(`${at} is ${JSON.stringify(value)?.slice(0, 60)}; it is one of ${among.join(', ')}`);
}

function number(value: unknown, at: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw bad(`${at} is not a finite number`);
}

function whole(value: unknown, at: string, least: number, most: number): number {
  const n = number(value, at);
  if (Number.isInteger(n) && n >= least && n <= most) return n;
  throw bad(`${at} is ${n}; it is a whole number from ${least} to ${most}`);
}

function numbers(value: unknown, at: string, count: number): number[] {
  if (!Array.isArray(value) || value.length !== count) throw bad(`${at} is not ${count} numbers`);
  return value.map((v, i) => number(v, `${at}[${i}]`));
}

/** Two numbers that differ. */
function range(value: unknown, at: string): [number, number] {
  const [low, high] = numbers(value, at, 2) as [number, number];
  if (low === high) throw bad(`${at} is twice the same number`);
  return [low, high];
}

const MOST_SIDE = 4096;
const LAYOUTS = ['nchw', 'nhwc'] as const;
const TYPES = ['float32', 'float16', 'uint8'] as const;

function picture(value: unknown, at: string): InpaintManifest['image'] {
  const f = fieldsOf(value, at, ['name', 'layout', 'type', 'range', 'mean', 'std']);
  const triple = (v: unknown, name: string) =>
    numbers(v, `${at}.${name}`, 3) as [number, number, number];
  const std = f.std === undefined ? undefined : triple(f.std, 'std');
  if (std?.includes(0)) throw bad(`${at}.std has a 0`);
  return {
    name: text(f.name, `${at}.name`),
    layout: oneOf(f.layout ?? 'nchw', `${at}.layout`, LAYOUTS),
    type: oneOf(f.type ?? 'float32', `${at}.type`, TYPES),
    range: range(f.range ?? [0, 1], `${at}.range`),
    ...(f.mean === undefined ? {} : { mean: triple(f.mean, 'mean') }),
    ...(std === undefined ? {} : { std }),
  };
}

function size(value: unknown): InpaintManifest['size'] {
  const f = fieldsOf(value, 'size', ['width', 'height', 'multiple', 'least', 'most']);
  if (f.multiple === undefined) {
    return {
      width: whole(f.width, 'size.width', 8, MOST_SIDE),
      height: whole(f.height, 'size.height', 8, MOST_SIDE),
    };
  }
  const multiple = whole(f.multiple, 'size.multiple', 1, 1024);
  const most = whole(f.most ?? 1024, 'size.most', multiple, MOST_SIDE);
  const least = whole(f.least ?? Math.min(most, 256), 'size.least', 1, most);
  return { multiple, least, most };
}

/** @throws SplatmendError `bad-option` that names the field */
export function readInpaintManifest(json: unknown): InpaintManifest {
  const f = fieldsOf(json, 'it', ['id', 'image', 'mask', 'output', 'size', 'holeColour']);
  const m = fieldsOf(f.mask, 'mask', ['name', 'layout', 'type', 'hole', 'known']);
  const o = fieldsOf(f.output, 'output', ['name', 'layout', 'range']);
  const image = picture(f.image, 'image');
  const hole = number(m.hole ?? 1, 'mask.hole');
  const known = number(m.known ?? 0, 'mask.known');
  if (hole === known) throw bad('mask.hole and mask.known are the same');
  return {
    id: text(f.id ?? 'custom', 'id'),
    image,
    mask: {
      name: text(m.name, 'mask.name'),
      layout: oneOf(m.layout ?? image.layout, 'mask.layout', LAYOUTS),
      type: oneOf(m.type ?? image.type, 'mask.type', TYPES),
      hole,
      known,
    },
    output: {
      name: text(o.name, 'output.name'),
      layout: oneOf(o.layout ?? image.layout, 'output.layout', LAYOUTS),
      range: o.range === 'either' ? 'either' : range(o.range ?? [0, 1], 'output.range'),
    },
    size: size(f.size),
    ...(f.holeColour === undefined ? {} : { holeColour: number(f.holeColour, 'holeColour') }),
  };
}

/** @throws SplatmendError `bad-option` that names the field */
export function readDepthManifest(json: unknown): DepthManifest {
  const f = fieldsOf(json, 'it', ['id', 'image', 'output', 'size']);
  const o = fieldsOf(f.output, 'output', ['name', 'gives']);
  return {
    id: text(f.id ?? 'custom', 'id'),
    image: picture(f.image, 'image'),
    output: {
      name: text(o.name, 'output.name'),
      gives: oneOf(o.gives, 'output.gives', ['inverse', 'depth']),
    },
    size: size(f.size),
  };
}
