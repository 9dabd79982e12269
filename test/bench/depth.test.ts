/**
 * Accepts: what the depth benches read, hide, count and show is right on cases small enough to work out by hand.
 * Masks from seeds 1 to 12. Figures are compared to 1e-6, exact ones exactly.
 */
import { describe, expect, it } from 'vitest';
import { bestMedianWorst, compare, type Sample, sheetOf } from '../../bench/depth/compare.ts';
import { growthRows, loosestWithin } from '../../bench/depth/growth.ts';
import { harmonicDepth } from '../../bench/depth/harmonic.ts';
import { randomMask } from '../../bench/depth/masks.ts';
import { GUIDED, OURS } from '../../bench/depth/methods.ts';
import { planeDepth } from '../../bench/depth/plane.ts';
import { openPythonBaselines, PYTHON_METHODS, pythonProblem } from '../../bench/depth/python.ts';
import { rimFigures } from '../../bench/depth/rim.ts';
import { addScore, emptyScore, figuresOf } from '../../bench/depth/score.ts';
import { changedKnown } from '../../bench/depthlab.ts';
import { createRandom } from '../../core/random.ts';

describe('scores', () => {
  it('counts inside the mask only, where there is truth', () => {
    const score = emptyScore();
    const truth = Float32Array.of(2, 2, 0, 4, 1);
    const mask = Uint8Array.of(1, 1, 1, 1, 0);
    // Off by 10 % and by half; no truth; exact; not in the mask.
    const own = addScore(score, truth, mask, Float32Array.of(2.2, 1, 7, 4, 9), 30);
    expect(own).toBeCloseTo(0.6 / 3, 6);
    const figures = figuresOf(score);
    expect(figures.absRel).toBeCloseTo(20, 5);
    expect(figures.delta1).toBeCloseTo((100 * 2) / 3, 9);
    expect(figures.rmse).toBeCloseTo(Math.sqrt((0.04 + 1) / 3), 6);
    expect(figures.mae).toBeCloseTo(1.2 / 3, 6);
    expect(figures.msPerSample).toBe(30);
  });
  it('takes a pixel without an answer for an error of the method', () => {
    const add = (z: number) =>
      addScore(emptyScore(), Float32Array.of(1), Uint8Array.of(1), Float32Array.of(z), 0);
    for (const z of [0, -1, Number.NaN, Infinity])
      expect(() => add(z)).toThrow('pixel 0 has depth');
  });
  it('sees a known depth whose bits changed, and one that has changed its sign of zero or is not a number', () => {
    const known = { width: 4, height: 1, data: Uint8Array.of(1, 1, 1, 0) };
    const given = Float32Array.of(1, 0, Number.NaN, 5);
    expect(changedKnown(known, given, Float32Array.of(1, 0, Number.NaN, 6))).toBe(0);
    expect(changedKnown(known, given, Float32Array.of(1.0000001, -0, Number.NaN, 5))).toBe(2);
  });
});

describe('randomMask', () => {
  it.each([0.1, 0.5])('covers about a share of %f, the same for the same seed', (share) => {
    for (let seed = 1; seed <= 12; seed++) {
      const mask = randomMask(320, 240, share, createRandom(seed));
      const covered = mask.reduce((sum, v) => sum + v, 0) / mask.length;
      expect(covered).toBeGreaterThanOrEqual(share);
      // One more disc or rectangle than needed is at most 0.35² of the shorter side's square.
      expect(covered).toBeLessThan(share + 0.1);
      const again = randomMask(320, 240, share, createRandom(seed));
      expect(Buffer.compare(mask, again)).toBe(0);
    }
    const two = [1, 2].map((seed) => randomMask(320, 240, share, createRandom(seed)));
    expect(Buffer.compare(two[0]!, two[1]!)).not.toBe(0);
  });
});

