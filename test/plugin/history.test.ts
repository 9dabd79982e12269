// Accepts: bits, nothing less. Clouds of random bits (seeds below), NaN payloads among them.
import { describe, expect, test } from 'vitest';
import { applyPatch } from '../../core/patch.ts';
import { createRandom } from '../../core/random.ts';
import type { SplatPatch } from '../../core/remove-types.ts';
import { takeSplats } from '../../core/splat-cloud.ts';
import { createHistory, editBytes } from '../../plugin/history.ts';
import { firstDifference, randomBitsCloud } from '../support/clouds.ts';

function randomPatch(count: number, share: number, added: number, seed: number): SplatPatch {
  const random = createRandom(seed);
  const removed = Uint32Array.from([...Array(count).keys()].filter(() => random() < share));
  return { removed, added: randomBitsCloud(added, 2, seed + 100) };
}

describe('history', () => {
  test('undo restores the cloud bit for bit, redo does the edit again bit for bit; three deep', () => {
    const history = createHistory();
    const states = [randomBitsCloud(500, 2, 1)];
    for (let k = 0; k < 3; k++) {
      const now = states[k]!;
      states.push(history.apply(now, randomPatch(now.count, 0.2, 30 + k, k + 5), `edit ${k}`));
    }
    let cloud = states[3]!;
    for (const k of [2, 1, 0]) {
      const step = history.undo(cloud)!;
      expect(step.edit.label).toBe(`edit ${k}`);
      expect(firstDifference(step.cloud, states[k]!)).toBeUndefined();
      cloud = step.cloud;
    }
    expect(history.undo(cloud)).toBeUndefined();
    for (const k of [1, 2, 3]) {
      cloud = history.redo(cloud)!.cloud;
      expect(firstDifference(cloud, states[k]!)).toBeUndefined();
    }
    expect(history.redo(cloud)).toBeUndefined();
  });

  test('survivors come out bit for bit, in their order', () => {
    const before = randomBitsCloud(300, 3, 9);
    const patch = { removed: Uint32Array.of(0, 1, 5, 150, 299), added: randomBitsCloud(7, 3, 10) };
    const after = applyPatch(before, patch);
    const gone = new Set(patch.removed);
    const kept = [...Array(300).keys()].filter((i) => !gone.has(i));
    const survivors = takeSplats(after, [...kept.keys()]);
    expect(firstDifference(survivors, takeSplats(before, kept))).toBeUndefined();
  });

  test.each([
    ['first and last rows', Uint32Array.of(0, 499), 5],
    ['nothing added', Uint32Array.of(3, 4, 5), 0],
    ['nothing removed', new Uint32Array(0), 12],
    ['all but one', Uint32Array.from({ length: 499 }, (_, i) => i + 1), 3],
  ])('edge: %s', (_name, removed, added) => {
    const history = createHistory();
    const before = randomBitsCloud(500, 0, 21);
    const after = history.apply(before, { removed, added: randomBitsCloud(added, 0, 22) }, 'x');
    expect(after.count).toBe(500 - removed.length + added);
    expect(firstDifference(history.undo(after)!.cloud, before)).toBeUndefined();
  });

  test('a new edit drops what could have been redone', () => {
    const history = createHistory();
    const before = randomBitsCloud(100, 2, 3);
    const after = history.apply(before, randomPatch(100, 0.1, 4, 1), 'a');
    history.undo(after);
    expect(history.canRedo).toBe(true);
    history.apply(before, randomPatch(100, 0.1, 4, 2), 'b');
    expect(history.canRedo).toBe(false);
  });

  test('memory is bounded: the oldest edits go first, the newest always stays', () => {
    const first = randomBitsCloud(400, 2, 31);
    const probe = createHistory();
    const edit = probe.undo(probe.apply(first, randomPatch(400, 0.25, 20, 1), 'probe'))!.edit;
    const limit = editBytes(edit) * 2.5;
    const history = createHistory(limit);
    let cloud = first;
    const states = [cloud];
    for (let k = 0; k < 6; k++) {
      cloud = history.apply(cloud, randomPatch(cloud.count, 0.25, 20, k + 40), `${k}`);
      states.push(cloud);
      expect(history.bytes).toBeLessThanOrEqual(limit);
    }
    let undone = 0;
    for (let step = history.undo(cloud); step; step = history.undo(cloud)) {
      cloud = step.cloud;
      undone++;
      expect(firstDifference(cloud, states[6 - undone]!)).toBeUndefined();
    }
    expect(undone).toBeGreaterThanOrEqual(1);
    expect(undone).toBeLessThan(6);
    const tiny = createHistory(1);
    const after = tiny.apply(first, randomPatch(400, 0.25, 20, 1), 'large');
    expect(firstDifference(tiny.undo(after)!.cloud, first)).toBeUndefined();
  });
});
