// Accepts: which step is next, exactly; the bound is kept but for the newest step. No scene is needed: steps are data.
import { describe, expect, test } from 'vitest';
import { createHistory, stepBytes } from '../../plugin/history.ts';
import type { Step } from '../../plugin/history-types.ts';
import { randomBitsCloud } from '../support/clouds.ts';

const marksStep = (label: string): Step => ({
  label,
  before: { count: 80 },
  after: { count: 80, selected: new Uint8Array(10).fill(3) },
});
const editStep = (label: string): Step => ({
  label,
  before: { count: 80 },
  after: { count: 80 },
  patch: { removed: Uint32Array.of(1, 2, 3), added: randomBitsCloud(3, 2, 1) },
  removedSplats: randomBitsCloud(3, 2, 2),
});

describe('history', () => {
  test('back and forth in order; a new step drops what could be redone', () => {
    const history = createHistory();
    for (const label of ['a', 'b', 'c']) history.record(marksStep(label));
    expect(history.last?.label).toBe('c');
    history.stepBack();
    history.stepBack();
    expect([history.last?.label, history.next?.label, history.done]).toEqual(['a', 'b', 1]);
    history.stepForward();
    expect([history.last?.label, history.next?.label, history.done]).toEqual(['b', 'c', 2]);
    history.record(marksStep('d'));
    expect(history.next).toBeUndefined();
    expect(history.done).toBe(3);
    history.clear();
    expect([history.last, history.next, history.done, history.bytes]).toEqual([
      undefined,
      undefined,
      0,
      0,
    ]);
  });

  test('a step weighs its patch, what it deleted, and its marks: 59 floats a splat of SH 3', () => {
    expect(stepBytes(marksStep('x'))).toBe(10);
    const step = editStep('x');
    // SH degree 2: 14 + 24 floats; the random cloud has extra properties besides.
    const least = 3 * 4 + 2 * 3 * 4 * 38;
    expect(stepBytes(step)).toBeGreaterThanOrEqual(least);
    expect(stepBytes(step)).toBeLessThan(least + 2 * 3 * 64);
  });

  test('memory is bounded: the oldest go first, the newest stays whatever its size', () => {
    const history = createHistory(stepBytes(editStep('x')) * 2.5);
    for (let k = 0; k < 6; k++) {
      history.record(editStep(`${k}`));
      expect(history.bytes).toBeLessThanOrEqual(stepBytes(editStep('x')) * 2.5);
    }
    // Those that fell out still count: a journal has them.
    expect(history.done).toBe(6);
    history.stepBack();
    expect(history.last?.label).toBe('4');
    history.stepBack();
    expect(history.last).toBeUndefined();
    expect(history.done).toBe(4);
    const tiny = createHistory(1);
    tiny.record(editStep('large'));
    expect(tiny.last?.label).toBe('large');
  });

  test('edited: as long as a step that changed splats is done, or fell out done', () => {
    const history = createHistory();
    history.record(marksStep('a'));
    expect(history.edited).toBe(false);
    history.record(editStep('b'));
    history.record(marksStep('c'));
    expect(history.edited).toBe(true);
    history.stepBack();
    expect(history.edited).toBe(true);
    history.stepBack();
    expect(history.edited).toBe(false);
    history.stepForward();
    expect(history.edited).toBe(true);
    history.load([editStep('a'), marksStep('b')], 0);
    expect(history.edited).toBe(false);
    history.stepForward();
    expect(history.edited).toBe(true);
    history.clear();
    expect(history.edited).toBe(false);

    const small = createHistory(1);
    small.record(marksStep('a'));
    small.record(marksStep('b'));
    expect([small.done, small.edited]).toEqual([2, false]);
    small.record(editStep('c'));
    small.record(marksStep('d'));
    small.stepBack();
    expect([small.last, small.edited]).toEqual([undefined, true]);
  });

  test('takes over saved steps, some of them undone', () => {
    const history = createHistory();
    history.load([marksStep('a'), marksStep('b'), marksStep('c')], 1);
    expect([history.last?.label, history.next?.label]).toEqual(['a', 'b']);
    history.stepForward();
    expect([history.last?.label, history.next?.label]).toEqual(['b', 'c']);
  });
});