/** One pixel to fill a sample, whose truth is 1; ours says 1 + error. */
async function* samplesOf(errors: number[]): AsyncGenerator<Sample> {
  for (const [k, error] of errors.entries()) {
    const image = { width: 1, height: 1 };
    yield {
      id: `s${k}`,
      truth: Float32Array.of(1),
      counted: Uint8Array.of(1),
      problem: {
        depth: { ...image, data: Float32Array.of(error) },
        known: { ...image, data: Uint8Array.of(0) },
        rgb: { ...image, data: Float32Array.of(0, 0, 0) },
      },
    };
  }
}

describe('the sheet', () => {
  it('shows best, median and worst of any number of samples', async () => {
    const errors = Array.from({ length: 151 }, (_, k) => ((k * 47) % 151) / 1000 + 0.01);
    const all = {
      [GUIDED]: () => Float32Array.of(2),
      [OURS]: async (problem: Sample['problem']) => Float32Array.of(1 + problem.depth.data[0]!),
      slow: () => ({ depth: Float32Array.of(3), seconds: 2 }),
    };
    const { notes, figures } = await compare(samplesOf(errors), all);
    const chosen = bestMedianWorst(notes.map((note) => note.absRel[OURS]!));
    const sorted = [...errors].sort((a, b) => a - b);
    expect(chosen.map((k) => errors[k])).toEqual([sorted[0], sorted[75], sorted[150]]);
    const sheet = await sheetOf(samplesOf(errors), all, chosen);
    for (const [row, k] of chosen.entries()) {
      expect(sheet[row]!.ours[0]! - 1).toBeCloseTo(errors[k]!, 6);
      expect(sheet[row]!.baseline[0]).toBe(2);
    }
    expect(notes[3]).toMatchObject({ id: 's3', countedPercent: 100 });
    expect(notes[3]!.absRel[OURS]).toBeCloseTo(100 * errors[3]!, 4);
    expect(figures.slow).toMatchObject({
      msPerSample: 2000,
      absRel: 200,
      delta1: 0,
      rmse: 2,
      mae: 2,
    });
  });
  it('shows what there is of one or two', () => {
    expect(bestMedianWorst([5])).toEqual([0]);
    expect(bestMedianWorst([5, 3])).toEqual([1, 0]);
  });
});

/** 1/z of a plane over the picture, metres. */
const plane = (x: number, y: number) => 1 / (0.4 + 0.002 * x - 0.001 * y);

/** A plane with a square hole, and known pixels elsewhere. */
function holedPlane(width = 40, height = 30) {
  const truth = Float32Array.from({ length: width * height }, (_, i) =>
    plane(i % width, Math.floor(i / width)),
  );
  const mask = Uint8Array.from(truth, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= 14 && x < 26 && y >= 9 && y < 21 ? 1 : 0;
  });
  const image = { width, height };
  return {
    truth,
    mask,
    problem: {
      depth: { ...image, data: truth.map((z, i) => (mask[i] ? 0 : z)) },
      known: { ...image, data: mask.map((m) => 1 - m) },
      wanted: { ...image, data: mask },
    },
  };
}
const largestError = (truth: Float32Array, found: Float32Array) =>
  truth.reduce((worst, z, i) => Math.max(worst, Math.abs(found[i]! - z) / z), 0);

describe('baselines', () => {
  it('continue a plane', () => {
    const { truth, problem } = holedPlane();
    expect(largestError(truth, planeDepth(problem))).toBeLessThan(1e-4);
    expect(largestError(truth, harmonicDepth(problem, 0.06))).toBeLessThan(1e-4);
  });
});

describe('rimFigures', () => {
  const { truth, mask } = holedPlane();
  const side = { width: 40, height: 30, data: mask };
  it('finds nothing where a plane goes on, and the step and the bend where it does not', () => {
    const on = rimFigures({ ...side, data: truth }, side, side);
    expect(on.count).toBe(48);
    expect(on.step95).toBeLessThan(1e-3);
    expect(on.bend95).toBeLessThan(1e-3);
    // Filled 10 % nearer: a step of 10 % of the inverse depth.
    const stepped = rimFigures(
      { ...side, data: truth.map((z, i) => (mask[i] ? z / 1.1 : z)) },
      side,
      side,
    );
    expect(stepped.stepMedian).toBeGreaterThan(9);
    expect(stepped.step95).toBeLessThan(11);
    expect(stepped.bend95).toBeLessThan(0.1);
    // Flat inside: its slope of 0.002 in about 0.43 is gone, along rows.
    const flat = rimFigures(
      { ...side, data: truth.map((z, i) => (mask[i] ? 2.4 : z)) },
      side,
      side,
    );
    expect(flat.bend95).toBeGreaterThan(0.4);
  });
  it('tells what known depth itself does', () => {
    const known = { ...side, data: mask.map((m) => 1 - m) };
    const own = rimFigures({ ...side, data: truth }, undefined, known);
    expect(own.count).toBeGreaterThan(500);
    expect(own.step95).toBeLessThan(1e-3);
  });
});

