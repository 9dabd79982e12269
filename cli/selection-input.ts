/** What is selected, from the command line's `--box`, `--sphere` and `--selection`. */
import { SplatmendError } from '../core/errors.ts';
import {
  parseSelectionVolume,
  type Selection,
  type SelectionVolume,
  selectInVolume,
} from '../core/selection.ts';
import { isSelectionFile, readSelections } from '../core/selection-file.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { readJson } from './files.ts';
import { splats } from './splats.ts';

/** A selection that is read but not yet laid on a scene. */
export type SelectionInput =
  | { kind: 'volume'; volume: SelectionVolume; cameras?: unknown[] }
  | { kind: 'rows'; rows: unknown[]; count?: number }
  | { kind: 'saved'; file: unknown };

const numbers = (text: string) => text.split(',').map((t) => (t.trim() === '' ? NaN : Number(t)));

/**
 * `--box CX,CY,CZ,HX,HY,HZ`: centre and half extents along the scene's axes.
 * @throws SplatmendError `bad-option`
 */
export function parseBox(text: string): SelectionVolume {
  const v = numbers(text);
  if (v.length !== 6 || !v.every(Number.isFinite) || !v.slice(3).every((h) => h > 0)) {
    throw new SplatmendError(
      'bad-option',
      `--box ${text}: wants six numbers CX,CY,CZ,HX,HY,HZ (centre, then positive half extents) or a .json file`,
    );
  }
  return parseSelectionVolume({ shape: 'box', center: v.slice(0, 3), halfExtents: v.slice(3) });
}

/**
 * `--sphere CX,CY,CZ,R`.
 * @throws SplatmendError `bad-option`
 */
export function parseSphere(text: string): SelectionVolume {
  const v = numbers(text);
  if (v.length !== 4 || !v.every(Number.isFinite) || !(v[3]! > 0)) {
    throw new SplatmendError(
      'bad-option',
      `--sphere ${text}: wants four numbers CX,CY,CZ,R (centre, then a positive radius)`,
    );
  }
  return parseSelectionVolume({ shape: 'sphere', center: v.slice(0, 3), radius: v[3] });
}

/**
 * Reads a selection from JSON: a whole case.json (its `select`, and its `cameras` if any), the bare
 * volume, an array of row numbers, `{ rows: number[], count?: number }`, or the editor's file of saved selections.
 * @throws SplatmendError `bad-selection`
 */
export function parseSelectionInput(json: unknown): SelectionInput {
  if (Array.isArray(json)) return { kind: 'rows', rows: json };
  if (typeof json !== 'object' || json === null) {
    throw new SplatmendError(
      'bad-selection',
      'selection: not an object with `select`, `shape` or `rows`, and not an array of row numbers',
    );
  }
  if (isSelectionFile(json)) return { kind: 'saved', file: json };
  const o = json as { select?: unknown; cameras?: unknown; rows?: unknown; count?: unknown };
  if (Array.isArray(o.rows)) {
    return {
      kind: 'rows',
      rows: o.rows,
      ...(typeof o.count === 'number' ? { count: o.count } : {}),
    };
  }
  if (o.select === undefined) return { kind: 'volume', volume: parseSelectionVolume(json) };
  return {
    kind: 'volume',
    volume: parseSelectionVolume(o.select),
    ...(Array.isArray(o.cameras) ? { cameras: o.cameras } : {}),
  };
}

/**
 * Reads whichever of the three flags was given.
 * @throws SplatmendError `bad-option` unless exactly one is; `bad-selection`; `not-readable`
 */
export async function readSelectionInput(flags: {
  box?: string;
  sphere?: string;
  selection?: string;
}): Promise<SelectionInput> {
  const given = [flags.box, flags.sphere, flags.selection].filter((v) => v !== undefined);
  if (given.length !== 1) {
    throw new SplatmendError(
      'bad-option',
      given.length === 0
        ? 'remove: nothing is selected; give --box, --sphere or --selection'
        : 'remove: give only one of --box, --sphere and --selection',
    );
  }
  if (flags.sphere !== undefined) return { kind: 'volume', volume: parseSphere(flags.sphere) };
  if (flags.box !== undefined && !/\.json$/i.test(flags.box)) {
    return { kind: 'volume', volume: parseBox(flags.box) };
  }
  return parseSelectionInput(await readJson(given[0]!, 'bad-selection'));
}

/** All that the file's selections hold: which of several is meant cannot be said on the command line. */
function unionOfSaved(cloud: SplatCloud, file: unknown): Selection {
  const union = new Uint8Array(cloud.count);
  for (const { selection } of readSelections(file, cloud)) {
    for (let i = 0; i < union.length; i++) if (selection[i] !== 0) union[i] = 1;
  }
  return union;
}

/**
 * The selection on this scene.
 * @throws SplatmendError `bad-selection` when a row is not one of the scene's, or the file is another scene's
 */
export function selectOn(cloud: SplatCloud, input: SelectionInput): Selection {
  if (input.kind === 'volume') return selectInVolume(cloud, input.volume);
  if (input.kind === 'saved') return unionOfSaved(cloud, input.file);
  if (input.count !== undefined && input.count !== cloud.count) {
    throw new SplatmendError(
      'bad-selection',
      `selection: made on a scene of ${splats(input.count)}, this one has ${cloud.count}; is it the right scene?`,
    );
  }
  const selection = new Uint8Array(cloud.count);
  for (const row of input.rows) {
    if (!Number.isInteger(row) || (row as number) < 0 || (row as number) >= cloud.count) {
      throw new SplatmendError(
        'bad-selection',
        `selection: ${JSON.stringify(row)} is not a row of this scene (0 to ${cloud.count - 1})`,
      );
    }
    selection[row as number] = 1;
  }
  return selection;
}
