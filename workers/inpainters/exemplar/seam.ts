/** Takes the brightness step out of the hole's rim: patches over the rim also predict known pixels outside it. */
import { KNOWN } from '../harmonic.ts';
import { smoothAlongRim, spreadRimErrors } from '../membrane.ts';
import { CHANNELS, type Level } from './level.ts';
import type { Matcher } from './matcher.ts';
import { vote } from './vote.ts';

/** Adds the correction to the hole's colours in `level.data`. @param limit largest change a channel */
export function correctSeam(level: Level, matcher: Matcher, limit: number): void {
  const { width, height, data, state, targets } = level;
  const rim = targets.filter((t) => state[t] === KNOWN);
  if (rim.length === 0) return;
  const predicted = new Float32Array(data.length);
  vote(level, matcher, rim, predicted, 0);
  const errors = new Float32Array(rim.length * 3);
  for (let k = 0; k < rim.length; k++) {
    const i = rim[k]! * CHANNELS;
    for (let c = 0; c < 3; c++) errors[k * 3 + c] = data[i + c]! - predicted[i + c]!;
  }
  const known = { width, height, hole: level.holePixels, rim, errors };
  const values = spreadRimErrors({ ...known, errors: smoothAlongRim(known, limit) });
  for (const i of level.holePixels) {
    for (let c = 0; c < 3; c++) data[i * CHANNELS + c]! += values[i * 3 + c]!;
  }
}