describe('growth', () => {
  it('gives the exponent between sizes and over all, and passes over sizes without a time', () => {
    const at = (size: string, pixels: number, seconds: number) => ({ size, pixels, seconds });
    const rows = growthRows('x', [
      at('a', 10, 1),
      at('b', 20, Number.NaN),
      at('c', 40, 4),
      at('d', 80, 16),
    ]);
    expect(rows.map(({ from, to }) => `${from}${to}`)).toEqual(['ac', 'cd', 'ad']);
    expect(rows.map((row) => row.exponent)).toEqual([1, 2, expect.closeTo(4 / 3, 9)]);
    expect(growthRows('x', [at('a', 10, 1)])).toEqual([]);
  });
  it('finds the loosest rung that does, from either side', async () => {
    const measure = async (rung: number) => ({ seconds: 1 / rung, error: rung });
    const upTo = (limit: number, start: number) =>
      loosestWithin([1, 2, 3, 4, 5], start, measure, (error) => error <= limit);
    expect((await upTo(4, 2)).best?.rung).toBe(4);
    expect((await upTo(4, 2)).tried.map((t) => t.rung)).toEqual([3, 4, 5]);
    expect((await upTo(1, 2)).best?.rung).toBe(1);
    expect((await upTo(9, 2)).best?.rung).toBe(5);
    expect((await upTo(0, 2)).best).toBeUndefined();
  });
});

const PYTHON = process.env.PYTHON ?? 'python3';
const lacking = pythonProblem(PYTHON, ['numpy', 'scipy', 'cv2']);
if (lacking !== undefined) console.log(`Python baselines are not tested: ${lacking}`);

describe('Python baselines', () => {
  it('say what keeps a Python from being used', () => {
    expect(() => openPythonBaselines('no-such-python')).toThrow(
      'give the name or path of a Python 3',
    );
    // A Node is a program that runs, but no Python.
    expect(pythonProblem(process.execPath, ['cv2'])).toContain('does not run');
  });
  it.skipIf(lacking !== undefined)('complete a plane; known depths bit for bit', async () => {
    const { truth, mask, problem } = holedPlane();
    const python = openPythonBaselines(PYTHON);
    try {
      for (const [name, method] of Object.entries(PYTHON_METHODS)) {
        const { depth, seconds } = await python.complete(method, problem);
        expect(seconds, name).toBeGreaterThan(0);
        expect(changedKnown(problem.known, truth, depth), name).toBe(0);
        // OpenCV's inpainting does not continue slopes; the others are exact for a plane.
        expect(largestError(truth, depth), name).toBeLessThan(
          name.startsWith('OpenCV') ? 0.1 : 1e-4,
        );
        expect(mask.every((m, i) => m === 0 || depth[i]! > 0)).toBe(true);
      }
      const harmonic = harmonicDepth(problem, 0.06);
      const laplace = await python.complete('laplace', problem);
      expect(largestError(harmonic, laplace.depth)).toBeLessThan(1e-5);
    } finally {
      python.close();
    }
  });
  it.skipIf(lacking !== undefined)('pass on what went wrong, and go on', async () => {
    const { problem } = holedPlane();
    const python = openPythonBaselines(PYTHON);
    try {
      await expect(python.complete('none', problem)).rejects.toThrow('KeyError');
      expect((await python.complete('linear', problem)).depth.length).toBe(1200);
    } finally {
      python.close();
    }
  });
});
