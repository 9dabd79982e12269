// Accepts: distances equal brute force to float32 rounding (1e-6 relative), on random masks (seed 3) of every
// density, on pictures one pixel wide, and Infinity when nothing is set.
import { expect, test } from 'vitest';
import { distanceTo } from '../../core/distance.ts';
import { createMask, type Mask } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';

function bruteForce(mask: Mask): number[] {
  const { width, height, data } = mask;
  return Array.from(data, (_, i) => {
    let best = Number.POSITIVE_INFINITY;
    for (let j = 0; j < data.length; j++) {
      if (data[j] === 0) continue;
      const dx = (i % width) - (j % width);
      const dy = Math.floor(i / width) - Math.floor(j / width);
      best = Math.min(best, Math.hypot(dx, dy));
    }
    return best;
  }).slice(0, width * height);
}

test.each([
  [17, 11, 0.5],
  [23, 9, 0.05],
  [31, 1, 0.1],
  [1, 20, 0.2],
  [12, 30, 0.01],
  [8, 8, 1],
])('%d × %d with a share of %d set', (width, height, share) => {
  const random = createRandom(3);
  const mask = createMask(width, height);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = random() < share ? 1 : 0;
  mask.data[Math.floor(random() * mask.data.length)] = 1;
  const found = distanceTo(mask).data;
  bruteForce(mask).forEach((d, i) => {
    expect(Math.abs(found[i]! - d)).toBeLessThanOrEqual(1e-6 * (1 + d));
  });
});

test('nothing set: Infinity everywhere', () => {
  expect([...distanceTo(createMask(4, 3)).data]).toEqual(Array(12).fill(Number.POSITIVE_INFINITY));
});
