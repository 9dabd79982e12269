// Accepts: requests run one after another in their order, each made from what is there when its turn comes;
// a failed one is told and holds up nothing, a cancelled one is not told.
import { expect, test } from 'vitest';
import { SplatmendError } from '../../../core/errors.ts';
import type { Mender } from '../../../plugin/mender-types.ts';
import { createRequestQueue } from '../../../plugin/tools/request-queue.ts';
import type { ToolRequest } from '../../../plugin/tools/tool-types.ts';

function setUp(fail: Record<number, Error> = {}) {
  const log: string[] = [];
  const failures: unknown[] = [];
  let running = 0;
  const mender = {
    async select({ volume }: { volume: { radius: number } }) {
      expect(++running).toBe(1);
      log.push(`begin ${volume.radius}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      log.push(`end ${volume.radius}`);
      if (fail[volume.radius]) throw fail[volume.radius];
      return 0;
    },
  } as unknown as Mender;
  const queue = createRequestQueue(
    mender,
    () => log.push('told'),
    (e) => failures.push(e),
  );
  const request = (radius: number): ToolRequest => ({
    shape: { kind: 'volume', volume: { shape: 'sphere', center: [0, 0, 0], radius } },
    mode: 'set',
  });
  return { queue, log, failures, request };
}

test('one after another, each made in its turn', async () => {
  const { queue, log, request } = setUp();
  let radius = 1;
  const first = queue.ask(() => request(radius));
  const second = queue.ask(() => request(radius));
  expect(queue.waiting).toBe(2);
  await first;
  expect(queue.waiting).toBe(1);
  radius = 2;
  await second;
  // The second was made when the first was done: before the test went on.
  expect(log).toEqual(['begin 1', 'end 1', 'told', 'begin 1', 'end 1', 'told']);
  await queue.ask(() => request(radius));
  expect(log.at(-2)).toBe('end 2');
});

test('failures are told, cancels are not, and the next goes on', async () => {
  const cancelled = new SplatmendError('cancelled', 'select: cancelled; do it again');
  const broken = new Error('broken');
  const { queue, log, failures, request } = setUp({ 1: broken, 2: cancelled });
  await Promise.all([1, 2, 3].map((r) => queue.ask(() => request(r))));
  expect(failures).toEqual([broken]);
  expect(log.at(-2)).toBe('end 3');
  expect(queue.waiting).toBe(0);
});

test('closed, it asks nothing more', async () => {
  const { queue, log, request } = setUp();
  const asked = queue.ask(() => request(1));
  queue.close();
  await asked;
  expect(log).toEqual(['told']);
});
