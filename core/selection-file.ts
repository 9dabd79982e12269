import { SplatmendError } from './errors.ts';
import type { Selection } from './selection.ts';
import { bitsOf, type SplatCloud } from './splat-cloud.ts';

/**
 * Saved selections: JSON, so that a person can see what a file is; the rows as runs. See docs/formats.md.
 * A file belongs to one scene, which it knows by its number of splats and a hash of their centres.
 */
export interface NamedSelection {
  name: string;
  selection: Selection;
}

export const SELECTION_FORMAT = 'splatmend-selections';
const VERSION = 1;
const MAX_SELECTIONS = 1000;
const MAX_NAME = 200;

/** 64 bits of the centres' bits, as 16 hexadecimal digits (two FNV-1a hashes over words, with different starts). */
export function hashPositions(cloud: SplatCloud): string {
  const bits = bitsOf(cloud.positions);
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < bits.length; i++) {
    a = Math.imul(a ^ bits[i]!, 0x01000193);
    // Words end in zeros often: the high bits must come down.
    a ^= a >>> 15;
    b = Math.imul(b ^ bits[i]!, 0x85ebca6b);
    b ^= b >>> 13;
  }
  const hex = (v: number) => (v >>> 0).toString(16).padStart(8, '0');
  return hex(a) + hex(b);
}

/** Lengths of alternating runs, the first of which is not selected (and may be 0). */
function runsOf(selection: Selection): number[] {
  const runs: number[] = [];
  let length = 0;
  let current = 0;
  for (let i = 0; i < selection.length; i++) {
    const value = selection[i] !== 0 ? 1 : 0;
    if (value !== current) {
      runs.push(length);
      length = 0;
      current = value;
    }
    length++;
  }
  if (current === 1) runs.push(length);
  return runs;
}

/**
 * The text of a file with these selections of one scene.
 * @throws SplatmendError `bad-selection` when one is not of the scene's size
 */
export function writeSelections(cloud: SplatCloud, selections: readonly NamedSelection[]): string {
  const written = selections.map(({ name, selection }) => {
    if (selection.length !== cloud.count) {
      throw new SplatmendError(
        'bad-selection',
        `selections: ${JSON.stringify(name.slice(0, MAX_NAME))} has ${selection.length} bytes for ${cloud.count} splats; give one a splat`,
      );
    }
    return { name: name.slice(0, MAX_NAME), runs: runsOf(selection) };
  });
  return `${JSON.stringify({
    format: SELECTION_FORMAT,
    version: VERSION,
    splats: cloud.count,
    positions: hashPositions(cloud),
    selections: written,
  })}\n`;
}

const bad = (why: string) => new SplatmendError('bad-selection', `selections: ${why}`);

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Does this JSON say that it is a file of selections? */
export function isSelectionFile(json: unknown): boolean {
  return isObject(json) && json.format === SELECTION_FORMAT;
}

function readRuns(name: string, runs: unknown, count: number): Selection {
  const where = JSON.stringify(name);
  if (!Array.isArray(runs) || runs.length > count + 1) {
    throw bad(`${where} has no list of runs that fits ${count} splats; the file is damaged`);
  }
  let sum = 0;
  for (const [k, length] of runs.entries()) {
    if (!Number.isInteger(length) || length < (k === 0 ? 0 : 1) || sum + length > count) {
      throw bad(`run ${k} of ${where} does not fit ${count} splats; the file is damaged`);
    }
    sum += length;
  }
  const selection = new Uint8Array(count);
  let at = 0;
  for (const [k, length] of (runs as number[]).entries()) {
    if (k % 2 === 1) selection.fill(1, at, at + length);
    at += length;
  }
  return selection;
}

/**
 * The selections of a parsed file, for the scene that they were made on.
 * @throws SplatmendError `bad-selection` for a damaged file, or one of another scene
 */
export function readSelections(json: unknown, cloud: SplatCloud): NamedSelection[] {
  if (!isObject(json) || json.format !== SELECTION_FORMAT) {
    throw bad(`the file does not say "format": "${SELECTION_FORMAT}"; is it the right file?`);
  }
  if (json.version !== VERSION) {
    throw bad(`version ${JSON.stringify(json.version)} is not ${VERSION}; update Splatmend`);
  }
  if (json.splats !== cloud.count) {
    throw bad(
      `made on a scene of ${JSON.stringify(json.splats)} splats, this one has ${cloud.count}; open the scene it was made on`,
    );
  }
  if (json.positions !== hashPositions(cloud)) {
    throw bad(
      `made on another scene of ${cloud.count} splats (their places differ); open the scene it was made on`,
    );
  }
  const { selections } = json;
  if (!Array.isArray(selections) || selections.length > MAX_SELECTIONS) {
    throw bad(`no list of at most ${MAX_SELECTIONS} selections; the file is damaged`);
  }
  return selections.map((one: unknown) => {
    if (!isObject(one) || typeof one.name !== 'string' || one.name.length > MAX_NAME) {
      throw bad(`a selection has no name of at most ${MAX_NAME} letters; the file is damaged`);
    }
    return { name: one.name, selection: readRuns(one.name, one.runs, cloud.count) };
  });
}
